//! Rules for the words of custom messages.

use crate::json::path;
use crate::route::Route;
use crate::rules::{
    answered::Answered,
    findings::Findings,
    rule::{Rule, rules},
};

const PAGE: &str = Route::CustomMessage.definition().page;
const LIMITS: &str = "https://docs.aws.amazon.com/cognito/latest/developerguide/limits.html";

pub(super) const RULES: &[Rule] = rules! { Response &[Route::CustomMessage];
    Certain "custom-message-without-code" = without_code, PAGE,
        "A message contains the placeholder of its code, `{####}`, or that of a link, `{##…##}`.",
        "The message is refused, or Cognito sends its own: reports differ.";
    Certain "custom-message-without-user-name" = without_user_name, PAGE,
        "A message to a user whom an administrator created contains `{username}` and `{####}`.",
        "The message is refused, or Cognito sends its own: reports differ.";
    Certain "custom-message-too-long" = too_long, LIMITS,
        "A text message and a subject have at most 140 characters, an e-mail 20,000, code included.",
        "The message is refused.",
        effect Fails;
    Uncertain "custom-message-empty" = empty,
        "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/521",
        "A message has words; null leaves the pool's own template in force.",
        "Reported: the call fails with `InvalidParameterException: The message is empty.`";
};

const BODIES: [&str; 2] = ["smsMessage", "emailMessage"];

/// The bodies that the answer gives, with their places.
fn bodies<'a>(answered: &Answered<'a>) -> impl Iterator<Item = (String, &'a str)> {
    BODIES
        .into_iter()
        .filter_map(|name| Some((path::key("response", name), answered.string(name)?)))
}

/// Whether a text has a placeholder: the one that Cognito is known to send, or else the one of this event.
fn has(text: &str, known: &str, pointer: &str, answered: &Answered<'_>) -> bool {
    text.contains(known)
        || answered
            .event_string(pointer)
            .is_some_and(|named| text.contains(named))
}

fn without_code(answered: &Answered<'_>, findings: &mut Findings) {
    for (place, text) in bodies(answered) {
        // Only an e-mail has links.
        let by_link = place.ends_with("emailMessage") && has_link(text) && verifies_by_link(answered);
        if !by_link && !has(text, "{####}", "/request/codeParameter", answered) {
            findings.add(
                place,
                "the placeholder for the code is missing: `request.codeParameter`, `{####}`",
            );
        }
    }
}

/// Whether there is a placeholder for a link; the words in it are free.
fn has_link(text: &str) -> bool {
    text.split_once("{##")
        .is_some_and(|(_, rest)| rest.contains("##}"))
}

/// A link can verify an address, but it can't stand for a temporary password or a code that is typed.
fn verifies_by_link(answered: &Answered<'_>) -> bool {
    !matches!(
        answered.source_suffix(),
        "AdminCreateUser" | "ForgotPassword" | "Authentication"
    )
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
                "this is empty; null means the pool's own words",
            );
        }
    }
}
