//! The client's side of a proof, for tests that sign in with SRP.

use crate::group::{MULTIPLIER, PublicValue, exponent, generator_pow, pow};
use crate::proof::{Claim, Scrambler};
use crate::verifier::private_key;
use aws_lc_rs::hmac;
use aws_lc_rs::rand;

/// A client that proves a password with SRP, as amazon-cognito-identity-js does.
///
/// The AWS SDKs have no SRP, so a test that calls `InitiateAuth` with `USER_SRP_AUTH` needs this.
///
/// A sign-in takes two calls:
///
/// 1. `InitiateAuth` with [`srp_a`](Self::srp_a) as `SRP_A` returns the challenge `PASSWORD_VERIFIER`, whose parameters are
///    `USER_ID_FOR_SRP`, `SALT`, `SRP_B` and `SECRET_BLOCK`.
/// 2. `RespondToAuthChallenge` with the [`signature`](Self::signature) over them as `PASSWORD_CLAIM_SIGNATURE`, and with the
///    [`timestamp`](crate::timestamp()) that it covers as `TIMESTAMP`, returns the tokens.
///
/// A client is for one sign-in: the secret behind `SRP_A` must not be used again.
pub struct Client {
    secret: [u8; 32],
    public: PublicValue,
}

impl Client {
    /// Makes a client with a random secret.
    ///
    /// # Errors
    ///
    /// Fails if the system has no source of randomness.
    pub fn new() -> Result<Self, aws_lc_rs::error::Unspecified> {
        let mut secret = [0; 32];
        rand::fill(&mut secret)?;
        Ok(Self::with_secret(secret))
    }

    /// Makes a client with a secret that the caller chose, so that a test can be repeated.
    ///
    /// ```
    /// # use cognito_triggers_srp::Client;
    /// let (one, other) = (Client::with_secret([7; 32]), Client::with_secret([7; 32]));
    /// assert_eq!(one.srp_a(), other.srp_a());
    /// ```
    #[must_use]
    pub fn with_secret(secret: [u8; 32]) -> Self {
        Self {
            secret,
            public: PublicValue::from_element(&generator_pow(&exponent(&secret))),
        }
    }

    /// The public value to send as `SRP_A`.
    ///
    /// Hexadecimal digits in lower case, at most 768 of them.
    #[must_use]
    pub fn srp_a(&self) -> String {
        self.public.to_hex()
    }

    /// Computes the bytes of `PASSWORD_CLAIM_SIGNATURE`.
    ///
    /// `pool_name` is the part of the pool's id after the underscore; `user_id`, `salt` and `srp_b` are
    /// `USER_ID_FOR_SRP`, `SALT` and `SRP_B` of the challenge, and `secret_block` is `SECRET_BLOCK`, decoded.
    /// `timestamp` is the time in UTC as in `Sat Sep 5 08:09:10 UTC 2026`.
    ///
    /// `None` if `salt` or `srp_b` isn't a hexadecimal number.
    ///
    /// Send it as base64. The day of the time has no padding, and the weekday has to be right; otherwise Cognito refuses
    /// the proof.
    ///
    /// ```
    /// use cognito_triggers_srp::{Client, timestamp};
    ///
    /// let client = Client::with_secret([7; 32]);
    /// let sign = |srp_b: &str| {
    ///     client.signature("localpool", "ana", "Passw0rd!", "5a17", srp_b, b"block", &timestamp(0))
    /// };
    /// assert_eq!(sign("1234abcd").map(|signature| signature.len()), Some(32));
    /// assert_eq!(sign("not a number"), None);
    /// ```
    #[must_use]
    #[expect(clippy::too_many_arguments, reason = "a proof covers that many values")]
    pub fn signature(
        &self,
        pool_name: &str,
        user_id: &str,
        password: &str,
        salt: &str,
        srp_b: &str,
        secret_block: &[u8],
        timestamp: &str,
    ) -> Option<Vec<u8>> {
        let server = PublicValue::parse(srp_b)?;
        let x = private_key(pool_name, user_id, password, &PublicValue::parse(salt)?);
        let scrambler = Scrambler::new(&self.public, &server);
        let base = server
            .to_element()
            .sub(&MULTIPLIER.mul(&generator_pow(&exponent(&x))));
        let with_password = pow(&pow(&base, &scrambler.to_exponent()), &exponent(&x));
        let shared = pow(&base, &exponent(&self.secret)).mul(&with_password);
        let key = scrambler.key(&PublicValue::from_element(&shared));
        let claim = Claim {
            pool_name,
            user_id,
            secret_block,
            timestamp,
        };
        Some(hmac::sign(&key, &claim.message()).as_ref().to_vec())
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Client(..)")
    }
}
