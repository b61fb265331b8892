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
    let code = match event.request.session.last() {
        // A second try is for the same code: the first one travels in the metadata.
        Some(last) => last.challenge_metadata.clone().ok_or("the first code is lost")?,
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
    async fn somebody_unknown_sees_the_same_challenge() {
        let mail = Arc::new(Mail::default());
        let event = Event::sample().variant("user-not-found").build();
        let answer = send_code(Context::new(Arc::clone(&mail)), event).await.unwrap();
        assert_eq!(answer.public_challenge_parameters.get("medium"), Some("EMAIL"));
        assert!(mail.sent.lock().unwrap().is_empty());
    }
}
