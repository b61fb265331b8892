//! Local user pools for tests in Rust.
//!
//! A pool runs in the process of the test. It listens on a port of its own, so that tests can run at the same
//! time.

mod builder;
mod in_process;
mod observed;

use std::sync::Arc;

use cognito_triggers_loopback::server::Server;
use serde_json::{Value, json};

pub use self::builder::{Builder, StartError};
pub use self::observed::{Events, Messages};
use crate::activity::Activities;
use crate::clock::Clock;
use crate::current::Current;
use crate::error::ApiError;
use crate::operations;
use crate::triggers::TriggerRecord;
use crate::unused;

/// Local user pools, and a listener on 127.0.0.1 that serves them. They end when this is dropped, and so do the custom senders
/// that still run.
///
/// [`Builder::start_in_process`] makes one without a listener.
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
///
/// A client of the AWS SDK is pointed at the pool by its endpoint. Any region and any credentials do:
/// signatures aren't verified. Without an endpoint, [`call`](Self::call) runs the same operations.
///
/// Functions, clock, messages and events belong to one `LocalPool`, and so do all user pools that it holds.
/// Only the two keys that sign tokens are shared by all pools of a process.
#[derive(Debug)]
pub struct LocalPool {
    current: Arc<Current>,
    /// Shared by all services, so that a reset leaves it in place.
    clock: Arc<Clock>,
    /// `None` if only [`call`](Self::call) reaches the pools. Its drop closes the port and all connections.
    _server: Option<Server>,
}

impl LocalPool {
    /// Pools of a service, with or without a listener that serves them.
    fn new(current: Arc<Current>, server: Option<Server>) -> Self {
        Self {
            clock: Arc::clone(&current.get().clock),
            current,
            _server: server,
        }
    }

    /// Begins to build a pool.
    ///
    /// ```
    /// # use cognito_triggers_pool::LocalPool;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let pool = LocalPool::builder().start().await?;
    /// assert!(pool.endpoint().starts_with("http://127.0.0.1:"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// Where clients reach the API: `http://127.0.0.1:PORT`.
    ///
    /// It has no slash at the end. The port is the one of [`Builder::port`], or the one that the system chose. It is empty
    /// for pools that were [started in process](Builder::start_in_process).
    pub fn endpoint(&self) -> String {
        self.current.get().endpoint().to_owned()
    }

    /// Calls an operation of the API without the network, such as `SignUp` with its input.
    ///
    /// The input has the members of the service model, such as `{"ClientId": …, "Username": …}`. The call
    /// passes the same checks, fires the same triggers and stores the same as one over HTTP, and it is reported
    /// to [`activities`](Self::activities). A secret hash is needed all the same; signatures aren't.
    ///
    /// ```
    /// # use cognito_triggers_pool::LocalPool;
    /// # use serde_json::json;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let pool = LocalPool::builder().start().await?;
    /// let input = json!({ "UserPoolId": "us-east-1_localpool", "Username": "nobody" });
    /// let error = pool.call("AdminGetUser", input).await.unwrap_err();
    /// assert_eq!(error.class(), "UserNotFoundException");
    /// assert_eq!(error.message(), "User does not exist.");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What the caller of the API gets.
    pub async fn call(&self, operation: &str, input: Value) -> Result<Value, ApiError> {
        operations::serve_json(&self.current.get(), operation, input).await
    }

    /// The user pools and their app clients: `[{"id", "arn", "name", "clients": [{"id", "name"}]}]`.
    ///
    /// Pools and clients are ordered by id. Secrets aren't in it.
    pub fn user_pools(&self) -> Value {
        self.current.get().read(|state| {
            let pools = state.pools.values().map(|pool| {
                let clients = pool.clients.values();
                let clients =
                    clients.map(|client| json!({ "id": client.id, "name": client.string("ClientName") }));
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
    ///
    /// It is empty if everything that was set has an effect. A program that starts a pool from a description
    /// can print it as a warning.
    pub fn settings_without_effect(&self) -> Vec<String> {
        self.current.get().read(unused::settings_without_effect)
    }

    /// What of the templates isn't served, and why, one sentence for each: settings that exist only at deployment, and some
    /// that aren't simulated.
    ///
    /// It is empty for pools without a [template](Builder::template).
    pub fn left_out_of_templates(&self) -> Vec<String> {
        self.current.get().options.left_out.clone()
    }

    /// The clock of all pools, to read and to move.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use cognito_triggers_pool::LocalPool;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let pool = LocalPool::builder().start().await?;
    /// // Codes of a forgotten password are valid for an hour.
    /// pool.clock().advance(Duration::from_secs(3600));
    /// # Ok(())
    /// # }
    /// ```
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The triggers that were fired, the oldest first. The latest 10,000 are remembered.
    ///
    /// It is a copy: later triggers don't show in it. A custom sender is there from the moment in which it is
    /// called. Secrets read `***`, as [`TriggerRecord::redacted`](crate::TriggerRecord::redacted) replaces them.
    pub fn events(&self) -> Events {
        let records = self.current.get().records.since(0);
        Events(records.into_iter().map(TriggerRecord::redacted).collect())
    }

    /// The same triggers as [`events`](Self::events), with the secrets in their events and answers: private challenge
    /// parameters, answers to challenges, tokens.
    ///
    /// ```
    /// # use cognito_triggers_pool::{LocalPool, handler_fn};
    /// # use serde_json::json;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let arn = "arn:aws:lambda:us-east-1:123456789012:function:sign-up";
    /// let pool = LocalPool::builder()
    ///     .pool_setting("LambdaConfig", json!({ "PreSignUp": arn }))
    ///     .functions(handler_fn(|_arn, event| Ok(event)))
    ///     .start()
    ///     .await?;
    /// pool.call("SignUp", json!({
    ///     "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!",
    ///     "ValidationData": [{ "Name": "inviteCode", "Value": "rose" }],
    /// }))
    /// .await?;
    /// assert_eq!(pool.events()[0].event["request"]["validationData"]["inviteCode"], "***");
    /// assert_eq!(pool.events_with_secrets()[0].event["request"]["validationData"]["inviteCode"], "rose");
    /// # Ok(())
    /// # }
    /// ```
    pub fn events_with_secrets(&self) -> Events {
        Events(self.current.get().records.since(0))
    }

    /// The messages that were sent, the oldest first. The latest 10,000 are remembered.
    ///
    /// It is a copy: later messages don't show in it. Nothing leaves the machine, and codes are readable.
    pub fn messages(&self) -> Messages {
        Messages(self.current.get().outbox.all())
    }

    /// What happens from now on, as it happens.
    ///
    /// Call it before what you want to see. See [`Activity`](crate::Activity) for an example.
    pub fn activities(&self) -> Activities {
        self.current.get().reporter.subscribe()
    }

    /// Returns to the state at start: users, messages, events and the clock.
    ///
    /// Pools, app clients and users that [`Builder`] added are there again as they were. Sign-ins that others
    /// made are gone, and failures that wait for their call are forgotten. Readers of activities stay.
    ///
    /// Custom senders that run are ended. A call that runs goes on, but nothing that it stores, sends or fires is seen after
    /// the reset.
    pub fn reset(&self) {
        self.current.reset();
    }
}

impl Drop for LocalPool {
    fn drop(&mut self) {
        self.current.get().end();
    }
}
