//! What Cognito does for each call of an app: which triggers it calls, and what becomes of their answers.

mod challenge;
mod federation;
mod migration;
mod sign_in;
mod sign_up;

use super::{
    call::Operation,
    pool::{CallResult, Pool},
};

/// Does what Cognito does for one call of its API.
pub(super) async fn call_api(pool: &mut Pool<'_>, operation: &Operation) -> CallResult {
    match operation {
        Operation::SignUp {
            validation_data,
            client_metadata,
        } => pool.sign_up(validation_data, client_metadata).await,
        Operation::ConfirmSignUp { client_metadata } => pool.confirm_sign_up(client_metadata).await,
        Operation::AdminCreateUser {
            validation_data,
            client_metadata,
        } => pool.admin_create_user(validation_data, client_metadata).await,
        Operation::InitiateAuth {
            auth_flow,
            password,
            client_metadata,
        } => pool.initiate_auth(*auth_flow, *password, client_metadata).await,
        Operation::RespondToAuthChallenge {
            answer,
            password,
            client_metadata,
        } => pool.respond(answer, *password, client_metadata).await,
        Operation::ForgotPassword { client_metadata } => pool.forgot_password(client_metadata).await,
        Operation::ConfirmForgotPassword { client_metadata } => {
            pool.confirm_forgot_password(client_metadata).await
        }
        Operation::FederatedSignIn { provider } => pool.federated_sign_in(provider.as_deref()).await,
        Operation::ClientCredentials { client_metadata } => pool.client_credentials(client_metadata).await,
    }
}
