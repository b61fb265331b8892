//! What an effect is recorded under.

use std::fmt::{self, Write as _};

use cognito_triggers_model::{
    Event,
    request_identity::{RequestIdentityError, Secrets, write_request},
    trigger::{Source as _, Trigger},
};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::unrouted::printable;

/// What an effect is recorded under: `<pool>/<source>/<effect>/<64 hexadecimal digits>`.
///
/// The digits are an HMAC-SHA-256 of the pool, the user, the source, the effect and the request without its secrets. Nobody
/// without the secret can tell from it who the user is, or try names. The part before them is for people who read the
/// store.
///
/// It suits as the idempotency key of another system: [`as_str`](Key::as_str) has no personal data and 400 bytes at most.
/// `Debug` shortens the digits.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Key {
    text: String,
    /// Whether the request has a secret that the key doesn't cover and on which an answer may depend.
    pub(super) leaves_out_what_may_decide: bool,
}

impl Key {
    /// The whole key, as the store has it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The key of an event.
    pub(super) fn of_event<T: Trigger>(
        mac: &Hmac<Sha256>,
        effect: &str,
        event: &Event<T>,
        secrets: Secrets,
    ) -> Result<Self, RequestIdentityError> {
        let (pool, source) = (event.user_pool_id(), event.source.as_str());
        let mut mac = Parts::new(mac, "event");
        mac.part(effect);
        mac.part(pool);
        mac.part(source);
        // A user without a name isn't one whose name is empty.
        mac.part(if event.user_name().is_some() { "user" } else { "" });
        mac.part(event.user_name().unwrap_or_default());
        let left_out = write_request(event, secrets, |bytes| mac.0.update(bytes))?;
        let readable = format!("{}/{}/{}", printable(pool), printable(source), printable(effect));
        Ok(Self {
            text: mac.finish(readable),
            leaves_out_what_may_decide: left_out.may_decide,
        })
    }

    /// The key of parts that the team chose.
    pub(super) fn of_parts(mac: &Hmac<Sha256>, effect: &str, parts: &[String]) -> Self {
        let mut mac = Parts::new(mac, "parts");
        mac.part(effect);
        parts.iter().for_each(|part| mac.part(part));
        Self {
            text: mac.finish(format!("parts/{}", printable(effect))),
            leaves_out_what_may_decide: false,
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = self.text.rfind('/').map_or(0, |slash| slash + 9);
        write!(f, "Key({}…)", self.text.get(..end).unwrap_or_default())
    }
}

/// An HMAC of several strings. A length comes before each, so that no two lists give the same bytes.
struct Parts(Hmac<Sha256>);

impl Parts {
    fn new(mac: &Hmac<Sha256>, purpose: &str) -> Self {
        let mut parts = Self(mac.clone());
        parts.part("cognito-triggers once 1");
        parts.part(purpose);
        parts
    }

    fn part(&mut self, text: &str) {
        self.0.update(&(text.len() as u64).to_le_bytes());
        self.0.update(text.as_bytes());
    }

    fn finish(self, readable: String) -> String {
        let mut text = readable + "/";
        for byte in self.0.finalize().into_bytes() {
            // Writing to a string doesn't fail.
            _ = write!(text, "{byte:02x}");
        }
        text
    }
}
