//! The handler of events whose route has none.

#[doc(inline)]
pub use cognito_triggers_model::triggers::otherwise::{Otherwise, Request, Response, Source};

use cognito_triggers_model::Event;

use crate::{context::Context, error::Result};

/// Sends an event back as it was received. For the router's line `otherwise => pass_through`.
///
/// To answer a trigger that this library doesn't know yet, write a handler that returns [`Response::json`].
///
/// # Errors
/// Never.
pub async fn pass_through<S>(_: Context<S>, _: Event<Otherwise>) -> Result<Response> {
    Ok(Response::default())
}
