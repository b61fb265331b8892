//! Groups.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::clock::Timestamp;

/// A group of a user pool. The users store their groups.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) role_arn: Option<String>,
    /// The group with the lowest number wins. `None` counts as the highest.
    pub(crate) precedence: Option<i64>,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
}

impl Group {
    /// The group in the format of the API.
    pub(crate) fn to_json(&self, pool_id: &str) -> Value {
        let mut group = Map::new();
        group.insert("GroupName".to_owned(), json!(self.name));
        group.insert("UserPoolId".to_owned(), json!(pool_id));
        if let Some(description) = &self.description {
            group.insert("Description".to_owned(), json!(description));
        }
        if let Some(role) = &self.role_arn {
            group.insert("RoleArn".to_owned(), json!(role));
        }
        if let Some(precedence) = self.precedence {
            group.insert("Precedence".to_owned(), json!(precedence));
        }
        group.insert("LastModifiedDate".to_owned(), self.modified.to_json());
        group.insert("CreationDate".to_owned(), self.created.to_json());
        Value::Object(group)
    }
}
