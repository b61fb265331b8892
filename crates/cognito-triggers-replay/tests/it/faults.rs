//! Functions that misbehave: each gets a readable verdict within the time limit, and none of its processes remains.

use std::time::Duration;

use cognito_triggers_model::{json::Json, samples};
use cognito_triggers_replay::{Approved, Case, Compared, Process, Replay, Style, Target};

use crate::support::{cases, example, no_durations};

/// The report of one case against a misbehaving function.
async fn verdict(mode: &str) -> String {
    verdict_of(&misbehaving(mode), Replay::cases(cases(&["PreSignUp_SignUp"]))).await
}

async fn verdict_of(target: &dyn Target, replay: Replay) -> String {
    let report = replay.run(target, |_| {}).await;
    let text: String = report
        .entries
        .iter()
        .map(|entry| Style::default().entry(entry))
        .collect();
    no_durations(&text)
}

fn misbehaving(mode: &str) -> Process {
    Process::new(example("misbehaving")).env("FAKE", mode)
}

#[tokio::test]
async fn a_report_of_an_exit_has_the_log() {
    let text = verdict("exit-at-start").await;
    assert!(
        text.contains("error: the function exited with status 7 before it asked for an event\n"),
        "{text}"
    );
    assert!(text.contains("     fake: exit-at-start\n"), "{text}");
    let text = verdict("exit-in-call").await;
    assert!(
        text.contains("error: the function exited with status 101 before it answered\n"),
        "{text}"
    );
    assert!(text.contains(
        "PreSignUp failed with error RequestId: … Error: Runtime exited with error: exit status 101."
    ));
    assert!(text.contains("     fake: I leave\n"), "{text}");
    let text = verdict("init-error").await;
    assert!(
        text.contains("error: the function reports that it can't start: NoTable: TABLE isn't set\n"),
        "{text}"
    );
}

#[tokio::test]
async fn an_answer_counts_although_the_process_exits() {
    assert_eq!(
        verdict("answer-and-exit").await,
        "    PASS [TIME] PreSignUp_SignUp\n"
    );
}

#[tokio::test]
async fn a_function_that_hangs_is_killed() {
    let replay = Replay::cases(cases(&["PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp"]));
    let text = verdict_of(&misbehaving("hang"), replay.timeout(Duration::from_secs(1))).await;
    assert!(text.contains("error: no answer after 1 s\n"), "{text}");
    assert!(
        text.contains("UnexpectedLambdaException: PreSignUp invocation failed due to error Socket timeout"),
        "{text}"
    );
}

#[tokio::test]
async fn child_processes_of_a_function_are_killed() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("child");
    let process = misbehaving("hang-with-a-child").env("FAKE_CHILD", &file);
    let replay = Replay::cases(cases(&["PreSignUp_SignUp"])).timeout(Duration::from_secs(1));
    let text = verdict_of(&process, replay).await;
    assert!(text.contains("no answer after 1 s"), "{text}");
    let child = std::fs::read_to_string(file).unwrap();
    let is_running = || {
        let stat = std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
        stat.contains(" S ") || stat.contains(" R ")
    };
    for _ in 0..100 {
        if !is_running() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("process {child} is still there");
}

#[tokio::test]
async fn invalid_answers_are_named() {
    let text = verdict("garbage").await;
    assert!(text.contains("error: the answer isn't JSON: expected a value at line 1, column 1; it begins with `\\u{1b}[2J<html>`"), "{text}");
    assert!(
        text.contains("InvalidLambdaResponseException: Invalid lambda function output : Invalid JSON"),
        "{text}"
    );
    let text = verdict("huge").await;
    assert!(
        text.contains("error: the answer is larger than the 6 MB that Lambda allows"),
        "{text}"
    );
    let text = verdict("no-error-document").await;
    assert!(
        text.contains("error: the function reported an error that is no error document"),
        "{text}"
    );
    let text = verdict("null").await;
    assert!(
        text.contains("error: the received answer differs from the approved one in 1 place\n"),
        "{text}"
    );
    assert!(text.contains("^ $: approved {\"version\":\"1\","), "{text}");
    let text = verdict("drops").await;
    assert!(
        text.contains("= the caller sees: InvalidLambdaResponseException: Unrecognizable lambda output"),
        "{text}"
    );
}

#[tokio::test]
async fn a_rejection_instead_of_an_answer_is_named() {
    let text = verdict("refuses").await;
    assert!(
        text.contains("error: received: the function rejects: not you; approved: the function answers {\"autoConfirmUser\""),
        "{text}"
    );
    assert!(
        text.contains(
            "= the caller sees: UserLambdaValidationException: PreSignUp failed with error not you.\n"
        ),
        "{text}"
    );
}

#[tokio::test]
async fn no_text_passes_for_a_line_of_the_report() {
    let mut all = cases(&["PreSignUp_SignUp"]);
    all[0].name.push_str("\n    PASS [   0.001s] c");
    let text = verdict_of(&misbehaving("forges"), Replay::cases(all)).await;
    assert!(!text.lines().any(|line| line.starts_with("    PASS")), "{text}");
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    assert!(
        text.contains("the function returned Rejected: no\\n    PASS [TIME] b\\u{1b}[2J\\u{202e}\n"),
        "{text}"
    );
}

#[tokio::test]
async fn the_end_of_a_long_log_is_shown() {
    let text = verdict("flood").await;
    assert!(text.contains("     19999 flood flood"), "{text}");
    assert!(text.len() < 20_000, "{}", text.len());
}

#[tokio::test]
async fn an_answer_that_changes_isnt_idempotent() {
    // Also outside the response: both answers are of the same function.
    for compared in [Compared::Answer, Compared::Response] {
        let replay = Replay::cases(cases(&["PreSignUp_SignUp"])).compare(compared);
        let text = verdict_of(&misbehaving("counts"), replay.attempts(3)).await;
        assert!(
            text.contains("error: the answer to attempt 2 differs from the answer to attempt 1 in 1 place;"),
            "{text}"
        );
        assert!(
            text.contains("   = version: at attempt 1 \"1\", at attempt 2 \"2\"\n"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_placeholder_allows_an_answer_to_change() {
    let mut all = cases(&["PreSignUp_SignUp"]);
    let text = all[0]
        .approved
        .take()
        .unwrap()
        .text
        .replace("\"version\": \"1\"", "\"version\": \"${digits}\"");
    let json = Json::parse(&text).unwrap();
    all[0].approved = Some(Approved::new(text, json));
    let text = verdict_of(&misbehaving("counts"), Replay::cases(all).attempts(3)).await;
    assert_eq!(text, "    PASS [TIME] PreSignUp_SignUp\n");
}

#[tokio::test]
async fn an_accepted_answer_passes_in_the_next_run() {
    let place = tempfile::tempdir().unwrap();
    let write = |source: &str| {
        let event = samples::find(source, None, None).unwrap().json;
        std::fs::write(
            place.path().join("a.event.json"),
            event.replace("Ana", "${any} $${hex}"),
        )
        .unwrap();
    };
    let replay = || Replay::dir(place.path());
    let answer = place.path().join("a.answer.json");
    for (source, mode) in [
        ("CustomEmailSender_SignUp", "null"),
        ("CustomSMSSender_SignUp", "empty"),
        ("PreSignUp_SignUp", "echo"),
    ] {
        write(source);
        let text = verdict_of(&misbehaving(mode), replay().accept(true)).await;
        assert!(text.starts_with("  ACCEPT"), "{text}");
        let text = verdict_of(&misbehaving(mode), replay()).await;
        assert_eq!(text.lines().next(), Some("    PASS [TIME] a"), "{text}");
        if mode != "echo" {
            std::fs::remove_file(&answer).unwrap();
        }
    }
    assert!(
        std::fs::read_to_string(&answer)
            .unwrap()
            .contains("\"$${any} $$${hex} Lindqvist\"")
    );
    std::fs::remove_file(&answer).unwrap();
    let text = verdict_of(&misbehaving("empty"), replay().accept(true)).await;
    assert!(
        text.contains("can't be written: an answer is the whole answered event, `{"),
        "{text}"
    );
    assert!(!answer.exists());
}

#[tokio::test]
async fn each_case_can_have_a_cold_start() {
    let replay = || Replay::cases(cases(&["PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp"])).jobs(1);
    assert!(
        verdict_of(&misbehaving("counts"), replay())
            .await
            .contains("version: approved \"1\", received \"2\"")
    );
    let cold = misbehaving("counts").cold_start(true);
    assert!(!verdict_of(&cold, replay()).await.contains("DIFF"));
}

#[tokio::test]
async fn a_missing_program_or_no_function_is_named() {
    let replay = || Replay::cases(cases(&["PreSignUp_SignUp"]));
    let text = verdict_of(&Process::new("/nowhere/function"), replay()).await;
    assert!(
        text.contains("error: the function can't be started: /nowhere/function: No such file or directory"),
        "{text}"
    );
    let text = verdict_of(&Process::new("/bin/true"), replay()).await;
    assert!(
        text.contains("error: the function exited with status 0 before it asked for an event"),
        "{text}"
    );
}

#[tokio::test]
async fn concurrent_calls_share_one_process() {
    let all: Vec<_> = (0..200).flat_map(|_| cases(&["PreSignUp_SignUp"])).collect();
    let process = Process::new(example("function")).concurrency(8);
    let report = Replay::cases(
        all.into_iter()
            .map(|case: Case| Case {
                approved: None,
                ..case
            })
            .collect::<Vec<_>>(),
    )
    .jobs(8)
    .run(&process, |_| {})
    .await;
    assert_eq!(report.summary().new, 200, "{}", Style::default().summary(&report));
}
