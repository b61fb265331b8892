//! An authenticator in software: it makes passkeys and signs with them, as a browser would send the results.
//!
//! Its knobs make the results of hostile browsers and authenticators.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of a test fails the test"
)]

use std::sync::Mutex;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// The user touched it.
pub(crate) const PRESENT: u8 = 1;
/// It verified the user.
pub(crate) const VERIFIED: u8 = 4;
const HAS_CREDENTIAL: u8 = 64;

/// An authenticator with one passkey.
pub(crate) struct Authenticator {
    key: Key,
    /// The id of the passkey.
    pub(crate) id: Vec<u8>,
    /// The origin of the page.
    pub(crate) origin: String,
    /// An RP ID in place of that of the options.
    pub(crate) party: Option<String>,
    pub(crate) flags: u8,
    /// Whether the page is in a frame of another origin.
    pub(crate) cross_origin: bool,
    /// Whether the new key signs its own attestation.
    pub(crate) attests: bool,
    memory: Mutex<Memory>,
}

/// What changes when it is used.
#[derive(Default)]
struct Memory {
    /// The counter of signatures; it stays zero if `counts` is false.
    count: u32,
    user: Vec<u8>,
}

enum Key {
    P256(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

impl Authenticator {
    /// One that makes ES256 keys. A page at `http://localhost:3000` uses it.
    pub(crate) fn new(id: &str) -> Self {
        Self::with(
            Key::P256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap()),
            id,
        )
    }

    /// One that makes RS256 keys.
    pub(crate) fn rsa(id: &str) -> Self {
        Self::with(Key::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()), id)
    }

    fn with(key: Key, id: &str) -> Self {
        Self {
            key,
            id: id.as_bytes().to_vec(),
            origin: "http://localhost:3000".to_owned(),
            party: None,
            flags: PRESENT | VERIFIED,
            cross_origin: false,
            attests: false,
            memory: Mutex::default(),
        }
    }

    /// Sets the counter of the next signature.
    pub(crate) fn count_from(&self, count: u32) {
        self.memory.lock().unwrap().count = count;
    }

    /// Sets the user whom the next assertion names.
    pub(crate) fn set_user(&self, user: &[u8]) {
        self.memory.lock().unwrap().user = user.to_vec();
    }

    /// `RegistrationResponseJSON` for `CredentialCreationOptions`.
    pub(crate) fn register(&self, options: &Value) -> Value {
        let party = options["rp"]["id"].as_str().unwrap();
        let user = URL_SAFE_NO_PAD
            .decode(options["user"]["id"].as_str().unwrap())
            .unwrap();
        self.set_user(&user);
        let client_data = self.client_data("webauthn.create", options);
        let mut data = self.data(party, self.flags | HAS_CREDENTIAL);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend(self.cose_key());
        let statement = if self.attests {
            let signature = self.signature(&data, &client_data);
            let algorithm = cbor::integer(match self.key {
                Key::P256(_) => -7,
                Key::Rsa(_) => -257,
            });
            [
                cbor::text("packed"),
                cbor::text("attStmt"),
                cbor::map(2),
                cbor::text("alg"),
                algorithm,
                cbor::text("sig"),
                cbor::bytes(&signature),
            ]
            .concat()
        } else {
            [cbor::text("none"), cbor::text("attStmt"), cbor::map(0)].concat()
        };
        let object = [
            cbor::map(3),
            cbor::text("fmt"),
            statement,
            cbor::text("authData"),
            cbor::bytes(&data),
        ];
        self.credential(json!({
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data),
            "attestationObject": URL_SAFE_NO_PAD.encode(object.concat()),
            "transports": ["internal"],
        }))
    }

    /// `AuthenticationResponseJSON` for the options of a challenge.
    pub(crate) fn sign(&self, options: &Value) -> Value {
        let client_data = self.client_data("webauthn.get", options);
        let data = self.data(options["rpId"].as_str().unwrap(), self.flags);
        let user = self.memory.lock().unwrap().user.clone();
        self.credential(json!({
            "clientDataJSON": URL_SAFE_NO_PAD.encode(&client_data),
            "authenticatorData": URL_SAFE_NO_PAD.encode(&data),
            "signature": URL_SAFE_NO_PAD.encode(self.signature(&data, &client_data)),
            "userHandle": URL_SAFE_NO_PAD.encode(user),
        }))
    }

    fn credential(&self, response: Value) -> Value {
        let id = URL_SAFE_NO_PAD.encode(&self.id);
        json!({
            "id": id, "rawId": id, "type": "public-key", "authenticatorAttachment": "platform",
            "clientExtensionResults": {}, "response": response,
        })
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let data = json!({
            "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": self.cross_origin,
        });
        data.to_string().into_bytes()
    }

    /// The hash of the RP ID, the flags and the counter, which grows if it isn't zero.
    fn data(&self, party: &str, flags: u8) -> Vec<u8> {
        let mut memory = self.memory.lock().unwrap();
        let count = memory.count;
        memory.count += u32::from(count > 0);
        let party = self.party.as_deref().unwrap_or(party);
        let hash = digest(&SHA256, party.as_bytes());
        [hash.as_ref(), &[flags], &count.to_be_bytes()].concat()
    }

    fn cose_key(&self) -> Vec<u8> {
        match &self.key {
            Key::P256(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                let parts = [
                    (1, cbor::integer(2)),
                    (3, cbor::integer(-7)),
                    (-1, cbor::integer(1)),
                    (-2, cbor::bytes(x)),
                    (-3, cbor::bytes(y)),
                ];
                cbor::key(&parts)
            }
            Key::Rsa(pair) => {
                // PKCS #1: with 2048 bits, the modulus begins after nine bytes, and the exponent is 65537.
                let n = &pair.public_key().as_ref()[9..265];
                let parts = [
                    (1, cbor::integer(3)),
                    (3, cbor::integer(-257)),
                    (-1, cbor::bytes(n)),
                    (-2, cbor::bytes(&[1, 0, 1])),
                ];
                cbor::key(&parts)
            }
        }
    }

    fn signature(&self, data: &[u8], client_data: &[u8]) -> Vec<u8> {
        let message = [data, digest(&SHA256, client_data).as_ref()].concat();
        let random = SystemRandom::new();
        match &self.key {
            Key::P256(pair) => pair.sign(&random, &message).unwrap().as_ref().to_vec(),
            Key::Rsa(pair) => {
                let mut signature = vec![0; 256];
                pair.sign(&RSA_PKCS1_SHA256, &random, &message, &mut signature)
                    .unwrap();
                signature
            }
        }
    }
}

/// Just enough CBOR to write keys and attestation objects.
pub(crate) mod cbor {
    /// The first byte of a value, and its length or number.
    fn head(major: u8, number: u64) -> Vec<u8> {
        let major = major << 5;
        match number {
            0..24 => vec![major | u8::try_from(number).unwrap()],
            24..256 => vec![major | 24, u8::try_from(number).unwrap()],
            _ => {
                let [high, low] = u16::try_from(number).unwrap().to_be_bytes();
                vec![major | 25, high, low]
            }
        }
    }

    pub(crate) fn integer(number: i64) -> Vec<u8> {
        match u64::try_from(number) {
            Ok(number) => head(0, number),
            Err(_) => head(1, u64::try_from(-1 - number).unwrap()),
        }
    }

    pub(crate) fn bytes(bytes: &[u8]) -> Vec<u8> {
        [head(2, bytes.len() as u64), bytes.to_vec()].concat()
    }

    pub(crate) fn text(text: &str) -> Vec<u8> {
        [head(3, text.len() as u64), text.as_bytes().to_vec()].concat()
    }

    /// A map with this many entries, which have to follow.
    pub(crate) fn map(entries: u64) -> Vec<u8> {
        head(5, entries)
    }

    /// A COSE key.
    pub(crate) fn key(parts: &[(i64, Vec<u8>)]) -> Vec<u8> {
        let entries = parts
            .iter()
            .flat_map(|(label, value)| [integer(*label), value.clone()]);
        [map(parts.len() as u64)]
            .into_iter()
            .chain(entries)
            .flatten()
            .collect()
    }
}
