#![doc = include_str!("../README.md")]

mod client;
mod exchange;
mod group;
mod proof;
mod timestamp;
mod verifier;

pub use client::Client;
pub use exchange::Exchange;
pub use group::{PublicValue, powers_computed};
pub use proof::Claim;
pub use timestamp::timestamp;
pub use verifier::{Salt, Verifier};

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;
    use serde::Deserialize;

    use super::*;

    /// A proof that pycognito made. `tests/pool/srp_vectors.py` writes the file.
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct KnownAnswer {
        pool_name: String,
        user: String,
        password: String,
        salt: String,
        a: String,
        #[serde(rename = "A")]
        client: String,
        b: String,
        #[serde(rename = "B")]
        server: String,
        secret_block: String,
        timestamp: String,
        signature: String,
    }

    fn known_answers() -> Vec<KnownAnswer> {
        serde_json::from_str(include_str!("../tests/data/srp.json")).unwrap()
    }

    fn bytes(hex: &str) -> Vec<u8> {
        HEXLOWER.decode(hex.as_bytes()).unwrap()
    }

    impl KnownAnswer {
        fn verifier(&self) -> Verifier {
            let salt = Salt::new(bytes(&self.salt).try_into().unwrap());
            Verifier::new(&self.pool_name, &self.user, &self.password, salt)
        }

        fn exchange(&self, verifier: &Verifier) -> Exchange {
            let client = PublicValue::parse(&self.client).unwrap();
            Exchange::new(client, verifier, bytes(&self.b).try_into().unwrap())
        }

        fn claim<'a>(&'a self, secret_block: &'a [u8]) -> Claim<'a> {
            Claim {
                pool_name: &self.pool_name,
                user_id: &self.user,
                secret_block,
                timestamp: &self.timestamp,
            }
        }

        fn proves(&self, exchange: &Exchange, verifier: &Verifier, signature: &[u8]) -> bool {
            let block = bytes(&self.secret_block);
            exchange.proves(verifier, self.claim(&block), signature)
        }
    }

    #[test]
    fn the_server_accepts_what_pycognito_signs() {
        for known in known_answers() {
            let verifier = known.verifier();
            assert_eq!(verifier.salt(), known.salt);
            assert!(verifier.matches(&known.pool_name, &known.user, &known.password));
            let exchange = known.exchange(&verifier);
            assert_eq!(exchange.server_value().trim_start_matches('0'), known.server);
            let mut signature = bytes(&known.signature);
            assert!(known.proves(&exchange, &verifier, &signature), "{}", known.user);
            signature[7] ^= 1;
            assert!(!known.proves(&exchange, &verifier, &signature), "{}", known.user);
        }
    }

    #[test]
    fn the_client_signs_what_pycognito_signs() {
        for known in known_answers() {
            let client = Client::with_secret(bytes(&known.a).try_into().unwrap());
            assert_eq!(client.srp_a().trim_start_matches('0'), known.client);
            let signature = client.signature(
                &known.pool_name,
                &known.user,
                &known.password,
                &known.salt,
                &known.server,
                &bytes(&known.secret_block),
                &known.timestamp,
            );
            assert_eq!(
                HEXLOWER.encode(&signature.unwrap()),
                known.signature,
                "{}",
                known.user
            );
        }
    }

    #[test]
    fn another_password_does_not_match_or_prove() {
        let known = &known_answers()[0];
        let salt = Salt::new(bytes(&known.salt).try_into().unwrap());
        let other = Verifier::new(&known.pool_name, &known.user, "other", salt);
        assert!(!other.matches(&known.pool_name, &known.user, &known.password));
        let exchange = known.exchange(&other);
        assert!(!known.proves(&exchange, &other, &bytes(&known.signature)));
    }

    #[test]
    fn a_client_value_of_zero_never_proves() {
        let known = &known_answers()[0];
        let verifier = known.verifier();
        // A = 0 makes the shared secret 0, which everyone knows.
        let exchange = Exchange::new(PublicValue::parse("0").unwrap(), &verifier, [7; 32]);
        let server = PublicValue::parse(&exchange.server_value()).unwrap();
        let scrambler = proof::Scrambler::new(&PublicValue::parse("0").unwrap(), &server);
        let key = scrambler.key(&PublicValue::parse("0").unwrap());
        let block = bytes(&known.secret_block);
        let claim = known.claim(&block);
        let signature = aws_lc_rs::hmac::sign(&key, &claim.message());
        assert!(!exchange.proves(&verifier, claim, signature.as_ref()));
    }

    #[test]
    fn fake_verifiers_are_stable_for_a_name() {
        let fake = Verifier::fake("us-east-1_pool", "nobody");
        assert_eq!(fake, Verifier::fake("us-east-1_pool", "nobody"));
        assert_ne!(fake.salt(), Verifier::fake("us-east-1_pool", "noone").salt());
        assert_eq!(fake.salt().len(), 32);
    }

    #[test]
    fn a_verifier_of_zero_is_none() {
        let salt = || PublicValue::parse("5a17").unwrap();
        assert!(Verifier::from_parts(salt(), PublicValue::parse("0").unwrap()).is_none());
        let verifier = Verifier::from_parts(salt(), PublicValue::parse("2").unwrap()).unwrap();
        assert_eq!(verifier.salt(), "5a17");
    }

    #[test]
    fn a_verifier_survives_serialization() {
        let verifier = known_answers()[0].verifier();
        let text = serde_json::to_string(&verifier).unwrap();
        assert_eq!(serde_json::from_str::<Verifier>(&text).unwrap(), verifier);
    }
}
