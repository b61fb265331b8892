//! Codes of custom senders: encrypted in events, and decrypted with a KMS on loopback.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use cognito_triggers::{CustomEmailSender, CustomSmsSender, Event};
use cognito_triggers_kms::{Decryptor, SenderEvent, testing::LocalKey};
use cognito_triggers_loopback::seal::KEY_ARN;

use crate::support::TestDir;

const OTHER_KEY: &str = "arn:aws:kms:us-east-1:111122223333:key/mrk-20ca20ca20ca40ca80ca20ca20ca20ca";

/// The event that a command prints.
fn printed(args: &str) -> String {
    let output = TestDir::new().command(args).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

async fn opened(event: &impl SenderEvent, key_arn: &str, pool: &str) -> Option<String> {
    let key = LocalKey::new(key_arn).unwrap();
    let decryptor = Decryptor::builder().key_arn(key_arn).pool(pool).kms(key);
    let code = decryptor.build().unwrap().open(event).await.unwrap();
    code.map(|code| code.expose().to_owned())
}

#[tokio::test]
async fn an_event_has_a_real_message_for_its_pool() {
    let text = printed("event CustomEmailSender_SignUp --code 123456");
    let event: Event<CustomEmailSender> = Event::from_json(text).unwrap();
    assert_eq!(
        opened(&event, KEY_ARN, "eu-central-1_Tr1gg3rs0").await.as_deref(),
        Some("123456")
    );
    let text = printed(&format!(
        "event CustomSMSSender_Authentication --code 12345678 --user-pool-id us-east-1_x --key-arn {OTHER_KEY}"
    ));
    let event: Event<CustomSmsSender> = Event::from_json(text).unwrap();
    assert_eq!(
        opened(&event, OTHER_KEY, "us-east-1_x").await.as_deref(),
        Some("12345678")
    );
}

#[tokio::test]
async fn a_temporary_password_comes_escaped() {
    let text = printed("event CustomEmailSender_AdminCreateUser --code <p>&1");
    let event: Event<CustomEmailSender> = Event::from_json(text).unwrap();
    assert_eq!(
        opened(&event, KEY_ARN, "eu-central-1_Tr1gg3rs0").await.as_deref(),
        Some("<p>&1")
    );
}

/// A function that prints the variables that point it to a KMS, and ends.
fn place() -> TestDir {
    let place = TestDir::new();
    place.write_script(
        "tell",
        "#!/bin/sh\nenv | grep -E '^(AWS_(ENDPOINT|ACCESS|SECRET)|COGNITO_)' | sort >&2\n",
    );
    place.write_event("text.json", "CustomSMSSender_SignUp");
    let other_pool = printed("event CustomEmailSender_SignUp --user-pool-id us-east-1_x");
    place.write("mail.json", &other_pool);
    place
}

fn environment_of(place: &TestDir, variables: &[(&str, &str)]) -> Vec<String> {
    environment_with("", place, variables)
}

fn environment_with(option: &str, place: &TestDir, variables: &[(&str, &str)]) -> Vec<String> {
    let output = place
        .command(&format!("invoke text.json mail.json --bin ./tell {option}"))
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    let (log, _) = log.split_once("error:").unwrap();
    log.lines().map(str::to_owned).collect()
}

#[test]
fn a_function_is_led_to_a_kms_on_loopback() {
    let environment = environment_of(&place(), &[]);
    let (url, others) = environment
        .iter()
        .partition::<Vec<_>, _>(|line| line.starts_with("AWS_ENDPOINT_URL_KMS=http://127.0.0.1:"));
    assert_eq!(url.len(), 1, "{environment:?}");
    assert_eq!(
        others,
        [
            "AWS_ACCESS_KEY_ID=local",
            "AWS_SECRET_ACCESS_KEY=local",
            &format!("COGNITO_KMS_KEY_ARN={KEY_ARN}"),
            "COGNITO_USER_POOL_IDS=eu-central-1_Tr1gg3rs0,us-east-1_x",
        ]
    );
}

#[test]
fn variables_of_the_shell_are_kept() {
    let place = place();
    let set = [
        ("AWS_ACCESS_KEY_ID", "mine"),
        ("COGNITO_KMS_KEY_ARN", OTHER_KEY),
        ("COGNITO_USER_POOL_IDS", "us-east-1_y"),
    ];
    let with_aws = environment_with("--with-aws", &place, &set);
    for (name, value) in set {
        assert!(with_aws.contains(&format!("{name}={value}")), "{with_aws:?}");
    }
    assert!(
        !with_aws.iter().any(|line| line.contains("SECRET")),
        "{with_aws:?}"
    );
    let endpoint = ("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
    let environment = environment_of(&place, &[endpoint, ("AWS_ACCESS_KEY_ID", "mine")]);
    assert_eq!(
        environment,
        ["AWS_ACCESS_KEY_ID=mine", "AWS_ENDPOINT_URL=http://127.0.0.1:1"],
        "no other variable"
    );
}

#[test]
fn credentials_stay_here() {
    let mine = [
        ("AWS_ACCESS_KEY_ID", "mine"),
        ("AWS_SECRET_ACCESS_KEY", "mine"),
        ("AWS_ENDPOINT_URL_KMS", "http://127.0.0.1:1"),
    ];
    for variables in [mine.as_slice(), &mine[..2]] {
        let environment = environment_of(&place(), variables);
        assert!(!environment.concat().contains("mine"), "{environment:?}");
        for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
            assert!(environment.contains(&format!("{name}=local")), "{environment:?}");
        }
    }
}
