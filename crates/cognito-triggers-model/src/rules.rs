//! Cognito's rules for an answer: what it refuses, and what it takes without doing what the answer says.
//!
//! Cognito tells little about an answer it doesn't like: `Unrecognizable lambda output` at the best, often nothing at
//! all. [`check`] says it beforehand, rule and place. It reads events and answers as JSON, so it judges the answers
//! of any function, also of one written without this crate:
//!
//! ```
//! use cognito_triggers::rules::{self, Certainty};
//! use serde_json::json;
//!
//! let event = json!({
//!     "version": "1", "triggerSource": "PreSignUp_SignUp", "region": "eu-central-1",
//!     "userPoolId": "eu-central-1_Tr1gg3rs0", "userName": "ana", "callerContext": {},
//!     "request": {"userAttributes": {"phone_number": "+15550100"}},
//!     "response": {"autoConfirmUser": false, "autoVerifyEmail": false, "autoVerifyPhone": false},
//! });
//! let mut answer = event.clone();
//! answer["response"]["autoVerifyEmail"] = true.into();
//!
//! let findings = rules::check(&event, &answer);
//! assert_eq!(findings[0].rule.code, "auto-verify-without-attribute");
//! assert_eq!(findings[0].rule.certainty, Certainty::Certain);
//! assert_eq!(findings[0].path, "response.autoVerifyEmail");
//! ```
//!
//! A unit test asks [`Event::check`]. A function logs what it finds in its own answers as
//! warnings with the target `cognito_triggers::rules`; a log filter that turns the target off turns the checks off.
//!
//! # The rules
//!
#![doc = include_str!("../docs/rules.md")]

mod attributes;
mod check;
mod claims;
mod create_auth_challenge;
mod custom_message;
mod define_auth_challenge;
mod fields;
mod inbound_federation;
mod pre_sign_up;
mod pre_token_generation;
#[cfg(test)]
mod tests;
mod user_migration;
mod verify_auth_challenge_response;
mod whole;

use std::fmt;

use check::{Answered, Findings};
pub use check::{check, check_answer};

use crate::{Event, Source, Trigger, json::path, route::Route};

/// One rule of Cognito for an answer: a row of [`RULES`].
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Rule {
    /// Its name, in kebab case; it stays the same for good.
    pub code: &'static str,
    /// The routes whose answers it holds for; empty if for all that Cognito waits for.
    pub routes: &'static [Route],
    /// How sure it is that an answer which breaks it is wrong.
    pub certainty: Certainty,
    /// What is right, in one sentence.
    pub sentence: &'static str,
    /// What Cognito does with an answer that breaks it, in one sentence.
    pub consequence: &'static str,
    /// What becomes of the call.
    pub effect: Effect,
    /// The error that the caller of Cognito's API gets, where it is known to the letter.
    pub error: Option<&'static str>,
    /// Where it is documented or was reported.
    pub link: &'static str,
    test: Test,
}

/// How sure it is that an answer which breaks a rule is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// It may be right: nobody has documented or measured what Cognito does, or what it does may be what was meant.
    /// A replay warns.
    Uncertain,
    /// Cognito refuses it, ignores it, or gives away what must stay secret. A replay fails.
    Certain,
}

/// What becomes of a call whose answer breaks a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// The call fails.
    Fails,
    /// The call succeeds: Cognito ignores what the answer says, or does it although it shouldn't have been said.
    GoesOn,
    /// Nobody has told.
    Unknown,
}

/// How a rule looks at an answer.
#[derive(Clone, Copy)]
enum Test {
    /// At the whole answer.
    Whole(fn(&check::Whole<'_>, &mut Findings)),
    /// At its `response`.
    Response(fn(&Answered<'_>, &mut Findings)),
}

/// A place where an answer breaks a rule.
///
/// It names fields, claims and challenges, and never quotes a value: what stands there may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// The place in the answer: `response.smsMessage`. A name that isn't made of letters, digits, `_`, `-` and `:`
    /// stands in brackets, `response.userAttributesToMap["https://example.com/role"]`, and so does the number of an
    /// element, `scopesToAdd[0]`. Empty for the answer as a whole.
    pub path: String,
    /// What is wrong there.
    pub message: String,
}

/// All rules, in the order in which they are checked. Listings, explanations and the documentation read this table.
pub static RULES: &[Rule] = &join::<{ count(PARTS) }>(PARTS);

const PARTS: &[&[Rule]] = &[
    whole::RULES,
    fields::RULES,
    pre_sign_up::RULES,
    custom_message::RULES,
    define_auth_challenge::RULES,
    create_auth_challenge::RULES,
    verify_auth_challenge_response::RULES,
    pre_token_generation::RULES,
    pre_token_generation::LATER_RULES,
    claims::RULES,
    claims::V1_RULES,
    claims::LATER_RULES,
    attributes::RULES,
    user_migration::RULES,
    inbound_federation::RULES,
];

const fn count(parts: &[&[Rule]]) -> usize {
    match parts {
        [] => 0,
        [first, rest @ ..] => first.len() + count(rest),
    }
}

#[expect(clippy::indexing_slicing, reason = "it runs when the crate is compiled")]
const fn join<const COUNT: usize>(mut parts: &[&[Rule]]) -> [Rule; COUNT] {
    let mut rules = [whole::RULES[0]; COUNT];
    let mut next = 0;
    while let [part, rest @ ..] = parts {
        let mut row = 0;
        while row < part.len() {
            rules[next] = part[row];
            next += 1;
            row += 1;
        }
        parts = rest;
    }
    rules
}

impl Rule {
    /// Whether the rule holds for the answers of this route.
    pub fn holds_for(&self, route: Route) -> bool {
        self.routes.is_empty() || self.routes.contains(&route)
    }
}

/// Two rules are the same if their codes are.
impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Rule {}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.path.is_empty() {
            "the answer"
        } else {
            &self.path
        };
        write!(f, "{place}: {} ({})", self.message, self.rule.code)
    }
}

impl<T: Trigger> Event<T> {
    /// What Cognito would refuse or ignore if this were the answer to the event; empty if nothing. For unit tests.
    ///
    /// ```
    /// use cognito_triggers::{CustomMessage, Event, custom_message};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let event = Event::<CustomMessage>::from_json(r#"{"triggerSource": "CustomMessage_SignUp"}"#)?;
    /// let response = custom_message::Response {
    ///     sms_message: Some("Welcome!".to_owned()),
    ///     ..Default::default()
    /// };
    /// assert_eq!(event.check(&response)[0].rule.code, "custom-message-without-code");
    /// # Ok(())
    /// # }
    /// ```
    pub fn check(&self, response: &T::Response) -> Vec<Finding> {
        let response = serde_json::to_value(response).unwrap_or_default();
        let event = check::Received {
            source: self.source.as_str(),
            json: check::Json::Bytes(self.raw().as_bytes()),
        };
        T::ROUTE.map_or_else(Vec::new, |route| check::response(route, &event, &response))
    }
}

/// Writes a part of the table: certainty, code, function, source, then what is right and what Cognito does else.
macro_rules! rules {
    ($kind:ident $routes:expr; $(
        $certainty:ident $code:literal = $test:expr, $link:expr, $sentence:expr, $consequence:expr
        $(, effect $effect:ident)? $(, error $error:expr)?;
    )+) => {
        &[$( $crate::rules::Rule {
            code: $code,
            routes: $routes,
            certainty: $crate::rules::Certainty::$certainty,
            sentence: $sentence,
            consequence: $consequence,
            effect: $crate::rules::rules!(@effect $($effect)? $(= $error)?),
            error: $crate::rules::rules!(@optional $($error)?),
            link: $link,
            test: $crate::rules::Test::$kind($test),
        } ),+]
    };
    (@effect) => { $crate::rules::Effect::Unknown };
    (@effect $effect:ident) => { $crate::rules::Effect::$effect };
    (@effect = $error:expr) => { $crate::rules::Effect::Fails };
    (@optional) => { None };
    (@optional $error:expr) => { Some($error) };
}
use rules;
