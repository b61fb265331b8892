//! One call through the layers around a function.

use std::{future::poll_fn, task::Poll};

use cognito_triggers_model::{answer::Answer, payload::Payload};
use lambda_runtime::{LambdaEvent, tower::Service};

use crate::{
    catch_panic::catch_panic,
    error::BoxError,
    refusal::{Cause, Refusal},
};

/// Calls the service. A panic or an error of a layer becomes a refusal, and is logged here, because the function within
/// doesn't know of it.
pub(super) async fn call<N>(service: &mut N, event: LambdaEvent<Payload>) -> Result<Answer, Refusal>
where
    N: Service<LambdaEvent<Payload>, Response = Answer>,
    N::Error: Into<BoxError>,
{
    let request_id = event.context.request_id.clone();
    let (refusal, of_function) = match through_layers(service, event).await {
        Ok(Ok(answer)) => return Ok(answer),
        Ok(Err(error)) => {
            let error = error.into();
            let of_function = Refusal::find(&*error).is_some();
            (Refusal::from_layers(error, &request_id), of_function)
        }
        Err(message) => (Refusal::new(Cause::LayerPanic(message), &request_id), false),
    };
    if !of_function {
        tracing::error!(
            outcome = refusal.error_type().as_str(),
            request_id,
            error = refusal.detail(),
            "no answer"
        );
    }
    Err(refusal)
}

/// The outer error is the message of a panic.
async fn through_layers<N>(
    service: &mut N,
    event: LambdaEvent<Payload>,
) -> Result<Result<Answer, N::Error>, String>
where
    N: Service<LambdaEvent<Payload>, Response = Answer>,
{
    let ready = poll_fn(|cx| match catch_panic(|| service.poll_ready(cx)) {
        Ok(poll) => poll.map(Ok),
        Err(message) => Poll::Ready(Err(message)),
    });
    if let Err(error) = ready.await? {
        return Ok(Err(error));
    }
    let mut future = Some(Box::pin(catch_panic(|| service.call(event))?));
    let result = poll_fn(|cx| {
        let Some(future) = &mut future else {
            return Poll::Pending;
        };
        match catch_panic(|| future.as_mut().poll(cx)) {
            Ok(poll) => poll.map(Ok),
            Err(message) => Poll::Ready(Err(message)),
        }
    })
    .await;
    // It may panic when it is dropped, and its result is known by then.
    if let Err(message) = catch_panic(|| drop(future.take())) {
        tracing::error!(
            request_panic = message,
            "a layer panicked while its future was dropped"
        );
    }
    result
}
