//! The state that all calls share: the old users, and what a password check costs.

use std::{env, error::Error as StdError, sync::Arc};

use crate::{database::Database, directory::Directory, hashes::Hashes};

/// The function's state.
pub struct App {
    pub(crate) directory: Box<dyn Directory>,
    pub(crate) hashes: Arc<Hashes>,
}

impl App {
    /// Reads the environment.
    ///
    /// # Errors
    /// Fails if a variable is missing or malformed. The function then doesn't start.
    pub fn from_env() -> Result<Self, Box<dyn StdError + Send + Sync>> {
        Self::from_variables(|name| env::var(name).ok().filter(|value| !value.is_empty()))
    }

    fn from_variables(
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Box<dyn StdError + Send + Sync>> {
        let hashes = Hashes::new(
            variable("ARGON2_COST").as_deref().unwrap_or("m=19456,t=2,p=1"),
            variable("BCRYPT_COST").as_deref().unwrap_or("10"),
        )?;
        let url = variable("DATABASE_URL").ok_or("DATABASE_URL isn't set")?;
        let database = Database::new(&url, variable("DATABASE_CA").as_deref())?;
        Ok(Self::new(Box::new(database), hashes))
    }

    /// Uses this directory of old users, and these costs.
    pub fn new(directory: Box<dyn Directory>, hashes: Hashes) -> Self {
        Self {
            directory,
            hashes: Arc::new(hashes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(set: &[(&str, &str)]) -> String {
        let variable = |name: &str| {
            let set = set.iter().find(|(known, _)| *known == name);
            set.map(|(_, value)| (*value).to_owned())
        };
        App::from_variables(variable).err().unwrap().to_string()
    }

    #[test]
    fn settings_are_refused_by_name_and_without_the_password() {
        const URL: &str = "postgres://cognito:hunter2@db.example.com/old";
        assert_eq!(refusal(&[]), "DATABASE_URL isn't set");
        let in_clear = refusal(&[("DATABASE_URL", URL)]);
        assert!(in_clear.starts_with("DATABASE_CA isn't set"), "{in_clear}");
        let malformed = refusal(&[("DATABASE_URL", "postgres://a:hunter2@b:c:d/?x=y")]);
        assert!(malformed.starts_with("DATABASE_URL can't be read"), "{malformed}");
        for option in ["sslmode=verify-full", "sslrootcert=/ca.pem"] {
            let refused = refusal(&[("DATABASE_URL", &format!("{URL}?{option}"))]);
            assert!(
                refused.contains("sslrootcert") && refused.contains("DATABASE_CA"),
                "{refused}"
            );
            assert!(!refused.contains("hunter2"), "{refused}");
        }
        let no_file = refusal(&[("DATABASE_URL", URL), ("DATABASE_CA", "/nowhere/ca.pem")]);
        assert!(no_file.contains("/nowhere/ca.pem"), "{no_file}");
        for text in [in_clear, malformed, no_file] {
            assert!(!text.contains("hunter2"), "{text}");
        }
        assert!(refusal(&[("ARGON2_COST", "m=9999999,t=2,p=1")]).starts_with("ARGON2_COST"));
        assert!(refusal(&[("BCRYPT_COST", "31")]).starts_with("BCRYPT_COST"));
    }
}
