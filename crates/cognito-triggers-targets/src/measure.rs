//! What a binary costs: its start, its calls, its memory, its size.
//!
//! A Runtime API of its own, because the one of [`Process`](crate::Process) takes as long as a fast function: this one sends
//! an event and receives the answer, and nothing else happens in between.
//!
//! | quantity | begins | ends |
//! |---|---|---|
//! | start to first poll | before the process is started | the request for the first event is complete |
//! | start to first answer | before the process is started | the first answer is complete |
//! | a call | before an event is sent | its answer is complete |
//! | processor time of the start | the process is started | the second request for an event |
//! | processor time of a call | the second request for an event | the last request for an event |
//!
//! So the processor time of the start includes the first call and what the process does after its answer. The processor time
//! of a call has everything that the process does between two events, such as writing its log, and the call itself only what
//! a caller waits for.

mod connection;
mod usage;

use std::{
    borrow::Cow,
    fmt, io,
    path::Path,
    process::ExitStatus,
    time::{Duration, Instant},
};

use tokio::{
    net::{TcpListener, TcpStream},
    process::Command,
    spawn,
    time::{sleep, timeout},
};

use self::{
    connection::{Connection, Request},
    usage::Usage,
};
use crate::{
    exit_status::describe_exit,
    lambda::{TRACE_ID, deadline_ms, function_arn},
    log::Log,
    outcome::Outcome,
    process::{
        group::ProcessGroup,
        instance::environment,
        output::{OUTPUT_GRACE, always, copy_to_log},
        settings::Settings,
    },
    request_id::stable_id,
    sanitize::sanitize,
};

/// How long the binary may take to ask for an event, and to answer one.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// How long after the connection broke the process may end, for its end to be the reason.
const EXIT_GRACE: Duration = Duration::from_millis(100);

/// What one start of a binary and its calls cost.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Measurement {
    /// From the start of the process to its first request for an event.
    pub first_poll: Duration,
    /// From the start of the process to its first answer.
    pub first_answer: Duration,
    /// The processor time of the process up to its second request for an event. It includes the first call.
    pub cold_cpu: Duration,
    /// The processor time for each further call.
    pub cpu_per_call: Duration,
    /// From each event to its answer, without the first call, sorted.
    pub calls: Vec<Duration>,
    /// The most memory that the process had, in KiB.
    pub memory_kib: u64,
    /// The size of the binary, in bytes.
    pub size: u64,
}

/// Starts a binary, sends it one event for a cold start and then `calls` times, and measures what that costs.
///
/// The binary runs without this machine's AWS credentials. Processor time and memory come from `/proc`, so this works on
/// Linux only. Processor time of threads that have ended isn't counted.
///
/// What the binary writes to standard output is read and dropped, as fast as it comes. Every event is the same but for its
/// request id, and one call follows the other. To compare binaries, start them in turn several times and compare within
/// the turns: other load then affects all of them.
///
/// ```no_run
/// # async fn example() -> Result<(), cognito_triggers_targets::measure::MeasureError> {
/// let event = br#"{"triggerSource": "PreSignUp_SignUp", "request": {}, "response": {}}"#;
/// let measurement =
///     cognito_triggers_targets::measure::measure("target/release/my-function".as_ref(), event, 500).await?;
/// println!("first answer after {:?}", measurement.first_answer);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Fails if this isn't Linux, the binary can't be started, ends, doesn't answer within 30 seconds, or answers with an error.
pub async fn measure(program: &Path, event: &[u8], calls: usize) -> Result<Measurement, MeasureError> {
    if !cfg!(target_os = "linux") {
        return Err(MeasureError::NotLinux);
    }
    let size = program.metadata().map_err(MeasureError::NotStarted)?.len();
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .map_err(MeasureError::NotStarted)?;
    let address = listener.local_addr().map_err(MeasureError::NotStarted)?;
    let name = program.file_stem().unwrap_or_default().to_string_lossy();
    let mut command = Command::new(program);
    environment(&mut command, &name, &address.to_string(), &Settings::default());
    let mut group = ProcessGroup::new();
    let start = Instant::now();
    let mut child = group.spawn(&mut command).map_err(MeasureError::NotStarted)?;
    let log = Log::default();
    if let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) {
        // The lines of a call aren't kept: there may be millions.
        spawn(copy_to_log(stdout, always(&Log::default())));
        spawn(copy_to_log(stderr, always(&log)));
    }
    let usage = Usage::of(child.id().unwrap_or_default());
    let mut session = Session {
        listener,
        connection: None,
        name,
        event,
        start,
        usage,
        sent: 0,
    };
    let exit = tokio::select! {
        biased;
        result = session.run(calls) => match result {
            // A process that crashes may break the connection before its end is known.
            Err(MeasureError::Broken(error)) => match timeout(EXIT_GRACE, child.wait()).await {
                Ok(status) => status,
                Err(_) => return Err(MeasureError::Broken(error)),
            },
            result => return Ok(Measurement { size, ..result? }),
        },
        status = child.wait() => status,
    };
    drop(group);
    sleep(OUTPUT_GRACE).await;
    Err(MeasureError::exited(exit, &log))
}

/// One process of the binary, which talks to this Runtime API.
struct Session<'a> {
    listener: TcpListener,
    connection: Option<Connection<TcpStream>>,
    /// The name of the function.
    name: Cow<'a, str>,
    event: &'a [u8],
    start: Instant,
    usage: Usage,
    /// The number of events so far.
    sent: u64,
}

impl Session<'_> {
    /// Serves one cold call and the others, and measures them.
    async fn run(&mut self, calls: usize) -> Result<Measurement, MeasureError> {
        self.poll().await?;
        let first_poll = self.start.elapsed();
        self.call().await?;
        let first_answer = self.start.elapsed();
        self.poll().await?;
        let cold_cpu = self.usage.cpu().map_err(MeasureError::Broken)?;
        let mut durations = Vec::with_capacity(calls);
        for _ in 0..calls {
            durations.push(self.call().await?);
            self.poll().await?;
        }
        let cpu = self
            .usage
            .cpu()
            .map_err(MeasureError::Broken)?
            .saturating_sub(cold_cpu);
        durations.sort_unstable();
        Ok(Measurement {
            first_poll,
            first_answer,
            cold_cpu,
            cpu_per_call: cpu / u32::try_from(calls.max(1)).unwrap_or(u32::MAX),
            calls: durations,
            memory_kib: self.usage.memory_kib().map_err(MeasureError::Broken)?,
            size: 0,
        })
    }

    /// Waits until the process asks for an event.
    ///
    /// # Errors
    /// Fails if it reports that it can't start, or doesn't ask in time.
    async fn poll(&mut self) -> Result<(), MeasureError> {
        let request = self.request("ask for an event").await?;
        if request.path.ends_with("/runtime/invocation/next") {
            return Ok(());
        }
        let outcome = Outcome::from_error(&request.body);
        Err(match request.path.ends_with("/runtime/init/error") {
            true => MeasureError::NotReady(outcome),
            false => MeasureError::Failed(outcome),
        })
    }

    /// Sends an event and waits for the answer. Returns how long that took.
    async fn call(&mut self) -> Result<Duration, MeasureError> {
        self.sent += 1;
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nlambda-runtime-aws-request-id: {}\r\n\
             lambda-runtime-deadline-ms: {}\r\n\
             lambda-runtime-invoked-function-arn: {}\r\n\
             lambda-runtime-trace-id: {TRACE_ID}\r\n\
             content-length: {}\r\n\r\n",
            stable_id(self.sent),
            deadline_ms(TIME_LIMIT),
            function_arn(&self.name),
            self.event.len(),
        );
        let sent = Instant::now();
        self.reply(&head, self.event).await?;
        let answer = self.request("answer an event").await?;
        let took = sent.elapsed();
        if !answer.path.ends_with("/response") {
            return Err(MeasureError::Failed(Outcome::from_error(&answer.body)));
        }
        self.reply("HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n", b"")
            .await?;
        Ok(took)
    }

    /// The next request, on the connection or on a new one, which replaces it.
    ///
    /// Some runtimes open a connection for each request, and some keep one.
    async fn request(&mut self, what: &'static str) -> Result<Request, MeasureError> {
        let receive = async {
            loop {
                let Some(connection) = &mut self.connection else {
                    self.connection = Some(Connection::accept(&self.listener).await?);
                    continue;
                };
                let received = tokio::select! {
                    biased;
                    request = connection.receive() => request,
                    other = Connection::accept(&self.listener) => {
                        self.connection = Some(other?);
                        continue;
                    }
                };
                match received? {
                    Some(request) => return Ok(request),
                    None => self.connection = None,
                }
            }
        };
        match timeout(TIME_LIMIT, receive).await {
            Ok(request) => request.map_err(MeasureError::Broken),
            Err(_) => Err(MeasureError::Silent(what)),
        }
    }

    /// Answers the last request. The answer is lost if the process has closed the connection; its next request shows this.
    async fn reply(&mut self, head: &str, body: &[u8]) -> Result<(), MeasureError> {
        if let Some(connection) = &mut self.connection {
            connection.send(head, body).await.map_err(MeasureError::Broken)?;
            if connection.closes() {
                self.connection = None;
            }
        }
        Ok(())
    }
}

/// Why a binary can't be measured.
///
/// `Display` says what the binary did instead of answering the event, and what to change if the event is the reason. The text
/// holds what the binary wrote last, escaped for a terminal.
#[derive(Debug)]
#[non_exhaustive]
pub enum MeasureError {
    /// Processor time and memory are read from `/proc`.
    NotLinux,
    /// The program can't be started.
    NotStarted(io::Error),
    /// It ended. `said` is the last line of its standard error.
    Exited {
        /// How it ended.
        status: String,
        /// The last line of its standard error, without control characters.
        said: Option<String>,
    },
    /// It didn't do this for 30 seconds.
    Silent(&'static str),
    /// It reported that it can't start. It got no event then.
    NotReady(Outcome),
    /// It answered the event with an error.
    Failed(Outcome),
    /// The connection broke, or `/proc` can't be read.
    Broken(io::Error),
}

impl MeasureError {
    /// The error of a process that has ended, with the last line that it wrote.
    fn exited(status: io::Result<ExitStatus>, log: &Log) -> Self {
        Self::Exited {
            status: status.map_or_else(|error| error.to_string(), describe_exit),
            said: log.last_line(),
        }
    }
}

impl fmt::Display for MeasureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotLinux => f.write_str("this system has no /proc: functions are measured on Linux only"),
            Self::NotStarted(error) => write!(f, "the function can't be started: {error}"),
            Self::Exited { status, said } => {
                write!(f, "the function {status}")?;
                said.as_ref()
                    .map_or(Ok(()), |said| write!(f, ", saying `{said}`"))
            }
            Self::Silent(what) => write!(f, "the function doesn't {what} within 30 s"),
            Self::NotReady(outcome) => write!(f, "the function can't start: {}", reason(outcome)),
            Self::Failed(outcome) => write!(
                f,
                "the function fails: {}; choose an event that it answers",
                reason(outcome)
            ),
            Self::Broken(error) => write!(f, "the function can't be measured: {error}"),
        }
    }
}

/// What a function reported, as part of a sentence.
fn reason(outcome: &Outcome) -> String {
    match outcome {
        Outcome::FunctionError { error_type, message } => {
            sanitize(format_args!("{error_type}: {message}")).to_string()
        }
        Outcome::InvokeError(error) => error.to_string(),
        Outcome::Answered(json) => json.to_string(),
    }
}

impl std::error::Error for MeasureError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotStarted(error) | Self::Broken(error) => Some(error),
            _ => None,
        }
    }
}
