//! The variables that templates set in the environment of functions.
//!
//! | the template says | the function gets |
//! |---|---|
//! | a literal, or a parameter with a default | the value |
//! | anything else, such as the name of a table, or a path in a layer | nothing, and a line on standard error names the variable |
//! | `COGNITO_KMS_KEY_ARN`, `COGNITO_USER_POOL_IDS` | those of the KMS on this machine |
//!
//! A variable of the shell wins. No value is ever printed: it may be a secret.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    env,
};

use cognito_triggers_targets::{Process, sanitize};

use crate::kms;

/// The variables of each function, by its name, and what has to be said about them.
#[derive(Default)]
pub(super) struct Variables {
    /// `None` for a value that isn't known before deployment.
    of_functions: BTreeMap<String, BTreeMap<String, Option<String>>>,
    /// A sentence for each variable that a function lacks.
    lacking: RefCell<BTreeSet<String>>,
}

impl Variables {
    /// The variables of each function, as the templates have them.
    pub(super) fn new(of_functions: BTreeMap<String, BTreeMap<String, Option<String>>>) -> Self {
        Self {
            of_functions,
            lacking: RefCell::default(),
        }
    }

    /// The functions that have variables.
    pub(super) fn functions(&self) -> impl Iterator<Item = &str> {
        self.of_functions.keys().map(String::as_str)
    }

    /// Sets the variables of the functions that a process stands for.
    pub(super) fn configure(&self, process: Process, functions: &[&str]) -> Process {
        let (known, lacking) = self.of(functions, |name| env::var_os(name).is_some());
        self.lacking.borrow_mut().extend(lacking);
        known
            .into_iter()
            .fold(process, |process, (name, value)| process.env(name, value))
    }

    /// What was left out by [`configure`](Self::configure), a sentence for each variable.
    pub(super) fn lacking(self) -> BTreeSet<String> {
        self.lacking.into_inner()
    }

    /// The variables to set for functions, and a sentence for each other one. `is_set` says whether the shell has a variable.
    fn of(&self, functions: &[&str], is_set: impl Fn(&str) -> bool) -> (BTreeMap<&str, &str>, Vec<String>) {
        let mut known: BTreeMap<&str, &str> = BTreeMap::new();
        let mut lacking: BTreeMap<String, String> = BTreeMap::new();
        for function in functions {
            for (name, value) in self.of_functions.get(*function).into_iter().flatten() {
                if is_reserved(name) {
                    let (name, function) = (sanitize(name), sanitize(function));
                    lacking.insert(
                        name.to_string(),
                        format!("Lambda takes no variable {name}, which {function} has"),
                    );
                    continue;
                }
                if is_set(name) || kms::VARIABLES.contains(&name.as_str()) {
                    continue;
                }
                let value = value.as_ref().filter(|value| is_for_here(value));
                let problem = match value {
                    None => format!("{} of {} isn't known here", sanitize(name), sanitize(function)),
                    Some(value) => match known.insert(name, value) {
                        Some(other) if other != value => {
                            format!("{} has another value in another function", sanitize(name))
                        }
                        _ => continue,
                    },
                };
                lacking.insert(name.clone(), format!("{problem}: set it in the shell"));
            }
        }
        known.retain(|name, _| !lacking.contains_key(*name));
        (known, lacking.into_values().collect())
    }
}

/// Whether a value means something on this machine: not the path of a layer or of the deployed package. A process takes no value
/// with a zero byte.
fn is_for_here(value: &str) -> bool {
    !value.starts_with("/opt/") && !value.starts_with("/var/task/") && !value.contains('\0')
}

/// Whether a deployment refuses a variable of this name: it isn't one, or Lambda sets it itself.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>
fn is_reserved(name: &str) -> bool {
    let is_word = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'_';
    let is_name = name.starts_with(|letter: char| letter.is_ascii_alphabetic()) && name.bytes().all(is_word);
    let credentials = [
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
    ];
    !is_name
        || credentials.contains(&name)
        || name.starts_with("AWS_LAMBDA_")
        || matches!(name, "AWS_REGION" | "AWS_DEFAULT_REGION" | "AWS_EXECUTION_ENV")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables() -> Variables {
        let function = |variables: &[(&str, Option<&str>)]| {
            let all = variables.iter();
            all.map(|(name, value)| ((*name).to_owned(), value.map(str::to_owned)))
                .collect::<BTreeMap<_, _>>()
        };
        Variables::new(BTreeMap::from([
            (
                "Triggers".to_owned(),
                function(&[
                    ("INVITES", Some("guest")),
                    ("TABLE", None),
                    ("CA", Some("/opt/ca.pem")),
                    ("COGNITO_KMS_KEY_ARN", None),
                ]),
            ),
            ("Mail".to_owned(), function(&[("INVITES", Some("nobody"))])),
        ]))
    }

    #[test]
    fn a_literal_is_passed_and_what_is_unknown_is_said() {
        let variables = variables();
        let (known, lacking) = variables.of(&["Triggers"], |_| false);
        assert_eq!(known, BTreeMap::from([("INVITES", "guest")]));
        let expected =
            ["CA", "TABLE"].map(|name| format!("{name} of Triggers isn't known here: set it in the shell"));
        assert_eq!(lacking, expected);
    }

    #[test]
    fn a_name_that_lambda_reserves_is_refused() {
        let value = Some("127.0.0.1:1".to_owned());
        let function = BTreeMap::from([("AWS_LAMBDA_RUNTIME_API".to_owned(), value)]);
        let variables = Variables::new(BTreeMap::from([("Triggers".to_owned(), function)]));
        let (known, lacking) = variables.of(&["Triggers"], |_| true);
        assert!(known.is_empty());
        assert_eq!(
            lacking,
            ["Lambda takes no variable AWS_LAMBDA_RUNTIME_API, which Triggers has"]
        );
    }

    #[test]
    fn a_variable_of_the_shell_wins() {
        let variables = variables();
        let (known, lacking) = variables.of(&["Triggers"], |_| true);
        assert!(known.is_empty() && lacking.is_empty());
    }

    #[test]
    fn two_functions_in_one_binary_have_to_agree() {
        let variables = variables();
        let (known, lacking) = variables.of(&["Mail", "Triggers"], |name| name != "INVITES");
        assert!(known.is_empty());
        assert_eq!(
            lacking,
            ["INVITES has another value in another function: set it in the shell"]
        );
    }
}
