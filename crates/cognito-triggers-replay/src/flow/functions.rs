//! The functions of a flow's pool: whatever it invokes goes to the flow's target.
//!
//! The pool keeps its functions for as long as it wants, and a flow only borrows its target. So events go through a channel
//! to the flow, which invokes the target.

use std::time::Duration;

use bytes::Bytes;
use cognito_triggers_pool::{Functions, LambdaError};
use cognito_triggers_targets::BoxFuture;
use tokio::sync::{mpsc, oneshot};

/// The answer of a function, or the error that Lambda reports to the pool.
///
/// `Ok` holds the bytes of the answer, which may not be JSON.
pub(super) type Answer = Result<Bytes, LambdaError>;

/// An event that waits for an answer.
pub(super) struct Request {
    /// The event as JSON, as Lambda would get it.
    pub(super) event: Bytes,
    /// Takes the answer, once. If the flow drops it, the invocation fails with `ServiceException`.
    pub(super) answer: oneshot::Sender<Answer>,
}

/// Sends the events of a pool to a flow.
pub(super) struct ChannelFunctions(pub(super) mpsc::UnboundedSender<Request>);

impl Functions for ChannelFunctions {
    /// Sends the event to the flow and waits for the answer.
    ///
    /// `_arn` is ignored, because one target stands for all functions. `_limit` is ignored too: the target has its own timeout.
    ///
    /// # Errors
    /// Fails with the error that the flow sends, or with `ServiceException` if the flow has ended.
    fn invoke<'a>(&'a self, _arn: &'a str, event: Bytes, _limit: Duration) -> BoxFuture<'a, Answer> {
        // The flow drops neither channel while a call of the pool waits.
        let flow_ended = || LambdaError::Refused("ServiceException".to_owned());
        Box::pin(async move {
            let (answer, answered) = oneshot::channel();
            self.0.send(Request { event, answer }).map_err(|_| flow_ended())?;
            answered.await.unwrap_or_else(|_| Err(flow_ended()))
        })
    }
}
