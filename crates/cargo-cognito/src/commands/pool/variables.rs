//! The variables that templates set in the environment of functions.
//!
//! | the template says | the function gets |
//! |---|---|
//! | a literal, or a parameter with a default | the value |
//! | anything else, such as the name of a table, or a path in a layer | nothing, and a line on standard error that names the variable |
//! | `COGNITO_KMS_KEY_ARN`, `COGNITO_USER_POOL_IDS` | those of the KMS on this machine |
//! | AWS credentials, or where they are | nothing without `--with-aws`, and a line |
//! | something for a function that no binary is known to run | nothing, and a line |
//!
//! A variable of the shell wins. No value is ever printed: it may be a secret.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    env,
    fmt::Display,
};

use cognito_triggers_targets::{Process, leads_to_credentials, sanitize};

use crate::kms;

/// The variables of each function, by its name, and what has to be said about them.
#[derive(Default)]
pub(super) struct Variables {
    /// `None` for a value that isn't known before deployment.
    of_functions: BTreeMap<String, BTreeMap<String, Option<String>>>,
    /// Whether a template may say where AWS credentials are.
    with_aws: bool,
    /// A sentence for each variable that a function lacks.
    lacking: RefCell<BTreeSet<String>>,
}

impl Variables {
    /// The variables of each function, as the templates have them. `with_aws` says whether functions may use AWS credentials.
    pub(super) fn new(
        of_functions: BTreeMap<String, BTreeMap<String, Option<String>>>,
        with_aws: bool,
    ) -> Self {
        Self {
            of_functions,
            with_aws,
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

    /// Leaves out the variables of all functions but those that a process stands for.
    pub(super) fn leave_out_all_but(&self, taken: &BTreeSet<String>) {
        let left_out = self.left_out(taken, |name| env::var_os(name).is_some());
        self.lacking.borrow_mut().extend(left_out);
    }

    /// What [`configure`](Self::configure) and [`leave_out_all_but`](Self::leave_out_all_but) left out, a sentence for each variable.
    pub(super) fn lacking(self) -> BTreeSet<String> {
        self.lacking.into_inner()
    }

    /// The variables to set for functions, and a sentence for each other one. `is_set` says whether the shell has a variable.
    fn of(&self, functions: &[&str], is_set: impl Fn(&str) -> bool) -> (BTreeMap<&str, &str>, Vec<String>) {
        let mut known: BTreeMap<&str, &str> = BTreeMap::new();
        let mut lacking: BTreeMap<String, String> = BTreeMap::new();
        for function in functions {
            for (name, value) in self.of_functions.get(*function).into_iter().flatten() {
                if let Some(refusal) = self.refusal(function, name) {
                    lacking.insert(name.clone(), refusal);
                    continue;
                }
                if is_given(name, &is_set) {
                    continue;
                }
                let (shown, function) = (sanitize(name), sanitize(function));
                let problem = match value.as_deref() {
                    None => unset(&shown, &function, "only a deployment knows its value"),
                    Some(value) if !is_for_here(value) => {
                        unset(&shown, &function, "its value means nothing on this machine")
                    }
                    Some(value) => match known.insert(name, value) {
                        Some(other) if other != value => {
                            format!("{shown} has another value in another function: set it in the shell")
                        }
                        _ => continue,
                    },
                };
                lacking.insert(name.clone(), problem);
            }
        }
        known.retain(|name, _| !lacking.contains_key(*name));
        (known, lacking.into_values().collect())
    }

    /// A sentence for each variable of the functions that no process stands for. `is_set` says whether the shell has a variable.
    fn left_out(&self, taken: &BTreeSet<String>, is_set: impl Fn(&str) -> bool) -> Vec<String> {
        let functions = self
            .of_functions
            .iter()
            .filter(|(function, _)| !taken.contains(*function));
        let variables = functions.flat_map(|(function, all)| all.keys().map(move |name| (function, name)));
        let sentences = variables.filter_map(|(function, name)| {
            let refusal = self.refusal(function, name);
            if refusal.is_some() || is_given(name, &is_set) {
                return refusal;
            }
            let (name, function) = (sanitize(name), sanitize(function));
            Some(format!(
                "{name} of {function} isn't set, since no binary is known to run {function}: set it in the shell, or say with \
                 --run-by BIN=FUNCTION which one does"
            ))
        });
        sentences.collect()
    }

    /// Why a variable of the template isn't set, whatever its value is. `None` if it may be.
    fn refusal(&self, function: &str, name: &str) -> Option<String> {
        let (shown, function) = (sanitize(name), sanitize(function));
        if is_reserved(name) {
            return Some(format!(
                "Lambda takes no variable {shown}, which {function} has: take it out of the template"
            ));
        }
        (!self.with_aws && leads_to_credentials(name)).then(|| {
            format!("{shown} of {function} isn't set: AWS credentials stay outside without --with-aws")
        })
    }
}

/// Whether a function has a variable without the template: from the shell, or from the KMS on this machine.
fn is_given(name: &str, is_set: impl Fn(&str) -> bool) -> bool {
    is_set(name) || kms::VARIABLES.contains(&name)
}

/// The sentence for a variable that a function doesn't get. Many functions do without it here, so it isn't asked for.
fn unset(name: &impl Display, function: &impl Display, why: &str) -> String {
    format!(
        "{name} of {function} is left unset, because {why}; set it in the shell if the function needs it here"
    )
}

/// Whether a value means something on this machine: not the path of a layer or of the deployed package. A process takes no value
/// with a zero byte.
fn is_for_here(value: &str) -> bool {
    !value.starts_with("/opt/") && !value.starts_with("/var/task/") && !value.contains('\0')
}

/// The variables that Lambda sets itself. Others that begin like them may be set, such as `AWS_LAMBDA_EXEC_WRAPPER` and `TZ`.
///
/// Sources: <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html> and, for the wrapper,
/// <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html>
const RESERVED: [&str; 17] = [
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_MAX_CONCURRENCY",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
];

/// Whether a deployment refuses a variable of this name: it isn't one, which is a letter and at least one more letter, digit or `_`,
/// or Lambda sets it itself.
fn is_reserved(name: &str) -> bool {
    let is_word = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'_';
    let is_name = name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && name.len() > 1
        && name.bytes().all(is_word);
    !is_name || RESERVED.contains(&name)
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
        let triggers = function(&[
            ("INVITES", Some("guest")),
            ("TABLE", None),
            ("CA", Some("/opt/ca.pem")),
            ("COGNITO_KMS_KEY_ARN", None),
        ]);
        let mail = function(&[("INVITES", Some("nobody"))]);
        let all = [("Triggers".to_owned(), triggers), ("Mail".to_owned(), mail)];
        Variables::new(BTreeMap::from(all), false)
    }

    #[test]
    fn a_literal_is_passed_and_what_is_unknown_is_said() {
        let variables = variables();
        let (known, lacking) = variables.of(&["Triggers"], |_| false);
        assert_eq!(known, BTreeMap::from([("INVITES", "guest")]));
        let expected = [
            ("CA", "its value means nothing on this machine"),
            ("TABLE", "only a deployment knows its value"),
        ]
        .map(|(name, why)| unset(&name, &"Triggers", why));
        assert_eq!(lacking, expected);
    }

    /// The variables of one function, each with a value.
    fn of_triggers(names: &[&str], with_aws: bool) -> Variables {
        let value = Some("/tmp/value".to_owned());
        let variables = names.iter().map(|name| ((*name).to_owned(), value.clone()));
        Variables::new(
            BTreeMap::from([("Triggers".to_owned(), variables.collect())]),
            with_aws,
        )
    }

    #[test]
    fn a_name_that_lambda_reserves_is_refused() {
        for name in [
            "AWS_LAMBDA_RUNTIME_API",
            "LAMBDA_TASK_ROOT",
            "LAMBDA_RUNTIME_DIR",
            "_HANDLER",
            "X",
        ] {
            let variables = of_triggers(&[name], true);
            let refusal =
                format!("Lambda takes no variable {name}, which Triggers has: take it out of the template");
            let (known, lacking) = variables.of(&["Triggers"], |_| true);
            assert!(known.is_empty(), "{name}");
            assert_eq!(lacking, [refusal.as_str()]);
            assert_eq!(variables.left_out(&BTreeSet::new(), |_| true), [refusal.as_str()]);
        }
        let variables = of_triggers(&["AWS_LAMBDA_EXEC_WRAPPER", "TZ"], false);
        assert_eq!(variables.of(&["Triggers"], |_| false).0.len(), 2);
    }

    #[test]
    fn a_template_does_not_lead_to_credentials() {
        let names = [
            "AWS_EC2_METADATA_DISABLED",
            "AWS_PROFILE",
            "AWS_SHARED_CREDENTIALS_FILE",
        ];
        for is_set in [true, false] {
            let variables = of_triggers(&names, false);
            let (known, lacking) = variables.of(&["Triggers"], |_| is_set);
            assert!(known.is_empty());
            let expected = names.map(|name| {
                format!("{name} of Triggers isn't set: AWS credentials stay outside without --with-aws")
            });
            assert_eq!(lacking, expected);
        }
        let variables = of_triggers(&names, true);
        assert_eq!(variables.of(&["Triggers"], |_| false).0.len(), names.len());
    }

    #[test]
    fn variables_of_a_function_without_a_binary_are_named() {
        let variables = variables();
        let taken = BTreeSet::from(["Triggers".to_owned()]);
        let expected = "INVITES of Mail isn't set, since no binary is known to run Mail: set it in the shell, or say with \
                        --run-by BIN=FUNCTION which one does";
        assert_eq!(variables.left_out(&taken, |_| false), [expected]);
        assert!(variables.left_out(&taken, |name| name == "INVITES").is_empty());
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
