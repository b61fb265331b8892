//! Files stay small, and what is shipped can't take a sign-in down.

use crate::{files, read, shipped};

/// Past this, look for the second thing that lives in the file.
const LINES: usize = 500;

#[test]
fn no_file_is_long() {
    for place in ["crates", "examples", "tests"] {
        for path in files(place, ".rs") {
            let lines = read(&path).lines().count();
            assert!(
                lines <= LINES,
                "{path} has {lines} lines; what is the second thing that lives there?"
            );
        }
    }
}

#[test]
fn nothing_shipped_is_unfinished() {
    // Clippy sees to most of these, unless an attribute in the file tells it not to.
    let forbidden = [".unwrap()", "todo!(", "unimplemented!(", "dbg!(", "unsafe "];
    for path in files("crates", ".rs") {
        // What `testing` holds is for tests, which end with a panic.
        let of_tests = path.ends_with("/tests.rs") || path.contains("/tests/") || path.contains("/testing/");
        let in_src = path.contains("/src/") && !of_tests;
        if !in_src {
            continue;
        }
        let source = read(&path);
        for (number, line) in shipped(&source).lines().enumerate() {
            let code = line.split("//").next().unwrap();
            let found = forbidden.iter().find(|word| code.contains(**word));
            assert!(found.is_none(), "{path}:{}: {}", number + 1, line.trim());
        }
    }
}

#[test]
fn every_exception_from_a_lint_has_a_reason() {
    for place in ["crates", "examples"] {
        for path in files(place, ".rs") {
            let source = read(&path);
            for (at, _) in source
                .match_indices("#[expect(")
                .chain(source.match_indices("#![expect("))
            {
                let (attribute, _) = source[at..].split_once(']').unwrap();
                assert!(attribute.contains("reason = \""), "{path}: {attribute}]");
            }
            assert!(
                !source.contains("#[allow("),
                "{path}: `expect` says when it is no longer needed"
            );
        }
    }
}

#[test]
fn every_source_file_says_what_it_is_for() {
    for place in ["crates", "examples", "tests"] {
        for path in files(place, ".rs") {
            // Unit tests that have outgrown their file.
            if path.ends_with("/tests.rs") {
                continue;
            }
            let source = read(&path);
            let mut beginning = source.lines().take(8);
            let documented =
                beginning.any(|line| line.starts_with("//! ") || line.contains("doc = include_str!("));
            let documented = documented || source.contains("#![no_main]");
            assert!(documented, "{path} doesn't begin with `//!`");
        }
    }
}
