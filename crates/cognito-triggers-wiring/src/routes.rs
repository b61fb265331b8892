//! Routes and hooks: which line of a router answers which key of `LambdaConfig`.

use cognito_triggers_model::{Definition, Route, lambda_config::Key};

/// The facts about a route; `None` for a name that isn't known.
pub(crate) fn of_route(route: &str) -> Option<&'static Definition> {
    route.parse().ok().map(Route::definition)
}

/// The key with the name of the trigger: `PreTokenGeneration` for `PreTokenGenerationConfig`, and every other key itself.
pub(crate) fn plain_key(key: Key) -> Key {
    key.routes().next().map_or(key, Route::key)
}

/// What users notice when the function of a hook always fails.
pub(crate) fn when_failing(key: Key) -> &'static str {
    match key {
        Key::PreSignUp => "nobody can sign up, and no account can be created",
        Key::PostConfirmation => {
            "users who confirm their account see an error, though the account is confirmed"
        }
        Key::PreAuthentication
        | Key::PostAuthentication
        | Key::PreTokenGeneration
        | Key::PreTokenGenerationConfig => "nobody can sign in",
        Key::CustomMessage => "users who need a message (sign-up, a forgotten password) see an error instead",
        Key::DefineAuthChallenge | Key::CreateAuthChallenge | Key::VerifyAuthChallengeResponse => {
            "nobody can sign in with the custom challenge"
        }
        Key::UserMigration => "no user is migrated: users of the old directory can't sign in",
        Key::CustomSmsSender | Key::CustomEmailSender => {
            "codes are never sent, and neither the caller nor the user sees an error"
        }
        Key::InboundFederation => "nobody can sign in through an identity provider",
        // It sets no trigger.
        Key::KmsKeyId => "each call of this trigger fails",
    }
}
