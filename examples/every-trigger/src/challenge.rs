//! Signing in with a code by email: the three triggers of custom authentication.
//!
//! Define decides the next step, create makes the challenge, verify checks the answer, and define runs again. For users who
//! don't exist, all three behave in the same way, so that a caller can't find out which users exist: the number of
//! challenges and the public parameters are the same, and the sign-in never succeeds.

use cognito_triggers::{
    Context, CreateAuthChallenge, DefineAuthChallenge, Event, Result, Secret, SecretMap, TextMap,
    VerifyAuthChallengeResponse, create_auth_challenge,
    define_auth_challenge::{self, NextChallenge, Response::*},
    model::challenge::{ChallengeName, Session},
    side_effect::OrLog,
    verify_auth_challenge_response,
};

use crate::app::{App, Message};

const ATTEMPTS: usize = 3;

/// The prefix of a code in the metadata of a challenge. Other challenges may use the metadata for something else.
const MARK: &str = "CODE-";

/// Asks for the code, at most three times. A sign-in that begins with a password needs the right password first.
pub async fn allow_three_attempts(
    _: Context<App>,
    event: Event<DefineAuthChallenge>,
) -> Result<define_auth_challenge::Response> {
    let session = &event.request.session;
    let Some(last) = session.last() else {
        return Ok(Challenge(NextChallenge::CustomChallenge));
    };
    Ok(match (&last.challenge_name, last.challenge_result) {
        (ChallengeName::CustomChallenge, true) if event.request.user_not_found != Some(true) => IssueTokens,
        (ChallengeName::CustomChallenge, false) if session.custom_challenge_attempts() < ATTEMPTS => {
            Challenge(NextChallenge::CustomChallenge)
        }
        // A valid SRP_A says nothing about the password yet.
        (ChallengeName::SrpA, true) => Challenge(NextChallenge::PasswordVerifier),
        // The password was right, or the second factor after it. The code is next.
        (name, true) if *name != ChallengeName::CustomChallenge => Challenge(NextChallenge::CustomChallenge),
        _ => FailAuthentication,
    })
}

/// Sends a code by email for the first attempt. The same code is valid for the other two.
pub async fn mail_one_code(
    context: Context<App>,
    event: Event<CreateAuthChallenge>,
) -> Result<create_auth_challenge::Response> {
    let code = match code_of(&event.request.session) {
        Some(code) => code,
        None => {
            let code = (context.state.new_code)()?;
            // An error would tell that there is an account.
            mail(&context.state, &event, &code)
                .await
                .or_log("a sign-in code wasn't sent");
            code
        }
    };
    Ok(create_auth_challenge::Response {
        // Not the address, not even masked: a user who doesn't exist has none.
        public_challenge_parameters: TextMap::from([("medium", "EMAIL")]),
        challenge_metadata: Some(Secret::new(format!("{MARK}{}", code.expose()))),
        private_challenge_parameters: SecretMap::from([("code", code)]),
        ..Default::default()
    })
}

/// The code that was sent earlier in this sign-in. The app never gets the metadata of a challenge.
fn code_of(session: &Session) -> Option<Secret> {
    session.iter().rev().find_map(|challenge| {
        let metadata = challenge.challenge_metadata.as_ref()?;
        metadata.expose().strip_prefix(MARK).map(Secret::new)
    })
}

/// Sends the code by email if the user exists. The response doesn't show whether the user exists, but the time may: in
/// production, put the message into a queue instead of waiting for a mail server.
async fn mail(app: &App, event: &Event<CreateAuthChallenge>, code: &Secret) -> Result<()> {
    let attributes = &event.request.user_attributes;
    let exists = event.request.user_not_found != Some(true);
    let email = attributes
        .email()
        .filter(|_| exists && attributes.email_verified() == Some(true));
    let Some(to) = email else {
        tracing::info!("no verified address, no code");
        return Ok(());
    };
    let text = Secret::new(format!("{} is your code for {}.", code.expose(), app.product));
    app.outbox
        .send(Message {
            purpose: "sign-in code",
            to,
            text,
        })
        .await?;
    Ok(())
}

/// Compares the answer with the code, in constant time.
pub async fn compare_the_code(
    _: Context<App>,
    event: Event<VerifyAuthChallengeResponse>,
) -> Result<verify_auth_challenge_response::Response> {
    let exists = event.request.user_not_found != Some(true);
    let answer_correct = event.request.answers("code") && exists;
    Ok(verify_auth_challenge_response::Response {
        answer_correct,
        ..Default::default()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::tests::test_context;

    const WRONG: (&str, bool) = ("CUSTOM_CHALLENGE", false);
    const RIGHT: (&str, bool) = ("CUSTOM_CHALLENGE", true);
    const CODE: define_auth_challenge::Response = Challenge(NextChallenge::CustomChallenge);
    const PASSWORD: define_auth_challenge::Response = Challenge(NextChallenge::PasswordVerifier);

    /// The decision after these challenges and their results.
    async fn after(session: &[(&str, bool)], user_not_found: bool) -> define_auth_challenge::Response {
        let result = |(name, right): &(&str, bool)| json!({"challengeName": name, "challengeResult": right});
        let session: Vec<Value> = session.iter().map(result).collect();
        let event = Event::sample()
            .with("session", session)
            .with("userNotFound", user_not_found);
        allow_three_attempts(test_context().0, event.build())
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn three_attempts_and_no_more() {
        assert_eq!(after(&[], false).await, CODE);
        assert_eq!(after(&[WRONG], false).await, CODE);
        assert_eq!(after(&[WRONG, WRONG], false).await, CODE);
        assert_eq!(after(&[WRONG, WRONG, WRONG], false).await, FailAuthentication);
        assert_eq!(after(&[WRONG, WRONG, RIGHT], false).await, IssueTokens);
    }

    #[tokio::test]
    async fn a_password_comes_before_the_code_and_never_instead() {
        let (begun, right, wrong) = (
            ("SRP_A", true),
            ("PASSWORD_VERIFIER", true),
            ("PASSWORD_VERIFIER", false),
        );
        assert_eq!(after(&[begun], false).await, PASSWORD);
        assert_eq!(after(&[begun, right], false).await, CODE);
        assert_eq!(after(&[begun, right, ("SMS_MFA", true)], false).await, CODE);
        assert_eq!(after(&[begun, right, RIGHT], false).await, IssueTokens);
        assert_eq!(after(&[begun, wrong], false).await, FailAuthentication);
        assert_eq!(
            after(&[("SOMETHING_NEW", false)], false).await,
            FailAuthentication
        );
    }

    #[tokio::test]
    async fn an_unknown_user_never_gets_tokens() {
        assert_eq!(after(&[], true).await, CODE);
        assert_eq!(after(&[RIGHT], true).await, FailAuthentication);
    }

    #[tokio::test]
    async fn one_code_serves_all_attempts() {
        let (context, app) = test_context();
        let first = mail_one_code(context.clone(), Event::sample().build())
            .await
            .unwrap();
        assert!(
            first
                .private_challenge_parameters
                .get("code")
                .unwrap()
                .matches("48151623")
        );
        assert!(first.challenge_metadata.unwrap().matches("CODE-48151623"));
        assert_eq!(app.outbox.sent(), 1);

        let session = json!([
            {"challengeName": "CUSTOM_CHALLENGE", "challengeResult": false, "challengeMetadata": "CODE-10203040"},
        ]);
        let again = Event::sample().with("session", session).build();
        let second = mail_one_code(context, again).await.unwrap();
        assert!(
            second
                .private_challenge_parameters
                .get("code")
                .unwrap()
                .matches("10203040")
        );
        assert_eq!(app.outbox.sent(), 1);
    }

    #[tokio::test]
    async fn an_unknown_user_gets_the_same_challenge_and_no_email() {
        let (context, app) = test_context();
        let stranger = Event::sample().variant("user-not-found").build();
        let stranger = mail_one_code(context.clone(), stranger).await.unwrap();
        let unverified = Event::sample().attribute("email_verified", "false").build();
        let unverified = mail_one_code(context.clone(), unverified).await.unwrap();
        assert_eq!(app.outbox.sent(), 0);

        let member = mail_one_code(context, Event::sample().build()).await.unwrap();
        for other in [stranger, unverified] {
            assert_eq!(
                other.public_challenge_parameters,
                member.public_challenge_parameters
            );
        }
    }

    #[tokio::test]
    async fn only_the_code_is_right() {
        let right = Event::<VerifyAuthChallengeResponse>::sample();
        let wrong = right.clone().with("challengeAnswer", "620419");
        let nothing = right
            .clone()
            .variant("empty-private-parameters")
            .with("challengeAnswer", "");
        let stranger = right.clone().with("userNotFound", true);
        for (event, correct) in [(right, true), (wrong, false), (nothing, false), (stranger, false)] {
            let answer = compare_the_code(test_context().0, event.build()).await.unwrap();
            assert_eq!(answer.answer_correct, correct);
        }
    }
}
