//! `SECRET_HASH`, with which a client proves that it knows its secret.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The secret hash of a user name, for calls that the pool's own pages make for a client.
pub(crate) fn of(user_name: &str, client_id: &str, client_secret: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, client_secret.as_bytes());
    STANDARD.encode(hmac::sign(&key, [user_name, client_id].concat().as_bytes()))
}

/// Whether `hash` is the secret hash of `user_name` for this client.
///
/// The hash is the Base64 of an HMAC-SHA256 over user name and client id, keyed with the client's secret.
pub(crate) fn matches(hash: &str, user_name: &str, client_id: &str, client_secret: &str) -> bool {
    let Ok(hash) = STANDARD.decode(hash) else {
        return false;
    };
    let key = hmac::Key::new(hmac::HMAC_SHA256, client_secret.as_bytes());
    hmac::verify(&key, [user_name, client_id].concat().as_bytes(), &hash).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{matches, of};

    /// Computed with Python's `hmac` and `base64`.
    const HASH: &str = "jJQjEEZj+AifKdbmr5jGbI4I7DFRDDF3eeHVPTor5IA=";

    #[test]
    fn the_hash_of_the_right_names_matches() {
        assert!(matches(HASH, "ana", "1example23456789", "secret"));
        assert_eq!(of("ana", "1example23456789", "secret"), HASH);
    }

    #[test]
    fn other_names_secrets_and_texts_do_not_match() {
        assert!(!matches(HASH, "bob", "1example23456789", "secret"));
        assert!(!matches(HASH, "ana", "2example23456789", "secret"));
        assert!(!matches(HASH, "ana", "1example23456789", "other"));
        assert!(!matches("not base64!", "ana", "1example23456789", "secret"));
        assert!(!matches("", "ana", "1example23456789", "secret"));
    }
}
