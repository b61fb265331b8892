//! The state that all calls share: the tenants.

use std::{env, error::Error as StdError, time::Duration};

use crate::{
    directory::{Directory, InEnvironment},
    table::Table,
    tenants::Tenants,
};

/// The longest age of what the cache has, in seconds. Whoever leaves a tenant gets its claims for this long.
const LONGEST_AGE: u64 = 300;

/// The function's state.
pub struct App {
    pub(crate) tenants: Tenants,
}

impl App {
    /// Reads the environment.
    ///
    /// # Errors
    /// Fails if a variable is missing or malformed. The function then doesn't start.
    pub fn from_env() -> Result<Self, Box<dyn StdError + Send + Sync>> {
        Self::from_variables(|name| env::var(name).ok().filter(|value| !value.is_empty()))
    }

    /// Reads the settings from a function that knows the variables, for tests.
    ///
    /// # Errors
    /// Fails if a variable is missing or malformed.
    pub fn from_variables(
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Box<dyn StdError + Send + Sync>> {
        let seconds = match variable("CACHE_SECONDS") {
            None => 60,
            Some(text) => text
                .parse()
                .ok()
                .filter(|seconds| *seconds <= LONGEST_AGE)
                .ok_or_else(|| format!("CACHE_SECONDS is `{text}`: use 0 to {LONGEST_AGE}"))?,
        };
        let directory: Box<dyn Directory> = match (variable("TENANTS_TABLE"), variable("TENANTS")) {
            (Some(table), None) => Box::new(Table::new(table, variable)?),
            (None, Some(json)) => Box::new(json.parse::<InEnvironment>()?),
            (None, None) => return Err("TENANTS_TABLE isn't set: set it to the name of the table".into()),
            (Some(_), Some(_)) => return Err("TENANTS_TABLE and TENANTS are both set: use one".into()),
        };
        Ok(Self::new(directory, Duration::from_secs(seconds)))
    }

    /// Uses this directory, and keeps what it says for `max_age`.
    pub fn new(directory: Box<dyn Directory>, max_age: Duration) -> Self {
        Self {
            tenants: Tenants::new(directory, max_age),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::TENANTS;

    fn settings(set: &[(&str, &str)]) -> Result<App, String> {
        let variable = |name: &str| {
            let set = set.iter().find(|(known, _)| *known == name);
            set.map(|(_, value)| (*value).to_owned())
        };
        App::from_variables(variable).map_err(|error| error.to_string())
    }

    #[test]
    fn settings_are_read_or_refused_by_name() {
        let refusal = |set: &[(&str, &str)]| settings(set).err().unwrap();
        assert!(refusal(&[]).starts_with("TENANTS_TABLE isn't set"));
        let both = [("TENANTS_TABLE", "tenants"), ("TENANTS", TENANTS)];
        assert!(refusal(&both).ends_with("both set: use one"));
        for age in ["3600", "-1", "a minute"] {
            let set = [("TENANTS", TENANTS), ("CACHE_SECONDS", age)];
            assert!(refusal(&set).contains("use 0 to 300"), "{age}");
        }
        assert_eq!(refusal(&[("TENANTS_TABLE", "tenants")]), "AWS_REGION isn't set");
        assert!(refusal(&[("TENANTS", "{")]).starts_with("TENANTS can't be read"));
    }
}
