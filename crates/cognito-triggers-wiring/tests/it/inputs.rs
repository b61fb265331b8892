//! Inputs that the check once judged wrongly, unchanged, each with the correct outcome: `inputs/NAME`.
//!
//! Other inputs of the same kinds are in `outcomes.rs`, `forms.rs`, `names.rs` and `faults/`.

use std::{fs, path::PathBuf};

use cognito_triggers_wiring::{
    Binary, Finding, Report, Source, Wiring,
    wire::{self, Arns},
};

const FUNCTION: &str = "arn:aws:lambda:eu-central-1:111122223333:function:example";

/// The files, and what `check` finds in them without a binary.
const INPUTS: &[(&str, &[&str])] = &[
    ("nothing-to-check.yaml", &["error no-pool"]),
    ("key-ref.yaml", &["error key-not-arn"]),
    ("key-id.yaml", &["error key-not-arn"]),
    ("key-alias.yaml", &["error key-not-arn"]),
    ("lambda-config-list.yaml", &["error wrong-type"]),
    ("properties-list.yaml", &["error wrong-type"]),
    ("custom-serverless.json", &["not checked custom-resource"]),
    ("custom-cdk.json", &["not checked custom-resource"]),
    (
        "custom-amplify.json",
        &["error no-pool", "not checked custom-resource"],
    ),
    ("permission-exact.json", &[]),
    (
        "permission-parameter.json",
        &["not checked permission-missing", "not checked permission-open"],
    ),
    ("trigger-twice.json", &["error trigger-twice"]),
    (
        "key-twice.yaml",
        &[
            "warning repeated-key",
            "error permission-missing",
            "warning timeout-too-long",
        ],
    ),
    ("get-template.json", &["warning timeout-too-long"]),
    ("get-template-text.json", &["error key-not-arn"]),
    (
        "lambda-config-only.json",
        &["not checked permission-missing", "error unknown-version"],
    ),
    (
        "terraform-show.json",
        &["not checked permission-missing", "error sender-without-key"],
    ),
    ("dangling.json", &["error dangling-reference"]),
    ("lite-pool.json", &["not checked permission-missing"]),
    ("policy-question-mark.json", &["error no-pool"]),
    ("lite-pool.json policy-question-mark.json", &[]),
    ("describe.yaml", &["not checked permission-missing"]),
    ("bom-describe.json", &["not checked permission-missing"]),
    ("utf16-describe.json", &["not checked permission-missing"]),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/inputs")
}

fn source(name: &str) -> Source {
    Source::from_bytes(name, fs::read(folder().join(name)).unwrap()).unwrap()
}

fn check(names: &str, binaries: &[Binary]) -> Report {
    Wiring::read(names.split(' ').map(source))
        .unwrap()
        .check(binaries)
}

fn found(report: &Report) -> Vec<String> {
    let line = |finding: &Finding| format!("{} {}", finding.severity, finding.code);
    report.findings.iter().map(line).collect()
}

#[test]
fn each_input_has_the_correct_outcome() {
    for (names, expected) in INPUTS {
        let report = check(names, &[]);
        assert_eq!(found(&report), *expected, "{names}\n{report}");
        assert!(!report.to_string().contains("``"), "{report}");
    }
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            INPUTS.iter().any(|(names, _)| *names == name),
            "{name} has no outcome"
        );
    }
}

#[test]
fn what_was_not_checked_is_not_clean_for_a_binary() {
    let binary = [Binary::new("every-trigger", ["pre_sign_up", "custom_message"])];
    let report = check("nothing-to-check.yaml", &binary);
    assert_eq!(found(&report), ["error no-pool"]);
    for name in ["custom-serverless.json", "custom-cdk.json", "custom-amplify.json"] {
        let report = check(name, &binary);
        assert!(!report.is_clean(), "{report}");
        let hook = if name == "custom-amplify.json" {
            "CustomMessage"
        } else {
            "PreSignUp"
        };
        let absent = format!("no pool sets `{hook}`");
        assert!(!report.to_string().contains(&absent), "{report}");
    }
    let report = check("properties-list.yaml", &binary);
    assert!(
        !report.to_string().contains("warning[route-not-wired]"),
        "{report}"
    );
}

#[test]
fn a_finding_blames_what_is_at_fault() {
    let role_is_blamed = |name| check(name, &[]).to_string().contains("decrypt-missing");
    assert!(!role_is_blamed("key-id.yaml") && !role_is_blamed("key-alias.yaml"));
    let dangling = check("dangling.json", &[]);
    assert_eq!(dangling.findings[0].fix, "did you mean `Function`?");
    assert!(dangling.findings[0].problem.contains("`Functoin`"));
    let twice = check("trigger-twice.json", &[]);
    assert!(twice.findings[0].problem.contains("`PreSignUp`"));
    let serverless = check("custom-serverless.json", &[]);
    assert!(serverless.findings[0].consequence.contains("it clears hooks"));
    let cdk = check("custom-cdk.json", &[]);
    assert!(cdk.findings[0].consequence.contains("resets every other setting"));
    let last = |report: &Report| report.to_string().lines().last().unwrap().to_owned();
    assert_eq!(last(&cdk), "0 errors, 0 warnings, 1 not checked");
}

#[test]
fn update_user_pool_refuses_a_plan_that_is_too_low() {
    let arns = Arns {
        function: Some(FUNCTION.to_owned()),
        kms_key: Some("arn:aws:kms:eu-central-1:111122223333:key/0aa1".to_owned()),
    };
    let every = Binary::new(
        "every-trigger",
        cognito_triggers_model::Route::ALL
            .iter()
            .map(|route| route.as_str()),
    );
    let error = wire::update_user_pool(&source("lite-pool.json"), &every, &arns).unwrap_err();
    assert!(
        error.to_string().contains("the pool is of the Lite plan"),
        "{error}"
    );
    let one = Binary::new("example", ["pre_sign_up"]);
    for name in ["describe.yaml", "bom-describe.json", "utf16-describe.json"] {
        let update = wire::update_user_pool(&source(name), &one, &Arns::default());
        assert_eq!(update.unwrap().changes, [], "{name}");
    }
}
