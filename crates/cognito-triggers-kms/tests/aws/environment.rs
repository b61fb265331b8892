//! A decryptor that is configured by the environment, as in Lambda.

use std::env;
use std::process::Command;

use cognito_triggers_kms::Decryptor;

use crate::{POOL, event, loopback};

/// Runs the next test in a process with an environment of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_environment_is_enough() {
    let server = loopback().await;
    let child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "environment::opens_with_the_environment", "--ignored"])
        .env_clear()
        .envs(server.environment(&["eu-central-1_0nEm0re00", POOL]))
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && output.contains("1 passed"), "{output}");
}

#[tokio::test]
#[ignore = "needs the environment that the previous test sets"]
async fn opens_with_the_environment() {
    let decryptor = Decryptor::from_env().unwrap();
    let code = decryptor.open(&event("271828")).await.unwrap().unwrap();
    assert_eq!(code.expose(), "271828");
}

#[test]
fn a_missing_variable_is_named() {
    let child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "environment::opens_with_the_environment", "--ignored"])
        .env_clear()
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&child.stdout);
    assert!(output.contains("COGNITO_KMS_KEY_ARN isn't set"), "{output}");
}
