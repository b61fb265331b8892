//! Running cases against a target.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use futures_util::{StreamExt, stream};

use cognito_triggers_targets::{Invocation, InvokeError, Log, Target, api_outcome, default_timeout};

use crate::{
    case::{Case, CaseError, Found},
    judge::{compare_attempts, judge},
    report::{Entry, Report},
    verdict::Verdict,
};

/// The environment variable that makes tests approve what comes: `COGNITO_REPLAY=accept cargo test`.
const ACCEPT: &str = "COGNITO_REPLAY";

/// How long log lines may be on their way after the answer.
const LOG_GRACE: Duration = Duration::from_millis(20);

/// Cases, and how to run them.
#[derive(Debug)]
#[must_use]
pub struct Replay {
    cases: Vec<Case>,
    errors: Vec<CaseError>,
    settings: Settings,
    jobs: usize,
    fail_fast: bool,
}

#[derive(Debug, Clone)]
struct Settings {
    timeout: Option<Duration>,
    attempts: usize,
    accept: bool,
    accept_unhandled: bool,
}

impl Replay {
    /// The cases of a directory and of the directories in it; see [`Case::find`]. A relative path starts at the
    /// package's root in a test. A directory without a case is an error of the report: a test that holds nothing
    /// mustn't pass.
    pub fn dir(directory: impl AsRef<Path>) -> Self {
        let mut found = Case::find(directory.as_ref());
        if found.cases.is_empty() && found.errors.is_empty() {
            found.errors.push(CaseError::nothing_in(directory.as_ref()));
        }
        Self::found(found)
    }

    /// The cases that were [found](Case::find). The files that can't be a case become errors of the report.
    pub fn found(found: Found) -> Self {
        Self {
            errors: found.errors,
            ..Self::cases(found.cases)
        }
    }

    /// These cases.
    pub fn cases(cases: Vec<Case>) -> Self {
        let accept = std::env::var_os(ACCEPT).unwrap_or_default();
        Self {
            cases,
            errors: Vec::new(),
            settings: Settings {
                timeout: None,
                attempts: 1,
                accept: accept == "accept" || accept == "accept-unhandled",
                accept_unhandled: accept == "accept-unhandled",
            },
            jobs: std::thread::available_parallelism().map_or(1, usize::from),
            fail_fast: false,
        }
    }

    /// Only the cases whose name contains one of these texts, and the unreadable files whose path does; all, if there is no
    /// text.
    pub fn filter<S: AsRef<str>>(mut self, texts: &[S]) -> Self {
        if !texts.is_empty() {
            let is_wanted = |name: &str| texts.iter().any(|text| name.contains(text.as_ref()));
            self.cases.retain(|case| is_wanted(&case.name));
            self.errors
                .retain(|error| is_wanted(&error.path.to_string_lossy()));
        }
        self
    }

    /// How long an answer may take. Unless told, the five seconds that Cognito waits, and thirty for custom senders,
    /// for which it doesn't.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = Some(timeout);
        self
    }

    /// How often each event is sent; once, unless told. Cognito may call again when it got no answer in time, so every
    /// answer must equal the first one.
    pub fn attempts(mut self, attempts: usize) -> Self {
        self.settings.attempts = attempts.max(1);
        self
    }

    /// How many cases run at a time; unless told, as many as there are processors. The order of the report is that of
    /// the cases all the same.
    pub fn jobs(mut self, jobs: usize) -> Self {
        self.jobs = jobs.max(1);
        self
    }

    /// Approves the answers: writes them to the answer files. In tests `COGNITO_REPLAY=accept` does the same. The errors
    /// `Unhandled` and `Malformed` aren't approved, see [`accept_unhandled`](Self::accept_unhandled).
    pub fn accept(mut self, accept: bool) -> Self {
        self.settings.accept = accept;
        self
    }

    /// With [`accept`](Self::accept), approves the errors `Unhandled` and `Malformed` too: that no route takes the event,
    /// or that the function can't read it. They are usually mistakes in the event or in the router, which no one should
    /// approve unseen. In tests `COGNITO_REPLAY=accept-unhandled` does both.
    pub fn accept_unhandled(mut self, accept: bool) -> Self {
        self.settings.accept_unhandled = accept;
        self
    }

    /// Ends with the first case that doesn't stand as approved.
    pub fn fail_fast(mut self, fail_fast: bool) -> Self {
        self.fail_fast = fail_fast;
        self
    }

    /// How many cases there are.
    pub fn len(&self) -> usize {
        self.cases.len()
    }

    /// Whether there is no case.
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// Runs all cases.
    pub async fn against(self, target: impl Target) -> Report {
        self.run(&target, |_| {}).await
    }

    /// Runs all cases, and shows each as soon as it and those before it are through.
    pub async fn run(self, target: &dyn Target, mut show: impl FnMut(&Entry)) -> Report {
        let start = Instant::now();
        let mut report = Report {
            errors: self.errors,
            ..Report::default()
        };
        let all = self.cases.len();
        let settings = &self.settings;
        let mut entries = stream::iter(self.cases)
            .map(|case| settings.run(case, target))
            .buffered(self.jobs);
        while let Some(entry) = entries.next().await {
            show(&entry);
            let is_bad = !entry.verdict.is_good();
            report.entries.push(entry);
            if is_bad && self.fail_fast {
                break;
            }
        }
        report.not_run = all.saturating_sub(report.entries.len());
        report.duration = start.elapsed();
        report
    }

    #[cfg(feature = "harness")]
    pub(crate) fn split(self) -> (Vec<Self>, Vec<CaseError>) {
        let one = |case| Self {
            cases: vec![case],
            errors: Vec::new(),
            settings: self.settings.clone(),
            jobs: 1,
            fail_fast: false,
        };
        (self.cases.into_iter().map(one).collect(), self.errors)
    }

    #[cfg(feature = "harness")]
    pub(crate) fn name(&self) -> String {
        self.cases
            .first()
            .map(|case| case.name.clone())
            .unwrap_or_default()
    }
}

impl Settings {
    async fn run(&self, case: Case, target: &dyn Target) -> Entry {
        let invocation = Invocation {
            event: case.event.clone(),
            timeout: self.timeout.unwrap_or_else(|| default_timeout(&case.event_json)),
        };
        let mut reply = target.invoke(invocation.clone()).await;
        let (findings, rules_error) = match reply.outcome.check_rules(&case.event) {
            Ok(findings) => (findings, None),
            Err(problem) => (Vec::new(), Some(problem)),
        };
        let mut verdict = judge(case.approved.as_ref(), &reply.outcome, &findings);
        let mut attempt = 1;
        // Without a first answer there is nothing that another one could differ from.
        while attempt < self.attempts && !matches!(verdict, Verdict::Failed(_)) {
            attempt += 1;
            let again = target.invoke(invocation.clone()).await;
            if let Some(changed) =
                compare_attempts(attempt, case.approved.as_ref(), &reply.outcome, &again.outcome)
            {
                if matches!(changed, Verdict::Failed(_)) {
                    reply.outcome = again.outcome;
                }
                verdict = changed;
                reply.log = again.log;
                break;
            }
        }
        let mut entry = Entry {
            api_outcome: api_outcome(&case.event_json, &reply.outcome, &findings)
                .filter(|_| rules_error.is_none()),
            name: case.name,
            event_path: case.event_path,
            event_json: case.event_json,
            answer_path: case.answer_path,
            approved: case.approved,
            findings,
            rules_error,
            outcome: reply.outcome,
            attempt,
            verdict,
            duration: reply.duration,
            log: String::new(),
        };
        if self.accept
            && (self.accept_unhandled || !entry.is_unhandled())
            && let Err(error) = entry.approve()
        {
            let problem = format!("{} can't be written: {error}", entry.answer_path.display());
            entry.verdict = Verdict::Failed(InvokeError::Unreachable { problem });
        }
        if !entry.verdict.is_good() {
            entry.log = complete(&reply.log).await;
        }
        entry
    }
}

async fn complete(log: &Log) -> String {
    tokio::time::sleep(LOG_GRACE).await;
    log.text()
}
