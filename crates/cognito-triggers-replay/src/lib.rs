#![doc = include_str!("../README.md")]
// docs.rs says at each item which feature it needs; the toolchain there has the feature.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod case;
mod compare;
mod compared;
mod entry;
#[cfg(feature = "flow")]
pub mod flow;
#[cfg(feature = "harness")]
mod harness;
mod judge;
pub mod placeholder;
mod printer;
#[cfg(feature = "flow")]
pub mod recording;
mod replay;
mod report;
mod verdict;

pub use cognito_triggers_targets as targets;
pub use cognito_triggers_targets::{HttpTarget, InProcess, MultiTarget, Process, Target};

pub use case::{Approved, Case, CaseError, Found};
pub use compare::{Difference, Mismatch};
pub use compared::Compared;
pub use entry::Entry;
#[cfg(feature = "harness")]
pub use harness::each_case;
pub use printer::human::Style;
pub use replay::Replay;
pub use report::{Report, Summary};
pub use verdict::Verdict;
