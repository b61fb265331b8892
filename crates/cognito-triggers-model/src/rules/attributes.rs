//! A rule for every trigger that sets attributes of users.

use serde_json::{Map, Value};

use crate::{
    json::path,
    route::Route,
    rules::{
        answered::Answered,
        findings::Findings,
        rule::{Rule, rules},
    },
    trigger::LIMITS,
};

/// The limit of AWS's quotas, for the two triggers whose answers set attributes.
pub(super) const RULES: &[Rule] = rules! { Response &[Route::UserMigration, Route::InboundFederation];
    Certain "attribute-too-long" = too_long, LIMITS,
        "The value of an attribute has at most 2,048 bytes by AWS's quotas, and 2,048 characters by AWS's page on inbound federation.",
        "The sign-in fails; Cognito shortens nothing. A value between the two limits gets a warning.",
        effect Fails;
};

/// How long the value of an attribute may be. The quotas count bytes, and the page on inbound federation counts
/// characters.
const LIMIT: usize = 2048;

/// The attributes that an answer sets, and their path.
///
/// `None` if the answer sets none: the map is missing, null, empty or not an object.
pub(super) fn attributes<'a>(answered: &Answered<'a>) -> Option<(&'static str, &'a Map<String, Value>)> {
    let (name, path) = match answered.route {
        Route::InboundFederation => ("userAttributesToMap", "response.userAttributesToMap"),
        _ => ("userAttributes", "response.userAttributes"),
    };
    let map = answered.object(name)?;
    (!map.is_empty()).then_some((path, map))
}

/// Finds values that exceed the limit. A value of more than 2,048 characters exceeds it by either page; a value of more than
/// 2,048 bytes and fewer characters is uncertain.
fn too_long(answered: &Answered<'_>, findings: &mut Findings) {
    let Some((parent, attributes)) = attributes(answered) else {
        return;
    };
    for (name, value) in attributes {
        let value = value.as_str().unwrap_or_default();
        let (bytes, characters) = (value.len(), value.chars().count());
        let path = path::key(parent, name);
        if characters > LIMIT {
            findings.add(path, format!("{characters} characters, {LIMIT} are allowed"));
        } else if bytes > LIMIT {
            findings.add_uncertain(
                path,
                format!(
                    "{characters} characters are {bytes} bytes; AWS's pages disagree whether {LIMIT} bytes or \
                     {LIMIT} characters are allowed"
                ),
            );
        }
    }
}
