//! The state that all calls share: the invitations, the mailer, and the record of the welcomes.

use std::env;

use cognito_triggers::once::Once;
use cognito_triggers_dynamodb::{DynamoStore, TABLE_VARIABLE};

use crate::invitations::Invitations;
use crate::mail::Mailer;

/// The function's state.
pub(crate) struct App {
    pub(crate) invitations: Invitations,
    pub(crate) mailer: Mailer,
    pub(crate) once: Once,
}

impl App {
    /// Reads the environment.
    ///
    /// # Errors
    /// Fails if a variable is missing or malformed.
    pub(crate) fn from_env() -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let invited =
            variable("INVITED").ok_or("INVITED isn't set: list addresses and @domains, with commas")?;
        // One instance is enough to try the function. All instances of a deployed one share a table.
        let once = match variable(TABLE_VARIABLE) {
            Some(_) => Once::from_env(DynamoStore::from_env()?)?,
            None => Once::in_memory()?,
        };
        Ok(Self {
            invitations: invited.parse()?,
            mailer: Mailer::from_variables(variable)?,
            once,
        })
    }
}

/// Reads a variable. An empty one counts as unset, because a template can't leave a variable out.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
