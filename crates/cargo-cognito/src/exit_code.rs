//! The exit codes of the command, which its help documents.
//!
//! Scripts and CI depend on them: a new kind of failure gets one of these codes.

/// Every case is as approved, every event was answered or refused.
pub(crate) const SUCCESS: u8 = 0;

/// A case is not as approved, an event got no answer, or a flow failed.
pub(crate) const FAILURE: u8 = 1;

/// Wrong arguments, a missing file, or a binary that doesn't compile.
pub(crate) const ERROR: u8 = 2;

/// A signal ended the command: 128 and the number of SIGINT, as shells have it.
pub(crate) const INTERRUPTED: u8 = 130;
