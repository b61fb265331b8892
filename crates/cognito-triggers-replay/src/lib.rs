#![doc = include_str!("../README.md")]

mod caller;
mod cargo;
mod case;
mod compare;
mod describe;
mod exit;
pub mod flow;
#[cfg(feature = "harness")]
mod harness;
mod human;
mod in_process;
mod json;
mod judge;
mod junit;
#[cfg(feature = "kms")]
pub mod kms;
mod outcome;
pub mod placeholder;
mod process;
mod replay;
mod report;
#[cfg(feature = "kms")]
pub mod seal;
mod several;
mod shown;
mod snippet;
mod target;
mod url;

pub use caller::what_the_caller_sees;
pub use cargo::{BuildError, build};
pub use case::{Approved, Case, CaseError};
pub use compare::{Difference, Mismatch};
pub use describe::{Routes, RoutesError, routes};
#[cfg(feature = "harness")]
pub use harness::each_case;
pub use human::Style;
pub use in_process::InProcess;
pub use outcome::{Outcome, Trouble};
pub use process::Process;
pub use replay::Replay;
pub use report::{Entry, Report, Summary, Verdict};
pub use several::{Several, TwoRoutes};
pub use target::{Call, Log, Reply, Target};
pub use url::{NoUrl, Url};
