//! Spelling mistakes: `PreSignup` for `PreSignUp`, `Functoin` for `Function`.

/// Whether a name is probably meant to be the known one: at most two letters are wrong, missing, added or exchanged.
/// Case makes no difference. Short names have to be closer.
pub(crate) fn is_near(known: &str, written: &str) -> bool {
    let (known, written) = (known.to_lowercase(), written.to_lowercase());
    let allowed = (known.len().max(written.len()) / 4).min(2);
    distance(&known, &written) <= allowed
}

/// How many letters have to be replaced, added or removed to turn one word into the other.
fn distance(one: &str, other: &str) -> usize {
    let mut previous: Vec<usize> = (0..=other.chars().count()).collect();
    for (row, letter) in one.chars().enumerate() {
        let mut left = row + 1;
        let mut current = vec![left];
        for (pair, wanted) in previous.windows(2).zip(other.chars()) {
            if let [diagonal, above] = pair {
                left = (diagonal + usize::from(letter != wanted))
                    .min(above + 1)
                    .min(left + 1);
                current.push(left);
            }
        }
        previous = current;
    }
    previous.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_mistakes_are_recognized() {
        for (known, written) in [
            ("PreSignUp", "PreSignup"),
            ("CustomSMSSender", "CustomSmsSender"),
            ("VerifyAuthChallengeResponse", "VerifyAuthChalengeResponse"),
            ("Function", "Functoin"),
            ("CustomMessage", "CustomMessages"),
        ] {
            assert!(is_near(known, written), "{written}");
        }
        for (known, written) in [
            ("PreSignUp", "PostConfirmation"),
            ("Triggers", "Messages"),
            ("Key", "Kex"),
            ("", "x"),
        ] {
            assert!(!is_near(known, written), "{written}");
        }
    }
}
