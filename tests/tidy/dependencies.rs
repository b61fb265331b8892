//! Which crates may depend on which.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

use crate::{read, root};

/// The packages of `Cargo.lock` and their dependencies, including development and optional ones.
fn lock() -> BTreeMap<String, Vec<String>> {
    let lock = read("Cargo.lock");
    let mut packages: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in lock.split("[[package]]").skip(1) {
        let quoted = |line: &str| line.split('"').nth(1).map(str::to_owned);
        let name = package
            .lines()
            .find(|line| line.starts_with("name = "))
            .and_then(quoted)
            .unwrap();
        let (_, dependencies) = package.split_once("dependencies = [").unwrap_or_default();
        let names = dependencies.lines().filter_map(quoted);
        // If there are several versions, a version follows the name.
        let names = names.map(|name| name.split(' ').next().unwrap().to_owned());
        packages.entry(name).or_default().extend(names);
    }
    packages
}

fn all_below(package: &str) -> BTreeSet<String> {
    let packages = lock();
    assert!(packages.contains_key(package), "{package}");
    let mut found = BTreeSet::new();
    let mut open = vec![package.to_owned()];
    while let Some(package) = open.pop() {
        if found.insert(package.clone()) {
            open.extend(packages.get(&package).into_iter().flatten().cloned());
        }
    }
    found
}

fn is_of_an_sdk(package: &str) -> bool {
    [
        "aws-sdk-",
        "aws-smithy-",
        "aws-config",
        "aws-credential-types",
        "aws-types",
        "rusoto_",
    ]
    .iter()
    .any(|prefix| package.starts_with(prefix))
}

#[test]
fn a_function_without_custom_senders_has_no_aws_sdk() {
    // The cases of the example are tests, and what runs them has an SDK among its optional dependencies.
    let of_the_example = compiled_for("every-trigger");
    for (package, below) in [
        ("cognito-triggers", all_below("cognito-triggers")),
        ("every-trigger", of_the_example),
    ] {
        assert!(below.contains("tokio"), "{package}: {below:?}");
        let found: Vec<_> = below.into_iter().filter(|name| is_of_an_sdk(name)).collect();
        assert!(found.is_empty(), "{package} depends on {found:?}");
    }
    // A package with the SDK, so that the check can't pass by finding nothing.
    assert!(
        all_below("cognito-triggers-kms")
            .iter()
            .any(|name| is_of_an_sdk(name))
    );
}

/// The packages that a user of this package compiles, with all of its features: normal and build dependencies.
fn compiled_for(package: &str) -> BTreeSet<String> {
    let tree = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--locked",
            "--all-features",
            "--edges",
            "normal,build",
            "--prefix",
            "none",
        ])
        .args(["--package", package])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let names = String::from_utf8(tree.stdout).unwrap();
    names
        .lines()
        .filter_map(|line| line.split(' ').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn model_and_wiring_compile_without_a_runtime() {
    let runtimes = ["lambda_runtime", "hyper", "tokio", "tracing"];
    for package in ["cognito-triggers-model", "cognito-triggers-wiring"] {
        let compiled = compiled_for(package);
        assert!(compiled.contains("serde_json"), "{package}: {compiled:?}");
        let found: Vec<_> = runtimes.iter().filter(|name| compiled.contains(**name)).collect();
        assert!(found.is_empty(), "{package} compiles {found:?}");
    }
    let compiled = compiled_for("cognito-triggers");
    assert!(
        runtimes.iter().all(|name| compiled.contains(*name)),
        "{compiled:?}"
    );
}

/// The crates of this workspace that each crate may depend on, in layers from the bottom.
const LAYERS: &[(&str, &[&str])] = &[
    ("cognito-triggers-model", &[]),
    ("cognito-triggers", &["model"]),
    ("cognito-triggers-dynamodb", &["model", ""]),
    ("cognito-triggers-kms", &["model"]),
    ("cognito-triggers-srp", &[]),
    ("cognito-triggers-wiring", &["model"]),
    ("cognito-triggers-loopback", &["model", "kms"]),
    ("cognito-triggers-targets", &["model", "", "kms", "loopback"]),
    (
        "cognito-triggers-pool",
        &["model", "", "kms", "loopback", "srp", "targets", "wiring"],
    ),
    (
        "cognito-triggers-replay",
        &["model", "", "kms", "loopback", "srp", "targets", "wiring", "pool"],
    ),
];

#[test]
fn crates_depend_downward_only() {
    for (package, below) in LAYERS {
        let allowed: BTreeSet<_> = below
            .iter()
            .map(|name| match *name {
                "" => "cognito-triggers".to_owned(),
                name => format!("cognito-triggers-{name}"),
            })
            .collect();
        let ours = compiled_for(package)
            .into_iter()
            .filter(|name| name.starts_with("cognito-triggers"));
        let upward: Vec<_> = ours
            .filter(|name| name != package && !allowed.contains(name))
            .collect();
        assert!(upward.is_empty(), "{package} depends on {upward:?}");
    }
}

#[test]
fn the_function_library_has_few_dependencies() {
    // The number includes optional and development dependencies. A new one should be considered.
    let packages = all_below("cognito-triggers");
    assert!(packages.len() <= 125, "{}: {packages:?}", packages.len());
}

/// The features with keys and codes that anyone can make. A deployed function with them would let anyone sign in.
#[test]
fn insecure_features_are_used_only_in_tests() {
    for manifest in [
        "examples/send-codes/Cargo.toml",
        "tests/kms/weigh/decryptor/Cargo.toml",
    ] {
        let manifest = read(manifest);
        let (linked, _) = manifest
            .split_once("[dev-dependencies]")
            .unwrap_or((&manifest, ""));
        let kms = linked
            .lines()
            .find(|line| line.starts_with("cognito-triggers-kms"))
            .unwrap();
        assert!(
            !kms.contains("testing") && !linked.contains("cognito-triggers-replay"),
            "{kms}"
        );
    }
    let features = read("crates/cognito-triggers-kms/Cargo.toml");
    assert!(features.contains("default = [\"aws\"]\n") && features.contains("testing = []\n"));
}
