//! The trigger that checks what the user typed, or the link that the user opened.

use cognito_triggers::{Context, Event, Result, VerifyAuthChallengeResponse, verify_auth_challenge_response};

use crate::{app::App, proof::Proof};

/// Accepts the code or the token of the link, for the user, the pool and the sign-in that they were made for, until they expire.
///
/// The work is the same for a user who doesn't exist, and the answer is never right.
pub async fn check_the_code_or_the_link(
    context: Context<App>,
    event: Event<VerifyAuthChallengeResponse>,
) -> Result<verify_auth_challenge_response::Response> {
    let request = &event.request;
    // Nothing but create's own parameters proves anything, so an answer to a challenge without them is wrong.
    let is_right = Proof::of_parameters(&request.private_challenge_parameters).is_some_and(|proof| {
        let user = event.user_name().unwrap_or_default();
        let (links, pool) = (&context.state.links, event.user_pool_id());
        proof.accepts(&request.challenge_answer, links, pool, user, context.now())
    });
    let exists = request.user_not_found != Some(true);
    Ok((is_right & exists).into())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use cognito_triggers::{CreateAuthChallenge, samples::Builder};
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        create_auth_challenge::mail_a_code_and_a_link,
        tests::{Recording, app},
    };

    const USER: &str = "d3b4c8a2-70f1-4e6b-9a57-2c81f09e64d5";

    /// Begins a sign-in: the private parameters, the code, and the token in the mail.
    async fn begin() -> (Value, String, String) {
        let mailer = Recording::default();
        let event = Event::<CreateAuthChallenge>::sample().user_name(USER);
        let event = event
            .attribute("email", "ana@example.com")
            .attribute("email_verified", "true");
        let created = mail_a_code_and_a_link(Context::new(app(&mailer)), event.build())
            .await
            .unwrap();
        let private = created.private_challenge_parameters;
        let value = |name| private.get(name).unwrap().expose().to_owned();
        let parameters = json!({"code": value("code"), "link": value("link"), "expires": value("expires")});
        let (_, text) = mailer.sent().remove(0);
        let (_, token) = text.expose().split_once("#token=").unwrap();
        let token = token.split_whitespace().next().unwrap();
        (parameters, value("code"), token.to_owned())
    }

    fn event(parameters: &Value, answer: &str) -> Builder<VerifyAuthChallengeResponse> {
        Event::sample()
            .user_name(USER)
            .with("privateChallengeParameters", parameters.clone())
            .with("challengeAnswer", answer)
    }

    async fn is_right(event: Builder<VerifyAuthChallengeResponse>, now: SystemTime) -> bool {
        let context = Context::builder(app(&Recording::default())).clock(now).build();
        check_the_code_or_the_link(context, event.build())
            .await
            .unwrap()
            .answer_correct
    }

    #[tokio::test(start_paused = true)]
    async fn code_and_link_of_the_mail_are_right() {
        let (parameters, code, token) = begin().await;
        let now = SystemTime::now();
        for answer in [&code, &token] {
            assert!(is_right(event(&parameters, answer), now).await);
            let stranger = event(&parameters, answer).with("userNotFound", true);
            assert!(!is_right(stranger, now).await);
            let expired = now + Duration::from_secs(11 * 60);
            assert!(!is_right(event(&parameters, answer), expired).await);
        }
        assert!(!is_right(event(&parameters, "00000"), now).await);
    }

    #[tokio::test(start_paused = true)]
    async fn a_link_of_another_sign_in_is_wrong() {
        let (parameters, ..) = begin().await;
        let (_, other_code, other_token) = begin().await;
        let now = SystemTime::now();
        for answer in [&other_code, &other_token] {
            assert!(!is_right(event(&parameters, answer), now).await);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_to_another_challenge_is_wrong() {
        let now = SystemTime::now();
        for parameters in [
            json!({}),
            json!({"code": ""}),
            json!({"code": "", "link": "", "expires": "0"}),
        ] {
            assert!(!is_right(event(&parameters, ""), now).await, "{parameters}");
        }
    }
}
