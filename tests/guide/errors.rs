//! One error type with a text for each audience.

use std::io;

use cognito_triggers::{
    Context, Event, OrReject, PreSignUp, Result, error::Rejection, pre_sign_up, reject, side_effect::OrLog,
};

/// What can go wrong with an invitation. A variant with a `Rejection` as its source is for the person, any other for the logs.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InvitationError {
    #[error("this invitation has expired, please ask for a new one")]
    Expired(#[source] Rejection),
    #[error("the table of invitations can't be read")]
    Table(#[from] io::Error),
}

/// A stand-in for a look-up in a table.
async fn look_up(code: &str) -> Result<(), InvitationError> {
    match code {
        "old" => Err(InvitationError::Expired(Rejection)),
        "down" => Err(io::Error::other("connection refused").into()),
        _ => Ok(()),
    }
}

pub(crate) async fn check_invitation(
    _: Context<()>,
    event: Event<PreSignUp>,
) -> Result<pre_sign_up::Response> {
    // A missing value that the person can do something about.
    let code = event.request.client_metadata.get("invitation");
    let code = code.or_reject("an invitation is required")?;
    if code.len() > 40 {
        return Err(reject("this is no invitation"));
    }
    // The variant decides who reads the text.
    look_up(code).await?;
    // A side effect that must not fail the sign-up: only the logs have its error.
    count(code).await.or_log("the invitation wasn't counted");
    Ok(pre_sign_up::Response::default())
}

/// A stand-in for a counter that is down.
async fn count(_code: &str) -> io::Result<()> {
    Err(io::Error::other("connection refused"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    async fn with(metadata: serde_json::Value) -> Result<pre_sign_up::Response> {
        let event = Event::sample().with("clientMetadata", metadata).build();
        check_invitation(Context::new(()), event).await
    }

    #[tokio::test]
    async fn the_person_reads_what_they_can_change() {
        let missing = with(json!({})).await.unwrap_err();
        assert!(missing.is_rejection());
        let expired = with(json!({"invitation": "old"})).await.unwrap_err();
        assert!(expired.is_rejection());
        assert_eq!(
            expired.to_string(),
            "this invitation has expired, please ask for a new one"
        );
        assert!(with(json!({"invitation": "a1b2"})).await.is_ok());
    }

    #[tokio::test]
    async fn the_logs_get_what_is_broken() {
        let error = with(json!({"invitation": "down"})).await.unwrap_err();
        assert!(!error.is_rejection());
        assert_eq!(
            error.to_string(),
            "the table of invitations can't be read: connection refused"
        );
    }
}
