//! What Cognito does for each operation: which triggers it calls, and what it does with their answers.

mod challenge;
mod federation;
mod migration;
mod sign_in;
mod sign_up;

use super::{
    call::Operation,
    pool::{CallResult, Pool},
    request::ApiCall,
};

/// Does what Cognito does for one call of its API.
pub(super) async fn call_api(pool: &mut Pool<'_>, operation: &Operation) -> CallResult {
    pool.begin(ApiCall::new(operation));
    match operation {
        Operation::SignUp { .. } => pool.sign_up().await,
        Operation::ConfirmSignUp { .. } => pool.confirm_sign_up().await,
        Operation::AdminCreateUser { .. } => pool.admin_create_user().await,
        Operation::InitiateAuth {
            auth_flow, password, ..
        } => pool.initiate_auth(*auth_flow, *password).await,
        Operation::RespondToAuthChallenge { answer, password, .. } => pool.respond(answer, *password).await,
        Operation::ForgotPassword { .. } => pool.forgot_password().await,
        Operation::ConfirmForgotPassword { .. } => pool.confirm_forgot_password().await,
        Operation::FederatedSignIn { provider } => pool.federated_sign_in(provider.as_deref()).await,
        Operation::ClientCredentials { .. } => pool.client_credentials().await,
    }
}
