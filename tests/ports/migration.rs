//! Migration from a directory with slow password hashes, such as bcrypt's.

use std::{
    future::Future,
    io,
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use cognito_triggers::{
    Attributes, Context, Event, OrReject, Result, Secret, UserMigration, router,
    samples::Builder,
    user_migration::{self, DeliveryMedium, FinalUserStatus, MessageAction, Source},
};
use serde_json::{Value, json};
use tokio::{sync::Notify, task::spawn_blocking};

use super::support::{ANSWERED, INTERNAL, Lambda};

/// What is left of the time limit for the answer after a hash that takes too long.
const MARGIN: Duration = Duration::from_millis(300);

/// Compares a password with a hash. It computes for hundreds of milliseconds, so it must not run on a thread that polls
/// futures.
trait PasswordHash: Send + Sync + 'static {
    fn verify(&self, password: &Secret, hash: &str) -> bool;

    /// A hash of no password, as slow as any other.
    fn of_nobody(&self) -> String;
}

/// The users of the old system.
trait Directory: Send + Sync + 'static {
    fn find(&self, name: &str) -> impl Future<Output = io::Result<Option<OldUser>>> + Send;
}

#[derive(Clone)]
struct OldUser {
    /// The user name in the new pool, where the address is an alias.
    id: &'static str,
    email: &'static str,
    name: &'static str,
    roles: Vec<&'static str>,
    hash: String,
}

struct App<H, D> {
    hash: Arc<H>,
    directory: D,
}

/// Migrates a user with the password of the old system, or with a code if it is forgotten.
async fn migrate<H: PasswordHash, D: Directory>(
    context: Context<App<H, D>>,
    event: Event<UserMigration>,
) -> Result<user_migration::Response> {
    let user = context.state.directory.find(event.require_user_name()?).await?;
    match (event.source, event.request.password) {
        (Source::Authentication, Some(password)) => {
            // An unknown user takes as long as a wrong password: the time must not show who exists.
            let hash = match &user {
                Some(user) => user.hash.clone(),
                None => context.state.hash.of_nobody(),
            };
            let is_right = is_right(&context, password, hash).await?;
            answer(user.filter(|_| is_right), FinalUserStatus::Confirmed)
        }
        (Source::ForgotPassword, _) => answer(user, FinalUserStatus::ResetRequired),
        _ => Ok(Default::default()),
    }
}

/// Computes a hash on a thread for blocking work, within the time limit. A thread can't be stopped: after the limit it computes
/// on, but the user has an answer.
async fn is_right<H: PasswordHash, D>(
    context: &Context<App<H, D>>,
    password: Secret,
    hash: String,
) -> Result<bool> {
    let hasher = Arc::clone(&context.state.hash);
    let computing = spawn_blocking(move || hasher.verify(&password, &hash));
    let limit = context.remaining().saturating_sub(MARGIN);
    let computed = tokio::time::timeout(limit, computing).await;
    Ok(computed.or_reject("the sign-in took too long, please try again")??)
}

/// Without a user, the answer for an unknown user and a wrong password.
fn answer(user: Option<OldUser>, status: FinalUserStatus) -> Result<user_migration::Response> {
    let Some(user) = user else {
        return Ok(Default::default());
    };
    let mut user_attributes = Attributes::from([
        ("username", user.id),
        ("email", user.email),
        ("email_verified", "true"),
        ("name", user.name),
    ]);
    user_attributes.insert_json("custom:roles", &user.roles)?;
    Ok(user_migration::Response {
        user_attributes,
        final_user_status: Some(status),
        message_action: Some(MessageAction::Suppress),
        desired_delivery_mediums: vec![DeliveryMedium::Email],
        ..Default::default()
    })
}

/// A stand-in for bcrypt: it counts its calls, and takes as long as a test wants.
#[derive(Default)]
struct StandIn {
    calls: Mutex<Vec<String>>,
    has_begun: Notify,
    /// A call ends when the other half is dropped; at once without one. A handler that waits for a call on its own thread would
    /// never drop it, so the wait has an end.
    gate: Option<Mutex<mpsc::Receiver<()>>>,
    panics: bool,
}

impl PasswordHash for StandIn {
    fn verify(&self, password: &Secret, hash: &str) -> bool {
        self.calls.lock().unwrap().push(hash.to_owned());
        self.has_begun.notify_one();
        if let Some(gate) = &self.gate {
            let _ = gate.lock().unwrap().recv_timeout(Duration::from_secs(30));
        }
        assert!(!self.panics, "out of memory");
        hash.strip_prefix("$slow$")
            .is_some_and(|expected| password.matches(expected))
    }

    fn of_nobody(&self) -> String {
        "$none$".to_owned()
    }
}

/// One user, Emil, as long as the directory works.
struct Emil {
    is_down: bool,
}

impl Directory for Emil {
    async fn find(&self, name: &str) -> io::Result<Option<OldUser>> {
        if self.is_down {
            return Err(io::Error::other("connection refused"));
        }
        Ok((name == "emil@example.com").then(|| OldUser {
            id: "old-17",
            email: "emil@example.com",
            name: "Emil Haas",
            roles: vec!["editor", "billing"],
            hash: "$slow$correct-Horse7battery".to_owned(),
        }))
    }
}

type Function = Lambda<App<StandIn, Emil>>;

fn function(hash: StandIn) -> (Function, Arc<StandIn>) {
    let hash = Arc::new(hash);
    let app = App {
        hash: Arc::clone(&hash),
        directory: Emil { is_down: false },
    };
    (Lambda::new(router! { user_migration => migrate }, app), hash)
}

fn sign_in() -> Builder<UserMigration> {
    Event::sample()
        .user_name("emil@example.com")
        .with("password", "correct-Horse7battery")
}

fn migrated(status: &str) -> Value {
    json!({
        "userAttributes": {
            "username": "old-17",
            "email": "emil@example.com",
            "email_verified": "true",
            "name": "Emil Haas",
            "custom:roles": r#"["editor","billing"]"#,
        },
        "forceAliasCreation": null,
        "enableSMSMFA": null,
        "finalUserStatus": status,
        "messageAction": "SUPPRESS",
        "desiredDeliveryMediums": ["EMAIL"],
    })
}

#[tokio::test]
async fn the_right_password_migrates_a_user() {
    let (function, _) = function(StandIn::default());
    let answer = function.call(&sign_in()).await;
    assert_eq!(answer, (Ok(migrated("CONFIRMED")), vec![ANSWERED.to_owned()]));
}

#[tokio::test]
async fn a_stranger_and_a_wrong_password_look_the_same() {
    let (function, hash) = function(StandIn::default());
    let wrong = function.call(&sign_in().with("password", "guess")).await;
    let stranger = function.call(&sign_in().user_name("eve@example.com")).await;
    let unchanged: Value = serde_json::from_str(&sign_in().json()).unwrap();
    assert_eq!(
        wrong,
        (Ok(unchanged["response"].clone()), vec![ANSWERED.to_owned()])
    );
    assert_eq!(wrong, stranger);
    assert_eq!(
        *hash.calls.lock().unwrap(),
        ["$slow$correct-Horse7battery", "$none$"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_slow_hash_blocks_no_other_call_and_ends_in_time() {
    let (release, gate) = mpsc::channel();
    let (function, hash) = function(StandIn {
        gate: Some(Mutex::new(gate)),
        ..Default::default()
    });
    let other_calls = async {
        hash.has_begun.notified().await;
        let forgotten = Event::<UserMigration>::sample()
            .source(Source::ForgotPassword)
            .user_name("emil@example.com");
        let answer = function.call(&forgotten).await;
        assert_eq!(
            answer,
            (Ok(migrated("RESET_REQUIRED")), vec![ANSWERED.to_owned()])
        );
        tokio::time::advance(Duration::from_millis(4300)).await;
        // The function itself gives up after 4.5 seconds, with a text that helps the user less.
        tokio::time::advance(Duration::from_millis(300)).await;
    };
    let event = sign_in();
    let ((slow, log), ()) = tokio::join!(function.call(&event), other_calls);
    drop(release);
    let text = "the sign-in took too long, please try again";
    assert_eq!(slow, Err(format!("Rejected: {text}")));
    assert_eq!(
        log,
        [format!(
            "INFO rejected outcome=Rejected reason={text}: deadline has elapsed"
        )]
    );
}

#[tokio::test]
async fn a_hash_that_panics_fails_its_own_call() {
    let (function, _) = function(StandIn {
        panics: true,
        ..Default::default()
    });
    let (failed, log) = function.call(&sign_in()).await;
    assert_eq!(failed, Err(INTERNAL.to_owned()));
    assert!(
        log.len() == 1 && log[0].starts_with("ERROR no answer outcome=Failed") && log[0].contains("panic"),
        "{log:?}"
    );
}

#[tokio::test]
async fn what_is_missing_or_down_is_for_the_log() {
    let app = App {
        hash: Arc::new(StandIn::default()),
        directory: Emil { is_down: true },
    };
    let function: Function = Lambda::new(router! { user_migration => migrate }, app);
    for (event, error) in [
        (sign_in(), "connection refused"),
        (sign_in().user_name(""), "the event has no `userName`"),
    ] {
        let (failed, log) = function.call(&event).await;
        assert_eq!(failed, Err(INTERNAL.to_owned()));
        assert_eq!(log, [format!("ERROR no answer outcome=Failed error={error}")]);
    }
}
