//! Edge values of SRP: public values for which the shared secret is known without the password.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of a test fails the test"
)]

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cognito_triggers_pool::LocalPool;
use serde_json::json;

const POOL: &str = "us-east-1_localpool";
const TIME: &str = "Sat Sep 5 08:09:10 UTC 2026";

/// The prime of the group, RFC 5054, appendix A.
const PRIME: &str = "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD\
EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED\
EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F\
83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B\
E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510\
15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7\
ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C\
BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF";

async fn started() -> LocalPool {
    let user = json!({ "Username": "ana", "Password": "Passw0rd!" });
    LocalPool::builder().user(POOL, user).start().await.unwrap()
}

/// The prime times a small number, as hexadecimal digits.
fn multiple(times: u32) -> String {
    let mut carry = 0;
    let mut digits: Vec<char> = PRIME
        .chars()
        .rev()
        .map(|digit| {
            let product = digit.to_digit(16).unwrap() * times + carry;
            carry = product / 16;
            char::from_digit(product % 16, 16).unwrap()
        })
        .collect();
    while carry > 0 {
        digits.push(char::from_digit(carry % 16, 16).unwrap());
        carry /= 16;
    }
    digits.iter().rev().collect()
}

/// Hexadecimal digits as the bytes that are hashed: with a leading zero byte if the first bit is set.
fn hashed(hex: &str) -> Vec<u8> {
    let hex = hex.trim_start_matches('0');
    let hex = if hex.len() % 2 == 1 {
        format!("0{hex}")
    } else {
        hex.to_owned()
    };
    let mut bytes: Vec<u8> = (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect();
    if bytes.first().is_none_or(|first| *first >= 0x80) {
        bytes.insert(0, 0);
    }
    bytes
}

/// The signature of a shared secret that somebody guesses.
fn signature(secret: &[u8], client: &str, server: &str, user: &str, block: &str) -> String {
    let scrambler = digest(&SHA256, &[hashed(client), hashed(server)].concat());
    let extracted = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, scrambler.as_ref()), secret);
    let key = hmac::Key::new(hmac::HMAC_SHA256, extracted.as_ref());
    let key = hmac::sign(&key, b"Caldera Derived Key\x01");
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key.as_ref()[..16]);
    let message = [
        b"localpool",
        user.as_bytes(),
        &STANDARD.decode(block).unwrap(),
        TIME.as_bytes(),
    ]
    .concat();
    STANDARD.encode(hmac::sign(&key, &message).as_ref())
}

/// For `A` = 0 modulo the prime, the secret is 0 whatever the password is. Everybody could compute the signature.
#[tokio::test]
async fn a_multiple_of_the_prime_proves_nothing() {
    let pool = started().await;
    for value in [
        "0".to_owned(),
        "00".repeat(384),
        PRIME.to_owned(),
        multiple(1),
        format!("00{}", multiple(1)),
        multiple(2),
        multiple(3),
        multiple(255),
        // The longest value that is read.
        format!("{PRIME}{}", "0".repeat(768)),
    ] {
        for secret in [&[][..], &[0], &[0; 384]] {
            // Each guess is one of a user who isn't locked out.
            pool.clock().advance(Duration::from_secs(3600));
            let input = json!({
                "ClientId": "localclient", "AuthFlow": "USER_SRP_AUTH",
                "AuthParameters": { "USERNAME": "ana", "SRP_A": value },
            });
            let begun = pool.call("InitiateAuth", input).await.unwrap();
            let given = |name: &str| begun["ChallengeParameters"][name].as_str().unwrap();
            let proof = signature(
                secret,
                &value,
                given("SRP_B"),
                given("USER_ID_FOR_SRP"),
                given("SECRET_BLOCK"),
            );
            let input = json!({
                "ClientId": "localclient", "ChallengeName": "PASSWORD_VERIFIER",
                "ChallengeResponses": {
                    "USERNAME": given("USER_ID_FOR_SRP"), "PASSWORD_CLAIM_SECRET_BLOCK": given("SECRET_BLOCK"),
                    "PASSWORD_CLAIM_SIGNATURE": proof, "TIMESTAMP": TIME,
                },
            });
            let error = pool.call("RespondToAuthChallenge", input).await.unwrap_err();
            assert_eq!(error.message(), "Incorrect username or password.", "{value}");
        }
    }
}

#[tokio::test]
async fn what_is_no_public_value_is_refused() {
    let pool = started().await;
    let huge = "f".repeat(1537);
    for value in ["", " ", "-1", "0x1", "g", "1 2", "1\n", "\u{0661}", &huge] {
        for flow in ["USER_SRP_AUTH", "CUSTOM_AUTH"] {
            let input = json!({
                "ClientId": "localclient", "AuthFlow": flow,
                "AuthParameters": { "USERNAME": "ana", "SRP_A": value, "CHALLENGE_NAME": "SRP_A" },
            });
            let error = pool.call("InitiateAuth", input).await.unwrap_err();
            assert_eq!(
                error.class(),
                "InvalidParameterException",
                "{flow} {value:?}: {error}"
            );
        }
    }
}

#[tokio::test]
async fn a_proof_of_the_wrong_form_is_refused() {
    let pool = started().await;
    let client = cognito_triggers_pool::srp::Client::with_secret([7; 32]);
    for (member, value) in [
        ("PASSWORD_CLAIM_SIGNATURE", ""),
        ("PASSWORD_CLAIM_SIGNATURE", "!"),
        ("PASSWORD_CLAIM_SIGNATURE", "AAAA"),
        ("PASSWORD_CLAIM_SECRET_BLOCK", "AAAA"),
        ("PASSWORD_CLAIM_SECRET_BLOCK", "!"),
        ("TIMESTAMP", ""),
        ("TIMESTAMP", "now"),
        ("USERNAME", "bob"),
    ] {
        pool.clock().advance(Duration::from_secs(3600));
        let input = json!({
            "ClientId": "localclient", "AuthFlow": "USER_SRP_AUTH",
            "AuthParameters": { "USERNAME": "ana", "SRP_A": client.srp_a() },
        });
        let begun = pool.call("InitiateAuth", input).await.unwrap();
        let now = pool.clock().now();
        let parameters = &begun["ChallengeParameters"];
        let responses = cognito_triggers_pool::srp::responses(&client, POOL, "Passw0rd!", parameters, now);
        let mut responses = responses.unwrap();
        responses[member] = json!(value);
        let input = json!({
            "ClientId": "localclient", "ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": responses,
        });
        let error = pool.call("RespondToAuthChallenge", input).await.unwrap_err();
        let expected = if value.is_empty() {
            "InvalidParameterException"
        } else {
            "NotAuthorizedException"
        };
        assert_eq!(error.class(), expected, "{member} {value:?}: {error}");
    }
}
