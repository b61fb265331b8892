//! Users in memory, for tests.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use cognito_triggers::Result;

use crate::{
    directory::{Directory, User},
    providers::Account,
};

/// Users with one email address, and the accounts that were linked to them.
#[derive(Default)]
pub struct InMemory {
    users: Vec<(String, User)>,
    linked: Mutex<Vec<(String, Account)>>,
}

impl InMemory {
    /// Users with their addresses.
    pub fn new(users: impl IntoIterator<Item = (&'static str, User)>) -> Self {
        let users = users.into_iter().map(|(email, user)| (email.to_owned(), user));
        Self {
            users: users.collect(),
            linked: Mutex::default(),
        }
    }

    /// The names of users, each with the account that was linked.
    pub fn linked(&self) -> Vec<(String, Account)> {
        self.linked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Directory for InMemory {
    async fn with_email(&self, _: &str, email: &str, _: Duration) -> Result<Vec<User>> {
        let users = self.users.iter().filter(|(address, _)| address == email);
        Ok(users.map(|(_, user)| user.clone()).collect())
    }

    async fn link(&self, _: &str, user_name: &str, account: &Account, _: Duration) -> Result<()> {
        let mut linked = self.linked.lock().unwrap_or_else(PoisonError::into_inner);
        linked.push((user_name.to_owned(), account.clone()));
        Ok(())
    }
}
