//! What all calls to one listener share, until a reset.

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use cognito_triggers_model::trigger::COGNITO_TIMEOUT;
use serde_json::{Map, Value};

use crate::activity::{Activity, Reporter};
use crate::background::Background;
use crate::calls::trace::{self, Traced};
use crate::calls::{CallRecord, Calls, Draft};
use crate::clock::Clock;
use crate::drills::Drills;
use crate::error::ApiError;
use crate::form::Form;
use crate::functions::Functions;
use crate::ids::Ids;
use crate::keys::{self, KeyPair};
use crate::messages::outbox::{Outbox, OutboxMessage};
use crate::recording::{Raw, Recorder};
use crate::state::{Settings, State, User};
use crate::store::{DataError, Log, Record, Store};
use crate::triggers::record::{Records, TriggerRecord};

/// State, clock, functions and records of a listener.
pub(crate) struct Service {
    state: RwLock<Stored>,
    /// Keeps the state in a directory. A reset hands it on.
    store: OnceLock<Arc<Store>>,
    /// The initial state, which a reset restores.
    start: RwLock<State>,
    pub(crate) clock: Arc<Clock>,
    pub(crate) ids: Arc<Ids>,
    pub(crate) functions: Arc<dyn Functions>,
    pub(crate) records: Arc<Records>,
    pub(crate) calls: Arc<Calls>,
    pub(crate) drills: Drills,
    pub(crate) outbox: Outbox,
    pub(crate) reporter: Reporter,
    /// Writes the calls to a file. A reset hands it on.
    recorder: OnceLock<Arc<Recorder>>,
    /// How many calls have changed the state first, or ended without a change. It is counted for the recorder.
    change_count: AtomicU64,
    pub(crate) options: Options,
    /// The running custom senders.
    background: Background,
    /// Whether a reset or the drop of the pool has ended the service. Its calls may still run, but have no visible effect.
    ended: RwLock<bool>,
    endpoint: OnceLock<String>,
}

/// The state, and where its changes go.
#[derive(Debug, Default)]
struct Stored {
    state: State,
    changes: Changes,
}

/// Where changes go.
#[derive(Debug, Default)]
enum Changes {
    /// Nowhere: there is no directory, or a reset has handed the store on, so that what later calls change is gone.
    #[default]
    Forgotten,
    /// The state was read from a directory, and the store isn't attached yet.
    Collected,
    Stored(Arc<Store>),
}

/// The default of [`Options::keep_alive`].
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Options that stay the same while a listener runs.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// The time limit of a function that Cognito waits for.
    pub(crate) deadline: Duration,
    /// How long a stream of events waits for an event before it sends a comment.
    pub(crate) keep_alive: Duration,
    /// Host names that requests may have in addition to those of this machine.
    pub(crate) hosts: Vec<String>,
    /// Whether tokens name AWS as their issuer, instead of this listener.
    pub(crate) aws_issuer: bool,
    /// Whether the logs of functions that succeeded are kept, too.
    pub(crate) all_logs: bool,
    /// Whether identity providers on this machine are asked for their configuration.
    pub(crate) is_discovering: bool,
    /// What was left out of the templates, and why.
    pub(crate) left_out: Vec<String>,
}

impl Options {
    /// Whether the log of a function is kept that failed, or didn't.
    pub(crate) fn keeps_log(&self, has_failed: bool) -> bool {
        has_failed || self.all_logs
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            deadline: COGNITO_TIMEOUT,
            keep_alive: KEEP_ALIVE,
            hosts: Vec::new(),
            aws_issuer: false,
            all_logs: false,
            is_discovering: true,
            left_out: Vec::new(),
        }
    }
}

impl Service {
    pub(crate) fn new(ids: impl Into<Arc<Ids>>, functions: Arc<dyn Functions>, options: Options) -> Self {
        Self {
            state: RwLock::default(),
            store: OnceLock::new(),
            start: RwLock::default(),
            clock: Arc::default(),
            ids: ids.into(),
            functions,
            records: Arc::default(),
            calls: Arc::default(),
            drills: Drills::default(),
            outbox: Outbox::default(),
            reporter: Reporter::default(),
            recorder: OnceLock::new(),
            change_count: AtomicU64::default(),
            options,
            background: Background::default(),
            ended: RwLock::default(),
            endpoint: OnceLock::new(),
        }
    }

    /// The service after a reset: the initial state, with the same listener, functions and readers.
    ///
    /// The store goes over to it, with the initial state as the next change.
    pub(crate) fn successor(&self) -> Self {
        let start = self.start.read().unwrap_or_else(PoisonError::into_inner).clone();
        let mut state = start.clone();
        let changes = {
            let mut stored = self.state.write().unwrap_or_else(PoisonError::into_inner);
            // Tokens of users who were there from the start verify as before.
            state.keys.clone_from(&stored.state.keys);
            std::mem::take(&mut stored.changes)
        };
        let next = Self {
            state: RwLock::new(Stored { state, changes }),
            store: self.store.clone(),
            start: RwLock::new(start),
            clock: Arc::clone(&self.clock),
            records: Arc::clone(&self.records),
            calls: Arc::clone(&self.calls),
            reporter: self.reporter.clone(),
            recorder: self.recorder.clone(),
            change_count: AtomicU64::default(),
            endpoint: self.endpoint.clone(),
            ..Self::new(
                Arc::clone(&self.ids),
                Arc::clone(&self.functions),
                self.options.clone(),
            )
        };
        next.write(State::mark_unsaved);
        next
    }

    /// Reads the state. `read` must not block, because it holds a lock.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.state.read().unwrap_or_else(PoisonError::into_inner).state)
    }

    /// Changes the state. `change` must not block, and must not fail after its first modification.
    ///
    /// What it changed is handed to the store. Whoever answers a call waits for [`kept`](Self::kept).
    pub(crate) fn write<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut stored = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if self.recorder.get().is_some() {
            // Under the lock, so that the numbers are in the order of the changes.
            trace::note_change(|| self.next_change());
        }
        let result = change(&mut stored.state);
        let Stored { state, changes } = &mut *stored;
        match changes {
            Changes::Forgotten => state.forget_changes(),
            Changes::Collected => {}
            Changes::Stored(store) => {
                let changes = self.changes(state);
                if !changes.is_empty() {
                    store.append(changes);
                }
            }
        }
        result
    }

    fn next_change(&self) -> u64 {
        self.change_count.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// What changed, with how far the generator of ids is by then.
    fn changes(&self, state: &mut State) -> Vec<Record> {
        let changes = state.take_changes();
        if changes.is_empty() {
            return changes;
        }
        if let Some((seed, progress)) = self.ids.progress() {
            state.seeds.insert(seed.to_string(), progress);
        }
        changes.into_iter().chain(state.take_changes()).collect()
    }

    /// Uses a state that was read from a directory.
    pub(crate) fn load(&self, state: State) {
        if let Some((seed, _)) = self.ids.progress()
            && let Some(progress) = state.seeds.get(&seed.to_string())
        {
            self.ids.continue_at(*progress);
        }
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = Stored {
            state,
            changes: Changes::Collected,
        };
    }

    /// Stores what changed since the state was read, and keeps all later changes.
    ///
    /// # Errors
    /// Fails if the disk does.
    pub(crate) fn attach(&self, mut log: Log) -> Result<(), DataError> {
        let mut stored = self.state.write().unwrap_or_else(PoisonError::into_inner);
        log.append(&self.changes(&mut stored.state))?;
        let reporter = self.reporter.clone();
        let failed = move |failure: &str| reporter.report(|| Activity::DataFailed(failure.to_owned()));
        let store = Arc::new(Store::start(log, failed));
        stored.changes = Changes::Stored(Arc::clone(&store));
        // It is attached only once, before the service is used.
        let _ = self.store.set(store);
        Ok(())
    }

    /// Waits until everything that is stored so far is on the disk. Without a directory it doesn't wait.
    ///
    /// # Errors
    /// `InternalErrorException` if the disk failed, now or before.
    pub(crate) async fn kept(&self) -> Result<(), ApiError> {
        match self.store.get() {
            None => Ok(()),
            Some(store) => store.kept().await.map_err(|failure| ApiError::not_kept(&failure)),
        }
    }

    /// Refuses a call once the disk has failed: what is in memory may be more than what is kept.
    ///
    /// # Errors
    /// `InternalErrorException`
    pub(crate) fn check_disk(&self) -> Result<(), ApiError> {
        let failure = self.store.get().and_then(|store| store.failure());
        failure.map_or(Ok(()), |failure| Err(ApiError::not_kept(&failure)))
    }

    /// Gives the directory free, after everything that is stored is on the disk.
    pub(crate) fn close_store(&self) {
        if let Some(store) = self.store.get() {
            store.close();
        }
    }

    /// The keys that sign tokens: those of the directory, or those that all pools of the process share. It waits until they are
    /// generated.
    ///
    /// `None` if the system has no source of randomness.
    pub(crate) async fn keys(&self) -> Option<Arc<KeyPair>> {
        if let Some(keys) = self.read(|state| state.keys.clone()) {
            return Some(keys);
        }
        let keys = keys::shared().await?;
        if self.store.get().is_none() {
            return Some(keys);
        }
        Some(self.write(|state| Arc::clone(state.keys.get_or_insert(keys))))
    }

    /// Changes a stored user.
    ///
    /// # Errors
    /// `UserNotFoundException` if the user was deleted in the meantime, or what `change` fails with. What `change`
    /// modifies before it fails stays stored, so that it can count failures.
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

    /// Adds a message to the outbox.
    pub(crate) fn send(&self, message: OutboxMessage) {
        let message = self.outbox.push(message);
        trace::note_message(message.seq);
        self.unless_ended(|| self.reporter.report(|| Activity::Message(message)));
    }

    /// A call of the API that begins now. `by_function` says whether a function makes it.
    pub(crate) fn begin(&self, operation: &str, input: &Value, by_function: bool) -> Draft {
        let draft = Draft::of_operation(operation, input);
        match self.recorder.get() {
            Some(_) => draft.for_recorder(input, by_function),
            None => draft,
        }
    }

    /// A call of an OAuth endpoint or a page that begins now. The parameters of the form win over those of the query.
    pub(crate) fn begin_endpoint(&self, name: &str, query: &Form, form: &Form) -> Draft {
        let pairs = query.pairs().chain(form.pairs());
        let pairs = pairs.map(|(name, value)| (name.to_owned(), Value::String(value.to_owned())));
        let input = Value::Object(Map::from_iter(pairs));
        let draft = Draft::of_endpoint(name, &input);
        match self.recorder.get() {
            Some(_) => draft.for_recorder(&input, false),
            None => draft,
        }
    }

    /// Records and reports a call that has ended. `exception` is the class and the message of the error that the caller got.
    pub(crate) fn record_call(
        &self,
        mut draft: Draft,
        exception: Option<(String, String)>,
        answer: Option<&Value>,
        traced: Traced,
    ) {
        let subject = self.read(|state| draft.subject(state, answer, &traced));
        let raw = draft.take_raw().map(|(request, is_endpoint, by_function)| Raw {
            request,
            answer: answer.or(traced.answer()).cloned(),
            exception: exception.clone(),
            triggers: Vec::new(),
            messages: Vec::new(),
            at: 0,
            is_endpoint,
            by_function,
            order: traced.first_change().unwrap_or_else(|| self.next_change()),
        });
        let record = draft.end(subject, exception, answer, traced);
        self.unless_ended(|| {
            let record = self.calls.push(record);
            if let (Some(recorder), Some(mut raw)) = (self.recorder.get(), raw) {
                (raw.triggers, raw.messages) = self.effects(&record);
                let pool = record.user_pool_id.as_deref();
                let now = pool.map_or_else(|| self.clock.now(), |pool| self.clock.now_in(pool));
                let took = i64::try_from(record.duration.as_millis()).unwrap_or(i64::MAX);
                raw.at = now.millis().saturating_sub(took);
                self.report_recorder(recorder.call(&record, raw));
            }
            self.reporter.report(|| Activity::Call(record.redacted()));
        });
    }

    /// The triggers and the messages of a call, as far as they are remembered.
    pub(crate) fn effects(&self, call: &CallRecord) -> (Vec<TriggerRecord>, Vec<OutboxMessage>) {
        let triggers = self.records.with_numbers(&call.triggers);
        let messages = match call.messages.as_slice() {
            [] => Vec::new(),
            numbers => self.outbox.matching(|message| numbers.contains(&message.seq)),
        };
        (triggers, messages)
    }

    /// Writes calls with a recorder from now on, beginning with what is served.
    ///
    /// # Errors
    /// Fails if the first line can't be written.
    pub(crate) fn record_with(&self, recorder: Recorder) -> io::Result<()> {
        let state = self.read(Clone::clone);
        let fixed_code = self.ids.fixed_code().map(str::len);
        recorder.begin(self.endpoint(), self.options.aws_issuer, fixed_code, &state)?;
        // It is set only once, before the service is used.
        let _ = self.recorder.set(Arc::new(recorder));
        Ok(())
    }

    /// Writes what was done to the pools without a call, if the calls are recorded.
    pub(crate) fn record_done(&self, what: &str) {
        if let Some(recorder) = self.recorder.get() {
            self.report_recorder(recorder.done(what));
        }
    }

    fn report_recorder(&self, written: Result<(), String>) {
        if let Err(failure) = written {
            self.reporter.report(|| Activity::RecordingFailed(failure));
        }
    }

    /// Records a trigger that was fired, and returns its number.
    pub(crate) fn record(&self, record: TriggerRecord) -> u64 {
        let number = self.unless_ended(|| {
            self.reporter
                .report(|| Activity::Trigger(record.clone().redacted()));
            let user_name = record.event.get("userName").and_then(Value::as_str);
            let user_name = user_name.unwrap_or_default().to_owned();
            let number = self.records.push(record);
            trace::note_trigger(number, user_name);
            number
        });
        number.unwrap_or_default()
    }

    /// Adds the outcome to the record of a custom sender. A failure is reported, also that of an attempt before the last one, and so is a
    /// log that is kept.
    pub(crate) fn finish(&self, record: TriggerRecord) {
        self.unless_ended(|| {
            if record.error.is_some() || record.attempts > 1 || !record.log.is_empty() {
                self.reporter
                    .report(|| Activity::Trigger(record.clone().redacted()));
            }
            self.records.finish(record);
        });
    }

    /// Runs something with a visible effect, unless the service has ended. The service can't end while it runs.
    fn unless_ended<T>(&self, action: impl FnOnce() -> T) -> Option<T> {
        let ended = self.ended.read().unwrap_or_else(PoisonError::into_inner);
        (!*ended).then(action)
    }

    /// Spawns a background task. It is stopped when the service ends.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.background.spawn(task);
    }

    /// Waits until no background task runs.
    pub(crate) async fn background_done(&self) {
        self.background.done().await;
    }

    /// Stops the background tasks, and hides the effects of calls that are still running.
    pub(crate) fn end(&self) {
        *self.ended.write().unwrap_or_else(PoisonError::into_inner) = true;
        self.background.end();
    }

    /// Makes the current state the one that a reset restores.
    pub(crate) fn mark_start(&self) {
        let mut state = self.read(Clone::clone);
        state.mark_unsaved();
        *self.start.write().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// The URL of the listener, such as `http://127.0.0.1:9229`.
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
        // It is set only once, because the listener starts once.
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
