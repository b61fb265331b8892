//! A KMS on loopback, so that a compiled function runs its real KMS path without AWS.
//!
//! It has four operations (Decrypt, Encrypt, GenerateDataKey, DescribeKey) and speaks the protocol of the real KMS, AWS
//! JSON 1.1. It knows [local keys](LocalKey) only. As on AWS, the key id and the encryption context must match;
//! signatures of requests are ignored. It listens on 127.0.0.1 only, and refuses web pages with `AccessDeniedException`.

mod operations;
mod shapes;

use std::{io, sync::Arc};

use cognito_triggers_kms::testing::LocalKey;
use hyper::{Request, body::Incoming};
use serde_json::Value;

use crate::{
    aws_json::{self, ServiceError, ServiceRequest},
    origin,
    server::Server,
};

/// The longest request that is read, in bytes. The longest ciphertext of KMS has 6,144 bytes.
const MAX_REQUEST: usize = 64 * 1024;

/// A running KMS. Dropping it ends the server.
///
/// ```
/// use cognito_triggers_kms::testing::LocalKey;
/// use cognito_triggers_loopback::{kms::LoopbackKms, seal::KEY_ARN};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let kms = LoopbackKms::start([LocalKey::new(KEY_ARN)?]).await?;
/// let variables = kms.environment(&["eu-central-1_aB3dE6gHi"]);
/// assert!(variables.contains(&("AWS_ENDPOINT_URL_KMS", kms.url())));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct LoopbackKms {
    server: Server,
    keys: Arc<[LocalKey]>,
}

impl LoopbackKms {
    /// Serves `keys` on a free port of 127.0.0.1. The first key is the one that [`environment`](Self::environment) names.
    ///
    /// # Errors
    /// Fails if no port is free.
    pub async fn start(keys: impl IntoIterator<Item = LocalKey>) -> io::Result<Self> {
        let keys: Arc<[LocalKey]> = keys.into_iter().collect();
        let served = Arc::clone(&keys);
        let server = Server::start(move |request| {
            let keys = Arc::clone(&served);
            async move { aws_json::response(answer(request, &keys).await) }
        })
        .await?;
        Ok(Self { server, keys })
    }

    /// The endpoint's URL, such as `http://127.0.0.1:49152`.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The environment variables of a function that uses this KMS and opens the codes of the user pools `pools`.
    ///
    /// They name the endpoint and the first key. They also override every setting that would lead the SDK away from
    /// the endpoint: ignored endpoint variables, FIPS and dual-stack endpoints, a proxy. The credentials are dummies,
    /// because an SDK doesn't send an unsigned request.
    #[must_use]
    pub fn environment(&self, pools: &[&str]) -> Vec<(&'static str, String)> {
        let mut environment = vec![
            ("AWS_ENDPOINT_URL_KMS", self.url()),
            ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false".to_owned()),
            ("AWS_USE_FIPS_ENDPOINT", "false".to_owned()),
            ("AWS_USE_DUALSTACK_ENDPOINT", "false".to_owned()),
            ("NO_PROXY", without_proxy("NO_PROXY")),
            ("no_proxy", without_proxy("no_proxy")),
            ("AWS_ACCESS_KEY_ID", "local".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
            ("COGNITO_USER_POOL_IDS", pools.join(",")),
        ];
        let key = self.keys.first();
        environment.extend(key.map(|key| ("COGNITO_KMS_KEY_ARN", key.arn().to_owned())));
        environment
    }
}

/// Runs the operation that a request names.
async fn answer(request: Request<Incoming>, keys: &[LocalKey]) -> Result<Value, ServiceError> {
    if !origin::is_program(request.headers()) {
        let message = "only programs on this machine may call this KMS: send no Origin, and 127.0.0.1 or localhost as Host";
        return Err(ServiceError::new("AccessDeniedException", message));
    }
    let request = ServiceRequest::read(request, MAX_REQUEST).await?;
    operations::run(&request, keys)
}

/// The hosts that the variable `name` excepts from proxies, and 127.0.0.1.
fn without_proxy(name: &str) -> String {
    let hosts = std::env::var(name).unwrap_or_default();
    let hosts: Vec<_> = hosts
        .split(',')
        .chain(["127.0.0.1"])
        .filter(|host| !host.is_empty())
        .collect();
    hosts.join(",")
}
