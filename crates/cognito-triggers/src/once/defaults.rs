//! What holds for an effect unless the team says otherwise: by route, with the reason.

use std::time::Duration;

use cognito_triggers_model::Route;

use super::settings::IfStoreFails;

/// Cognito repeats a call after five seconds, and three calls were seen: the last one begins ten seconds after the first.
const SYNCHRONOUS: Duration = Duration::from_secs(30);

/// Lambda repeats an asynchronous call for six hours at most, and such a call runs for 15 minutes at most.
const ASYNCHRONOUS: Duration = Duration::from_secs(7 * 3600);

/// How long a retry may come after the call that it repeats.
pub(super) fn keep(route: Option<Route>) -> Duration {
    match route {
        Some(Route::CustomEmailSender | Route::CustomSmsSender) => ASYNCHRONOUS,
        _ => SYNCHRONOUS,
    }
}

/// What to do if the store fails.
pub(super) const fn if_store_fails(route: Option<Route>) -> IfStoreFails {
    match route {
        // Nobody sees that a code wasn't sent, and without it the user is locked out. A second message has the same code.
        Some(Route::CustomEmailSender | Route::CustomSmsSender) => IfStoreFails::Run,
        // The account is confirmed and the user signed in. An error would undo nothing, and Cognito doesn't call again.
        Some(Route::PostConfirmation | Route::PostAuthentication) => IfStoreFails::Run,
        // Nothing has happened yet: the call fails, and the user can try again.
        Some(
            Route::PreSignUp
            | Route::CustomMessage
            | Route::PreAuthentication
            | Route::DefineAuthChallenge
            | Route::CreateAuthChallenge
            | Route::VerifyAuthChallengeResponse
            | Route::PreTokenGenerationV1
            | Route::PreTokenGenerationV2
            | Route::PreTokenGenerationV3
            | Route::UserMigration
            | Route::InboundFederation,
        )
        | None => IfStoreFails::Refuse,
    }
}
