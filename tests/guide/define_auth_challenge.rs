//! The steps of a sign-in with a code: up to three tries, then tokens or the end.

use cognito_triggers::{
    Context, DefineAuthChallenge, Event, Result,
    define_auth_challenge::{
        NextChallenge,
        Response::{self, Challenge, FailAuthentication, IssueTokens},
    },
};

/// Asks for a code, at most three times, and lets nobody in who doesn't exist.
pub(crate) async fn three_tries(_: Context<()>, event: Event<DefineAuthChallenge>) -> Result<Response> {
    let session = &event.request.session;
    let exists = event.request.user_not_found != Some(true);
    Ok(if session.custom_challenge_passed() && exists {
        IssueTokens
    } else if session.custom_challenge_attempts() < 3 && !session.custom_challenge_passed() {
        Challenge(NextChallenge::CustomChallenge)
    } else {
        FailAuthentication
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    async fn after(results: &[bool], user_not_found: bool) -> Response {
        let tried = |right| json!({"challengeName": "CUSTOM_CHALLENGE", "challengeResult": right});
        let session: Vec<Value> = results.iter().map(tried).collect();
        let event = Event::sample().with("session", session);
        let event = event.with("userNotFound", user_not_found).build();
        three_tries(Context::new(()), event).await.unwrap()
    }

    #[tokio::test]
    async fn three_wrong_codes_end_the_sign_in() {
        let again = Challenge(NextChallenge::CustomChallenge);
        assert_eq!(after(&[], false).await, again);
        assert_eq!(after(&[false, false], false).await, again);
        assert_eq!(after(&[false, false, true], false).await, IssueTokens);
        assert_eq!(after(&[false, false, false], false).await, FailAuthentication);
    }

    #[tokio::test]
    async fn the_code_alone_counts_if_the_app_begins_with_srp() {
        let begun = json!([{"challengeName": "SRP_A", "challengeResult": true}]);
        let event = Event::sample().with("session", begun).build();
        let answer = three_tries(Context::new(()), event).await.unwrap();
        assert_eq!(answer, Challenge(NextChallenge::CustomChallenge));
    }

    #[tokio::test]
    async fn somebody_unknown_is_asked_and_never_let_in() {
        assert_eq!(after(&[], true).await, Challenge(NextChallenge::CustomChallenge));
        assert_eq!(after(&[true], true).await, FailAuthentication);
    }
}
