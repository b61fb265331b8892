//! A simulation of many sign-ins at a time, and the tables of `docs/scale.md` that it makes.
//!
//! Time is tokio's, paused: it jumps to the next moment at which something happens, so an hour takes seconds, and what waits
//! is the code that runs on Lambda, above all `Once` with its pauses and marks. Each user is a task. What is random comes
//! from a seed, the user and the step, so two runs that differ in one setting have the same users.
//!
//! | part | stands for |
//! |---|---|
//! | [`random`] | numbers from a seed, and the distributions of times |
//! | [`environments`] | Lambda: environments, the limit of concurrency, the rate at which it grows, cold starts |
//! | [`cognito`] | Cognito: five seconds, and up to three calls |
//! | [`effect`] | a handler that sends a code, with or without `Once` |
//! | [`world`] | the users, and what is counted |
//! | [`quotas`] | what AWS publishes |
//! | [`tables`], [`document`] | the tables, and where they stand in the document |
//!
//! Times are rounded up to whole milliseconds, as tokio's timer does.

pub mod cognito;
pub mod document;
pub mod effect;
pub mod environments;
pub mod quotas;
pub mod random;
pub mod tables;
pub mod world;
