//! The words of flow files, and suggestions for unknown words.

use std::collections::BTreeSet;

use cognito_triggers_model::triggers::DEFINITIONS;
use cognito_triggers_pool::{input_members, operations};

use super::parameters::{CLIENT_CREDENTIALS, FEDERATED_SIGN_IN};

/// The fields of a flow.
pub(super) const FLOW: [&str; 6] = ["$schema", "about", "pool", "client", "user", "calls"];

/// The fields of `user`.
pub(super) const USER: [&str; 5] = ["userName", "password", "exists", "attributes", "groups"];

/// The fields of any call. The others depend on the operation.
const ANY_CALL: [&str; 5] = ["call", "expect", "triggers", "fail", "times"];

/// The fields that only some calls have.
pub(super) const SOME_CALLS: [&str; 12] = [
    "input",
    "authFlow",
    "password",
    "code",
    "answer",
    "attributes",
    "clientMetadata",
    "validationData",
    "provider",
    "subject",
    "scopes",
    "claims",
];

/// The fields of `claims`.
pub(super) const CLAIMS: [&str; 2] = ["id", "access"];

/// The names of calls: the operations of the local user pool, and the two that aren't operations.
pub(super) fn calls() -> Vec<&'static str> {
    operations()
        .chain([FEDERATED_SIGN_IN, CLIENT_CREDENTIALS])
        .collect()
}

/// The trigger sources.
pub(super) fn sources() -> BTreeSet<&'static str> {
    let sources = DEFINITIONS.iter().flat_map(|definition| definition.sources);
    sources.map(|source| source.name).collect()
}

/// The fields that a call may have.
pub(super) fn fields(call: &str) -> Vec<&'static str> {
    let some = SOME_CALLS.into_iter().filter(|field| has(call, field));
    ANY_CALL.into_iter().chain(some).collect()
}

/// Whether a call has a field.
fn has(call: &str, field: &str) -> bool {
    let Some(members) = input_members(call) else {
        return match field {
            "provider" | "subject" | "attributes" => call == FEDERATED_SIGN_IN,
            "scopes" | "clientMetadata" => call == CLIENT_CREDENTIALS,
            "claims" => true,
            _ => false,
        };
    };
    let takes = |names: &[&str]| names.iter().any(|name| members.contains(name));
    let (starts, responds) = (
        call.ends_with("InitiateAuth"),
        call.ends_with("RespondToAuthChallenge"),
    );
    match field {
        "input" => true,
        "authFlow" => starts,
        "claims" => starts || responds || call == "GetTokensFromRefreshToken",
        "answer" => responds,
        "password" => starts || responds || takes(&["PreviousPassword"]),
        "code" => responds || takes(&["ConfirmationCode", "Code"]),
        "attributes" => responds || takes(&["UserAttributes"]),
        "clientMetadata" => takes(&["ClientMetadata"]),
        "validationData" => takes(&["ValidationData"]),
        _ => false,
    }
}

/// The known word that was probably meant; `None` if no word is similar.
///
/// Words that differ only in case and `_` come first, then the word with the fewest typos, then one that begins with `word`.
pub(super) fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_ascii_lowercase().replace(['_', '-'], "");
    let wanted = plain(word);
    let typos = wanted.chars().count().div_ceil(4);
    let rank = |known: &str| {
        let known = plain(known);
        let distance = strsim::osa_distance(&known, &wanted);
        let is_beginning = wanted.len() > 3 && known.starts_with(&wanted);
        match (distance <= typos, is_beginning) {
            (true, _) => Some(distance),
            (false, true) => Some(typos + 1),
            (false, false) => None,
        }
    };
    let ranked = known.into_iter().filter_map(|known| Some((rank(known)?, known)));
    ranked.min_by_key(|(rank, _)| *rank).map(|(_, known)| known)
}

/// The end of an error about an unknown word: the one that was probably meant, or all of them.
pub(super) fn instead<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match closest(word, known.clone()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => {
            let known: Vec<_> = known.into_iter().collect();
            format!("it is one of {}", known.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typos_are_recognized() {
        let known = ["tokens", "success", "challenge", "not sent"];
        for (typed, meant) in [
            ("token", Some("tokens")),
            ("Tokens", Some("tokens")),
            ("sucess", Some("success")),
            ("chall", Some("challenge")),
            ("mail", None),
        ] {
            assert_eq!(closest(typed, known), meant, "{typed}");
        }
        assert_eq!(closest("PreSignUp_Signup", sources()), Some("PreSignUp_SignUp"));
        assert_eq!(closest("Signup", calls()), Some("SignUp"));
    }

    #[test]
    fn fields_follow_the_operation() {
        assert!(fields("SignUp").contains(&"validationData"));
        assert!(!fields("ConfirmSignUp").contains(&"validationData"));
        assert!(fields("ConfirmSignUp").contains(&"code"));
        assert!(fields("VerifyUserAttribute").contains(&"code"));
        assert!(fields("AdminRespondToAuthChallenge").contains(&"code"));
        assert!(fields("AdminInitiateAuth").contains(&"authFlow"));
        assert!(fields(CLIENT_CREDENTIALS).ends_with(&["clientMetadata", "scopes", "claims"]));
        assert!(fields(FEDERATED_SIGN_IN).ends_with(&["attributes", "provider", "subject", "claims"]));
        let all: BTreeSet<_> = calls().into_iter().flat_map(fields).collect();
        assert!(SOME_CALLS.iter().all(|field| all.contains(field)));
    }
}
