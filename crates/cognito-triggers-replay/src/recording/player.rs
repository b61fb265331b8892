//! Makes the calls of a recording, one after the other.
//!
//! Calls that overlapped are made in the order in which they took effect. Each begins at the time that the pool's clock had when it began, so
//! codes, sessions and limits expire as they did, however long the player itself takes.
//!
//! The first difference ends the playback. What follows it may follow from it, and a report of a hundred differences hides the one that
//! matters.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use cognito_triggers_model::Route;
use cognito_triggers_pool::{
    Builder, LocalPool, Timestamp, TriggerRecord,
    recording::{Entry, RecordedCall, Recording},
};
use serde_json::{Value, json};

use super::{
    compare::first_difference,
    order,
    passwords::{Passwords, made_up},
    report::{FailedSender, Found, NotMade, Played},
    request::Apps,
    values::Values,
};

/// How long the playback waits for custom senders at its end, and now and then before.
const SENDERS: Duration = Duration::from_millis(if cfg!(test) { 100 } else { 30_000 });

/// After how many triggers the outcomes of custom senders are looked at. The pool remembers twice as many.
const MOST_FIRED: usize = if cfg!(test) { 2 } else { 5_000 };

/// A trigger counts once more for this many bytes, since the pool remembers 64 MiB of 10,000 triggers.
const LONG: usize = 64 * 1024 * 1024 / 10_000;

/// The length of the longest code that a request may have.
const LONGEST_CODE: usize = 2048;

/// A recording that is about to be played.
///
/// [`builder`](Self::builder) makes the pools, to which the caller adds the functions that are compared with the recorded ones. Then
/// [`play`](Self::play) makes the calls.
#[derive(Clone, Debug)]
pub struct Playback {
    recording: Recording,
    /// What placeholders stand for, by their names, if someone knows it.
    given: BTreeMap<String, String>,
}

impl Playback {
    /// Plays this recording.
    #[must_use]
    pub fn new(mut recording: Recording) -> Self {
        order::sort(&mut recording.entries);
        Self {
            recording,
            given: BTreeMap::new(),
        }
    }

    /// Says what a placeholder stands for, such as the password of a user whom a function migrates. `name` has no braces:
    /// `password-1`.
    ///
    /// A value that the run makes itself isn't replaced: a code that it sends, a session or a token.
    ///
    /// # Errors
    /// Fails if the recording has no such placeholder.
    pub fn value(mut self, name: &str, value: &str) -> Result<Self, String> {
        let placeholder = format!("{{{{{name}}}}}");
        // The second one is written in another way: `{{password-1|url}}`.
        let written = [placeholder.clone(), format!("{{{{{name}|")];
        let has = |call: &RecordedCall| {
            let call = json!(call).to_string();
            written.iter().any(|written| call.contains(written))
        };
        if !self.recording.calls().any(has) {
            return Err(format!("the recording has no placeholder {placeholder}"));
        }
        self.given.insert(name.to_owned(), value.to_owned());
        Ok(self)
    }

    /// The recording, with its calls in the order in which they are made.
    #[must_use]
    pub fn recording(&self) -> &Recording {
        &self.recording
    }

    /// A builder of the pools that the recording began with. It needs the functions, and a listener if they call the pools.
    pub fn builder(&self) -> Builder {
        let header = &self.recording.header;
        let builder = LocalPool::builder().recorded(header, self.passwords().to_map());
        match header.fixed_code {
            Some(length) => builder.code(made_up_code(length)),
            None => builder,
        }
    }

    /// The passwords of the users who are there from the beginning.
    fn passwords(&self) -> Passwords {
        let value = |name: &str| self.given.get(name).cloned().unwrap_or_else(|| made_up(name));
        Passwords::initial(&self.recording, value)
    }

    /// Makes the calls in a pool of [`builder`](Self::builder), until something differs.
    ///
    /// Each playback needs a pool of its own. The result says how many calls were compared: a recording of which nothing could be played
    /// is no success, see [`Played::is_good`].
    ///
    /// No call waits for custom senders, so this waits for them at the end and after some thousand triggers, half a minute at most.
    pub async fn play(&self, pool: &LocalPool) -> Played {
        let mut values = Values::new(fixed(&self.recording));
        values.set_other(&self.recording.header.endpoint, &pool.endpoint());
        for (name, value) in &self.given {
            values.give(name, value);
        }
        let initial = self.passwords();
        let mut run = Run {
            pool,
            values,
            passwords: initial.clone(),
            apps: Apps::default(),
            stopped: None,
            senders: BTreeMap::new(),
            fired: 0,
        };
        let mut played = Played {
            is_torn: self.recording.is_torn,
            overlapping: order::count_overlaps(self.recording.calls()),
            ..Played::default()
        };
        let mut entries = self.recording.entries.iter();
        for entry in entries.by_ref() {
            match entry {
                Entry::Done(what) => {
                    run.finish_senders(&mut played).await;
                    run.apply(what, &initial);
                }
                Entry::Call(call) => {
                    match run.make(call).await {
                        Ok(None) => played.same += 1,
                        Ok(Some(found)) => {
                            let overlaps = order::overlaps(self.recording.calls(), call);
                            played.difference = Some(Found { overlaps, ..found });
                            break;
                        }
                        Err(reason) => played.not_made.push(NotMade::new(call, reason)),
                    }
                    if run.fired >= MOST_FIRED {
                        run.finish_senders(&mut played).await;
                    }
                }
                _ => {}
            }
        }
        run.finish_senders(&mut played).await;
        played.not_reached = entries.filter(|entry| matches!(entry, Entry::Call(_))).count();
        played
    }
}

/// A code for each message of a pool whose messages all had the same one, which the recording doesn't have. No longer than a request may
/// have it.
fn made_up_code(length: usize) -> String {
    let digits = "1234567890".chars().cycle();
    digits.take(length.clamp(1, LONGEST_CODE)).collect()
}

/// The ids of pools and app clients at the beginning. They are the same in each run, so that another one in their place is a difference,
/// and not an id that the pool has made.
fn fixed(recording: &Recording) -> BTreeSet<String> {
    let pools = recording.header.state.get("pools").and_then(Value::as_object);
    let pools = pools.into_iter().flatten();
    let ids = pools.flat_map(|(id, pool)| {
        let clients = pool.get("clients").and_then(Value::as_object);
        let clients = clients.into_iter().flat_map(|clients| clients.keys().cloned());
        clients.chain([id.clone()]).collect::<Vec<_>>()
    });
    ids.collect()
}

/// How many triggers one counts for.
fn weight(trigger: &TriggerRecord) -> usize {
    1 + trigger.weight() / LONG
}

/// A playback that runs.
struct Run<'a> {
    pool: &'a LocalPool,
    values: Values,
    passwords: Passwords,
    apps: Apps,
    /// Why no later call can be made.
    stopped: Option<&'static str>,
    /// The custom senders that were fired and whose outcome isn't known, by the numbers of their events.
    senders: BTreeMap<u64, FailedSender>,
    /// How many triggers were fired since the outcomes of custom senders were looked at. Those with long events count as several.
    fired: usize,
}

impl Run<'_> {
    /// Does what was done to the pools without a call. What the recording doesn't have ends the comparison: all later calls are named with
    /// the reason. A reset begins anew.
    fn apply(&mut self, what: &str, initial: &Passwords) {
        match what {
            "reset" => {
                self.pool.reset();
                self.passwords.clone_from(initial);
                self.stopped = None;
            }
            "state" => self.stopped = Some("the state was imported before it, which isn't in the recording"),
            _ => self.stopped = Some("something was done before it that this version doesn't know"),
        }
    }

    /// Waits for the custom senders that still run, counts them, and adds those that failed, or whose outcome nobody knows.
    async fn finish_senders(&mut self, played: &mut Played) {
        let senders = std::mem::take(&mut self.senders);
        self.fired = 0;
        if senders.is_empty() {
            return;
        }
        let is_late = tokio::time::timeout(SENDERS, self.pool.senders_done())
            .await
            .is_err();
        played.senders += senders.len();
        let events = self.pool.events();
        let mut hidden = None;
        for (seq, sender) in senders {
            let event = events.binary_search_by_key(&seq, |event| event.seq);
            let Some(event) = event.ok().and_then(|index| events.get(index)) else {
                let error = "its outcome is no longer remembered".to_owned();
                played.failed_senders.push(FailedSender { error, ..sender });
                continue;
            };
            let late = || format!("it didn't end within {} seconds", SENDERS.as_secs());
            let error = event.error.clone();
            // Nothing is known of a call of it yet.
            let error = error.or_else(|| (is_late && event.took_ms == 0).then(late));
            if let Some(error) = error {
                let hidden = hidden.get_or_insert_with(|| self.values.hidden());
                played.failed_senders.push(FailedSender {
                    error: hidden.hide_text(&error),
                    log: hidden.hide_text(&event.log),
                    ..sender
                });
            }
        }
    }

    /// Makes a call, and compares what it does.
    ///
    /// What the call says about passwords and sign-ins is remembered as the recording has it, also if the call differs.
    ///
    /// # Errors
    /// Fails with the reason why it can't be made.
    async fn make(&mut self, call: &RecordedCall) -> Result<Option<Found>, String> {
        if let Some(reason) = self.stopped {
            return Err(reason.to_owned());
        }
        if let [first, ..] = call.drills.as_slice() {
            return Err(format!("it was a drill, {first}, which isn't in the recording"));
        }
        self.pool.clock().set(Timestamp::from_millis(call.at));
        let request = self
            .apps
            .request(self.pool, &mut self.values, &self.passwords, call)?;
        let operation = self.values.fill(&json!(call.operation), &mut BTreeSet::new());
        let observed = self
            .pool
            .observe(operation.as_str().unwrap_or_default(), request)
            .await;
        self.fired += observed.triggers.iter().map(weight).sum::<usize>();
        let senders = observed.triggers.iter();
        let senders = senders.filter(|trigger| Route::is_sender_source(&trigger.trigger_source));
        self.senders
            .extend(senders.map(|trigger| (trigger.seq, FailedSender::of(call, trigger))));
        let found = first_difference(&mut self.values, call, &observed);
        if let Ok(answer) = &observed.result {
            self.apps.remember(call, answer);
        }
        let values = &self.values;
        self.passwords.remember(call, |recorded| {
            let filled = values.fill(&json!(recorded), &mut BTreeSet::new());
            filled.as_str().map(str::to_owned)
        });
        Ok(found)
    }
}

#[cfg(test)]
mod tests;
