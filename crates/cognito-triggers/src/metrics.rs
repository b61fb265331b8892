//! Metrics of each call for Amazon CloudWatch, as one line of its
//! [embedded metric format](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
//!
//! Lambda sends what a function prints to CloudWatch Logs, and CloudWatch makes metrics of a line in this format. There is
//! no agent, no call of an API and no permission beyond that for logs.
//!
//! ```no_run
//! use cognito_triggers::{Router, RunError, metrics::Metrics, pass_through, router, runtime::Runtime};
//!
//! # fn triggers() -> Router<()> { router! { otherwise => pass_through } }
//! #[tokio::main(flavor = "current_thread")]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let metrics = Metrics::new("Example/SignIn")?.dimension("stage", "production")?;
//!     Ok(Runtime::new(triggers()).metrics(metrics).run(()).await?)
//! }
//! ```
//!
//! # What a line has
//!
//! | metric | unit | meaning |
//! |---|---|---|
//! | `Calls` | count | always 1; its sum is the number of calls |
//! | one of `Answered`, `Rejected`, `Failed`, `Panicked`, `TimedOut`, `Unhandled`, `Malformed`, `Canceled` | count | always 1: the outcome |
//! | `Duration` | milliseconds | from the arrival of the event to its answer, as `duration_ms` in the log; with microseconds |
//! | `ColdStart` | milliseconds | how long the event waited for the start of the process, as far as `run` sees it; only in calls that waited, so its sample count is the number of cold starts |
//! | `TimeLeft` | milliseconds | what was left of the time limit; only where Cognito waits for the answer |
//!
//! The outcomes are those of the log, an [`ErrorType`](crate::function::ErrorType) or `Answered`, except that a panic of a
//! handler or of a layer is `Panicked` and not `Failed`. `Canceled` is a call whose future was dropped. Under `run` there is
//! none of it: a call that a layer gives up has the outcome that Lambda gets.
//!
//! An outcome that never occurs has no line and thus no metric, which you pay for by the hour. In an alarm, treat missing
//! data as not breaching; in metric math, write `FILL(failed, 0)`.
//!
//! | dimension | values |
//! |---|---|
//! | `route` | the line of the router, `otherwise` among them; `none` if no line takes the event |
//! | `source` | `triggerSource`; `other` if this version of the library doesn't know it; `none` if the event can't be parsed |
//! | `user_pool_id` | only with [`Metrics::user_pools`]: one of them, or `other`; absent if the event can't be parsed |
//!
//! Each metric exists twice, by route and by route and source; [`Metrics::without_sources`] leaves the second out. Your own
//! dimensions are part of both. No value of a dimension comes from an event as it is, so no event makes a new metric, and
//! neither users nor secrets are in a line.
//!
//! # One line for a call
//!
//! Every call has one line, whatever its outcome, and also if a layer answers, fails or panics. It is written at once and
//! whole, between the lines of other calls and of the log. Under `run`, that is while the answer is on its way, so no user
//! waits for it. A process that Lambda ends in the middle of a call, at the function's own timeout, writes none.
//!
//! Text that you print yourself has to end with a line break; otherwise the next line doesn't begin at its beginning, and
//! CloudWatch finds no metrics in it.
//!
//! # Log levels
//!
//! Where the function's log format is JSON and its level is above `INFO`, Lambda drops
//! [lines without a level](https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html), because
//! it takes them for `INFO`. A line of metrics then has that level and a time as members of its own, so that it passes.

mod line;
mod names;
#[cfg(test)]
mod tests;

use std::{cell::RefCell, collections::BTreeMap, env, fmt, sync::Arc, time::SystemTime};

use self::line::{LevelFilter, write_line};
pub use self::names::MetricsError;
use crate::{
    logging,
    recorder::{CallFacts, Recorder},
};

thread_local! {
    /// An allocation for a line.
    static LINE: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// What stands for a user pool that isn't among those of [`Metrics::user_pools`].
const OTHER_POOL: &str = "other";

/// The metrics of a function: their namespace, their dimensions, and where they are written.
///
/// ```
/// use std::sync::{Arc, Mutex};
///
/// use cognito_triggers::{Router, metrics::Metrics, pass_through, router};
/// use lambda_runtime::Context;
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let lines = Arc::new(Mutex::new(String::new()));
/// let written = Arc::clone(&lines);
/// let metrics = Metrics::new("Example/SignIn")?
///     .dimension("stage", "test")?
///     .write_to(move |line| written.lock().unwrap().push_str(line));
///
/// let router: Router<()> = router! { pre_sign_up => |_, _| async { Ok(Default::default()) } };
/// let function = router.with_state(()).metrics(metrics);
/// function.answer(r#"{"triggerSource": "PreSignUp_SignUp", "response": {}}"#, Context::default()).await?;
///
/// let line: serde_json::Value = serde_json::from_str(&lines.lock().unwrap())?;
/// assert_eq!(line["route"], "pre_sign_up");
/// assert_eq!(line["source"], "PreSignUp_SignUp");
/// assert_eq!((&line["Calls"], &line["Answered"]), (&1.into(), &1.into()));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Metrics {
    namespace: String,
    dimensions: BTreeMap<String, String>,
    user_pools: Option<Vec<Arc<str>>>,
    by_source: bool,
    level: Option<LevelFilter>,
    write: Arc<dyn Fn(&str) + Send + Sync>,
}

impl Metrics {
    /// Metrics in a namespace of CloudWatch: 1 to 255 letters, digits, spaces and characters of `.-_/#:`. It may not begin
    /// with `AWS/` or a colon.
    ///
    /// They are written to standard output.
    ///
    /// # Errors
    /// If CloudWatch wouldn't accept the namespace.
    pub fn new(namespace: impl Into<String>) -> Result<Self, MetricsError> {
        let namespace = namespace.into();
        names::check_namespace(&namespace)?;
        let variable = |name| env::var(name).ok();
        Ok(Self {
            namespace,
            dimensions: BTreeMap::new(),
            user_pools: None,
            by_source: true,
            level: LevelFilter::of_lambda(
                variable("AWS_LAMBDA_LOG_FORMAT").as_deref(),
                variable("AWS_LAMBDA_LOG_LEVEL").as_deref(),
            ),
            write: Arc::new(|line| logging::write(line.as_bytes())),
        })
    }

    /// Adds a dimension with one value, such as the stage of the deployment. It is part of every metric.
    ///
    /// A name has 1 to 250 and a value 1 to 1,024 characters of printable ASCII, at least one of them no space; a name
    /// doesn't begin with a colon. There may be 27 of them, since a metric has 30 dimensions at most.
    ///
    /// ```
    /// use cognito_triggers::metrics::Metrics;
    ///
    /// let error = Metrics::new("Example")?.dimension("route", "mine").err().expect("an error");
    /// assert_eq!(
    ///     error.to_string(),
    ///     "the dimension \"route\" is a member that each line has already; choose another name"
    /// );
    /// # Ok::<_, cognito_triggers::metrics::MetricsError>(())
    /// ```
    ///
    /// # Errors
    /// If CloudWatch wouldn't accept it, or a line has a member of this name already.
    pub fn dimension(
        mut self,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Result<Self, MetricsError> {
        let (name, value) = (name.into(), value.into());
        names::check_dimension(&name, &value)?;
        if self.dimensions.contains_key(&name) {
            return Err(MetricsError::taken(&name));
        }
        self.dimensions.insert(name, value);
        names::check_number(self.dimensions.len())?;
        Ok(self)
    }

    /// Tells user pools apart, for a function that several pools call: by the dimension `user_pool_id`, with one of these
    /// ids, or `other`.
    ///
    /// # Errors
    /// If CloudWatch wouldn't accept an id as the value of a dimension.
    pub fn user_pools(
        mut self,
        ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<Self, MetricsError> {
        let mut pools = Vec::new();
        for id in ids {
            let id = id.into();
            names::check_value("user_pool_id", &id)?;
            pools.push(Arc::from(id));
        }
        self.user_pools = Some(pools);
        Ok(self)
    }

    /// Leaves out the metrics by source: there are half as many, and those by route stay.
    #[must_use]
    pub fn without_sources(mut self) -> Self {
        self.by_source = false;
        self
    }

    /// Writes the lines somewhere else than to standard output. `write` gets a whole line with its line break.
    #[must_use]
    pub fn write_to(mut self, write: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.write = Arc::new(write);
        self
    }
}

impl Recorder for Metrics {
    fn user_pool(&self, id: &str) -> Option<Arc<str>> {
        let pools = self.user_pools.as_ref()?;
        let known = pools.iter().find(|pool| ***pool == *id);
        Some(known.map_or_else(|| Arc::from(OTHER_POOL), Arc::clone))
    }

    fn record(&self, facts: &CallFacts) {
        LINE.with_borrow_mut(|line| {
            line.clear();
            write_line(line, self, facts, SystemTime::now());
            // What is written is JSON, so it is UTF-8.
            if let Ok(line) = std::str::from_utf8(line) {
                (self.write)(line);
            }
        });
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics")
            .field("namespace", &self.namespace)
            .field("dimensions", &self.dimensions)
            .field("user_pools", &self.user_pools)
            .field("by_source", &self.by_source)
            .finish_non_exhaustive()
    }
}
