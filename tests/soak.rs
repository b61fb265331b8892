//! Many events, 64 at a time, some of which are malformed, slow, or make the handler panic: none is lost, none gets the
//! answer of another, and the memory doesn't grow.
//!
//! `SOAK_EVENTS=1000000 cargo test -p cognito-triggers-tests --test soak -- --nocapture` runs it for longer than CI does.

#[path = "runtime/requests.rs"]
mod requests;

use std::{
    collections::HashMap,
    env,
    io::{BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Command, Stdio},
    sync::{Arc, Condvar, Mutex},
    thread,
    time::{Duration, Instant},
};

use requests::{memory_kib, read};

const AT_ONCE: usize = 64;

/// The timeout that the function sets.
const TIMEOUT: Duration = Duration::from_millis(250);

/// How long nothing may come from the function before its events count as lost.
const SILENCE: Duration = Duration::from_secs(60);

/// What an event should come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Answered,
    Slow,
    Rejected,
    Panicked,
    TooSlow,
    Malformed,
}

impl Kind {
    /// Most events are answered. Each other kind comes often enough to run beside every other.
    fn of(number: usize) -> Self {
        match number % 40 {
            0 | 1 => Self::Slow,
            2..6 => Self::Rejected,
            6..9 => Self::Panicked,
            9..12 => Self::Malformed,
            // A worker waits a quarter of a second for each of them.
            12 if number % 400 == 12 => Self::TooSlow,
            _ => Self::Answered,
        }
    }

    fn event(self, number: usize) -> String {
        let source = match self {
            Self::Answered => "TokenGeneration_Authentication",
            Self::Slow => "PostConfirmation_ConfirmSignUp",
            Self::Rejected => "PreAuthentication_Authentication",
            Self::Panicked => "PostAuthentication_Authentication",
            Self::TooSlow => "PreSignUp_SignUp",
            Self::Malformed => match number % 3 {
                0 => return r#"{"triggerSource":"PreSignUp_SignUp","request":"#.to_owned(),
                1 => return "[1,2]".to_owned(),
                _ => return r#"{"triggerSource":7,"userName":{}}"#.to_owned(),
            },
        };
        format!(
            r#"{{"version":"1","triggerSource":"{source}","userName":"user-{number}","request":{{"userAttributes":{{}}}},"response":{{}}}}"#
        )
    }

    /// Whether the handler waits and then answers. An error without a wait is reported as it is, however late.
    fn may_be_late(self) -> bool {
        matches!(self, Self::Answered | Self::Slow)
    }

    /// Whether this is the right request for the event.
    fn is_outcome(self, number: usize, what: &str, body: &str) -> bool {
        let internal = |error_type| is_internal_error(number, error_type, what, body);
        match self {
            Self::Answered => what == "response" && body.contains(&format!(r#"{{"name":"user-{number}"}}"#)),
            Self::Slow => what == "response" && body.contains(&format!(r#""userName":"user-{number}","#)),
            Self::Rejected => what == "error" && body.contains(&format!(r#""not you, user-{number}""#)),
            Self::Panicked => internal("Failed"),
            Self::TooSlow => internal("TimedOut"),
            Self::Malformed => internal("Malformed"),
        }
    }
}

/// Whether a request reports an error whose cause is only in the logs, with the reference of this event.
fn is_internal_error(number: usize, error_type: &str, what: &str, body: &str) -> bool {
    what == "error"
        && body.contains(&format!(r#""errorType":"{error_type}""#))
        && body.contains(&format!("internal error (reference id-{number})"))
}

/// What the Runtime API has sent and received.
#[derive(Default)]
struct State {
    polls: usize,
    sent: usize,
    /// The events without an outcome, and when they were sent.
    waiting: HashMap<usize, (Kind, Instant)>,
    most_at_once: usize,
    by_kind: HashMap<Kind, usize>,
    /// Events that timed out because the machine was busy.
    late: usize,
    wrong: Vec<String>,
}

struct Api {
    events: usize,
    state: Mutex<State>,
    changed: Condvar,
}

impl Api {
    fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        let mut writer = stream.try_clone()?;
        let mut reader = BufReader::new(stream);
        while let Some((path, body)) = read(&mut reader) {
            if !path.ends_with("/next") {
                self.receive(&path, &body);
                writer.write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n")?;
                continue;
            }
            let Some((number, event)) = self.next() else {
                // No further event: the request waits until the process ends.
                reader.read_to_end(&mut Vec::new())?;
                break;
            };
            let length = event.len();
            let reply = format!(
                "HTTP/1.1 200 OK\r\nlambda-runtime-aws-request-id: id-{number}\r\ncontent-length: {length}\r\n\r\n{event}"
            );
            writer.write_all(reply.as_bytes())?;
        }
        Ok(())
    }

    fn next(&self) -> Option<(usize, String)> {
        let mut state = self.state.lock().unwrap();
        state.polls += 1;
        self.changed.notify_all();
        // All workers begin together.
        let mut state = self
            .changed
            .wait_while(state, |state| state.polls < AT_ONCE)
            .unwrap();
        if state.sent == self.events {
            return None;
        }
        let number = state.sent;
        state.sent += 1;
        let kind = Kind::of(number);
        state.waiting.insert(number, (kind, Instant::now()));
        state.most_at_once = state.most_at_once.max(state.waiting.len());
        Some((number, kind.event(number)))
    }

    fn receive(&self, path: &str, body: &str) {
        let mut segments = path.rsplit('/');
        let what = segments.next().unwrap_or_default();
        let number = segments
            .next()
            .and_then(|id| id.strip_prefix("id-")?.parse().ok());
        let number: usize = number.unwrap_or(usize::MAX);
        let mut state = self.state.lock().unwrap();
        match state.waiting.remove(&number) {
            Some((kind, _)) if kind.is_outcome(number, what, body) => {
                *state.by_kind.entry(kind).or_default() += 1;
            }
            // On a busy machine a wait may take longer than the timeout.
            Some((kind, sent))
                if kind.may_be_late()
                    && sent.elapsed() >= TIMEOUT
                    && is_internal_error(number, "TimedOut", what, body) =>
            {
                state.late += 1;
            }
            waiting => state.wrong.push(format!("{path} of {waiting:?}: {body}")),
        }
        self.changed.notify_all();
    }

    /// Waits until this many events have their outcomes.
    fn wait_for(&self, outcomes: usize) {
        let mut state = self.state.lock().unwrap();
        let mut last = (0, Instant::now());
        loop {
            let done = state.sent - state.waiting.len();
            assert!(state.wrong.is_empty(), "mixed up: {:?}", state.wrong);
            if done >= outcomes {
                return;
            }
            if done != last.0 {
                last = (done, Instant::now());
            }
            assert!(
                last.1.elapsed() < SILENCE,
                "lost after {done} outcomes: {:?}",
                state.waiting
            );
            state = self
                .changed
                .wait_timeout(state, Duration::from_secs(1))
                .unwrap()
                .0;
        }
    }
}

#[test]
fn no_event_is_lost_or_mixed_up_and_memory_stays() {
    let events = env::var("SOAK_EVENTS").map_or(20_000, |events| events.parse().unwrap());
    let api = Arc::new(Api {
        events,
        state: Mutex::default(),
        changed: Condvar::new(),
    });
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let server = Arc::clone(&api);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, server) = (stream.unwrap(), Arc::clone(&server));
            thread::spawn(move || server.serve(stream).ok());
        }
    });
    let mut function = Command::new(env!("CARGO_BIN_EXE_functions"))
        .env("FUNCTION", "soak")
        .env("AWS_LAMBDA_RUNTIME_API", address)
        .env("AWS_LAMBDA_FUNCTION_NAME", "soak")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_MAX_CONCURRENCY", AT_ONCE.to_string())
        .env("RUST_BACKTRACE", "0")
        .stdout(Stdio::null())
        .spawn()
        .unwrap();

    let start = Instant::now();
    let [first, early, middle, last] = [100, 4, 2, 1].map(|part| {
        api.wait_for(events / part);
        memory_kib(function.id())
    });
    let lives = function.try_wait().unwrap().is_none();
    function.kill().unwrap();
    function.wait().unwrap();

    let state = api.state.lock().unwrap();
    println!(
        "{events} events in {:.0?}, at most {} at once: {:?}, {} late because the machine was busy; memory in KiB: \
         {first} after a hundredth, {early} after a quarter, {middle} after a half, {last} at the end",
        start.elapsed(),
        state.most_at_once,
        state.by_kind,
        state.late
    );
    assert!(lives);
    assert!(state.wrong.is_empty(), "mixed up: {:?}", state.wrong);
    // Even on a busy machine, few are late: 23 of a million at a load of 20 on two processors.
    assert!(state.late <= events / 20, "{} of {events} are late", state.late);
    assert_eq!(state.by_kind.values().sum::<usize>() + state.late, events);
    assert_eq!(state.by_kind.len(), 6);
    // The first workers may be done before the last one has its event.
    assert!(state.most_at_once > AT_ONCE / 2, "{}", state.most_at_once);
    // A leak of what a panic throws would be 4 KiB for each of them.
    assert!(last < early + 2048, "{early} KiB, then {last} KiB");
}
