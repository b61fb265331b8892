//! The stored state: user pools, app clients, groups and users, as plain data.
//!
//! Collections remember what changed, and `records` makes of it what is stored in a directory.

mod client;
mod device;
mod domain;
mod factor;
mod failures;
mod first_factors;
mod group;
mod identity_provider;
mod mfa;
mod oauth;
mod passkey;
mod proof;
mod records;
mod saved;
mod schema;
mod second_factors;
mod sessions;
mod settings;
mod sign_ins;
mod software_token;
mod steps;
#[cfg(test)]
pub(crate) mod testing;
mod tracked;
mod user;
mod users;

use std::sync::Arc;

pub(crate) use self::client::AppClient;
pub(crate) use self::device::{Device, DeviceKeys};
pub(crate) use self::domain::{Domain, ResourceServer};
pub(crate) use self::factor::{Factor, MfaMode};
pub(crate) use self::failures::Failures;
pub(crate) use self::group::Group;
pub(crate) use self::identity_provider::{COGNITO, Identity, IdentityProvider, ProviderType, SUBJECT};
pub(crate) use self::oauth::{
    Authorization, BrowserSession, BrowserSessions, Codes, Federations, Granted, PendingFederation, Steps,
    TokenAnswer,
};
pub(crate) use self::passkey::{MAX_PASSKEYS, Passkey, PasskeyRegistration, PasskeyRegistrations};
pub(crate) use self::proof::Proof;
pub(crate) use self::records::{KINDS, SINGLE};
use self::saved::Saved;
pub(crate) use self::schema::{DataType, SchemaAttribute, standard as standard_schema};
pub(crate) use self::sessions::{
    CONFIRMED_SIGN_UP, Challenge, Expected, Next, Pending, Round, SentCode, Sessions,
};
pub(crate) use self::settings::{PasswordPolicy, Recovery, Settings};
pub(crate) use self::sign_ins::{Rotation, SignIn, SignIns};
pub(crate) use self::software_token::{Secret, Verdict};
pub(crate) use self::steps::Step;
pub(crate) use self::tracked::Tracked;
pub(crate) use self::user::{Purpose, User, UserStatus};
pub(crate) use self::users::Users;
use crate::error::ApiError;
use crate::keys::KeyPair;

/// The whole state.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub(crate) pools: Tracked<UserPool>,
    /// The keys that sign tokens. `None` for those that all pools of the process share.
    pub(crate) keys: Option<Arc<KeyPair>>,
    /// What was applied of templates and descriptions, so that it is applied again only when it changes: a hash for each item.
    pub(crate) sources: Tracked<String>,
    /// How far the generator of each seed is, so that no id is generated twice.
    pub(crate) seeds: Tracked<u64>,
    /// Whether the store has what isn't marked as changed.
    saved: bool,
    saved_keys: Option<Arc<KeyPair>>,
}

/// A user pool and what belongs to it.
#[derive(Clone, Debug)]
pub(crate) struct UserPool {
    pub(crate) settings: Arc<Settings>,
    pub(crate) clients: Tracked<Arc<AppClient>>,
    pub(crate) groups: Tracked<Group>,
    pub(crate) users: Users,
    /// The external identity providers, by name.
    pub(crate) providers: Tracked<IdentityProvider>,
    /// At most one prefix and one custom domain.
    pub(crate) domains: Vec<Domain>,
    /// The resource servers, by identifier.
    pub(crate) resource_servers: Tracked<ResourceServer>,
    pub(crate) sign_ins: SignIns,
    /// Sessions of unfinished sign-ins. They aren't stored.
    pub(crate) sessions: Sessions,
    /// Authorization codes. They aren't stored.
    pub(crate) codes: Codes,
    /// Sign-ins that are at an identity provider. They aren't stored.
    pub(crate) federations: Federations,
    /// Sign-ins that wait for the answer to a challenge in a browser. They aren't stored.
    pub(crate) steps: Steps,
    /// Registrations of passkeys that have begun. They aren't stored.
    pub(crate) passkey_registrations: PasskeyRegistrations,
    /// Browsers that are signed in. They aren't stored.
    pub(crate) browsers: BrowserSessions,
    /// What the store has of the settings and the domains. `None` if it has nothing of the pool.
    saved: Option<Saved>,
}

impl State {
    pub(crate) fn pool(&self, id: &str) -> Result<&UserPool, ApiError> {
        self.pools.get(id).ok_or_else(|| ApiError::pool_not_found(id))
    }

    pub(crate) fn pool_mut(&mut self, id: &str) -> Result<&mut UserPool, ApiError> {
        self.pools.get_mut(id).ok_or_else(|| ApiError::pool_not_found(id))
    }

    /// Finds the app client with this id, and its pool.
    pub(crate) fn client(&self, id: &str) -> Result<(&UserPool, &Arc<AppClient>), ApiError> {
        let found = self
            .pools
            .values()
            .find_map(|pool| Some((pool, pool.clients.get(id)?)));
        found.ok_or_else(|| ApiError::client_not_found(id))
    }
}

impl UserPool {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            users: Users::new(&settings),
            settings: Arc::new(settings),
            clients: Tracked::default(),
            groups: Tracked::default(),
            providers: Tracked::default(),
            domains: Vec::new(),
            resource_servers: Tracked::default(),
            sign_ins: SignIns::default(),
            sessions: Sessions::default(),
            codes: Codes::default(),
            federations: Federations::default(),
            steps: Steps::default(),
            passkey_registrations: PasskeyRegistrations::default(),
            browsers: BrowserSessions::default(),
            saved: None,
        }
    }

    /// The identity provider that has this identifier.
    pub(crate) fn provider_with_identifier(&self, identifier: &str) -> Option<&IdentityProvider> {
        let mut providers = self.providers.values();
        providers.find(|provider| provider.identifiers.iter().any(|own| own == identifier))
    }
}
