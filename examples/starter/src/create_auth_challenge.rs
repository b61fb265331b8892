//! Custom sign-in, second of three: the challenge, here a code by email.

use cognito_triggers::{
    Context, CreateAuthChallenge, Event, Result, Secret, SecretMap, TextMap, code::random_code,
    create_auth_challenge::Response, side_effect::OrLog,
};

use crate::{
    app::App,
    outbox::{self, Message},
};

/// The beginning of a code in the metadata of a challenge.
const MARK: &str = "CODE-";

/// Sends a code for the first attempt. The same code is valid for the others.
pub async fn send_one_code(context: Context<App>, event: Event<CreateAuthChallenge>) -> Result<Response> {
    // The app never gets the metadata of a challenge.
    let earlier = event.request.session.iter().rev().find_map(|challenge| {
        let metadata = challenge.challenge_metadata.as_ref()?;
        metadata.expose().strip_prefix(MARK).map(Secret::new)
    });
    let code = match earlier {
        Some(code) => code,
        None => {
            let code = random_code(6)?;
            // An error would tell that there is an account. So may the time that sending takes: the example of
            // `cargo cognito new NAME --example passwordless` answers everyone after the same time.
            send(&context, &event, &code)
                .await
                .or_log("a sign-in code wasn't sent");
            code
        }
    };
    Ok(Response {
        // Nothing about the user: one who doesn't exist gets the same parameters.
        public_challenge_parameters: TextMap::from([("medium", "EMAIL")]),
        challenge_metadata: Some(Secret::new(format!("{MARK}{}", code.expose()))),
        private_challenge_parameters: SecretMap::from([("code", code)]),
        ..Default::default()
    })
}

/// Sends the code to the verified address of a user who exists.
async fn send(context: &Context<App>, event: &Event<CreateAuthChallenge>, code: &Secret) -> Result<()> {
    let attributes = &event.request.user_attributes;
    let exists = event.request.user_not_found != Some(true);
    let is_verified = attributes.email_verified() == Some(true);
    let Some(to) = attributes.email().filter(|_| exists && is_verified) else {
        return Ok(());
    };
    let text = Secret::new(format!("{} is your code to sign in.", code.expose()));
    let message = Message {
        purpose: "sign-in code",
        subject: Some("Your code to sign in"),
        to,
        text,
    };
    outbox::deliver(context, message).await
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn the_code_is_private() {
        let event = Event::sample().build();
        let answer = send_one_code(Context::new(App::for_tests()), event)
            .await
            .unwrap();
        assert_eq!(
            answer.public_challenge_parameters,
            TextMap::from([("medium", "EMAIL")])
        );
        let code = answer.private_challenge_parameters.get("code").unwrap();
        assert_eq!(code.expose().len(), 6);
    }

    #[tokio::test]
    async fn a_code_that_cannot_be_sent_changes_no_answer() {
        let event = Event::sample().attribute("email_verified", "true");
        let event = event.attribute("email", "").build();
        let context = Context::new(App::for_tests());
        assert!(send(&context, &event, &Secret::new("123456")).await.is_err());
        let answer = send_one_code(context, event).await.unwrap();
        assert!(answer.private_challenge_parameters.get("code").is_some());
    }

    #[tokio::test]
    async fn a_second_attempt_has_the_same_code() {
        let session = json!([{
            "challengeName": "CUSTOM_CHALLENGE",
            "challengeResult": false,
            "challengeMetadata": "CODE-123456"
        }]);
        let event = Event::sample().with("session", session).build();
        let answer = send_one_code(Context::new(App::for_tests()), event)
            .await
            .unwrap();
        let code = answer.private_challenge_parameters.get("code").unwrap();
        assert_eq!(code.expose(), "123456");
    }
}
