//! Events for which the binary must not send a message. Each fails for its own reason.

use std::path::Path;

use cognito_triggers_replay::{Case, Process, Replay, Target};
use cognito_triggers_targets::Invocation;

use crate::support::{self, FAILED, log_with};

/// A part of the function's log in each case.
const REASONS: [(&str, &str); 11] = [
    ("mail/code-altered", "altered"),
    ("mail/code-for-another-pool", "the code was encrypted for pool"),
    ("mail/code-in-the-clear", "request.code"),
    ("mail/code-under-another-key", "COGNITO_KMS_KEY_ARN"),
    ("mail/no-address", "the event has no email address"),
    ("mail/no-address-but-a-name", "the event has no email address"),
    ("mail/notice-of-another-pool", "COGNITO_USER_POOL_IDS"),
    ("mail/notice-without-address", "the event has no email address"),
    (
        "mail/unknown-reason",
        "there is no message for CustomEmailSender_Birthday",
    ),
    ("sms/no-number", "the event has no phone number"),
    (
        "sms/unknown-reason",
        "there is no message for CustomSMSSender_Birthday",
    ),
];

/// Starts the compiled function. No server listens at the endpoint of SES and SNS.
async fn function() -> Process {
    support::function()
        .await
        .env("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
}

#[tokio::test]
async fn every_case_has_its_approved_answer() {
    Replay::dir("cases").against(function().await).await.assert();
}

#[tokio::test]
async fn each_case_fails_for_its_own_reason() {
    let function = function().await;
    let cases = Case::find(Path::new("cases")).into_result().unwrap();
    assert_eq!(cases.len(), REASONS.len());
    for case in cases {
        let reason = REASONS.iter().find(|(name, _)| *name == case.name);
        let (_, reason) = reason.unwrap_or_else(|| panic!("{} has no reason", case.name));
        let reply = function.invoke(Invocation::new(case.event)).await;
        let log = log_with(&reply, FAILED).await;
        assert!(log.contains(reason), "{}: {log}", case.name);
        assert!(!log.contains("123456"), "{}: {log}", case.name);
    }
}
