//! Pools that serve HTTPS.

use cognito_triggers_loopback::certificate::Certificate;

use super::builder::Builder;

impl Builder {
    /// Serves HTTPS with this certificate. The endpoint, the issuer of tokens and all URLs in documents begin with `https:`.
    ///
    /// Clients have to trust [`Certificate::authority_pem`]. Programs on this machine may still call the API in plain HTTP at the
    /// same port, as functions do that call Amazon Cognito; every other request needs TLS. Needs the feature `tls`.
    ///
    /// ```
    /// # use cognito_triggers_pool::{Certificate, LocalPool};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let certificate = Certificate::for_this_machine(["pool.test"])?;
    /// let pool = LocalPool::builder()
    ///     .tls(certificate.clone())
    ///     .allow_host("pool.test")
    ///     .start()
    ///     .await?;
    /// assert!(pool.endpoint().starts_with("https://127.0.0.1:"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn tls(mut self, certificate: Certificate) -> Self {
        self.certificate = Some(certificate);
        self
    }
}
