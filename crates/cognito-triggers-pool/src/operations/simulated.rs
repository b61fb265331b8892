//! Simulated answers for users who don't exist, for clients that hide users.
//!
//! AWS's page on managing error responses describes them: with `PreventUserExistenceErrors`, operations of an app client
//! answer for an unknown user as if a code was sent. The rows of the truth table
//! are RS-04 and FP-06.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

use crate::attributes::{is_email, is_phone_number};
use crate::messages::{Delivery, Medium};
use crate::state::Settings;

/// `CodeDeliveryDetails` for a user who doesn't exist, always the same for the same name.
///
/// The medium depends on the form of the name, or else on what the pool verifies.
///
/// The destination is a made-up address, masked like a real one. Nothing is added to the outbox.
pub(super) fn simulated_delivery(settings: &Settings, user_name: &str) -> Value {
    let mut hasher = DefaultHasher::new();
    (&settings.id, user_name).hash(&mut hasher);
    let number = hasher.finish();
    let letter = |shift: u32| char::from(b'a' + u8::try_from((number >> shift) % 26).unwrap_or_default());
    let only_phones = settings.auto_verifies("phone_number") && !settings.auto_verifies("email");
    let (medium, to) = if is_email(user_name) {
        (Medium::Email, user_name.to_owned())
    } else if is_phone_number(user_name) {
        (Medium::Sms, user_name.to_owned())
    } else if only_phones {
        (Medium::Sms, format!("+1555{:07}", number % 10_000_000))
    } else {
        (Medium::Email, format!("{}@{}", letter(0), letter(8)))
    };
    Delivery { medium, to }.details()
}
