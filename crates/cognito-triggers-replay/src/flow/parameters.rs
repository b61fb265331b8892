//! The values that the fields of a call can have.

/// The user comes back from an identity provider. It isn't an operation of the API.
pub const FEDERATED_SIGN_IN: &str = "FederatedSignIn";

/// A machine asks the token endpoint for a token with its client credentials. It isn't an operation of the API.
pub const CLIENT_CREDENTIALS: &str = "ClientCredentials";

/// How a sign-in starts.
///
/// ```
/// use cognito_triggers_replay::flow::AuthFlow;
///
/// assert_eq!(AuthFlow::UserSrpAuth.to_string(), "USER_SRP_AUTH");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthFlow {
    /// With the password in plain text. Only this variant and the next can migrate a user.
    UserPasswordAuth,
    /// With the password in plain text, sent by a server: for `AdminInitiateAuth`.
    AdminUserPasswordAuth,
    /// With a proof of the password (SRP). The flow answers the challenge `PASSWORD_VERIFIER` in the same call, as client
    /// libraries do.
    UserSrpAuth,
    /// With custom challenges.
    CustomAuth,
    /// With a proof of the password and then custom challenges: `CUSTOM_AUTH` with `CHALLENGE_NAME` = `SRP_A`.
    CustomAuthWithSrp,
    /// With the refresh token.
    RefreshTokenAuth,
}

impl AuthFlow {
    /// All of them, with their names in a flow file.
    pub(super) const ALL: [(&'static str, Self); 6] = [
        ("USER_PASSWORD_AUTH", Self::UserPasswordAuth),
        ("ADMIN_USER_PASSWORD_AUTH", Self::AdminUserPasswordAuth),
        ("USER_SRP_AUTH", Self::UserSrpAuth),
        ("CUSTOM_AUTH", Self::CustomAuth),
        ("CUSTOM_AUTH_WITH_SRP", Self::CustomAuthWithSrp),
        ("REFRESH_TOKEN_AUTH", Self::RefreshTokenAuth),
    ];
}

/// Whether the user types the right password or code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Typed {
    /// The right one.
    #[default]
    Right,
    /// Another one.
    Wrong,
}

impl Typed {
    /// Both, with their names in a flow file.
    pub(super) const ALL: [(&'static str, Self); 2] = [("right", Self::Right), ("wrong", Self::Wrong)];
}

/// How the user answers a custom challenge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// With the value of the private challenge parameter. There must be only one, or only one whose name contains `answer`,
    /// `code`, `otp`, `pin` or `secret`.
    #[default]
    Right,
    /// With another value of the same kind: another six digits for six digits.
    Wrong,
    /// With the value of the private challenge parameter of this name.
    Private(String),
    /// With this text.
    Text(String),
}

/// How a trigger fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The function returns an error.
    Error,
    /// The process of the function ends.
    Crash,
    /// No answer comes in time. The flow doesn't wait: it reports the timeout at once.
    Timeout,
    /// Lambda refuses the invocation, because too many run at the same time.
    Throttle,
    /// The pool has no permission to invoke the function.
    Forbid,
    /// The function answers `null`.
    Null,
    /// The function's answer isn't JSON.
    Garbage,
    /// The function's answer is an object, but not the event.
    WrongShape,
}

impl Fault {
    /// All of them, with their names in a flow file.
    pub(super) const ALL: [(&'static str, Self); 8] = [
        ("error", Self::Error),
        ("crash", Self::Crash),
        ("timeout", Self::Timeout),
        ("throttle", Self::Throttle),
        ("forbid", Self::Forbid),
        ("null", Self::Null),
        ("garbage", Self::Garbage),
        ("wrongShape", Self::WrongShape),
    ];

    /// The name in a flow file.
    pub(super) fn name(self) -> &'static str {
        let found = Self::ALL.into_iter().find(|(_, fault)| *fault == self);
        found.map_or("", |(name, _)| name)
    }
}
