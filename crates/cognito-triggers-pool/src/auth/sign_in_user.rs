//! The user who signs in: a stored user, or an unknown name that the app client must not reveal as unknown.

use cognito_triggers_model::Route;
use serde_json::Map;

use crate::state::{AppClient, Settings, User};
use crate::triggers::Event;

/// The user who signs in.
#[derive(Clone, Debug)]
pub(super) enum SignInUser {
    /// A stored user, as last read.
    Known(Box<User>),
    /// No user has this name, and the app client hides that.
    Unknown(String),
}

impl SignInUser {
    /// The real user name, or what was typed if there is no such user.
    pub(super) fn user_name(&self) -> &str {
        match self {
            Self::Known(user) => &user.username,
            Self::Unknown(typed) => typed,
        }
    }

    /// The `sub` of the user. `None` for an unknown user.
    pub(super) fn sub(&self) -> Option<&str> {
        match self {
            Self::Known(user) => Some(&user.sub),
            Self::Unknown(_) => None,
        }
    }

    /// An event about the user.
    ///
    /// It has `userNotFound` only if the app client hides users. The attributes of an unknown user are an empty object.
    pub(super) fn event(&self, route: Route, settings: &Settings, client: &AppClient) -> Event {
        const REASON: &str = "Authentication";
        let event = match self {
            Self::Known(user) => Event::about(route, REASON, user, settings, client),
            Self::Unknown(typed) => {
                Event::new(route, REASON, typed, client).with("userAttributes", Map::new())
            }
        };
        if client.hides_users() {
            event.with("userNotFound", matches!(self, Self::Unknown(_)))
        } else {
            event
        }
    }
}
