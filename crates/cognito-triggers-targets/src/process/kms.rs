//! A custom sender that decrypts codes, run without AWS.
//!
//! `cognito_triggers_loopback::seal` makes codes for such a function.

use std::sync::Arc;

use cognito_triggers_loopback::kms::LoopbackKms;

use super::Process;

impl Process {
    /// Points the function at `kms`, to decrypt the codes of the user pools `pools`. It sets the variables that
    /// [`LoopbackKms::environment`] returns. The KMS runs as long as this target.
    ///
    /// ```no_run
    /// use cognito_triggers_kms::testing::LocalKey;
    /// use cognito_triggers_loopback::{kms::LoopbackKms, seal::KEY_ARN};
    /// use cognito_triggers_targets::Process;
    ///
    /// # async fn test() -> Result<(), Box<dyn std::error::Error>> {
    /// let kms = LoopbackKms::start([LocalKey::new(KEY_ARN)?]).await?;
    /// let function = Process::cargo_bin("send-codes")?.kms(kms, &["eu-central-1_Tr1gg3rs0"]);
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
