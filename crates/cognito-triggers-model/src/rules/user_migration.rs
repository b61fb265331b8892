//! Rules for users who migrate from another directory.
//!
//! The answer describes a user whom Cognito then creates. The source is AWS's page on the [migrate user
//! trigger][page]. `userName` of the event is what the user typed: a user name, an email address or a phone number.
//!
//! [page]: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-migrate-user.html

use serde_json::{Map, Value};

use crate::json::path;
use crate::route::Route;
use crate::rules::{
    answered::{Answered, is_true},
    attributes::attributes,
    findings::Findings,
    rule::{Rule, rules},
};

const PAGE: &str = Route::UserMigration.definition().page;
/// The page with the standard attributes.
const ATTRIBUTES: &str =
    "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html";

/// Most rules need a user: they find nothing if the answer has no attributes, which says that the user doesn't exist.
pub(super) const RULES: &[Rule] = rules! { Response &[Route::UserMigration];
    Certain "migration-without-attributes" = without_attributes, PAGE,
        "A migrated user has attributes; an answer without any says that the user doesn't exist.",
        "The user isn't migrated, and the sign-in fails as for an unknown user.",
        effect Fails;
    Certain "migration-alias-not-kept" = alias_not_kept, PAGE,
        "If the user typed an alias and `username` is another name, the alias attribute holds what was typed.",
        "The migration fails.",
        effect Fails;
    Uncertain "migration-alias-as-user-name" = alias_as_user_name, PAGE,
        "If the user typed an alias, `username` is a unique name of your own.",
        "The migration fails if the address is an alias in this pool; it succeeds if the address is the user name.";
    Uncertain "migration-other-user-name" = other_user_name, PAGE,
        "If the user typed a user name, `username` is left out or repeats it.",
        "Not known; AWS asks for the same name. Right if the typed name is a `preferred_username` alias.";
    Uncertain "migration-without-status" = without_status, PAGE,
        "At a sign-in, `finalUserStatus` is `CONFIRMED` to keep the password that the user typed.",
        "The user is migrated and has to reset the password: the sign-in ends with PasswordResetRequiredException.",
        effect Fails,
        for "Authentication";
    Certain "migration-without-verified-address" = without_verified_address, PAGE,
        "For a forgotten password, the user has a verified email address or phone number.",
        "Cognito can't send the code, and the call fails.",
        effect Fails,
        for "ForgotPassword";
    Certain "migration-sms-mfa-without-phone" = sms_mfa_without_phone, PAGE,
        "`enableSMSMFA` needs a `phone_number`.",
        "The migration fails.",
        effect Fails;
    Uncertain "migration-welcome-without-phone" = welcome_without_phone, PAGE,
        "The welcome message goes by SMS unless `desiredDeliveryMediums` says `EMAIL` or `messageAction` `SUPPRESS`.",
        "The message can't be delivered.";
    Uncertain "migration-unknown-word" = unknown_value, PAGE,
        "`finalUserStatus`, `messageAction` and `desiredDeliveryMediums` hold the values that AWS documents.",
        "Not known; an unknown status probably means `RESET_REQUIRED`.";
    Uncertain "migration-unknown-attribute" = unknown_attribute, ATTRIBUTES,
        "An attribute is one of the standard ones, or its name begins with `custom:`.",
        "The migration fails. For `sub` a report has `Incorrect username or password.`; for an unknown attribute reports differ.";
};

/// The standard attributes of a pool, and `username`.
///
/// `username` isn't one of them, but the answer sets it the same way. Other names need `custom:` before them.
const STANDARD: [&str; 20] = [
    "address",
    "birthdate",
    "email",
    "email_verified",
    "family_name",
    "gender",
    "given_name",
    "locale",
    "middle_name",
    "name",
    "nickname",
    "phone_number",
    "phone_number_verified",
    "picture",
    "preferred_username",
    "profile",
    "updated_at",
    "username",
    "website",
    "zoneinfo",
];

/// The user whom the answer describes.
///
/// `None` if the answer has no attributes, so the user isn't migrated.
fn user<'a>(answered: &Answered<'a>) -> Option<User<'a>> {
    attributes(answered).map(|(path, attributes)| User { path, attributes })
}

/// The user whom an answer describes.
struct User<'a> {
    /// The path of the attributes in the answer.
    path: &'static str,
    /// The attributes, never empty.
    attributes: &'a Map<String, Value>,
}

impl<'a> User<'a> {
    /// An attribute that holds text. `None` if it is missing, empty or not a string.
    fn string(&self, name: &str) -> Option<&'a str> {
        let text = self.attributes.get(name)?.as_str()?;
        (!text.is_empty()).then_some(text)
    }

    /// Whether an address is there and its flag, such as `email_verified`, is true.
    fn is_verified(&self, name: &str, flag: &str) -> bool {
        self.string(name).is_some() && self.attributes.get(flag).is_some_and(is_true)
    }
}

/// The attribute that holds what was typed, if it looks like an alias.
///
/// A plus and digits look like a phone number, and a text with an `@` like an email address. Whether the pool has
/// such an alias isn't known here.
fn alias(typed: &str) -> Option<&'static str> {
    let digits = typed.strip_prefix('+');
    if digits.is_some_and(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())) {
        Some("phone_number")
    } else {
        typed.contains('@').then_some("email")
    }
}

/// What the user typed: the `userName` of the event. Empty if it is missing.
fn typed<'a>(answered: &'a Answered<'_>) -> &'a str {
    answered.event_string("/userName").unwrap_or_default()
}

/// `migration-without-attributes`: an answer with nothing but nulls, empty values and false is as Cognito sent it,
/// and says on purpose that the user doesn't exist.
fn without_attributes(answered: &Answered<'_>, findings: &mut Findings) {
    let says_something = answered.response.values().any(|value| match value {
        Value::Null => false,
        // False is the default.
        Value::Bool(flag) => *flag,
        Value::Array(list) => !list.is_empty(),
        Value::Object(object) => !object.is_empty(),
        Value::Number(_) | Value::String(_) => true,
    });
    if says_something && attributes(answered).is_none() {
        findings.add("response.userAttributes", "the user has no attributes");
    }
}

/// `migration-alias-not-kept`: case makes no difference in the address. What looks like an address may also be a
/// `preferred_username`, which can be an alias as well.
fn alias_not_kept(answered: &Answered<'_>, findings: &mut Findings) {
    let typed = typed(answered);
    if let (Some(user), Some(alias)) = (user(answered), alias(typed))
        && user.string("username").is_some_and(|name| name != typed)
        && ![alias, "preferred_username"]
            .into_iter()
            .filter_map(|name| user.string(name))
            .any(|kept| kept.eq_ignore_ascii_case(typed))
    {
        findings.add(
            path::key(user.path, alias),
            "this isn't what the user typed, the `userName` of the event",
        );
    }
}

/// `migration-alias-as-user-name`: the answer leaves `username` out, or repeats the address that was typed.
fn alias_as_user_name(answered: &Answered<'_>, findings: &mut Findings) {
    let typed = typed(answered);
    if let (Some(user), Some(_)) = (user(answered), alias(typed))
        && user.string("username").is_none_or(|name| name == typed)
    {
        let message = "the typed name looks like an alias, and the answer sets no other name";
        findings.add(path::key(user.path, "username"), message);
    }
}

/// `migration-other-user-name`: the user typed no address, and the answer names another user.
fn other_user_name(answered: &Answered<'_>, findings: &mut Findings) {
    let typed = typed(answered);
    if let Some(user) = user(answered)
        && alias(typed).is_none()
        && !typed.is_empty()
        && user.string("username").is_some_and(|name| name != typed)
    {
        let message = "this isn't the name that the user typed, the `userName` of the event";
        findings.add(path::key(user.path, "username"), message);
    }
}

/// `migration-without-status`: null and absence mean `RESET_REQUIRED`. A status that is set on purpose isn't
/// reported.
fn without_status(answered: &Answered<'_>, findings: &mut Findings) {
    if user(answered).is_some()
        && answered.source_suffix() == "Authentication"
        && answered.field("finalUserStatus").is_none()
    {
        let message = "this is missing: the user has to reset the password; `CONFIRMED` keeps it, and \
                       `RESET_REQUIRED` says that you mean it";
        findings.add("response.finalUserStatus", message);
    }
}

/// `migration-without-verified-address`: Cognito sends the code for the new password there.
fn without_verified_address(answered: &Answered<'_>, findings: &mut Findings) {
    if let Some(user) = user(answered)
        && answered.source_suffix() == "ForgotPassword"
        && !user.is_verified("email", "email_verified")
        && !user.is_verified("phone_number", "phone_number_verified")
    {
        findings.add(user.path, "neither `email` nor `phone_number` is verified");
    }
}

/// `migration-sms-mfa-without-phone`: looks only at answers with attributes.
fn sms_mfa_without_phone(answered: &Answered<'_>, findings: &mut Findings) {
    if answered.is_true("enableSMSMFA")
        && user(answered).is_some_and(|user| user.string("phone_number").is_none())
    {
        findings.add("response.enableSMSMFA", "the user has no `phone_number`");
    }
}

/// `migration-welcome-without-phone`: without `desiredDeliveryMediums` the message goes by SMS.
fn welcome_without_phone(answered: &Answered<'_>, findings: &mut Findings) {
    let mediums = answered.field("desiredDeliveryMediums").and_then(Value::as_array);
    let by_sms = mediums.is_none_or(|mediums| mediums.is_empty() || *mediums == ["SMS"]);
    let is_sent = answered.string("messageAction") != Some("SUPPRESS");
    if let Some(user) = user(answered)
        && is_sent
        && by_sms
        && user.string("phone_number").is_none()
    {
        let message = "the welcome message goes by SMS, and the user has no `phone_number`";
        findings.add("response.desiredDeliveryMediums", message);
    }
}

/// `migration-unknown-word`: AWS documents two statuses, one action and two mediums. Case matters.
fn unknown_value(answered: &Answered<'_>, findings: &mut Findings) {
    let known = [
        ("finalUserStatus", ["CONFIRMED", "RESET_REQUIRED"].as_slice()),
        ("messageAction", &["SUPPRESS"]),
    ];
    for (name, words) in known {
        if answered.string(name).is_some_and(|word| !words.contains(&word)) {
            findings.add(
                path::key("response", name),
                format!("AWS documents {}", words.join(" and ")),
            );
        }
    }
    let mediums = answered.field("desiredDeliveryMediums").and_then(Value::as_array);
    for (index, medium) in mediums.into_iter().flatten().enumerate() {
        if medium
            .as_str()
            .is_some_and(|word| !["EMAIL", "SMS"].contains(&word))
        {
            let path = path::item("response.desiredDeliveryMediums", index);
            findings.add(path, "AWS documents EMAIL and SMS");
        }
    }
}

/// Whether Cognito sets an attribute itself, so that no answer may have it.
fn is_of_cognito(name: &str) -> bool {
    matches!(name, "sub" | "identities") || name.starts_with("cognito:")
}

/// `migration-unknown-attribute`: whether the pool has a custom attribute isn't known here, so any `custom:` name
/// passes.
fn unknown_attribute(answered: &Answered<'_>, findings: &mut Findings) {
    if let Some(user) = user(answered) {
        for name in user.attributes.keys() {
            let message = if is_of_cognito(name) {
                "Cognito sets this attribute itself; leave it out"
            } else if !STANDARD.contains(&name.as_str()) && !name.starts_with("custom:") {
                "this is not a standard attribute; the name of a custom attribute begins with `custom:`"
            } else {
                continue;
            };
            findings.add(path::key(user.path, name), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::rules::{Finding, check, tests::sample};

    /// The findings for a migration of the user with these attributes.
    fn found(typed: &str, attributes: &serde_json::Value) -> Vec<Finding> {
        let mut event = sample("user_migration/authentication");
        event["userName"] = json!(typed);
        let mut answer = event.clone();
        answer["response"] = json!({
            "userAttributes": attributes,
            "finalUserStatus": "CONFIRMED",
            "messageAction": "SUPPRESS",
        });
        check(&event, &answer)
    }

    #[test]
    fn attributes_that_cognito_sets_are_to_be_left_out() {
        for name in ["sub", "identities", "cognito:user_status"] {
            let found = found("emil", &json!({"email": "emil@example.com", name: "1"}));
            let [finding] = &found[..] else {
                panic!("{name}: {found:?}")
            };
            assert_eq!(finding.rule.code, "migration-unknown-attribute");
            assert_eq!(
                finding.message,
                "Cognito sets this attribute itself; leave it out"
            );
        }
    }

    #[test]
    fn an_alias_may_be_a_preferred_user_name() {
        for typed in ["emil@home", "+15555550123"] {
            let attributes = json!({"username": "4711", "preferred_username": typed.to_uppercase(), "email": "emil@example.com"});
            assert_eq!(found(typed, &attributes), [], "{typed}");
            let attributes = json!({"username": "4711", "preferred_username": "emil"});
            let found = found(typed, &attributes);
            assert!(
                found
                    .iter()
                    .any(|finding| finding.rule.code == "migration-alias-not-kept")
            );
        }
    }
}
