//! Rules for a custom challenge: what is public about it.

use serde_json::{Map, Value};

use super::{
    Rule,
    check::{Answered, Findings},
    path, rules,
};
use crate::{CreateAuthChallenge, Trigger};

const PAGE: &str = CreateAuthChallenge::DEFINITION.page;

pub(super) const RULES: &[Rule] = rules! { Response &["create_auth_challenge"];
    Certain "create-answer-in-public" = answer_in_public, PAGE,
        "The right answer stands in the private parameters only.",
        "Cognito sends it to the app: whoever asks for the challenge has its answer.";
    Uncertain "create-private-in-public" = private_in_public, PAGE,
        "Public parameters don't repeat private ones.",
        "Cognito sends them to the app. Right for a challenge to be signed, wrong for a secret.";
};

/// Names that people give to what has to be answered.
const ANSWERS: [&str; 6] = ["answer", "code", "otp", "pin", "password", "secret"];

fn answer_in_public(answered: &Answered<'_>, findings: &mut Findings) {
    repeated(answered, true, findings);
}

fn private_in_public(answered: &Answered<'_>, findings: &mut Findings) {
    repeated(answered, false, findings);
}

/// Reports public parameters that repeat a private one which is, by its name, an answer or none.
fn repeated(answered: &Answered<'_>, answers: bool, findings: &mut Findings) {
    let parameters = |name| answered.object(name).into_iter().flat_map(texts);
    for (public, shown) in parameters("publicChallengeParameters") {
        let repeats = |(name, hidden): &(&str, &str)| is_answer(name) == answers && contains(shown, hidden);
        if let Some((private, _)) = parameters("privateChallengeParameters").find(repeats) {
            let private = path::key("privateChallengeParameters", private);
            findings.add(
                path::key("response.publicChallengeParameters", public),
                format!("this repeats `{private}`, and the app gets to see it"),
            );
        }
    }
}

fn texts(map: &Map<String, Value>) -> impl Iterator<Item = (&str, &str)> {
    map.iter()
        .filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
}

fn is_answer(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ANSWERS.iter().any(|answer| name.contains(answer))
}

/// Whether a text gives a secret away. Within other words, one of few characters may be there by chance.
fn contains(text: &str, secret: &str) -> bool {
    !secret.is_empty() && (text == secret || secret.chars().count() >= 4 && text.contains(secret))
}
