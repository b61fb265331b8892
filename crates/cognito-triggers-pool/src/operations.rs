//! The operations of the API: from the name and the body of a request to an answer.
//!
//! Each call goes through these steps, and the first that refuses the call ends it:
//!
//! 1. The name is looked up. An operation that Cognito has but the pool doesn't simulate fails with
//!    `UnsupportedOperationException`, any other name with `UnknownOperationException`.
//! 2. The body is parsed. A body that isn't JSON fails with `SerializationException`.
//! 3. The input is checked against the service model, before the pool or the app client is looked up.
//! 4. A [drill](crate::Drill) for the operation ends the call.
//! 5. The operation runs: it looks things up, checks, fires triggers and stores.
//! 6. In development builds, the answer is checked against the service model.
//! 7. The call is recorded, and reported to the readers of activities.
//!
//! Ids such as SU-07 in this folder name rows of the tables in `tests/truth`, one JSON file for each family. A
//! row states its evidence: `measured`, `documented` or `inferred`.

mod admin_create_user;
pub(crate) mod client_oauth;
mod client_settings;
mod client_token;
pub(crate) mod clients;
mod confirm_sign_up;
mod devices;
pub(crate) mod domains;
mod forgot_password;
pub(crate) mod groups;
pub(crate) mod identity_providers;
mod linked_users;
mod list_users;
pub(crate) mod mfa_config;
mod mfa_preference;
mod new_user;
mod own_user;
mod page;
pub(crate) mod passkeys;
mod pool_rules;
mod pool_settings;
pub(crate) mod pools;
mod provider_details;
pub(crate) mod resource_servers;
mod schema;
mod sign_up;
mod temporary_password;
mod user_attributes;
mod user_settings;
mod users;
mod verify_attribute;

use std::sync::Arc;

use serde_json::{Value, json};

use crate::answers::checked;
use crate::auth;
use crate::call::{Call, Input};
use crate::calls::Draft;
use crate::calls::trace::{self, Traced};
use crate::error::ApiError;
use crate::model;
use crate::service::Service;
use crate::validate::validate;

/// Defines the operations that the pool serves, each with its function.
macro_rules! operations {
    ($($name:literal => $function:path,)+) => {
        /// The operations that the pool serves.
        pub(crate) const SERVED: &[&str] = &[$($name),+];

        /// Runs the function of the operation that the call names.
        ///
        /// `None` if the pool doesn't simulate the operation, although the service model has it.
        async fn run(call: Call) -> Option<Result<Value, ApiError>> {
            match call.operation {
                // Boxed, so that a call needs only the memory of its own operation.
                $($name => Some(Box::pin($function(call)).await),)+
                _ => None,
            }
        }
    };
}

operations! {
    "AddCustomAttributes" => pools::add_custom_attributes,
    "AdminAddUserToGroup" => groups::admin_add_user_to_group,
    "AdminConfirmSignUp" => confirm_sign_up::admin_confirm_sign_up,
    "AdminCreateUser" => admin_create_user::admin_create_user,
    "AdminDeleteUser" => users::admin_delete_user,
    "AdminDeleteUserAttributes" => user_attributes::admin_delete_user_attributes,
    "AdminDisableProviderForUser" => linked_users::admin_disable_provider_for_user,
    "AdminDisableUser" => users::admin_disable_user,
    "AdminEnableUser" => users::admin_enable_user,
    "AdminForgetDevice" => devices::admin_forget_device,
    "AdminGetDevice" => devices::admin_get_device,
    "AdminGetUser" => users::admin_get_user,
    "AdminGetUserAuthFactors" => auth::admin_get_user_auth_factors,
    "AdminInitiateAuth" => auth::initiate_auth,
    "AdminLinkProviderForUser" => linked_users::admin_link_provider_for_user,
    "AdminListDevices" => devices::admin_list_devices,
    "AdminListGroupsForUser" => groups::admin_list_groups_for_user,
    "AdminRemoveUserFromGroup" => groups::admin_remove_user_from_group,
    "AdminResetUserPassword" => forgot_password::admin_reset_user_password,
    "AdminRespondToAuthChallenge" => auth::respond_to_auth_challenge,
    "AdminSetUserMFAPreference" => mfa_preference::admin_set_user_mfa_preference,
    "AdminSetUserPassword" => users::admin_set_user_password,
    "AdminSetUserSettings" => user_settings::admin_set_user_settings,
    "AdminUpdateDeviceStatus" => devices::admin_update_device_status,
    "AdminUpdateUserAttributes" => user_attributes::admin_update_user_attributes,
    "AdminUserGlobalSignOut" => auth::admin_user_global_sign_out,
    "AssociateSoftwareToken" => auth::associate_software_token,
    "ChangePassword" => own_user::change_password,
    "CompleteWebAuthnRegistration" => passkeys::complete_web_authn_registration,
    "ConfirmDevice" => devices::confirm_device,
    "ConfirmForgotPassword" => forgot_password::confirm_forgot_password,
    "ConfirmSignUp" => confirm_sign_up::confirm_sign_up,
    "CreateGroup" => groups::create_group,
    "CreateIdentityProvider" => identity_providers::create_identity_provider,
    "CreateResourceServer" => resource_servers::create_resource_server,
    "CreateUserPool" => pools::create_user_pool,
    "CreateUserPoolClient" => clients::create_user_pool_client,
    "CreateUserPoolDomain" => domains::create_user_pool_domain,
    "DeleteGroup" => groups::delete_group,
    "DeleteIdentityProvider" => identity_providers::delete_identity_provider,
    "DeleteResourceServer" => resource_servers::delete_resource_server,
    "DeleteUser" => own_user::delete_user,
    "DeleteUserAttributes" => user_attributes::delete_user_attributes,
    "DeleteUserPool" => pools::delete_user_pool,
    "DeleteUserPoolClient" => clients::delete_user_pool_client,
    "DeleteUserPoolDomain" => domains::delete_user_pool_domain,
    "DeleteWebAuthnCredential" => passkeys::delete_web_authn_credential,
    "DescribeIdentityProvider" => identity_providers::describe_identity_provider,
    "DescribeResourceServer" => resource_servers::describe_resource_server,
    "DescribeUserPool" => pools::describe_user_pool,
    "DescribeUserPoolClient" => clients::describe_user_pool_client,
    "DescribeUserPoolDomain" => domains::describe_user_pool_domain,
    "ForgetDevice" => devices::forget_device,
    "ForgotPassword" => forgot_password::forgot_password,
    "GetClientToken" => client_token::get_client_token,
    "GetDevice" => devices::get_device,
    "GetGroup" => groups::get_group,
    "GetIdentityProviderByIdentifier" => identity_providers::get_identity_provider_by_identifier,
    "GetTokensFromRefreshToken" => auth::get_tokens_from_refresh_token,
    "GetUser" => own_user::get_user,
    "GetUserAttributeVerificationCode" => verify_attribute::get_user_attribute_verification_code,
    "GetUserAuthFactors" => auth::get_user_auth_factors,
    "GetUserPoolMfaConfig" => mfa_config::get_user_pool_mfa_config,
    "GlobalSignOut" => auth::global_sign_out,
    "InitiateAuth" => auth::initiate_auth,
    "ListDevices" => devices::list_devices,
    "ListGroups" => groups::list_groups,
    "ListIdentityProviders" => identity_providers::list_identity_providers,
    "ListResourceServers" => resource_servers::list_resource_servers,
    "ListUserPoolClients" => clients::list_user_pool_clients,
    "ListUserPools" => pools::list_user_pools,
    "ListUsers" => list_users::list_users,
    "ListUsersInGroup" => groups::list_users_in_group,
    "ListWebAuthnCredentials" => passkeys::list_web_authn_credentials,
    "ResendConfirmationCode" => confirm_sign_up::resend_confirmation_code,
    "RespondToAuthChallenge" => auth::respond_to_auth_challenge,
    "RevokeToken" => auth::revoke_token,
    "SetUserMFAPreference" => mfa_preference::set_user_mfa_preference,
    "SetUserPoolMfaConfig" => mfa_config::set_user_pool_mfa_config,
    "SetUserSettings" => user_settings::set_user_settings,
    "SignUp" => sign_up::sign_up,
    "StartWebAuthnRegistration" => passkeys::start_web_authn_registration,
    "UpdateDeviceStatus" => devices::update_device_status,
    "UpdateGroup" => groups::update_group,
    "UpdateIdentityProvider" => identity_providers::update_identity_provider,
    "UpdateResourceServer" => resource_servers::update_resource_server,
    "UpdateUserAttributes" => user_attributes::update_user_attributes,
    "UpdateUserPool" => pools::update_user_pool,
    "UpdateUserPoolClient" => clients::update_user_pool_client,
    "UpdateUserPoolDomain" => domains::update_user_pool_domain,
    "VerifySoftwareToken" => auth::verify_software_token,
    "VerifyUserAttribute" => verify_attribute::verify_user_attribute,
}

/// Who makes a call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Caller {
    /// The region of the signature, if there is one.
    pub(crate) region: Option<String>,
    /// Whether it is a function of the pools.
    pub(crate) is_function: bool,
}

/// Serves one call. `operation` is the name of the operation without the prefix of the service.
///
/// An empty body counts as `{}`. Unlike `serve_json`, a body that isn't JSON is refused before the name of the
/// operation is looked up, and isn't reported as an activity.
///
/// # Errors
/// - `SerializationException`: the body isn't JSON.
/// - The errors of `serve_json`.
pub(crate) async fn serve(
    service: &Arc<Service>,
    operation: &str,
    body: &[u8],
    caller: Caller,
) -> Result<Value, ApiError> {
    let input = if body.is_empty() { json!({}) } else { parse(body)? };
    serve_json(service, operation, input, caller).await
}

/// Serves one call whose input is parsed.
///
/// The reported activity has the operation's name as the caller wrote it, and the duration including validation. The
/// activities of the call's triggers and messages come before it.
///
/// # Errors
/// - `UnknownOperationException` or `UnsupportedOperationException`: see the steps at the top of this file.
/// - `InvalidParameterException` or `SerializationException`: the input doesn't match the service model.
/// - The exceptions of the operation.
/// - `InternalErrorException`, in builds with debug assertions only: the pool's own answer doesn't match the service
///   model.
pub(crate) async fn serve_json(
    service: &Arc<Service>,
    operation: &str,
    input: Value,
    caller: Caller,
) -> Result<Value, ApiError> {
    let Caller { region, is_function } = caller;
    let draft = service.begin(operation, &input, is_function);
    let (result, traced) = trace::run(service.calls.begin(&draft), async {
        let mut call = accept(service, operation, input)?;
        call.region = region;
        let operation = call.operation;
        if let Some(drill) = service.drills.for_operation(operation) {
            trace::note_drill(&drill.name);
            return Err(drill.what);
        }
        let served = run(call).await;
        let served = served.unwrap_or_else(|| Err(ApiError::not_simulated(operation)));
        match model::operation(operation) {
            Some(operation) if cfg!(debug_assertions) => checked(operation, served),
            _ => served,
        }
    })
    .await;
    end(service, draft, &result, traced);
    result
}

/// Records a call that has ended.
pub(crate) fn end(service: &Service, draft: Draft, result: &Result<Value, ApiError>, traced: Traced) {
    let exception = result.as_ref().err();
    let exception = exception.map(|error| (error.class().to_owned(), error.message().to_owned()));
    service.record_call(draft, exception, result.as_ref().ok(), traced);
}

/// Confirms a user as the link of a sign-up message does: without a secret hash.
///
/// The input has the members of ConfirmSignUp. It fires the same trigger, `PostConfirmation_ConfirmSignUp`, and
/// fails with the same exceptions, except those about the secret hash. It is reported as a call of ConfirmSignUp.
pub(crate) async fn confirm_by_link(service: &Arc<Service>, input: Value) -> Result<Value, ApiError> {
    let operation = "ConfirmSignUp";
    let draft = service.begin(operation, &input, false);
    let (result, traced) = trace::run(service.calls.begin(&draft), async {
        let call = accept(service, operation, input)?;
        let found = call.client()?;
        confirm_sign_up::confirm(&call, &found).await?;
        Ok(json!({}))
    })
    .await;
    end(service, draft, &result, traced);
    result
}

/// Checks the input of a call against the service model.
///
/// Nulls are removed from the input: Cognito reads them as missing members. Nothing is looked up in the state.
///
/// # Errors
/// - `UnknownOperationException`: Cognito has no such operation.
/// - `UnsupportedOperationException`: Cognito has the operation, but the pool doesn't simulate it.
/// - `InvalidParameterException`: a value breaks a constraint, or a member isn't in the model.
/// - `SerializationException`: a value has the wrong JSON type.
pub(crate) fn accept(service: &Arc<Service>, operation: &str, mut input: Value) -> Result<Call, ApiError> {
    let Some(operation) = model::operation(operation) else {
        return Err(if model::is_other_operation(operation) {
            ApiError::not_simulated(operation)
        } else {
            let message = format!("{operation} is not an operation of Amazon Cognito user pools");
            ApiError::new("UnknownOperationException", message)
        });
    };
    validate(operation.input, &mut input)?;
    Ok(Call {
        service: service.clone(),
        operation: operation.name,
        input: Arc::new(Input::new(input)),
        region: None,
    })
}

/// Parses the body of a request.
///
/// # Errors
/// `SerializationException` with the location of the syntax error. The text quotes nothing of the body, which may hold a
/// password.
fn parse(body: &[u8]) -> Result<Value, ApiError> {
    serde_json::from_slice(body).map_err(|error| {
        // The error message of serde_json quotes no value of the request.
        ApiError::new(
            "SerializationException",
            format!("the request isn't JSON: {error}"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LocalPool;
    use crate::recording::is_read_only;

    /// Operations of tags, which aren't simulated yet.
    const LATER: [&str; 3] = ["ListTagsForResource", "TagResource", "UntagResource"];

    #[test]
    fn every_operation_is_served_or_comes_later() {
        let names = model::operation_names();
        let unserved: Vec<_> = names.filter(|name| !SERVED.contains(name)).collect();
        assert_eq!(unserved, LATER);
        assert!(SERVED.iter().all(|name| model::operation(name).is_some()));
    }

    /// Operations that the pool of the test refuses: nobody has a device there, and the app client has no secret.
    const REFUSED: [&str; 3] = ["AdminGetDevice", "GetClientToken", "GetDevice"];

    #[tokio::test]
    async fn what_counts_as_read_only_changes_nothing() {
        let pool = LocalPool::builder()
            .client_setting("ExplicitAuthFlows", json!(["ALLOW_USER_PASSWORD_AUTH"]))
            .client_setting(
                "RefreshTokenRotation",
                json!({ "Feature": "ENABLED", "RetryGracePeriodSeconds": 0 }),
            )
            .record(std::io::sink())
            .start_in_process()
            .unwrap();
        let id = "us-east-1_localpool";
        let email = json!([{ "Name": "email", "Value": "ana@example.com" }]);
        let provider_details = json!({
            "client_id": "a", "client_secret": "b", "authorize_scopes": "openid",
        });
        for (operation, input) in [
            (
                "AdminCreateUser",
                json!({ "Username": "ana", "UserAttributes": email, "MessageAction": "SUPPRESS" }),
            ),
            (
                "AdminSetUserPassword",
                json!({ "Username": "ana", "Password": "Sunny-Day-42", "Permanent": true }),
            ),
            ("CreateGroup", json!({ "GroupName": "staff" })),
            (
                "CreateResourceServer",
                json!({ "Identifier": "shop", "Name": "shop" }),
            ),
            ("CreateUserPoolDomain", json!({ "Domain": "example" })),
            (
                "CreateIdentityProvider",
                json!({
                    "ProviderName": "Google", "ProviderType": "Google", "ProviderDetails": provider_details,
                    "IdpIdentifiers": ["google"],
                }),
            ),
        ] {
            let mut input = input;
            input["UserPoolId"] = json!(id);
            pool.call(operation, input).await.unwrap();
        }
        let sign_in = json!({
            "ClientId": "localclient", "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": { "USERNAME": "ana", "PASSWORD": "Sunny-Day-42" },
        });
        let tokens = pool.call("InitiateAuth", sign_in).await.unwrap()["AuthenticationResult"].clone();
        let all = json!({
            "UserPoolId": id, "Username": "ana", "ClientId": "localclient", "GroupName": "staff", "Identifier": "shop",
            "Domain": "example", "ProviderName": "Google", "IdpIdentifier": "google", "AttributeName": "email",
            "MaxResults": 10, "AccessToken": tokens["AccessToken"], "RefreshToken": tokens["RefreshToken"],
            "DeviceKey": "us-east-1_00000000-0000-0000-0000-000000000000", "Secret": "s",
        });
        let service = pool.service();
        let mut refused = Vec::new();
        for name in SERVED
            .iter()
            .filter(|name| name.contains("Get") || is_read_only(name))
        {
            let members = match model::operation(name).unwrap().input.kind {
                model::Kind::Structure(members) => members,
                _ => &[],
            };
            let required = members.iter().filter(|member| member.required);
            let given =
                required.filter_map(|member| Some((member.name.to_owned(), all.get(member.name)?.clone())));
            let input = Value::Object(given.collect());
            let (served, traced) = trace::run(None, async {
                let call = accept(&service, name, input)?;
                run(call).await.unwrap()
            })
            .await;
            match served {
                Ok(_) => assert_eq!(traced.first_change().is_none(), is_read_only(name), "{name}"),
                Err(error) => refused.push((*name, error)),
            }
        }
        let names: Vec<_> = refused.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, REFUSED, "{refused:?}");
    }
}
