//! A handler in the form in which the router keeps it.

use std::{future::Future, marker::PhantomData, sync::Arc};

use cognito_triggers_model::{
    Event, Trigger, answer::Answer, envelope::Received, malformed::ParseEventError,
};

use crate::{
    context::Context,
    error::Result,
    state::{HandlerFuture, SendFuture, State},
};

/// The running call of a handler, up to the answered event.
pub(crate) type AnswerFuture = SendFuture<Result<Answer>>;

/// A handler whose trigger is erased: it parses the event, calls the function and writes the answer.
pub(crate) type ErasedHandler<S> =
    dyn Fn(Context<S>, &Received<'_>) -> Result<AnswerFuture, ParseEventError> + Send + Sync;

/// The handler of one trigger `T` in a [`Router`](crate::Router) with the state `S`, or no handler.
///
/// [`on`] makes one from a function. [`none`](RouteHandler::none) and `Default` are a route without a handler.
pub struct RouteHandler<S, T> {
    handler: Option<Arc<ErasedHandler<S>>>,
    trigger: PhantomData<fn(T)>,
}

impl<S, T> RouteHandler<S, T> {
    /// A route without a handler. Its events go to `otherwise`, or are refused.
    pub const fn none() -> Self {
        Self {
            handler: None,
            trigger: PhantomData,
        }
    }

    /// Whether there is a handler.
    pub fn is_routed(&self) -> bool {
        self.handler.is_some()
    }

    /// The handler, if there is one.
    pub(crate) fn erased(&self) -> Option<&Arc<ErasedHandler<S>>> {
        self.handler.as_ref()
    }
}

impl<S: 'static, T> RouteHandler<S, T> {
    /// The same handler in a router with a larger state, of which `project` takes the part that the handler knows.
    pub(crate) fn map_state<L, P, F>(self, project: &Arc<F>) -> RouteHandler<L, T>
    where
        L: 'static,
        P: Into<Arc<S>>,
        F: Fn(&L) -> P + Send + Sync + 'static,
    {
        let handler = self.handler.map(|handler| -> Arc<ErasedHandler<L>> {
            let project = Arc::clone(project);
            Arc::new(move |context: Context<L>, received: &Received<'_>| {
                handler(context.map(|state| project(state).into()), received)
            })
        });
        RouteHandler {
            handler,
            trigger: PhantomData,
        }
    }
}

impl<S, T> Default for RouteHandler<S, T> {
    fn default() -> Self {
        Self::none()
    }
}

/// Makes a route's handler from a function: `Router { pre_sign_up: on(allow), ..Router::new() }`.
///
/// [`router!`](crate::router!) calls it for you. Use it where a router is built in code, for example when one generic
/// function answers several triggers.
///
/// ```
/// use cognito_triggers::{Context, Event, PreSignUp, Result, Router, pre_sign_up, router::on};
///
/// async fn confirm(_: Context<()>, _: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
///     Ok(pre_sign_up::Response { auto_confirm_user: true, ..Default::default() })
/// }
///
/// let router = Router { pre_sign_up: on(confirm), ..Router::new() };
/// assert!(router.pre_sign_up.is_routed());
/// ```
pub fn on<T, S, F, Fut>(handler: F) -> RouteHandler<S, T>
where
    T: Trigger,
    S: State,
    F: Fn(Context<S>, Event<T>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T::Response>> + HandlerFuture<S::Futures>,
{
    erase(handler)
}

/// [`on`] for any way to say what the future is.
pub(crate) fn erase<T, S, F, Fut, Futures>(handler: F) -> RouteHandler<S, T>
where
    T: Trigger,
    F: Fn(Context<S>, Event<T>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T::Response>> + HandlerFuture<Futures>,
{
    let handler = move |context: Context<S>, received: &Received<'_>| {
        let response = handler(context, Event::from_received(received)?);
        let slot = received.response_slot();
        Ok(response.map_boxed(move |response| {
            let response = response?;
            if T::has_response(&response) {
                Ok(slot.fill(&response)?)
            } else {
                Ok(slot.unchanged())
            }
        }))
    };
    RouteHandler {
        handler: Some(Arc::new(handler)),
        trigger: PhantomData,
    }
}
