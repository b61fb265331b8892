//! A function that logs everything: each handler logs its event at every level, and then answers, rejects, fails or panics
//! with it. The environment variable `TALK` selects which.

use cognito_triggers::{
    Context, Event, Router, RunError, Trigger, create_auth_challenge, define_auth_challenge, reject,
    router::{RouteHandler, on},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RunError> {
    let talk = std::env::var("TALK").unwrap_or_default();
    cognito_triggers::run(triggers(), talk).await
}

fn triggers() -> Router<String> {
    Router {
        pre_sign_up: talk(Default::default()),
        custom_message: talk(Default::default()),
        post_confirmation: talk(Default::default()),
        pre_authentication: talk(Default::default()),
        post_authentication: talk(Default::default()),
        define_auth_challenge: talk(define_auth_challenge::Response::FailAuthentication),
        create_auth_challenge: talk(create_auth_challenge::Response {
            private_challenge_parameters: [("code", "SECRET-of-the-function")].into(),
            challenge_metadata: Some("SECRET-of-the-function".into()),
            ..Default::default()
        }),
        verify_auth_challenge_response: talk(Default::default()),
        pre_token_generation_v1: talk(Default::default()),
        pre_token_generation_v2: talk(Default::default()),
        pre_token_generation_v3: talk(Default::default()),
        user_migration: talk(Default::default()),
        custom_sms_sender: talk(Default::default()),
        custom_email_sender: talk(Default::default()),
        inbound_federation: talk(Default::default()),
        otherwise: RouteHandler::none(),
    }
}

fn talk<T: Trigger>(response: T::Response) -> RouteHandler<String, T>
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
                "panic" => panic!("{event:?} and {response:?}"),
                _ => Ok(response),
            }
        }
    })
}
