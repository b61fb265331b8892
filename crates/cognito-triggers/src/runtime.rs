//! Running a function on Lambda: the only place that talks to the outside.

use std::{convert::Infallible, env, fmt, io::Write, sync::Arc, time::Instant};

use lambda_runtime::Runtime;

use crate::{Router, cold_start::ColdStart, event_stash, logging};

/// What the environment of a function always has.
const REQUIRED: [&str; 4] = [
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
];

/// When this variable is set, [`run`] prints the routes and ends: how the command-line tool asks a binary what it
/// answers.
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
/// - **Which tokio runtime.** `flavor = "current_thread"` on classic Lambda, where a process has one call at a time:
///   measured, a warm call takes 0.6 of the time. Use the multi-thread one on Managed Instances with more than one
///   processor, and where a handler computes for long or blocks its thread.
/// - **Concurrency.** One call at a time on classic Lambda; as many as `AWS_LAMBDA_MAX_CONCURRENCY` says on Managed
///   Instances.
/// - **Logs** go to standard output through `tracing`: as JSON if `AWS_LAMBDA_LOG_FORMAT` is `JSON`, from the level of
///   `AWS_LAMBDA_LOG_LEVEL` on, else of `RUST_LOG`, else `INFO`. Each call is a span with route, source, pool, client
///   and request id, and ends with one line: outcome and duration, and the whole text of an error. What the library
///   itself writes has no user name, no attribute and no secret. What the AWS SDK logs at `TRACE`, whole requests and
///   answers, is left out. A subscriber that was installed before stays.
/// - **Cold starts** count against the five seconds that Cognito waits. If an event was there already when the process
///   could take its first one, the time since `run` was called is taken off [`Function::timeout`](crate::Function::timeout)
///   and off [`Context::deadline`](crate::Context::deadline) of that call; what takes long belongs into [`run_with`], where it is seen.
/// - **Panics** end a call, not the process, as long as the profile doesn't say `panic = "abort"`.
///
/// # Errors
/// If this isn't a Lambda environment, or the connection to it breaks.
pub async fn run<S: Send + Sync + 'static>(
    router: Router<S>,
    state: impl Into<Arc<S>>,
) -> Result<(), RunError> {
    run_with(router, async move || Ok::<_, Infallible>(state)).await
}

/// Runs the function as [`run`] does, with a state that is made first: `run_with(triggers(), App::from_env)`.
///
/// Use it where making the state can fail, or needs settings or connections. The logs are set up before, and a binary
/// that is only asked for its routes answers without the settings.
///
/// ```no_run
/// # use cognito_triggers::{Router, RunError, pass_through, router};
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
///     cognito_triggers::run_with(triggers(), App::from_env).await
/// }
/// ```
///
/// # Errors
/// If the state can't be made, this isn't a Lambda environment, or the connection to it breaks.
pub async fn run_with<S, A, E>(
    router: Router<S>,
    make_state: impl AsyncFnOnce() -> Result<A, E>,
) -> Result<(), RunError>
where
    S: Send + Sync + 'static,
    A: Into<Arc<S>>,
    E: Into<lambda_runtime::Error>,
{
    let began = Instant::now();
    if env::var_os(DESCRIBE).is_some() {
        return describe(&router).map_err(|error| RunError(Kind::Runtime(error.into())));
    }
    let missing: Vec<_> = REQUIRED
        .into_iter()
        .filter(|name| env::var_os(name).is_none())
        .collect();
    if !missing.is_empty() {
        return Err(RunError(Kind::NotLambda(missing)));
    }
    logging::init();
    let state = make_state()
        .await
        .map_err(|error| RunError(Kind::App(error.into())))?;
    let cold_start = ColdStart::new(began, Instant::now());
    let (outer, inner) = event_stash::pair(router.with_state(state).started(cold_start));
    let runtime = Runtime::new(inner).layer(outer);
    runtime
        .run_concurrent()
        .await
        .map_err(|error| RunError(Kind::Runtime(error)))
}

/// Prints the routes as one line of JSON, `{"routes":["pre_sign_up"],"otherwise":false}`.
fn describe<S>(router: &Router<S>) -> std::io::Result<()> {
    let routes: Vec<_> = router
        .routes()
        .map(|definition| definition.route.as_str())
        .collect();
    let line = serde_json::json!({ "routes": routes, "otherwise": router.otherwise.is_routed() });
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}

/// Why a function doesn't run.
///
/// `Debug` prints the same words as `Display`: that is what a `main` that returns an error shows.
pub struct RunError(Kind);

enum Kind {
    NotLambda(Vec<&'static str>),
    App(lambda_runtime::Error),
    Runtime(lambda_runtime::Error),
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::NotLambda(missing) => write!(
                f,
                "this is a Lambda function, and there is no Lambda here: {} not set. Try it with `cargo cognito invoke \
                 EVENT --bin NAME` or under `cargo lambda watch`",
                missing.join(", ")
            ),
            Kind::App(error) => write!(f, "the function can't start: {error}"),
            Kind::Runtime(error) => write!(f, "the Lambda runtime ended: {error}"),
        }
    }
}

impl fmt::Debug for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for RunError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Kind::NotLambda(_) => None,
            Kind::App(error) | Kind::Runtime(error) => error.source(),
        }
    }
}
