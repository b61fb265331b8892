//! The builder of a [`LocalPool`].

use std::fmt;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

#[cfg(feature = "tls")]
use cognito_triggers_loopback::certificate::Certificate;
use cognito_triggers_loopback::server::Server;
use serde_json::Value;
use tokio::net::TcpListener;

use super::LocalPool;
use super::fill::{self, Contents};
use super::recorded::Recorded;
use crate::current::Current;
use crate::error::ApiError;
use crate::functions::{Functions, NoFunctions};
use crate::ids::Ids;
use crate::keys;
use crate::recording::Recorder;
use crate::server;
use crate::service::{Options, Service};
use crate::source::ResourceKind;
use crate::state::State;
use crate::store::{self, DataError, Log};
use crate::template::{PoolTemplate, TemplateError};

/// Settings of a [`LocalPool`] that is about to start.
///
/// Nothing is checked until [`start`](Self::start), which returns the first problem.
///
/// ```
/// use cognito_triggers_pool::LocalPool;
/// use serde_json::json;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let pool = LocalPool::builder()
///     .user_pool(json!({ "Id": "eu-central-1_shop", "PoolName": "shop" }))
///     .app_client("eu-central-1_shop", json!({ "ClientId": "web", "ClientName": "web" }))
///     .user("eu-central-1_shop", json!({
///         "Username": "ana",
///         "Password": "Passw0rd!",
///         "Attributes": [{ "Name": "email", "Value": "ana@example.com" }],
///     }))
///     .port(0)
///     .address(std::net::Ipv4Addr::LOCALHOST.into())
///     .code("123456")
///     .seed(1)
///     .deadline(std::time::Duration::from_secs(60))
///     .aws_issuer()
///     .start()
///     .await?;
///
/// let input = json!({ "UserPoolId": "eu-central-1_shop", "Username": "ana" });
/// let ana = pool.call("AdminGetUser", input).await?;
/// assert_eq!(ana["UserStatus"], "CONFIRMED");
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct Builder {
    /// Runs every trigger of every pool.
    functions: Arc<dyn Functions>,
    /// The address that the listener binds to, with `port`. Neither is used if there is a `listener`.
    address: IpAddr,
    /// The system chooses a free port for 0.
    port: u16,
    listener: Option<TcpListener>,
    /// `None` serves HTTP.
    #[cfg(feature = "tls")]
    pub(super) certificate: Option<Certificate>,
    /// `None` uses the random numbers of the system.
    seed: Option<u64>,
    /// `None` generates a new code for each message.
    code: Option<String>,
    pub(super) options: Options,
    /// Files of templates to add.
    templates: Vec<PathBuf>,
    contents: Contents,
    /// Where the state is kept. `None` keeps it in memory.
    pub(super) data: Option<PathBuf>,
    /// Where the calls are written. `None` records none.
    pub(super) recording: Option<Box<dyn Write + Send>>,
    /// What a recording was made of, to play it again.
    pub(super) recorded: Option<Recorded>,
}

impl Builder {
    /// The default: one pool on 127.0.0.1, on a port that the system chooses, without functions.
    pub(super) fn new() -> Self {
        Self {
            functions: Arc::new(NoFunctions),
            address: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            listener: None,
            #[cfg(feature = "tls")]
            certificate: None,
            seed: None,
            code: None,
            options: Options::default(),
            templates: Vec::new(),
            contents: Contents::default(),
            data: None,
            recording: None,
            recorded: None,
        }
    }

    /// Sets what runs the functions that `LambdaConfig` of the pools names.
    ///
    /// Without it, every trigger in `LambdaConfig` fails with `UnexpectedLambdaException`, as for a function
    /// that doesn't exist.
    pub fn functions(self, functions: impl Functions) -> Self {
        Self {
            functions: Arc::new(functions),
            ..self
        }
    }

    /// Listens on this port. By default, the system chooses a free port.
    ///
    /// `start` fails with [`StartError::Listen`] if another process uses the port.
    pub fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// Listens on this address instead of 127.0.0.1. Everybody who can reach it can use the pools.
    ///
    /// For example, a pool in a container has to listen on all addresses, `0.0.0.0`. The `Host` header of requests is still
    /// checked.
    pub fn address(self, address: IpAddr) -> Self {
        Self { address, ..self }
    }

    /// Accepts requests whose `Host` header has this name, such as the name of a container.
    ///
    /// IP addresses, `localhost`, names that end with `.localhost` and `host.docker.internal` are always accepted.
    /// Other names are refused, because a website could point its own name to this machine (DNS rebinding).
    ///
    /// The name also opens the API to web pages of that name, so it has to be one that you control.
    ///
    /// Give the name without a port; neither case nor a dot at the end matters. Call it once for each name.
    pub fn allow_host(mut self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.options.hosts.push(name.trim_end_matches('.').to_owned());
        self
    }

    /// Uses this listener, so that you know the address before the pool starts. `address` and `port` have no effect then.
    ///
    /// ```
    /// # use cognito_triggers_pool::LocalPool;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    /// let address = listener.local_addr()?;
    /// let pool = LocalPool::builder().listener(listener).start().await?;
    /// assert_eq!(pool.endpoint(), format!("http://{address}"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn listener(self, listener: TcpListener) -> Self {
        Self {
            listener: Some(listener),
            ..self
        }
    }

    /// Generates the same ids, codes and passwords in every run.
    ///
    /// The keys that sign tokens stay random, and dates still come from the clock. The generated secrets can be guessed:
    /// use it in tests only.
    pub fn seed(self, seed: u64) -> Self {
        Self {
            seed: Some(seed),
            ..self
        }
    }

    /// Sends this code in every message.
    ///
    /// It applies to sign-up, sign-in, forgotten passwords and the verification of attributes. It doesn't apply to temporary passwords,
    /// which are random or given by the caller.
    pub fn code(self, code: impl Into<String>) -> Self {
        Self {
            code: Some(code.into()),
            ..self
        }
    }

    /// Sets the time limit of one invocation of a function, instead of five seconds.
    ///
    /// The pool invokes a function up to three times if it doesn't answer in time, so a call can take three times as long.
    /// No call waits for custom senders.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.options.deadline = deadline;
        self
    }

    /// Keeps the logs of functions that succeeded, too, as far as [`Functions::invoke_with_log`](crate::Functions::invoke_with_log)
    /// returns them. Without it, [`TriggerRecord::log`](crate::TriggerRecord::log) is empty for them.
    ///
    /// The logs of a hundred triggers are kept, those of failures and those of successes together.
    ///
    /// ```no_run
    /// # use cognito_triggers_pool::{LocalPool, TargetFunctions};
    /// # use cognito_triggers_targets::Process;
    /// # use serde_json::json;
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// # let arn = "arn:aws:lambda:us-east-1:123456789012:function:sign-up";
    /// let pool = LocalPool::builder()
    ///     .pool_setting("LambdaConfig", json!({ "PreSignUp": arn }))
    ///     .functions(TargetFunctions::new(Process::cargo_bin("sign-up")?).all_logs())
    ///     .all_logs()
    ///     .start()
    ///     .await?;
    /// # let input = json!({ "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!" });
    /// pool.call("SignUp", input).await?;
    /// println!("{}", pool.events()[0].log);
    /// # Ok(())
    /// # }
    /// ```
    pub fn all_logs(mut self) -> Self {
        self.options.all_logs = true;
        self
    }

    /// Sets the issuer of tokens to that of AWS, `https://cognito-idp.REGION.amazonaws.com/POOL`, instead of the listener's URL.
    ///
    /// Applications that verify tokens compare `iss` with their configuration. The listener serves the keys in either
    /// case, at `/POOL/.well-known/jwks.json`.
    pub fn aws_issuer(mut self) -> Self {
        self.options.aws_issuer = true;
        self
    }

    /// Adds a user pool: the input of CreateUserPool with an `Id`, or the output of DescribeUserPool.
    ///
    /// Without any, there is the default pool `us-east-1_localpool` with the app client `localclient`, which allows all
    /// sign-in flows. With one, the default pool doesn't exist, and [`pool_setting`](Self::pool_setting) has no effect.
    ///
    /// It may also have the members of GetUserPoolMfaConfig, which choose the second factors.
    ///
    /// Members that DescribeUserPool computes, such as `Arn`, are ignored. Dates are numbers of seconds since 1970.
    pub fn user_pool(mut self, pool: Value) -> Self {
        self.contents.pools.push(pool);
        self
    }

    /// Adds the user pools of a CloudFormation or SAM template, with their app clients, domains, resource servers, identity
    /// providers and groups, and the triggers of SAM events.
    ///
    /// `start` reads the file. The ids are derived from the logical ids, so they stay the same in every run;
    /// [`LocalPool::user_pools`] returns them. The name of a function is its logical id, unless the template gives an ARN. A
    /// setting whose value is known only at deployment is left out: [`LocalPool::left_out_of_templates`] lists those.
    ///
    /// ```no_run
    /// use cognito_triggers_pool::{LocalPool, TargetFunctions};
    /// use cognito_triggers_targets::Process;
    ///
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let pool = LocalPool::builder()
    ///     .template("template.yaml")
    ///     .functions(TargetFunctions::new(Process::cargo_bin("my-function")?))
    ///     .start()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn template(mut self, path: impl Into<PathBuf>) -> Self {
        self.templates.push(path.into());
        self
    }

    /// Adds an app client to a pool: the input of CreateUserPoolClient with a `ClientId` and a `ClientSecret`, or the output
    /// of DescribeUserPoolClient.
    ///
    /// Add the pool as well, before or after it. Without a `ClientId`, the client gets a random one.
    pub fn app_client(mut self, user_pool_id: impl Into<String>, client: Value) -> Self {
        self.contents.clients.push((user_pool_id.into(), client));
        self
    }

    /// Adds a domain, a group, an identity provider or a resource server to a pool: the input of the operation that creates it, or
    /// the output of the one that describes it. Its `UserPoolId` is ignored.
    ///
    /// An OIDC provider on this machine is asked for its configuration, so it must be running.
    ///
    /// ```
    /// use cognito_triggers_pool::{LocalPool, ResourceKind};
    /// use serde_json::json;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let server = json!({
    ///     "Identifier": "shop", "Name": "shop", "Scopes": [{ "ScopeName": "read", "ScopeDescription": "Read" }],
    /// });
    /// let pool = LocalPool::builder()
    ///     .resource("us-east-1_localpool", ResourceKind::ResourceServer, server)
    ///     .start()
    ///     .await?;
    /// let input = json!({ "UserPoolId": "us-east-1_localpool", "Identifier": "shop" });
    /// let described = pool.call("DescribeResourceServer", input).await?;
    /// assert_eq!(described["ResourceServer"]["Name"], "shop");
    /// # Ok(())
    /// # }
    /// ```
    pub fn resource(mut self, user_pool_id: impl Into<String>, kind: ResourceKind, settings: Value) -> Self {
        self.contents
            .resources
            .push((user_pool_id.into(), kind, settings));
        self
    }

    /// Adds a user to a pool: an element of `Users` from the output of ListUsers. It may also have a `Password`.
    ///
    /// A user without `UserStatus` is `CONFIRMED`, and one without `Enabled` is enabled. The password isn't checked
    /// against the policy; a user without one can't sign in with a password. A `sub` among the attributes is kept.
    pub fn user(mut self, user_pool_id: impl Into<String>, user: Value) -> Self {
        self.contents.users.push((user_pool_id.into(), user));
        self
    }

    /// Sets a member of the pool `us-east-1_localpool`, as in the input of CreateUserPool, such as `AutoVerifiedAttributes`.
    ///
    /// If a member is set twice, the last value wins. `start` validates it as CreateUserPool does.
    pub fn pool_setting(mut self, member: &str, value: Value) -> Self {
        self.contents.pool.insert(member.to_owned(), value);
        self
    }

    /// Sets a member of the app client `localclient`, as in the input of CreateUserPoolClient.
    ///
    /// If a member is set twice, the last value wins. You can also set `ClientSecret`, so that a test can compute a secret
    /// hash.
    pub fn client_setting(mut self, member: &str, value: Value) -> Self {
        self.contents.client.insert(member.to_owned(), value);
        self
    }

    /// Creates the pools and starts the listener.
    ///
    /// The pools accept calls as soon as this returns. The keys that sign tokens are generated in the background: the
    /// first sign-in may wait for them.
    ///
    /// # Errors
    /// Fails if the port is taken, the system has no source of randomness, a template can't be read, or Cognito would refuse
    /// a pool, something that it has, or a user.
    pub async fn start(mut self) -> Result<LocalPool, StartError> {
        let tcp = match self.listener.take() {
            Some(listener) => listener,
            None => TcpListener::bind((self.address, self.port))
                .await
                .map_err(StartError::Listen)?,
        };
        let mut address = tcp.local_addr().map_err(StartError::Listen)?;
        // A client can't connect to `0.0.0.0`, but reaches such a listener on loopback.
        if address.ip().is_unspecified() {
            address.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        let settings = Server::builder();
        #[cfg(feature = "tls")]
        let settings = match self.certificate.take() {
            Some(certificate) => settings.tls(certificate),
            None => settings,
        };
        let (service, loaded) = self
            .into_service(Some(format!("{}://{address}", settings.scheme())))
            .await?;
        let current = Arc::new(Current::new(service));
        let server = server::serve(settings, tcp, Arc::clone(&current)).map_err(StartError::Listen)?;
        Ok(LocalPool::new(current, Some(server), loaded))
    }

    /// Creates the pools, what they have, and the users, or reads them from the directory. Also returns what was read, a sentence
    /// for each fact. It waits only for OIDC providers on this machine.
    pub(super) async fn into_service(
        mut self,
        endpoint: Option<String>,
    ) -> Result<(Arc<Service>, Vec<String>), StartError> {
        for path in std::mem::take(&mut self.templates) {
            let template = PoolTemplate::read_file(&path).map_err(StartError::Template)?;
            self.contents.pools.extend(template.pools);
            self.contents.clients.extend(template.clients);
            self.contents.resources.extend(template.resources);
            self.options.left_out.extend(template.left_out);
        }
        let ids = Ids::new(self.seed, self.code.clone()).map_err(StartError::Randomness)?;
        let service = Arc::new(Service::new(ids, self.functions, self.options));
        if let Some(endpoint) = endpoint {
            service.set_endpoint(endpoint);
        }
        let mut loaded = Vec::new();
        let log = match &self.data {
            Some(directory) => Some(load(&service, directory, &mut loaded).map_err(StartError::Data)?),
            None => None,
        };
        if service.read(|state| state.keys.is_none()) {
            // Generating the keys takes longer than the rest of the start.
            keys::prepare();
        }
        match self.recorded {
            Some(recorded) => recorded.load(&service).map_err(StartError::Recording)?,
            None => loaded.extend(self.contents.add_to(&service).await.map_err(StartError::Source)?),
        }
        if let Some(log) = log {
            service.attach(log).map_err(StartError::Data)?;
        }
        service.mark_start();
        if let Some(writer) = self.recording {
            let recorder = Recorder::new(writer);
            service
                .record_with(recorder)
                .map_err(|error| StartError::Recording(error.to_string()))?;
        }
        Ok((service, loaded))
    }
}

/// Reads what is stored in a directory.
fn load(service: &Service, directory: &Path, loaded: &mut Vec<String>) -> Result<Log, DataError> {
    let log = store::open(directory)?;
    let state = State::from_records(log.records())?
        .map_err(|(key, error)| DataError::record(log.path(), key.text(), error))?;
    loaded.push(fill::summary(directory, &state));
    if log.cut_off > 0 {
        loaded.push(format!(
            "{} bytes of a change that no caller was told of are cut off",
            log.cut_off
        ));
    }
    service.load(state);
    Ok(log)
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("port", &self.port)
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}

/// Why a [`LocalPool`] doesn't start.
///
/// `source` returns the cause: an IO error, the problem of a template, or the exception that Cognito would return.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// The listener can't use the port, for example because it is taken.
    Listen(io::Error),
    /// The system has no source of randomness for ids and codes. A pool with a seed needs none.
    Randomness(io::Error),
    /// A template can't be read, or has no user pool.
    Template(TemplateError),
    /// Cognito would refuse a pool, something that it has, or a user.
    Source(ApiError),
    /// The directory of [`Builder::data`] can't be used.
    Data(DataError),
    /// The first line of a recording can't be written, or the state in one can't be read.
    Recording(String),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen(_) => f.write_str("the local user pool can't listen on its port"),
            Self::Randomness(_) => {
                f.write_str("the local user pool can't start: the system has no source of randomness")
            }
            Self::Template(_) => f.write_str("the template of the local user pool can't be used"),
            Self::Source(_) => f.write_str("the local user pool can't be set up"),
            Self::Data(_) => f.write_str("the data of the local user pool can't be used"),
            Self::Recording(problem) => {
                write!(f, "the recording of the local user pool can't be used: {problem}")
            }
        }
    }
}

impl std::error::Error for StartError {
    /// The error behind this one. Only a recording has none.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen(error) | Self::Randomness(error) => Some(error),
            Self::Template(error) => Some(error),
            Self::Source(error) => Some(error),
            Self::Data(error) => Some(error),
            Self::Recording(_) => None,
        }
    }
}
