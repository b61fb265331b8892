//! A function that logs everything: each handler logs its event at every level, and then answers, rejects, fails or panics
//! with it, also by an error type of its own. A layer logs what passes through, and fails or panics with it. The environment
//! variable `MODE` selects which.

use cognito_triggers::{
    Context, Error, Event, Router, RunError, create_auth_challenge, define_auth_challenge,
    error::Rejection,
    function::{Function, Refusal},
    layer::{Answer, LambdaEvent, Payload, TriggerInfo},
    metrics::Metrics,
    model::Trigger,
    reject,
    router::{RouteHandler, on},
    runtime::Runtime,
};
use tower::{BoxError, Service, layer::layer_fn, util::BoxCloneService};

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn main() -> Result<(), RunError> {
    let mode = std::env::var("MODE").unwrap_or_default();
    let layer = layer_fn({
        let mode = mode.clone();
        move |function| around(function, mode.clone())
    });
    let metrics = Metrics::new("Tests").and_then(|metrics| metrics.user_pools(["eu-central-1_Tr1gg3rs0"]));
    let metrics = metrics.expect("a namespace and a pool");
    Runtime::new(triggers())
        .metrics(metrics)
        .layer(layer)
        .run(mode)
        .await
}

/// A layer that logs event and outcome, and that fails or panics with the event if it is told to.
fn around(
    function: Function<String>,
    mode: String,
) -> BoxCloneService<LambdaEvent<Payload>, Answer, BoxError> {
    BoxCloneService::new(tower::service_fn(move |event: LambdaEvent<Payload>| {
        let (mut function, mode) = (function.clone(), mode.clone());
        async move {
            let info = TriggerInfo::of(&event.payload);
            tracing::trace!(?info, payload = ?event.payload, context = ?event.context, "a layer sees {event:?}");
            let said = format!("{:?} of {:?}", event.payload, info);
            match mode.as_str() {
                "layer-fails" => return Err(BoxError::from(format!("a layer has {said}"))),
                "layer-panics" => panic!("a layer has {said}"),
                _ => {}
            }
            std::future::poll_fn(|cx| Service::poll_ready(&mut function, cx)).await?;
            let outcome: Result<Answer, Refusal> = function.call(event).await;
            tracing::trace!(?outcome, "a layer has the outcome");
            if let Err(refusal) = &outcome {
                tracing::debug!(%refusal, ?refusal, "a layer has a refusal: {refusal}");
            }
            Ok(outcome?)
        }
    }))
}

/// An error type such as a team defines: it prints all that it has, and one of its variants is for the user.
#[derive(Debug, thiserror::Error)]
enum OwnError {
    #[error("no luck with {0}")]
    Broken(String),
    #[error("you: {0}")]
    Shown(String, #[source] Rejection),
}

fn triggers() -> Router<String> {
    Router {
        pre_sign_up: logging_route(Default::default()),
        custom_message: logging_route(Default::default()),
        post_confirmation: logging_route(Default::default()),
        pre_authentication: logging_route(Default::default()),
        post_authentication: logging_route(Default::default()),
        define_auth_challenge: logging_route(define_auth_challenge::Response::FailAuthentication),
        create_auth_challenge: logging_route(create_auth_challenge::Response {
            private_challenge_parameters: [("code", "SECRET-of-the-function")].into(),
            challenge_metadata: Some("SECRET-of-the-function".into()),
            ..Default::default()
        }),
        verify_auth_challenge_response: logging_route(Default::default()),
        pre_token_generation_v1: logging_route(Default::default()),
        pre_token_generation_v2: logging_route(Default::default()),
        pre_token_generation_v3: logging_route(Default::default()),
        user_migration: logging_route(Default::default()),
        custom_sms_sender: logging_route(Default::default()),
        custom_email_sender: logging_route(Default::default()),
        inbound_federation: logging_route(Default::default()),
        otherwise: RouteHandler::none(),
    }
}

fn logging_route<T: Trigger>(response: T::Response) -> RouteHandler<String, T>
where
    T::Response: Clone + Sync + std::fmt::Debug,
{
    on(move |context: Context<String>, event: Event<T>| {
        let response = response.clone();
        async move {
            let raw = event.raw();
            tracing::trace!(?event, ?response, "{event:?}");
            tracing::debug!(?event, ?raw, "{:?}", event.request);
            tracing::info!(?event, "{event:#?}");
            tracing::warn!(?event, context = ?context.lambda(), "{event:?}");
            tracing::error!(?event, "{event:?}");
            match context.state.as_str() {
                "reject" => Err(reject(format!("{event:?}"))),
                "fail" => Err(format!("{event:?} and {response:?}").into()),
                "own-error" => Err(Error::from(OwnError::Broken(format!(
                    "{event:?} and {response:?}"
                )))),
                "own-rejection" => Err(Error::from(OwnError::Shown(
                    format!("{:?}", event.request),
                    Rejection,
                ))),
                "panic" => panic!("{event:?} and {response:?}"),
                _ => Ok(response),
            }
        }
    })
}
