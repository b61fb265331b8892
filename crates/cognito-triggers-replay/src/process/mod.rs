//! The compiled binary, run as Lambda runs it.

mod api;
pub(crate) mod aws;
pub(crate) mod group;
mod instance;
#[cfg(feature = "kms")]
mod kms;

use std::{
    collections::BTreeMap,
    ffi::OsString,
    future::Future,
    path::PathBuf,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use instance::Instance;
pub(crate) use instance::{LAST_WORDS, follow};
use tokio::sync::Mutex as AsyncMutex;

use crate::{BuildError, Call, Log, Outcome, Reply, Target, Trouble};

/// The compiled binary: the very program that is deployed, run against a Lambda Runtime API on loopback.
///
/// An instance takes one event at a time and stays for the next one, as on Lambda; a call that finds no idle instance
/// starts one. All of them, and whatever they started, are ended when this is dropped.
///
/// The function's environment is ours plus what Lambda sets. Our AWS credentials aren't part of it, unless
/// `AWS_ENDPOINT_URL` leads to loopback or [`with_aws`](Self::with_aws) says so: a replay must not send real mail.
pub struct Process {
    program: PathBuf,
    settings: Settings,
    idle: Mutex<Vec<Instance>>,
    /// The one instance of Managed Instances mode, and what it logs.
    shared: AsyncMutex<Option<(Arc<Instance>, Log)>>,
    /// Why it doesn't start: asked once, told to every case.
    unusable: Mutex<Option<(Trouble, Log)>>,
    calls: AtomicU64,
}

#[derive(Default)]
struct Settings {
    environment: BTreeMap<OsString, OsString>,
    cold_start: bool,
    concurrency: Option<usize>,
    with_aws: bool,
    /// Ends no earlier than the processes that ask it.
    #[cfg(feature = "kms")]
    kms: Option<Arc<crate::kms::LoopbackKms>>,
}

impl Process {
    /// A program by its path.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            settings: Settings::default(),
            idle: Mutex::default(),
            shared: AsyncMutex::default(),
            unusable: Mutex::default(),
            calls: AtomicU64::new(0),
        }
    }

    /// A binary of this workspace by its name, built by cargo first.
    ///
    /// # Errors
    /// If there is no such binary, or it doesn't compile.
    pub fn cargo_bin(name: &str) -> Result<Self, BuildError> {
        crate::build(name, None).map(Self::new)
    }

    /// Sets a variable of the function's environment.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.settings.environment.insert(name.into(), value.into());
        self
    }

    /// Lets the function have our AWS credentials, so that what it does in AWS is done. Otherwise the variables that
    /// hold or name credentials are taken out of its environment, and the files of the AWS CLI out of its sight. What
    /// [`env`](Self::env) sets stays.
    #[must_use]
    pub fn with_aws(mut self, with_aws: bool) -> Self {
        self.settings.with_aws = with_aws;
        self
    }

    /// Starts a fresh process for each event, as if every call were a cold start.
    #[must_use]
    pub fn cold_start(mut self, cold_start: bool) -> Self {
        self.settings.cold_start = cold_start;
        self
    }

    /// Runs one process that takes this many events at a time, as on Lambda Managed Instances, instead of a process
    /// for each of them. It sees the number as `AWS_LAMBDA_MAX_CONCURRENCY`. What it logs belongs to no single call.
    #[must_use]
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.settings.concurrency = Some(calls.max(1));
        self
    }

    /// What becomes of a call that has begun. A start of the function counts against its time, as it does for Cognito.
    async fn run(&self, call: Call, begun: Instant) -> (Outcome, Log) {
        // Numbered before anything is waited for, so that the same cases get the same ids in every run.
        let id = request_id(self.calls.fetch_add(1, Ordering::Relaxed) + 1);
        if self.settings.concurrency.is_some() {
            return self.run_shared(call, begun, id).await;
        }
        let log = Log::default();
        let instance = match self.take_idle() {
            Some(instance) => instance,
            None => match self.start(call.deadline, &log).await {
                Ok(instance) => instance,
                Err((trouble, log)) => return (Outcome::Broken(trouble), log),
            },
        };
        let (outcome, is_good) = instance.call(call, begun, id, &log).await;
        if is_good && instance.is_alive() && !self.settings.cold_start {
            self.idle().push(instance);
        }
        (outcome, log)
    }

    /// One process for all calls, replaced when one of them has broken it.
    async fn run_shared(&self, call: Call, begun: Instant, id: String) -> (Outcome, Log) {
        let mut shared = self.shared.lock().await;
        let (instance, log) = match shared.clone().filter(|(instance, _)| instance.is_alive()) {
            Some(running) => running,
            None => {
                let log = Log::default();
                match self.start(call.deadline, &log).await {
                    Ok(instance) => shared.insert((Arc::new(instance), log)).clone(),
                    Err((trouble, log)) => return (Outcome::Broken(trouble), log),
                }
            }
        };
        drop(shared);
        let (outcome, is_good) = instance.call(call, begun, id, &log).await;
        if !is_good {
            let mut shared = self.shared.lock().await;
            *shared = shared.take().filter(|(other, _)| !Arc::ptr_eq(other, &instance));
        }
        (outcome, log)
    }

    async fn start(&self, patience: Duration, log: &Log) -> Result<Instance, (Trouble, Log)> {
        if let Some(known) = self.unusable().clone() {
            return Err(known);
        }
        Instance::start(&self.program, &self.settings, patience, log)
            .await
            .map_err(|trouble| {
                let known = (trouble, log.clone());
                *self.unusable() = Some(known.clone());
                known
            })
    }

    fn take_idle(&self) -> Option<Instance> {
        let mut idle = self.idle();
        idle.retain(Instance::is_alive);
        idle.pop()
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Instance>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unusable(&self) -> std::sync::MutexGuard<'_, Option<(Trouble, Log)>> {
        self.unusable.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Target for Process {
    fn call(&self, call: Call) -> Pin<Box<dyn Future<Output = Reply> + Send + '_>> {
        Box::pin(async move {
            let start = Instant::now();
            let (outcome, log) = self.run(call, start).await;
            Reply {
                outcome,
                took: start.elapsed(),
                log,
            }
        })
    }
}

/// A request id in the form of Lambda's, the same in every run.
pub(crate) fn request_id(call: u64) -> String {
    format!("00000000-0000-4000-8000-{call:012x}")
}
