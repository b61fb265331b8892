//! Devices of a user: confirming, listing, remembering and forgetting them.
//!
//! An access token authorizes the calls of a user; callers sign those of administrators with IAM credentials, which the pool
//! doesn't check. No trigger runs. The rows of the truth table begin with `Device`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cognito_triggers_srp::{PublicValue, Verifier};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use super::page::{self, Page};
use crate::call::Call;
use crate::error::ApiError;
use crate::state::{Device, User};
use crate::tokens::access::{Caller, authorize};

/// Confirms the device of the sign-in to which the access token belongs.
///
/// The device is remembered at once, unless `DeviceOnlyRememberedOnUserPrompt` is true: then `UserConfirmationNecessary` is true,
/// and UpdateDeviceStatus remembers it. The verifier and the salt are Base64.
///
/// # Errors
/// - `NotAuthorizedException`: the access token isn't valid.
/// - `ResourceNotFoundException`: the sign-in has another device key, or none, because the pool tracks no devices.
/// - `DeviceKeyExistsException`: the device is confirmed already. The message is ours.
/// - `InvalidParameterException`: the verifier or the salt can't be read. The message is ours.
pub(super) async fn confirm_device(call: Call) -> Result<Value, ApiError> {
    let Caller {
        settings,
        user,
        device,
        ..
    } = authorize(&call).await?;
    let keys = device.filter(|device| device.key == call.input.string("DeviceKey"));
    let keys = keys.ok_or_else(ApiError::device_not_found)?;
    let verifier = match call.input.get("DeviceSecretVerifierConfig") {
        Some(config) => Some(verifier(config)?),
        None => None,
    };
    let remembered = !settings.asks_to_remember_devices();
    let now = call.now(&settings);
    let name = call.input.get_string("DeviceName").map(str::to_owned);
    call.service.update_user(&settings.id, &user.username, |user| {
        if user.devices.contains_key(&keys.key) {
            return Err(ApiError::new(
                "DeviceKeyExistsException",
                "The device is confirmed already.",
            ));
        }
        let device = Device {
            keys: keys.clone(),
            name,
            verifier,
            remembered,
            created: now,
            modified: now,
            authenticated: now,
        };
        user.devices.insert(keys.key, device);
        Ok(json!({ "UserConfirmationNecessary": !remembered }))
    })
}

/// Returns a device of the signed-in user.
///
/// # Errors
/// `ResourceNotFoundException`: the user has no such device. `NotAuthorizedException`: the access token isn't valid.
pub(super) async fn get_device(call: Call) -> Result<Value, ApiError> {
    let caller = authorize(&call).await?;
    device(&call, &caller.user)
}

/// Returns a device of a user.
///
/// # Errors
/// `ResourceNotFoundException`: there is no such pool, user or device: the service model declares no
/// `UserNotFoundException` here.
pub(super) async fn admin_get_device(call: Call) -> Result<Value, ApiError> {
    let (_, user) = call.user_for_admin().map_err(undeclared)?;
    device(&call, &user)
}

/// Lists the devices of the signed-in user by key, at most 60 per page.
///
/// # Errors
/// `NotAuthorizedException`: the access token isn't valid. `InvalidParameterException`: `PaginationToken` comes from a
/// different call.
pub(super) async fn list_devices(call: Call) -> Result<Value, ApiError> {
    let caller = authorize(&call).await?;
    list(&call, &caller.user)
}

/// Lists the devices of a user by key, at most 60 per page.
///
/// # Errors
/// `ResourceNotFoundException`: there is no such pool or user. `InvalidParameterException`: `PaginationToken` comes from a
/// different call.
pub(super) async fn admin_list_devices(call: Call) -> Result<Value, ApiError> {
    let (_, user) = call.user_for_admin().map_err(undeclared)?;
    list(&call, &user)
}

/// Sets whether a device of the signed-in user is remembered.
///
/// # Errors
/// `ResourceNotFoundException`: the user has no such device. `InvalidParameterException`: `DeviceRememberedStatus` is missing.
/// `NotAuthorizedException`: the access token isn't valid.
pub(super) async fn update_device_status(call: Call) -> Result<Value, ApiError> {
    let caller = authorize(&call).await?;
    update(&call, &caller.settings.id, &caller.user)
}

/// Sets whether a device of a user is remembered.
///
/// # Errors
/// As for [`update_device_status`], with `UserNotFoundException` in place of the last.
pub(super) async fn admin_update_device_status(call: Call) -> Result<Value, ApiError> {
    let (settings, user) = call.user_for_admin()?;
    update(&call, &settings.id, &user)
}

/// Forgets a device of the signed-in user. The answer is empty.
///
/// # Errors
/// `ResourceNotFoundException`: the user has no such device. `NotAuthorizedException`: the access token isn't valid.
pub(super) async fn forget_device(call: Call) -> Result<Value, ApiError> {
    let caller = authorize(&call).await?;
    forget(&call, &caller.settings.id, &caller.user)
}

/// Forgets a device of a user. The answer is empty.
///
/// # Errors
/// `ResourceNotFoundException` or `UserNotFoundException`: there is no such pool, device or user.
pub(super) async fn admin_forget_device(call: Call) -> Result<Value, ApiError> {
    let (settings, user) = call.user_for_admin()?;
    forget(&call, &settings.id, &user)
}

fn device(call: &Call, user: &User) -> Result<Value, ApiError> {
    let device = user.devices.get(call.input.string("DeviceKey"));
    let device = device.ok_or_else(ApiError::device_not_found)?;
    Ok(json!({ "Device": device.to_json() }))
}

fn list(call: &Call, user: &User) -> Result<Value, ApiError> {
    let page = Page::read(&call.input, "Limit", "PaginationToken", 60)?;
    let devices = user
        .devices
        .iter()
        .map(|(key, device)| (key.as_str(), device.to_json()));
    Ok(page.answer("Devices", page::behind(devices, page.after())))
}

fn update(call: &Call, pool_id: &str, user: &User) -> Result<Value, ApiError> {
    let status = call.input.get_string("DeviceRememberedStatus");
    let status = status.ok_or_else(|| ApiError::invalid_parameter("DeviceRememberedStatus is required."))?;
    call.service.write(|state| {
        let pool = state.pool_mut(pool_id)?;
        let now = call.now(&pool.settings);
        let changed = pool.users.update(&user.username, |user| {
            let device = user.devices.get_mut(call.input.string("DeviceKey"))?;
            device.remembered = status == "remembered";
            device.modified = now;
            Some(json!({}))
        });
        changed.flatten().ok_or_else(ApiError::device_not_found)
    })
}

fn forget(call: &Call, pool_id: &str, user: &User) -> Result<Value, ApiError> {
    call.service.update_user(pool_id, &user.username, |user| {
        let removed = user.devices.remove(call.input.string("DeviceKey"));
        removed.map(|_| json!({})).ok_or_else(ApiError::device_not_found)
    })
}

/// Reads `DeviceSecretVerifierConfig`.
///
/// # Errors
/// `InvalidParameterException` if the verifier or the salt is missing, isn't Base64, or is a number that proves nothing.
fn verifier(config: &Value) -> Result<Verifier, ApiError> {
    let number = |name: &str| {
        let bytes = STANDARD.decode(config.get(name)?.as_str()?).ok()?;
        PublicValue::parse(&HEXLOWER.encode(&bytes))
    };
    let parts = number("Salt").zip(number("PasswordVerifier"));
    let verifier = parts.and_then(|(salt, verifier)| Verifier::from_parts(salt, verifier));
    verifier.ok_or_else(|| ApiError::invalid_parameter("Invalid DeviceSecretVerifierConfig."))
}

/// The error for an unknown user where the service model declares no `UserNotFoundException`. It is inferred.
fn undeclared(error: ApiError) -> ApiError {
    match error.class() {
        "UserNotFoundException" => ApiError::resource_not_found(error.message()),
        _ => error,
    }
}
