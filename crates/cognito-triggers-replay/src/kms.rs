//! A KMS on loopback, so that a compiled function runs its real KMS path without AWS.
//!
//! It knows four operations (Decrypt, Encrypt, GenerateDataKey, DescribeKey) in the protocol of the real one, AWS JSON
//! 1.1, and serves [local keys](LocalKey) only. Key id and encryption context are enforced; signatures
//! of requests aren't looked at. It listens on 127.0.0.1 and nowhere else.

mod operations;
mod server;
mod wire;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use cognito_triggers_kms::testing::LocalKey;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A running KMS. It ends when this is dropped.
#[derive(Debug)]
pub struct LoopbackKms {
    address: SocketAddr,
    keys: Arc<[LocalKey]>,
    server: JoinHandle<()>,
}

impl LoopbackKms {
    /// Serves `keys` on a free port.
    ///
    /// # Errors
    /// There is no free port.
    pub async fn start(keys: impl IntoIterator<Item = LocalKey>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let keys: Arc<[LocalKey]> = keys.into_iter().collect();
        let server = tokio::spawn(server::serve(listener, keys.clone()));
        Ok(Self {
            address,
            keys,
            server,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The environment that leads a function here: the endpoint, that it counts and is reached without a proxy, and that
    /// none of another kind is wanted, which no SDK takes beside a named one; credentials that mean nothing, the first key,
    /// and the pools whose codes the function is to open.
    #[must_use]
    pub fn environment(&self, pools: &[&str]) -> Vec<(&'static str, String)> {
        let key = self.keys.first().map(|key| key.arn().to_owned());
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
        environment.extend(key.map(|arn| ("COGNITO_KMS_KEY_ARN", arn)));
        environment
    }
}

/// The hosts that a variable excepts from proxies, and this machine.
fn without_proxy(name: &str) -> String {
    let hosts = std::env::var(name).unwrap_or_default();
    let hosts: Vec<_> = hosts
        .split(',')
        .chain(["127.0.0.1"])
        .filter(|host| !host.is_empty())
        .collect();
    hosts.join(",")
}

impl Drop for LoopbackKms {
    fn drop(&mut self) {
        self.server.abort();
    }
}
