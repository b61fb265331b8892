//! The flows that are shipped, on the example that routes every trigger: the same in this process and in the binary, and
//! the same as in `flows.txt`. `SNAPSHOTS=overwrite cargo test -p cognito-triggers-tests --test flows` rewrites it.

use cognito_triggers_replay::{
    InProcess, Process, Target,
    flow::{Flow, Run},
};
use every_trigger::{App, triggers};

/// Everything that a run shows, codes excepted: they are random, and aren't shown.
async fn shown(name: &str, target: &dyn Target) -> (Run, String) {
    let run = Flow::named(name)
        .expect("a flow that is shipped")
        .run(target)
        .await;
    let text = format!("{run}{}", run.mermaid());
    (run, text)
}

#[tokio::test]
async fn every_flow_goes_the_same_way_in_both() {
    let in_process = InProcess::new(triggers(), App::from_env().unwrap());
    let process = Process::cargo_bin("every-trigger").expect("the example compiles");
    let mut all = String::new();
    for name in Flow::names() {
        let (run, here) = shown(name, &in_process).await;
        let (_, there) = shown(name, &process).await;
        println!("{run}");
        assert_eq!(plain(&here), plain(&there), "{name}");
        assert!(run.is_good(), "{run}");
        all += &format!("{run}\n");
    }
    snapbox::assert_data_eq!(plain(&all), snapbox::file!["flows.txt": Text].raw());
}

/// Without the ids of requests.
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
