//! The answers to a plain event, as text: with nothing changed, and with every field filled.
//!
//! `UPDATE_GOLDEN=1 cargo test -p cognito-triggers-tests --test wire` writes them anew; read the difference then.

use std::{env, fs, path::Path};

use cognito_triggers::{DEFINITIONS, testing::samples};

use crate::support::{self, Caller};

fn compare(name: &str, caller: &Caller) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let update = env::var_os("UPDATE_GOLDEN").is_some();
    for definition in DEFINITIONS {
        let sample = samples::all()
            .find(|sample| sample.route == definition.route)
            .unwrap();
        let answer = caller.call(sample.json.as_bytes()).0.unwrap();
        let answer = std::str::from_utf8(answer.as_bytes()).unwrap();
        let file = directory.join(format!("{}.{name}.json", definition.route));
        if update {
            fs::write(&file, answer).unwrap();
        }
        let golden = fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(
            answer,
            golden,
            "{} differs; UPDATE_GOLDEN=1 writes it anew",
            file.display()
        );
    }
}

#[test]
fn default_answers() {
    compare("default", &Caller::new(support::defaults()));
}

#[test]
fn full_answers() {
    compare("full", &Caller::new(support::full()));
}

#[test]
fn no_file_is_left_over() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let mut files: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let mut expected: Vec<_> = DEFINITIONS
        .iter()
        .flat_map(|definition| ["default", "full"].map(|name| format!("{}.{name}.json", definition.route)))
        .collect();
    expected.sort();
    assert_eq!(files, expected);
}
