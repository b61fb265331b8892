//! The answers to a plain event as snapshots: the default answer, and an answer with every field set.
//!
//! `SNAPSHOTS=overwrite cargo test -p cognito-triggers-tests --test it` rewrites them. Read the difference afterwards.

use std::{fs, path::Path};

use cognito_triggers::{model::triggers::DEFINITIONS, samples};
use snapbox::{Data, data::DataFormat};

use super::support::{self, Caller};

fn compare(name: &str, caller: &Caller) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    for definition in DEFINITIONS {
        let sample = samples::all()
            .find(|sample| sample.route == definition.route)
            .unwrap();
        let answer = caller.call(sample.json.as_bytes()).0.unwrap();
        let answer = std::str::from_utf8(answer.as_bytes()).unwrap();
        let file = directory.join(format!("{}.{name}.json", definition.route));
        let golden = Data::read_from(&file, Some(DataFormat::Text)).raw();
        snapbox::assert_data_eq!(answer.to_owned(), golden);
    }
}

#[test]
fn default_answers_match_their_snapshots() {
    compare("default", &Caller::new(support::defaults()));
}

#[test]
fn full_answers_match_their_snapshots() {
    compare("full", &Caller::new(support::full()));
}

#[test]
fn every_snapshot_belongs_to_a_route() {
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
