//! One running process of a function.

use std::{
    path::Path,
    process::Stdio,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::{Child, Command},
    sync::{oneshot, watch},
    time::{sleep, timeout},
};

use super::{
    Settings,
    api::{Api, Invocation, Progress},
    aws::isolate,
    group::Group,
};
use crate::{Call, Log, Outcome, Trouble, exit::ended, in_process::deadline_ms};

/// What Lambda gives a function to start.
const START: Duration = Duration::from_secs(10);

/// How long words of a process that has ended may still be on their way to us.
pub(crate) const LAST_WORDS: Duration = Duration::from_millis(100);

/// A running process with its own Runtime API. Dropping it ends the process and whatever it started.
pub(super) struct Instance {
    api: Api,
    /// How the process ended; `None` while it runs.
    exit: watch::Receiver<Option<String>>,
    page: Arc<Mutex<Log>>,
    /// Dropped with the instance, which ends the process and its group.
    _alive: (oneshot::Sender<()>, Arc<Group>),
}

impl Instance {
    /// Starts the process and waits until it asks for an event, at the longest as the caller does. What it writes
    /// meanwhile goes into `log`.
    pub(super) async fn start(
        program: &Path,
        settings: &Settings,
        patience: Duration,
        log: &Log,
    ) -> Result<Self, Trouble> {
        let name = program.file_stem().unwrap_or_default().to_string_lossy();
        let not_started = |problem: String| Trouble::NotStarted { problem };
        let api = Api::start(&name)
            .await
            .map_err(|error| not_started(format!("no port on loopback: {error}")))?;
        let mut command = Command::new(program);
        environment(&mut command, &name, &api.address.to_string(), settings);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        Group::lead(&mut command);
        let mut child = command
            .spawn()
            .map_err(|error| not_started(format!("{}: {error}", program.display())))?;
        let page = Arc::new(Mutex::new(log.clone()));
        if let Some(stdout) = child.stdout.take() {
            tokio::spawn(follow(stdout, current(&page)));
        }
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(follow(stderr, current(&page)));
        }
        let group = Arc::new(Group::of(&child));
        let (ended, exit) = watch::channel(None);
        let (alive, dropped) = oneshot::channel();
        tokio::spawn(watch_over(child, Arc::downgrade(&group), ended, dropped));
        let instance = Self {
            api,
            exit,
            page,
            _alive: (alive, group),
        };
        instance.wait_until_ready(patience.min(START)).await?;
        Ok(instance)
    }

    async fn wait_until_ready(&self, patience: Duration) -> Result<(), Trouble> {
        let mut progress = self.api.progress.clone();
        let asked = async {
            match progress
                .wait_for(|progress| *progress != Progress::Starting)
                .await
                .as_deref()
            {
                Ok(Progress::InitFailed(problem)) => Err(Trouble::InitFailed {
                    problem: problem.clone(),
                }),
                _ => Ok(()),
            }
        };
        tokio::select! {
            biased;
            result = asked => result,
            status = self.exited() => {
                sleep(LAST_WORDS).await;
                // It may have said why, and then ended.
                match &*self.api.progress.borrow() {
                    Progress::InitFailed(problem) => Err(Trouble::InitFailed { problem: problem.clone() }),
                    _ => Err(Trouble::ExitedAtStart { status }),
                }
            }
            () = sleep(patience) => Err(Trouble::NeverReady { after: patience }),
        }
    }

    /// Sends the event of a call that has begun. The second value says whether the process can take another one.
    pub(super) async fn call(
        &self,
        call: Call,
        begun: Instant,
        request_id: String,
        log: &Log,
    ) -> (Outcome, bool) {
        let left = call.deadline.saturating_sub(begun.elapsed());
        *self.page.lock().unwrap_or_else(PoisonError::into_inner) = log.clone();
        let (sender, mut outcome) = oneshot::channel();
        let invocation = Invocation {
            request_id,
            event: call.event,
            deadline_ms: deadline_ms(left),
            outcome: sender,
        };
        // The server ends with this instance only.
        let _ = self.api.invocations.send(invocation);
        tokio::select! {
            biased;
            Ok(outcome) = &mut outcome => (outcome, true),
            status = self.exited() => {
                // It may have answered, and then ended.
                match timeout(LAST_WORDS, outcome).await {
                    Ok(Ok(outcome)) => (outcome, false),
                    _ => (Outcome::Broken(Trouble::ExitedInCall { status }), false),
                }
            }
            () = sleep(left) => (Outcome::Broken(Trouble::TimedOut { after: call.deadline }), false),
        }
    }

    /// Whether the process still runs.
    pub(super) fn is_alive(&self) -> bool {
        self.exit.borrow().is_none()
    }

    /// Waits until the process ends, and says how.
    async fn exited(&self) -> String {
        let mut exit = self.exit.clone();
        match exit.wait_for(Option::is_some).await {
            Ok(status) => status.clone().unwrap_or_default(),
            Err(_) => "ended".to_owned(),
        }
    }
}

/// The environment of a function on Lambda, on top of the one we run in.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>
fn environment(command: &mut Command, name: &str, address: &str, settings: &Settings) {
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
        .env_remove(cognito_triggers::DESCRIBE);
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

fn current(page: &Arc<Mutex<Log>>) -> impl Fn() -> Log + Send + 'static {
    let page = Arc::clone(page);
    move || page.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Puts what a process writes on the page that is open.
pub(crate) async fn follow(mut output: impl AsyncRead + Unpin, page: impl Fn() -> Log) {
    let mut buffer = vec![0; 8 * 1024];
    while let Ok(length @ 1..) = output.read(&mut buffer).await {
        page().push(buffer.get(..length).unwrap_or_default());
    }
}

/// Waits for the end of the process or of its instance, and ends what is left.
async fn watch_over(
    mut child: Child,
    group: Weak<Group>,
    exit: watch::Sender<Option<String>>,
    dropped: oneshot::Receiver<()>,
) {
    let status = tokio::select! {
        status = child.wait() => status,
        _ = dropped => {
            // Where there are process groups, the group has ended already.
            let _ = child.start_kill();
            child.wait().await
        }
    };
    if let Some(group) = group.upgrade() {
        group.leader_ended();
    }
    exit.send_replace(Some(match status {
        Ok(status) => ended(status),
        Err(error) => format!("can't be watched any more ({error})"),
    }));
}
