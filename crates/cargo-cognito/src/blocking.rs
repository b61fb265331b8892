//! Blocking work beside the runtime.

use crate::error::CommandError;

/// Runs work that blocks on a thread of its own, so that Ctrl-C is handled in the meantime. Reading a file blocks as
/// well: it may be a FIFO that nothing writes to.
///
/// # Errors
/// Fails if the work panics.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, CommandError> {
    Ok(tokio::task::spawn_blocking(work).await?)
}
