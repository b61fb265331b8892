//! Sealed codes open in a decryptor, but only with the right key and pool.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use cognito_triggers::{CustomEmailSender, CustomSmsSender, Event};
use cognito_triggers_kms::{Decryptor, SenderEvent, testing::LocalKey};
use cognito_triggers_loopback::seal::{KEY_ARN, Sealer};
use serde_json::{Value, json};

const POOL: &str = "eu-central-1_aB3dE6gHi";
const OTHER_KEY: &str = "arn:aws:kms:eu-central-1:111122223333:key/20ca20ca-20ca-40ca-80ca-20ca20ca20ca";

fn key() -> LocalKey {
    LocalKey::new(KEY_ARN).unwrap()
}

fn sealer() -> Sealer {
    Sealer::new(&key(), POOL)
}

fn decryptor() -> Decryptor {
    Decryptor::builder()
        .key_arn(KEY_ARN)
        .pool(POOL)
        .kms(key())
        .build()
        .unwrap()
}

fn json(source: &str, code: impl Into<Value>) -> String {
    json!({
        "version": "1",
        "triggerSource": source,
        "region": "eu-central-1",
        "userPoolId": POOL,
        "userName": "ana",
        "callerContext": { "awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": "client" },
        "request": { "code": code.into(), "clientMetadata": null, "userAttributes": { "email": "ana@example.com" } },
    })
    .to_string()
}

fn email(source: &str, code: impl Into<Value>) -> Event<CustomEmailSender> {
    Event::from_json(json(source, code)).unwrap()
}

async fn opened<E: SenderEvent>(event: &E) -> Option<String> {
    decryptor()
        .open(event)
        .await
        .unwrap()
        .map(|code| code.expose().to_owned())
}

#[tokio::test]
async fn codes_of_all_lengths_open_in_both_suites() {
    let text: String = ('a'..='z').cycle().take(700).collect();
    for sealer in [sealer(), sealer().with_commitment()] {
        for length in [0, 1, 6, 127, 128, 129, 255, 256, 257, 700] {
            let code = &text[..length];
            for frame_length in [1, 128, 4096] {
                let sealed = sealer
                    .clone()
                    .frame_length(frame_length)
                    .context("more", "✓")
                    .seal(code)
                    .unwrap();
                assert_eq!(
                    opened(&email("CustomEmailSender_SignUp", sealed))
                        .await
                        .as_deref(),
                    Some(code)
                );
            }
        }
    }
}

#[tokio::test]
async fn only_temporary_passwords_are_unescaped() {
    let password = r#"<p>&"é"&lt;1"#;
    let sealed = sealer().seal_temporary_password(password).unwrap();
    let by_mail = email("CustomEmailSender_AdminCreateUser", sealed.as_str());
    assert_eq!(opened(&by_mail).await.as_deref(), Some(password));
    let by_sms: Event<CustomSmsSender> =
        Event::from_json(json("CustomSMSSender_AdminCreateUser", sealed.as_str())).unwrap();
    assert_eq!(opened(&by_sms).await.as_deref(), Some(password));
    let as_code = email("CustomEmailSender_SignUp", sealed);
    assert_eq!(
        opened(&as_code).await.as_deref(),
        Some(r#"&lt;p&gt;&amp;"é"&amp;lt;1"#)
    );
}

#[tokio::test]
async fn a_notice_has_nothing_to_open() {
    let notice = email("CustomEmailSender_AccountTakeOverNotification", Value::Null);
    assert_eq!(opened(&notice).await, None);
    let fixed = Decryptor::fixed("271828");
    assert!(fixed.open(&notice).await.unwrap().is_none());
    let code = fixed
        .open(&email("CustomEmailSender_SignUp", "whatever"))
        .await
        .unwrap();
    assert_eq!(code.unwrap().expose(), "271828");
}

#[tokio::test]
async fn another_key_or_pool_does_not_open() {
    let event = email("CustomEmailSender_SignUp", sealer().seal("271828").unwrap());
    let with_other_key = Decryptor::builder()
        .key_arn(OTHER_KEY)
        .pool(POOL)
        .kms(LocalKey::new(OTHER_KEY).unwrap())
        .build()
        .unwrap();
    assert!(with_other_key.open(&event).await.unwrap_err().is_wrong_key());

    let other_pool = Sealer::new(&key(), "eu-central-1_zZ9yY8xX7")
        .seal("271828")
        .unwrap();
    let error = decryptor()
        .open(&email("CustomEmailSender_SignUp", other_pool))
        .await
        .unwrap_err();
    assert!(error.is_wrong_pool(), "{error}");
}

#[test]
fn no_two_messages_are_alike() {
    assert_ne!(sealer().seal("271828").unwrap(), sealer().seal("271828").unwrap());
}

#[test]
fn a_context_that_is_too_long_is_refused() {
    let error = sealer()
        .context("long", &"x".repeat(65_536))
        .seal("271828")
        .unwrap_err();
    assert!(error.to_string().contains("65,535"));
}
