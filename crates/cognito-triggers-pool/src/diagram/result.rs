//! What an app gets from a call, in a few words.

use std::fmt;

use serde_json::Value;

/// What an app gets from a call.
///
/// `Display` is the text at the end of a diagram, which `expect` in a flow file is compared with.
///
/// | variant | text |
/// |---|---|
/// | `Success` | `success`, or `success: a code is on its way` |
/// | `NotSent` | `not sent: CustomEmailSender_SignUp fails, and the app isn't told` |
/// | `Tokens` | `tokens` |
/// | `Challenge` | `challenge CUSTOM_CHALLENGE with hint` |
/// | `Exception` | `CodeMismatchException: Invalid verification code provided, please try again.` |
/// | `Unknown` | `unknown: ` and the reason |
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApiResult {
    /// Success. The string says what has happened; it may be empty.
    Success(String),
    /// Success or a challenge, but no message is sent: the custom sender of this trigger source failed, and the app isn't told.
    NotSent(String),
    /// Tokens.
    Tokens,
    /// A challenge that the user has to answer.
    Challenge {
        /// `ChallengeName`.
        name: String,
        /// The keys of a custom challenge's `publicChallengeParameters`. Values may be secret.
        parameters: Vec<String>,
    },
    /// An exception, as `NAME: TEXT`.
    Exception(String),
    /// The call can't be made, or its result is unknown. The string says why.
    Unknown(String),
}

/// What can follow `success: `.
pub const DETAILS: [&str; 4] = [CODE, CONFIRMED, TEMPORARY, CHANGED];

/// A message with a code was sent.
const CODE: &str = "a code is on its way";
/// The user can sign in.
const CONFIRMED: &str = "the user is confirmed";
/// A message with a temporary password was sent.
const TEMPORARY: &str = "a temporary password is on its way";
/// The user has a new password.
const CHANGED: &str = "the password is changed";

impl ApiResult {
    /// The result of an operation, from its answer. `sent` is whether the operation sent a message.
    ///
    /// Tokens win over a challenge, and a challenge over everything else. `operation` decides what a plain success means.
    pub fn of_answer(operation: &str, answer: &Value, sent: bool) -> Self {
        if answer.get("AuthenticationResult").is_some_and(Value::is_object) {
            return Self::Tokens;
        }
        if let Some(name) = answer.get("ChallengeName").and_then(Value::as_str) {
            return Self::Challenge {
                name: name.to_owned(),
                parameters: public_parameters(name, answer),
            };
        }
        let has_code = ["CodeDeliveryDetails", "CodeDeliveryDetailsList"]
            .iter()
            .filter_map(|name| answer.get(*name))
            .any(|details| details.as_array().is_none_or(|list| !list.is_empty()));
        let confirmed = answer.get("UserConfirmed") == Some(&Value::Bool(true));
        let detail = match operation {
            _ if has_code => CODE,
            "ConfirmSignUp" | "AdminConfirmSignUp" => CONFIRMED,
            _ if confirmed => CONFIRMED,
            "AdminCreateUser" if sent => TEMPORARY,
            "AdminResetUserPassword" if sent => CODE,
            "ConfirmForgotPassword" | "ChangePassword" | "AdminSetUserPassword" => CHANGED,
            _ => "",
        };
        Self::Success(detail.to_owned())
    }

    /// The result of a call during which a custom sender failed, which the answer of the API doesn't show.
    ///
    /// `source` is the trigger source of the sender; `None` if none failed. Success and a challenge become
    /// [`NotSent`](Self::NotSent), because nobody gets the code. Every other result stays.
    ///
    /// ```
    /// use cognito_triggers_pool::diagram::ApiResult;
    /// use serde_json::json;
    ///
    /// let asked = ApiResult::of_answer("InitiateAuth", &json!({ "ChallengeName": "SMS_MFA" }), true);
    /// assert_eq!(asked.clone().with_failed_sender(None), asked);
    /// let source = "CustomSMSSender_Authentication";
    /// assert_eq!(asked.with_failed_sender(Some(source)), ApiResult::NotSent(source.to_owned()));
    /// ```
    #[must_use]
    pub fn with_failed_sender(self, source: Option<&str>) -> Self {
        match (self, source) {
            (Self::Success(_) | Self::Challenge { .. }, Some(source)) => Self::NotSent(source.to_owned()),
            (result, _) => result,
        }
    }

    /// Whether something went wrong: an exception, a message that isn't sent, or a result that is unknown.
    ///
    /// ```
    /// use cognito_triggers_pool::diagram::ApiResult;
    ///
    /// assert!(ApiResult::NotSent("CustomEmailSender_SignUp".to_owned()).is_failure());
    /// assert!(!ApiResult::Tokens.is_failure());
    /// ```
    pub fn is_failure(&self) -> bool {
        matches!(self, Self::NotSent(_) | Self::Exception(_) | Self::Unknown(_))
    }
}

/// The keys of `ChallengeParameters` that the function has chosen.
///
/// Empty for every challenge but `CUSTOM_CHALLENGE`, because Cognito chooses the parameters of the others.
fn public_parameters(challenge: &str, answer: &Value) -> Vec<String> {
    if challenge != "CUSTOM_CHALLENGE" {
        return Vec::new();
    }
    let parameters = answer.get("ChallengeParameters").and_then(Value::as_object);
    let keys = parameters.into_iter().flat_map(serde_json::Map::keys);
    keys.filter(|key| *key != "USERNAME").cloned().collect()
}

impl fmt::Display for ApiResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Success(result) if result.is_empty() => f.write_str("success"),
            Self::Success(result) => write!(f, "success: {result}"),
            Self::NotSent(source) => write!(f, "not sent: {source} fails, and the app isn't told"),
            Self::Tokens => f.write_str("tokens"),
            Self::Challenge { name, parameters } if parameters.is_empty() => write!(f, "challenge {name}"),
            Self::Challenge { name, parameters } => {
                write!(f, "challenge {name} with {}", parameters.join(", "))
            }
            Self::Exception(text) => f.write_str(text),
            Self::Unknown(why) => write!(f, "unknown: {why}"),
        }
    }
}
