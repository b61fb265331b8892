//! The structure of other people's templates, and what `check` finds in each. The findings were judged by hand.
//!
//! Each file names where its structure comes from. Names and values are invented, and what has nothing to do with triggers is
//! left out. An error or a warning here is one that the original has too.

use std::{collections::BTreeSet, fs, path::PathBuf};

use cognito_triggers_wiring::{Binary, Finding, Report, Source, Wiring};

/// Each template with its findings, and the reason where it isn't obvious.
const TEMPLATES: &[(&str, &[&str])] = &[
    ("amplify-auth", &["not checked hook-at-deployment"]),
    // The pool, the hooks and the functions are in stacks of their own.
    (
        "amplify-root",
        &[
            "error no-pool",
            "not checked not-visible",
            "not checked not-visible",
            "not checked not-visible",
        ],
    ),
    ("amplify-trigger", &["error no-pool"]),
    // The construct grants nothing on the key: the function can't open a code.
    ("cdk-custom-sender", &["error decrypt-missing"]),
    ("cdk-federation", &[]),
    ("cdk-pool-alone", &[]),
    ("cdk-token-generation", &[]),
    (
        "cloudformation-custom-pool",
        &["error no-pool", "not checked custom-resource"],
    ),
    ("sam-event", &["warning timeout-too-long"]),
    // SAM translates this, and CloudFormation refuses it.
    (
        "sam-odd-triggers",
        &["error hook-shape", "error unknown-key", "error unknown-key"],
    ),
    ("sam-passwordless", &[]),
    (
        "sam-permission-without-hook",
        &["warning permission-without-hook"],
    ),
    ("sam-pool-alone", &[]),
    ("serverless-existing", &["not checked custom-resource"]),
    (
        "serverless-permissions",
        &["error no-pool", "warning permission-open"],
    ),
    ("serverless-pool-alone", &[]),
    ("serverless-resources", &["warning timeout-too-long"]),
    ("terraform-codesmash", &[]),
    ("terraform-other-function", &[]),
    ("terraform-passwordless-rust", &[]),
    ("terraform-sign-up", &[]),
    (
        "terraform-sms-sender",
        &["not checked decrypt-missing", "not checked permission-missing"],
    ),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/public")
}

fn text(name: &str) -> String {
    fs::read_to_string(folder().join(format!("{name}.yaml"))).unwrap()
}

fn check(name: &str, binaries: &[Binary]) -> Report {
    let source = Source::new(format!("{name}.yaml"), text(name));
    Wiring::read([source]).unwrap().check(binaries)
}

fn found(report: &Report) -> Vec<String> {
    let line = |finding: &Finding| format!("{} {}", finding.severity, finding.code);
    let mut lines: Vec<_> = report.findings.iter().map(line).collect();
    lines.sort();
    lines
}

#[test]
fn each_template_has_its_findings() {
    for (name, expected) in TEMPLATES {
        let report = check(name, &[]);
        assert_eq!(found(&report), *expected, "{name}\n{report}");
    }
}

#[test]
fn the_templates_are_of_five_frameworks() {
    let mut frameworks = BTreeSet::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let name = name.strip_suffix(".yaml").unwrap();
        assert!(
            TEMPLATES.iter().any(|(known, _)| *known == name),
            "{name} isn't judged"
        );
        let text = text(name);
        let head = text.lines().next().unwrap();
        assert!(
            head.contains("https://github.com/"),
            "{name} doesn't say where it is from"
        );
        frameworks.insert(head.split(['.', ',']).next().unwrap().to_owned());
    }
    assert!(TEMPLATES.len() >= 18 && frameworks.len() >= 5, "{frameworks:?}");
}

/// A route that isn't wired is reported, unless a custom resource may set its hook.
#[test]
fn a_binary_is_checked_against_the_templates() {
    let binary =
        |routes: &[&str], function: &str| [Binary::new("triggers", routes.iter().copied()).run_by(function)];
    let passwordless = binary(&["define_auth_challenge"], "Define");
    assert_eq!(
        found(&check("sam-passwordless", &passwordless)),
        ["error runtime-not-al2023"]
    );
    let existing = binary(&["pre_sign_up"], "PreSignUpLambdaFunction");
    assert_eq!(
        found(&check("serverless-existing", &existing)),
        ["error function-not-found", "not checked custom-resource"]
    );
    let forgotten = binary(&["pre_sign_up"], "PreSignUpFunction");
    assert_eq!(
        found(&check("sam-permission-without-hook", &forgotten)),
        [
            "error function-not-found",
            "warning permission-without-hook",
            "warning route-not-wired"
        ]
    );
    let old = binary(&["create_auth_challenge"], "create");
    assert_eq!(
        found(&check("terraform-passwordless-rust", &old)),
        ["error runtime-not-al2023"]
    );
}
