//! The state that all calls share.

use std::env;

use crate::{cognito::CognitoDirectory, directory::Directory, groups::Groups, providers::Providers};

/// The state that all calls share.
pub struct App<D: Directory> {
    /// Which provider vouches for which addresses.
    pub providers: Providers,
    /// The groups of each provider that reach the pool.
    pub groups: Groups,
    /// The users of the pool. `None` links no accounts.
    pub directory: Option<D>,
}

impl App<CognitoDirectory> {
    /// Reads `PROVIDERS`, `PROVIDER_GROUPS` and `LINK_ACCOUNTS`, and what Lambda puts into the environment of every function.
    ///
    /// # Errors
    /// Fails if a variable isn't valid. The function then doesn't start, and nobody comes in from a provider.
    pub fn from_env() -> Result<Self, String> {
        // A template can't leave a variable out, so an empty one counts as unset.
        let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        let directory = match variable("LINK_ACCOUNTS").as_deref() {
            None | Some("yes") => Some(CognitoDirectory::from_variables(variable)?),
            Some("no") => None,
            Some(_) => return Err("LINK_ACCOUNTS should be `yes` or `no`".to_owned()),
        };
        let providers: Providers = variable("PROVIDERS").unwrap_or_default().parse()?;
        Ok(Self {
            groups: Groups::read(&variable("PROVIDER_GROUPS").unwrap_or_default(), &providers)?,
            providers,
            directory,
        })
    }
}
