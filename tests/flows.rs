//! Runs the built-in flows on the example that routes every trigger. The in-process target and the binary must give the same
//! output as `flows.txt`. `SNAPSHOTS=overwrite cargo test -p cognito-triggers-tests --test it` rewrites it.

use cognito_triggers_replay::{
    InProcess, Process, Target,
    flow::{Flow, Run},
};
use every_trigger::{App, triggers};

/// Runs a flow, and returns the run and its output. The output has no codes, which are random.
async fn run_and_print(name: &str, target: &dyn Target) -> (Run, String) {
    let run = Flow::named(name).expect("a built-in flow").run(target).await;
    let text = format!("{run}{}", run.mermaid());
    (run, text)
}

#[tokio::test]
async fn every_flow_is_the_same_in_process_and_binary() {
    let in_process = InProcess::new(triggers(), App::from_env().unwrap());
    let process = Process::cargo_bin("every-trigger").expect("the example compiles");
    let (mut all, mut bad) = (String::new(), Vec::new());
    for name in Flow::names() {
        let (run, here) = run_and_print(name, &in_process).await;
        let (_, there) = run_and_print(name, &process).await;
        assert_eq!(plain(&here), plain(&there), "{name}");
        all += &format!("{run}\n");
        bad.extend((!run.is_good()).then_some(name));
    }
    assert!(bad.is_empty(), "{bad:?}\n{all}");
    snapbox::assert_data_eq!(plain(&all), snapbox::file!["flows.txt": Text].raw());
}

/// Replaces the request ids, which are random.
fn plain(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        if word.contains("-4") && word.len() > 30 {
            "[ID]"
        } else {
            word
        }
    });
    words.collect::<Vec<_>>().join(" ")
}
