//! Flows in which a trigger fails, and what an app sees then.

use cognito_triggers_targets::{BoxFuture, Invocation, InvokeError, Log, Outcome, Reply, Target};

use super::*;
use crate::Style;

fn play(router: Router<()>, json: &str) -> Run {
    run(router, &Flow::parse("x", json).unwrap())
}

#[test]
fn a_rejection_reaches_the_app() {
    let json = r#"{"calls": [{"call": "SignUp", "expect": "success"}, {"call": "ConfirmSignUp"}]}"#;
    let run = play(
        router! { pre_sign_up => async |_, _| Err(reject("not invited")) },
        json,
    );
    assert_eq!(
        run.to_string(),
        "x\n\nFAIL SignUp\n  PreSignUp_SignUp                             rejects: not invited\n  -> \
         UserLambdaValidationException: PreSignUp failed with error not invited.\n  expected: success\n\nConfirmSignUp\n  \
         -> UserNotFoundException: Username/client id combination not found.\n"
    );
    assert!(!run.is_good());
}

#[test]
fn the_summary_names_the_calls_that_fail() {
    let router = || router! { pre_sign_up => async |_, _| Err(reject("not invited")) };
    let good = play(
        router(),
        r#"{"calls": [{"call": "SignUp", "expect": "UserLambdaValidationException"}]}"#,
    );
    let bad = play(
        router(),
        r#"{"calls": [{"call": "SignUp", "expect": "UserLambdaValidationException"}, {"call": "SignUp", "expect": "success"}]}"#,
    );
    let summary = |runs: &[Run]| Style::default().flow_summary(runs);
    let text = summary(&[good.clone(), bad.clone()]);
    assert!(
        text.ends_with("s] 2 flows: 1 passed, 1 not as expected (x: call 2)\n"),
        "{text}"
    );
    assert!(summary(&[good.clone(), good]).ends_with(" 2 flows: 2 passed\n"));
    assert!(summary(&[bad]).ends_with(" 1 flow: 1 not as expected (x: call 2)\n"));
}

#[test]
fn a_failure_that_no_one_expects_is_not_success() {
    let refusing = || router! { pre_sign_up => async |_, _| Err(reject("not invited")) };
    let run = play(refusing(), r#"{"calls": [{"call": "SignUp"}]}"#);
    assert!(!run.is_good());
    assert!(run.to_string().contains("the call has no `expect`"), "{run}");
    let expected = r#"{"calls": [{"call": "SignUp", "expect": "UserLambdaValidationException"}]}"#;
    play(refusing(), expected).assert();

    let failing = router! { pre_sign_up => async |_, _| Err("the database is down".into()) };
    let run = play(failing, expected);
    run.assert();
    let text = run.to_string();
    assert!(text.contains("fails: Failed: "), "{text}");
    assert!(text.contains("| the database is down"), "the log: {text}");
}

#[test]
fn a_custom_sender_that_fails_sends_nothing() {
    let failing = || router! { custom_email_sender => async |_, _| Err("no mail server".into()) };
    let run = play(
        failing(),
        r#"{"calls": [{"call": "SignUp", "expect": "success"}]}"#,
    );
    assert!(!run.is_good(), "{run}");
    assert_eq!(
        run.exchanges[0].result.to_string(),
        "not sent: CustomEmailSender_SignUp fails, and the app isn't told"
    );
    assert_eq!(
        run.steps().filter(|step| step.source.contains("Sender")).count(),
        1
    );
    play(
        failing(),
        r#"{"calls": [{"call": "SignUp", "expect": "not sent"}]}"#,
    )
    .assert();
}

#[test]
fn triggers_are_compared_in_their_order() {
    let json = |triggers: &str| {
        format!(r#"{{"calls": [{{"call": "SignUp", "expect": "success", "triggers": [{triggers}]}}]}}"#)
    };
    let both = r#""PreSignUp_SignUp", "CustomMessage_SignUp""#;
    play(function(), &json(both)).assert();
    // A trigger that the function doesn't route may be in the list, but need not be.
    let one = || router! { pre_sign_up => unchanged };
    play(one(), &json(both)).assert();
    play(one(), &json(r#""PreSignUp_SignUp""#)).assert();
    for wrong in [
        "",
        r#""CustomMessage_SignUp", "PreSignUp_SignUp""#,
        r#""PreSignUp_SignUp""#,
        r#""PreSignUp_SignUp", "CustomMessage_SignUp", "PostConfirmation_ConfirmSignUp""#,
    ] {
        let run = play(function(), &json(wrong));
        assert!(!run.is_good(), "{run}");
        assert!(
            run.to_string()
                .contains("fired triggers: PreSignUp_SignUp, CustomMessage_SignUp")
        );
    }
}

#[test]
fn each_trigger_fails_as_the_flow_says() {
    let failed = |trigger: &str| {
        format!("UserLambdaValidationException: {trigger} failed with error the flow lets it fail.")
    };
    let crashed = |trigger: &str| {
        format!(
            "UserLambdaValidationException: {trigger} failed with error RequestId: 00000000-0000-4000-8000-000000000000 \
             Error: Runtime exited with error: exit status 1."
        )
    };
    let unexpected = |trigger: &str, what: &str| {
        format!("UnexpectedLambdaException: {trigger} invocation failed due to error {what}.")
    };
    let slow = |trigger: &str| unexpected(trigger, "Socket timeout while invoking Lambda function");
    let sign_up: &[&str] = &["PreSignUp_SignUp"];
    included(
        "failing-sign-up",
        &[
            (sign_up, &failed("PreSignUp")),
            (sign_up, &crashed("PreSignUp")),
            (sign_up, &slow("PreSignUp")),
            (sign_up, &unexpected("PreSignUp", "TooManyRequestsException")),
            (sign_up, &unexpected("PreSignUp", "AccessDeniedException")),
            (
                sign_up,
                "InvalidLambdaResponseException: Invalid lambda function output : Invalid JSON",
            ),
            (
                sign_up,
                "InvalidLambdaResponseException: Invalid lambda function output : Invalid JSON",
            ),
            (
                sign_up,
                "InvalidLambdaResponseException: Unrecognizable lambda output",
            ),
            (
                &["PreSignUp_SignUp", "CustomMessage_SignUp"],
                "success: a code is on its way",
            ),
        ],
    );
    included(
        "failing-confirmation",
        &[
            (
                &["PreSignUp_SignUp", "CustomMessage_SignUp"],
                "success: a code is on its way",
            ),
            (&["PostConfirmation_ConfirmSignUp"], &failed("PostConfirmation")),
            (
                &[],
                "NotAuthorizedException: User cannot be confirmed. Current status is CONFIRMED",
            ),
            (&["PreAuthentication", "PostAuthentication", TOKENS], "tokens"),
        ],
    );
    let tokens: &[&str] = &["PreAuthentication", "PostAuthentication", TOKENS];
    included(
        "failing-sign-in",
        &[
            (&["PreAuthentication"], &failed("PreAuthentication")),
            (
                &["PreAuthentication", "PostAuthentication"],
                &slow("PostAuthentication"),
            ),
            (tokens, &failed("PreTokenGenerationV3_0")),
            (tokens, "tokens"),
            (
                &["TokenGeneration_RefreshTokens"],
                &crashed("PreTokenGenerationV3_0"),
            ),
            (&["TokenGeneration_RefreshTokens"], "tokens"),
        ],
    );
    included(
        "failing-forgotten-password",
        &[
            (&["CustomMessage_ForgotPassword"], "success: a code is on its way"),
            (
                &["PostConfirmation_ConfirmForgotPassword"],
                &failed("PostConfirmation"),
            ),
            (&["PreAuthentication"], WRONG),
        ],
    );
    included(
        "failing-custom-sign-in",
        &[
            (&["DefineAuthChallenge"], &failed("DefineAuthChallenge")),
            (
                &["DefineAuthChallenge", "CreateAuthChallenge"],
                &slow("CreateAuthChallenge"),
            ),
            (&["DefineAuthChallenge", "CreateAuthChallenge"], CHALLENGE),
            (
                &["VerifyAuthChallengeResponse"],
                &crashed("VerifyAuthChallengeResponse"),
            ),
        ],
    );
    included(
        "failing-migration",
        &[
            (&["UserMigration"], &failed("UserMigration")),
            (&["UserMigration_ForgotPassword"], &slow("UserMigration")),
        ],
    );
    included(
        "failing-message",
        &[(&["CustomMessage_ForgotPassword"], &failed("CustomMessage"))],
    );
    included(
        "failing-sender",
        &[(
            &["CustomEmailSender_ForgotPassword"],
            "not sent: CustomEmailSender_ForgotPassword fails, and the app isn't told",
        )],
    );
    included(
        "failing-text-message",
        &[(
            &["CustomSMSSender_ForgotPassword"],
            "not sent: CustomSMSSender_ForgotPassword fails, and the app isn't told",
        )],
    );
}

#[test]
fn failing_triggers_end_federation_and_machine_tokens() {
    let failed = |trigger: &str| {
        format!("UserLambdaValidationException: {trigger} failed with error the flow lets it fail.")
    };
    let (inbound, sign_up) = ("InboundFederation_ExternalProvider", "PreSignUp_ExternalProvider");
    let known = [inbound, "PreAuthentication", "PostAuthentication", LOGIN];
    included(
        "failing-federation",
        &[
            (&[inbound], &failed("InboundFederation")),
            (&[inbound, sign_up], &failed("PreSignUp")),
            (
                &[inbound, sign_up, "PostConfirmation_ConfirmSignUp"],
                "UnexpectedLambdaException: PostConfirmation invocation failed due to error Socket timeout while invoking Lambda \
                 function.",
            ),
            (
                &known,
                "UserLambdaValidationException: PreTokenGenerationV3_0 failed with error RequestId: \
                 00000000-0000-4000-8000-000000000000 Error: Runtime exited with error: exit status 1.",
            ),
            (&known, "tokens"),
        ],
    );
    let fired: &[&str] = &["TokenGeneration_ClientCredentials"];
    included(
        "failing-machine",
        &[(fired, &failed("PreTokenGenerationV3_0")), (fired, "tokens")],
    );
}

/// A target that answers every event in the same way.
struct Always(Outcome);

impl Target for Always {
    fn invoke(&self, _: Invocation) -> BoxFuture<'_, Reply> {
        let outcome = self.0.clone();
        Box::pin(async {
            Reply {
                outcome,
                duration: std::time::Duration::ZERO,
                log: Log::default(),
            }
        })
    }
}

fn against(outcome: Outcome, json: &str) -> Run {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let flow = Flow::parse("x", json).unwrap();
    runtime.unwrap().block_on(flow.run(&Always(outcome)))
}

#[test]
fn a_late_answer_differs_from_a_failure_of_this_machine() {
    let json = r#"{"calls": [{"call": "SignUp", "expect": "UnexpectedLambdaException"}]}"#;
    let after = std::time::Duration::from_secs(5);
    let slow = against(Outcome::InvokeError(InvokeError::TimedOut { after }), json);
    slow.assert();
    // Cognito calls again, twice.
    assert_eq!(slow.steps().map(|step| step.attempts).collect::<Vec<_>>(), [3]);

    let problem = "connection refused".to_owned();
    let unreachable = against(Outcome::InvokeError(InvokeError::Unreachable { problem }), json);
    assert!(!unreachable.is_good());
    assert_eq!(
        unreachable.exchanges[0].result.to_string(),
        "unknown: connection refused"
    );
}

#[test]
fn a_function_that_cannot_start_ends_the_flow() {
    let json = r#"{"calls": [{"call": "SignUp", "expect": "UserLambdaValidationException"}, {"call": "ConfirmSignUp"}]}"#;
    let problem = "InitError: internal error".to_owned();
    let run = against(Outcome::InvokeError(InvokeError::InitFailed { problem }), json);
    assert!(!run.is_good() && run.exchanges.is_empty());
    let problem =
        "the flow ends at SignUp: the function reports that it can't start: InitError: internal error";
    assert_eq!(run.problem.as_deref(), Some(problem));
    assert_eq!(run.start_log.as_deref(), Some(""));
    assert_eq!(run.to_string(), format!("x\n\nerror: {problem}\n"));
    assert!(run.to_json().contains(r#""log":"""#), "{}", run.to_json());
}

#[test]
fn reports_for_programs_say_what_failed() {
    let good = play(
        function(),
        r#"{"calls": [{"call": "SignUp", "expect": "success"}]}"#,
    );
    let bad = play(
        function(),
        r#"{"calls": [{"call": "SignUp", "expect": "tokens"}]}"#,
    );
    let line: Value = serde_json::from_str(&bad.to_json()).unwrap();
    assert_eq!(line["verdict"], "fail");
    assert_eq!(line["calls"][0]["result"], "success: a code is on its way");
    assert_eq!(line["calls"][0]["unexpected"], json!(["expected: tokens"]));
    assert_eq!(line["calls"][0]["triggers"][0]["source"], "PreSignUp_SignUp");
    let runs = [good, bad];
    let summary: Value = serde_json::from_str(&summary_json(&runs)).unwrap();
    assert_eq!(summary["summary"]["failed"], 1);
    let xml = to_junit(&runs);
    let document = roxmltree::Document::parse(&xml).unwrap();
    let failures: Vec<_> = document
        .descendants()
        .filter(|node| node.has_tag_name("failure"))
        .collect();
    assert_eq!(failures.len(), 1, "{xml}");
    assert_eq!(
        failures[0].attribute("message"),
        Some("SignUp: success: a code is on its way")
    );
}
