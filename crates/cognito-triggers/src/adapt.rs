//! Handlers written for the types of the crate `aws_lambda_events`, in the table as they are.

mod challenges;
mod sign_up;
#[cfg(all(test, feature = "testing"))]
mod tests;
mod tokens;

use std::{collections::HashMap, future::Future, pin::Pin};

use ::aws_lambda_events::cognito::{CognitoEventUserPoolsCallerContext, CognitoEventUserPoolsHeader};
use lambda_runtime::LambdaEvent;
use serde::de::DeserializeOwned;

use crate::{Context, Error, Event, Result, Source, TextMap, Trigger};

/// Puts a handler that takes and returns an event of `aws_lambda_events` into the table.
///
/// It lets a team move over one handler at a time: the function stays as it was under `lambda_runtime`, and its
/// trigger gets a line.
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
/// What those types lose on the wire stays out of it:
/// - Only the fields of `response` are taken from what the handler returns; the rest of the answer is the event as
///   received. The handler finds the defaults of its type there, which is what Cognito sends.
/// - The event reaches the handler even where the types refuse it: an unknown `triggerSource` reads as `None`, null
///   lists as empty.
/// - A `group_override_details` that is empty counts as not touched, for the types always write one. A handler that
///   means to take all groups away has to move to [`GroupOverrideDetails::Suppress`].
/// - A define auth challenge answer that says nothing at all is an error, not an answer.
///
/// The types hold passwords, codes and private parameters as plain texts, which their `Debug` prints.
///
/// Errors are failures: the text is for the logs, and the person reads a reference. For a text that the person shall
/// read return [`reject`](crate::reject) as the error. A `Diagnostic` of `lambda_runtime` is no error of Rust, so a handler
/// that returns one needs a line around it:
///
/// ```
/// # use aws_lambda_events::cognito::CognitoEventUserPoolsPreSignup as Sign;
/// # use cognito_triggers::{Router, adapt, router};
/// # use lambda_runtime::{Diagnostic, LambdaEvent};
/// # async fn confirm(event: LambdaEvent<Sign>) -> Result<Sign, Diagnostic> { Ok(event.payload) }
/// let router: Router<()> = router! {
///     pre_sign_up => adapt(async |event| confirm(event).await.map_err(|diagnostic| diagnostic.error_message)),
/// };
/// ```
///
/// [`GroupOverrideDetails::Suppress`]: crate::pre_token_generation::GroupOverrideDetails::Suppress
pub fn adapt<T, S, F, Fut, E>(
    handler: F,
) -> impl Fn(Context<S>, Event<T>) -> Adapted<T> + Send + Sync + 'static
where
    T: LegacyEvent,
    F: Fn(LambdaEvent<T::Event>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T::Event, E>> + Send + 'static,
    E: Into<Error>,
{
    move |context, event| {
        let answer = handler(LambdaEvent::new(T::to_legacy(&event), context.lambda().clone()));
        Box::pin(async move { T::answer(answer.await.map_err(Into::into)?) })
    }
}

/// The future of an adapted handler.
pub type Adapted<T> = Pin<Box<dyn Future<Output = Result<<T as Trigger>::Response>> + Send>>;

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

fn map(texts: &TextMap) -> HashMap<String, String> {
    texts
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
