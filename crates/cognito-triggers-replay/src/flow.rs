//! Flows: what an app does, call by call, and what Cognito makes of it, trigger by trigger.
//!
//! A [`Flow`] is a file of API calls: sign up, confirm, sign in, answer a challenge. [`Flow::run`] sends the events
//! that Cognito would send for them, in its order, and carries over what the function answered: the attributes of a
//! migrated user reach the next trigger, the private parameters of a challenge come back with the answer to it, a
//! rejection ends the call with the exception that the app would see.
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
//! let run = Flow::named("sign-up").expect("one that is shipped").run(&InProcess::new(triggers(), ())).await;
//! assert!(run.is_good());
//! println!("{run}");
//! # });
//! ```
//!
//! It is a model of Cognito, and a small one: it knows one user, takes every password that a flow calls right for
//! right, and doesn't know the pool's settings. The pool has the triggers that the function routes; one without a
//! route is passed over. Where the order of triggers is disputed, it takes the documented one.

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
