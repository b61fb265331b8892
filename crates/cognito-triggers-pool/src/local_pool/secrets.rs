//! What an app that knows the secret of its app client sends.

use super::LocalPool;
use crate::secret_hash;

impl LocalPool {
    /// The secret hash of a user name for an app client: what an app that knows the secret sends as `SECRET_HASH`.
    ///
    /// `None` if there is no such client, or it has no secret.
    ///
    /// ```
    /// # use cognito_triggers_pool::LocalPool;
    /// # use serde_json::json;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let pool = LocalPool::builder().client_setting("ClientSecret", json!("secret")).start().await?;
    /// assert!(pool.secret_hash("localclient", "ana").is_some());
    /// # Ok(())
    /// # }
    /// ```
    pub fn secret_hash(&self, client_id: &str, user_name: &str) -> Option<String> {
        self.current.get().read(|state| {
            let (_, client) = state.client(client_id).ok()?;
            let secret = client.secret.as_deref()?;
            Some(secret_hash::of(user_name, client_id, secret))
        })
    }

    /// The secret of an app client: what an app that knows it sends as `ClientSecret`, or as `Secret` to GetClientToken.
    ///
    /// `None` if there is no such client, or it has no secret.
    ///
    /// ```
    /// # use cognito_triggers_pool::LocalPool;
    /// # use serde_json::json;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let pool = LocalPool::builder().client_setting("ClientSecret", json!("secret")).start().await?;
    /// assert_eq!(pool.client_secret("localclient").as_deref(), Some("secret"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_secret(&self, client_id: &str) -> Option<String> {
        self.current
            .get()
            .read(|state| state.client(client_id).ok()?.1.secret.clone())
    }
}
