//! On what evidence a trigger is fired.

use serde::{Deserialize, Serialize};

/// On what evidence a trigger is fired in a situation.
///
/// A test of an application should not rest on `Inferred` triggers. `GET /_dev/events` has it as `basis`: `measured`, `documented`
/// or `inferred`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Basis {
    /// A published measurement shows that the operation fires the trigger.
    Measured,
    /// AWS documents it.
    Documented,
    /// It is inferred: Cognito may do something else.
    Inferred,
}

/// The sources that an operation fires, where a row of `tests/truth` measured it.
///
/// A row is about all triggers of a call, so one that measured the call measured each of them. A test holds the list against the rows.
const MEASURED: &[(&str, &[&str])] = &[
    ("AdminConfirmSignUp", &["PostConfirmation_ConfirmSignUp"]),
    (
        "AdminCreateUser",
        &["CustomMessage_AdminCreateUser", "PreSignUp_AdminCreateUser"],
    ),
    (
        "AdminInitiateAuth",
        &[
            "PostAuthentication_Authentication",
            "PreAuthentication_Authentication",
            "TokenGeneration_Authentication",
        ],
    ),
    (
        "AdminUpdateUserAttributes",
        &[
            "CustomEmailSender_UpdateUserAttribute",
            "CustomMessage_UpdateUserAttribute",
        ],
    ),
    (
        "ConfirmForgotPassword",
        &["PostConfirmation_ConfirmForgotPassword"],
    ),
    ("ConfirmSignUp", &["PostConfirmation_ConfirmSignUp"]),
    (
        "ForgotPassword",
        &[
            "CustomEmailSender_ForgotPassword",
            "CustomMessage_AdminCreateUser",
            "CustomMessage_ForgotPassword",
            "PreSignUp_AdminCreateUser",
            "UserMigration_ForgotPassword",
        ],
    ),
    (
        "GetUserAttributeVerificationCode",
        &["CustomMessage_VerifyUserAttribute"],
    ),
    (
        "InitiateAuth",
        &[
            "CreateAuthChallenge_Authentication",
            "CustomMessage_AdminCreateUser",
            "DefineAuthChallenge_Authentication",
            "PostAuthentication_Authentication",
            "PreAuthentication_Authentication",
            "PreSignUp_AdminCreateUser",
            "TokenGeneration_Authentication",
            "TokenGeneration_RefreshTokens",
            "UserMigration_Authentication",
        ],
    ),
    ("ResendConfirmationCode", &["CustomMessage_ResendCode"]),
    (
        "RespondToAuthChallenge",
        &[
            "CreateAuthChallenge_Authentication",
            "DefineAuthChallenge_Authentication",
            "PostAuthentication_Authentication",
            "TokenGeneration_Authentication",
            "VerifyAuthChallengeResponse_Authentication",
        ],
    ),
    (
        "SignUp",
        &[
            "CustomEmailSender_SignUp",
            "CustomMessage_SignUp",
            "PostConfirmation_ConfirmSignUp",
            "PreSignUp_SignUp",
        ],
    ),
    ("UpdateUserAttributes", &["CustomMessage_UpdateUserAttribute"]),
];

impl Basis {
    /// The evidence for a trigger that isn't inferred.
    pub(super) fn of(operation: &str, source: &str) -> Self {
        let measured = MEASURED.iter().find(|(name, _)| *name == operation);
        if measured.is_some_and(|(_, sources)| sources.contains(&source)) {
            Self::Measured
        } else {
            Self::Documented
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use serde_json::Value;

    use super::*;

    /// The sources by operation that rows of the table have measured.
    fn measured_rows() -> BTreeMap<String, BTreeSet<String>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/truth");
        let mut found: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let rows: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
            for row in rows.as_array().into_iter().flatten() {
                let (Some(operation), Some(fires)) = (row["call"]["op"].as_str(), row["fires"].as_array())
                else {
                    continue;
                };
                if row["steps"] == "measured" && !fires.is_empty() {
                    let sources = fires.iter().filter_map(Value::as_str).map(str::to_owned);
                    found.entry(operation.to_owned()).or_default().extend(sources);
                }
            }
        }
        found
    }

    #[test]
    fn the_basis_is_that_of_the_rows() {
        let table = MEASURED.iter().map(|(operation, sources)| {
            let sources = sources.iter().map(|source| (*source).to_owned());
            ((*operation).to_owned(), sources.collect())
        });
        assert_eq!(BTreeMap::from_iter(table), measured_rows());
        assert_eq!(Basis::of("SignUp", "PreSignUp_SignUp"), Basis::Measured);
        assert_eq!(
            Basis::of("AdminCreateUser", "CustomEmailSender_AdminCreateUser"),
            Basis::Documented
        );
        assert_eq!(
            Basis::of("AdminCreateUser", "PreSignUp_SignUp"),
            Basis::Documented
        );
    }
}
