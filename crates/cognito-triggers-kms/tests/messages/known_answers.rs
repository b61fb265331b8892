//! Messages that AWS's own SDK encrypted, each with its expected result.
//!
//! `tests/kms/make_known_answers.py` at the root of the repository writes the rows.

use crate::rows::{Row, open, rows};
use cognito_triggers_kms::Error;

#[tokio::test]
async fn every_row_gives_its_result() {
    for row in rows() {
        let (result, asked) = open(&row, row.code.as_deref()).await;
        match (&row.opens, &row.error) {
            (Some(code), None) => {
                let opened = result.unwrap_or_else(|error| panic!("{}: {error}", row.name));
                assert_eq!(
                    opened.as_ref().map(|code| code.expose()),
                    Some(code.as_str()),
                    "{}",
                    row.name
                );
            }
            (None, Some(expected)) => {
                let error = result.expect_err(&row.name);
                assert_eq!(kinds(&error), [expected.as_str()], "{}: {error}", row.name);
                check_message(&row, &error);
            }
            _ => assert!(result.unwrap().is_none(), "{}", row.name),
        }
        assert_eq!(asked, row.asks_kms, "{}: whether KMS is asked", row.name);
    }
}

/// Returns the names of the predicates that are true.
fn kinds(error: &Error) -> Vec<&'static str> {
    [
        (
            error.is_not_encryption_sdk_message(),
            "not_encryption_sdk_message",
        ),
        (error.is_unsupported(), "unsupported"),
        (error.is_tampered(), "tampered"),
        (error.is_wrong_pool(), "wrong_pool"),
        (error.is_wrong_key(), "wrong_key"),
        (error.is_access_denied(), "access_denied"),
        (error.is_key_unusable(), "key_unusable"),
        (error.is_throttled(), "throttled"),
        (error.is_timed_out(), "timed_out"),
        (error.is_unreachable(), "unreachable"),
        (error.is_misconfigured(), "misconfigured"),
    ]
    .into_iter()
    .filter_map(|(holds, name)| holds.then_some(name))
    .collect()
}

/// Checks that an error names the fix and contains no secret.
fn check_message(row: &Row, error: &Error) {
    let message = format!("{error} {error:?}");
    let fix = match row.error.as_deref() {
        Some("wrong_key") => "COGNITO_KMS_KEY_ARN",
        Some("not_encryption_sdk_message") => "request.code",
        _ => "",
    };
    assert!(message.contains(fix), "{}: {message}", row.name);
    let code = row.code.as_deref().unwrap_or_default();
    for secret in row.data_keys.values().map(String::as_str).chain([code, "271828"]) {
        assert!(
            secret.is_empty() || !message.contains(secret),
            "{}: {message}",
            row.name
        );
    }
}
