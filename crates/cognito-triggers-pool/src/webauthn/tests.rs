//! Known answers of other people's authenticators, and bytes that are no answers.
//!
//! `tests/pool/passkeys.py --vectors` writes the answers with soft-webauthn and fido2.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::attestation::Attestation;
use super::authenticator_data::AuthenticatorData;
use super::public_key::PublicKey;
use super::registration::Registered;
use super::*;
use crate::ids::Ids;

const PARTY: RelyingParty<'_> = RelyingParty {
    id: "localhost",
    verifies_users: false,
};

fn vectors() -> Vec<Value> {
    serde_json::from_str(include_str!("../../tests/data/passkeys.json")).unwrap()
}

fn registered(vector: &Value) -> Registered {
    let registration = Registration::parse(&vector["registration"]).unwrap();
    registration.verify(PARTY).unwrap()
}

/// Verifies an assertion with the key of a registration.
fn verify(assertion: &Value, registered: &Registered) -> Result<u32, Refusal> {
    let known = Known {
        cose_key: &registered.cose_key,
        count: registered.count,
        user: b"user",
    };
    let challenge = URL_SAFE_NO_PAD.encode("sign in");
    Assertion::parse(&assertion.to_string())?.verify(PARTY, &challenge, known)
}

fn decoded(value: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(value.as_str().unwrap()).unwrap()
}

#[test]
fn answers_of_other_authenticators_are_right() {
    for vector in vectors() {
        let registered = registered(&vector);
        assert_eq!(json!(registered.id), vector["registration"]["id"]);
        let count = u32::from(vector["name"] == "soft-webauthn");
        assert_eq!(verify(&vector["assertion"], &registered), Ok(count), "{vector}");
    }
}

#[test]
fn a_key_proves_nothing_about_another() {
    let vectors = vectors();
    for (index, vector) in vectors.iter().enumerate() {
        let other = registered(&vectors[(index + 1) % vectors.len()]);
        assert_eq!(verify(&vector["assertion"], &other), Err(Refusal::Signature));
    }
}

#[test]
fn no_changed_bit_of_an_assertion_is_accepted() {
    for vector in vectors() {
        let registered = registered(&vector);
        for part in ["authenticatorData", "clientDataJSON", "signature"] {
            let bytes = decoded(&vector["assertion"]["response"][part]);
            for bit in 0..bytes.len() * 8 {
                let mut changed = bytes.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                let mut assertion = vector["assertion"].clone();
                assertion["response"][part] = json!(URL_SAFE_NO_PAD.encode(changed));
                assert!(verify(&assertion, &registered).is_err(), "bit {bit} of {part}");
            }
        }
    }
}

#[test]
fn no_changed_bit_of_a_signed_registration_is_accepted() {
    for vector in vectors().iter().filter(|vector| vector["name"] == "ES256") {
        let bytes = decoded(&vector["registration"]["response"]["attestationObject"]);
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let mut registration = vector["registration"].clone();
            registration["response"]["attestationObject"] = json!(URL_SAFE_NO_PAD.encode(changed));
            let verified = Registration::parse(&registration).and_then(|parsed| parsed.verify(PARTY));
            assert!(verified.is_err(), "bit {bit}");
        }
    }
}

#[test]
fn no_part_may_be_cut_or_followed() {
    for vector in vectors() {
        let object = decoded(&vector["registration"]["response"]["attestationObject"]);
        let data = decoded(&vector["assertion"]["response"]["authenticatorData"]);
        for length in 0..object.len() {
            assert!(Attestation::parse(&object[..length]).is_err(), "{length}");
        }
        for length in 0..data.len() {
            assert!(AuthenticatorData::parse(&data[..length]).is_err(), "{length}");
        }
        assert!(Attestation::parse(&[&*object, &[0]].concat()).is_err());
        assert!(AuthenticatorData::parse(&[&*data, &[0]].concat()).is_err());
    }
}

#[test]
fn random_bytes_are_refused_without_a_panic() {
    let ids = Ids::new(Some(7), None).unwrap();
    let seeds: Vec<_> = vectors()
        .iter()
        .map(|vector| decoded(&vector["registration"]["response"]["attestationObject"]))
        .collect();
    for round in 0..20_000_usize {
        let noise = ids.bytes::<16>();
        let at = |index: usize| usize::from(noise[index]);
        // Half of the inputs are noise with the beginning of a map, the others real objects with changed bytes.
        let bytes = if round % 2 == 0 {
            [&[0xa0 | noise[0] & 0x0f], &noise[1..]].concat()
        } else {
            let mut bytes = seeds[round % seeds.len()].clone();
            for pair in noise[4..].chunks(3) {
                let place = usize::from(pair[0]) << 8 | usize::from(pair[1]);
                let place = place % bytes.len();
                bytes[place] = pair[2];
            }
            bytes.truncate(bytes.len() - at(0) % 4 * (at(1) % 32));
            bytes
        };
        drop(Attestation::parse(&bytes));
        drop(AuthenticatorData::parse(&bytes));
        drop(PublicKey::parse(&bytes));
        let text = String::from_utf8_lossy(&bytes);
        assert!(Assertion::parse(&text).is_err());
    }
}

#[test]
fn keys_of_other_kinds_are_refused() {
    let unsupported = Refusal::Unsupported("the algorithm of the key");
    let malformed = Refusal::Malformed("the public key");
    // Maps with the type, the algorithm, and for an EC key curve and coordinates.
    for (key, refusal) in [
        (vec![0xa2, 0x01, 0x01, 0x03, 0x27], &unsupported), // EdDSA
        (vec![0xa2, 0x01, 0x02, 0x03, 0x38, 0x22], &unsupported), // ES384
        (vec![0xa2, 0x01, 0x03, 0x03, 0x26], &malformed),   // ES256 with an RSA key
        (vec![0xa2, 0x01, 0x02, 0x03, 0x26], &malformed),   // no coordinates
        (vec![0xa1, 0x01, 0x02], &malformed),               // no algorithm
        (vec![0xa3, 0x01, 0x02, 0x01, 0x02, 0x03, 0x26], &malformed), // a label twice
        (vec![0xbf, 0x01, 0x02, 0x03, 0x26, 0xff], &malformed), // indefinite length
    ] {
        assert_eq!(PublicKey::parse(&key).as_ref().unwrap_err(), refusal, "{key:x?}");
    }
    let head = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
    let off_curve = [&head[..], &[1; 32], &[0x22, 0x58, 0x20], &[1; 32]].concat();
    assert_eq!(PublicKey::parse(&off_curve).unwrap_err(), malformed);
}
