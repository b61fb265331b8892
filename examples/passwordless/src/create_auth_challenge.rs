//! The trigger that makes the challenge of a sign-in, and sends the mail.

use std::time::Duration;

use cognito_triggers::{
    Context, CreateAuthChallenge, Event, Result, Secret, TextMap, create_auth_challenge, side_effect::OrLog,
};
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::{app::App, mail, proof::Proof};

/// The time that remains for the answer itself.
const MARGIN: Duration = Duration::from_millis(250);

/// Mails a code and a link for the first attempt. The other two attempts accept the same.
///
/// Someone who doesn't exist, or whose address isn't verified, gets the same challenge after the same time, and no mail. So does
/// someone whose mail can't be sent: an error would tell that there is an account.
pub async fn mail_a_code_and_a_link(
    context: Context<App>,
    event: Event<CreateAuthChallenge>,
) -> Result<create_auth_challenge::Response> {
    let proof = match Proof::of_session(&event.request.session) {
        Some(proof) => proof,
        None => start(&context, &event).await?,
    };
    Ok(create_auth_challenge::Response {
        // Not the address, not even masked: someone who doesn't exist has none.
        public_challenge_parameters: TextMap::from([("medium", "EMAIL")]),
        private_challenge_parameters: proof.to_parameters(),
        challenge_metadata: Some(proof.to_metadata()),
        ..Default::default()
    })
}

/// Makes the proof, sends it to whom it may be sent, and waits until the time at which every sign-in is answered.
async fn start(context: &Context<App>, event: &Event<CreateAuthChallenge>) -> Result<Proof> {
    let app = &context.state;
    let longest = context.remaining().saturating_sub(MARGIN);
    let answer_at = Instant::now() + app.answer_after.min(longest);
    let user = event.user_name().unwrap_or_default();
    // The work of a proof is the same for everyone.
    let now = context.now();
    let (proof, token) = Proof::new(&app.links, event.user_pool_id(), user, now)?;
    // A fragment stays in the browser: no server and no log of a server gets it.
    let link = Secret::new(format!("{}#token={}", app.sign_in_url, token.expose()));

    let attributes = &event.request.user_attributes;
    let exists = event.request.user_not_found != Some(true);
    let verified = exists && attributes.email_verified() == Some(true);
    match attributes.email().filter(|_| verified) {
        Some(address) => {
            let mail = mail::sign_in(address, proof.code(), &link, app.valid_minutes);
            let within = answer_at.saturating_duration_since(Instant::now());
            match timeout_at(answer_at, app.mailer.send(mail, within)).await {
                Ok(sent) => _ = sent.or_log("a sign-in mail wasn't sent"),
                Err(_) => tracing::warn!("a sign-in mail wasn't sent in time; ANSWER_AFTER_MS sets the time"),
            }
        }
        None => tracing::info!("no verified address, no mail"),
    }
    sleep_until(answer_at).await;
    Ok(proof)
}

#[cfg(test)]
mod tests {
    use cognito_triggers::{error::Error, samples::Builder};
    use serde_json::json;

    use super::*;
    use crate::tests::{Recording, app};

    const ADDRESS: &str = "ana@example.com";

    fn member() -> Builder<CreateAuthChallenge> {
        Event::sample()
            .attribute("email", ADDRESS)
            .attribute("email_verified", "true")
    }

    /// The answer, and how long it took by the clock of the test.
    async fn answer(
        mailer: &Recording,
        event: Builder<CreateAuthChallenge>,
    ) -> Result<(create_auth_challenge::Response, Duration), Error> {
        let begun = Instant::now();
        let response = mail_a_code_and_a_link(Context::new(app(mailer)), event.build()).await?;
        Ok((response, begun.elapsed()))
    }

    #[tokio::test(start_paused = true)]
    async fn a_member_gets_one_mail_with_code_and_link() {
        let mailer = Recording::default();
        let (response, _) = answer(&mailer, member()).await.unwrap();
        let sent = mailer.sent();
        let [(to, text)] = &sent[..] else {
            panic!("{} mails", sent.len())
        };
        assert_eq!(to, ADDRESS);
        let code = response.private_challenge_parameters.get("code").unwrap();
        assert!(text.expose().contains(code.expose()));
        assert!(text.expose().contains("\nhttps://app.example.com/sign-in#token="));

        // The second attempt accepts the same, and sends nothing.
        let session = json!([{
            "challengeName": "CUSTOM_CHALLENGE",
            "challengeResult": false,
            "challengeMetadata": response.challenge_metadata.unwrap().expose(),
        }]);
        let (again, took) = answer(&mailer, member().with("session", session)).await.unwrap();
        assert!(
            again
                .private_challenge_parameters
                .get("code")
                .unwrap()
                .matches(code.expose())
        );
        assert_eq!((mailer.sent().len(), took), (1, Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn everyone_waits_as_long_and_sees_the_same() {
        let quick = Recording::default();
        let slow = Recording {
            takes: Duration::from_millis(900),
            ..Default::default()
        };
        let stuck = Recording {
            takes: Duration::from_secs(60),
            ..Default::default()
        };
        let down = Recording {
            fails: true,
            ..Default::default()
        };
        let stranger = || Event::sample().variant("user-not-found");
        let unverified = || member().attribute("email_verified", "false");
        let (expected, expected_time) = answer(&quick, member()).await.unwrap();
        assert_eq!(expected_time, Duration::from_millis(1500));
        for (mailer, event, mails) in [
            (&quick, stranger(), 1),
            (&quick, unverified(), 1),
            (&quick, member().without("userAttributes.email"), 1),
            (&slow, member(), 1),
            (&stuck, member(), 0),
            (&down, member(), 0),
        ] {
            let (response, took) = answer(mailer, event).await.unwrap();
            assert_eq!(took, expected_time);
            assert_eq!(
                response.public_challenge_parameters,
                expected.public_challenge_parameters
            );
            let names = |response: &create_auth_challenge::Response| {
                let parameters = &response.private_challenge_parameters;
                ["code", "link", "expires"].map(|name| parameters.get(name).unwrap().expose().len())
            };
            assert_eq!(names(&response), names(&expected));
            assert_eq!(mailer.sent().len(), mails);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_late_call_is_still_answered_in_time() {
        let context = Context::builder(app(&Recording::default()))
            .time_limit(Duration::from_secs(1))
            .build();
        mail_a_code_and_a_link(context.clone(), member().build())
            .await
            .unwrap();
        assert_eq!(context.remaining(), MARGIN);
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_that_is_printed_has_the_proof() {
        let mailer = Recording::default();
        let (response, _) = answer(&mailer, member()).await.unwrap();
        let code = response.private_challenge_parameters.get("code").unwrap();
        let printed = format!("{response:?} {:?}", mailer.sent());
        assert!(
            !printed.contains(code.expose()) && !printed.contains("#token"),
            "{printed}"
        );
    }
}
