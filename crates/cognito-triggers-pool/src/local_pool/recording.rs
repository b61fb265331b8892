//! Recordings of a pool: writing one, and serving what one was made of.

use std::collections::BTreeMap;
use std::io::Write;

use super::builder::Builder;
use super::recorded::Recorded;
use crate::recording::Header;

impl Builder {
    /// Writes every call to a [recording](crate::recording), from the start on: a line of JSON for each, without secrets.
    ///
    /// A line is written and flushed before the caller gets the answer. If that fails, the recording ends, the pool goes on, and
    /// [`Activity::RecordingFailed`](crate::Activity::RecordingFailed) is reported once.
    ///
    /// ```
    /// # use cognito_triggers_pool::{LocalPool, recording::Recording};
    /// # use serde_json::json;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let path = std::env::temp_dir().join(format!("recording-{}", std::process::id()));
    /// let file = std::fs::File::create_new(&path)?;
    /// let pool = LocalPool::builder().record(file).start().await?;
    /// pool.call("SignUp", json!({ "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!" })).await?;
    ///
    /// let recording = Recording::parse(&std::fs::read_to_string(&path)?)?;
    /// let call = recording.calls().next().ok_or("nothing was recorded")?;
    /// assert_eq!(call.request["Password"], "{{password-1}}");
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn record(mut self, writer: impl Write + Send + 'static) -> Self {
        self.recording = Some(Box::new(writer));
        self
    }

    /// Serves what a recording was made of: its pools with their app clients and users, in place of everything else that is added.
    ///
    /// A recording has no passwords, so `passwords` has one for each user who needs one, by the id of the pool and the user name. A user
    /// who is stored with a password and isn't in it gets one that nobody knows. App clients with a secret get a new one, which
    /// DescribeUserPoolClient returns.
    ///
    /// OIDC providers on this machine aren't asked for their configuration: a recording may come from elsewhere, and says which servers
    /// these are.
    ///
    /// ```
    /// # use std::collections::BTreeMap;
    /// # use cognito_triggers_pool::{LocalPool, recording::Recording};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let path = std::env::temp_dir().join(format!("recorded-{}", std::process::id()));
    /// drop(LocalPool::builder().record(std::fs::File::create_new(&path)?).start().await?);
    /// let recording = Recording::parse(&std::fs::read_to_string(&path)?)?;
    /// # std::fs::remove_file(&path)?;
    /// let pool = LocalPool::builder().recorded(&recording.header, BTreeMap::new()).start().await?;
    /// assert_eq!(pool.user_pools()[0]["id"], "us-east-1_localpool");
    /// # Ok(())
    /// # }
    /// ```
    pub fn recorded(mut self, header: &Header, passwords: BTreeMap<(String, String), String>) -> Self {
        self.options.aws_issuer = header.aws_issuer;
        self.options.is_discovering = false;
        self.recorded = Some(Recorded {
            state: header.state.to_string(),
            passwords,
        });
        self
    }
}
