//! Routes and hooks: which line of a router answers which key of `LambdaConfig`.

use cognito_triggers_model::{Definition, Route};

/// The facts about the routes of a hook: one, or the three versions of token generation.
pub(crate) fn of_hook(key: &str) -> impl Iterator<Item = &'static Definition> {
    Route::of_hook(key).map(Route::definition)
}

/// The facts about a route; `None` for a name that isn't known.
pub(crate) fn of_route(route: &str) -> Option<&'static Definition> {
    route.parse().ok().map(Route::definition)
}

/// The hook that a key of `LambdaConfig` sets: `PreTokenGeneration` for `PreTokenGenerationConfig`.
pub(crate) fn hook_of(key: &str) -> &str {
    key.strip_suffix("Config").unwrap_or(key)
}

/// What users notice when the function of a hook always fails.
pub(crate) fn when_failing(key: &str) -> &'static str {
    match Route::of_hook(key).next() {
        Some(Route::PreSignUp) => "nobody can sign up, and no account can be created",
        Some(Route::PostConfirmation) => {
            "users who confirm their account see an error, though the account is confirmed"
        }
        Some(
            Route::PreAuthentication
            | Route::PostAuthentication
            | Route::PreTokenGenerationV1
            | Route::PreTokenGenerationV2
            | Route::PreTokenGenerationV3,
        ) => "nobody can sign in",
        Some(Route::CustomMessage) => {
            "users who need a message (sign-up, a forgotten password) see an error instead"
        }
        Some(
            Route::DefineAuthChallenge | Route::CreateAuthChallenge | Route::VerifyAuthChallengeResponse,
        ) => "nobody can sign in with the custom challenge",
        Some(Route::UserMigration) => "no user is migrated: users of the old directory can't sign in",
        Some(Route::CustomSmsSender | Route::CustomEmailSender) => {
            "codes are never sent, and neither the caller nor the user sees an error"
        }
        Some(Route::InboundFederation) => "nobody can sign in through an identity provider",
        None => "each call of this trigger fails",
    }
}
