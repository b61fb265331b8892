//! Which API calls of an app fill `clientMetadata` and `validationData`.
//!
//! An app sends strings along with some calls, as `ClientMetadata` or `ValidationData`. Which trigger gets them
//! depends on the call, and the names differ: what InitiateAuth takes as `ClientMetadata` reaches pre authentication
//! as `validationData`. The app's user can write the values, so don't trust them. The tables follow
//! AWS's pages of the triggers and of the token endpoint.

use crate::{
    route::Route,
    triggers::{Suffix, includes},
};

/// The calls with which an app fills a map of an event.
///
/// ```
/// use cognito_triggers_model::{Route, app_data::client_metadata};
///
/// let metadata = client_metadata(Route::PreTokenGenerationV3).ok_or("no such field")?;
/// let machine: Vec<_> = metadata.of(Some("TokenGeneration_ClientCredentials")).collect();
/// assert_eq!(machine[0].operation, "the token endpoint");
/// assert_eq!(machine[0].parameter, "aws_client_metadata");
/// assert!(metadata.never.contains(&"InitiateAuth"));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AppData {
    /// The calls that fill the map.
    pub from: &'static [Origin],
    /// Calls from which developers expect it, and which don't pass it on.
    ///
    /// Empty if there are none.
    pub never: &'static [&'static str],
    /// What else is known; empty if there is nothing.
    pub note: &'static str,
}

/// A call that fills a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Origin {
    /// The API operation, or the endpoint.
    ///
    /// Such as `InitiateAuth`, or "the token endpoint".
    pub operation: &'static str,
    /// The parameter of the call: `ClientMetadata` or `ValidationData`.
    ///
    /// At the token endpoint it is the form field `aws_client_metadata`, a JSON object.
    pub parameter: &'static str,
    /// The sources, after the underscore, whose events have it; empty for every source of the trigger.
    pub sources: &'static [Suffix],
}

impl AppData {
    /// The calls that fill the map for one `triggerSource`, or for all sources of the trigger.
    ///
    /// A source without an underscore stands for all sources. Unknown sources get the calls that hold for every
    /// source.
    pub fn of(&self, source: Option<&str>) -> impl Iterator<Item = &'static Origin> {
        self.from
            .iter()
            .filter(move |origin| includes(origin.sources, source))
    }

    /// Whether a parameter of an API operation fills the map in an event with this `triggerSource`.
    ///
    /// ```
    /// use cognito_triggers_model::{Route, app_data::validation_data};
    ///
    /// let data = validation_data(Route::PreAuthentication).unwrap();
    /// assert!(data.comes_from("ClientMetadata", "InitiateAuth", "PreAuthentication_Authentication"));
    /// assert!(!data.comes_from("ValidationData", "SignUp", "PreAuthentication_Authentication"));
    /// ```
    pub fn comes_from(&self, parameter: &str, operation: &str, source: &str) -> bool {
        self.of(Some(source))
            .any(|origin| origin.parameter == parameter && origin.operation == operation)
    }
}

/// Where `request.clientMetadata` comes from; `None` if the events of the trigger have no such field.
///
/// The field itself is absent in most events if the app sent none, and null in those of custom senders.
///
/// ```
/// use cognito_triggers_model::{Route, app_data::client_metadata};
///
/// let metadata = client_metadata(Route::CustomMessage).unwrap();
/// let calls: Vec<_> = metadata.of(Some("CustomMessage_ResendCode")).map(|origin| origin.operation).collect();
/// assert_eq!(calls, ["ResendConfirmationCode"]);
/// ```
pub fn client_metadata(route: Route) -> Option<&'static AppData> {
    match route {
        Route::PreSignUp => Some(&PRE_SIGN_UP),
        Route::CustomMessage => Some(&MESSAGES),
        Route::PostConfirmation => Some(&CONFIRMATION),
        Route::PostAuthentication | Route::DefineAuthChallenge | Route::VerifyAuthChallengeResponse => {
            Some(&CHALLENGES)
        }
        Route::CreateAuthChallenge => Some(&CREATE),
        Route::PreTokenGenerationV1 | Route::PreTokenGenerationV2 => Some(&TOKENS_OF_USERS),
        Route::PreTokenGenerationV3 => Some(&TOKENS),
        Route::UserMigration => Some(&MIGRATION),
        Route::CustomSmsSender => Some(&SMS),
        Route::CustomEmailSender => Some(&EMAIL),
        Route::PreAuthentication | Route::InboundFederation => None,
    }
}

/// Where `request.validationData` comes from; `None` if the events of the trigger have no such field.
///
/// The field itself is null if the app sent none, and `{}` for a federated user.
///
/// ```
/// use cognito_triggers_model::{Route, app_data::validation_data};
///
/// assert!(validation_data(Route::UserMigration).is_some());
/// assert!(validation_data(Route::CustomMessage).is_none());
/// ```
pub fn validation_data(route: Route) -> Option<&'static AppData> {
    match route {
        Route::PreSignUp => Some(&VALIDATION_OF_SIGN_UP),
        Route::PreAuthentication | Route::UserMigration => Some(&VALIDATION_OF_SIGN_IN),
        Route::CustomMessage
        | Route::PostConfirmation
        | Route::PostAuthentication
        | Route::DefineAuthChallenge
        | Route::CreateAuthChallenge
        | Route::VerifyAuthChallengeResponse
        | Route::PreTokenGenerationV1
        | Route::PreTokenGenerationV2
        | Route::PreTokenGenerationV3
        | Route::CustomSmsSender
        | Route::CustomEmailSender
        | Route::InboundFederation => None,
    }
}

/// The calls that begin a sign-in. Their ClientMetadata reaches few triggers.
const SIGN_IN: &[&str] = &["InitiateAuth", "AdminInitiateAuth"];

/// A call whose `ClientMetadata` fills the map.
const fn client(operation: &'static str, sources: &'static [Suffix]) -> Origin {
    Origin {
        operation,
        parameter: "ClientMetadata",
        sources,
    }
}

/// A call whose `ValidationData` fills the map.
const fn validation(operation: &'static str, sources: &'static [Suffix]) -> Origin {
    Origin {
        operation,
        parameter: "ValidationData",
        sources,
    }
}

/// `clientMetadata` of pre sign-up.
static PRE_SIGN_UP: AppData = AppData {
    from: &[
        client("SignUp", &["SignUp"]),
        client("AdminCreateUser", &["AdminCreateUser"]),
        // A migration creates the user in these calls.
        client("AdminRespondToAuthChallenge", &["AdminCreateUser"]),
        client("ForgotPassword", &["AdminCreateUser"]),
    ],
    never: &[],
    note: "",
};

/// `validationData` of pre sign-up. An older page of AWS names InitiateAuth here; a newer one corrects it.
static VALIDATION_OF_SIGN_UP: AppData = AppData {
    from: &[
        validation("SignUp", &["SignUp"]),
        validation("AdminCreateUser", &["AdminCreateUser"]),
    ],
    never: SIGN_IN,
    note: "",
};

/// `validationData` of pre authentication and of user migration.
static VALIDATION_OF_SIGN_IN: AppData = AppData {
    from: &[
        client("InitiateAuth", &["Authentication"]),
        client("AdminInitiateAuth", &["Authentication"]),
    ],
    never: &[],
    note: "The app's ClientMetadata arrives under this name.",
};

/// `clientMetadata` of custom messages.
static MESSAGES: AppData = AppData {
    from: &[
        client("SignUp", &["SignUp"]),
        client("ResendConfirmationCode", &["ResendCode"]),
        client("ForgotPassword", &["ForgotPassword"]),
        client("AdminResetUserPassword", &["ForgotPassword"]),
        client("UpdateUserAttributes", &["UpdateUserAttribute"]),
        client("AdminUpdateUserAttributes", &["UpdateUserAttribute"]),
        client("GetUserAttributeVerificationCode", &["VerifyUserAttribute"]),
        client("AdminRespondToAuthChallenge", &["Authentication"]),
    ],
    never: SIGN_IN,
    note: "",
};

/// `clientMetadata` of post confirmation.
static CONFIRMATION: AppData = AppData {
    from: &[
        client("ConfirmSignUp", &["ConfirmSignUp"]),
        client("AdminConfirmSignUp", &["ConfirmSignUp"]),
        client("SignUp", &["ConfirmSignUp"]),
        client("ConfirmForgotPassword", &["ConfirmForgotPassword"]),
    ],
    never: &[],
    note: "",
};

/// The calls that answer a challenge.
const RESPOND: &[Origin] = &[
    client("RespondToAuthChallenge", &[]),
    client("AdminRespondToAuthChallenge", &[]),
];

/// `clientMetadata` of post authentication, of define and of verify.
static CHALLENGES: AppData = AppData {
    from: RESPOND,
    never: SIGN_IN,
    note: "",
};

/// `clientMetadata` of the custom SMS sender.
static SMS: AppData = AppData {
    from: &[
        client("RespondToAuthChallenge", &["Authentication"]),
        client("AdminRespondToAuthChallenge", &["Authentication"]),
    ],
    never: SIGN_IN,
    note: "",
};

/// `clientMetadata` of create auth challenge.
static CREATE: AppData = AppData {
    from: RESPOND,
    never: SIGN_IN,
    note: "Documented, but a report says that it doesn't arrive.",
};

/// The calls from which token generation gets no `clientMetadata`.
const NEVER_FOR_TOKENS: &[&str] = &[
    "InitiateAuth",
    "AdminInitiateAuth",
    "InitiateAuth with REFRESH_TOKEN_AUTH",
];

/// The sources of tokens at the end of a challenge.
const AFTER_CHALLENGE: &[Suffix] = &["Authentication", "NewPasswordChallenge", "AuthenticateDevice"];

/// `clientMetadata` of token generation in versions 1 and 2, which run for users only.
static TOKENS_OF_USERS: AppData = AppData {
    from: &[
        client("RespondToAuthChallenge", AFTER_CHALLENGE),
        client("AdminRespondToAuthChallenge", AFTER_CHALLENGE),
        client("GetTokensFromRefreshToken", &["RefreshTokens", "Authentication"]),
    ],
    never: NEVER_FOR_TOKENS,
    note: "A refresh passes it on through GetTokensFromRefreshToken only.",
};

/// `clientMetadata` of token generation in version 3, which runs for machines too.
static TOKENS: AppData = AppData {
    from: &[
        client("RespondToAuthChallenge", AFTER_CHALLENGE),
        client("AdminRespondToAuthChallenge", AFTER_CHALLENGE),
        client("GetTokensFromRefreshToken", &["RefreshTokens", "Authentication"]),
        Origin {
            operation: "the token endpoint",
            parameter: "aws_client_metadata",
            sources: &["ClientCredentials"],
        },
        client("GetClientToken", &["ClientCredentials"]),
    ],
    never: NEVER_FOR_TOKENS,
    note: "A refresh passes it on through GetTokensFromRefreshToken only, the token endpoint for client_credentials \
           only (V3_0).",
};

/// `clientMetadata` of user migration.
static MIGRATION: AppData = AppData {
    from: &[
        client("AdminRespondToAuthChallenge", &["Authentication"]),
        client("ForgotPassword", &["ForgotPassword"]),
    ],
    never: &[],
    note: "",
};

/// `clientMetadata` of the custom email sender.
static EMAIL: AppData = AppData {
    from: &[
        client("RespondToAuthChallenge", &["Authentication"]),
        client("AdminRespondToAuthChallenge", &["Authentication"]),
        client("SignUp", &["SignUp"]),
        client("ForgotPassword", &["ForgotPassword"]),
    ],
    never: SIGN_IN,
    note: "Never for CustomEmailSender_AccountTakeOverNotification.",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_of_an_origin_exists() {
        for route in Route::ALL {
            let suffixes: Vec<_> = route
                .definition()
                .sources
                .iter()
                .filter_map(|source| Some(source.name.split_once('_')?.1))
                .collect();
            for data in [client_metadata(*route), validation_data(*route)]
                .into_iter()
                .flatten()
            {
                for source in data.from.iter().flat_map(|origin| origin.sources) {
                    assert!(suffixes.contains(source), "{route}: {source}");
                }
            }
        }
    }
}
