//! Sample data for unit tests.

use serde_json::{Map, Value};

use super::client::AppClient;
use super::settings::Settings;
use super::user::{User, UserStatus};
use crate::clock::Timestamp;

/// An app client with these settings.
pub(crate) fn client(members: Value) -> AppClient {
    AppClient {
        id: "localclient".to_owned(),
        pool_id: "us-east-1_localpool".to_owned(),
        secret: None,
        created: Timestamp::default(),
        modified: Timestamp::default(),
        members: members.as_object().cloned().unwrap_or_default(),
    }
}

/// The settings of a pool with one member.
pub(crate) fn settings_with(member: &str, value: Value) -> Settings {
    Settings {
        id: "us-east-1_localpool".to_owned(),
        name: "localpool".to_owned(),
        created: Timestamp::default(),
        modified: Timestamp::default(),
        schema: Vec::new(),
        members: Map::from_iter([(member.to_owned(), value)]),
        factors: None,
        mfa_members: Map::new(),
    }
}

/// A confirmed user with these attributes.
pub(crate) fn user(attributes: &[(&str, &str)]) -> User {
    let (name, sub) = (
        "ana".to_owned(),
        "7f5e0000-0000-4000-8000-000000000001".to_owned(),
    );
    let mut user = User::new(name, sub, UserStatus::Confirmed, Timestamp::default());
    let attributes = attributes
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    user.attributes.extend(attributes);
    user
}
