//! Spelling mistakes: `PreSignup` for `PreSignUp`, `Functoin` for `Function`.

/// Whether a name is probably meant to be the known one: at most two mistakes, each a letter that is wrong, missing or
/// added, or two neighbors that have changed places. Case makes no difference. Short names have to be closer.
pub(crate) fn is_near(known: &str, written: &str) -> bool {
    let (known, written) = (known.to_lowercase(), written.to_lowercase());
    let allowed = (known.len().max(written.len()) / 4).min(2);
    strsim::osa_distance(&known, &written) <= allowed
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
