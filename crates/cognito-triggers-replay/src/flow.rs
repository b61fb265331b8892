//! Flows: what an app calls, and which triggers Cognito calls for it.
//!
//! A [`Flow`] is a file of API calls: sign up, confirm, sign in, answer a challenge. [`Flow::run`] sends the events that
//! Cognito would send for them, in Cognito's order, and carries the answers over: the attributes of a migrated user reach
//! the next trigger, the private parameters of a challenge come back with the person's response, and a rejection ends the
//! call with the exception that the app would get.
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
//! assert!(run.is_good());
//! println!("{run}");
//! # });
//! ```
//!
//! Behind it is a small model of a user pool: it has one user, believes the flow which password is right, and has no
//! settings. The pool has the triggers that the function routes; a trigger without a route is skipped. Where reports
//! differ on the order of triggers, the documented order is taken.

mod call;
mod diagram;
mod file;
mod mermaid;
mod operations;
mod pool;
mod request;
mod response;
mod run;
mod runner;
mod summary;
mod svg;
#[cfg(test)]
mod tests;
mod text;

pub use call::{Answer, AuthFlow, Call, Operation, Password};
pub use file::{Flow, FlowError, User};
pub use run::{ApiResult, Exchange, Run, Step, TriggerOutcome};
