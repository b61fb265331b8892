//! Routes and hooks: which line of a router answers which key of `LambdaConfig`. The table is the library's.

use cognito_triggers_model::{Definition, Route};

/// The definitions of a hook: one, or the three versions of token generation.
pub(crate) fn of_hook(key: &str) -> impl Iterator<Item = &'static Definition> {
    Route::of_hook(key).map(Route::definition)
}

/// The definition of a route.
pub(crate) fn of_route(route: &str) -> Option<&'static Definition> {
    route.parse().ok().map(Route::definition)
}

/// The hook that a key of `LambdaConfig` wires: `PreTokenGenerationConfig` is another spelling of `PreTokenGeneration`.
pub(crate) fn hook_of(key: &str) -> &str {
    key.strip_suffix("Config").unwrap_or(key)
}

/// Whether the key sets a custom sender, which gets codes and for which Cognito doesn't wait.
pub(crate) fn is_custom_sender(key: &str) -> bool {
    Route::of_hook(key).any(Route::is_custom_sender)
}

/// What a person notices when the hook's function always fails.
pub(crate) fn when_failing(key: &str) -> &'static str {
    match hook_of(key) {
        "PreSignUp" => "nobody can sign up, and no account can be made",
        "PostConfirmation" => {
            "people who confirm their account see an error, though the account is confirmed"
        }
        "PreAuthentication" | "PostAuthentication" | "PreTokenGeneration" => "nobody can sign in",
        "CustomMessage" => "whoever needs a message (sign-up, a forgotten password) sees an error instead",
        "DefineAuthChallenge" | "CreateAuthChallenge" | "VerifyAuthChallengeResponse" => {
            "nobody can sign in with the custom challenge"
        }
        "UserMigration" => "nobody is migrated: people of the old directory can't sign in",
        "CustomSMSSender" | "CustomEmailSender" => {
            "codes are never sent, and neither caller nor person sees an error"
        }
        "InboundFederation" => "nobody can sign in through an identity provider",
        _ => "each call of this trigger fails",
    }
}
