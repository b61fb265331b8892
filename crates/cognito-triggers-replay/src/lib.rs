//! Replays events of Amazon Cognito user pools against Lambda triggers, without AWS.
//!
//! A [`Case`] is an event file and the answer that was approved for it. A [`Target`] is what it is run against: the
//! router in this process ([`InProcess`]) or the compiled binary ([`Process`]), which is started against a Lambda
//! Runtime API of our own. Both give the same verdict.
//!
//! ```no_run
//! # use cognito_triggers::{Router, pass_through, router};
//! # fn triggers() -> Router<()> { router! { otherwise => pass_through } }
//! use cognito_triggers_replay::{InProcess, Replay};
//!
//! # async fn test() {
//! Replay::dir("cases").against(InProcess::new(triggers(), ())).await.assert();
//! # }
//! ```

mod cargo;
mod case;
mod compare;
mod describe;
mod human;
mod in_process;
mod outcome;
mod path;
mod process;
mod replay;
mod report;
mod snippet;
mod target;

pub use cargo::{BuildError, build};
pub use case::{Approved, Case, CaseError};
pub use compare::{Difference, Mismatch};
pub use describe::{Routes, RoutesError, routes};
pub use human::Style;
pub use in_process::InProcess;
pub use outcome::{Outcome, Trouble};
pub use process::Process;
pub use replay::Replay;
pub use report::{Entry, Report, Summary, Verdict};
pub use target::{Call, Log, Reply, Target};
