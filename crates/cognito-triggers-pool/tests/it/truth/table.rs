//! The format of the rows.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::browser::Web;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    pub(crate) row: String,
    pub(crate) title: String,
    steps: Evidence,
    result: Evidence,
    #[serde(default)]
    pub(crate) pool: Map<String, Value>,
    #[serde(default)]
    pub(crate) client: Map<String, Value>,
    #[serde(default)]
    pub(crate) triggers: BTreeMap<String, Value>,
    #[serde(default)]
    pub(crate) users: Vec<User>,
    #[serde(default)]
    pub(crate) given: Vec<Step>,
    pub(crate) call: Step,
    pub(crate) fires: Vec<String>,
    #[serde(default)]
    pub(crate) events: Vec<BTreeMap<String, Value>>,
    pub(crate) answer: Option<Value>,
    /// An [`ExpectedError`], before stored values are filled in.
    pub(crate) error: Option<Value>,
    #[serde(default)]
    pub(crate) claims: BTreeMap<String, Value>,
    /// The last message, as the outbox has it.
    pub(crate) message: Option<Value>,
    #[serde(default)]
    pub(crate) then: Vec<Step>,
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
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) password: Option<String>,
    #[serde(default)]
    pub(crate) attributes: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) status: Status,
    #[serde(default)]
    pub(crate) groups: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Status {
    #[default]
    Confirmed,
    Unconfirmed,
    ForceChangePassword,
    ResetRequired,
    Disabled,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    pub(crate) op: Option<String>,
    /// A request of a browser or an OAuth client, instead of `op`.
    pub(crate) web: Option<Web>,
    #[serde(rename = "in")]
    pub(crate) input: Option<Value>,
    pub(crate) advance: Option<u64>,
    pub(crate) proves: Option<Proof>,
    #[serde(default)]
    pub(crate) keep: BTreeMap<String, String>,
    pub(crate) fails: Option<String>,
    pub(crate) answer: Option<Value>,
    /// What fails next, as `POST /_dev/fail` takes it.
    pub(crate) drill: Option<Value>,
    /// How often the step runs.
    pub(crate) times: Option<usize>,
}

/// A password to prove with the challenge of the last answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Proof {
    pub(crate) password: String,
    /// Replaces the current time.
    pub(crate) timestamp: Option<String>,
    /// Replaces the secret block of the challenge.
    pub(crate) block: Option<String>,
    /// The device key to send with the proof.
    pub(crate) with: Option<String>,
    /// Whether it is the password of the device that is stored as `device` and `group`.
    #[serde(default)]
    pub(crate) device: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpectedError {
    pub(crate) class: Option<String>,
    pub(crate) message: Option<Texts>,
    pub(crate) prefix: Option<String>,
    pub(crate) contains: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Texts {
    One(String),
    Many(Vec<String>),
}

impl Texts {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        let texts = match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        };
        texts.iter().map(String::as_str)
    }
}

impl Row {
    pub(crate) fn order_is_firm(&self) -> bool {
        self.steps != Evidence::Inferred
    }

    pub(crate) fn answer_is_firm(&self) -> bool {
        self.result != Evidence::Inferred
    }
}
