//! The message of a failing test that runs cases.

use std::panic::catch_unwind;

use cognito_triggers_model::json::Json;
use cognito_triggers_replay::{Approved, Process, Replay, Report};

use crate::support::{cases, example, no_durations};

/// The text of the panic that fails the test.
fn failure(report: &Report) -> String {
    let thrown = catch_unwind(|| report.assert()).unwrap_err();
    no_durations(thrown.downcast_ref::<String>().unwrap())
}

#[tokio::test]
async fn a_failed_test_has_the_details_of_each_case() {
    let replay = || {
        Replay::cases(cases(&[
            "PostConfirmation_ConfirmSignUp",
            "CustomEmailSender_SignUp",
        ]))
        .jobs(1)
    };
    let refusing = Process::new(example("misbehaving")).env("FAKE", "refuses");
    let report = replay().against(refusing).await;
    assert_eq!(
        failure(&report),
        "\
not every case passed
    DIFF [TIME] PostConfirmation_ConfirmSignUp
error: received: the function rejects: not you; approved: the function answers {}
  --> PostConfirmation_ConfirmSignUp.answer.json
   = the function returned Rejected: not you
   = the caller sees: UserLambdaValidationException: PostConfirmation failed with error not you. And the user is confirmed anyway.
   = the function logged:
     fake: refuses

    DIFF [TIME] CustomEmailSender_SignUp
error: received: the function rejects: not you; approved: the function returns the event as it came
  --> CustomEmailSender_SignUp.answer.json
   = the function returned Rejected: not you
   = the caller sees: success, and no message comes: nobody sees that a custom sender failed

────────────
 Summary [TIME] 2 cases: 2 different
"
    );
    replay()
        .against(Process::new(example("misbehaving")))
        .await
        .assert();
}

/// The lines of the report about a rejection and an error with another type, without those of snippets.
async fn hints(approved: &str, error_type: &str) -> Vec<String> {
    let mut case = cases(&["PreSignUp_SignUp"]);
    case[0].approved = Some(Approved::new(approved.to_owned(), Json::parse(approved).unwrap()));
    let function = Process::new(example("misbehaving"))
        .env("FAKE", "refuses")
        .env("ERROR_TYPE", error_type);
    let report = Replay::cases(case).against(function).await;
    let text = failure(&report);
    let hints = text.lines().filter(|line| line.contains("`Rejected`"));
    hints.map(|line| line.trim().to_owned()).collect()
}

#[tokio::test]
async fn a_rejection_of_another_type_is_explained() {
    assert_eq!(
        hints(r#"{"failed": "Exception"}"#, "Rejected").await,
        [
            "= the approved error has no text, because its type isn't `Rejected`; if it was a rejection with this text, \
          approve the received answer"
        ]
    );
    assert_eq!(
        hints(r#"{"rejected": "not you"}"#, "Exception").await,
        ["= an error is compared with its text only if its type is `Rejected`: give this one that type"]
    );
    for (approved, error_type) in [
        (r#"{"failed": "Failed"}"#, "Rejected"),
        (r#"{"rejected": "not you"}"#, "Failed"),
        (r#"{"rejected": "nobody"}"#, "Rejected"),
        (r#"{"failed": "ValueError"}"#, "Exception"),
    ] {
        let none: [&str; 0] = [];
        assert_eq!(hints(approved, error_type).await, none, "{approved}");
    }
}

#[tokio::test]
async fn a_test_without_cases_fails() {
    let narrow = Replay::cases(cases(&["PreSignUp_SignUp"])).filter(&["nothing"]);
    let report = narrow.against(Process::new(example("misbehaving"))).await;
    assert_eq!(
        failure(&report),
        "not every case passed\nno case ran; does the filter match any name?\n"
    );
    let empty = tempfile::tempdir().unwrap();
    let report = Replay::dir(empty.path())
        .against(Process::new(example("misbehaving")))
        .await;
    let text = failure(&report).replace(&empty.path().display().to_string(), "[EMPTY]");
    assert_eq!(
        text,
        "not every case passed\nerror: no case in it: a case is a file NAME.event.json\n  --> [EMPTY]\n"
    );
}
