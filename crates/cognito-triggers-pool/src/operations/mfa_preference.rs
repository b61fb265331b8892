//! SetUserMFAPreference and AdminSetUserMFAPreference: the second factors of a user.
//!
//! No trigger runs, and the answer is empty. The rows of the truth table are MF-16 to MF-18 and ST-15.

use serde_json::{Value, json};

use crate::call::{Call, Input};
use crate::error::ApiError;
use crate::state::{Factor, MfaMode, Settings, User};
use crate::tokens::access::authorize;

/// Turns second factors of the signed-in user on or off, and chooses the preferred one (MF-17).
///
/// A factor whose member is missing stays as it is. In a pool that requires MFA, a factor can't be turned off: the call
/// succeeds without effect, as users report. A factor that becomes preferred replaces the earlier one; one with `PreferredMfa`
/// false, or that is turned off, isn't preferred afterwards.
///
/// # Errors
/// - `NotAuthorizedException`: the access token isn't valid.
/// - `InvalidParameterException`: the user lacks what a factor needs (MF-16); the pool doesn't have the factor; two factors
///   are preferred, or one that is turned off. Except for the first, the messages are ours. Nothing is stored then. A passkey
///   replaces a factor only where the pool has `MULTI_FACTOR_WITH_USER_VERIFICATION`, and the user another factor.
pub(super) async fn set_user_mfa_preference(call: Call) -> Result<Value, ApiError> {
    let caller = authorize(&call).await?;
    store(&call, &caller.settings, &caller.user)
}

/// Does the same for a user whom an administrator names (MF-18).
///
/// # Errors
/// `ResourceNotFoundException` or `UserNotFoundException` if there is no such pool or user, and those of
/// [`set_user_mfa_preference`] except the first.
pub(super) async fn admin_set_user_mfa_preference(call: Call) -> Result<Value, ApiError> {
    let (settings, user) = call.user_for_admin()?;
    store(&call, &settings, &user)
}

fn store(call: &Call, settings: &Settings, user: &User) -> Result<Value, ApiError> {
    let passkey = call.input.get("WebAuthnMfaSettings");
    let passkey = passkey.map(|settings| settings.get("Enabled") == Some(&json!(true)));
    if passkey == Some(true) && !settings.passkeys_replace_factors() {
        return Err(ApiError::invalid_parameter(
            "Passkeys are no second factor in this pool: set FactorConfiguration to MULTI_FACTOR_WITH_USER_VERIFICATION \
             with SetUserPoolMfaConfig.",
        ));
    }
    let changes = changes(&call.input)?;
    let now = call.now(settings);
    call.service.update_user(&settings.id, &user.username, |user| {
        for change in &changes {
            change.check(settings, user)?;
        }
        let mut changed = user.clone();
        for change in &changes {
            change.apply(settings, &mut changed);
        }
        if passkey == Some(true) && changed.mfa.enabled.is_empty() {
            return Err(ApiError::invalid_parameter(
                "WebAuthnMfaSettings needs another second factor that is enabled, in case the passkey is lost.",
            ));
        }
        changed.mfa.passkey = passkey.unwrap_or(changed.mfa.passkey);
        changed.modified = now;
        *user = changed;
        Ok(json!({}))
    })
}

/// Refuses a factor that can't be turned on for a user.
///
/// # Errors
/// `InvalidParameterException` if the user lacks what the factor needs (MF-16), or the pool doesn't have it.
pub(super) fn check_enabled(settings: &Settings, user: &User, factor: Factor) -> Result<(), ApiError> {
    let name = factor.as_str();
    let problem = if !user.can_use(factor) {
        format!("User does not have delivery config set to turn on {name}")
    } else if !settings.offers(factor) {
        format!("The user pool has no {name}: turn it on with SetUserPoolMfaConfig.")
    } else {
        return Ok(());
    };
    Err(ApiError::invalid_parameter(problem))
}

/// What a call says about one factor.
struct Change {
    factor: Factor,
    enabled: bool,
    preferred: bool,
}

/// # Errors
/// `InvalidParameterException` if two factors are preferred.
fn changes(input: &Input) -> Result<Vec<Change>, ApiError> {
    let members = [
        ("SMSMfaSettings", Factor::Sms),
        ("SoftwareTokenMfaSettings", Factor::SoftwareToken),
        ("EmailMfaSettings", Factor::Email),
    ];
    let changes = members.into_iter().filter_map(|(member, factor)| {
        let settings = input.get(member)?;
        let is_set = |name: &str| settings.get(name) == Some(&json!(true));
        Some(Change {
            factor,
            enabled: is_set("Enabled"),
            preferred: is_set("PreferredMfa"),
        })
    });
    let changes: Vec<_> = changes.collect();
    if changes.iter().filter(|change| change.preferred).count() > 1 {
        return Err(ApiError::invalid_parameter(
            "Only one MFA method can be preferred.",
        ));
    }
    Ok(changes)
}

impl Change {
    /// # Errors
    /// `InvalidParameterException` if the factor can't be turned on or preferred.
    fn check(&self, settings: &Settings, user: &User) -> Result<(), ApiError> {
        if self.enabled {
            return check_enabled(settings, user, self.factor);
        }
        if self.preferred {
            let name = self.factor.as_str();
            let problem = format!("{name} can't be preferred unless it is enabled.");
            return Err(ApiError::invalid_parameter(problem));
        }
        Ok(())
    }

    fn apply(&self, settings: &Settings, user: &mut User) {
        if !self.enabled && settings.mfa_mode() == MfaMode::On {
            return;
        }
        user.mfa.set(self.factor, self.enabled);
        if self.preferred {
            user.mfa.preferred = Some(self.factor);
        } else {
            user.mfa.preferred = user.mfa.preferred.filter(|factor| *factor != self.factor);
        }
    }
}
