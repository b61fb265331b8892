//! Runs cases against a target.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use cognito_triggers_targets::{Invocation, InvokeError, Target, api_outcome, default_timeout};
use futures_util::{StreamExt, stream};

use crate::{
    case::{Case, CaseError, Found, remove_leftovers},
    compared::Compared,
    entry::Entry,
    judge::{compare_attempts, judge},
    report::Report,
    verdict::Verdict,
};

/// The environment variable that makes tests approve the answers: `COGNITO_REPLAY=accept cargo test`.
const ACCEPT: &str = "COGNITO_REPLAY";

/// Cases, and how to run them.
///
/// ```
/// # use cognito_triggers::{Router, pass_through, router};
/// use cognito_triggers_replay::{InProcess, Replay};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
/// # let router: Router<()> = router! { otherwise => pass_through };
/// let replay = Replay::dir(directory).filter(&["sign-up"]).attempts(3).jobs(4).fail_fast(true);
/// assert!(!replay.is_empty());
/// replay.against(InProcess::new(router, ())).await.assert();
/// # }
/// ```
#[derive(Debug)]
#[must_use]
pub struct Replay {
    cases: Vec<Case>,
    errors: Vec<CaseError>,
    settings: Settings,
    jobs: usize,
    fail_fast: bool,
}

/// How one case is run.
#[derive(Debug, Clone)]
struct Settings {
    /// The time limit of an answer. `None` for that of the trigger.
    timeout: Option<Duration>,
    /// How often each event is sent, at least once.
    attempts: usize,
    /// What of an answer is compared.
    compared: Compared,
    /// Whether new and different answers are approved.
    accept: bool,
    /// Whether this includes the errors `Unhandled` and `Malformed`.
    accept_unhandled: bool,
}

impl Replay {
    /// The cases of a directory and of the directories in it; see [`Case::find`].
    ///
    /// In a test, a relative path starts at the root of the package. A directory without any case is an error of the
    /// report, because a test that checks nothing must not pass.
    pub fn dir(directory: impl AsRef<Path>) -> Self {
        let directory = directory.as_ref();
        let mut found = Case::find(directory);
        if found.cases.is_empty() && found.errors.is_empty() {
            found.errors.push(CaseError::nothing_in(directory));
        }
        Self::found(found)
    }

    /// The cases that [`Case::find`] has found. The files that aren't cases become errors of the report.
    ///
    /// An empty `found` is no error here, but a report without a case isn't good.
    ///
    /// ```no_run
    /// use cognito_triggers_replay::{Case, Replay};
    ///
    /// let found = Case::find("cases".as_ref());
    /// let replay = Replay::found(found);
    /// ```
    pub fn found(found: Found) -> Self {
        Self {
            errors: found.errors,
            ..Self::cases(found.cases)
        }
    }

    /// These cases, in this order. Use it for cases that you build or select yourself.
    ///
    /// ```no_run
    /// use cognito_triggers_replay::{Case, Replay};
    ///
    /// let mut cases = Case::find("cases".as_ref()).into_result().unwrap_or_default();
    /// cases.retain(|case| case.name.starts_with("pre_sign_up/"));
    /// let replay = Replay::cases(cases);
    /// ```
    pub fn cases(cases: Vec<Case>) -> Self {
        let accept = std::env::var_os(ACCEPT).unwrap_or_default();
        Self {
            cases,
            errors: Vec::new(),
            settings: Settings {
                timeout: None,
                attempts: 1,
                compared: Compared::Answer,
                accept: accept == "accept" || accept == "accept-unhandled",
                accept_unhandled: accept == "accept-unhandled",
            },
            jobs: std::thread::available_parallelism().map_or(1, usize::from),
            fail_fast: false,
        }
    }

    /// Keeps the cases whose name contains one of these strings, and the errors whose path does. An empty list keeps all.
    pub fn filter<S: AsRef<str>>(mut self, strings: &[S]) -> Self {
        if !strings.is_empty() {
            let matches = |name: &str| strings.iter().any(|string| name.contains(string.as_ref()));
            self.cases.retain(|case| matches(&case.name));
            self.errors.retain(|error| matches(&error.path.to_string_lossy()));
        }
        self
    }

    /// Sets the time limit of an answer. The default is that of the trigger: the 5 seconds that Cognito waits, or 30
    /// seconds for a custom sender, for which Cognito doesn't wait.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use cognito_triggers_replay::Replay;
    ///
    /// // In a debugger, five seconds are short.
    /// let replay = Replay::dir("cases").timeout(Duration::from_secs(600));
    /// ```
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = Some(timeout);
        self
    }

    /// Sets how often each event is sent; 0 counts as 1. The default is 1.
    ///
    /// Cognito may call again if it got no answer in time. So every answer must be the same as the first one.
    pub fn attempts(mut self, attempts: usize) -> Self {
        self.settings.attempts = attempts.max(1);
        self
    }

    /// Sets what of an answer is compared with the approved one. The default is the whole answer.
    ///
    /// With [`Compared::Response`], answers that were approved from a function in another language or library hold for one that does
    /// the same and writes it differently.
    ///
    /// ```no_run
    /// use cognito_triggers_replay::{Compared, Replay};
    ///
    /// let replay = Replay::dir("cases").compare(Compared::Response);
    /// ```
    pub fn compare(mut self, compared: Compared) -> Self {
        self.settings.compared = compared;
        self
    }

    /// Sets how many cases run at the same time; 0 counts as 1. The default is the number of processors.
    ///
    /// The report keeps the order of the cases.
    pub fn jobs(mut self, jobs: usize) -> Self {
        self.jobs = jobs.max(1);
        self
    }

    /// Approves all new and different answers, except the errors `Unhandled` and `Malformed`. The default is `false`, or
    /// `true` if the environment has `COGNITO_REPLAY=accept`.
    pub fn accept(mut self, accept: bool) -> Self {
        self.settings.accept = accept;
        self
    }

    /// With [`accept`](Self::accept), approves the errors `Unhandled` and `Malformed` too. The default is `false`, or `true`
    /// for both if the environment has `COGNITO_REPLAY=accept-unhandled`.
    ///
    /// They mean that no route takes the event, or that the function can't parse it. This is usually a mistake in the event
    /// or in the router, which should not be approved unseen.
    ///
    /// ```no_run
    /// use cognito_triggers_replay::Replay;
    ///
    /// let replay = Replay::dir("cases").accept(true).accept_unhandled(true);
    /// ```
    pub fn accept_unhandled(mut self, accept: bool) -> Self {
        self.settings.accept_unhandled = accept;
        self
    }

    /// Stops after the first case that isn't in order. The default is `false`.
    ///
    /// Cases that are running at that time are dropped. They count as not run.
    pub fn fail_fast(mut self, fail_fast: bool) -> Self {
        self.fail_fast = fail_fast;
        self
    }

    /// The number of cases.
    pub fn len(&self) -> usize {
        self.cases.len()
    }

    /// Whether there are no cases. There may still be errors.
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// Runs all cases, and returns the report. Call [`Report::assert`] on it in a test.
    pub async fn against(self, target: impl Target) -> Report {
        self.run(&target, |_| {}).await
    }

    /// Runs all cases, and calls `show` with each entry as soon as it and those before it have ended.
    ///
    /// ```
    /// # use cognito_triggers::{Router, pass_through, router};
    /// use cognito_triggers_replay::{InProcess, Replay, Style};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
    /// # let router: Router<()> = router! { otherwise => pass_through };
    /// let target = InProcess::new(router, ());
    /// let report = Replay::dir(directory)
    ///     .run(&target, |entry| print!("{}", Style::default().entry(entry)))
    ///     .await;
    /// assert!(report.is_good());
    /// # }
    /// ```
    pub async fn run(self, target: &dyn Target, show: impl FnMut(&Entry)) -> Report {
        self.remove_leftovers();
        self.run_cases(target, show).await
    }

    /// Removes what killed processes have left beside the answers.
    pub(crate) fn remove_leftovers(&self) {
        remove_leftovers(self.cases.iter().map(|case| case.answer_path.as_path()));
    }

    /// Runs all cases, without removing leftovers before.
    pub(crate) async fn run_cases(self, target: &dyn Target, mut show: impl FnMut(&Entry)) -> Report {
        let start = Instant::now();
        let all = self.cases.len();
        let mut report = Report {
            errors: self.errors,
            ..Report::default()
        };
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

    /// A replay for each case with the same settings, and the errors.
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

    /// The name of the first case. Empty if there is none.
    #[cfg(feature = "harness")]
    pub(crate) fn name(&self) -> String {
        self.cases
            .first()
            .map(|case| case.name.clone())
            .unwrap_or_default()
    }
}

impl Settings {
    /// Runs one case: calls the function, checks the rules and compares the answer. If the settings say so, it repeats the
    /// call and approves the answer.
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
        let mut verdict = judge(self.compared, case.approved.as_ref(), &reply.outcome, &findings);
        let mut attempt = 1;
        // Without a first answer, there is nothing to compare a second one with.
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
            entry.log = reply.log.complete_text().await;
        }
        entry
    }
}
