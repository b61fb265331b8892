//! Each rule against sources that have the fault: `faults/CODE[-VARIANT]/`, with the expected report beside them.

use std::{fs, path::PathBuf};

use cognito_triggers_wiring::{Binary, RULES, Report, Severity, Source, Wiring};

use crate::snapshots::assert_snapshot;

fn faults() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/faults")
}

/// The directories, by name.
fn cases() -> Vec<String> {
    let entries = fs::read_dir(faults()).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn check(case: &str) -> Report {
    let mut files: Vec<_> = fs::read_dir(faults().join(case))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let is_source = |path: &&PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name != "binaries" && !name.starts_with("expected")
    };
    let sources = files.iter().filter(is_source).map(|path| {
        Source::new(
            path.file_name().unwrap().to_str().unwrap(),
            fs::read_to_string(path).unwrap(),
        )
    });
    Wiring::read(sources).unwrap().check(&binaries(
        &fs::read_to_string(faults().join(case).join("binaries")).unwrap(),
    ))
}

/// `name: route route`, a line for each binary.
fn binaries(text: &str) -> Vec<Binary> {
    let lines = text.lines().filter_map(|line| line.split_once(':'));
    lines
        .map(|(name, routes)| {
            let routes = routes.split_whitespace();
            let otherwise = routes.clone().any(|route| route == "otherwise");
            Binary::new(name, routes.filter(|route| *route != "otherwise")).otherwise(otherwise)
        })
        .collect()
}

#[test]
fn reports_are_as_approved() {
    for case in cases() {
        let report = check(&case);
        assert_snapshot(&faults().join(&case).join("expected.txt"), &report.to_string());
    }
}

#[test]
fn a_report_is_data_too() {
    let json = serde_json::to_string_pretty(&check("cycle-policy")).unwrap() + "\n";
    assert_snapshot(&faults().join("cycle-policy/expected.json"), &json);
}

#[test]
fn every_rule_has_a_case_and_every_case_its_rule() {
    let cases = cases();
    for rule in RULES {
        assert!(
            cases.iter().any(|case| case.starts_with(rule.code)),
            "no case for {}",
            rule.code
        );
    }
    for case in cases.iter().filter(|case| *case != "descriptions") {
        let rule = RULES
            .iter()
            .filter(|rule| case.starts_with(rule.code))
            .max_by_key(|rule| rule.code.len());
        let code = rule
            .unwrap_or_else(|| panic!("{case} isn't named after a rule"))
            .code;
        assert!(
            check(case).findings.iter().any(|finding| finding.code == code),
            "{case} doesn't find {code}"
        );
    }
}

#[test]
fn codes_are_unique_and_plain() {
    for (index, rule) in RULES.iter().enumerate() {
        assert!(
            RULES[index + 1..].iter().all(|other| other.code != rule.code),
            "{} occurs twice",
            rule.code
        );
        assert!(
            rule.code
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        );
    }
}

/// `cargo cognito explain CODE` prints it.
#[test]
fn every_rule_is_explained() {
    for rule in RULES {
        let is_sentence = |text: &str| {
            text.ends_with(['.', '`']) && text.starts_with(|first: char| first.is_uppercase() || first == '`')
        };
        assert!(
            !rule.summary.is_empty() && !rule.summary.ends_with('.'),
            "{}",
            rule.code
        );
        assert!(!rule.causes.is_empty(), "{}", rule.code);
        for text in rule.causes.iter().chain([&rule.consequence, &rule.fix]) {
            assert!(is_sentence(text), "{}: {text}", rule.code);
        }
        assert!(rule.link.starts_with("https://"), "{}", rule.code);
        let text = rule.to_string();
        for part in [
            rule.code,
            rule.summary,
            rule.causes[0],
            rule.consequence,
            rule.fix,
            rule.link,
        ] {
            assert!(text.contains(part), "{text}");
        }
    }
}

#[test]
fn the_readme_names_every_rule() {
    let readme = include_str!("../../README.md");
    for rule in RULES {
        assert!(
            readme.contains(&format!("| `{}` | {} |\n", rule.code, rule.summary)),
            "{}",
            rule.code
        );
    }
}

/// The template with the lines after the first one of a fix appended to its resources.
fn pasted(template: &str, fix: &str) -> String {
    fix.lines()
        .skip(1)
        .fold(template.to_owned(), |text, line| format!("{text}  {line}\n"))
}

#[test]
fn the_resources_of_a_fix_remove_the_finding() {
    for (case, code) in [
        ("permission-missing", "permission-missing"),
        ("decrypt-missing", "decrypt-missing"),
    ] {
        let mut template = fs::read_to_string(faults().join(case).join("template.yaml")).unwrap();
        let report = check(case);
        let errors = report
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error);
        for finding in errors.filter(|finding| finding.code == code) {
            template = pasted(&template, &finding.fix);
        }
        let fixed = Wiring::read([Source::new("template.yaml", template)])
            .unwrap()
            .check(&[]);
        assert!(fixed.is_clean(), "{fixed}");
    }
}
