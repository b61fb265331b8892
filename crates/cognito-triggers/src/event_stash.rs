//! Keeps events out of the hands of the Lambda runtime's own logging and error texts.
//!
//! `lambda_runtime` writes the whole event into its log at TRACE, and its own words into the error document when an
//! event isn't JSON. So the event is taken out before the runtime looks at it, and given back to the function: the
//! runtime sees a ticket, a number. The function reads the event itself, from the very bytes that came.

use std::{
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use bytes::Bytes;
use cognito_triggers_model::{answer::Answer, payload::Payload};
use lambda_runtime::{
    LambdaEvent, LambdaInvocation,
    tower::{Layer, Service},
};

use crate::{Function, Refusal};

/// Events on their way around the runtime, by their tickets.
#[derive(Clone, Default)]
struct EventStash(Arc<Mutex<Stash>>);

#[derive(Default)]
struct Stash {
    last: u64,
    events: HashMap<u64, Bytes>,
}

impl EventStash {
    fn put(&self, event: Bytes) -> u64 {
        let mut stash = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stash.last += 1;
        let ticket = stash.last;
        stash.events.insert(ticket, event);
        ticket
    }

    fn take(&self, ticket: u64) -> Bytes {
        let mut stash = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stash.events.remove(&ticket).unwrap_or_default()
    }
}

/// The two halves around the runtime's own layers.
pub(crate) fn pair<S>(function: Function<S>) -> (StashEvent, RestoreEvent<S>) {
    let stash = EventStash::default();
    (StashEvent(stash.clone()), RestoreEvent { function, stash })
}

/// Takes the event from an invocation.
pub(crate) struct StashEvent(EventStash);

impl<N> Layer<N> for StashEvent {
    type Service = StashService<N>;

    fn layer(&self, next: N) -> StashService<N> {
        StashService {
            next,
            stash: self.0.clone(),
        }
    }
}

#[derive(Clone)]
pub(crate) struct StashService<N> {
    next: N,
    stash: EventStash,
}

impl<N: Service<LambdaInvocation>> Service<LambdaInvocation> for StashService<N> {
    type Response = N::Response;
    type Error = N::Error;
    type Future = N::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), N::Error>> {
        self.next.poll_ready(cx)
    }

    fn call(&mut self, mut invocation: LambdaInvocation) -> N::Future {
        let event = std::mem::take(&mut invocation.body);
        invocation.body = self.stash.put(event).to_string().into();
        self.next.call(invocation)
    }
}

/// Gives the event back to the function.
pub(crate) struct RestoreEvent<S> {
    function: Function<S>,
    stash: EventStash,
}

impl<S> Clone for RestoreEvent<S> {
    fn clone(&self) -> Self {
        Self {
            function: self.function.clone(),
            stash: self.stash.clone(),
        }
    }
}

impl<S: Send + Sync + 'static> Service<LambdaEvent<u64>> for RestoreEvent<S> {
    type Response = Answer;
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Answer, Refusal>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Refusal>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, event: LambdaEvent<u64>) -> Self::Future {
        let payload = Payload::from(self.stash.take(event.payload));
        self.function.call(LambdaEvent::new(payload, event.context))
    }
}
