//! The functions of a flow's pool: whatever it invokes goes to the flow's target.
//!
//! The pool keeps its functions for as long as it wants, and a flow only borrows its target. So events go through a channel
//! to the flow, which invokes the target.

use std::time::Duration;

use bytes::Bytes;
use cognito_triggers_pool::{Functions, LambdaError};
use cognito_triggers_targets::BoxFuture;
use tokio::sync::{mpsc, oneshot};

/// What a function answers, or why it doesn't.
pub(super) type Answer = Result<Bytes, LambdaError>;

/// An event that waits for an answer.
pub(super) struct Request {
    pub(super) event: Bytes,
    pub(super) answer: oneshot::Sender<Answer>,
}

/// Sends the events of a pool to a flow.
pub(super) struct ChannelFunctions(pub(super) mpsc::UnboundedSender<Request>);

impl Functions for ChannelFunctions {
    fn invoke<'a>(&'a self, _arn: &'a str, event: Bytes, _limit: Duration) -> BoxFuture<'a, Answer> {
        // Neither end is dropped while a call of the pool waits.
        let gone = || LambdaError::Refused("ServiceException".to_owned());
        Box::pin(async move {
            let (answer, answered) = oneshot::channel();
            self.0.send(Request { event, answer }).map_err(|_| gone())?;
            answered.await.unwrap_or_else(|_| Err(gone()))
        })
    }
}
