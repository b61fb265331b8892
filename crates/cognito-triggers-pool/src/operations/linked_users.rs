//! AdminLinkProviderForUser and AdminDisableProviderForUser: which accounts at identity providers belong to a user.
//!
//! Callers sign these operations with IAM credentials, which the pool doesn't check. No trigger runs.

use serde_json::{Value, json};

use crate::call::Call;
use crate::error::ApiError;
use crate::state::{COGNITO, Identity, IdentityProvider, SUBJECT, Settings, User, UserPool};

/// How many accounts can be linked to a user, as AWS's API reference says.
const MOST: usize = 5;

/// A user as the two operations name one.
struct Named<'a> {
    /// The name of an identity provider, or `Cognito` for a user of the pool itself.
    provider: &'a str,
    /// `None` if it was left out.
    attribute: Option<&'a str>,
    value: &'a str,
}

impl<'a> Named<'a> {
    /// Reads a member of the input.
    ///
    /// # Errors
    /// `InvalidParameterException` if the provider or the value is missing.
    fn read(call: &'a Call, member: &str) -> Result<Self, ApiError> {
        let identifier = call.input.get(member);
        let string = |name: &str| identifier.and_then(|identifier| identifier.get(name)?.as_str());
        let required = |name: &str| {
            string(name)
                .filter(|value| !value.is_empty())
                .ok_or_else(|| ApiError::invalid_parameter(format!("{member} must have {name}.")))
        };
        Ok(Self {
            provider: required("ProviderName")?,
            attribute: string("ProviderAttributeName").filter(|name| !name.is_empty()),
            value: required("ProviderAttributeValue")?,
        })
    }

    /// The stored user: one of the pool by user name, or one who was created by a sign-in with a provider.
    fn find<'p>(&self, pool: &'p UserPool) -> Option<&'p User> {
        if self.provider == COGNITO {
            pool.users.get(self.value)
        } else {
            pool.users
                .with_identity(self.provider, SUBJECT, self.value)
                .filter(|user| user.is_external())
        }
    }
}

/// Links an account at an identity provider to a user. Signing in with the account then signs that user in.
///
/// `DestinationUser` must exist, and `SourceUser` must not: an account with which someone already signed in has a user of its
/// own. A user can have five linked accounts. The answer is empty.
///
/// # Errors
/// - `UserNotFoundException`: there is no destination user.
/// - `InvalidParameterException`: the source isn't an account at an identity provider of the pool, has a user already, or
///   isn't named as its provider requires; or the destination user has an attribute that can't be changed.
/// - `LimitExceededException`: the user has five linked accounts.
pub(super) async fn admin_link_provider_for_user(call: Call) -> Result<Value, ApiError> {
    let settings = call.settings()?;
    let now = call.now(&settings);
    let (destination, source) = (
        Named::read(&call, "DestinationUser")?,
        Named::read(&call, "SourceUser")?,
    );
    if source.provider == COGNITO {
        return Err(ApiError::invalid_parameter(
            "Invalid SourceUser: Cognito users with a username/password may not be passed in as a SourceUser, only as a \
             DestinationUser",
        ));
    }
    call.service.write(|state| {
        let pool = state.pool_mut(&settings.id)?;
        let provider = provider(pool, source.provider)?;
        let attribute = source_attribute(provider, &source)?;
        let identity = Identity {
            provider: provider.name.clone(),
            kind: provider.kind,
            attribute: attribute.to_owned(),
            user_id: source.value.to_owned(),
            primary: false,
            created: now,
        };
        let user = destination.find(pool).ok_or_else(ApiError::user_not_found)?;
        check_source(pool, &identity)?;
        check_destination(&settings, user)?;
        let username = user.username.clone();
        let linked = pool.users.update(&username, |user| {
            user.identities.push(identity);
            user.modified = now;
        });
        linked.map(|()| json!({})).ok_or_else(ApiError::user_not_found)
    })
}

/// Ends what lets a user sign in with an identity provider.
///
/// - A linked account: the link is removed. The next sign-in with the account creates a user.
/// - A user who was created by a sign-in with a provider: the user is disabled.
/// - A user of the pool itself, for the provider `Cognito`: the user can't sign in with a password any more.
///
/// How Cognito stores the last two isn't documented. The answer is empty.
///
/// # Errors
/// `UserNotFoundException`: there is no such user or link. `InvalidParameterException`: the pool has no such provider, or
/// the name of the attribute is missing.
pub(super) async fn admin_disable_provider_for_user(call: Call) -> Result<Value, ApiError> {
    let settings = call.settings()?;
    let now = call.now(&settings);
    let named = Named::read(&call, "User")?;
    let attribute = named
        .attribute
        .ok_or_else(|| ApiError::invalid_parameter("User must have ProviderAttributeName."))?;
    call.service.write(|state| {
        let pool = state.pool_mut(&settings.id)?;
        let user = if named.provider == COGNITO {
            named.find(pool)
        } else {
            provider(pool, named.provider)?;
            pool.users.with_identity(named.provider, attribute, named.value)
        };
        let username = user.ok_or_else(ApiError::user_not_found)?.username.clone();
        let changed = pool.users.update(&username, |user| {
            user.modified = now;
            if named.provider == COGNITO {
                user.password = None;
            } else if user.is_external()
                && user
                    .identities
                    .iter()
                    .any(|identity| identity.primary && is(identity, &named, attribute))
            {
                user.enabled = false;
            } else {
                user.identities
                    .retain(|identity| !is(identity, &named, attribute));
            }
        });
        changed.map(|()| json!({})).ok_or_else(ApiError::user_not_found)
    })
}

/// Whether an identity is the named account.
fn is(identity: &Identity, named: &Named<'_>, attribute: &str) -> bool {
    identity.provider == named.provider && identity.attribute == attribute && identity.user_id == named.value
}

/// The provider with this name.
fn provider<'a>(pool: &'a UserPool, name: &str) -> Result<&'a IdentityProvider, ApiError> {
    pool.providers.get(name).ok_or_else(|| {
        let message = format!(
            "The provider {name} does not exist for User Pool {}.",
            pool.settings.id
        );
        ApiError::invalid_parameter(message)
    })
}

/// The attribute that identifies the account: `Cognito_Subject`, or for OIDC and SAML also one that the provider is known to
/// send.
///
/// # Errors
/// `InvalidParameterException` if it is missing, or is another one for a social provider. The messages are ours.
fn source_attribute<'a>(provider: &IdentityProvider, source: &Named<'a>) -> Result<&'a str, ApiError> {
    let name = source
        .attribute
        .ok_or_else(|| ApiError::invalid_parameter("SourceUser must have ProviderAttributeName."))?;
    let mapped = provider.mapping.values().any(|claim| claim == name);
    if name == SUBJECT || (!provider.kind.is_social() && mapped) {
        return Ok(name);
    }
    let message = format!(
        "ProviderAttributeName must be {SUBJECT}, or for SAML and OIDC a mapped attribute of the provider."
    );
    Err(ApiError::invalid_parameter(message))
}

/// Refuses an account that has a user already.
fn check_source(pool: &UserPool, identity: &Identity) -> Result<(), ApiError> {
    let owner = pool
        .users
        .with_identity(&identity.provider, &identity.attribute, &identity.user_id);
    match owner {
        None => Ok(()),
        Some(owner) if owner.is_external() => Err(ApiError::invalid_parameter(
            "Merging is not currently supported, provide a SourceUser that has not been signed up in order to link",
        )),
        // Only the case of one user is published.
        Some(_) => Err(ApiError::invalid_parameter(
            "SourceUser is already linked to DestinationUser",
        )),
    }
}

/// Refuses a destination user with five linked accounts, or with a custom attribute that a sign-in couldn't change.
fn check_destination(settings: &Settings, user: &User) -> Result<(), ApiError> {
    let linked = user.identities.iter().filter(|identity| !identity.primary);
    if linked.count() >= MOST {
        let message = format!("A user can have {MOST} linked identities.");
        return Err(ApiError::new("LimitExceededException", message));
    }
    let fixed = user.attributes.keys().find(|name| {
        settings
            .attribute(name)
            .is_some_and(|attribute| !attribute.mutable)
    });
    match fixed {
        None => Ok(()),
        Some(name) => Err(ApiError::invalid_parameter(format!(
            "The attribute {name} of DestinationUser can't be changed, so the user can't be linked."
        ))),
    }
}
