//! What Cognito does for each call of an app: which triggers it calls, and what becomes of their answers.

mod challenge;
mod federation;
mod migration;
mod sign_in;
mod sign_up;

use serde_json::{Map, Value};

use super::{
    Seen,
    act::Call,
    pool::{Ended, Pool},
};

impl Pool<'_> {
    pub(super) async fn call(&mut self, call: &Call) -> Ended {
        match call {
            Call::SignUp {
                validation_data,
                client_metadata,
            } => self.sign_up(validation_data, client_metadata).await,
            Call::ConfirmSignUp { client_metadata } => self.confirm_sign_up(client_metadata).await,
            Call::AdminCreateUser {
                validation_data,
                client_metadata,
            } => self.admin_create_user(validation_data, client_metadata).await,
            Call::InitiateAuth {
                auth_flow,
                password,
                client_metadata,
            } => self.initiate_auth(*auth_flow, *password, client_metadata).await,
            Call::RespondToAuthChallenge {
                answer,
                password,
                client_metadata,
            } => self.respond(answer, *password, client_metadata).await,
            Call::ForgotPassword { client_metadata } => self.forgot_password(client_metadata).await,
            Call::ConfirmForgotPassword { client_metadata } => {
                self.confirm_forgot_password(client_metadata).await
            }
            Call::FederatedSignIn { provider } => self.federated_sign_in(provider.as_deref()).await,
            Call::ClientCredentials { client_metadata } => self.client_credentials(client_metadata).await,
        }
    }
}

/// An exception that Cognito itself throws.
fn exception(text: &str) -> Seen {
    Seen::Exception(text.to_owned())
}

fn wrong_password() -> Seen {
    exception("NotAuthorizedException: Incorrect username or password.")
}

/// Whether a flag of a response is true.
fn flag(response: &Map<String, Value>, name: &str) -> bool {
    response.get(name).and_then(Value::as_bool).unwrap_or_default()
}

/// An object of a response; empty for null.
fn object(response: &Map<String, Value>, name: &str) -> Map<String, Value> {
    response
        .get(name)
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default()
}
