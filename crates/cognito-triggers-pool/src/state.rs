//! The stored state: user pools, app clients, groups and users, as plain data.

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
mod schema;
mod second_factors;
mod sessions;
mod settings;
mod sign_ins;
mod software_token;
mod steps;
#[cfg(test)]
pub(crate) mod testing;
mod user;
mod users;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

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
pub(crate) use self::schema::{DataType, SchemaAttribute, standard as standard_schema};
pub(crate) use self::sessions::{
    CONFIRMED_SIGN_UP, Challenge, Expected, Next, Pending, Round, SentCode, Sessions,
};
pub(crate) use self::settings::{PasswordPolicy, Recovery, Settings};
pub(crate) use self::sign_ins::{Rotation, SignIn, SignIns};
pub(crate) use self::software_token::{Secret, Verdict};
pub(crate) use self::steps::Step;
pub(crate) use self::user::{Purpose, User, UserStatus};
pub(crate) use self::users::Users;
use crate::error::ApiError;

/// The whole state.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) pools: BTreeMap<String, UserPool>,
}

/// A user pool and what belongs to it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct UserPool {
    pub(crate) settings: Arc<Settings>,
    pub(crate) clients: BTreeMap<String, Arc<AppClient>>,
    pub(crate) groups: BTreeMap<String, Group>,
    pub(crate) users: Users,
    /// The external identity providers, by name.
    #[serde(default)]
    pub(crate) providers: BTreeMap<String, IdentityProvider>,
    /// At most one prefix and one custom domain.
    #[serde(default)]
    pub(crate) domains: Vec<Domain>,
    /// The resource servers, by identifier.
    #[serde(default)]
    pub(crate) resource_servers: BTreeMap<String, ResourceServer>,
    #[serde(default)]
    pub(crate) sign_ins: SignIns,
    /// Sessions of unfinished sign-ins. They aren't exported.
    #[serde(skip)]
    pub(crate) sessions: Sessions,
    /// Authorization codes. They aren't exported.
    #[serde(skip)]
    pub(crate) codes: Codes,
    /// Sign-ins that are at an identity provider. They aren't exported.
    #[serde(skip)]
    pub(crate) federations: Federations,
    /// Sign-ins that wait for the answer to a challenge in a browser. They aren't exported.
    #[serde(skip)]
    pub(crate) steps: Steps,
    /// Registrations of passkeys that have begun. They aren't exported.
    #[serde(skip)]
    pub(crate) passkey_registrations: PasskeyRegistrations,
    /// Browsers that are signed in. They aren't exported.
    #[serde(skip)]
    pub(crate) browsers: BrowserSessions,
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
            clients: BTreeMap::new(),
            groups: BTreeMap::new(),
            providers: BTreeMap::new(),
            domains: Vec::new(),
            resource_servers: BTreeMap::new(),
            sign_ins: SignIns::default(),
            sessions: Sessions::default(),
            codes: Codes::default(),
            federations: Federations::default(),
            steps: Steps::default(),
            passkey_registrations: PasskeyRegistrations::default(),
            browsers: BrowserSessions::default(),
        }
    }

    /// The identity provider that has this identifier.
    pub(crate) fn provider_with_identifier(&self, identifier: &str) -> Option<&IdentityProvider> {
        let mut providers = self.providers.values();
        providers.find(|provider| provider.identifiers.iter().any(|own| own == identifier))
    }
}
