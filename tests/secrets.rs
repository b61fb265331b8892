//! A compiled function prints no secrets: neither in its log, at any level, nor in an error.
//!
//! Every string that could be a password, a code, a token or personal data is replaced by a marked one. The test then
//! searches for the marks. Only the answer may have them, because it repeats the event.

mod malformed;
mod marked;
mod stores;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use cognito_triggers::{model::Route, samples};
use cognito_triggers_targets::{Invocation, Log, Outcome, Process, Target};
use marked::{MARK, marked};

/// The log formats that Lambda can set. The tests run both at the level TRACE.
const FORMATS: [&str; 2] = ["JSON", "Text"];

/// A running function, and its logs.
struct Listener {
    process: Process,
    logs: Vec<Log>,
}

impl Listener {
    fn new(program: impl AsRef<Path>, format: &str, mode: &str) -> Self {
        let process = Process::new(program.as_ref())
            .env("AWS_LAMBDA_LOG_LEVEL", "TRACE")
            .env("AWS_LAMBDA_LOG_FORMAT", format)
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "full")
            .env("FUNCTION", "logs_everything")
            .env("MODE", mode);
        Self {
            process,
            logs: Vec::new(),
        }
    }

    /// Sends an event, and checks that an error has no mark.
    async fn send(&mut self, event: impl Into<Vec<u8>>, name: &str) -> Outcome {
        let reply = self.process.invoke(Invocation::new(event.into())).await;
        match &reply.outcome {
            Outcome::Answered(_) => (),
            Outcome::FunctionError { error_type, message } => {
                for text in [error_type, message] {
                    assert!(!text.contains(MARK), "{name}: the error says {text}");
                }
            }
            Outcome::InvokeError(error) => panic!("{name}: {error}"),
        }
        self.logs.push(reply.log);
        reply.outcome
    }

    /// The logs, after a short wait for their last lines. Checks that they have no mark.
    async fn listen(self) -> String {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let mut all = String::new();
        for log in &self.logs {
            let text = log.text();
            // Logs are truncated at 64 KiB, and the rest couldn't be searched.
            assert!(text.len() < 60 * 1024, "the log may be truncated");
            all.push_str(&text);
        }
        if let Some(line) = all.lines().find(|line| line.contains(MARK)) {
            panic!("the log says {line}");
        }
        // The log isn't empty, and it has the library's own records at the level TRACE.
        let is_trace = |line: &str| line.contains("TRACE") && line.contains("an event came");
        assert!(all.lines().any(is_trace), "nothing from the library at TRACE");
        all
    }
}

fn example() -> PathBuf {
    cognito_triggers_targets::cargo::build_bin("every-trigger", None).expect("the example compiles")
}

fn functions() -> &'static str {
    env!("CARGO_BIN_EXE_functions")
}

#[tokio::test]
async fn handlers_that_log_and_return_everything_leak_nothing() {
    for format in FORMATS {
        for (mode, expected) in [
            ("answer", None),
            ("reject", Some("Rejected")),
            ("fail", Some("Failed")),
            ("own-error", Some("Failed")),
            ("own-rejection", Some("Rejected")),
            ("panic", Some("Failed")),
            ("layer-fails", Some("Failed")),
            ("layer-panics", Some("Failed")),
        ] {
            let mut listener = Listener::new(functions(), format, mode);
            for sample in samples::all() {
                let outcome = listener.send(marked(sample.json), sample.source).await;
                let error_type = match &outcome {
                    Outcome::FunctionError { error_type, .. } => Some(error_type.as_str()),
                    _ => None,
                };
                assert_eq!(error_type, expected, "{} {mode}", sample.source);
            }
            let calls = listener.logs.len();
            let said = listener.listen().await;
            assert_eq!(lines_of_metrics(&said), calls, "{mode}");
            if mode.starts_with("layer") {
                assert!(said.contains("a layer has ["), "the layer has said nothing");
            } else {
                assert!(
                    said.matches("[redacted]").count() > 100,
                    "the handlers have said nothing"
                );
                assert!(
                    said.contains("a layer has the outcome"),
                    "the layer has said nothing"
                );
            }
            assert_eq!(
                said.contains("panicked") || said.contains("panic:"),
                mode.contains("panic")
            );
        }
    }
}

#[tokio::test]
async fn malformed_events_leak_nothing() {
    let program = example();
    for format in FORMATS {
        // The example is used, because the errors under test are those of the library and not those of a handler.
        let mut listener = Listener::new(&program, format, "");
        let mut refused = 0;
        for (name, event) in malformed::all() {
            let outcome = listener.send(event, &name).await;
            refused += usize::from(matches!(outcome, Outcome::FunctionError { .. }));
        }
        assert!(refused > 100, "only {refused} of them were malformed");
        let said = listener.listen().await;
        assert!(said.contains("Malformed"), "{said:.2000}");
    }
}

#[tokio::test]
async fn metrics_of_malformed_events_leak_nothing() {
    // The handlers log fields that are no secrets and have marks here, so only the lines of metrics are searched.
    let mut listener = Listener::new(functions(), "JSON", "panic");
    for (name, event) in malformed::all() {
        listener.send(event, &name).await;
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    let said: String = listener.logs.iter().map(Log::text).collect();
    assert_eq!(lines_of_metrics(&said), listener.logs.len());
    for outcome in ["Malformed", "Panicked"] {
        let metric = format!(r#""{outcome}":1"#);
        assert!(said.contains(&metric), "no {outcome}");
    }
}

/// The number of lines of metrics. Checks that each has only members that are numbers, or strings that a table has.
fn lines_of_metrics(said: &str) -> usize {
    let lines = said.lines().filter(|line| line.starts_with(r#"{"_aws""#));
    let check = |line: &str| {
        assert!(!line.contains(MARK), "{line}");
        let line: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        for (name, value) in line.iter().filter(|(name, _)| *name != "_aws") {
            let known = match (name.as_str(), value.as_str()) {
                ("route", Some(route)) => {
                    ["none", "otherwise"].contains(&route) || route.parse::<Route>().is_ok()
                }
                ("source", Some(source)) => {
                    ["none", "other"].contains(&source)
                        || samples::all().any(|sample| sample.source == source)
                }
                ("user_pool_id", Some(pool)) => ["eu-central-1_Tr1gg3rs0", "other"].contains(&pool),
                _ => value.is_number(),
            };
            assert!(known, "{name} is {value}");
        }
    };
    lines.map(check).count()
}

#[tokio::test]
async fn the_example_leaks_nothing() {
    let program = example();
    for format in FORMATS {
        let mut listener = Listener::new(&program, format, "");
        for sample in samples::all() {
            // Unmarked, so that the handlers run to their ends, and marked.
            listener.send(sample.json, sample.source).await;
            listener.send(marked(sample.json), sample.source).await;
        }
        let said = listener.listen().await;
        for secret in [
            "correct-Horse7battery",
            "620418",
            "bm90IGEgc2lnbmF0dXJl",
            "@example.",
            "AYAD",
        ] {
            let line = said.lines().find(|line| line.contains(secret));
            assert!(line.is_none(), "{secret} in {}", line.unwrap_or_default());
        }
        assert!(
            said.contains("a message would be sent"),
            "the example has done nothing"
        );
    }
}
