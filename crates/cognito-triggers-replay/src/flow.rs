//! Flows: what an app calls, and which triggers Cognito calls for it.
//!
//! A [`Flow`] is a file of API calls: sign up, confirm, sign in, answer a challenge. [`Flow::run`] makes them against a
//! [local user pool](cognito_triggers_pool) in memory, whose triggers are the target: a router in this process, a compiled
//! binary, an endpoint. The pool fires the triggers in Cognito's order, applies the answers, and returns what the app would
//! get.
//!
//! ```
//! use cognito_triggers::{Result, Router, router};
//! use cognito_triggers_replay::{InProcess, flow::Flow};
//!
//! fn triggers() -> Router<()> {
//!     router! { pre_sign_up => async |_, _| Ok(Default::default()) }
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let run = Flow::named("sign-up").expect("an included flow").run(&InProcess::new(triggers(), ())).await;
//! run.assert();
//! println!("{run}");
//! # });
//! ```
//!
//! The pool has the triggers that the function routes; a trigger without a route is skipped. A function that can't be asked
//! for its routes gets events that it can't read, before the first call. Its errors show whether it routes a custom sender, user
//! migration or a later version of token generation.
//!
//! `docs/flows.md` describes the file format, and [`schema`] is its JSON Schema.

mod answer;
mod call;
mod claims;
mod diagram;
mod error;
mod expectation;
mod file;
mod functions;
mod hooks;
mod ids;
mod invoke;
mod mermaid;
mod node;
mod oauth;
mod outcome;
mod parameters;
mod reader;
mod report;
mod run;
mod runner;
mod sandbox;
mod schema;
mod script;
mod sign_in;
mod svg;
#[cfg(test)]
mod tests;
mod text;
mod user;
mod words;

pub use call::Call;
pub use claims::ExpectedClaims;
pub use cognito_triggers_pool::diagram::ApiResult;
pub use error::FlowError;
pub use expectation::Expectation;
pub use outcome::TriggerOutcome;
pub use parameters::{Answer, AuthFlow, CLIENT_CREDENTIALS, FEDERATED_SIGN_IN, Fault, Typed};
pub use report::{summary_json, to_junit};
pub use run::{Exchange, Run, Step};
pub use schema::schema;
pub use script::{Flow, User};
