//! The compiled function with a PostgreSQL, which `tests/with_postgres.sh` starts, and with none that answers.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by it")]

use std::{env, io, io::Write as _, net::TcpListener, time::Duration};

use cognito_triggers::{Event, UserMigration, samples::Builder, user_migration::Source};
use cognito_triggers_targets::{Invocation, Outcome, Process, Target};

/// The compiled function.
const BINARY: &str = env!("CARGO_BIN_EXE_migrate-users");

/// What the log has if the database doesn't answer in time.
const TOO_SLOW: &str = "didn't answer within";

pub(crate) const NO_ANSWER: &str = "signing in isn't possible at the moment, please try again in a minute";

/// The password of the samples, and of all users of `users.sql` who have one.
const PASSWORD: &str = "correct-Horse7battery";

pub(crate) fn function(url: &str) -> Process {
    Process::new(BINARY)
        .env("DATABASE_URL", url)
        .env(
            "DATABASE_CA",
            env::var("MIGRATE_USERS_TEST_CA").unwrap_or_default(),
        )
        .env("ARGON2_COST", "m=256,t=2,p=1")
        .env("BCRYPT_COST", "4")
}

/// The database of the script, and never the one in `DATABASE_URL`. Without one a test is skipped, except in CI.
pub(crate) fn url(test: &str) -> Option<String> {
    let url = env::var("MIGRATE_USERS_TEST_DATABASE").ok();
    if url.is_none() {
        assert!(
            env::var_os("CI").is_none(),
            "there is no MIGRATE_USERS_TEST_DATABASE: in CI, run this with `bash tests/with_postgres.sh`"
        );
        // Not by `eprintln!`, which a test that passes doesn't show.
        let line = format!("SKIPPED: {test} needs a PostgreSQL, see tests/with_postgres.sh\n");
        io::stderr()
            .write_all(line.as_bytes())
            .expect("standard error is open");
    }
    url
}

pub(crate) fn sign_in(email: &str) -> Builder<UserMigration> {
    Event::sample().user_name(email)
}

fn forgot(email: &str) -> Builder<UserMigration> {
    Event::sample().source(Source::ForgotPassword).user_name(email)
}

/// What [`call`] returns. On a machine that is too busy to reach the database in time, it tries again, as a person would.
async fn answer_of(function: &Process, event: Builder<UserMigration>) -> (String, String) {
    let event = event.json();
    let mut reply = call(function, &event).await;
    for _ in 0..3 {
        if !reply.1.contains(TOO_SLOW) {
            break;
        }
        reply = call(function, &event).await;
    }
    reply
}

/// The answer as text, or the text of the error, and the log, which arrives a little later. The log never has a secret.
pub(crate) async fn call(function: &Process, event: &str) -> (String, String) {
    let reply = function.invoke(Invocation::new(event.to_owned())).await;
    for _ in 0..200 {
        if reply.log.text().contains("outcome=") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let text = match &reply.outcome {
        Outcome::Answered(answer) => answer.get("response").expect("an answer has it").to_string(),
        Outcome::FunctionError { message, .. } => message.clone(),
        Outcome::InvokeError(error) => panic!("{error}"),
    };
    let log = reply.log.text();
    for secret in [
        PASSWORD,
        "hunter2",
        "only for tests",
        "only%20for",
        "$argon2",
        "$2a$",
        "@example.com",
    ] {
        assert!(!log.contains(secret), "{secret} is in the log: {log}");
    }
    (text, log)
}

#[tokio::test]
async fn users_of_both_kinds_keep_their_passwords() {
    let Some(url) = url("users_of_both_kinds_keep_their_passwords") else {
        return;
    };
    let function = function(&url);
    for (typed, email) in [
        ("emil@example.com", "emil@example.com"),
        ("EMIL@example.com", "emil@example.com"),
        ("bruno@example.com", "bruno@example.com"),
    ] {
        let (answer, log) = answer_of(&function, sign_in(typed)).await;
        assert!(
            answer.contains(r#""finalUserStatus":"CONFIRMED""#),
            "{answer} {log}"
        );
        assert!(answer.contains(&format!(r#""email":"{email}""#)), "{answer}");
    }
}

#[tokio::test]
async fn everyone_else_is_unknown() {
    let Some(url) = url("everyone_else_is_unknown") else {
        return;
    };
    let function = function(&url);
    for event in [
        sign_in("emil@example.com").with("password", "guess"),
        sign_in("bruno@example.com").with("password", "guess"),
        sign_in("nobody@example.com"),
        // Disabled, without a password, and with a letter that isn't a k.
        sign_in("gone@example.com"),
        forgot("gone@example.com"),
        sign_in("greta@example.com"),
        forgot("lea\u{212A}ed@example.com"),
        sign_in("' or true --"),
        sign_in("a\0b"),
    ] {
        let (answer, log) = answer_of(&function, event).await;
        assert!(answer.contains(r#""userAttributes":null"#), "{answer} {log}");
    }
}

#[tokio::test]
async fn a_code_goes_to_a_proved_address_only() {
    let Some(url) = url("a_code_goes_to_a_proved_address_only") else {
        return;
    };
    let function = function(&url);
    for event in [
        forgot("greta@example.com"),
        forgot("leaked@example.com"),
        sign_in("leaked@example.com"),
    ] {
        let (answer, _) = answer_of(&function, event).await;
        assert!(
            answer.contains(r#""finalUserStatus":"RESET_REQUIRED""#),
            "{answer}"
        );
    }
    let (answer, _) = answer_of(&function, forgot("unproved@example.com")).await;
    assert!(answer.contains(r#""userAttributes":null"#), "{answer}");
}

#[tokio::test]
async fn a_server_with_another_name_gets_no_password() {
    let Some(url) = url("a_server_with_another_name_gets_no_password") else {
        return;
    };
    // The certificate is for localhost.
    let function = function(&url.replace("@localhost:", "@127.0.0.1:"));
    let (answer, log) = answer_of(&function, sign_in("emil@example.com")).await;
    assert_eq!(answer, NO_ANSWER);
    assert!(log.contains("certificate"), "{log}");
}

#[tokio::test]
async fn a_refused_password_of_the_database_is_no_answer() {
    let Some(url) = url("a_refused_password_of_the_database_is_no_answer") else {
        return;
    };
    let function = function(&url.replace("only%20for%20tests", "hunter2"));
    let (answer, log) = answer_of(&function, sign_in("emil@example.com")).await;
    assert_eq!(answer, NO_ANSWER);
    assert!(log.contains("password authentication failed"), "{log}");
}

#[tokio::test]
async fn a_database_that_never_answers_fails_in_time() {
    // Connections are accepted by the system, and nobody reads them.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = silent.local_addr().expect("an address").port();
    let function = function(&format!("postgres://a:hunter2@127.0.0.1:{port}/old")).env("DATABASE_CA", "");
    let (answer, log) = call(&function, &sign_in("emil@example.com").json()).await;
    assert_eq!(answer, NO_ANSWER);
    assert!(log.contains(TOO_SLOW), "{log}");
}

#[tokio::test]
async fn a_database_that_is_gone_is_no_wrong_password() {
    // The port is free again at once, and nobody listens.
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|gone| gone.local_addr())
        .expect("a free port")
        .port();
    let function = function(&format!("postgres://a:hunter2@127.0.0.1:{port}/old")).env("DATABASE_CA", "");
    for event in [sign_in("emil@example.com"), forgot("emil@example.com")] {
        let (answer, log) = call(&function, &event.json()).await;
        assert_eq!(answer, NO_ANSWER);
        assert!(log.contains("error connecting"), "{log}");
    }
}
