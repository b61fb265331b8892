//! The sign-in: which user the provider speaks of, and the triggers.

use std::collections::BTreeMap;

use cognito_triggers_model::Route;
use serde_json::{Map, Value, json};

use super::assertion::Assertion;
use super::mapping;
use crate::auth::hosted;
use crate::call::Call;
use crate::error::ApiError;
use crate::model;
use crate::state::{
    AppClient, Group, Identity, IdentityProvider, Proof, SUBJECT, Settings, User, UserPool, UserStatus,
};
use crate::triggers::{self, Event};
use crate::validate;

/// Who comes from a provider, and what the provider said.
struct Arrival<'a> {
    call: &'a Call,
    settings: &'a Settings,
    client: &'a AppClient,
    provider: &'a IdentityProvider,
    /// The provider's own id of the user.
    subject: String,
    /// What the provider said, or what InboundFederation made of it.
    said: BTreeMap<String, String>,
    /// The attributes of the pool.
    attributes: BTreeMap<String, String>,
}

/// Signs in the user whom a provider speaks of, or creates one. Returns the user as stored, and the account that the provider vouched
/// for.
///
/// Triggers, in this order; token generation follows when the browser is sent back to the app:
///
/// - `InboundFederation_ExternalProvider`, always. Its answer replaces what the provider said, unless it is empty.
/// - for a new user, `PreSignUp_ExternalProvider` and `PostConfirmation_ConfirmSignUp` (FE-01). If the first one links the
///   account to a user, that user signs in instead, and the second one doesn't run (FE-03, inferred).
/// - for a known or linked user, PreAuthentication and PostAuthentication (FE-02).
///
/// # Errors
/// Those of a failing trigger, and `InvalidParameterException` for a user who can't be stored. After a failing
/// PostConfirmation, the user stays.
pub(crate) async fn sign_in(
    call: &Call,
    settings: &Settings,
    client: &AppClient,
    provider: &IdentityProvider,
    assertion: &Assertion,
) -> Result<(User, Proof), ApiError> {
    let subject = assertion.subject(provider.kind).unwrap_or_default();
    let said = inbound(call, settings, client, provider, assertion).await?;
    let named = provider.user_name_claim();
    let subject = named.map_or(Some(subject), |claim| said.get(claim).map(String::as_str));
    // The message is ours.
    let subject = subject
        .filter(|subject| !subject.is_empty())
        .ok_or_else(|| ApiError::invalid_parameter("The identity provider sent no id of the user."))?;
    let arrival = Arrival {
        call,
        settings,
        client,
        provider,
        subject: subject.to_owned(),
        attributes: mapping::apply(settings, client, provider, &said)?,
        said,
    };
    let user = match arrival.find()? {
        Some(user) => arrival.known(&user).await?,
        None => arrival.new_user().await?,
    };
    let account = Proof::Account {
        provider: provider.name.clone(),
        user_id: arrival.subject,
    };
    Ok((user, account))
}

/// Fires InboundFederation, and returns the attributes to map.
async fn inbound(
    call: &Call,
    settings: &Settings,
    client: &AppClient,
    provider: &IdentityProvider,
    assertion: &Assertion,
) -> Result<BTreeMap<String, String>, ApiError> {
    let subject = assertion.subject(provider.kind).unwrap_or_default();
    let event = Event::new(Route::InboundFederation, "ExternalProvider", subject, client)
        .with("providerName", provider.name.as_str())
        .with("providerType", provider.kind.as_str())
        .with("attributes", assertion.to_json(provider.kind));
    let response = triggers::fire(call, settings, event).await?.unwrap_or_default();
    let unrecognizable = || ApiError::new("InvalidLambdaResponseException", "Unrecognizable lambda output");
    let chosen = match response.get("userAttributesToMap") {
        None | Some(Value::Null) => return Ok(assertion.merged()),
        Some(Value::Object(chosen)) if chosen.is_empty() => return Ok(assertion.merged()),
        Some(Value::Object(chosen)) => chosen,
        Some(_) => return Err(unrecognizable()),
    };
    let strings = chosen
        .iter()
        .map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    strings.collect::<Option<_>>().ok_or_else(unrecognizable)
}

/// The user with an account.
struct Found<'p> {
    user: &'p User,
    /// Name and value of the attribute by which the account was linked. `None` if it is known by the provider's id.
    claim: Option<(String, String)>,
}

impl Arrival<'_> {
    /// The user with this account: created by it, or linked to it by the provider's id or by another attribute.
    fn find(&self) -> Result<Option<User>, ApiError> {
        self.call.service.read(|state| {
            let pool = state.pool(&self.settings.id)?;
            Ok(self.identity(pool).map(|found| found.user.clone()))
        })
    }

    /// The user, and by what the account is known. A claim that has the name of the provider's id isn't that id.
    fn identity<'p>(&self, pool: &'p UserPool) -> Option<Found<'p>> {
        let name = &self.provider.name;
        if let Some(user) = pool.users.with_identity(name, SUBJECT, &self.subject) {
            return Some(Found { user, claim: None });
        }
        let mut claims = self.said.iter().filter(|(claim, _)| *claim != SUBJECT);
        claims.find_map(|(claim, value)| {
            let user = pool.users.with_identity(name, claim, value)?;
            let claim = Some((claim.clone(), value.clone()));
            Some(Found { user, claim })
        })
    }

    /// The sign-in of a user whom the pool knows.
    ///
    /// PreAuthentication sees the stored attributes. Then the mapped ones are stored, and PostAuthentication sees those.
    async fn known(&self, user: &User) -> Result<User, ApiError> {
        if !user.enabled {
            return Err(ApiError::not_authorized("User is disabled."));
        }
        let event = Event::about(
            Route::PreAuthentication,
            "Authentication",
            user,
            self.settings,
            self.client,
        )
        .with("validationData", Map::new());
        triggers::fire(self.call, self.settings, event).await?;
        let user = self.update(user)?;
        hosted::post_authentication(self.call, &user, false).await
    }

    /// Stores the mapped attributes. An account that was linked by another attribute is known by its id from now on; other
    /// accounts at the same provider keep theirs.
    ///
    /// # Errors
    /// `NotAuthorizedException` if the user is disabled, which a function may just have done. Nothing is stored.
    fn update(&self, user: &User) -> Result<User, ApiError> {
        let now = self.call.now(self.settings);
        self.call.service.write(|state| {
            let pool = state.pool_mut(&self.settings.id)?;
            if pool.users.get(&user.username).is_some_and(|user| !user.enabled) {
                return Err(ApiError::not_authorized("User is disabled."));
            }
            let claim = self.identity(pool).and_then(|found| found.claim);
            let changed = pool.users.update(&user.username, |user| {
                for (name, value) in &self.attributes {
                    user.attributes.insert(name.clone(), value.clone());
                }
                let linked = claim.as_ref().and_then(|(attribute, value)| {
                    user.identities.iter_mut().find(|identity| {
                        identity.provider == self.provider.name
                            && identity.attribute == *attribute
                            && identity.user_id == *value
                    })
                });
                if let Some(identity) = linked {
                    SUBJECT.clone_into(&mut identity.attribute);
                    identity.user_id.clone_from(&self.subject);
                }
                user.modified = now;
                user.clone()
            });
            changed.ok_or_else(ApiError::user_not_found)
        })
    }

    /// The first sign-in with an account.
    async fn new_user(&self) -> Result<User, ApiError> {
        let username = self.username()?;
        let mut attributes: Map<_, _> = self
            .attributes
            .iter()
            .map(|(name, value)| (name.clone(), json!(value)))
            .collect();
        for alias in ["cognito:email_alias", "cognito:phone_number_alias"] {
            attributes.insert(alias.to_owned(), json!(""));
        }
        let event = Event::new(Route::PreSignUp, "ExternalProvider", &username, self.client)
            .with("userAttributes", attributes)
            .with("validationData", Map::new());
        triggers::fire(self.call, self.settings, event).await?;
        // The function may have linked the account to a user.
        if let Some(user) = self.find()? {
            return self.update(&user);
        }
        mapping::check_required(self.settings, &self.attributes)?;
        let user = self.store(username)?;
        let event = Event::about(
            Route::PostConfirmation,
            "ConfirmSignUp",
            &user,
            self.settings,
            self.client,
        );
        triggers::fire(self.call, self.settings, event).await?;
        self.call.service.read(|state| {
            let user = state.pool(&self.settings.id)?.users.with_sub(&user.sub).cloned();
            user.ok_or_else(ApiError::user_not_found)
        })
    }

    /// `PROVIDER_SUBJECT`, in lower case if the pool doesn't distinguish cases (FE-05).
    ///
    /// # Errors
    /// `InvalidParameterException` for a name that the operations wouldn't take: one with a space, or of more than 128
    /// characters.
    fn username(&self) -> Result<String, ApiError> {
        let mut name = format!("{}_{}", self.provider.name, self.subject);
        if !self.settings.case_sensitive() {
            name = name.to_lowercase();
        }
        if let Some(operation) = model::operation("AdminGetUser") {
            let mut input = json!({ "UserPoolId": self.settings.id, "Username": name });
            validate::validate(operation.input, &mut input)?;
        }
        Ok(name)
    }

    /// Stores the new user, in the group that Cognito makes for each provider.
    ///
    /// # Errors
    /// `InvalidParameterException` if another user has the name.
    fn store(&self, username: String) -> Result<User, ApiError> {
        let now = self.call.now(self.settings);
        let mut user = User::new(
            username,
            self.call.service.ids.uuid(),
            UserStatus::ExternalProvider,
            now,
        );
        user.attributes = self.attributes.clone();
        user.identities.push(Identity {
            provider: self.provider.name.clone(),
            kind: self.provider.kind,
            attribute: SUBJECT.to_owned(),
            user_id: self.subject.clone(),
            primary: true,
            created: now,
        });
        let group = format!("{}_{}", self.settings.id, self.provider.name);
        user.groups.insert(group.clone());
        self.call.service.write(|state| {
            let pool = state.pool_mut(&self.settings.id)?;
            if pool.users.get(&user.username).is_some() {
                let message = format!("Already found an entry for username {}", user.username);
                return Err(ApiError::invalid_parameter(message));
            }
            pool.groups.entry(group.clone()).or_insert_with(|| Group {
                name: group,
                description: Some(format!(
                    "Autogenerated group for users who sign in using {}",
                    self.provider.name
                )),
                role_arn: None,
                precedence: None,
                created: now,
                modified: now,
            });
            pool.users.put(user.clone());
            Ok(user)
        })
    }
}
