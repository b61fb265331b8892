//! Custom sign-in, first of three: what is the next step?

use cognito_triggers::{
    Context, DefineAuthChallenge, Event, Result,
    define_auth_challenge::{
        NextChallenge,
        Response::{self, Challenge, FailAuthentication, IssueTokens},
    },
    model::challenge::ChallengeName,
};

use crate::app::App;

/// How often the user may try.
const ATTEMPTS: usize = 3;

/// Asks for the code, at most three times. A sign-in that begins with a password needs the right password first.
///
/// A user who doesn't exist gets the same steps and never tokens, so that nobody finds out who has an account.
pub async fn allow_three_attempts(_: Context<App>, event: Event<DefineAuthChallenge>) -> Result<Response> {
    let session = &event.request.session;
    let exists = event.request.user_not_found != Some(true);
    let Some(last) = session.last() else {
        return Ok(Challenge(NextChallenge::CustomChallenge));
    };
    Ok(match (&last.challenge_name, last.challenge_result) {
        (ChallengeName::CustomChallenge, true) if exists => IssueTokens,
        (ChallengeName::CustomChallenge, false) if session.custom_challenge_attempts() < ATTEMPTS => {
            Challenge(NextChallenge::CustomChallenge)
        }
        // The app proves the password in two steps.
        (ChallengeName::SrpA, true) => Challenge(NextChallenge::PasswordVerifier),
        (ChallengeName::PasswordVerifier, true) => Challenge(NextChallenge::CustomChallenge),
        _ => FailAuthentication,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const WRONG: (&str, bool) = ("CUSTOM_CHALLENGE", false);
    const RIGHT: (&str, bool) = ("CUSTOM_CHALLENGE", true);

    /// The next step after these challenges and their results.
    async fn after(session: &[(&str, bool)], user_not_found: bool) -> Response {
        let step = |(name, right): &(&str, bool)| json!({"challengeName": name, "challengeResult": right});
        let session: Vec<Value> = session.iter().map(step).collect();
        let event = Event::sample()
            .with("session", session)
            .with("userNotFound", user_not_found);
        let context = Context::new(App::for_tests());
        allow_three_attempts(context, event.build()).await.unwrap()
    }

    #[tokio::test]
    async fn three_attempts_and_no_more() {
        let code = Challenge(NextChallenge::CustomChallenge);
        assert_eq!(after(&[], false).await, code);
        assert_eq!(after(&[WRONG, WRONG], false).await, code);
        assert_eq!(after(&[WRONG, WRONG, RIGHT], false).await, IssueTokens);
        assert_eq!(after(&[WRONG, WRONG, WRONG], false).await, FailAuthentication);
    }

    #[tokio::test]
    async fn a_user_who_does_not_exist_gets_no_tokens() {
        assert_eq!(after(&[RIGHT], true).await, FailAuthentication);
    }

    #[tokio::test]
    async fn the_code_comes_after_the_right_password() {
        let (begun, right, wrong) = (
            ("SRP_A", true),
            ("PASSWORD_VERIFIER", true),
            ("PASSWORD_VERIFIER", false),
        );
        let password = Challenge(NextChallenge::PasswordVerifier);
        assert_eq!(after(&[begun], false).await, password);
        let code = Challenge(NextChallenge::CustomChallenge);
        assert_eq!(after(&[begun, right], false).await, code);
        assert_eq!(after(&[begun, wrong], false).await, FailAuthentication);
    }
}
