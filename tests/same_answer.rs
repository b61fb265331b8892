//! A case has one answer, whatever it is run against: the router in this process or the compiled binary.

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

/// The outcome as an answer file has it, and the text of an error.
fn words(outcome: &Outcome) -> String {
    let document = outcome.document().unwrap_or_else(|trouble| panic!("{trouble}"));
    match outcome {
        Outcome::FunctionError { message, .. } => format!("{document} {message}"),
        _ => document.to_string(),
    }
}

#[tokio::test]
async fn the_approved_answers_hold_for_both() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/every-trigger/cases");
    let cases = Case::find(&cases).into_result().unwrap();
    assert!(cases.len() >= 100, "{}", cases.len());
    // What a placeholder stands for differs from call to call.
    let steady: Vec<_> = cases
        .iter()
        .map(|case| !case.approved.as_ref().unwrap().text.contains("${"))
        .collect();
    let here = Replay::cases(cases.clone()).jobs(1).against(in_process()).await;
    let there = Replay::cases(cases).jobs(1).against(process()).await;
    here.assert();
    there.assert();
    for ((here, there), steady) in here.entries.iter().zip(&there.entries).zip(steady) {
        assert_eq!(here.name, there.name);
        if steady {
            assert_eq!(words(&here.outcome), words(&there.outcome), "{}", here.name);
        }
    }
}

#[tokio::test]
async fn so_do_all_samples_and_what_is_no_event() {
    let (here, there) = (in_process(), process());
    let mut events: Vec<_> = samples::all().map(|sample| sample.json.to_owned()).collect();
    // A new code each time.
    events.retain(|event| !event.contains("CreateAuthChallenge_"));
    events.extend(["", "null", "[]", "{", "{}", "\"text\"", "{\"Records\":[]}"].map(str::to_owned));
    events.push("{\"triggerSource\":\"Unknown_Source\"}".to_owned());
    events.push("{\"triggerSource\":\"TokenGeneration_HostedAuth\",\"version\":\"9\"}".to_owned());
    events.push("{\"triggerSource\":\"PreSignUp_SignUp\",\"request\":{\"userAttributes\":7}}".to_owned());
    for event in events {
        let here = here.invoke(Invocation::new(event.clone())).await;
        let there = there.invoke(Invocation::new(event.clone())).await;
        assert_eq!(words(&here.outcome), words(&there.outcome), "{event}");
    }
}
