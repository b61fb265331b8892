//! Pools that keep what is stored in a directory.

use std::path::PathBuf;

use super::builder::Builder;

impl Builder {
    /// Keeps everything that is stored in this directory, which is created if it doesn't exist. By default, it is only in memory.
    ///
    /// A call is answered once what it stored is on the disk, so it survives the end of the process and a power loss. The next
    /// start with the directory continues there: with the same users, ids, refresh tokens and keys that sign tokens. What was
    /// added to the builder is applied once, and again when it has changed: a pool then gets the new settings and keeps its
    /// users. The clock, messages and events aren't stored, and neither are unfinished sign-ins.
    ///
    /// Only one process can use a directory at a time. Dropping the [`LocalPool`](crate::LocalPool) gives it free.
    ///
    /// ```
    /// # use cognito_triggers_pool::LocalPool;
    /// # use serde_json::json;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("local-pool-{}", std::process::id()));
    /// let pool = LocalPool::builder().data(&directory).start().await?;
    /// let input = json!({ "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!" });
    /// pool.call("SignUp", input).await?;
    /// drop(pool);
    ///
    /// let pool = LocalPool::builder().data(&directory).start().await?;
    /// let input = json!({ "UserPoolId": "us-east-1_localpool", "Username": "ana" });
    /// assert_eq!(pool.call("AdminGetUser", input).await?["UserStatus"], "UNCONFIRMED");
    /// # drop(pool);
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn data(mut self, directory: impl Into<PathBuf>) -> Self {
        self.data = Some(directory.into());
        self
    }
}
