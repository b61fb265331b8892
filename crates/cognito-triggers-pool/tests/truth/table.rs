//! The rows as they are written.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub row: String,
    pub title: String,
    steps: Evidence,
    result: Evidence,
    #[serde(default)]
    pub pool: Map<String, Value>,
    #[serde(default)]
    pub client: Map<String, Value>,
    #[serde(default)]
    pub triggers: BTreeMap<String, Value>,
    #[serde(default)]
    pub users: Vec<User>,
    #[serde(default)]
    pub given: Vec<Step>,
    pub call: Step,
    pub fires: Vec<String>,
    #[serde(default)]
    pub events: Vec<BTreeMap<String, Value>>,
    pub answer: Option<Value>,
    /// An [`ExpectedError`], before kept values are filled in.
    pub error: Option<Value>,
    #[serde(default)]
    pub claims: BTreeMap<String, Value>,
    /// The last message, as the outbox has it.
    pub message: Option<Value>,
    #[serde(default)]
    pub then: Vec<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Evidence {
    Measured,
    Documented,
    Inferred,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    pub name: String,
    pub password: Option<String>,
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    #[serde(default)]
    pub status: Status,
    #[serde(default)]
    pub groups: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    #[default]
    Confirmed,
    Unconfirmed,
    ForceChangePassword,
    ResetRequired,
    Disabled,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub op: Option<String>,
    #[serde(rename = "in")]
    pub input: Option<Value>,
    pub advance: Option<u64>,
    pub proves: Option<Proof>,
    #[serde(default)]
    pub keep: BTreeMap<String, String>,
    pub fails: Option<String>,
    pub answer: Option<Value>,
    /// What fails next, as `POST /_dev/fail` takes it.
    pub drill: Option<Value>,
    /// How often the step is taken.
    pub times: Option<usize>,
}

/// A password to prove with the challenge of the last answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    pub password: String,
    /// Instead of the present time.
    pub timestamp: Option<String>,
    /// Instead of the secret block of the challenge.
    pub block: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedError {
    pub class: Option<String>,
    pub message: Option<Texts>,
    pub prefix: Option<String>,
    pub contains: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Texts {
    One(String),
    Several(Vec<String>),
}

impl Texts {
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let texts = match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Several(several) => several,
        };
        texts.iter().map(String::as_str)
    }
}

impl Row {
    pub fn order_is_firm(&self) -> bool {
        self.steps != Evidence::Inferred
    }

    pub fn answer_is_firm(&self) -> bool {
        self.result != Evidence::Inferred
    }
}
