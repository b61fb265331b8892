//! Serves a user pool on loopback until it is interrupted, and prints its endpoint.
//!
//! ```sh
//! cargo run -p cognito-triggers-pool --example local_pool -- 9229
//! ```

#![expect(clippy::print_stdout, reason = "it prints the endpoint of the pool")]

use cognito_triggers_pool::LocalPool;
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port = std::env::args().nth(1).map_or(Ok(0), |port| port.parse())?;
    let pool = LocalPool::builder()
        .port(port)
        .pool_setting("AutoVerifiedAttributes", json!(["email"]))
        .start()
        .await?;
    println!("{}", json!({ "endpoint": pool.endpoint() }));
    tokio::signal::ctrl_c().await?;
    Ok(())
}
