//! A rule that every trigger obeys which sets attributes of users.

use serde_json::{Map, Value};

use crate::json::path;
use crate::route::Route;
use crate::rules::{
    answered::Answered,
    findings::Findings,
    rule::{Rule, rules},
};

pub(super) const RULES: &[Rule] = rules! { Response &[Route::UserMigration, Route::InboundFederation];
    Certain "attribute-too-long" = too_long,
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-inbound-federation.html",
        "The value of an attribute has at most 2,048 characters.",
        "The sign-in fails; Cognito shortens nothing.",
        effect Fails;
};

const LIMIT: usize = 2048;

/// The attributes that an answer sets, and where they stand in it.
pub(super) fn attributes<'a>(answered: &Answered<'a>) -> Option<(&'static str, &'a Map<String, Value>)> {
    let (name, place) = match answered.route {
        Route::InboundFederation => ("userAttributesToMap", "response.userAttributesToMap"),
        _ => ("userAttributes", "response.userAttributes"),
    };
    let map = answered.object(name)?;
    (!map.is_empty()).then_some((place, map))
}

fn too_long(answered: &Answered<'_>, findings: &mut Findings) {
    let Some((place, attributes)) = attributes(answered) else {
        return;
    };
    for (name, value) in attributes {
        let length = value.as_str().map_or(0, |text| text.chars().count());
        if length > LIMIT {
            let message = format!("{length} characters, {LIMIT} are allowed");
            findings.add(path::key(place, name), message);
        }
    }
}
