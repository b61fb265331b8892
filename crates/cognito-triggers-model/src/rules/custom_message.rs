//! Rules for the text of custom messages.
//!
//! The function never sees a code. It writes a placeholder, and Cognito replaces it when it sends the message.

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

const PAGE: &str = Route::CustomMessage.definition().page;

/// A field that is null breaks none of these rules: Cognito then uses the template of the pool.
pub(super) const RULES: &[Rule] = rules! { Response &[Route::CustomMessage];
    Certain "custom-message-without-code" = without_code, PAGE,
        "A message contains the placeholder of its code, `{####}`; an email about a sign-up may have that of a link, `{##…##}`, instead.",
        "Cognito refuses the message, or sends its own: reports differ.";
    Uncertain "custom-message-link-for-code" = link_for_code,
        "https://github.com/aws-amplify/amplify-flutter/issues/4540",
        "A link `{##…##}` confirms a sign-up; for everything else Cognito sends a code, even in a pool that verifies by link.",
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
///
/// `emailSubject` isn't one: it needs no placeholder.
const BODIES: [&str; 2] = ["smsMessage", "emailMessage"];

/// The bodies that the answer sets, with their paths.
fn bodies<'a>(answered: &Answered<'a>) -> impl Iterator<Item = (String, &'a str)> {
    BODIES
        .into_iter()
        .filter_map(|name| Some((path::key("response", name), answered.string(name)?)))
}

/// Whether a text has a placeholder: the usual one, or the one of this event.
///
/// `usual` is the placeholder in captured events, such as `{####}`. `pointer` is where the event names its own, as a
/// JSON pointer; a placeholder that is null or empty doesn't count.
fn has_placeholder(text: &str, usual: &str, pointer: &str, answered: &Answered<'_>) -> bool {
    let own = answered.event_string(pointer);
    text.contains(usual) || own.is_some_and(|own| text.contains(own))
}

/// Whether a text has the placeholder for the code.
fn has_code(text: &str, answered: &Answered<'_>) -> bool {
    has_placeholder(text, "{####}", "/request/codeParameter", answered)
}

/// Whether a text has the placeholder for a link, whatever its words.
///
/// The form is `{##Click here##}`. `{####}` is the placeholder for a code, not a link without words.
fn has_link(text: &str) -> bool {
    text.split_once("{##")
        .is_some_and(|(_, rest)| !rest.starts_with("##}") && rest.contains("##}"))
}

/// Whether a link can replace the code. It can only confirm a sign-up.
///
/// Even in a pool that verifies by link, an attribute update gets a code, as measured.
fn confirms_by_link(answered: &Answered<'_>) -> bool {
    matches!(answered.source_suffix(), "SignUp" | "ResendCode")
}

/// `custom-message-without-code`: looks at both bodies. A link in an email about a sign-up is accepted instead of the
/// code.
fn without_code(answered: &Answered<'_>, findings: &mut Findings) {
    for (path, text) in bodies(answered) {
        let by_link = path.ends_with("emailMessage") && has_link(text) && confirms_by_link(answered);
        if !by_link && !has_code(text, answered) {
            findings.add(
                path,
                "the placeholder for the code is missing: `request.codeParameter`, `{####}`",
            );
        }
    }
}

/// `custom-message-link-for-code`: finds links in SMS messages, and in emails about something other than a sign-up.
fn link_for_code(answered: &Answered<'_>, findings: &mut Findings) {
    for (path, text) in bodies(answered) {
        if has_link(text) && !(path.ends_with("emailMessage") && confirms_by_link(answered)) {
            findings.add(path, "Cognito sends a code here, not a link: write `{####}`");
        }
    }
}

/// `custom-message-without-user-name`: only events of `CustomMessage_AdminCreateUser` have a placeholder for the user
/// name.
fn without_user_name(answered: &Answered<'_>, findings: &mut Findings) {
    if answered.source_suffix() != "AdminCreateUser" {
        return;
    }
    for (path, text) in bodies(answered) {
        if !has_placeholder(text, "{username}", "/request/usernameParameter", answered) {
            let message =
                "the placeholder for the user name is missing: `request.usernameParameter`, `{username}`";
            findings.add(path, message);
        }
    }
}

/// By how many characters Cognito may lengthen a text when it replaces the placeholders.
///
/// Most codes have six digits, as many as `{####}` has characters. A one-time code at a sign-in has eight, and a temporary
/// password has at least eight characters under the default policy: two more. The user name replaces the ten characters of
/// `{username}`; it is often a UUID of 36.
fn growth(text: &str, answered: &Answered<'_>) -> usize {
    let codes = text.matches("{####}").count();
    match answered.source_suffix() {
        "Authentication" => 2 * codes,
        "AdminCreateUser" => {
            let name = answered.event_string("/userName").unwrap_or_default();
            let more = name.chars().count().saturating_sub("{username}".len());
            2 * codes + more * text.matches("{username}").count()
        }
        _ => 0,
    }
}

/// `custom-message-too-long`: counts characters, not bytes. Cognito counts the message with its code.
///
/// Uncertain if only what replaces the placeholders makes the text too long: its length isn't known here.
fn too_long(answered: &Answered<'_>, findings: &mut Findings) {
    for (name, limit) in [
        ("smsMessage", 140),
        ("emailMessage", 20_000),
        ("emailSubject", 140),
    ] {
        let Some(text) = answered.string(name) else {
            continue;
        };
        let length = text.chars().count();
        let sent = length + growth(text, answered);
        let path = path::key("response", name);
        if length > limit {
            findings.add(path, format!("{length} characters, {limit} are allowed"));
        } else if sent > limit {
            let message = format!(
                "{length} characters, and about {sent} with what replaces the placeholders; {limit} are allowed"
            );
            findings.add_uncertain(path, message);
        }
    }
}

/// `custom-message-empty`: a text of whitespace counts as empty.
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::rules::{Certainty, check, tests::sample};

    /// How certain it is that a message of this length, the placeholders included, is too long.
    fn certainty(name: &str, user_name: &str, placeholders: &str, length: usize) -> Option<Certainty> {
        let mut event = sample(name);
        event["userName"] = json!(user_name);
        let mut answer = event.clone();
        let rest = length - placeholders.len();
        answer["response"]["smsMessage"] = json!(format!("{placeholders}{}", "a".repeat(rest)));
        let findings = check(&event, &answer).into_iter();
        let mut found = findings.filter(|finding| finding.rule.code == "custom-message-too-long");
        found.next().map(|finding| finding.certainty)
    }

    #[test]
    fn a_code_at_a_sign_in_may_have_eight_digits() {
        let sign_in = |length| certainty("custom_message/authentication", "ana", "{####}", length);
        assert_eq!(sign_in(138), None);
        assert_eq!(sign_in(139), Some(Certainty::Uncertain));
        assert_eq!(sign_in(141), Some(Certainty::Certain));
        let forgotten = |length| certainty("custom_message/forgot-password", "ana", "{####}", length);
        assert_eq!(forgotten(140), None);
    }

    #[test]
    fn a_user_name_may_be_longer_than_its_placeholder() {
        let invitation = |user_name: &str, length| {
            let name = "custom_message/admin-create-user";
            certainty(name, user_name, "{username} {####}", length)
        };
        let id = "83f4a832-1051-4c0d-b7e6-90ad5b3f7c21";
        assert_eq!(invitation(id, 140 - 28), None);
        assert_eq!(invitation(id, 140 - 27), Some(Certainty::Uncertain));
        assert_eq!(invitation("ana", 138), None);
        assert_eq!(invitation("ana", 139), Some(Certainty::Uncertain));
        assert_eq!(invitation("ana", 141), Some(Certainty::Certain));
    }
}
