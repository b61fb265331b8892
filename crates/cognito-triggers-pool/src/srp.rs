//! The client's side of SRP, for tests that sign in with `USER_SRP_AUTH`. The AWS SDKs have none.
//!
//! ```
//! use base64::Engine;
//! use base64::engine::general_purpose::STANDARD;
//! use cognito_triggers_pool::{LocalPool, srp::Client};
//! use serde_json::json;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let pool = LocalPool::builder()
//!     .user("us-east-1_localpool", json!({ "Username": "ana", "Password": "Passw0rd!" }))
//!     .start()
//!     .await?;
//! let client = Client::new()?;
//! let begun = pool.call("InitiateAuth", json!({
//!     "ClientId": "localclient",
//!     "AuthFlow": "USER_SRP_AUTH",
//!     "AuthParameters": { "USERNAME": "ana", "SRP_A": client.srp_a() },
//! }))
//! .await?;
//!
//! let given = |name: &str| begun["ChallengeParameters"][name].as_str().unwrap_or_default();
//! let block = STANDARD.decode(given("SECRET_BLOCK"))?;
//! let (user_id, salt, srp_b) = (given("USER_ID_FOR_SRP"), given("SALT"), given("SRP_B"));
//! let now = "Thu Nov 26 20:40:31 UTC 2026";
//! let signature = client
//!     .signature("localpool", user_id, "Passw0rd!", salt, srp_b, &block, now)
//!     .ok_or("the challenge can't be read")?;
//!
//! let answer = pool.call("RespondToAuthChallenge", json!({
//!     "ClientId": "localclient",
//!     "ChallengeName": "PASSWORD_VERIFIER",
//!     "ChallengeResponses": {
//!         "USERNAME": user_id,
//!         "PASSWORD_CLAIM_SECRET_BLOCK": given("SECRET_BLOCK"),
//!         "PASSWORD_CLAIM_SIGNATURE": STANDARD.encode(signature),
//!         "TIMESTAMP": now,
//!     },
//! }))
//! .await?;
//! assert!(answer["AuthenticationResult"]["IdToken"].is_string());
//! # Ok(())
//! # }
//! ```

pub use cognito_triggers_srp::Client;
