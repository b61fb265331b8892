//! A pool is created, broken and repaired with the AWS CLI and a stand-in for the service.
//!
//! Needs `aws` and `moto_server` on the path (`tests/wiring/requirements.txt` names the packages), so it runs only
//! when asked for: `cargo test -p cognito-triggers-wiring --test it -- --ignored`.

#![expect(clippy::indexing_slicing, reason = "tests")]

use std::{
    env, fs,
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use cognito_triggers_model::triggers::DEFINITIONS;
use cognito_triggers_wiring::{
    Binary, LambdaConfig, Report, Severity, Source, Wiring,
    wire::{self, Arns},
};
use serde_json::{Value, json};

const FUNCTION: &str = "arn:aws:lambda:eu-west-1:123456789012:function:triggers:live";
const KEY: &str = "arn:aws:kms:eu-west-1:123456789012:key/0aa11bb2-0000-4000-8000-000000000000";

/// The stand-in, which ends with the test.
struct Service {
    process: Child,
    url: String,
    files: PathBuf,
}

impl Service {
    fn start() -> Self {
        // No other process asks for this port, so it is free a moment later.
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let mut command = Command::new("moto_server");
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        let process = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let files = env::temp_dir().join(format!("cognito-triggers-wiring-{port}"));
        fs::create_dir_all(&files).unwrap();
        let service = Self {
            process,
            url: format!("http://127.0.0.1:{port}"),
            files,
        };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                started.elapsed() < Duration::from_secs(60),
                "moto_server doesn't listen"
            );
            sleep(Duration::from_millis(100));
        }
        service
    }

    /// Runs a command of `aws cognito-idp` and reads what it prints.
    fn aws(&self, arguments: &[&str]) -> Value {
        let mut command = Command::new("aws");
        command.args([
            "--endpoint-url",
            &self.url,
            "--region",
            "eu-west-1",
            "--output",
            "json",
            "cognito-idp",
        ]);
        command
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test");
        let output = command.args(arguments).output().unwrap();
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        if output.stdout.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&output.stdout).unwrap()
        }
    }

    /// Runs a command whose whole input is a file, as people do.
    fn aws_with(&self, command: &str, input: &Value) -> Value {
        let file = self.files.join(format!("{command}.json"));
        fs::write(&file, input.to_string()).unwrap();
        self.aws(&[command, "--cli-input-json", &format!("file://{}", file.display())])
    }

    fn describe(&self, pool: &str) -> Value {
        let mut description = self.aws(&["describe-user-pool", "--user-pool-id", pool]);
        let members = description["UserPool"].as_object_mut().unwrap();
        members.remove("LastModifiedDate");
        // The old name of TemporaryPasswordValidityDays. The service returns it; the stand-in stores it as a setting.
        members["AdminCreateUserConfig"]
            .as_object_mut()
            .unwrap()
            .remove("UnusedAccountValidityDays");
        description
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
        drop(fs::remove_dir_all(&self.files));
    }
}

fn source(description: &Value) -> Source {
    Source::new("pool.json", description.to_string())
}

fn check(description: &Value, binary: &Binary) -> Report {
    Wiring::read([source(description)])
        .unwrap()
        .check(std::slice::from_ref(binary))
}

/// The members in which two descriptions differ.
fn differences(one: &Value, other: &Value) -> Vec<String> {
    let (one, other) = (
        one["UserPool"].as_object().unwrap(),
        other["UserPool"].as_object().unwrap(),
    );
    let mut keys: Vec<&String> = one.keys().chain(other.keys()).collect();
    keys.sort();
    keys.dedup();
    keys.into_iter()
        .filter(|key| one.get(*key) != other.get(*key))
        .cloned()
        .collect()
}

#[test]
#[ignore = "needs `aws` and `moto_server`"]
fn a_pool_is_created_broken_and_repaired() {
    let service = Service::start();
    let binary = Binary::new(
        "triggers",
        DEFINITIONS.iter().map(|definition| definition.route.as_str()),
    );
    let arns = Arns {
        function: Some(FUNCTION.into()),
        kms_key: Some(KEY.into()),
    };
    let config = wire::lambda_config(&binary, &arns).unwrap();

    let created = service.aws_with("create-user-pool", &new_pool(&config));
    let pool = created["UserPool"]["Id"].as_str().unwrap().to_owned();
    let good = service.describe(&pool);
    let read: LambdaConfig = serde_json::from_value(good["UserPool"]["LambdaConfig"].clone()).unwrap();
    assert_eq!(read, config, "the service gives back what was wired");
    let report = check(&good, &binary);
    assert!(report.is_clean(), "{report}");

    // A call that sets one hook resets every other setting.
    let bare = format!(r#"{{"PreSignUp":"{FUNCTION}"}}"#);
    service.aws(&[
        "update-user-pool",
        "--user-pool-id",
        &pool,
        "--lambda-config",
        &bare,
    ]);
    let broken = service.describe(&pool);
    let lost = differences(&good, &broken);
    assert!(
        lost.contains(&"Policies".to_owned()) && lost.contains(&"AutoVerifiedAttributes".to_owned()),
        "{lost:?}"
    );
    let report = check(&broken, &binary);
    assert_eq!(
        report.count(Severity::Warning),
        12,
        "one for each hook that is gone\n{report}"
    );

    // From the description of the pool as it is now: the hooks are restored, and nothing else changes.
    let update = wire::update_user_pool(&source(&broken), &binary, &arns).unwrap();
    assert!(
        update
            .changes
            .iter()
            .all(|change| change.path.starts_with("LambdaConfig.")),
        "{:?}",
        update.changes
    );
    service.aws_with("update-user-pool", &update.input);
    let rewired = service.describe(&pool);
    assert_eq!(differences(&broken, &rewired), ["LambdaConfig"]);
    assert!(check(&rewired, &binary).is_clean());

    // From the description of before: everything is restored.
    let update = wire::update_user_pool(&source(&good), &binary, &Arns::default()).unwrap();
    assert_eq!(
        update.changes,
        [],
        "the description from before already has the hooks"
    );
    service.aws_with("update-user-pool", &update.input);
    assert_eq!(differences(&good, &service.describe(&pool)), [""; 0]);
}

/// A pool with a setting of each kind that an incomplete update resets. It has no settings that only creation can set: the
/// stand-in loses them at an update, and the service doesn't.
fn new_pool(config: &LambdaConfig) -> Value {
    json!({
        "PoolName": "people",
        "LambdaConfig": config,
        "UserPoolTier": "ESSENTIALS",
        "DeletionProtection": "ACTIVE",
        "AutoVerifiedAttributes": ["email"],
        "MfaConfiguration": "OPTIONAL",
        "Policies": {
            "PasswordPolicy": {
                "MinimumLength": 14,
                "RequireUppercase": true,
                "RequireLowercase": true,
                "RequireNumbers": true,
                "RequireSymbols": false,
                "TemporaryPasswordValidityDays": 2,
            },
        },
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true},
        "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]},
        "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": true},
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
        "VerificationMessageTemplate": {
            "DefaultEmailOption": "CONFIRM_WITH_CODE",
            "EmailMessage": "Your code: {####}",
            "EmailSubject": "A code",
            "SmsMessage": "Your code: {####}",
        },
        "UserPoolTags": {"team": "identity"},
    })
}
