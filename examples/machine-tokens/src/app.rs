//! The state that all calls share.

use std::env;

use crate::machines::{Machines, MachinesError};

/// The state that all calls share.
pub struct App {
    /// The machines that get tokens.
    pub machines: Machines,
}

impl App {
    /// Reads the list of the machines from the environment variable `MACHINES`. Without the variable no machine gets a token.
    ///
    /// # Errors
    /// Fails if the list isn't valid. The function then doesn't start, and nobody gets a token.
    pub fn from_env() -> Result<Self, MachinesError> {
        let list = env::var("MACHINES").unwrap_or_default();
        Ok(Self {
            machines: list.parse()?,
        })
    }
}
