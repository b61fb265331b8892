//! Rules for the text of custom messages.

use crate::{
    json::path,
    route::Route,
    rules::{
        answered::Answered,
        findings::Findings,
        rule::{Rule, rules},
    },
};

const PAGE: &str = Route::CustomMessage.definition().page;
const LIMITS: &str = "https://docs.aws.amazon.com/cognito/latest/developerguide/limits.html";

pub(super) const RULES: &[Rule] = rules! { Response &[Route::CustomMessage];
    Certain "custom-message-without-code" = without_code, PAGE,
        "A message contains the placeholder of its code, `{####}`; an email about a sign-up may have that of a link, `{##…##}`, instead.",
        "Cognito refuses the message, or sends its own: reports differ.";
    Uncertain "custom-message-link-for-code" = link_for_code,
        "https://github.com/aws-amplify/amplify-flutter/issues/4540",
        "A link `{##…##}` confirms a sign-up; for everything else Cognito sends a code, also in a pool that verifies by link.",
        "Reported for attributes: the message has no working link.";
    Certain "custom-message-without-user-name" = without_user_name, PAGE,
        "A message to a user whom an administrator created contains `{username}` and `{####}`.",
        "Cognito refuses the message, or sends its own: reports differ.",
        for "AdminCreateUser";
    Certain "custom-message-too-long" = too_long, LIMITS,
        "An SMS message and a subject have at most 140 characters, an email 20,000, the code included.",
        "Cognito refuses the message.",
        effect Fails;
    Uncertain "custom-message-empty" = empty,
        "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/521",
        "A message has text; null selects the template of the pool.",
        "Reported: the call fails with `InvalidParameterException: The message is empty.`";
};

/// The fields with a body.
const BODIES: [&str; 2] = ["smsMessage", "emailMessage"];

/// The bodies that the answer sets, with their paths.
fn bodies<'a>(answered: &Answered<'a>) -> impl Iterator<Item = (String, &'a str)> {
    BODIES
        .into_iter()
        .filter_map(|name| Some((path::key("response", name), answered.string(name)?)))
}

/// Whether a text has a placeholder: the one that Cognito usually sends, or the one of this event.
fn has(text: &str, usual: &str, pointer: &str, answered: &Answered<'_>) -> bool {
    let own = answered.event_string(pointer);
    text.contains(usual) || own.is_some_and(|own| text.contains(own))
}

fn has_code(text: &str, answered: &Answered<'_>) -> bool {
    has(text, "{####}", "/request/codeParameter", answered)
}

/// Whether a text has the placeholder for a link, whatever its words.
fn has_link(text: &str) -> bool {
    text.split_once("{##")
        .is_some_and(|(_, rest)| !rest.starts_with("##}") && rest.contains("##}"))
}

/// Whether a link can take the place of the code: it confirms a sign-up, and nothing else.
fn confirms_by_link(answered: &Answered<'_>) -> bool {
    matches!(answered.source_suffix(), "SignUp" | "ResendCode")
}

fn without_code(answered: &Answered<'_>, findings: &mut Findings) {
    for (place, text) in bodies(answered) {
        let by_link = place.ends_with("emailMessage") && has_link(text) && confirms_by_link(answered);
        if !by_link && !has_code(text, answered) {
            findings.add(
                place,
                "the placeholder for the code is missing: `request.codeParameter`, `{####}`",
            );
        }
    }
}

fn link_for_code(answered: &Answered<'_>, findings: &mut Findings) {
    for (place, text) in bodies(answered) {
        if has_link(text) && !(place.ends_with("emailMessage") && confirms_by_link(answered)) {
            findings.add(place, "Cognito sends a code here, not a link: write `{####}`");
        }
    }
}

fn without_user_name(answered: &Answered<'_>, findings: &mut Findings) {
    if answered.source_suffix() != "AdminCreateUser" {
        return;
    }
    for (place, text) in bodies(answered) {
        if !has(text, "{username}", "/request/usernameParameter", answered) {
            let message =
                "the placeholder for the user name is missing: `request.usernameParameter`, `{username}`";
            findings.add(place, message);
        }
    }
}

fn too_long(answered: &Answered<'_>, findings: &mut Findings) {
    for (name, limit) in [
        ("smsMessage", 140),
        ("emailMessage", 20_000),
        ("emailSubject", 140),
    ] {
        // A code is as long as its placeholder: six characters.
        let length = answered.string(name).map_or(0, |text| text.chars().count());
        if length > limit {
            let message = format!("{length} characters, {limit} are allowed");
            findings.add(path::key("response", name), message);
        }
    }
}

fn empty(answered: &Answered<'_>, findings: &mut Findings) {
    for name in ["smsMessage", "emailMessage", "emailSubject"] {
        if answered.string(name).is_some_and(|text| text.trim().is_empty()) {
            findings.add(
                path::key("response", name),
                "this is empty; null selects the template of the pool",
            );
        }
    }
}
