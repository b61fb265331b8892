//! The server's side of one proof.

use aws_lc_rs::hmac;

use crate::group::{MULTIPLIER, PublicValue, exponent, generator_pow, pow};
use crate::proof::{Claim, Scrambler};
use crate::timestamp::is_timestamp;
use crate::verifier::Verifier;

/// What the server keeps between its challenge and the client's proof.
///
/// ```
/// use cognito_triggers_srp::{Claim, Client, Exchange, PublicValue, Salt, Verifier};
///
/// // The server stores the verifier of a password.
/// let salt = Salt::new([7; 16]);
/// let verifier = Verifier::new("aB3dE6gHi", "ana", "Passw0rd!", salt);
///
/// // InitiateAuth: the client sends `SRP_A`, and the server answers with `SRP_B`, a salt and a block.
/// let client = Client::with_secret([1; 32]);
/// let client_value = PublicValue::parse(&client.srp_a()).unwrap();
/// let exchange = Exchange::new(client_value, &verifier, [2; 32]);
///
/// // RespondToAuthChallenge: the client signs the block.
/// let (srp_b, time) = (exchange.server_value(), "Thu Nov 26 20:40:31 UTC 2026");
/// let signature = client
///     .signature("aB3dE6gHi", "ana", "Passw0rd!", &verifier.salt(), &srp_b, b"block", time)
///     .unwrap();
/// let claim = Claim { pool_name: "aB3dE6gHi", user_id: "ana", secret_block: b"block", timestamp: time };
/// assert!(exchange.proves(&verifier, claim, &signature));
/// ```
#[derive(Clone)]
pub struct Exchange {
    /// `SRP_A`
    client: PublicValue,
    /// `SRP_B`
    server: PublicValue,
    /// The server's secret exponent. It isn't printed.
    secret: [u8; 32],
}

impl Exchange {
    /// Answers the client's public value. `secret` is random and never used twice.
    pub fn new(client: PublicValue, verifier: &Verifier, secret: [u8; 32]) -> Self {
        let masked = MULTIPLIER.mul(&verifier.to_element());
        let server = PublicValue::from_element(&masked.add(&generator_pow(&exponent(&secret))));
        Self {
            client,
            server,
            secret,
        }
    }

    /// The server's public value, sent as `SRP_B`.
    pub fn server_value(&self) -> String {
        self.server.to_hex()
    }

    /// Whether `signature` proves the password that `verifier` stands for.
    ///
    /// A client value that is a multiple of the prime proves nothing, whatever the signature is.
    ///
    /// The time in the claim has to have Cognito's form; how old it is doesn't matter. The comparison takes the
    /// same time for every signature of the right length.
    pub fn proves(&self, verifier: &Verifier, claim: Claim<'_>, signature: &[u8]) -> bool {
        if self.client.is_zero() || !is_timestamp(claim.timestamp) {
            return false;
        }
        let scrambler = Scrambler::new(&self.client, &self.server);
        let base = pow(&verifier.to_element(), &scrambler.to_exponent()).mul(&self.client.to_element());
        let shared = PublicValue::from_element(&pow(&base, &exponent(&self.secret)));
        hmac::verify(&scrambler.key(&shared), &claim.message(), signature).is_ok()
    }
}

impl std::fmt::Debug for Exchange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Exchange(..)")
    }
}
