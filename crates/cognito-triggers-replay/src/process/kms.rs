//! A binary that opens codes, run without AWS.

use std::sync::Arc;

use crate::{Process, kms::LoopbackKms};

impl Process {
    /// Leads the function to `kms`, to open the codes of `pools`: its environment becomes
    /// [that](LoopbackKms::environment) of the KMS, which runs at least as long as this.
    ///
    /// ```no_run
    /// use cognito_triggers_kms::testing::LocalKey;
    /// use cognito_triggers_replay::{Process, Replay, kms::LoopbackKms, seal::KEY_ARN};
    ///
    /// # async fn test() -> Result<(), Box<dyn std::error::Error>> {
    /// let kms = LoopbackKms::start([LocalKey::new(KEY_ARN)?]).await?;
    /// let function = Process::cargo_bin("send-codes")?.kms(kms, &["eu-central-1_Tr1gg3rs0"]);
    /// Replay::dir("cases").against(function).await.assert();
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn kms(mut self, kms: impl Into<Arc<LoopbackKms>>, pools: &[&str]) -> Self {
        let kms = kms.into();
        for (name, value) in kms.environment(pools) {
            self = self.env(name, value);
        }
        self.settings.kms = Some(kms);
        self
    }
}
