//! Which calls of an app fill `clientMetadata` and `validationData`: the table nobody remembers.

/// Where a map that an app sends along comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metadata {
    /// The calls, or the parameter of the calls, that it comes from.
    pub from: &'static [&'static str],
    /// Calls that people expect it from, and that don't pass it on.
    pub never: &'static [&'static str],
    /// What else is known; empty if nothing.
    pub note: &'static str,
}

impl Metadata {
    /// Whether the map comes from the parameter `parameter` of `call`. Where the table names a call alone, it is the
    /// parameter `ClientMetadata`.
    ///
    /// ```
    /// use cognito_triggers_model::{Route, explain::facts};
    ///
    /// let validation_data = facts(Route::PreAuthentication).validation_data.ok_or("no such field")?;
    /// assert!(validation_data.comes_from("ClientMetadata", "InitiateAuth"));
    /// assert!(!validation_data.comes_from("ValidationData", "SignUp"));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn comes_from(&self, parameter: &str, call: &str) -> bool {
        self.from.iter().any(|from| match from.split_once(" of ") {
            // Words in parentheses may follow the name of the call.
            Some((known, rest)) => {
                known == parameter
                    && rest
                        .strip_prefix(call)
                        .is_some_and(|end| end.is_empty() || end.starts_with(" ("))
            }
            None => *from == call && parameter == "ClientMetadata",
        })
    }
}

const SIGN_IN: &[&str] = &["InitiateAuth", "AdminInitiateAuth"];
const RESPOND: &[&str] = &["RespondToAuthChallenge", "AdminRespondToAuthChallenge"];

pub(super) const PRE_SIGN_UP: Metadata = Metadata {
    from: &[
        "SignUp",
        "AdminCreateUser",
        "AdminRespondToAuthChallenge",
        "ForgotPassword",
    ],
    never: &[],
    note: "",
};

pub(super) const VALIDATION_OF_SIGN_UP: Metadata = Metadata {
    from: &["ValidationData of SignUp", "ValidationData of AdminCreateUser"],
    never: SIGN_IN,
    note: "",
};

pub(super) const VALIDATION_OF_SIGN_IN: Metadata = Metadata {
    from: &[
        "ClientMetadata of InitiateAuth",
        "ClientMetadata of AdminInitiateAuth",
    ],
    never: &[],
    note: "What the app calls ClientMetadata arrives under this name.",
};

pub(super) const MESSAGES: Metadata = Metadata {
    from: &[
        "SignUp",
        "ResendConfirmationCode",
        "ForgotPassword",
        "AdminResetUserPassword",
        "UpdateUserAttributes",
        "AdminUpdateUserAttributes",
        "GetUserAttributeVerificationCode",
        "AdminRespondToAuthChallenge",
    ],
    never: SIGN_IN,
    note: "",
};

pub(super) const CONFIRMATION: Metadata = Metadata {
    from: &[
        "ConfirmSignUp",
        "AdminConfirmSignUp",
        "ConfirmForgotPassword",
        "SignUp",
    ],
    never: &[],
    note: "",
};

pub(super) const CHALLENGES: Metadata = Metadata {
    from: RESPOND,
    never: SIGN_IN,
    note: "",
};

pub(super) const CREATE: Metadata = Metadata {
    from: RESPOND,
    never: SIGN_IN,
    note: "Documented, but it was also reported not to arrive.",
};

pub(super) const TOKENS: Metadata = Metadata {
    from: &[
        "RespondToAuthChallenge",
        "AdminRespondToAuthChallenge",
        "GetTokensFromRefreshToken",
        "aws_client_metadata of the token endpoint (client_credentials, V3_0 only)",
    ],
    never: SIGN_IN,
    note: "",
};

pub(super) const MIGRATION: Metadata = Metadata {
    from: &["AdminRespondToAuthChallenge", "ForgotPassword"],
    never: &[],
    note: "",
};

pub(super) const EMAIL: Metadata = Metadata {
    from: &[
        "SignUp",
        "ForgotPassword",
        "RespondToAuthChallenge",
        "AdminRespondToAuthChallenge",
    ],
    never: SIGN_IN,
    note: "Also sent for CustomEmailSender_Authentication; never for _AccountTakeOverNotification.",
};
