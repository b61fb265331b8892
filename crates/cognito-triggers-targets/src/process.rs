//! The compiled binary, run as Lambda runs it.

pub(crate) mod command_group;
pub(crate) mod group;
pub(crate) mod instance;
pub(crate) mod isolation;
#[cfg(feature = "kms")]
mod kms;
pub(crate) mod output;
mod peer;
mod runtime_api;
pub(crate) mod settings;
#[cfg(unix)]
mod watchdog;

use std::{
    ffi::OsString,
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::{Mutex as AsyncMutex, OnceCell};

use self::{instance::Instance, settings::Settings};
use crate::{
    cargo::{BuildError, build_bin},
    invoke_error::InvokeError,
    log::Log,
    outcome::Outcome,
    request_id::RequestId,
    routes::Routes,
    target::{BoxFuture, Invocation, Reply, Target},
};

/// The compiled binary: the very program that is deployed, run against a Lambda Runtime API on 127.0.0.1.
///
/// As on Lambda, an instance of the program takes one event at a time and stays for the next one. A call that finds no
/// idle instance starts another. Dropping the target ends all of them, and what they started.
///
/// The program's environment is that of this process, plus what Lambda sets, without AWS credentials: a local run must not
/// send real email. It keeps the credentials if `AWS_ENDPOINT_URL` leads to loopback, or if
/// [`with_aws`](Self::with_aws) allows it.
///
/// ```no_run
/// # use cognito_triggers_targets::{Invocation, Process, Target};
/// # async fn example(event: String) -> Result<(), Box<dyn std::error::Error>> {
/// let function = Process::cargo_bin("my-function")?.env("TABLE_NAME", "people");
/// let reply = function.invoke(Invocation::new(event)).await;
/// println!("{} after {:?}\n{}", reply.outcome, reply.duration, reply.log.text());
///
/// // A process for each call, which may use this machine's AWS credentials.
/// let real = Process::cargo_bin("my-function")?.with_aws(true).cold_start(true);
/// // One process for eight calls at a time, which is started again after a start that failed.
/// let shared = Process::cargo_bin("my-function")?.concurrency(8).retry_start(true);
/// # Ok(())
/// # }
/// ```
pub struct Process {
    program: PathBuf,
    settings: Settings,
    /// Instances that wait for an event.
    idle: Mutex<Vec<Instance>>,
    /// With `concurrency`: the one instance, and its log.
    shared: AsyncMutex<Option<(Arc<Instance>, Log)>>,
    /// Why the program doesn't start. Without `retry_start` it is tried once, and every call gets the same error.
    start_error: Mutex<Option<(InvokeError, Log)>>,
    /// The number of calls so far, from which request ids are made.
    calls: AtomicU64,
    /// The program's routes, once it was asked for them.
    routes: OnceCell<Routes>,
}

impl Process {
    /// The program at this path.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            settings: Settings::default(),
            idle: Mutex::default(),
            shared: AsyncMutex::default(),
            start_error: Mutex::default(),
            calls: AtomicU64::new(0),
            routes: OnceCell::new(),
        }
    }

    /// A binary of the current workspace, which cargo builds first.
    ///
    /// # Errors
    /// Fails as [`build_bin`] does: there is no such binary, or it doesn't compile.
    pub fn cargo_bin(name: &str) -> Result<Self, BuildError> {
        build_bin(name, None).map(Self::new)
    }

    /// Sets an environment variable of the function.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.settings.environment.insert(name.into(), value.into());
        self
    }

    /// Lets the function use this machine's AWS credentials, so that it really calls AWS. The default is `false`.
    ///
    /// Otherwise the variables that hold or name credentials are removed, and the files of the AWS CLI are hidden. What
    /// [`env`](Self::env) sets stays.
    #[must_use]
    pub fn with_aws(mut self, with_aws: bool) -> Self {
        self.settings.with_aws = with_aws;
        self
    }

    /// Starts a new process for each event, so that every call is a cold start. The default is `false`.
    #[must_use]
    pub fn cold_start(mut self, cold_start: bool) -> Self {
        self.settings.cold_start = cold_start;
        self
    }

    /// Starts the program again in a call after a start that failed, as Lambda does. The default is `false`: the program is
    /// tried once, and every call gets the error of that time.
    ///
    /// It is for servers, which keep running while a dependency of the function starts. In a run of many cases, each of them
    /// would wait for the same failure.
    #[must_use]
    pub fn retry_start(mut self, retry_start: bool) -> Self {
        self.settings.retry_start = retry_start;
        self
    }

    /// Runs one process that takes up to `calls` events at a time, as Lambda Managed Instances does, instead of one process
    /// for each of them; 0 counts as 1.
    ///
    /// The function sees the number as `AWS_LAMBDA_MAX_CONCURRENCY`. Its log belongs to no single call: every reply holds
    /// all of it.
    #[must_use]
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.settings.concurrency = Some(calls.max(1));
        self
    }

    /// Runs a call that began at `start`. Starting the function counts against its time limit.
    async fn run(&self, invocation: Invocation, start: Instant) -> (Outcome, Log) {
        // Taken before anything is awaited, so that the same calls get the same ids in every run.
        let id = match RequestId::new(self.calls.fetch_add(1, Ordering::Relaxed) + 1) {
            Ok(id) => id,
            Err(error) => {
                let problem = format!("no random request id: {error}");
                return (
                    Outcome::InvokeError(InvokeError::Unreachable { problem }),
                    Log::default(),
                );
            }
        };
        if self.settings.concurrency.is_some() {
            return self.run_shared(invocation, start, id).await;
        }
        let log = Log::default();
        let instance = match self.take_idle() {
            Some(instance) => instance,
            None => match self.start(invocation.timeout, &log).await {
                Ok(instance) => instance,
                Err((error, log)) => return (Outcome::InvokeError(error), log),
            },
        };
        let (outcome, is_reusable) = instance.call(invocation, start, id, &log).await;
        if is_reusable && instance.is_alive() && !self.settings.cold_start {
            self.idle().push(instance);
        }
        (outcome, log)
    }

    /// Runs a call in the one process that takes all calls. A call that breaks the process makes the next one start another.
    async fn run_shared(&self, invocation: Invocation, start: Instant, id: RequestId) -> (Outcome, Log) {
        let mut shared = self.shared.lock().await;
        let (instance, log) = match shared.clone().filter(|(instance, _)| instance.is_alive()) {
            Some(running) => running,
            None => {
                let log = Log::default();
                match self.start(invocation.timeout, &log).await {
                    Ok(instance) => shared.insert((Arc::new(instance), log)).clone(),
                    Err((error, log)) => return (Outcome::InvokeError(error), log),
                }
            }
        };
        drop(shared);
        let (outcome, is_reusable) = instance.call(invocation, start, id, &log).await;
        if !is_reusable {
            let mut shared = self.shared.lock().await;
            *shared = shared.take().filter(|(other, _)| !Arc::ptr_eq(other, &instance));
        }
        (outcome, log)
    }

    /// Starts an instance. Without `retry_start`, it returns why that failed the first time.
    async fn start(&self, timeout: Duration, log: &Log) -> Result<Instance, (InvokeError, Log)> {
        if let Some(known) = self.start_error().clone() {
            return Err(known);
        }
        Instance::start(&self.program, &self.settings, timeout, log)
            .await
            .map_err(|error| {
                let failed = (error, log.clone());
                if !self.settings.retry_start {
                    *self.start_error() = Some(failed.clone());
                }
                failed
            })
    }

    /// An instance that waits for an event. Those that have exited meanwhile are dropped.
    fn take_idle(&self) -> Option<Instance> {
        let mut idle = self.idle();
        idle.retain(Instance::is_alive);
        idle.pop()
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Instance>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start_error(&self) -> MutexGuard<'_, Option<(InvokeError, Log)>> {
        self.start_error.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Target for Process {
    fn invoke(&self, invocation: Invocation) -> BoxFuture<'_, Reply> {
        Box::pin(async move {
            let start = Instant::now();
            let (outcome, log) = self.run(invocation, start).await;
            Reply {
                outcome,
                duration: start.elapsed(),
                log,
            }
        })
    }

    /// Asks the program once and keeps the answer; the program runs briefly for it, see [`Routes::of_binary`]. Create a new
    /// `Process` for a program that was built again.
    fn routes(&self) -> BoxFuture<'_, Option<Routes>> {
        Box::pin(async {
            let routes = self.routes.get_or_try_init(|| Routes::of_binary(&self.program));
            routes.await.ok().cloned()
        })
    }
}
