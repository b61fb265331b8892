//! What all calls of one listener share, until a reset.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use cognito_triggers_model::trigger::COGNITO_TIMEOUT;

use tokio::task::JoinSet;

use crate::activity::{Activity, Reporter};
use crate::clock::Clock;
use crate::error::ApiError;
use crate::functions::Functions;
use crate::ids::Ids;
use crate::messages::outbox::{Outbox, OutboxMessage};
use crate::state::{Settings, State, User};
use crate::triggers::record::{Drills, Records, TriggerRecord};

/// State, clock, functions and records of a listener.
pub(crate) struct Service {
    state: RwLock<State>,
    /// The state at start, to which a reset returns.
    start: RwLock<State>,
    pub(crate) clock: Arc<Clock>,
    pub(crate) ids: Arc<Ids>,
    pub(crate) functions: Arc<dyn Functions>,
    pub(crate) records: Arc<Records>,
    pub(crate) drills: Drills,
    pub(crate) outbox: Outbox,
    pub(crate) reporter: Reporter,
    pub(crate) options: Options,
    /// The custom senders that run. `None` once the service has ended.
    background: Mutex<Option<JoinSet<()>>>,
    /// Whether a reset or the end of the pool has ended it. Its calls may still run, but nobody sees what they do.
    ended: RwLock<bool>,
    endpoint: OnceLock<String>,
}

/// How long a stream of events is silent at most, unless a test says otherwise.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What stays the same while a listener runs.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// How long a function that Cognito waits for may take.
    pub(crate) deadline: Duration,
    /// How long a stream of events without an event waits before it sends a comment.
    pub(crate) keep_alive: Duration,
    /// Host names that requests may carry besides those of this machine.
    pub(crate) hosts: Vec<String>,
    /// Whether tokens name AWS as their issuer, instead of this listener.
    pub(crate) aws_issuer: bool,
    /// What of the templates isn't served, and why.
    pub(crate) left_out: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            deadline: COGNITO_TIMEOUT,
            keep_alive: KEEP_ALIVE,
            hosts: Vec::new(),
            aws_issuer: false,
            left_out: Vec::new(),
        }
    }
}

impl Service {
    pub(crate) fn new(ids: Ids, functions: Arc<dyn Functions>, options: Options) -> Self {
        Self {
            state: RwLock::default(),
            start: RwLock::default(),
            clock: Arc::default(),
            ids: Arc::new(ids),
            functions,
            records: Arc::default(),
            drills: Drills::default(),
            outbox: Outbox::default(),
            reporter: Reporter::default(),
            options,
            background: Mutex::new(Some(JoinSet::new())),
            ended: RwLock::default(),
            endpoint: OnceLock::new(),
        }
    }

    /// The service after a reset: the state at start, and the same listener, functions and readers.
    pub(crate) fn successor(&self) -> Self {
        let start = self.start.read().unwrap_or_else(PoisonError::into_inner).clone();
        Self {
            state: RwLock::new(start.clone()),
            start: RwLock::new(start),
            clock: Arc::clone(&self.clock),
            ids: Arc::clone(&self.ids),
            functions: Arc::clone(&self.functions),
            records: Arc::clone(&self.records),
            drills: Drills::default(),
            outbox: Outbox::default(),
            reporter: self.reporter.clone(),
            options: self.options.clone(),
            background: Mutex::new(Some(JoinSet::new())),
            ended: RwLock::default(),
            endpoint: self.endpoint.clone(),
        }
    }

    /// Reads the state. Nothing that waits may happen inside.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the state. Nothing that waits may happen inside, and nothing may fail after the first change.
    pub(crate) fn write<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes a stored user.
    ///
    /// # Errors
    /// `UserNotFoundException` if the user was deleted in the meantime, or what `change` fails with. A change that
    /// fails is stored all the same, so that it can count failures.
    pub(crate) fn update_user<T>(
        &self,
        pool_id: &str,
        username: &str,
        change: impl FnOnce(&mut User) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        self.write(|state| {
            let changed = state.pool_mut(pool_id)?.users.update(username, change);
            changed.unwrap_or_else(|| Err(ApiError::user_not_found()))
        })
    }

    /// Puts a message into the outbox.
    pub(crate) fn send(&self, message: OutboxMessage) {
        self.report(|| Activity::Message(message.clone()));
        self.outbox.push(message);
    }

    /// Reports an activity.
    pub(crate) fn report(&self, activity: impl FnOnce() -> Activity) {
        self.unless_ended(|| self.reporter.report(activity));
    }

    /// Records a trigger that was fired, and returns its number.
    pub(crate) fn record(&self, record: TriggerRecord) -> u64 {
        let number = self.unless_ended(|| {
            self.reporter
                .report(|| Activity::Trigger(record.clone().redacted()));
            self.records.push(record)
        });
        number.unwrap_or_default()
    }

    /// Adds the outcome to the record of a custom sender. A failure is reported.
    pub(crate) fn finish(&self, record: TriggerRecord) {
        self.unless_ended(|| {
            if record.error.is_some() {
                self.reporter
                    .report(|| Activity::Trigger(record.clone().redacted()));
            }
            self.records.finish(record);
        });
    }

    /// Does what others see, unless the service has ended. It doesn't end meanwhile.
    fn unless_ended<T>(&self, action: impl FnOnce() -> T) -> Option<T> {
        let ended = self.ended.read().unwrap_or_else(PoisonError::into_inner);
        (!*ended).then(action)
    }

    /// Runs a task for which no caller waits, until it is done or the service ends.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut background = self.background.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tasks) = &mut *background {
            while tasks.try_join_next().is_some() {}
            tasks.spawn(task);
        }
    }

    /// Ends the tasks for which no caller waits, and hides what the calls that still run do.
    pub(crate) fn end(&self) {
        *self.ended.write().unwrap_or_else(PoisonError::into_inner) = true;
        let tasks = self
            .background
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        // A task that ends drops what it holds, so the lock isn't held meanwhile.
        drop(tasks);
    }

    /// Declares the present state the one to which a reset returns.
    pub(crate) fn mark_start(&self) {
        let state = self.read(Clone::clone);
        *self.start.write().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// Where the listener is reached, such as `http://127.0.0.1:9229`.
    pub(crate) fn endpoint(&self) -> &str {
        self.endpoint.get().map_or("", String::as_str)
    }

    /// `iss` of the tokens of a pool.
    pub(crate) fn issuer(&self, settings: &Settings) -> String {
        if self.options.aws_issuer {
            format!(
                "https://cognito-idp.{}.amazonaws.com/{}",
                settings.region(),
                settings.id
            )
        } else {
            format!("{}/{}", self.endpoint(), settings.id)
        }
    }

    pub(crate) fn set_endpoint(&self, endpoint: String) {
        // The listener starts once.
        let _ = self.endpoint.set(endpoint);
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service")
            .field("endpoint", &self.endpoint())
            .finish_non_exhaustive()
    }
}
