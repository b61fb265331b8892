//! How the user of a browser proved who they are.

use serde::{Deserialize, Serialize};

use super::factor::Factor;
use super::identity_provider::{Identity, SUBJECT};

/// The name of a password among the first factors.
const PASSWORD: &str = "PASSWORD";

/// How a user proved who they are. The session of a browser and an authorization code keep it, because both are worth nothing once
/// it doesn't hold any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Proof {
    /// An identity provider vouched for one of its accounts.
    Account {
        /// The name of the provider.
        provider: String,
        /// The provider's own id of the account.
        user_id: String,
    },
    /// The user proved factors of the pool.
    Factors {
        /// The first factor, as `AvailableChallenges` names it.
        first: String,
        /// The second factor; `None` if none was needed.
        second: Option<Factor>,
    },
}

impl Proof {
    /// A password alone.
    pub(crate) fn password() -> Self {
        Self::first(PASSWORD)
    }

    /// A first factor alone.
    pub(crate) fn first(challenge: &str) -> Self {
        Self::Factors {
            first: challenge.to_owned(),
            second: None,
        }
    }

    /// Adds the second factor.
    #[must_use]
    pub(crate) fn and(mut self, factor: Option<Factor>) -> Self {
        if let Self::Factors { second, .. } = &mut self {
            *second = factor;
        }
        self
    }

    /// Whether a password is part of it.
    pub(crate) fn has_password(&self) -> bool {
        matches!(self, Self::Factors { first, .. } if first == PASSWORD)
    }

    /// Whether it is about this account.
    pub(crate) fn is_about(&self, identity: &Identity) -> bool {
        matches!(self, Self::Account { provider, user_id } if identity.attribute == SUBJECT
            && identity.provider == *provider && identity.user_id == *user_id)
    }
}
