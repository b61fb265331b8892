//! Puts handlers that were written for the types of the crate `aws_lambda_events` into the router, unchanged.

mod challenges;
mod sign_up;
#[cfg(all(test, feature = "testing"))]
mod tests;
mod tokens;

use std::{
    any::Any,
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use ::aws_lambda_events::cognito::{CognitoEventUserPoolsCallerContext, CognitoEventUserPoolsHeader};
use lambda_runtime::{Diagnostic, LambdaEvent};
use serde::de::DeserializeOwned;

use cognito_triggers_model::{Event, Trigger, text_map::TextMap, trigger::Source};

use crate::{
    context::Context,
    error::{BoxError, Error, Result},
};

/// Puts a handler that takes and returns an event of `aws_lambda_events` into the router.
///
/// So a team can move one handler at a time: the handler stays as it was under `lambda_runtime`, and its trigger gets a
/// line in the router.
///
/// ```
/// use aws_lambda_events::cognito::CognitoEventUserPoolsPreSignup;
/// use cognito_triggers::{Router, adapt, router};
/// use lambda_runtime::{Error, LambdaEvent};
///
/// type Sign = CognitoEventUserPoolsPreSignup;
///
/// async fn confirm(mut event: LambdaEvent<Sign>) -> Result<Sign, Error> {
///     event.payload.response.auto_confirm_user = true;
///     Ok(event.payload)
/// }
///
/// let router: Router<()> = router! { pre_sign_up => adapt(confirm) };
/// ```
///
/// What those types lose on the wire doesn't reach Cognito:
/// - Only the fields of `response` are taken from what the handler returns; the rest of the answer is the event as
///   received. The handler finds the `response` that was received, or the defaults of its type where they can't hold it.
/// - The event reaches the handler even where the types refuse it: an unknown `triggerSource` reads as `None`, null
///   lists as empty.
/// - An empty `group_override_details` counts as unchanged, because the types always write one. **So a handler that may take
///   away the last group keeps it in the tokens.** Don't adapt such a handler: write it for this library, with
///   [`GroupOverrideDetails::Override`] or [`GroupOverrideDetails::Suppress`]. The first answer whose override is empty
///   although the user has groups writes a warning to the log, once for each adapted handler of a process.
/// - A define auth challenge answer that decides nothing is an error, not an answer.
///
/// The types hold passwords, codes and private parameters as plain strings, and their `Debug` prints them.
///
/// The handler's error may be any that `lambda_runtime` takes, a `Diagnostic` included. It is a failure: its text goes to
/// the logs, and the user reads a reference. For a text that the user should read, return [`reject`](crate::reject).
///
/// [`GroupOverrideDetails::Override`]: crate::pre_token_generation::GroupOverrideDetails::Override
/// [`GroupOverrideDetails::Suppress`]: crate::pre_token_generation::GroupOverrideDetails::Suppress
pub fn adapt<T, S, F, Fut, E>(
    handler: F,
) -> impl Fn(Context<S>, Event<T>) -> AdaptedFuture<T> + Send + Sync + 'static
where
    T: LegacyEvent,
    F: Fn(LambdaEvent<T::Event>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T::Event, E>> + Send + 'static,
    E: Into<Diagnostic> + 'static,
{
    adapt_with_context(move |_, event| handler(event))
}

/// Does what [`adapt`] does, for a handler that also takes the call's [`Context`]: the state, the time left, the clock.
///
/// ```
/// use aws_lambda_events::cognito::CognitoEventUserPoolsPreSignup as Sign;
/// use cognito_triggers::{Context, Router, adapt::adapt_with_context, router};
/// use lambda_runtime::{Diagnostic, LambdaEvent};
///
/// struct App { confirm: bool }
///
/// async fn confirm(context: Context<App>, mut event: LambdaEvent<Sign>) -> Result<Sign, Diagnostic> {
///     event.payload.response.auto_confirm_user = context.state.confirm;
///     Ok(event.payload)
/// }
///
/// let router: Router<App> = router! { pre_sign_up => adapt_with_context(confirm) };
/// ```
pub fn adapt_with_context<T, S, F, Fut, E>(
    handler: F,
) -> impl Fn(Context<S>, Event<T>) -> AdaptedFuture<T> + Send + Sync + 'static
where
    T: LegacyEvent,
    F: Fn(Context<S>, LambdaEvent<T::Event>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T::Event, E>> + Send + 'static,
    E: Into<Diagnostic> + 'static,
{
    let has_warned = Arc::new(AtomicBool::new(false));
    move |context, event| {
        let has_groups = T::has_groups(&event);
        let legacy = LambdaEvent::new(T::to_legacy(&event), context.lambda().clone());
        let answer = handler(context, legacy);
        let has_warned = Arc::clone(&has_warned);
        Box::pin(async move {
            let answer = answer.await.map_err(into_error)?;
            if has_groups && T::overrides_no_group(&answer) && !has_warned.swap(true, Ordering::Relaxed) {
                tracing::warn!("{KEEPS_GROUPS}");
            }
            T::answer(answer)
        })
    }
}

/// The warning about an answer after which the tokens have groups that the handler may have meant to remove.
const KEEPS_GROUPS: &str = "this answer has an empty `group_override_details`, and the user has groups: they stay in the tokens, \
                            because an adapted handler can't say whether it removes them; if it does, write it for \
                            cognito_triggers, with `GroupOverrideDetails::Override` or `Suppress`";

/// The future of an adapted handler.
pub type AdaptedFuture<T> = Pin<Box<dyn Future<Output = Result<<T as Trigger>::Response>> + Send>>;

/// The error of an adapted handler. What this library and `?` make keeps its kind and its causes.
fn into_error<E: Into<Diagnostic> + 'static>(error: E) -> Error {
    let mut error = Some(error);
    let any: &mut dyn Any = &mut error;
    if let Some(error) = any.downcast_mut::<Option<Error>>().and_then(Option::take) {
        return error;
    }
    if let Some(error) = any.downcast_mut::<Option<BoxError>>().and_then(Option::take) {
        return error.into();
    }
    let Some(error) = error else {
        return "the handler failed".into();
    };
    let Diagnostic {
        error_type,
        error_message,
    } = error.into();
    format!("{error_type}: {error_message}").into()
}

/// A trigger for which `aws_lambda_events` has a type: ten of them, in versions 1 and 2 of token generation. Version 3
/// has the shape of version 2 and uses its type.
pub trait LegacyEvent: Trigger {
    /// The type of `aws_lambda_events`.
    type Event: Send + 'static;

    /// The event as that type.
    #[doc(hidden)]
    fn to_legacy(event: &Event<Self>) -> Self::Event;

    /// The decision in an event that a handler returned.
    #[doc(hidden)]
    fn answer(event: Self::Event) -> Result<Self::Response>;

    /// Whether the event, as received, has groups that an answer can override.
    #[doc(hidden)]
    fn has_groups(_: &Event<Self>) -> bool {
        false
    }

    /// Whether an event that a handler returned overrides groups with nothing, which [`answer`](Self::answer) takes for
    /// "unchanged".
    #[doc(hidden)]
    fn overrides_no_group(_: &Self::Event) -> bool {
        false
    }
}

/// The header that all types share. The sources are closed enums there, so one that is unknown becomes `None`.
fn header<T: Trigger, P: DeserializeOwned>(event: &Event<T>) -> CognitoEventUserPoolsHeader<P>
where
    CognitoEventUserPoolsHeader<P>: Default,
{
    let mut caller = CognitoEventUserPoolsCallerContext::default();
    caller.awssdk_version = event.aws_sdk_version().map(str::to_owned);
    caller.client_id = event.client_id_as_received().map(str::to_owned);

    let mut header = CognitoEventUserPoolsHeader::default();
    header.version = Some(event.version().to_owned());
    header.trigger_source = serde_json::from_value(event.source.as_str().into()).ok();
    header.region = Some(event.region().to_owned());
    header.user_pool_id = Some(event.user_pool_id().to_owned());
    header.user_name = event.user_name().map(str::to_owned);
    header.caller_context = caller;
    header
}

/// The `response` of the event as received; the type's default where it can't hold that.
fn response<T: Trigger, R: DeserializeOwned + Default>(event: &Event<T>) -> R {
    let response = event.raw().pointer("/response");
    response
        .and_then(|response| serde_json::from_value(response).ok())
        .unwrap_or_default()
}

fn map(texts: &TextMap) -> HashMap<String, String> {
    texts
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
