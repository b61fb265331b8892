//! What a device sends to ConfirmDevice.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a wrong value ends the test"
)]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cognito_triggers_srp::{Salt, Verifier};

/// The password of every device.
pub(crate) const PASSWORD: &str = "device password";

/// `salt` or `verifier` of a device's password, in Base64.
pub(crate) fn part(name: &str, group: &str, key: &str) -> String {
    let verifier = Verifier::new(group, key, PASSWORD, Salt::new([0x5a; 16]));
    let parts = serde_json::to_value(verifier).unwrap();
    let digits: Vec<_> = parts[name].as_str().unwrap().chars().collect();
    let bytes: Vec<_> = digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap())
        .collect();
    STANDARD.encode(bytes)
}
