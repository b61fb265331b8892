//! What CloudWatch accepts as the names of metrics and dimensions.
//!
//! The limits are those of [`Dimension`](https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html),
//! of [namespaces](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#Namespace), and of
//! the embedded metric format, which allows 250 characters for a dimension's name where the API allows 255. CloudWatch drops
//! a line that breaks one without an error to the function, so they are checked here.

use std::{error::Error as StdError, fmt};

/// The most dimensions that a metric has in CloudWatch, without the three that are ours.
const MOST_DIMENSIONS: usize = 27;

/// The members of a line. Two of the same name would be one.
pub(super) const TAKEN: [&str; 18] = [
    "_aws",
    "level",
    "timestamp",
    "route",
    "source",
    "user_pool_id",
    "Calls",
    "Duration",
    "ColdStart",
    "TimeLeft",
    "Answered",
    "Rejected",
    "Failed",
    "Panicked",
    "TimedOut",
    "Unhandled",
    "Malformed",
    "Canceled",
];

/// Why metrics can't be set up like this: CloudWatch wouldn't accept them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricsError(String);

impl MetricsError {
    pub(super) fn taken(name: &str) -> Self {
        Self(format!(
            "the dimension {name:?} is a member that each line has already; choose another name"
        ))
    }
}

impl fmt::Display for MetricsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for MetricsError {}

pub(super) fn check_namespace(namespace: &str) -> Result<(), MetricsError> {
    let is_allowed =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | '#' | ':' | ' ');
    let problem = if !(1..=255).contains(&namespace.len()) || namespace.trim().is_empty() {
        "it has to have 1 to 255 characters, one of them no space"
    } else if !namespace.chars().all(is_allowed) {
        "it may have ASCII letters, digits, spaces, and the characters .-_/#:"
    } else if namespace.starts_with(':') {
        "it may not begin with a colon"
    } else if namespace.starts_with("AWS/") {
        "namespaces that begin with AWS/ belong to AWS"
    } else {
        return Ok(());
    };
    Err(MetricsError(format!(
        "the namespace {} of the metrics isn't valid: {problem}",
        shown(namespace)
    )))
}

pub(super) fn check_dimension(name: &str, value: &str) -> Result<(), MetricsError> {
    let problem = if !(1..=250).contains(&name.len()) {
        "its name has to have 1 to 250 characters"
    } else if !is_printable(name) {
        "its name has to be printable ASCII, and more than spaces"
    } else if name.starts_with(':') {
        "its name may not begin with a colon"
    } else if TAKEN.contains(&name) {
        return Err(MetricsError::taken(name));
    } else {
        return check_value(name, value);
    };
    Err(MetricsError(format!(
        "the dimension {} isn't valid: {problem}",
        shown(name)
    )))
}

pub(super) fn check_value(name: &str, value: &str) -> Result<(), MetricsError> {
    let problem = if !(1..=1024).contains(&value.len()) {
        "has to have 1 to 1,024 characters"
    } else if !is_printable(value) {
        "has to be printable ASCII, and more than spaces"
    } else {
        return Ok(());
    };
    Err(MetricsError(format!(
        "the value {} of the dimension {} {problem}",
        shown(value),
        shown(name)
    )))
}

pub(super) fn check_number(dimensions: usize) -> Result<(), MetricsError> {
    if dimensions <= MOST_DIMENSIONS {
        return Ok(());
    }
    Err(MetricsError(format!(
        "there are {dimensions} dimensions; CloudWatch allows 30, of which route, source and user_pool_id are three"
    )))
}

fn is_printable(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..0x7f).contains(&byte)) && !text.trim().is_empty()
}

/// The beginning of a text in quotes.
fn shown(text: &str) -> String {
    let beginning: String = text.chars().take(64).collect();
    match beginning.len() == text.len() {
        true => format!("{text:?}"),
        false => format!("{beginning:?}…"),
    }
}
