//! Simulated answers for users who don't exist, for clients that hide users.
//!
//! AWS's page on managing error responses describes them: with `PreventUserExistenceErrors`, operations of an app client
//! answer for an unknown user as if a code was sent. The rows of the truth table
//! are RS-04, FP-06 and UA-09.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::attributes::{is_email, is_phone_number};
use crate::messages::{Delivery, Medium};
use crate::state::Settings;

/// Where a code would go for a user who doesn't exist.
///
/// The medium depends on the form of the name, or else on what the pool verifies.
pub(crate) fn simulated_delivery(settings: &Settings, user_name: &str) -> Delivery {
    let only_phones = settings.auto_verifies("phone_number") && !settings.auto_verifies("email");
    let medium = if is_email(user_name) {
        Medium::Email
    } else if is_phone_number(user_name) || only_phones {
        Medium::Sms
    } else {
        Medium::Email
    };
    simulated_delivery_by(medium, settings, user_name)
}

/// The same for one medium: the name itself if it is such an address, otherwise an address that is always the same for the same
/// name.
///
/// The destination is masked like a real one. Nothing is added to the outbox.
pub(crate) fn simulated_delivery_by(medium: Medium, settings: &Settings, user_name: &str) -> Delivery {
    let mut hasher = DefaultHasher::new();
    (&settings.id, user_name).hash(&mut hasher);
    let number = hasher.finish();
    let letter = |shift: u32| char::from(b'a' + u8::try_from((number >> shift) % 26).unwrap_or_default());
    let to = match medium {
        Medium::Email if is_email(user_name) => user_name.to_owned(),
        Medium::Sms if is_phone_number(user_name) => user_name.to_owned(),
        Medium::Sms => format!("+1555{:07}", number % 10_000_000),
        Medium::Email => format!("{}@{}", letter(0), letter(8)),
    };
    Delivery { medium, to }
}
