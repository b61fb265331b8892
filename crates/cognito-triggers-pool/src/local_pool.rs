//! Local user pools for tests in Rust.

mod builder;
mod observed;

use std::net::SocketAddr;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::task::JoinHandle;

pub use self::builder::{Builder, StartError};
pub use self::observed::{Events, Messages};
use crate::activity::Activities;
use crate::clock::Clock;
use crate::error::ApiError;
use crate::operations;
use crate::service::Service;
use crate::unused;

/// A listener on 127.0.0.1 with local user pools. It ends when it is dropped.
///
/// ```
/// use cognito_triggers_pool::{LocalPool, handler_fn};
/// use serde_json::json;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let pool = LocalPool::builder()
///     .pool_setting("AutoVerifiedAttributes", json!(["email"]))
///     .pool_setting("LambdaConfig", json!({
///         "PreSignUp": "arn:aws:lambda:us-east-1:123456789012:function:sign-up",
///     }))
///     .functions(handler_fn(|_arn, mut event| {
///         event["response"]["autoConfirmUser"] = json!(true);
///         Ok(event)
///     }))
///     .start()
///     .await?;
///
/// // Any client of the API can be pointed at `pool.endpoint()`. Without one:
/// let answer = pool
///     .call("SignUp", json!({ "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!" }))
///     .await?;
/// assert_eq!(answer["UserConfirmed"], true);
/// assert_eq!(pool.events().sources(), ["PreSignUp_SignUp"]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct LocalPool {
    service: Arc<Service>,
    address: SocketAddr,
    listener: JoinHandle<()>,
}

impl LocalPool {
    /// Begins to build a pool.
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// Where clients reach the API: `http://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Calls an operation of the API without the network, such as `SignUp` with its input.
    ///
    /// # Errors
    /// What the caller of the API gets.
    pub async fn call(&self, operation: &str, input: Value) -> Result<Value, ApiError> {
        operations::serve_json(&self.service, operation, input).await
    }

    /// The user pools and their app clients: `[{"id", "arn", "name", "clients": [{"id", "name"}]}]`.
    pub fn user_pools(&self) -> Value {
        self.service.read(|state| {
            let pools = state.pools.values().map(|pool| {
                let clients = pool.clients.values();
                let clients =
                    clients.map(|client| json!({ "id": client.id, "name": client.text("ClientName") }));
                json!({
                    "id": pool.settings.id,
                    "arn": pool.settings.arn(),
                    "name": pool.settings.name,
                    "clients": clients.collect::<Vec<_>>(),
                })
            });
            pools.collect()
        })
    }

    /// Names the settings of pools and app clients that are stored and returned, and have no effect here yet:
    /// `us-east-1_localpool: MfaConfiguration`.
    pub fn settings_without_effect(&self) -> Vec<String> {
        self.service.read(unused::settings_without_effect)
    }

    /// The clock of all pools, to read and to move.
    pub fn clock(&self) -> &Clock {
        &self.service.clock
    }

    /// The triggers that were fired, the oldest first. The latest 10,000 are remembered.
    pub fn events(&self) -> Events {
        Events(self.service.records.since(0))
    }

    /// The messages that were sent, the oldest first. The latest 10,000 are remembered.
    pub fn messages(&self) -> Messages {
        Messages(self.service.outbox.all())
    }

    /// What happens from now on, as it happens.
    pub fn activities(&self) -> Activities {
        self.service.reporter.subscribe()
    }

    /// Returns to the state at start: users, messages, events and the clock.
    pub fn reset(&self) {
        self.service.reset();
    }
}

impl Drop for LocalPool {
    fn drop(&mut self) {
        self.listener.abort();
    }
}
