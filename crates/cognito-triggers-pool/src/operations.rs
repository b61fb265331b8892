//! The operations of the API: from the name and the body of a request to an answer.

mod sign_up;

use std::sync::Arc;

use serde_json::{Value, json};

use crate::auth;
use crate::call::{Call, Input};
use crate::error::ApiError;
use crate::model;
use crate::service::Service;
use crate::validate::validate;

/// Names the operations that the pool serves, each with its function.
macro_rules! operations {
    ($($name:literal => $function:path,)+) => {
        /// The operations that the pool serves.
        #[cfg(test)]
        pub(crate) const SERVED: &[&str] = &[$($name),+];

        async fn run(call: Call) -> Option<Result<Value, ApiError>> {
            match call.operation {
                // Boxed, so that a call needs the memory of its own operation only.
                $($name => Some(Box::pin($function(call)).await),)+
                _ => None,
            }
        }
    };
}

operations! {
    "AdminInitiateAuth" => auth::initiate_auth,
    "AdminRespondToAuthChallenge" => auth::respond_to_auth_challenge,
    "AdminUserGlobalSignOut" => auth::admin_user_global_sign_out,
    "GetTokensFromRefreshToken" => auth::get_tokens_from_refresh_token,
    "GlobalSignOut" => auth::global_sign_out,
    "InitiateAuth" => auth::initiate_auth,
    "RespondToAuthChallenge" => auth::respond_to_auth_challenge,
    "RevokeToken" => auth::revoke_token,
    "SignUp" => sign_up::sign_up,
}

/// Serves one call. `operation` is its name without the prefix of the service.
pub(crate) async fn serve(service: &Arc<Service>, operation: &str, body: &[u8]) -> Result<Value, ApiError> {
    let Some(operation) = model::operation(operation) else {
        return Err(if model::is_other_operation(operation) {
            ApiError::not_simulated(operation)
        } else {
            let message = format!("{operation} is no operation of Amazon Cognito user pools");
            ApiError::new("UnknownOperationException", message)
        });
    };
    let mut input = if body.is_empty() { json!({}) } else { parse(body)? };
    validate(operation.input, &mut input)?;
    let call = Call {
        service: service.clone(),
        operation: operation.name,
        input: Arc::new(Input::new(input)),
    };
    run(call)
        .await
        .unwrap_or_else(|| Err(ApiError::not_simulated(operation.name)))
}

fn parse(body: &[u8]) -> Result<Value, ApiError> {
    serde_json::from_slice(body).map_err(|error| {
        // The text of serde_json quotes no value of the request.
        ApiError::new(
            "SerializationException",
            format!("the request isn't JSON: {error}"),
        )
    })
}
