//! Fills a service with what a recording was made of.

use std::collections::BTreeMap;

use crate::export;
use crate::password;
use crate::service::Service;

/// The state at the beginning of a recording, and passwords for its users.
#[derive(Clone, Debug)]
pub(super) struct Recorded {
    /// The state without secrets, as `GET /_dev/state` writes it.
    pub(super) state: String,
    /// The passwords, by the id of the pool and the user name.
    pub(super) passwords: BTreeMap<(String, String), String>,
}

impl Recorded {
    /// Uses the state, with the passwords.
    ///
    /// # Errors
    /// Fails with a sentence that names the entity that can't be read.
    pub(super) fn load(self, service: &Service) -> Result<(), String> {
        let mut state = export::import(self.state.as_bytes())?.state;
        for ((pool, user_name), password) in self.passwords {
            let Some(pool) = state.pools.get_mut(&pool) else {
                continue;
            };
            let settings = pool.settings.clone();
            let verifier = password::verifier(&service.ids, &settings, &user_name, &password);
            pool.users
                .update(&user_name, |user| user.password = Some(verifier));
        }
        service.write(|present| *present = state);
        Ok(())
    }
}
