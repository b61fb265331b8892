//! Local user pools for tests in Rust.
//!
//! A pool runs in the process of the test. It listens on its own port, so that tests can run in parallel.

mod builder;
mod fill;
#[cfg(feature = "tls")]
mod https;
mod in_process;
mod kept;
mod oauth;
mod observed;
mod recorded;
mod recording;
mod secrets;

use std::collections::BTreeMap;
use std::sync::Arc;

use cognito_triggers_loopback::server::Server;
use serde_json::{Map, Value, json};

pub use self::builder::{Builder, StartError};
pub use self::observed::{Events, Messages};
use crate::activity::Activities;
use crate::clock::Clock;
use crate::current::Current;
use crate::drills::{Drill, DrillError};
use crate::error::ApiError;
use crate::operations::{self, Caller};
use crate::recording::Observed;
use crate::triggers::TriggerRecord;
use crate::unused;

/// Local user pools, and a listener on 127.0.0.1 that serves them. Dropping it stops the listener and the custom senders that
/// are still running.
///
/// [`Builder::start_in_process`] creates one without a listener.
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
/// // Point any client of the API at `pool.endpoint()`, or call an operation directly:
/// let answer = pool
///     .call("SignUp", json!({ "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!" }))
///     .await?;
/// assert_eq!(answer["UserConfirmed"], true);
/// assert_eq!(pool.events().sources(), ["PreSignUp_SignUp"]);
/// # Ok(())
/// # }
/// ```
///
/// Set the endpoint URL of an AWS SDK client to [`endpoint`](Self::endpoint). Any region and any credentials work:
/// signatures aren't verified. [`call`](Self::call) runs the same operations without the network.
///
/// Each `LocalPool` has its own user pools, functions, clock, messages and events. Only the two keys that sign tokens are
/// shared by all pools of a process.
#[derive(Debug)]
pub struct LocalPool {
    current: Arc<Current>,
    /// Shared with the services, so that it survives a reset.
    clock: Arc<Clock>,
    /// `None` if only [`call`](Self::call) reaches the pools. Dropping it closes the port and all connections.
    server: Option<Server>,
    /// What was read from a directory, a sentence for each fact.
    loaded: Vec<String>,
}

impl LocalPool {
    /// Wraps the pools of a service, with or without a listener that serves them.
    fn new(current: Arc<Current>, server: Option<Server>, loaded: Vec<String>) -> Self {
        Self {
            clock: Arc::clone(&current.get().clock),
            current,
            server,
            loaded,
        }
    }

    /// The service that new calls get.
    #[cfg(test)]
    pub(crate) fn service(&self) -> Arc<crate::service::Service> {
        self.current.get()
    }

    /// Returns a builder with the default settings.
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

    /// The endpoint URL of the API: `http://127.0.0.1:PORT`, without a trailing slash. It begins with `https:` if the pool
    /// has a certificate.
    ///
    /// The port is that of [`Builder::port`], or one that the operating system chose. The string is empty for pools that
    /// were [started in process](Builder::start_in_process).
    pub fn endpoint(&self) -> String {
        self.current.get().endpoint().to_owned()
    }

    /// Calls an operation of the API without the network, such as `SignUp` with its input.
    ///
    /// The input has the members of the service model, such as `{"ClientId": …, "Username": …}`. The call
    /// passes the same checks, fires the same triggers and stores the same data as one over HTTP, and it is reported
    /// to [`activities`](Self::activities). It needs a secret hash where a call over HTTP does, but no signature.
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
    /// Fails with the exception that the caller of the API gets.
    pub async fn call(&self, operation: &str, input: Value) -> Result<Value, ApiError> {
        let service = self.current.get();
        service.check_disk()?;
        let result = operations::serve_json(&service, operation, input, Caller::default()).await;
        service.kept().await?;
        result
    }

    /// Calls an operation as [`call`](Self::call) does, and also returns the triggers and messages of the call, with their secrets.
    ///
    /// ```
    /// # use cognito_triggers_pool::{LocalPool, handler_fn, recording::{RecordedMessage, RecordedTrigger}};
    /// # use serde_json::json;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let arn = "arn:aws:lambda:us-east-1:123456789012:function:sign-up";
    /// let pool = LocalPool::builder()
    ///     .pool_setting("AutoVerifiedAttributes", json!(["email"]))
    ///     .pool_setting("LambdaConfig", json!({ "PreSignUp": arn }))
    ///     .functions(handler_fn(|_arn, event| Ok(event)))
    ///     .start()
    ///     .await?;
    /// let email = json!([{ "Name": "email", "Value": "ana@example.com" }]);
    /// let input = json!({
    ///     "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!", "UserAttributes": email,
    /// });
    /// let observed = pool.observe("SignUp", input).await;
    /// assert_eq!(observed.result?["UserConfirmed"], false);
    /// // What a recording has of them, but with secrets.
    /// assert_eq!(RecordedTrigger::of(&observed.triggers[0]).source, "PreSignUp_SignUp");
    /// assert_eq!(RecordedMessage::of(&observed.messages[0]).to, "ana@example.com");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn observe(&self, operation: &str, input: Value) -> Observed {
        let before = self.current.get().calls.latest();
        let result = self.call(operation, input).await;
        let service = self.current.get();
        // A function may have called the pool meanwhile; the call that it belongs to ends last.
        let ended = service.calls.since(before).records.pop();
        let (triggers, messages) = ended.map(|call| service.effects(&call)).unwrap_or_default();
        Observed {
            result,
            triggers,
            messages,
        }
    }

    /// The user pools and their app clients: `[{"id", "arn", "name", "clients": [{"id", "name"}]}]`.
    ///
    /// Pools and clients are ordered by id. Client secrets aren't included.
    ///
    /// ```
    /// # use cognito_triggers_pool::LocalPool;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let pool = LocalPool::builder().start().await?;
    /// assert_eq!(pool.user_pools()[0]["id"], "us-east-1_localpool");
    /// assert_eq!(pool.user_pools()[0]["clients"][0]["id"], "localclient");
    /// # Ok(())
    /// # }
    /// ```
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

    /// The `LambdaConfig` of each user pool, by its id. A pool without one has an empty object.
    ///
    /// A pool whose [directory](Builder::data) has pools of earlier runs can compare their hooks with its functions.
    ///
    /// ```
    /// # use cognito_triggers_pool::LocalPool;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let pool = LocalPool::builder().start().await?;
    /// for config in pool.lambda_configs() {
    ///     println!("{config:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn lambda_configs(&self) -> BTreeMap<String, Map<String, Value>> {
        self.current.get().read(|state| {
            let pools = state.pools.iter().map(|(id, pool)| {
                let config = pool.settings.members.get("LambdaConfig");
                let config = config.and_then(Value::as_object).cloned();
                (id.clone(), config.unwrap_or_default())
            });
            pools.collect()
        })
    }

    /// Lists the settings of pools and app clients that are stored and returned but have no effect here yet, such as
    /// `us-east-1_localpool: KeyConfiguration`.
    ///
    /// It is empty if every setting has an effect. A program that starts a pool from a description can print the list as a
    /// warning.
    ///
    /// ```
    /// # use cognito_triggers_pool::LocalPool;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let pool = LocalPool::builder().start().await?;
    /// for warning in pool.settings_without_effect().iter().chain(&pool.left_out_of_templates()) {
    ///     eprintln!("{warning}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn settings_without_effect(&self) -> Vec<String> {
        self.current.get().read(unused::settings_without_effect)
    }

    /// Lists what the pools left out of the templates and why, one sentence for each: settings whose value is known only at
    /// deployment, and settings that aren't simulated.
    ///
    /// It is empty for pools without a [template](Builder::template).
    pub fn left_out_of_templates(&self) -> Vec<String> {
        self.current.get().options.left_out.clone()
    }

    /// What was read from the directory of [`Builder::data`] at the start, one sentence for each fact.
    ///
    /// It is empty without a directory. A program that starts a pool can print it.
    pub fn loaded(&self) -> Vec<String> {
        self.loaded.clone()
    }

    /// Waits until everything that is stored so far is on the disk. Calls do so before they answer.
    ///
    /// Without a [directory](Builder::data) it doesn't wait.
    ///
    /// ```no_run
    /// # use cognito_triggers_pool::LocalPool;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let pool = LocalPool::builder().data("target/pool").start().await?;
    /// for fact in pool.loaded() {
    ///     println!("{fact}");
    /// }
    /// pool.reset();
    /// pool.flush().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// `InternalErrorException` if the data can't be stored.
    pub async fn flush(&self) -> Result<(), ApiError> {
        self.current.get().kept().await
    }

    /// The clock of the pools, which a test can read and move.
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

    /// The triggers that were fired, the oldest first. The latest 10,000 are kept, fewer if they take more than 64 MiB.
    ///
    /// It is a copy: later triggers don't appear in it. A custom sender appears as soon as it is called. Secrets are
    /// replaced by `***`, as by [`TriggerRecord::redacted`](crate::TriggerRecord::redacted).
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

    /// Waits until no custom sender runs any more. No call waits for one, so only then its outcome is in [`events`](Self::events).
    ///
    /// ```
    /// # use cognito_triggers_pool::{LambdaError, LocalPool, handler_fn};
    /// # use serde_json::json;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sender = json!({
    ///     "LambdaArn": "arn:aws:lambda:us-east-1:123456789012:function:sender", "LambdaVersion": "V1_0",
    /// });
    /// let key = "arn:aws:kms:us-east-1:123456789012:key/5c1d2b3a-70f1-4e6b-9a57-2c81f09e64d5";
    /// let pool = LocalPool::builder()
    ///     .pool_setting("AutoVerifiedAttributes", json!(["email"]))
    ///     .pool_setting("LambdaConfig", json!({ "CustomEmailSender": sender, "KMSKeyID": key }))
    ///     .functions(handler_fn(|_arn, _event| Err(LambdaError::Function("no mail server".to_owned()))))
    ///     .start()
    ///     .await?;
    /// let email = json!([{ "Name": "email", "Value": "ana@example.com" }]);
    /// pool.call("SignUp", json!({
    ///     "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!", "UserAttributes": email,
    /// }))
    /// .await?;
    ///
    /// pool.senders_done().await;
    /// assert!(pool.events()[0].error.is_some());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn senders_done(&self) {
        self.current.get().background_done().await;
    }

    /// The messages that were sent, the oldest first. The latest 10,000 are kept, fewer if they take more than 64 MiB.
    ///
    /// It is a copy: later messages don't appear in it. Codes are in plain text. Nothing leaves the machine.
    pub fn messages(&self) -> Messages {
        Messages(self.current.get().outbox.all())
    }

    /// Plans a drill: the next call of a function, message, or call of an operation goes wrong.
    ///
    /// Drills for the same thing happen in the order in which they were planned. A [reset](Self::reset) forgets those that wait.
    ///
    /// # Errors
    /// Fails if the drill contradicts itself, names what doesn't exist, or a thousand drills wait.
    pub fn drill(&self, drill: Drill) -> Result<(), DrillError> {
        self.current.get().drills.plan(&drill).map(|_| ())
    }

    /// The drills that wait, in the order in which they were planned, each with how often it still happens.
    pub fn drills(&self) -> Vec<Drill> {
        self.current.get().drills.waiting()
    }

    /// Forgets the drills that wait.
    ///
    /// ```
    /// # use cognito_triggers_pool::{Drill, LocalPool};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let pool = LocalPool::builder().start().await?;
    /// pool.drill(Drill::operation("SignUp", "TooManyRequestsException"))?;
    /// assert_eq!(pool.drills().len(), 1);
    /// pool.clear_drills();
    /// # Ok(())
    /// # }
    /// ```
    pub fn clear_drills(&self) {
        self.current.get().drills.clear();
    }

    /// Subscribes to what happens in the pools from now on.
    ///
    /// Call it before the calls that you want to observe. See [`Activity`](crate::Activity) for an example.
    pub fn activities(&self) -> Activities {
        self.current.get().reporter.subscribe()
    }

    /// Restores the initial state of pools, users, messages, events and the clock.
    ///
    /// Pools, app clients and users that [`Builder`] added are as they were at the start. Everything that calls stored since is
    /// gone, and drills that wait are forgotten. Readers of activities stay subscribed.
    ///
    /// With a [directory](Builder::data), the start is that of this process, and what is gone is gone from there too:
    /// [`flush`](Self::flush) waits for it.
    ///
    /// Running custom senders are stopped. A running call continues, but nothing that it stores, sends or fires is visible
    /// after the reset.
    pub fn reset(&self) {
        self.current.reset();
    }
}

impl Drop for LocalPool {
    fn drop(&mut self) {
        // First, so that hardly a call comes after the store is closed. One that does fails.
        drop(self.server.take());
        let service = self.current.get();
        service.end();
        service.close_store();
    }
}
