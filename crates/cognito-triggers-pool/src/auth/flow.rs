//! The flows of InitiateAuth, and which of them an app client allows.

use crate::error::ApiError;
use crate::state::{AppClient, Rotation};

/// The flow of a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// `USER_PASSWORD_AUTH`
    Password,
    /// `ADMIN_USER_PASSWORD_AUTH` and its older name `ADMIN_NO_SRP_AUTH`.
    AdminPassword,
    /// `USER_SRP_AUTH`
    Srp,
    /// `CUSTOM_AUTH`
    Custom,
    /// `USER_AUTH`
    Choice,
    /// `REFRESH_TOKEN_AUTH` and its older name `REFRESH_TOKEN`.
    Refresh,
}

/// The legacy names in `ExplicitAuthFlows`, without `ALLOW_`. With them, SRP, custom sign-in and refreshing are always
/// allowed.
const LEGACY: [&str; 2] = ["ADMIN_NO_SRP_AUTH", "USER_PASSWORD_AUTH"];

/// The legacy name for a client that allows only custom sign-in and refreshing (CA-16).
const CUSTOM_ONLY: &str = "CUSTOM_AUTH_FLOW_ONLY";

impl Flow {
    /// Parses `AuthFlow`.
    ///
    /// # Errors
    /// `InvalidParameterException` for a flow of administrators in InitiateAuth, and
    /// `UnsupportedOperationException` for a flow that isn't simulated.
    pub(super) fn parse(name: &str, admin: bool) -> Result<Self, ApiError> {
        match name {
            "USER_PASSWORD_AUTH" => Ok(Self::Password),
            "ADMIN_USER_PASSWORD_AUTH" | "ADMIN_NO_SRP_AUTH" if admin => Ok(Self::AdminPassword),
            "ADMIN_USER_PASSWORD_AUTH" | "ADMIN_NO_SRP_AUTH" => {
                Err(ApiError::invalid_parameter("Initiate Auth method not supported."))
            }
            "USER_SRP_AUTH" => Ok(Self::Srp),
            "CUSTOM_AUTH" => Ok(Self::Custom),
            "USER_AUTH" => Ok(Self::Choice),
            "REFRESH_TOKEN_AUTH" | "REFRESH_TOKEN" => Ok(Self::Refresh),
            other => Err(ApiError::not_simulated(format_args!("the flow {other}"))),
        }
    }

    /// Refuses a flow that the app client doesn't allow.
    ///
    /// A client without `ExplicitAuthFlows` allows SRP, custom sign-in and refreshing.
    ///
    /// # Errors
    /// - `UnsupportedOperationException`: refresh tokens rotate (RF-08).
    /// - `InvalidParameterException` with Cognito's message for the flow (PW-13, AP-13, SRP-12, CA-10, UA-10,
    ///   CA-16).
    pub(super) fn check_enabled(self, client: &AppClient) -> Result<(), ApiError> {
        if self == Self::Refresh && Rotation::of(client).is_some() {
            let message = "This API does not support refresh token rotation";
            return Err(ApiError::new("UnsupportedOperationException", message));
        }
        if client.allows(&[CUSTOM_ONLY]) && !matches!(self, Self::Custom | Self::Refresh) {
            return Err(ApiError::invalid_parameter(
                "Only custom auth (lambda driven) is enabled for this client.",
            ));
        }
        let unset = client.strings("ExplicitAuthFlows").next().is_none();
        let legacy = unset || client.allows(&LEGACY) || client.allows(&[CUSTOM_ONLY]);
        let (allowed, message) = match self {
            Self::Password => (
                client.allows(&["ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"]),
                "USER_PASSWORD_AUTH flow not enabled for this client",
            ),
            Self::AdminPassword => (
                client.allows(&["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"]),
                "Auth flow not enabled for this client",
            ),
            Self::Srp => (
                legacy || client.allows(&["ALLOW_USER_SRP_AUTH"]),
                "USER_SRP_AUTH is not enabled for the client.",
            ),
            Self::Custom => (
                legacy || client.allows(&["ALLOW_CUSTOM_AUTH"]),
                "CUSTOM_AUTH is not enabled for the client.",
            ),
            Self::Choice => (
                client.allows(&["ALLOW_USER_AUTH"]),
                "USER_AUTH is not enabled for the client.",
            ),
            Self::Refresh => (
                legacy || client.allows(&["ALLOW_REFRESH_TOKEN_AUTH"]),
                "Auth flow not enabled for this client",
            ),
        };
        if allowed {
            Ok(())
        } else {
            Err(ApiError::invalid_parameter(message))
        }
    }
}
