#![doc = include_str!("../README.md")]

// The code in the project's README is compiled too.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct ReadmeOfTheProject;

#[cfg(feature = "aws_lambda_events")]
mod adapt;
mod cold_start;
mod context;
mod error;
mod event_stash;
mod function;
mod logging;
pub mod otherwise;
mod router;
mod runtime;

#[doc(inline)]
pub use cognito_triggers_model::{
    Definition, Event, Trigger,
    answer::Answer,
    attributes::{Attributes, Identity, UserStatus},
    challenge::{ChallengeName, ChallengeResult, Session},
    claims::Claims,
    explain,
    malformed::Malformed,
    payload::Payload,
    raw::Raw,
    rules,
    secret::{Secret, SecretMap},
    text_map::TextMap,
    trigger::{Source, SourceDefinition},
    triggers::{
        CreateAuthChallenge, CustomEmailSender, CustomMessage, CustomSmsSender, DEFINITIONS,
        DefineAuthChallenge, InboundFederation, PostAuthentication, PostConfirmation, PreAuthentication,
        PreSignUp, PreTokenGenerationV1, PreTokenGenerationV2, PreTokenGenerationV3, UserMigration,
        VerifyAuthChallengeResponse, create_auth_challenge, custom_email_sender, custom_message,
        custom_sms_sender, define_auth_challenge, inbound_federation, post_authentication, post_confirmation,
        pre_authentication, pre_sign_up, pre_token_generation, pre_token_generation_v1,
        pre_token_generation_v2, pre_token_generation_v3, user_migration, verify_auth_challenge_response,
    },
};
#[cfg(feature = "testing")]
#[doc(inline)]
pub use cognito_triggers_model::{encoding, json, samples};

#[cfg(feature = "aws_lambda_events")]
pub use adapt::{Adapted, LegacyEvent, adapt};
pub use context::Context;
pub use error::{Error, ErrorType, OrReject, Refusal, Result, reject};
pub use function::Function;
pub use otherwise::{Otherwise, pass_through};
pub use router::{MergeError, RouteHandler, RouteHandlers, Router, on};
pub use runtime::{DESCRIBE, RunError, run, run_with};
