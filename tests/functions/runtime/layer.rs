//! A layer that answers pings itself, and logs what it sees of every other call.

use std::{future::Future, pin::Pin, task};

use cognito_triggers::{
    function::Refusal,
    layer::{Answer, LambdaEvent, Payload, TriggerInfo},
};
use tower::Service;

/// What stands in front of the function.
#[derive(Clone)]
pub(crate) struct Observed<N>(pub(crate) N);

impl<N> Service<LambdaEvent<Payload>> for Observed<N>
where
    N: Service<LambdaEvent<Payload>, Response = Answer, Error = Refusal>,
    N::Future: Send + 'static,
{
    type Response = Answer;
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Answer, Refusal>> + Send>>;

    fn poll_ready(&mut self, cx: &mut task::Context<'_>) -> task::Poll<Result<(), Refusal>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, event: LambdaEvent<Payload>) -> Self::Future {
        let bytes = event.payload.as_bytes().len();
        let Some(info) = TriggerInfo::of(&event.payload) else {
            return Box::pin(async { Ok(Answer::from_json(&"warm").unwrap()) });
        };
        let call = self.0.call(event);
        Box::pin(async move {
            let result = call.await;
            let outcome = match &result {
                Ok(_) => "Answered",
                Err(refusal) => refusal.error_type().as_str(),
            };
            println!(
                "layer: {bytes} bytes, {}, {:?}, {outcome}",
                info.source, info.route
            );
            result
        })
    }
}
