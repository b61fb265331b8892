//! Running a function on Lambda: the only part that talks to the outside.
//!
//! # The log
//!
//! Each call is a span, `trigger`, in which your own events stand, and ends with one event of the target
//! `cognito_triggers::function`. As text, a line is
//!
//! ```text
//! 2026-11-27T01:15:27.696454Z  INFO trigger{request_id="8476a536" source="PreSignUp_SignUp" route="pre_sign_up"}: cognito_triggers::function: answered outcome="Answered" duration_ms=2
//! ```
//!
//! and as JSON, which `AWS_LAMBDA_LOG_FORMAT=JSON` asks for,
//!
//! ```json
//! {
//!   "timestamp": "2026-11-27T01:15:27.696454Z",
//!   "level": "INFO",
//!   "message": "answered",
//!   "outcome": "Answered",
//!   "duration_ms": 2,
//!   "target": "cognito_triggers::function",
//!   "span": {"request_id": "8476a536", "source": "PreSignUp_SignUp", "route": "pre_sign_up", "name": "trigger"}
//! }
//! ```
//!
//! | field of the span | meaning |
//! |---|---|
//! | `request_id` | Lambda's id of the call, which the user reads as the reference of an internal error |
//! | `xray_trace_id` | the X-Ray trace; absent if Lambda sent none |
//! | `source` | `triggerSource` of the event; absent if the event can't be parsed |
//! | `user_pool_id`, `client_id` | the pool and the app client; the latter is absent if Cognito sent none |
//! | `route` | the line of the router, `otherwise` among them; absent if none takes the event |
//!
//! | field of the event | meaning |
//! |---|---|
//! | `outcome` | `Answered`, or an [`ErrorType`](crate::function::ErrorType) |
//! | `duration_ms` | from the arrival of the event to its answer, in milliseconds, without what the log itself takes |
//! | `reason` | with `Rejected`, at the level `INFO`: the text of the rejection and its causes |
//! | `error` | with every other error, at the level `ERROR`: what happened, with all causes |
//!
//! A rule of Cognito that an answer breaks is an event of the target `cognito_triggers::rules` at the level `WARN`, with the
//! fields `rule` and `path`. Values of an event or an answer aren't among the fields.
//!
//! # The order of things
//!
//! 1. The event is received, and the layers and the function run.
//! 2. The answer is sent.
//! 3. While it is on its way, the rules are checked and the line is written.
//! 4. The next event is asked for. Only from then on does Lambda freeze the process, so no line is lost.
//!
//! With a subscriber of your own, step 3 comes before step 2, at the end of the function and within the layers: a layer
//! that flushes spans finds the call complete.

mod api;
mod environment;
mod http;
mod service;
mod worker;

use std::{
    convert::Infallible,
    env,
    io::Write,
    sync::Arc,
    time::{Duration, Instant},
};

use cognito_triggers_model::{answer::Answer, payload::Payload};
use lambda_runtime::{
    LambdaEvent,
    tower::{
        Layer, Service,
        layer::util::{Identity, Stack},
    },
};

pub use crate::run_error::RunError;
use crate::{
    catch_panic::{catch_panic, catch_panic_async},
    cold_start::ColdStart,
    error::BoxError,
    function::Function,
    logging,
    recorder::Calls,
    router::Router,
    run_error::Kind,
};

use self::{
    api::RuntimeApi,
    environment::{ApiAddress, Environment},
};

/// If this variable is set, [`run`] prints the routes and ends. The command-line tool asks a binary for its routes this way.
#[doc(hidden)]
pub const DESCRIBE: &str = "COGNITO_TRIGGERS_DESCRIBE";

/// Runs the function: takes events from Lambda and answers them, until Lambda ends the process.
///
/// ```no_run
/// # use cognito_triggers::{Router, RunError, pass_through, router};
/// # fn triggers() -> Router<()> { router! { otherwise => pass_through } }
/// #[tokio::main(flavor = "current_thread")]
/// async fn main() -> Result<(), RunError> {
///     cognito_triggers::run(triggers(), ()).await
/// }
/// ```
///
/// - **Tokio runtime.** Use `flavor = "current_thread"` on classic Lambda, where a process has one call at a time: a warm
///   call then takes 0.6 of the time. Use the multi-thread runtime on Managed Instances with more than one processor, and
///   where a handler computes for long or blocks its thread.
/// - **Concurrency.** One call at a time on classic Lambda; as many as `AWS_LAMBDA_MAX_CONCURRENCY` says on Managed
///   Instances.
/// - **Logs** go to standard output through `tracing`: as JSON if `AWS_LAMBDA_LOG_FORMAT` is `JSON`, from the level of
///   `AWS_LAMBDA_LOG_LEVEL` on, else of `RUST_LOG`, else `INFO`. Each call is a span with route, source, pool, client
///   and request id, and ends with one line: outcome and duration, and the whole text of an error. What the library
///   itself writes has no user name, no attribute and no secret. Requests and answers that the AWS SDK logs at `TRACE` are
///   left out. A subscriber that was installed before stays.
/// - **Cold starts** count against the five seconds that Cognito waits. If an event was there already when the process
///   could take its first one, the time since `run` was called is deducted from [`Function::timeout`] and from
///   [`Context::deadline`](crate::Context::deadline) of that call. Put what takes long into [`run_with`], where it is seen.
/// - **Panics** end a call, not the process, as long as the profile doesn't say `panic = "abort"`.
/// - **A Runtime API that fails** is asked again after a pause that grows. After eight failures in a row, or if it refuses
///   a connection, `run` returns an error, so that Lambda replaces the process.
/// - **SIGTERM** ends the process in order: calls that are under way are answered, and `run` returns.
///
/// For layers around the function and for another timeout see [`Runtime`].
///
/// # Errors
/// If this isn't a Lambda environment, or the Runtime API doesn't work.
pub async fn run<S: Send + Sync + 'static>(
    router: Router<S>,
    state: impl Into<Arc<S>>,
) -> Result<(), RunError> {
    Runtime::new(router).run(state).await
}

/// Runs the function as [`run`] does, with a state that is made first: `run_with(triggers(), App::from_env)`.
///
/// Use it where making the state can fail, or needs settings or connections. The logs are set up before, and a binary
/// that is only asked for its routes answers without the settings. A failure is logged and reported to Lambda's
/// `init/error`, without its text.
///
/// ```no_run
/// # use cognito_triggers::{Router, RunError, pass_through, router, run_with};
/// struct App { mail_from: String }
///
/// impl App {
///     async fn from_env() -> Result<Self, std::env::VarError> {
///         Ok(Self { mail_from: std::env::var("MAIL_FROM")? })
///     }
/// }
///
/// # fn triggers() -> Router<App> { router! { otherwise => pass_through } }
/// #[tokio::main(flavor = "current_thread")]
/// async fn main() -> Result<(), RunError> {
///     run_with(triggers(), App::from_env).await
/// }
/// ```
///
/// # Errors
/// If the state can't be made, this isn't a Lambda environment, or the Runtime API doesn't work.
pub async fn run_with<S, A, E>(
    router: Router<S>,
    make_state: impl AsyncFnOnce() -> Result<A, E>,
) -> Result<(), RunError>
where
    S: Send + Sync + 'static,
    A: Into<Arc<S>>,
    E: Into<BoxError>,
{
    Runtime::new(router).run_with(make_state).await
}

/// What [`run`] does, with settings of your own: layers around the function, and its timeout.
///
/// ```no_run
/// use std::time::Duration;
/// use cognito_triggers::{RunError, Router, pass_through, router, runtime::Runtime};
/// use lambda_runtime::tower::layer::layer_fn;
///
/// # fn triggers() -> Router<()> { router! { otherwise => pass_through } }
/// #[tokio::main(flavor = "current_thread")]
/// async fn main() -> Result<(), RunError> {
///     Runtime::new(triggers())
///         .timeout(Duration::from_secs(3))
///         .layer(layer_fn(|function| function)) // a layer of OpenTelemetry, of your own
///         .run(())
///         .await
/// }
/// ```
#[must_use = "nothing runs until `run` is awaited"]
pub struct Runtime<S, L = Identity> {
    router: Router<S>,
    timeout: Option<Duration>,
    calls: Option<Arc<Calls>>,
    layers: L,
}

impl<S: Send + Sync + 'static> Runtime<S> {
    /// A runtime without layers.
    pub fn new(router: Router<S>) -> Self {
        Self {
            router,
            timeout: None,
            calls: None,
            layers: Identity::new(),
        }
    }
}

impl<S: Send + Sync + 'static, L> Runtime<S, L> {
    /// Sets how long a synchronous trigger may take; see [`Function::timeout`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Writes the metrics of each call, also of one that a layer answers or fails; see [`metrics`](crate::metrics).
    ///
    /// The line is written once the answer is on its way, and before the next event is asked for.
    #[cfg(feature = "metrics")]
    pub fn metrics(mut self, metrics: crate::metrics::Metrics) -> Self {
        use crate::recorder::EndsWith;

        self.calls = Some(Calls::new(metrics, EndsWith::Loop));
        self
    }

    /// Puts a `tower` layer around the function and the layers that were added before.
    ///
    /// Everything that [`run`] sets up stays: the logs, the cold start, the listing of routes, the two audiences of an
    /// error. An error that comes from a layer itself, such as `tower`'s timeout, is a failure: the user reads
    /// `internal error (reference …)`, and the logs have its text. A layer that panics ends its call only. The timeout of
    /// the function is within the layers, so it doesn't stop a layer that hangs. See [`layer`](crate::layer) for what a
    /// layer sees.
    pub fn layer<M>(self, layer: M) -> Runtime<S, Stack<L, M>> {
        Runtime {
            router: self.router,
            timeout: self.timeout,
            calls: self.calls,
            layers: Stack::new(self.layers, layer),
        }
    }

    /// Runs the function; see [`run`].
    ///
    /// # Errors
    /// If this isn't a Lambda environment, or the Runtime API doesn't work.
    pub async fn run(self, state: impl Into<Arc<S>>) -> Result<(), RunError>
    where
        L: Layer<Function<S>>,
        L::Service: Service<LambdaEvent<Payload>, Response = Answer> + Clone + Send + 'static,
        <L::Service as Service<LambdaEvent<Payload>>>::Error: Into<BoxError>,
        <L::Service as Service<LambdaEvent<Payload>>>::Future: Send,
    {
        self.run_with(async move || Ok::<_, Infallible>(state)).await
    }

    /// Runs the function with a state that is made first; see [`run_with`](fn@run_with).
    ///
    /// ```no_run
    /// # use cognito_triggers::{Router, RunError, pass_through, router, runtime::Runtime};
    /// # fn triggers() -> Router<String> { router! { otherwise => pass_through } }
    /// # async fn run() -> Result<(), RunError> {
    /// Runtime::new(triggers()).run_with(async || std::env::var("MAIL_FROM")).await
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the state can't be made, this isn't a Lambda environment, or the Runtime API doesn't work.
    pub async fn run_with<A, E>(self, make_state: impl AsyncFnOnce() -> Result<A, E>) -> Result<(), RunError>
    where
        L: Layer<Function<S>>,
        L::Service: Service<LambdaEvent<Payload>, Response = Answer> + Clone + Send + 'static,
        <L::Service as Service<LambdaEvent<Payload>>>::Error: Into<BoxError>,
        <L::Service as Service<LambdaEvent<Payload>>>::Future: Send,
        A: Into<Arc<S>>,
        E: Into<BoxError>,
    {
        let began = Instant::now();
        if env::var_os(DESCRIBE).is_some() {
            return describe(&self.router).map_err(|error| RunError(Kind::Describe(error)));
        }
        let environment = match Environment::read(env::var_os) {
            Ok(environment) => environment,
            Err((error, address)) => return Err(failed_start(error, address).await),
        };
        // A subscriber of the program's own may export spans, and a layer flush them: a call has to be over by then.
        let holds_logs = logging::init();
        let made = catch_panic_async(async { make_state().await.map_err(E::into) }).await;
        let state = match made.unwrap_or_else(|message| Err(panicked(&message))) {
            Ok(state) => state,
            Err(error) => return Err(failed_start(Kind::State(error), Some(environment.runtime_api)).await),
        };
        let mut began = began;
        if environment.snap_start {
            let mut api = RuntimeApi::new(Arc::new(environment.runtime_api.clone()));
            if let Err(error) = api.restored().await {
                let error = Kind::Api(error.into());
                return Err(failed_start(error, Some(environment.runtime_api)).await);
            }
            began = Instant::now();
        }
        let mut function = self
            .router
            .with_state(state)
            .started(ColdStart::new(began, Instant::now()))
            .counted(self.calls.clone());
        if let Some(timeout) = self.timeout {
            function = function.timeout(timeout);
        }
        let service = match catch_panic(|| self.layers.layer(function)) {
            Ok(service) => service,
            Err(message) => {
                let error = Kind::State(panicked(&message));
                return Err(failed_start(error, Some(environment.runtime_api)).await);
            }
        };
        worker::serve(service, environment, holds_logs, self.calls)
            .await
            .map_err(|error| RunError(Kind::Api(error)))
    }
}

/// The error of a start that panicked.
fn panicked(message: &str) -> BoxError {
    format!("it panicked: {message}").into()
}

/// Logs why the start failed, and reports to Lambda's `init/error` that it did, if there is a Runtime API.
async fn failed_start(error: Kind, address: Option<ApiAddress>) -> RunError {
    let error = RunError(error);
    // Lambda may end the process as soon as it has the report, before `main` prints the error.
    logging::init();
    tracing::error!("{error}");
    if let Some(address) = address {
        RuntimeApi::new(Arc::new(address)).report_failed_start().await;
    }
    error
}

/// Prints the routes as one line of JSON, `{"routes":["pre_sign_up"],"otherwise":false}`.
fn describe<S>(router: &Router<S>) -> std::io::Result<()> {
    let routes: Vec<_> = router.routes().map(|route| route.as_str()).collect();
    let line = serde_json::json!({ "routes": routes, "otherwise": router.otherwise.is_routed() });
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}
