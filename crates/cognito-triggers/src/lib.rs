#![doc = include_str!("../README.md")]
// docs.rs says at each item which feature it needs; the toolchain there has the feature.
#![cfg_attr(docsrs, feature(doc_cfg))]

// The code in the project's README is compiled too.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct ReadmeOfTheProject;

#[cfg(feature = "aws_lambda_events")]
pub mod adapt;
mod call_log;
mod catch_panic;
mod clock;
pub mod code;
mod cold_start;
pub mod context;
pub mod error;
pub mod function;
#[cfg(any(feature = "once", feature = "signed-links"))]
mod hmac_key;
pub mod layer;
pub mod locale;
mod logging;
pub mod message;
#[cfg(feature = "metrics")]
pub mod metrics;
#[cfg(feature = "once")]
pub mod once;
pub mod otherwise;
#[cfg_attr(
    not(feature = "metrics"),
    expect(dead_code, reason = "the metrics are the only recorder")
)]
mod recorder;
mod refusal;
mod route_handler;
pub mod router;
#[doc(hidden)]
pub mod router_macro;
mod run_error;
pub mod runtime;
pub mod side_effect;
#[cfg(feature = "signed-links")]
pub mod signed_link;
mod state;
mod unrouted;

/// Everything about events and answers that needs no Lambda: types, tables, rules, explanations.
#[doc(inline)]
pub use cognito_triggers_model as model;
#[cfg(feature = "testing")]
#[doc(inline)]
pub use cognito_triggers_model::samples;
#[doc(inline)]
pub use cognito_triggers_model::{
    Event,
    attributes::Attributes,
    claims::Claims,
    secret::{Secret, SecretMap},
    text_map::TextMap,
    triggers::{
        CreateAuthChallenge, CustomEmailSender, CustomMessage, CustomSmsSender, DefineAuthChallenge,
        InboundFederation, PostAuthentication, PostConfirmation, PreAuthentication, PreSignUp,
        PreTokenGenerationV1, PreTokenGenerationV2, PreTokenGenerationV3, UserMigration,
        VerifyAuthChallengeResponse, create_auth_challenge, custom_email_sender, custom_message,
        custom_sms_sender, define_auth_challenge, inbound_federation, post_authentication, post_confirmation,
        pre_authentication, pre_sign_up, pre_token_generation, pre_token_generation_v1,
        pre_token_generation_v2, pre_token_generation_v3, user_migration, verify_auth_challenge_response,
    },
};

#[cfg(feature = "aws_lambda_events")]
#[doc(inline)]
pub use adapt::adapt;
#[doc(inline)]
pub use context::Context;
#[doc(inline)]
pub use error::{Error, OrReject, Result, reject};
#[doc(inline)]
pub use otherwise::pass_through;
#[doc(inline)]
pub use router::Router;
#[doc(inline)]
pub use runtime::{RunError, run, run_with};
