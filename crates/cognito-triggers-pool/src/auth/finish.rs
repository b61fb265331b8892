//! The end of a sign-in: PostAuthentication, the token trigger, and the tokens.
//!
//! PostAuthentication comes first, the token trigger second (PW-01). An error of either ends the call without
//! tokens, and no sign-in is stored (PW-08, PW-09).

use cognito_triggers_model::Route;
use serde_json::{Map, Value, json};

use super::attempt::Attempt;
use crate::call::Call;
use crate::error::ApiError;
use crate::state::{AppClient, DeviceKeys, Settings, SignIn, TokenAnswer, User};
use crate::tokens::access::no_keys;
use crate::tokens::{
    Membership, Occasion, Overrides, Subject, Tokens, Validity, group_configuration, new_refresh_token,
    scopes,
};
use crate::triggers::{self, Event, Hook};

/// The member of an answer to managed login with the `sub` of a user all of whose factors are right. No answer of the API has it.
pub(super) const SIGNED_IN: &str = "SignedIn";

/// Ends a sign-in with tokens. `reason` is what follows the underscore in the token trigger's source, and `inferred` is true if it
/// is only inferred that Cognito fires both triggers in this call.
///
/// Nothing is stored until both triggers have succeeded. A user whom a trigger disabled or deleted gets no
/// tokens. The refresh token is stored as a hash.
///
/// In managed login no trigger runs and nothing is stored here. The answer has only [`SIGNED_IN`], and `hosted` continues.
///
/// # Errors
/// The errors of a failing trigger, `UserNotFoundException`, `NotAuthorizedException` for a user who is
/// disabled by now, and `InternalErrorException` if the system has no source of randomness.
pub(super) async fn with_tokens(
    attempt: &Attempt,
    user: &User,
    reason: &'static str,
    inferred: bool,
    device: Option<String>,
) -> Result<Value, ApiError> {
    if attempt.is_hosted() {
        return Ok(json!({ SIGNED_IN: user.sub }));
    }
    let new_device = device.is_none() && attempt.settings.tracks_devices();
    post_authentication(attempt, user, new_device, inferred).await?;
    let user = attempt.reread(user)?;
    let service = &attempt.call.service;
    let validity = Validity::of(&attempt.client);
    let mut sign_in = SignIn::new(
        &service.ids,
        &attempt.client,
        &user,
        attempt.now(),
        validity.refresh,
    );
    sign_in.device = device_of(attempt, &user, device.as_deref());
    let issue = Issue {
        call: &attempt.call,
        settings: &attempt.settings,
        client: &attempt.client,
        reason,
        metadata: attempt.client_metadata(),
        inferred,
    };
    let mut result = issue.tokens(&user, &sign_in).await?;
    let refresh_token = new_refresh_token(&service.ids);
    result.insert("RefreshToken".to_owned(), json!(refresh_token));
    if let Some(keys) = sign_in.device.as_ref().filter(|_| new_device) {
        let metadata = json!({ "DeviceKey": keys.key, "DeviceGroupKey": keys.group });
        result.insert("NewDeviceMetadata".to_owned(), metadata);
    }
    // The token trigger may have disabled the user.
    attempt.reread(&user)?;
    let now = attempt.now();
    attempt.write(|pool| {
        let id = sign_in.id.clone();
        pool.users.update(&user.username, |user| {
            let key = sign_in.device.as_ref().map(|keys| &keys.key);
            if let Some(device) = key.and_then(|key| user.devices.get_mut(key)) {
                device.authenticated = now;
            }
        });
        pool.sign_ins.put(sign_in, now);
        pool.sign_ins.add_token(&id, &refresh_token);
        Ok(())
    })?;
    Ok(json!({ "AuthenticationResult": result, "ChallengeParameters": {} }))
}

/// The keys of the device that signs in: those of the device that the call names, new ones for any other device, and none if the
/// pool tracks no devices.
fn device_of(attempt: &Attempt, user: &User, key: Option<&str>) -> Option<DeviceKeys> {
    if !attempt.settings.tracks_devices() {
        return None;
    }
    let ids = &attempt.call.service.ids;
    match key {
        Some(key) => Some(user.devices.get(key)?.keys.clone()),
        None => Some(DeviceKeys {
            key: format!("{}_{}", attempt.settings.region(), ids.uuid()),
            group: format!("-{}", ids.opaque(8)),
        }),
    }
}

/// Fires PostAuthentication.
///
/// `new_device` is `newDeviceUsed`: false also if the pool tracks no devices. `inferred` is true if it isn't measured that Cognito fires
/// the trigger in this call.
pub(super) async fn post_authentication(
    attempt: &Attempt,
    user: &User,
    new_device: bool,
    inferred: bool,
) -> Result<(), ApiError> {
    let (settings, client) = (&*attempt.settings, &*attempt.client);
    let mut event = Event::about(
        Route::PostAuthentication,
        "Authentication",
        user,
        settings,
        client,
    )
    .with("newDeviceUsed", new_device)
    .with_client_metadata(attempt.client_metadata());
    if inferred {
        event = event.inferred();
    }
    triggers::fire(&attempt.call, settings, event).await?;
    Ok(())
}

/// What is needed to issue tokens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Issue<'a> {
    /// The call that requests tokens.
    pub(super) call: &'a Call,
    /// The settings of the pool.
    pub(super) settings: &'a Settings,
    /// The app client that the tokens are for.
    pub(super) client: &'a AppClient,
    /// What follows the underscore in `triggerSource`.
    pub(super) reason: &'static str,
    /// `clientMetadata` of the token trigger; `None` if the caller sent none or it doesn't reach the
    /// trigger.
    pub(super) metadata: Option<&'a Value>,
    /// Whether it is only inferred that the token trigger runs here.
    pub(super) inferred: bool,
}

impl Issue<'_> {
    /// `AuthenticationResult` without a refresh token.
    ///
    /// Fires the token trigger first. The tokens have the groups and attributes that are stored after it.
    ///
    /// # Errors
    /// The errors of a failing trigger, `UserNotFoundException` if the user was deleted, and
    /// `InternalErrorException` if the system has no source of randomness.
    pub(super) async fn tokens(&self, user: &User, sign_in: &SignIn) -> Result<Map<String, Value>, ApiError> {
        let overrides = self.fire_with(user, &scopes(sign_in.granted.as_ref())).await?;
        self.sign(user, sign_in, &overrides).await
    }

    /// `AuthenticationResult` without a refresh token, once the token trigger has run. A sign-in through the OAuth endpoints
    /// without the scope `openid` gets no ID token.
    ///
    /// # Errors
    /// `UserNotFoundException` if the user was deleted, and `InternalErrorException` if the system has no source of randomness.
    pub(super) async fn sign(
        &self,
        user: &User,
        sign_in: &SignIn,
        overrides: &Overrides,
    ) -> Result<Map<String, Value>, ApiError> {
        let user = self.reread(user)?;
        let membership = self.membership(&user)?;
        let ids = &self.call.service.ids;
        let issuer = self.call.service.issuer(self.settings);
        let subject = Subject {
            client: self.client,
            user: &user,
            membership: &membership,
            issuer: &issuer,
            granted: sign_in.granted.as_ref(),
        };
        let occasion = Occasion {
            event_id: sign_in.id.clone(),
            origin_jti: sign_in.origin_jti.clone(),
            auth_time: sign_in.started,
            now: self.call.now(self.settings),
            device_key: sign_in.device.as_ref().map(|keys| keys.key.clone()),
            id_jti: ids.uuid(),
            access_jti: ids.uuid(),
        };
        let mut tokens = Tokens::new(subject, &occasion, overrides);
        let keys = self.call.service.keys().await.ok_or_else(no_keys)?;
        let access_token = keys.access.sign(&tokens.access).ok_or_else(no_keys)?;
        if sign_in.granted.is_some() {
            tokens.bind(&access_token);
        }
        let mut members = vec![
            ("AccessToken", json!(access_token)),
            ("ExpiresIn", json!(Validity::of(self.client).access.as_secs())),
            ("TokenType", json!("Bearer")),
        ];
        if sign_in
            .granted
            .as_ref()
            .is_none_or(|granted| granted.has("openid"))
        {
            let id_token = keys.id.sign(&tokens.id).ok_or_else(no_keys)?;
            members.push(("IdToken", json!(id_token)));
        }
        Ok(members
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect())
    }

    /// Fires the token trigger for a sign-in through the API, and reads the overrides in its answer.
    ///
    /// # Errors
    /// Those of a failing trigger, and `InvalidLambdaResponseException` for an answer with a member of the
    /// wrong type.
    pub(super) async fn fire(&self, user: &User) -> Result<Overrides, ApiError> {
        self.fire_with(user, &scopes(None)).await
    }

    /// Fires the token trigger, and reads the overrides in its answer.
    async fn fire_with(&self, user: &User, scopes: &[&str]) -> Result<Overrides, ApiError> {
        let answer = self.token_answer(user, scopes).await?;
        Overrides::parse(answer.version, &answer.response)
    }

    /// Fires the token trigger, and returns its answer.
    ///
    /// The events of versions 2 and 3 also have the scopes of the access token. Without a function the answer is empty.
    ///
    /// # Errors
    /// Those of a failing trigger.
    pub(super) async fn token_answer(&self, user: &User, scopes: &[&str]) -> Result<TokenAnswer, ApiError> {
        let Some(hook) = Hook::find(self.settings, Route::PreTokenGenerationV1) else {
            return Ok(TokenAnswer::default());
        };
        let membership = self.membership(user)?;
        let mut event = Event::about(
            Route::PreTokenGenerationV1,
            self.reason,
            user,
            self.settings,
            self.client,
        )
        .with("groupConfiguration", group_configuration(&membership))
        .with_client_metadata(self.metadata);
        if hook.route != Route::PreTokenGenerationV1 {
            event = event.with("scopes", json!(scopes));
        }
        if self.inferred {
            event = event.inferred();
        }
        let response = triggers::fire(self.call, self.settings, event).await?;
        Ok(TokenAnswer {
            version: hook.route.definition().event_version,
            response: response.unwrap_or_default(),
        })
    }

    /// The groups of the user, as stored now.
    fn membership(&self, user: &User) -> Result<Membership, ApiError> {
        self.call.service.read(|state| {
            let pool = state.pool(&self.settings.id)?;
            let groups = user.groups.iter().filter_map(|name| pool.groups.get(name));
            Ok(Membership::new(groups))
        })
    }

    /// The user as stored now. Unlike at sign-in, a disabled user is returned.
    fn reread(&self, user: &User) -> Result<User, ApiError> {
        self.call.service.read(|state| {
            let pool = state.pool(&self.settings.id)?;
            pool.users
                .with_sub(&user.sub)
                .cloned()
                .ok_or_else(ApiError::user_not_found)
        })
    }
}
