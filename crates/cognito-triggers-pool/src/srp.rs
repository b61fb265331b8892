//! The client side of SRP, for tests that sign in with `USER_SRP_AUTH`. The AWS SDKs don't have it.
//!
//! ```
//! use cognito_triggers_pool::{LocalPool, srp};
//! use serde_json::json;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let pool = LocalPool::builder()
//!     .user("us-east-1_localpool", json!({ "Username": "ana", "Password": "Passw0rd!" }))
//!     .start()
//!     .await?;
//! let client = srp::Client::new()?;
//! let begun = pool.call("InitiateAuth", json!({
//!     "ClientId": "localclient",
//!     "AuthFlow": "USER_SRP_AUTH",
//!     "AuthParameters": { "USERNAME": "ana", "SRP_A": client.srp_a() },
//! }))
//! .await?;
//!
//! let now = pool.clock().now();
//! let responses = srp::responses(&client, "us-east-1_localpool", "Passw0rd!", &begun["ChallengeParameters"], now)
//!     .ok_or("the challenge can't be read")?;
//! let answer = pool.call("RespondToAuthChallenge", json!({
//!     "ClientId": "localclient",
//!     "ChallengeName": "PASSWORD_VERIFIER",
//!     "ChallengeResponses": responses,
//! }))
//! .await?;
//! assert!(answer["AuthenticationResult"]["IdToken"].is_string());
//! # Ok(())
//! # }
//! ```

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
pub use cognito_triggers_srp::Client;
use cognito_triggers_srp::timestamp;
use serde_json::{Value, json};

use crate::clock::Timestamp;

/// Proves a password: the `ChallengeResponses` for a challenge `PASSWORD_VERIFIER`.
///
/// `client` is the one with which the sign-in began, and `challenge` is `ChallengeParameters` of the answer. `now` is the
/// timestamp in the proof; Cognito refuses one that is far from its own time.
///
/// `None` if the challenge can't be parsed.
#[must_use]
pub fn responses(
    client: &Client,
    user_pool_id: &str,
    password: &str,
    challenge: &Value,
    now: Timestamp,
) -> Option<Value> {
    let given = |name: &str| challenge.get(name).and_then(Value::as_str);
    let (_, pool_name) = user_pool_id.split_once('_')?;
    let (user_id, block) = (given("USER_ID_FOR_SRP")?, given("SECRET_BLOCK")?);
    let now = timestamp(now.seconds());
    let signature = client.signature(
        pool_name,
        user_id,
        password,
        given("SALT")?,
        given("SRP_B")?,
        &STANDARD.decode(block).ok()?,
        &now,
    )?;
    Some(json!({
        "USERNAME": user_id,
        "PASSWORD_CLAIM_SECRET_BLOCK": block,
        "PASSWORD_CLAIM_SIGNATURE": STANDARD.encode(signature),
        "TIMESTAMP": now,
    }))
}
