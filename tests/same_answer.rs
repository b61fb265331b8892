//! An event gets the same answer in this process and from the compiled binary.

use std::path::Path;

use cognito_triggers::samples;
use cognito_triggers_replay::{Case, InProcess, Process, Replay, Target};
use cognito_triggers_targets::{Invocation, Outcome};
use every_trigger::{App, triggers};

fn in_process() -> InProcess<App> {
    InProcess::new(triggers(), App::from_env().unwrap())
}

fn process() -> Process {
    Process::cargo_bin("every-trigger").expect("the example compiles")
}

/// The outcome as an answer file has it, with the text of an error.
fn text(outcome: &Outcome) -> String {
    let document = outcome.document().unwrap_or_else(|error| panic!("{error}"));
    match outcome {
        Outcome::FunctionError { message, .. } => format!("{document} {message}"),
        _ => document.to_string(),
    }
}

#[tokio::test]
async fn both_give_the_approved_answers() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/every-trigger/cases");
    let cases = Case::find(&cases).into_result().unwrap();
    assert!(cases.len() >= 100, "{}", cases.len());
    // A value with a placeholder differs from call to call.
    let is_constant: Vec<_> = cases
        .iter()
        .map(|case| !case.approved.as_ref().unwrap().text.contains("${"))
        .collect();
    let here = Replay::cases(cases.clone()).jobs(1).against(in_process()).await;
    let there = Replay::cases(cases).jobs(1).against(process()).await;
    here.assert();
    there.assert();
    for ((here, there), is_constant) in here.entries.iter().zip(&there.entries).zip(is_constant) {
        assert_eq!(here.name, there.name);
        if is_constant {
            assert_eq!(text(&here.outcome), text(&there.outcome), "{}", here.name);
        }
    }
}

#[tokio::test]
async fn both_give_the_same_answer_to_any_event() {
    let (here, there) = (in_process(), process());
    let mut events: Vec<_> = samples::all().map(|sample| sample.json.to_owned()).collect();
    // The handler generates a new code for each call.
    events.retain(|event| !event.contains("CreateAuthChallenge_"));
    events.extend(["", "null", "[]", "{", "{}", "\"text\"", "{\"Records\":[]}"].map(str::to_owned));
    events.push("{\"triggerSource\":\"Unknown_Source\"}".to_owned());
    events.push("{\"triggerSource\":\"TokenGeneration_HostedAuth\",\"version\":\"9\"}".to_owned());
    events.push("{\"triggerSource\":\"PreSignUp_SignUp\",\"request\":{\"userAttributes\":7}}".to_owned());
    for event in events {
        let here = here.invoke(Invocation::new(event.clone())).await;
        let there = there.invoke(Invocation::new(event.clone())).await;
        assert_eq!(text(&here.outcome), text(&there.outcome), "{event}");
    }
}
