//! What becomes of events that have no line of their own.

#[doc(inline)]
pub use cognito_triggers_model::triggers::otherwise::{Otherwise, Request, Response, Source};

use crate::{Context, Event};

/// Sends an event back as it was received. For the router's line `otherwise => pass_through`.
///
/// # Errors
/// Never.
pub async fn pass_through<S>(_: Context<S>, _: Event<Otherwise>) -> crate::Result<Response> {
    Ok(Response::default())
}
