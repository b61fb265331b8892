//! A local user pool for tests in Rust.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::functions::{Functions, NoFunctions};
use crate::ids::Ids;
use crate::messages::OutboxMessage;
use crate::server;
use crate::service::{Options, Service};
use crate::state::{AppClient, Settings, UserPool, standard_schema};
use crate::triggers::TriggerRecord;

/// A listener with local user pools. It ends when it is dropped.
#[derive(Debug)]
pub struct LocalPool {
    service: Arc<Service>,
    address: SocketAddr,
    listener: JoinHandle<()>,
}

/// Settings of a [`LocalPool`] that is about to start.
#[must_use]
pub struct Builder {
    functions: Arc<dyn Functions>,
    port: u16,
    seed: Option<u64>,
    code: Option<String>,
    options: Options,
    pool: Map<String, Value>,
    client: Map<String, Value>,
}

impl LocalPool {
    /// Begins to build a pool.
    pub fn builder() -> Builder {
        Builder {
            functions: Arc::new(NoFunctions),
            port: 0,
            seed: None,
            code: None,
            options: Options::default(),
            pool: Map::new(),
            client: Map::new(),
        }
    }

    /// Where clients reach the API: `http://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The clock of all pools, to read and to move.
    pub fn clock(&self) -> &Clock {
        &self.service.clock
    }

    /// The triggers that were fired, the oldest first.
    pub fn events(&self) -> Vec<TriggerRecord> {
        self.service.records.since(0)
    }

    /// The messages that were sent, the oldest first.
    pub fn messages(&self) -> Vec<OutboxMessage> {
        self.service.outbox.all()
    }
}

impl Drop for LocalPool {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

impl Builder {
    /// Runs the functions that the hooks of the pools name.
    pub fn functions(self, functions: impl Functions) -> Self {
        Self {
            functions: Arc::new(functions),
            ..self
        }
    }

    /// Listens at this port. Without one, the system chooses a free port.
    pub fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// Makes the same ids, codes and passwords in every run.
    pub fn seed(self, seed: u64) -> Self {
        Self {
            seed: Some(seed),
            ..self
        }
    }

    /// Sends this code in every message.
    pub fn code(self, code: impl Into<String>) -> Self {
        Self {
            code: Some(code.into()),
            ..self
        }
    }

    /// Lets a function that Cognito waits for take this long, instead of five seconds.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.options.deadline = deadline;
        self
    }

    /// Has tokens name AWS as their issuer, `https://cognito-idp.REGION.amazonaws.com/POOL`, instead of the listener.
    pub fn aws_issuer(mut self) -> Self {
        self.options.aws_issuer = true;
        self
    }

    /// Sets a member of the pool, as CreateUserPool has it: `AutoVerifiedAttributes`.
    pub fn pool_setting(mut self, member: &str, value: Value) -> Self {
        self.pool.insert(member.to_owned(), value);
        self
    }

    /// Sets a member of the app client, as CreateUserPoolClient has it.
    pub fn client_setting(mut self, member: &str, value: Value) -> Self {
        self.client.insert(member.to_owned(), value);
        self
    }

    /// Starts to listen on loopback.
    ///
    /// # Errors
    /// The port is taken.
    pub async fn start(self) -> io::Result<LocalPool> {
        let tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).await?;
        let address = tcp.local_addr()?;
        let ids = Ids::new(self.seed, self.code);
        let service = Arc::new(Service::new(ids, self.functions, self.options));
        service.set_endpoint(format!("http://{address}"));
        add_local_pool(&service, self.pool, self.client);
        service.mark_start();
        let listener = tokio::spawn(server::serve(tcp, service.clone()));
        Ok(LocalPool {
            service,
            address,
            listener,
        })
    }
}

fn add_local_pool(service: &Service, members: Map<String, Value>, client: Map<String, Value>) {
    let now = service.clock.now();
    let id = "us-east-1_localpool".to_owned();
    let name = "localpool".to_owned();
    let schema = standard_schema();
    let mut pool = UserPool::new(Settings {
        id,
        name,
        created: now,
        modified: now,
        schema,
        members,
    });
    let client = AppClient {
        id: "localclient".to_owned(),
        pool_id: pool.settings.id.clone(),
        secret: None,
        created: now,
        modified: now,
        members: client,
    };
    pool.clients.insert(client.id.clone(), Arc::new(client));
    service.write(|state| state.pools.insert(pool.settings.id.clone(), pool));
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("port", &self.port)
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}
