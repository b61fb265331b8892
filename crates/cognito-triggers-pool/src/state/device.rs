//! Devices that users have confirmed.

use cognito_triggers_srp::Verifier;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::settings::Settings;
use crate::clock::Timestamp;

/// The keys of a device, which Cognito generates at the first sign-in from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DeviceKeys {
    /// `DeviceKey`: the region and a UUID.
    pub(crate) key: String,
    /// `DeviceGroupKey`, which stands for the pool in proofs of the device's password.
    pub(crate) group: String,
}

/// A confirmed device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Device {
    pub(crate) keys: DeviceKeys,
    /// `DeviceName`; `None` if the app gave none.
    pub(crate) name: Option<String>,
    /// The verifier of the device's password. `None` if the app gave none: the device can't prove itself then.
    pub(crate) verifier: Option<Verifier>,
    /// Whether the device proves itself at sign-in.
    pub(crate) remembered: bool,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    /// When the user last signed in with it.
    pub(crate) authenticated: Timestamp,
}

impl Settings {
    /// Whether sign-ins have devices: any member of `DeviceConfiguration` turns them on, even with false.
    pub(crate) fn tracks_devices(&self) -> bool {
        self.get("/DeviceConfiguration").is_some()
    }

    /// Whether a remembered device replaces the second factor.
    pub(crate) fn devices_replace_factors(&self) -> bool {
        self.device_flag("ChallengeRequiredOnNewDevice")
    }

    /// Whether ConfirmDevice alone doesn't remember a device.
    pub(crate) fn asks_to_remember_devices(&self) -> bool {
        self.device_flag("DeviceOnlyRememberedOnUserPrompt")
    }

    fn device_flag(&self, name: &str) -> bool {
        self.get(&format!("/DeviceConfiguration/{name}")) == Some(&json!(true))
    }
}

impl Device {
    /// The verifier, if the device has to prove itself.
    pub(crate) fn proof(&self) -> Option<&Verifier> {
        self.verifier.as_ref().filter(|_| self.remembered)
    }

    /// `Device` of an answer. Which attributes Cognito lists is inferred; the address of the last sign-in isn't known here.
    pub(crate) fn to_json(&self) -> Value {
        let mut attributes = vec![json!({ "Name": "device_status", "Value": "valid" })];
        if let Some(name) = &self.name {
            attributes.push(json!({ "Name": "device_name", "Value": name }));
        }
        json!({
            "DeviceKey": self.keys.key,
            "DeviceAttributes": attributes,
            "DeviceCreateDate": self.created.to_json(),
            "DeviceLastModifiedDate": self.modified.to_json(),
            "DeviceLastAuthenticatedDate": self.authenticated.to_json(),
        })
    }
}
