//! Signing in with a link by email: the three triggers of custom authentication.

use std::{
    collections::HashSet,
    future::Future,
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use cognito_triggers::{
    Context, CreateAuthChallenge, DefineAuthChallenge, Event, Result, Router, Secret, TextMap,
    VerifyAuthChallengeResponse, create_auth_challenge,
    define_auth_challenge::{self, NextChallenge, Response::*},
    router,
    samples::Builder,
    signed_link::{Link, LinkError, SignedLinks, UsedLinks},
    verify_auth_challenge_response,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower::BoxError;

use super::support::{ANSWERED, INTERNAL, Lambda, TestClock};

/// How many links one sign-in gets.
const LINKS: usize = 3;

/// The metadata of a challenge that sent a link.
const LINK: &str = "LINK";

/// Sends emails.
trait Mailer: Send + Sync + 'static {
    /// The text has a link that signs in, so it is a secret.
    fn send(&self, to: &str, text: Secret) -> impl Future<Output = io::Result<()>> + Send;
}

struct App<M, U> {
    links: SignedLinks,
    mailer: M,
    used: U,
}

/// For whom a link was sent. Only the verify trigger reads it.
#[derive(Serialize, Deserialize)]
struct Recipient {
    sub: String,
    /// A link that one app asked for doesn't sign in at another.
    client: String,
}

/// Asks for a link, at most three times.
async fn ask_for_a_link<S>(
    _: Context<S>,
    event: Event<DefineAuthChallenge>,
) -> Result<define_auth_challenge::Response> {
    let session = &event.request.session;
    let links = session.attempts_where(|metadata| metadata == Some(LINK));
    let exists = event.request.user_not_found != Some(true);
    Ok(if session.custom_challenge_passed() {
        if exists { IssueTokens } else { FailAuthentication }
    } else if links < LINKS {
        Challenge(NextChallenge::CustomChallenge)
    } else {
        FailAuthentication
    })
}

/// Sends a link to the verified address. The app gets the same response for a user who doesn't exist.
async fn send_a_link<M: Mailer, U>(
    context: Context<App<M, U>>,
    event: Event<CreateAuthChallenge>,
) -> Result<create_auth_challenge::Response> {
    let mut response = create_auth_challenge::Response {
        public_challenge_parameters: TextMap::from([("medium", "EMAIL")]),
        challenge_metadata: Some(LINK.into()),
        ..Default::default()
    };
    let attributes = &event.request.user_attributes;
    let exists = event.request.user_not_found != Some(true) && attributes.email_verified() == Some(true);
    let Some(email) = attributes.email().filter(|_| exists) else {
        tracing::info!("no verified address, no link");
        return Ok(response);
    };
    let recipient = Recipient {
        sub: attributes.require("sub")?.to_owned(),
        client: event.require_client_id()?.to_owned(),
    };
    let token = context.state.links.token(&recipient.sub, context.now())?;
    let text = format!("https://example.com/sign-in?token={}", token.expose());
    context.state.mailer.send(email, text.into()).await?;
    response
        .private_challenge_parameters
        .insert_json("recipient", &recipient)?;
    Ok(response)
}

/// Accepts a link that was sent to this user, once and before it expires.
async fn redeem_the_link<M, U: UsedLinks + Sync>(
    context: Context<App<M, U>>,
    event: Event<VerifyAuthChallengeResponse>,
) -> Result<verify_auth_challenge_response::Response> {
    let request = &event.request;
    let Some(recipient) = request
        .private_challenge_parameters
        .get_json::<Recipient>("recipient")?
    else {
        return Ok(false.into());
    };
    let App { links, used, .. } = &*context.state;
    match links
        .redeem(request.challenge_answer.expose(), context.now(), used)
        .await
    {
        Ok(link) => {
            let client = event.require_client_id()?;
            Ok((link.subject() == recipient.sub && client == recipient.client).into())
        }
        // Nobody knows whether the link was used: neither right nor wrong.
        Err(error @ LinkError::Store(_)) => Err(error.into()),
        Err(error) => {
            tracing::info!(reason = %error, "the link does not sign in");
            Ok(false.into())
        }
    }
}

fn triggers<M: Mailer, U: UsedLinks + Send + Sync + 'static>(clock: TestClock) -> Router<App<M, U>> {
    router! {
        define_auth_challenge => ask_for_a_link,
        create_auth_challenge => move |context: Context<App<M, U>>, event| send_a_link(clock.at(context), event),
        verify_auth_challenge_response => move |context: Context<App<M, U>>, event| {
            redeem_the_link(clock.at(context), event)
        },
    }
}

/// Keeps the emails that were sent.
#[derive(Default)]
struct Outbox(Mutex<Vec<(String, Secret)>>);

impl Mailer for Arc<Outbox> {
    async fn send(&self, to: &str, text: Secret) -> io::Result<()> {
        self.0.lock().unwrap().push((to.to_owned(), text));
        Ok(())
    }
}

impl Outbox {
    /// The token in the last email.
    fn token(&self) -> String {
        let mails = self.0.lock().unwrap();
        let (to, text) = mails.last().expect("an email");
        assert_eq!(to, "ana@example.com");
        text.expose().split_once("token=").unwrap().1.to_owned()
    }
}

/// A table of used links, as long as it works.
#[derive(Default)]
struct Table {
    ids: Mutex<HashSet<String>>,
    is_down: bool,
}

impl UsedLinks for Table {
    async fn mark_used(&self, link: &Link) -> Result<bool, BoxError> {
        if self.is_down {
            return Err("the table is down".into());
        }
        Ok(self.ids.lock().unwrap().insert(link.id().to_owned()))
    }
}

/// The function, and its emails.
fn function(used: Table) -> (Lambda<App<Arc<Outbox>, Table>>, Arc<Outbox>) {
    let key = Secret::new("a key of 32 bytes or more, from a secret store");
    let mailer = Arc::new(Outbox::default());
    let app = App {
        links: SignedLinks::new(&key, Duration::from_secs(900)).unwrap(),
        mailer: Arc::clone(&mailer),
        used,
    };
    (Lambda::new(triggers(TestClock::noon()), app), mailer)
}

const SUB: &str = "d3b4c8a2-70f1-4e6b-9a57-2c81f09e64d5";
const CLIENT: &str = "4kq8v2m7t1x9c5b3n6h0jd2rwp";

fn create() -> Builder<CreateAuthChallenge> {
    Event::sample().client_id(CLIENT).attribute("sub", SUB)
}

fn recipient(sub: &str, client: &str) -> Value {
    json!({"recipient": format!(r#"{{"sub":"{sub}","client":"{client}"}}"#)})
}

/// The event of a user for whom a link was sent, and who opened one with this token.
fn verify(token: &str) -> Builder<VerifyAuthChallengeResponse> {
    Event::sample()
        .client_id(CLIENT)
        .with("privateChallengeParameters", recipient(SUB, CLIENT))
        .with("challengeAnswer", token)
}

fn verdict(is_correct: bool) -> Result<Value, String> {
    Ok(json!({"answerCorrect": is_correct}))
}

#[tokio::test(start_paused = true)]
async fn a_link_signs_in_once() {
    let (function, mailer) = function(Table::default());
    let (created, log) = function.call(&create()).await;
    let expected = json!({
        "publicChallengeParameters": {"medium": "EMAIL"},
        "privateChallengeParameters": recipient(SUB, CLIENT),
        "challengeMetadata": "LINK",
    });
    assert_eq!((created.unwrap(), log), (expected, vec![ANSWERED.to_owned()]));

    let token = mailer.token();
    let (first, log) = function.call(&verify(&token)).await;
    assert_eq!((first, log), (verdict(true), vec![ANSWERED.to_owned()]));
    let (second, log) = function.call(&verify(&token)).await;
    assert_eq!(second, verdict(false));
    let reason = "INFO the link does not sign in reason=the link was used before";
    assert_eq!(log, [reason, ANSWERED]);
}

#[tokio::test(start_paused = true)]
async fn a_link_expires_by_the_clock_of_the_context() {
    let (function, mailer) = function(Table::default());
    function.call(&create()).await.0.unwrap();
    let in_time = mailer.token();
    function.call(&create()).await.0.unwrap();
    let too_late = mailer.token();

    tokio::time::advance(Duration::from_secs(899)).await;
    assert_eq!(function.call(&verify(&in_time)).await.0, verdict(true));
    tokio::time::advance(Duration::from_secs(1)).await;
    let (late, log) = function.call(&verify(&too_late)).await;
    assert_eq!(late, verdict(false));
    let reason = "INFO the link does not sign in reason=the link has expired";
    assert_eq!(log, [reason, ANSWERED]);
}

#[tokio::test(start_paused = true)]
async fn a_link_is_for_one_user_and_one_app() {
    let (function, mailer) = function(Table::default());
    let made_up = function.call(&verify("made.1.up.AAAA")).await;
    let reason = "INFO the link does not sign in reason=the link is not valid";
    assert_eq!(
        made_up,
        (verdict(false), vec![reason.to_owned(), ANSWERED.to_owned()])
    );
    for others in [recipient("another-user", CLIENT), recipient(SUB, "another-app")] {
        function.call(&create()).await.0.unwrap();
        let event = verify(&mailer.token()).with("privateChallengeParameters", others);
        assert_eq!(function.call(&event).await.0, verdict(false));
    }
    function.call(&create()).await.0.unwrap();
    let nothing_sent = verify(&mailer.token()).with("privateChallengeParameters", json!({}));
    assert_eq!(function.call(&nothing_sent).await.0, verdict(false));
}

#[tokio::test(start_paused = true)]
async fn an_unknown_user_gets_the_same_challenge_and_no_link() {
    let (function, mailer) = function(Table::default());
    let stranger = Event::<CreateAuthChallenge>::sample().variant("user-not-found");
    let (created, log) = function.call(&stranger).await;
    let expected = json!({
        "publicChallengeParameters": {"medium": "EMAIL"},
        "privateChallengeParameters": null,
        "challengeMetadata": "LINK",
    });
    assert_eq!(created, Ok(expected));
    assert_eq!(log, ["INFO no verified address, no link", ANSWERED]);
    assert!(mailer.0.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_down_decides_nothing() {
    let (function, mailer) = function(Table {
        is_down: true,
        ..Default::default()
    });
    function.call(&create()).await.0.unwrap();
    let (failed, log) = function.call(&verify(&mailer.token())).await;
    assert_eq!(failed, Err(INTERNAL.to_owned()));
    assert_eq!(
        log,
        [
            "ERROR no answer outcome=Failed error=it is unknown whether the link was used before: the table is down"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn three_links_and_no_more() {
    let (function, _) = function(Table::default());
    let challenge = |metadata: &str, result: bool| json!({"challengeName": "CUSTOM_CHALLENGE", "challengeResult": result, "challengeMetadata": metadata});
    let (wrong, right) = (challenge(LINK, false), challenge(LINK, true));
    let another =
        json!({"issueTokens": false, "failAuthentication": false, "challengeName": "CUSTOM_CHALLENGE"});
    let tokens = json!({"issueTokens": true, "failAuthentication": false, "challengeName": null});
    let end = json!({"issueTokens": false, "failAuthentication": true, "challengeName": null});
    for (session, expected) in [
        (vec![], &another),
        (vec![&wrong, &wrong], &another),
        // A step of another kind isn't a link.
        (vec![&challenge("CAPTCHA", false), &wrong, &wrong], &another),
        (vec![&wrong, &wrong, &wrong], &end),
        (vec![&wrong, &right], &tokens),
    ] {
        let event = Event::<DefineAuthChallenge>::sample().with("session", json!(session));
        let (answer, log) = function.call(&event).await;
        assert_eq!((answer.as_ref(), log), (Ok(expected), vec![ANSWERED.to_owned()]));
    }
    let stranger = Event::<DefineAuthChallenge>::sample()
        .variant("user-not-found")
        .with("session", json!([right]));
    assert_eq!(function.call(&stranger).await.0, Ok(end));
}
