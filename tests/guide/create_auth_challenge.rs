//! The code of a sign-in without a password.

use std::sync::Mutex;

use cognito_triggers::{
    Context, CreateAuthChallenge, Event, Result, Secret, SecretMap, TextMap, code::random_code,
    create_auth_challenge,
};

/// The state: a stand-in for the mail service.
#[derive(Default)]
pub(crate) struct Mail {
    sent: Mutex<Vec<(String, Secret)>>,
}

/// Makes a code for the sign-in and sends it to the verified address. A person who doesn't exist gets the same challenge.
pub(crate) async fn send_code(
    context: Context<Mail>,
    event: Event<CreateAuthChallenge>,
) -> Result<create_auth_challenge::Response> {
    // A second try is for the same code: the first one travels in the metadata. The rounds of a password, `SRP_A` and
    // `PASSWORD_VERIFIER`, have none.
    let rounds = event.request.session.iter().rev();
    let mut codes = rounds.filter_map(|round| round.challenge_metadata.clone());
    let code = match codes.next() {
        Some(code) => code,
        None => {
            let code = random_code(8)?;
            let attributes = &event.request.user_attributes;
            if let (Some(email), Some(true)) = (attributes.email(), attributes.email_verified()) {
                let mut sent = context.state.sent.lock().unwrap();
                sent.push((email.to_owned(), code.clone()));
            }
            code
        }
    };
    Ok(create_auth_challenge::Response {
        public_challenge_parameters: TextMap::from([("medium", "EMAIL")]),
        challenge_metadata: Some(code.clone()),
        private_challenge_parameters: SecretMap::from([("code", code)]),
        ..Default::default()
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn the_verified_address_gets_the_code() {
        let mail = Arc::new(Mail::default());
        let answer = send_code(Context::new(Arc::clone(&mail)), Event::sample().build())
            .await
            .unwrap();
        let sent = mail.sent.lock().unwrap();
        let [(to, code)] = &sent[..] else {
            panic!("{} messages", sent.len())
        };
        assert_eq!(to, "ana@example.com");
        let private = answer.private_challenge_parameters.get("code").unwrap();
        assert!(private.matches(code.expose()));
    }

    #[tokio::test]
    async fn a_second_try_is_for_the_same_code() {
        let mail = Arc::new(Mail::default());
        let tried = json!([
            {"challengeName": "SRP_A", "challengeResult": true, "challengeMetadata": null},
            {"challengeName": "CUSTOM_CHALLENGE", "challengeResult": false, "challengeMetadata": "48151623"},
        ]);
        let event = Event::sample().with("session", tried).build();
        let answer = send_code(Context::new(Arc::clone(&mail)), event).await.unwrap();
        let private = answer.private_challenge_parameters.get("code").unwrap();
        assert!(private.matches("48151623"));
        assert!(mail.sent.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_sign_in_that_begins_with_a_password_gets_a_code() {
        let begun = json!([{"challengeName": "SRP_A", "challengeResult": true, "challengeMetadata": null}]);
        let without_password = Event::sample().with("session", begun).build();
        let after_password = Event::sample().variant("after-password").build();
        for event in [without_password, after_password] {
            let mail = Arc::new(Mail::default());
            send_code(Context::new(Arc::clone(&mail)), event).await.unwrap();
            assert_eq!(mail.sent.lock().unwrap().len(), 1);
        }
    }

    #[tokio::test]
    async fn somebody_unknown_sees_the_same_challenge() {
        let mail = Arc::new(Mail::default());
        let event = Event::sample().variant("user-not-found").build();
        let answer = send_code(Context::new(Arc::clone(&mail)), event).await.unwrap();
        assert_eq!(answer.public_challenge_parameters.get("medium"), Some("EMAIL"));
        assert!(mail.sent.lock().unwrap().is_empty());
    }
}
