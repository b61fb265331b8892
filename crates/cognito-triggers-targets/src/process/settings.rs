//! How a process is run.
//!
//! A module of its own, because both the target and its instances read it.

use std::{collections::BTreeMap, ffi::OsString};

/// How a process is run; see the methods of [`Process`](crate::Process).
#[derive(Default)]
pub(crate) struct Settings {
    /// Variables on top of the environment of this process and what Lambda sets.
    pub(crate) environment: BTreeMap<OsString, OsString>,
    /// Whether each call gets a process of its own.
    pub(crate) cold_start: bool,
    /// Whether a call after a failed start tries again.
    pub(crate) retry_start: bool,
    /// How many calls one process takes at a time; `None` for a process for each of them.
    pub(crate) concurrency: Option<usize>,
    /// Whether the process gets this machine's AWS credentials.
    pub(crate) with_aws: bool,
    /// A KMS that must run as long as the processes.
    #[cfg(feature = "kms")]
    pub(crate) kms: Option<std::sync::Arc<cognito_triggers_loopback::kms::LoopbackKms>>,
}
