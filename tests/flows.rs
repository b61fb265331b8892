//! The flows that are shipped, on the example that routes every trigger: the same in this process and in the binary, and
//! the same as in `flows.txt`. `UPDATE_GOLDEN=1 cargo test -p cognito-triggers-tests --test flows` writes that anew.

use std::{env, fs, path::Path};

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
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("flows.txt");
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&file, plain(&all)).unwrap();
    }
    let golden = fs::read_to_string(file).unwrap_or_default();
    let all = plain(&all);
    for (number, (line, golden)) in (1..).zip(all.lines().zip(golden.lines())) {
        assert_eq!(line, golden, "line {number} of flows.txt");
    }
    assert_eq!(all.len(), golden.len(), "flows.txt is longer or shorter");
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
