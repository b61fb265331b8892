//! Cognito's rules for answers: what it refuses, and what it accepts but ignores.
//!
//! Cognito says little about an answer that it doesn't accept: `Unrecognizable lambda output` at best, often nothing.
//! [`check`] names the rule and the location before you deploy. It reads events and answers as JSON, so it can check the
//! answers of any function, including one written without this crate:
//!
//! ```
//! use cognito_triggers::model::rules::{self, Certainty};
//! use serde_json::json;
//!
//! let event = json!({
//!     "version": "1", "triggerSource": "PreSignUp_SignUp", "region": "eu-central-1",
//!     "userPoolId": "eu-central-1_Tr1gg3rs0", "userName": "ana", "callerContext": {},
//!     "request": {"userAttributes": {"phone_number": "+15550100"}},
//!     "response": {"autoConfirmUser": false, "autoVerifyEmail": false, "autoVerifyPhone": false},
//! });
//! let mut answer = event.clone();
//! answer["response"]["autoConfirmUser"] = true.into();
//! answer["response"]["autoVerifyEmail"] = true.into();
//!
//! let findings = rules::check(&event, &answer);
//! assert_eq!(findings[0].rule.code, "auto-verify-without-attribute");
//! assert_eq!(findings[0].rule.certainty, Certainty::Certain);
//! assert_eq!(findings[0].path, "response.autoVerifyEmail");
//! ```
//!
//! In a unit test, call [`Event::check`](crate::event::Event::check). A deployed function logs the findings in its own
//! answers as warnings with the target `cognito_triggers::rules`; a log filter that turns the target off turns the checks
//! off.
//!
//! # The rules
//!
#![doc = include_str!("../docs/rules.md")]

mod answered;
mod attributes;
mod check;
mod claims;
mod create_auth_challenge;
mod custom_message;
mod define_auth_challenge;
mod fields;
mod findings;
mod inbound_federation;
mod outcome;
mod pre_sign_up;
mod pre_token_generation;
mod request;
mod rule;
mod table;
#[cfg(test)]
mod tests;
mod user_migration;
mod verify_auth_challenge_response;
mod whole;

pub use check::{check, check_answer};
pub use outcome::{AnswerOutcome, answer_outcome};
pub use rule::{Certainty, Effect, Finding, Rule};
pub use table::RULES;
