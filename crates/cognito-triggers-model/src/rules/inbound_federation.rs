//! Rules for the attributes that reach the pool from an identity provider.
//!
//! An answer names the attributes that go on to the pool, in the provider's names, before the pool's attribute
//! mapping. An empty map changes nothing, and a map with entries drops every attribute that it doesn't name. AWS
//! announced the trigger in 2026, and few real events have been published, so all rules are uncertain.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    json::path,
    route::Route,
    rules::{
        answered::Answered,
        attributes::attributes,
        findings::Findings,
        rule::{Rule, rules},
    },
};

const PAGE: &str = Route::InboundFederation.definition().page;
/// A published test with a real provider, of 2026.
const REPORT: &str = "https://blog.serverworks.co.jp/inbound_federation_trigger";

/// `federation-null` looks for null; the others need a map with entries.
pub(super) const RULES: &[Rule] = rules! { Response &[Route::InboundFederation];
    Uncertain "federation-drops-attributes" = drops_attributes, PAGE,
        "A map with entries names every attribute that should reach the pool; an empty map passes on all attributes.",
        "Cognito drops the attributes that the map doesn't name.";
    Uncertain "federation-without-subject" = without_subject, PAGE,
        "A map with entries has the attribute that the user name comes from, usually `sub`.",
        "The sign-in fails: Cognito can't tell who the user is.";
    Uncertain "federation-pool-attribute" = pool_attribute, REPORT,
        "The sources disagree: AWS's sample returns names of the pool (`custom:…`), while a published report says that only the provider's names arrive.",
        "Either the attribute reaches the pool, or the pool's attribute mapping, which comes after this trigger, doesn't find it.";
    Uncertain "federation-null" = null, PAGE,
        "`userAttributesToMap` is left out or empty to change nothing.",
        "Not known.";
};

/// Claims about the token, not about the user.
///
/// A map without them drops nothing that matters, so they aren't reported.
const OF_TOKEN: [&str; 12] = [
    "acr",
    "amr",
    "at_hash",
    "aud",
    "auth_time",
    "azp",
    "c_hash",
    "exp",
    "iat",
    "iss",
    "jti",
    "nonce",
];

/// The names of the attributes that the provider sent.
///
/// They are read from the decoded ID token, the provider's user info and the SAML response. Facebook sends no ID
/// token, and SAML only `samlResponse`.
fn names<'a>(answered: &'a Answered<'_>) -> BTreeSet<&'a str> {
    ["idToken", "userInfo", "samlResponse"]
        .into_iter()
        .filter_map(|part| answered.event("/request/attributes").get(part)?.as_object())
        .flat_map(|part| part.keys())
        .map(String::as_str)
        .filter(|name| !OF_TOKEN.contains(name))
        .collect()
}

/// `federation-drops-attributes`: names at most five dropped attributes, and the number of the others.
fn drops_attributes(answered: &Answered<'_>, findings: &mut Findings) {
    let Some((path, kept)) = attributes(answered) else {
        return;
    };
    let mut dropped = names(answered)
        .into_iter()
        .filter(|name| !kept.contains_key(*name));
    let some: Vec<_> = dropped.by_ref().take(5).map(|name| path::key("", name)).collect();
    if !some.is_empty() {
        let more = match dropped.count() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        findings.add(path, format!("dropped: {}{more}", some.join(", ")));
    }
}

/// `federation-without-subject`: looks for `sub`, then for `user_id` and `id`. It reports the first one that the
/// provider sent, if the map leaves it out.
fn without_subject(answered: &Answered<'_>, findings: &mut Findings) {
    let Some((path, kept)) = attributes(answered) else {
        return;
    };
    let names = names(answered);
    // The names of the subject; some social providers don't call it `sub`.
    for subject in ["sub", "user_id", "id"] {
        if names.contains(subject) {
            if !kept.contains_key(subject) {
                findings.add(
                    path,
                    format!("`{subject}` is missing; the user name comes from it"),
                );
            }
            return;
        }
    }
}

/// `federation-pool-attribute`: finds names with `custom:` that the provider didn't send.
fn pool_attribute(answered: &Answered<'_>, findings: &mut Findings) {
    let Some((path, kept)) = attributes(answered) else {
        return;
    };
    let names = names(answered);
    for name in kept.keys() {
        if name.starts_with("custom:") && !names.contains(name.as_str()) {
            let message = "this is a name of the pool, as in AWS's sample; a report says that only the provider's names \
                           arrive, so check a real sign-in";
            findings.add(path::key(path, name), message);
        }
    }
}

/// `federation-null`: what Cognito does with null isn't known.
fn null(answered: &Answered<'_>, findings: &mut Findings) {
    if answered
        .response
        .get("userAttributesToMap")
        .is_some_and(Value::is_null)
    {
        findings.add("response.userAttributesToMap", "this is null");
    }
}
