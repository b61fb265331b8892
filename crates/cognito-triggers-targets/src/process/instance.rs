//! One running process of a function.
//!
//! Each process has a Runtime API of its own, so that an answer can't be taken for that of another process. Three tasks
//! belong to it: two copy its output into the log of the current call, and one waits until it exits.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::{Duration, Instant},
};

use tokio::{
    process::{Child, Command},
    sync::{oneshot, watch},
    time::{sleep, timeout},
};

use super::{
    group::ProcessGroup,
    isolation::isolate,
    output::{OUTPUT_GRACE, copy_to_log},
    runtime_api::{PendingEvent, RuntimeApi, StartState},
    settings::Settings,
};
use crate::{
    exit_status::describe_exit, invoke_error::InvokeError, lambda::deadline_ms, log::Log, outcome::Outcome,
    request_id::RequestId, target::Invocation,
};

/// How long Lambda lets a function start.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html>
const START_TIMEOUT: Duration = Duration::from_secs(10);

/// A running process with its own Runtime API. Dropping it ends the process and whatever it started.
pub(super) struct Instance {
    api: RuntimeApi,
    /// How the process ended; `None` while it runs.
    exit: watch::Receiver<Option<String>>,
    /// The log of the call that is running.
    current_log: Arc<Mutex<Log>>,
    /// Dropped with the instance, which makes the task that waits for the process kill it.
    _alive: (oneshot::Sender<()>, Arc<ProcessGroup>),
}

impl Instance {
    /// Starts the process and waits until it asks for an event, at most for `timeout` and for as long as Lambda would wait.
    /// Its output in this time goes into `log`.
    ///
    /// # Errors
    /// Fails if the process can't be started, exits, reports that it can't start, or doesn't ask for an event in time.
    pub(super) async fn start(
        program: &Path,
        settings: &Settings,
        timeout: Duration,
        log: &Log,
    ) -> Result<Self, InvokeError> {
        let name = program.file_stem().unwrap_or_default().to_string_lossy();
        let not_started = |problem: String| InvokeError::NotStarted { problem };
        let api = RuntimeApi::start(&name)
            .await
            .map_err(|error| not_started(format!("no port on loopback: {error}")))?;
        let mut command = Command::new(program);
        environment(&mut command, &name, &api.address().to_string(), settings);
        let mut group = ProcessGroup::new();
        let mut child = group
            .spawn(&mut command)
            .map_err(|error| not_started(format!("{}: {error}", program.display())))?;
        api.set_function(child.id());
        let current_log = Arc::new(Mutex::new(log.clone()));
        if let Some(stdout) = child.stdout.take() {
            tokio::spawn(copy_to_log(stdout, current(&current_log)));
        }
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(copy_to_log(stderr, current(&current_log)));
        }
        let group = Arc::new(group);
        let (ended, exit) = watch::channel(None);
        let (alive, dropped) = oneshot::channel();
        tokio::spawn(wait_for_exit(child, Arc::downgrade(&group), ended, dropped));
        let instance = Self {
            api,
            exit,
            current_log,
            _alive: (alive, group),
        };
        instance.wait_until_ready(timeout.min(START_TIMEOUT)).await?;
        Ok(instance)
    }

    /// Waits until the process asks for an event.
    ///
    /// # Errors
    /// Fails if the process reports that it can't start, exits, or exceeds the time limit.
    async fn wait_until_ready(&self, timeout: Duration) -> Result<(), InvokeError> {
        let mut state = self.api.start_state.clone();
        let ready = async {
            match state
                .wait_for(|state| *state != StartState::Starting)
                .await
                .as_deref()
            {
                Ok(StartState::InitFailed(problem)) => Err(InvokeError::InitFailed {
                    problem: problem.clone(),
                }),
                _ => Ok(()),
            }
        };
        tokio::select! {
            biased;
            result = ready => result,
            status = self.exited() => {
                sleep(OUTPUT_GRACE).await;
                // It may have reported the reason before it ended.
                match &*self.api.start_state.borrow() {
                    StartState::InitFailed(problem) => Err(InvokeError::InitFailed { problem: problem.clone() }),
                    _ => Err(InvokeError::ExitedAtStart { status }),
                }
            }
            () = sleep(timeout) => Err(InvokeError::NeverReady { after: timeout }),
        }
    }

    /// Sends the event of a call that began at `start`. The second value is whether the process can take another event.
    ///
    /// The process can't take another event after it has exited, or after a timeout, when it may still be working on this
    /// event.
    pub(super) async fn call(
        &self,
        invocation: Invocation,
        start: Instant,
        request_id: RequestId,
        log: &Log,
    ) -> (Outcome, bool) {
        let left = invocation.timeout.saturating_sub(start.elapsed());
        log.show_stable(&request_id);
        *self.current_log.lock().unwrap_or_else(PoisonError::into_inner) = log.clone();
        let (sender, mut outcome) = oneshot::channel();
        let pending = PendingEvent {
            request_id,
            event: invocation.event,
            deadline_ms: deadline_ms(left),
            outcome: sender,
        };
        let mut polls = self.api.start_state.clone();
        polls.mark_unchanged();
        // It can't fail: the server lives as long as this instance.
        let _ = self.api.events.send(pending);
        tokio::select! {
            biased;
            Ok(outcome) = &mut outcome => {
                // A function may answer first and write its log then, before it asks for the next event.
                tokio::select! {
                    _ = polls.changed() => {}
                    _ = self.exited() => {}
                    () = sleep(OUTPUT_GRACE) => {}
                }
                (outcome, true)
            }
            status = self.exited() => {
                // It may have answered before it ended.
                match timeout(OUTPUT_GRACE, outcome).await {
                    Ok(Ok(outcome)) => (outcome, false),
                    _ => (Outcome::InvokeError(InvokeError::ExitedInCall { status }), false),
                }
            }
            () = sleep(left) => (Outcome::InvokeError(InvokeError::TimedOut { after: invocation.timeout }), false),
        }
    }

    /// Whether the process still runs, as far as is known: it may have exited a moment ago.
    pub(super) fn is_alive(&self) -> bool {
        self.exit.borrow().is_none()
    }

    /// Waits until the process ends, and returns how it ended.
    async fn exited(&self) -> String {
        let mut exit = self.exit.clone();
        match exit.wait_for(Option::is_some).await {
            Ok(status) => status.clone().unwrap_or_default(),
            Err(_) => "ended".to_owned(),
        }
    }
}

/// Sets the environment of a function on Lambda, on top of the environment of this process.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>
pub(crate) fn environment(command: &mut Command, name: &str, address: &str, settings: &Settings) {
    command
        .env("AWS_LAMBDA_RUNTIME_API", address)
        .env("AWS_LAMBDA_FUNCTION_NAME", name)
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
        .env("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
        .env("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{name}"))
        .env("AWS_LAMBDA_LOG_STREAM_NAME", "local")
        .env("_HANDLER", "bootstrap")
        .env("TZ", ":UTC")
        .env_remove("_X_AMZN_TRACE_ID")
        .env_remove("AWS_LAMBDA_MAX_CONCURRENCY")
        .env_remove(cognito_triggers::runtime::DESCRIBE);
    for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
        if std::env::var_os(name).is_none() {
            command.env(name, "eu-central-1");
        }
    }
    if let Some(concurrency) = settings.concurrency {
        command
            .env("AWS_LAMBDA_MAX_CONCURRENCY", concurrency.to_string())
            .env("AWS_LAMBDA_INITIALIZATION_TYPE", "lambda-managed-instances");
    }
    if !settings.with_aws {
        isolate(command, &settings.environment);
    }
    command.envs(&settings.environment);
}

/// A function that returns the log of the call that is running.
fn current(log: &Arc<Mutex<Log>>) -> impl Fn() -> Log + Send + 'static {
    let log = Arc::clone(log);
    move || log.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Waits until the process ends or its instance is dropped. Then ends what is left of the process group.
async fn wait_for_exit(
    mut child: Child,
    group: Weak<ProcessGroup>,
    exit: watch::Sender<Option<String>>,
    dropped: oneshot::Receiver<()>,
) {
    let status = tokio::select! {
        status = child.wait() => status,
        _ = dropped => {
            // Ends the process where the system has no process groups.
            let _ = child.start_kill();
            child.wait().await
        }
    };
    if let Some(group) = group.upgrade() {
        // What the process has started ends with it.
        group.kill();
    }
    exit.send_replace(Some(match status {
        Ok(status) => describe_exit(status),
        Err(error) => format!("can't be watched any more ({error})"),
    }));
}
