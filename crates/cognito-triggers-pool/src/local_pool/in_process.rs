//! Pools without a listener.

use std::sync::Arc;

use futures_util::FutureExt;

use super::LocalPool;
use super::builder::{Builder, StartError};
use crate::current::Current;
use crate::error::ApiError;

impl Builder {
    /// Creates the pools without a listener: only [`LocalPool::call`] reaches them.
    ///
    /// Use it in tests without a client, since it needs no port and no permission to listen. Address, port, listener and
    /// host names have no effect. Tokens name AWS as their issuer, as with [`aws_issuer`](Self::aws_issuer).
    ///
    /// Call it within a Tokio runtime: custom senders run in their own tasks.
    ///
    /// ```
    /// # use cognito_triggers_pool::LocalPool;
    /// # use serde_json::json;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let pool = LocalPool::builder().start_in_process()?;
    /// let input = json!({ "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!" });
    /// assert_eq!(pool.call("SignUp", input).await?["UserConfirmed"], false);
    /// assert_eq!(pool.endpoint(), "");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Fails if a template can't be read, the system has no source of randomness, or Cognito would refuse a pool, something that
    /// it has, or a user. Fails also for an OIDC provider on this machine, which can only be asked by [`start`](Self::start).
    pub fn start_in_process(self) -> Result<LocalPool, StartError> {
        let filled = self.aws_issuer().into_service(None).now_or_never();
        let (service, loaded) = filled.unwrap_or_else(|| {
            Err(StartError::Source(ApiError::invalid_parameter(
                "An OIDC provider on this machine has to be asked for its configuration, which needs `start`.",
            )))
        })?;
        Ok(LocalPool::new(Arc::new(Current::new(service)), None, loaded))
    }
}
