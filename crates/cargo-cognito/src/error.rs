//! The error type of subcommands.

/// The reason why a subcommand can't do its work. Its text is printed after `error:`, and the exit code is 2.
///
/// Subcommands fail for many unrelated reasons, and nothing but the text of the error is ever used, so this is not an
/// enum.
pub(crate) type CommandError = Box<dyn std::error::Error>;
