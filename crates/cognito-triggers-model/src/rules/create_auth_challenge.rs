//! Rules for a custom challenge: what the app may see of it.
//!
//! Cognito sends `publicChallengeParameters` to the app, and `privateChallengeParameters` only to the verify trigger.
//! So a secret that is in both is no secret. The rules compare values, because the names are the function's own.

use serde_json::{Map, Value};

use crate::json::path;
use crate::route::Route;
use crate::rules::{
    answered::Answered,
    findings::Findings,
    rule::{Rule, rules},
};

const PAGE: &str = Route::CreateAuthChallenge.definition().page;

/// Both rules report the public parameter, and name the private one that it repeats. The value itself is never
/// printed.
pub(super) const RULES: &[Rule] = rules! { Response &[Route::CreateAuthChallenge];
    Certain "create-answer-in-public" = answer_in_public, PAGE,
        "The correct answer is in the private parameters only.",
        "Cognito sends it to the app: anyone who asks for the challenge gets the answer.",
        effect Succeeds;
    Uncertain "create-private-in-public" = private_in_public, PAGE,
        "Public parameters don't repeat private ones.",
        "Cognito sends them to the app. That is right for a challenge to sign, and wrong for a secret.";
};

/// Common names of an answer: the last word of `code`, `expectedAnswer` and `otp_code`.
///
/// A private parameter with such a name is taken for the correct answer.
const ANSWERS: [&str; 6] = ["answer", "code", "otp", "pin", "password", "secret"];

/// Words that make a code something other than an answer: `country_code`, `errorCode`.
const OTHER_CODES: [&str; 9] = [
    "area", "country", "currency", "dial", "error", "language", "postal", "status", "zip",
];

/// `create-answer-in-public`: the private value has the name of an answer, and the public value has it as separate words.
fn answer_in_public(answered: &Answered<'_>, findings: &mut Findings) {
    repeated(answered, findings, |name, repeat| {
        is_answer(name) && repeat == Repeat::AsWords
    });
}

/// `create-private-in-public`: all other repetitions, which may be intended or a coincidence.
fn private_in_public(answered: &Answered<'_>, findings: &mut Findings) {
    repeated(answered, findings, |name, repeat| {
        !is_answer(name) || repeat == Repeat::WithinWord
    });
}

/// How a public value repeats a private one.
#[derive(Clone, Copy, PartialEq)]
enum Repeat {
    /// As the whole value, or as words of it.
    AsWords,
    /// Between other letters and digits, possibly by chance.
    WithinWord,
}

/// Reports public parameters that repeat a private one, if `counts` says so.
///
/// Each public parameter is reported once, with the first private one that counts. Values that aren't strings are
/// skipped.
fn repeated(answered: &Answered<'_>, findings: &mut Findings, counts: impl Fn(&str, Repeat) -> bool) {
    let parameters = |name| answered.object(name).into_iter().flat_map(texts);
    for (public, shown) in parameters("publicChallengeParameters") {
        let repeats =
            |(name, hidden): &(&str, &str)| repeat(shown, hidden).is_some_and(|repeat| counts(name, repeat));
        if let Some((private, _)) = parameters("privateChallengeParameters").find(repeats) {
            let private = path::key("privateChallengeParameters", private);
            findings.add(
                path::key("response.publicChallengeParameters", public),
                format!("this repeats `{private}`, and the app can see it"),
            );
        }
    }
}

/// The entries of a map whose values are strings.
fn texts(map: &Map<String, Value>) -> impl Iterator<Item = (&str, &str)> {
    map.iter()
        .filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
}

/// Whether a name is that of an answer: its last word is one of `ANSWERS`, and the word before doesn't change the
/// meaning.
fn is_answer(name: &str) -> bool {
    let mut words = words(name).into_iter().rev();
    let is_one = words.next().is_some_and(|last| ANSWERS.contains(&last.as_str()));
    is_one
        && words
            .next()
            .is_none_or(|before| !OTHER_CODES.contains(&before.as_str()))
}

/// The words of a name in camel, snake or kebab case, lowercased.
///
/// Digits and symbols separate words too, so `password2` and `secret-1` each give one word.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for c in name.chars() {
        if !c.is_alphabetic() || (c.is_uppercase() && was_small) {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphabetic(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
        was_small = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether and how a value repeats a secret. A short secret within a word doesn't count.
///
/// A secret of fewer than four characters counts only as the whole value: shorter ones occur in other texts by
/// chance.
fn repeat(text: &str, secret: &str) -> Option<Repeat> {
    if secret.is_empty() {
        return None;
    }
    if text == secret {
        return Some(Repeat::AsWords);
    }
    if secret.chars().count() < 4 {
        return None;
    }
    let is_separate = |(index, _): (usize, &str)| {
        let (before, from) = text.split_at(index);
        let after = from.get(secret.len()..).unwrap_or_default();
        let is_part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !is_part(before.chars().next_back()) && !is_part(after.chars().next())
    };
    let mut occurrences = text.match_indices(secret).peekable();
    occurrences.peek()?;
    Some(if occurrences.any(is_separate) {
        Repeat::AsWords
    } else {
        Repeat::WithinWord
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_known_by_the_last_word_of_its_name() {
        for name in [
            "code",
            "expectedAnswer",
            "otp_code",
            "PIN",
            "secret-1",
            "loginOTP",
            "password2",
        ] {
            assert!(is_answer(name), "{name}");
        }
        for name in [
            "codeLength",
            "country_code",
            "errorCode",
            "shipping",
            "answeredAt",
            "",
            "postal-code",
        ] {
            assert!(!is_answer(name), "{name}");
        }
    }

    #[test]
    fn a_secret_as_a_separate_word_counts() {
        assert!(repeat("Your code: 481516.", "481516") == Some(Repeat::AsWords));
        assert!(repeat("481516", "481516") == Some(Repeat::AsWords));
        assert!(repeat("+4915512345", "1551") == Some(Repeat::WithinWord));
        assert!(repeat("6", "6") == Some(Repeat::AsWords) && repeat("16", "6").is_none());
        assert!(repeat("anything", "").is_none() && repeat("é481516é", "4815").is_some());
    }
}
