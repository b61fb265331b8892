//! `clientDataJSON`: what the browser says about the page that asked for a credential.

use aws_lc_rs::constant_time;
use aws_lc_rs::digest::{SHA256, digest};
use serde::Deserialize;
use serde_json::Value;

use super::{Refusal, RelyingParty, part};

/// What a credential is for: `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ceremony {
    Registration,
    SignIn,
}

/// The parsed data, with its hash.
#[derive(Debug)]
pub(super) struct ClientData {
    members: Members,
    /// The SHA-256 of the bytes, which the authenticator signs.
    pub(super) hash: [u8; 32],
}

#[derive(Debug, Deserialize)]
struct Members {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    /// Whether the page is in a frame of another origin.
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
}

impl ClientData {
    /// Parses `clientDataJSON` of a response.
    pub(super) fn parse(response: &Value) -> Result<Self, Refusal> {
        const NAME: &str = "clientDataJSON";
        let bytes = part(response, NAME)?;
        let members = serde_json::from_slice(&bytes).map_err(|_| Refusal::Malformed(NAME))?;
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, &bytes).as_ref());
        Ok(Self { members, hash })
    }

    /// The challenge that is answered, in Base64url.
    pub(super) fn challenge(&self) -> &str {
        &self.members.challenge
    }

    /// Whether this challenge is answered. The time doesn't depend on where they differ.
    pub(super) fn answers(&self, challenge: &str) -> bool {
        let own = self.members.challenge.as_bytes();
        constant_time::verify_slices_are_equal(own, challenge.as_bytes()).is_ok()
    }

    /// Refuses data of another ceremony and of another origin.
    pub(super) fn check(&self, ceremony: Ceremony, party: RelyingParty<'_>) -> Result<(), Refusal> {
        let kind = match ceremony {
            Ceremony::Registration => "webauthn.create",
            Ceremony::SignIn => "webauthn.get",
        };
        if self.members.kind != kind {
            return Err(Refusal::Malformed("type of clientDataJSON"));
        }
        if self.members.cross_origin || !is_origin_of(party.id, &self.members.origin) {
            return Err(Refusal::Origin(self.members.origin.clone()));
        }
        Ok(())
    }
}

/// Whether a page of this origin may use the passkeys of a relying party.
///
/// Its host is the RP ID or a subdomain of it. The scheme is `https`, or for `localhost` and its subdomains also `http`, as in
/// browsers. The port doesn't matter.
pub(crate) fn is_origin_of(party_id: &str, origin: &str) -> bool {
    let Some((scheme, rest)) = origin.split_once("://") else {
        return false;
    };
    let (host, port) = rest.split_once(':').unwrap_or((rest, "0"));
    let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let is_host = host
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    let is_in = |domain: &str| {
        let prefix = host.strip_suffix(domain);
        prefix.is_some_and(|prefix| prefix.is_empty() || (prefix.len() > 1 && prefix.ends_with('.')))
    };
    let is_secure = scheme == "https" || (scheme == "http" && is_in("localhost"));
    is_host && is_port && is_secure && !party_id.is_empty() && is_in(party_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_belongs_to_its_domain_and_those_above() {
        for (party, origin) in [
            ("localhost", "http://localhost:3000"),
            ("localhost", "http://localhost"),
            ("localhost", "https://localhost:9229"),
            ("localhost", "http://app.localhost"),
            ("example.com", "https://example.com"),
            ("example.com", "https://www.example.com:8443"),
        ] {
            assert!(is_origin_of(party, origin), "{origin} of {party}");
        }
    }

    #[test]
    fn other_origins_are_refused() {
        for (party, origin) in [
            ("localhost", "http://127.0.0.1:3000"),
            ("localhost", "http://localhost.example.com"),
            ("localhost", "http://notlocalhost"),
            ("localhost", "ftp://localhost"),
            ("localhost", "localhost"),
            ("localhost", ""),
            ("example.com", "http://example.com"),
            ("example.com", "https://badexample.com"),
            ("example.com", "https://.example.com"),
            ("example.com", "https://example.com.evil.test"),
            ("example.com", "https://evil.test/example.com"),
            ("example.com", "https://evil.test@example.com"),
            ("example.com", "https://example.com/"),
            ("example.com", "https://example.com:"),
            ("example.com", "https://example.com:1@evil.test"),
            ("www.example.com", "https://example.com"),
            ("example.com", "android:apk-key-hash:abc"),
            ("", "https://example.com"),
        ] {
            assert!(!is_origin_of(party, origin), "{origin} of {party}");
        }
    }
}
