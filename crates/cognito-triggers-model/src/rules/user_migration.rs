//! Rules for users who are taken over from another directory.

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
const ATTRIBUTES: &str =
    "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html";

pub(super) const RULES: &[Rule] = rules! { Response &[Route::UserMigration];
    Certain "migration-without-attributes" = without_attributes, PAGE,
        "A migrated user has attributes; without any, the answer says that there is no such user.",
        "Nobody is migrated, and the sign-in fails as for an unknown user.",
        effect Fails;
    Certain "migration-alias-not-kept" = alias_not_kept, PAGE,
        "Where an alias was typed and `username` says another name, the alias attribute holds what was typed.",
        "The migration fails.",
        effect Fails;
    Uncertain "migration-alias-as-user-name" = alias_as_user_name, PAGE,
        "Where an alias was typed, `username` is a unique name of your own.",
        "The migration fails if the address is an alias in this pool; where it is the user name, all is well.";
    Certain "migration-without-verified-address" = without_verified_address, PAGE,
        "After a forgotten password the user has a verified e-mail address or phone number.",
        "There is nowhere to send the code, and the call fails.",
        effect Fails;
    Certain "migration-sms-mfa-without-phone" = sms_mfa_without_phone, PAGE,
        "`enableSMSMFA` needs a `phone_number`.",
        "The migration fails.",
        effect Fails;
    Uncertain "migration-welcome-without-phone" = welcome_without_phone, PAGE,
        "The welcome message goes by SMS unless `desiredDeliveryMediums` says `EMAIL` or `messageAction` `SUPPRESS`.",
        "The message has nowhere to go.";
    Uncertain "migration-unknown-word" = unknown_word, PAGE,
        "`finalUserStatus`, `messageAction` and `desiredDeliveryMediums` hold the words that AWS documents.",
        "Not known; an unknown status probably means `RESET_REQUIRED`.";
    Uncertain "migration-unknown-attribute" = unknown_attribute, ATTRIBUTES,
        "An attribute is one of the standard ones, or its name begins with `custom:`.",
        "The migration fails if the pool has no such attribute.";
};

/// What OpenID Connect knows and a pool has, and `username`.
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

/// The migrated user's attributes and their place.
fn user<'a>(answered: &Answered<'a>) -> Option<User<'a>> {
    attributes(answered).map(|(place, attributes)| User { place, attributes })
}

struct User<'a> {
    place: &'static str,
    attributes: &'a Map<String, Value>,
}

impl<'a> User<'a> {
    fn text(&self, name: &str) -> Option<&'a str> {
        let text = self.attributes.get(name)?.as_str()?;
        (!text.is_empty()).then_some(text)
    }

    fn is_verified(&self, name: &str, flag: &str) -> bool {
        self.text(name).is_some() && self.attributes.get(flag).is_some_and(is_true)
    }
}

/// The attribute that holds what was typed, if it looks like an alias.
fn alias(typed: &str) -> Option<&'static str> {
    let digits = typed.strip_prefix('+');
    if digits.is_some_and(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())) {
        Some("phone_number")
    } else {
        typed.contains('@').then_some("email")
    }
}

fn without_attributes(answered: &Answered<'_>, findings: &mut Findings) {
    let says_something = answered.response.values().any(|value| match value {
        Value::Null => false,
        // What Cognito takes for granted says nothing.
        Value::Bool(flag) => *flag,
        Value::Array(list) => !list.is_empty(),
        Value::Object(object) => !object.is_empty(),
        Value::Number(_) | Value::String(_) => true,
    });
    if says_something && attributes(answered).is_none() {
        findings.add("response.userAttributes", "the user has no attributes");
    }
}

fn alias_not_kept(answered: &Answered<'_>, findings: &mut Findings) {
    let typed = answered.event_string("/userName").unwrap_or_default();
    if let (Some(user), Some(alias)) = (user(answered), alias(typed))
        && user.text("username").is_some_and(|name| name != typed)
        && !user
            .text(alias)
            .is_some_and(|kept| kept.eq_ignore_ascii_case(typed))
    {
        findings.add(
            path::key(user.place, alias),
            "this isn't what was typed, `userName` of the event",
        );
    }
}

fn alias_as_user_name(answered: &Answered<'_>, findings: &mut Findings) {
    let typed = answered.event_string("/userName").unwrap_or_default();
    if let (Some(user), Some(_)) = (user(answered), alias(typed))
        && user.text("username").is_none_or(|name| name == typed)
    {
        let message = "what was typed looks like an alias, and the user gets no other name";
        findings.add(path::key(user.place, "username"), message);
    }
}

fn without_verified_address(answered: &Answered<'_>, findings: &mut Findings) {
    if let Some(user) = user(answered)
        && answered.source_suffix() == "ForgotPassword"
        && !user.is_verified("email", "email_verified")
        && !user.is_verified("phone_number", "phone_number_verified")
    {
        findings.add(user.place, "neither `email` nor `phone_number` is verified");
    }
}

fn sms_mfa_without_phone(answered: &Answered<'_>, findings: &mut Findings) {
    if answered.is_true("enableSMSMFA")
        && user(answered).is_some_and(|user| user.text("phone_number").is_none())
    {
        findings.add("response.enableSMSMFA", "the user has no `phone_number`");
    }
}

fn welcome_without_phone(answered: &Answered<'_>, findings: &mut Findings) {
    let mediums = answered.field("desiredDeliveryMediums").and_then(Value::as_array);
    let by_sms = mediums.is_none_or(|mediums| mediums.is_empty() || *mediums == ["SMS"]);
    let is_sent = answered.string("messageAction") != Some("SUPPRESS");
    if let Some(user) = user(answered)
        && is_sent
        && by_sms
        && user.text("phone_number").is_none()
    {
        let message = "the welcome message goes by SMS, and the user has no `phone_number`";
        findings.add("response.desiredDeliveryMediums", message);
    }
}

fn unknown_word(answered: &Answered<'_>, findings: &mut Findings) {
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
            let place = path::item("response.desiredDeliveryMediums", index);
            findings.add(place, "AWS documents EMAIL and SMS");
        }
    }
}

fn unknown_attribute(answered: &Answered<'_>, findings: &mut Findings) {
    if let Some(user) = user(answered) {
        for name in user.attributes.keys() {
            if !STANDARD.contains(&name.as_str()) && !name.starts_with("custom:") {
                let message =
                    "this is no standard attribute; the name of one of your own begins with `custom:`";
                findings.add(path::key(user.place, name), message);
            }
        }
    }
}
