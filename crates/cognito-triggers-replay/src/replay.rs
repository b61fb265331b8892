//! Running cases against a target.

use std::{
    fs, io,
    path::Path,
    time::{Duration, Instant},
};

use cognito_triggers::testing::json::Json;
use futures_util::{StreamExt, stream};

use crate::{Call, Case, CaseError, Entry, Log, Outcome, Report, Target, Trouble, Verdict, compare::compare};

/// How long log lines may be on their way after the answer.
const LAST_WORDS: Duration = Duration::from_millis(20);

/// Cases, and how to run them.
#[derive(Debug)]
pub struct Replay {
    cases: Vec<Case>,
    errors: Vec<CaseError>,
    deadline: Option<Duration>,
    jobs: usize,
    accept: bool,
}

impl Replay {
    /// The cases of a directory and of the directories in it; see [`Case::find`]. A relative path starts at the
    /// package's root in a test.
    pub fn dir(directory: impl AsRef<Path>) -> Self {
        match Case::find(directory.as_ref()) {
            Ok(cases) => Self::cases(cases),
            Err(errors) => Self {
                errors,
                ..Self::cases(Vec::new())
            },
        }
    }

    /// These cases.
    pub fn cases(cases: Vec<Case>) -> Self {
        Self {
            cases,
            errors: Vec::new(),
            deadline: None,
            jobs: std::thread::available_parallelism().map_or(1, usize::from),
            accept: false,
        }
    }

    /// How long an answer may take. Unless told, the five seconds that Cognito waits, and thirty for custom senders,
    /// for which it doesn't.
    #[must_use]
    pub fn deadline(self, deadline: Duration) -> Self {
        Self {
            deadline: Some(deadline),
            ..self
        }
    }

    /// How many cases run at a time; unless told, as many as there are processors. The order of the report is that of
    /// the cases all the same.
    #[must_use]
    pub fn jobs(self, jobs: usize) -> Self {
        Self {
            jobs: jobs.max(1),
            ..self
        }
    }

    /// Approves what comes: writes it to the answer files.
    #[must_use]
    pub fn accept(self, accept: bool) -> Self {
        Self { accept, ..self }
    }

    /// Runs all cases.
    pub async fn against(self, target: impl Target) -> Report {
        self.run(&target, |_| {}).await
    }

    /// Runs all cases, and shows each as soon as it and those before it are through.
    pub async fn run(self, target: &dyn Target, mut show: impl FnMut(&Entry)) -> Report {
        let start = Instant::now();
        let Self {
            cases,
            errors,
            deadline,
            jobs,
            accept,
        } = self;
        let mut report = Report {
            errors,
            ..Report::default()
        };
        if report.errors.is_empty() {
            let mut entries = stream::iter(cases)
                .map(|case| one(case, target, deadline, accept))
                .buffered(jobs);
            while let Some(entry) = entries.next().await {
                show(&entry);
                report.entries.push(entry);
            }
        }
        report.took = start.elapsed();
        report
    }
}

async fn one(case: Case, target: &dyn Target, deadline: Option<Duration>, accept: bool) -> Entry {
    let mut call = Call::new(case.event.clone());
    if let Some(deadline) = deadline {
        call.deadline = deadline;
    }
    let reply = target.call(call).await;
    let mut verdict = judge(&case, &reply.outcome);
    if accept {
        verdict = approve(&case.answer_path, verdict);
    }
    let log = if verdict.is_good() {
        String::new()
    } else {
        settled(&reply.log).await
    };
    Entry {
        name: case.name,
        event_path: case.event_path,
        answer_path: case.answer_path,
        outcome: reply.outcome,
        verdict,
        took: reply.took,
        log,
    }
}

async fn settled(log: &Log) -> String {
    tokio::time::sleep(LAST_WORDS).await;
    log.text()
}

fn judge(case: &Case, outcome: &Outcome) -> Verdict {
    let received = match (outcome, outcome.document()) {
        (_, Some(received)) => received,
        (Outcome::Broken(trouble), None) => return Verdict::Broken(trouble.clone()),
        (_, None) => return Verdict::Passed,
    };
    let Some(approved) = &case.approved else {
        return Verdict::New(received);
    };
    let differences = compare(&approved.json, &received);
    if differences.is_empty() {
        return Verdict::Passed;
    }
    Verdict::Different {
        approved: approved.clone(),
        received,
        differences,
    }
}

fn approve(path: &Path, verdict: Verdict) -> Verdict {
    match &verdict {
        Verdict::New(received) | Verdict::Different { received, .. } => match write(path, received) {
            Ok(()) => Verdict::Accepted,
            Err(error) => Verdict::Broken(Trouble::Unreachable {
                problem: format!("{} can't be written: {error}", path.display()),
            }),
        },
        _ => verdict,
    }
}

fn write(path: &Path, answer: &Json) -> io::Result<()> {
    fs::write(path, format!("{answer:#}\n"))
}
