//! Routers whose handlers record their calls, and answer with the default or with every field set.

use std::sync::{Arc, Mutex};

use cognito_triggers::{
    Attributes, Claims, Context, Event, Router, TextMap, create_auth_challenge, custom_message,
    define_auth_challenge,
    function::{Function, Refusal},
    inbound_federation,
    model::{Trigger, answer::Answer, trigger::Source},
    otherwise::Otherwise,
    pre_sign_up,
    pre_token_generation::{GroupConfiguration, GroupOverrideDetails},
    pre_token_generation_v1,
    pre_token_generation_v2::{self, AccessTokenGeneration, IdTokenGeneration},
    router::{RouteHandler, on},
    samples::Sample,
    user_migration::{self, DeliveryMedium, FinalUserStatus, MessageAction},
    verify_auth_challenge_response,
};
use lambda_runtime::Context as LambdaContext;
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

/// The calls of handlers, in order.
#[derive(Default)]
pub(crate) struct RecordedCalls(Mutex<Vec<Call>>);

/// A call of a handler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Call {
    /// The route of the handler.
    pub(crate) route: &'static str,
    /// The `triggerSource` that the handler received.
    pub(crate) source: String,
    /// Whether the enum of the trigger's sources has a variant for it.
    pub(crate) known: bool,
}

impl RecordedCalls {
    /// Removes and returns all calls so far.
    pub(crate) fn take(&self) -> Vec<Call> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// A route whose handler records the call and returns this answer.
fn recording_route<T: Trigger>(response: T::Response) -> RouteHandler<RecordedCalls, T>
where
    T::Response: Clone + Sync,
{
    on(move |context: Context<RecordedCalls>, event: Event<T>| {
        context.state.0.lock().unwrap().push(Call {
            route: T::ROUTE.map_or("otherwise", |route| route.as_str()),
            source: event.source.to_string(),
            known: T::ROUTE.is_some_and(|route| {
                let mut sources = route.definition().sources.iter();
                sources.any(|source| T::Source::parse(source.name) == event.source)
            }),
        });
        let response = response.clone();
        async move { Ok(response) }
    })
}

/// A router for all triggers that answers with the default. `define_auth_challenge` has no default and fails the sign-in.
pub(crate) fn defaults() -> Router<RecordedCalls> {
    Router {
        pre_sign_up: recording_route(Default::default()),
        custom_message: recording_route(Default::default()),
        post_confirmation: recording_route(Default::default()),
        pre_authentication: recording_route(Default::default()),
        post_authentication: recording_route(Default::default()),
        define_auth_challenge: recording_route(define_auth_challenge::Response::FailAuthentication),
        create_auth_challenge: recording_route(Default::default()),
        verify_auth_challenge_response: recording_route(Default::default()),
        pre_token_generation_v1: recording_route(Default::default()),
        pre_token_generation_v2: recording_route(Default::default()),
        pre_token_generation_v3: recording_route(Default::default()),
        user_migration: recording_route(Default::default()),
        custom_sms_sender: recording_route(Default::default()),
        custom_email_sender: recording_route(Default::default()),
        inbound_federation: recording_route(Default::default()),
        otherwise: RouteHandler::none(),
    }
}

/// A router for all triggers that answers with every field set.
pub(crate) fn full() -> Router<RecordedCalls> {
    Router {
        pre_sign_up: recording_route(pre_sign_up::Response {
            auto_confirm_user: true,
            auto_verify_email: true,
            auto_verify_phone: true,
            ..Default::default()
        }),
        custom_message: recording_route(custom_message::Response {
            sms_message: Some("Your code: {####}".to_owned()),
            email_message: Some("<p>Your \"code\":\n{####}</p>".to_owned()),
            email_subject: Some("Välkommen ✉".to_owned()),
            ..Default::default()
        }),
        define_auth_challenge: recording_route(define_auth_challenge::Response::Challenge(
            define_auth_challenge::NextChallenge::CustomChallenge,
        )),
        create_auth_challenge: recording_route(create_auth_challenge::Response {
            public_challenge_parameters: TextMap::from([("medium", "EMAIL")]),
            private_challenge_parameters: [("code", "481516")].into(),
            challenge_metadata: Some("CODE-481516".into()),
            ..Default::default()
        }),
        verify_auth_challenge_response: recording_route(verify_auth_challenge_response::Response {
            answer_correct: true,
            ..Default::default()
        }),
        pre_token_generation_v1: recording_route(pre_token_generation_v1::Response {
            claims_to_add_or_override: Claims::from([("tenant", "harbor")]),
            claims_to_suppress: vec!["phone_number".to_owned()],
            group_override_details: groups(),
            ..Default::default()
        }),
        pre_token_generation_v2: recording_route(full_tokens()),
        pre_token_generation_v3: recording_route(full_tokens()),
        user_migration: recording_route(user_migration::Response {
            user_attributes: Attributes::from([("email", "emil@example.com"), ("email_verified", "true")]),
            final_user_status: Some(FinalUserStatus::Confirmed),
            message_action: Some(MessageAction::Suppress),
            desired_delivery_mediums: vec![DeliveryMedium::Email, DeliveryMedium::Sms],
            force_alias_creation: Some(true),
            enable_sms_mfa: Some(false),
            ..Default::default()
        }),
        inbound_federation: recording_route(inbound_federation::Response {
            user_attributes_to_map: TextMap::from([("sub", "5e0b7d64"), ("role", "editor")]),
            ..Default::default()
        }),
        // The other triggers have no fields to set.
        ..defaults()
    }
}

fn full_tokens() -> pre_token_generation_v2::Response {
    let claims: Claims<Value> = Claims::from([
        ("tenant", json!("harbor")),
        ("limits", json!({"ratio": 0.5, "seats": 12, "tags": ["a", null]})),
    ]);
    pre_token_generation_v2::Response {
        id_token_generation: IdTokenGeneration {
            claims_to_add_or_override: claims.clone(),
            claims_to_suppress: vec!["phone_number".to_owned()],
            ..Default::default()
        },
        access_token_generation: AccessTokenGeneration {
            claims_to_add_or_override: claims,
            claims_to_suppress: vec!["device_key".to_owned()],
            scopes_to_add: vec!["orders/read".to_owned()],
            scopes_to_suppress: vec!["aws.cognito.signin.user.admin".to_owned()],
            ..Default::default()
        },
        group_override_details: groups(),
        ..Default::default()
    }
}

fn groups() -> GroupOverrideDetails {
    GroupOverrideDetails::Override(GroupConfiguration {
        groups_to_override: vec!["editors".to_owned()],
        iam_roles_to_override: vec!["arn:aws:iam::111122223333:role/editors".to_owned()],
        preferred_role: Some("arn:aws:iam::111122223333:role/editors".to_owned()),
        ..Default::default()
    })
}

/// [`defaults`], and events of other triggers are passed through.
pub(crate) fn lenient() -> Router<RecordedCalls> {
    Router {
        otherwise: recording_route::<Otherwise>(Default::default()),
        ..defaults()
    }
}

/// A function and a runtime to call it on.
pub(crate) struct Caller {
    function: Function<RecordedCalls>,
    state: Arc<RecordedCalls>,
    runtime: Runtime,
}

impl Caller {
    pub(crate) fn new(router: Router<RecordedCalls>) -> Self {
        let state = Arc::<RecordedCalls>::default();
        Self {
            function: router.with_state(Arc::clone(&state)),
            state,
            runtime: Builder::new_current_thread().enable_time().build().unwrap(),
        }
    }

    /// The answer to an event, and the calls of handlers.
    pub(crate) fn call(&self, event: &[u8]) -> (Result<Answer, Refusal>, Vec<Call>) {
        let answer = self.function.answer(event.to_vec(), LambdaContext::default());
        let answer = self.runtime.block_on(answer);
        (answer, self.state.take())
    }
}

/// The name of a sample in the message of a failing test.
pub(crate) fn name(sample: &Sample) -> String {
    let variant = sample.variant.unwrap_or("plain");
    format!("{} {} ({variant})", sample.route, sample.source)
}
