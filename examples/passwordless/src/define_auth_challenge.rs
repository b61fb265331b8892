//! The trigger that decides the next step of a sign-in.

use cognito_triggers::{
    Context, DefineAuthChallenge, Event, Result,
    define_auth_challenge::{self, NextChallenge, Response::*},
    model::challenge::ChallengeName,
};

use crate::app::App;

/// The answers that a sign-in may give.
const ATTEMPTS: usize = 3;

/// Asks for the code or the link, at most three times. A sign-in that begins in another way, such as with a password, fails.
pub async fn allow_three_attempts(
    _: Context<App>,
    event: Event<DefineAuthChallenge>,
) -> Result<define_auth_challenge::Response> {
    let session = &event.request.session;
    // Someone who doesn't exist has the same number of attempts, and gets no tokens even with the right code.
    let exists = event.request.user_not_found != Some(true);
    let is_ours = session
        .iter()
        .all(|challenge| challenge.challenge_name == ChallengeName::CustomChallenge);
    Ok(if !is_ours {
        FailAuthentication
    } else if session.custom_challenge_passed() && exists {
        IssueTokens
    } else if session.custom_challenge_passed() || session.custom_challenge_attempts() >= ATTEMPTS {
        FailAuthentication
    } else {
        Challenge(NextChallenge::CustomChallenge)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::tests::{Recording, app};

    const WRONG: (&str, bool) = ("CUSTOM_CHALLENGE", false);
    const RIGHT: (&str, bool) = ("CUSTOM_CHALLENGE", true);
    const ASK: define_auth_challenge::Response = Challenge(NextChallenge::CustomChallenge);

    async fn after(session: &[(&str, bool)], user_not_found: bool) -> define_auth_challenge::Response {
        let result = |(name, right): &(&str, bool)| json!({"challengeName": name, "challengeResult": right});
        let session: Vec<Value> = session.iter().map(result).collect();
        let event = Event::sample()
            .with("session", session)
            .with("userNotFound", user_not_found);
        let context = Context::new(app(&Recording::default()));
        allow_three_attempts(context, event.build()).await.unwrap()
    }

    #[tokio::test]
    async fn there_are_three_attempts_and_no_more() {
        assert_eq!(after(&[], false).await, ASK);
        assert_eq!(after(&[WRONG, WRONG], false).await, ASK);
        assert_eq!(after(&[WRONG, WRONG, WRONG], false).await, FailAuthentication);
        assert_eq!(after(&[WRONG, WRONG, RIGHT], false).await, IssueTokens);
    }

    #[tokio::test]
    async fn an_unknown_user_has_as_many_and_gets_no_tokens() {
        assert_eq!(after(&[], true).await, ASK);
        assert_eq!(after(&[WRONG, WRONG], true).await, ASK);
        assert_eq!(after(&[WRONG, WRONG, WRONG], true).await, FailAuthentication);
        assert_eq!(after(&[RIGHT], true).await, FailAuthentication);
    }

    #[tokio::test]
    async fn a_password_is_no_way_in() {
        for begun in [
            ("SRP_A", true),
            ("PASSWORD_VERIFIER", true),
            ("SOMETHING_NEW", true),
        ] {
            assert_eq!(after(&[begun], false).await, FailAuthentication);
            assert_eq!(after(&[begun, RIGHT], false).await, FailAuthentication);
        }
    }
}
