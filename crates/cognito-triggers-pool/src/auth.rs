//! Sign-in: `InitiateAuth`, `RespondToAuthChallenge`, their counterparts for administrators, and sign-out.
//!
//! A call ends with tokens, with a challenge, or with an error. A session keeps what the answer to a challenge needs.
//! Triggers run with no lock held, and the user is read again after each.
//!
//! The rows of the truth table, by flow: PW and AP passwords, SRP, NP and NA new passwords, CA, CB, CR and CX
//! custom sign-in, UA the choice of a factor, MF and MA second factors, MG user migration, RF and GT refreshing, SO signing out.

mod attempt;
mod choice;
mod code;
mod custom;
mod device;
mod factors;
mod finish;
mod flow;
pub(crate) mod hosted;
pub(crate) mod machine;
mod mfa;
mod migration;
mod new_password;
mod next;
pub(crate) mod passkey;
mod password;
mod refresh;
mod sign_in_user;
mod sign_out;
mod software_token;
mod srp;
mod verifier;

use serde_json::Value;

use self::attempt::{Attempt, Stage};
pub(crate) use self::factors::{admin_get_user_auth_factors, get_user_auth_factors};
use self::flow::Flow;
pub(crate) use self::migration::{Migration, migrate};
pub(crate) use self::refresh::{get_tokens_from_refresh_token, renew};
pub(crate) use self::sign_out::{admin_user_global_sign_out, global_sign_out, revoke_token};
pub(crate) use self::software_token::{associate_software_token, verify_software_token};
use crate::call::Call;
use crate::error::ApiError;

/// InitiateAuth and AdminInitiateAuth.
///
/// The order is: pool and app client, the flow and whether the client allows it, parameters that aren't
/// simulated, then the flow itself. `ClientMetadata` reaches PreAuthentication and UserMigration as
/// `validationData`, and no other trigger (PW-15).
///
/// # Errors
/// - `ResourceNotFoundException`: there is no such pool or app client (PW-20).
/// - `InvalidParameterException`: the client doesn't allow the flow (PW-13, AP-13, SRP-12, CA-10), or a
///   parameter is missing (PW-14).
/// - `UnsupportedOperationException`: the flow or a parameter isn't simulated.
/// - The exceptions of the flow.
pub(crate) async fn initiate_auth(call: Call) -> Result<Value, ApiError> {
    let attempt = Attempt::new(call, Stage::Initiate)?;
    let flow = Flow::parse(attempt.input("AuthFlow"), attempt.is_admin())?;
    flow.check_enabled(&attempt.client)?;
    attempt.refuse_unsimulated()?;
    match flow {
        Flow::Password | Flow::AdminPassword => password::start(&attempt).await,
        Flow::Srp => srp::start(&attempt).await,
        Flow::Custom => custom::start(&attempt).await,
        Flow::Choice => choice::start(&attempt).await,
        Flow::Refresh => refresh::start(&attempt).await,
    }
}

/// RespondToAuthChallenge and AdminRespondToAuthChallenge.
///
/// `ClientMetadata` reaches the triggers of this call as `clientMetadata`, except PreAuthentication (CR-06,
/// NP-11).
///
/// # Errors
/// - `ResourceNotFoundException`: there is no such pool or app client.
/// - `UnsupportedOperationException`: the challenge or a parameter isn't simulated.
/// - The exceptions of the challenge.
pub(crate) async fn respond_to_auth_challenge(call: Call) -> Result<Value, ApiError> {
    let attempt = Attempt::new(call, Stage::Respond)?;
    attempt.refuse_unsimulated()?;
    respond(&attempt).await
}

/// Answers a challenge, of whatever name.
async fn respond(attempt: &Attempt) -> Result<Value, ApiError> {
    match attempt.input("ChallengeName") {
        "PASSWORD_VERIFIER" => srp::respond(attempt).await,
        "CUSTOM_CHALLENGE" => custom::respond(attempt).await,
        "NEW_PASSWORD_REQUIRED" => new_password::respond(attempt).await,
        "SMS_MFA" | "SOFTWARE_TOKEN_MFA" | "EMAIL_OTP" | "SMS_OTP" => code::respond(attempt).await,
        "SELECT_MFA_TYPE" => mfa::select(attempt).await,
        "DEVICE_SRP_AUTH" => device::respond(attempt).await,
        "DEVICE_PASSWORD_VERIFIER" => device::prove(attempt).await,
        "SELECT_CHALLENGE" => choice::select(attempt).await,
        "WEB_AUTHN" => passkey::respond(attempt).await,
        "PASSWORD" => choice::respond(attempt, "PASSWORD").await,
        "PASSWORD_SRP" => choice::respond(attempt, "PASSWORD_SRP").await,
        "MFA_SETUP" => mfa::respond_to_setup(attempt).await,
        other => Err(ApiError::not_simulated(format_args!("the challenge {other}"))),
    }
}
