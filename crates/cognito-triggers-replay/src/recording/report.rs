//! What a playback found, for people and for programs.
//!
//! ```text
//! error: call 7, InitiateAuth for ana, differs from the recording
//!   --> trigger 1, PreTokenGeneration -> arn:aws:lambda:us-east-1:123456789012:function:auth
//!    = answer.claimsOverrideDetails: recorded nothing, now {"claimsToAddOrOverride":{}}
//!    = it ran at the same time as call 6; calls are made one after the other, so the difference may come from their order
//! not compared: call 3, OAuth /oauth2/token: it is an OAuth endpoint or a page, which needs a browser
//! 5 calls the same, 1 different, 1 not compared, 4 after the difference not made
//! ```

use std::fmt::Write;

use cognito_triggers_pool::{TriggerRecord, recording::RecordedCall};
use cognito_triggers_targets::sanitize;
use serde::Serialize;

use crate::printer::human::{
    details::shortened,
    style::{Paint, Style, count},
};

/// The number of changes that are shown.
const MAX_CHANGES: usize = 8;

/// What a playback found.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Played {
    /// How many calls did what the recording has.
    pub same: usize,
    /// The first call that did something else. The calls after it weren't made.
    pub difference: Option<Found>,
    /// The calls that couldn't be made, and why. Nothing is known about them.
    pub not_made: Vec<NotMade>,
    /// How many calls come after the difference.
    pub not_reached: usize,
    /// How many custom senders were fired. Their events are compared, but not what they send.
    pub senders: usize,
    /// The custom senders that failed. A recording doesn't have the outcome of one, so this is no comparison.
    pub failed_senders: Vec<FailedSender>,
    /// How many calls began while another call about the same user ran, one of which changed something. They are made one after the
    /// other, in the order in which they took effect.
    pub overlapping: usize,
    /// Whether the recording ended within a line.
    pub is_torn: bool,
}

/// A custom sender that failed, so that nobody got the message.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct FailedSender {
    /// The number of the call in the recording.
    pub seq: u64,
    /// The operation.
    pub operation: String,
    /// `triggerSource` of the event.
    pub source: String,
    /// The ARN of the function.
    pub function: String,
    /// What went wrong, without secrets of the run.
    pub error: String,
    /// What the function of this run logged, without secrets of the run.
    pub log: String,
}

/// A call that couldn't be made.
///
/// It may have changed the pools when it was recorded, such as a sign-up on a page. A difference after it may then come from its absence,
/// so the report names these calls beside the difference.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct NotMade {
    /// The number of the call in the recording.
    pub seq: u64,
    /// The operation.
    pub operation: String,
    /// Why it wasn't made.
    pub reason: String,
}

/// What a call did differently.
///
/// All changes are in one part of the call: the first one that differs. Secrets of the run read `***`, and those of the recording have
/// their placeholders.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Found {
    /// The number of the call in the recording.
    pub seq: u64,
    /// The operation.
    pub operation: String,
    /// The user, if the call is about one.
    pub user: Option<String>,
    /// Which part of the call: a trigger with its function, a message, what the caller gets, or the claims of a token.
    pub part: String,
    /// The values that differ.
    pub changes: Vec<Changed>,
    /// The numbers of the calls in the same pool that ran at the same time when it was recorded, and of which one may have changed what
    /// the other saw.
    pub overlaps: Vec<u64>,
    /// What the function of this run logged, if it failed.
    pub log: String,
    /// Why it may differ although the function is the same.
    pub hint: Option<&'static str>,
}

/// A value that differs, as JSON without secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Changed {
    /// The path of the value, such as `answer.autoConfirmUser`.
    pub path: String,
    /// What was recorded; `None` for nothing.
    pub recorded: Option<String>,
    /// What that is in this run, if it is something else: each run has other ids. `None` if it is the same.
    pub expected: Option<String>,
    /// What this run has; `None` for nothing.
    pub now: Option<String>,
}

impl NotMade {
    pub(super) fn new(call: &RecordedCall, reason: String) -> Self {
        Self {
            seq: call.seq,
            operation: call.operation.clone(),
            reason,
        }
    }
}

impl FailedSender {
    /// A custom sender of a call, whose outcome isn't known yet.
    pub(super) fn of(call: &RecordedCall, trigger: &TriggerRecord) -> Self {
        Self {
            seq: call.seq,
            operation: call.operation.clone(),
            source: trigger.trigger_source.clone(),
            function: trigger.function_arn.clone(),
            error: String::new(),
            log: String::new(),
        }
    }
}

impl Found {
    /// A call without a difference yet.
    pub(super) fn of(call: &RecordedCall) -> Self {
        Self {
            seq: call.seq,
            operation: call.operation.clone(),
            user: call.user_name.clone(),
            ..Self::default()
        }
    }
}

impl Played {
    /// Whether every call that was made did what the recording has, at least one was made, and no custom sender failed.
    ///
    /// Calls that weren't made don't count: most recordings of a browser have some. Look at [`not_made`](Self::not_made) too where
    /// each call has to be compared.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.difference.is_none() && self.same > 0 && self.failed_senders.is_empty()
    }

    /// A line of JSON, with the same in names of programs. Every call of the recording is in one of `same`, `difference`, `notMade` and
    /// `notReached`.
    ///
    /// `{"same": 7, "difference": null, "notMade": […], "notReached": 0, "senders": 2, "failedSenders": [], "overlapping": 0,
    /// "isTorn": false}`.
    #[must_use]
    pub fn to_json(&self) -> String {
        format!("{}\n", serde_json::json!(self))
    }
}

/// `call 3`, or `the calls 3, 4 and 2 more`. `None` for no call.
fn numbers(calls: &[u64]) -> Option<String> {
    let shown = calls.iter().take(MAX_CHANGES).map(u64::to_string);
    let shown: Vec<_> = shown.collect();
    match (shown.as_slice(), calls.len().saturating_sub(MAX_CHANGES)) {
        ([], _) => None,
        ([only], _) => Some(format!("call {only}")),
        (shown, 0) => Some(format!("the calls {}", shown.join(", "))),
        (shown, more) => Some(format!("the calls {} and {more} more", shown.join(", "))),
    }
}

impl Style {
    /// The first difference of a playback, the calls that weren't made, and how many calls were compared.
    #[must_use]
    pub fn playback(self, played: &Played) -> String {
        let mut text = String::new();
        // Writing to a string can't fail.
        let _ = self.write_playback(&mut text, played);
        text
    }

    fn write_playback(self, text: &mut String, played: &Played) -> std::fmt::Result {
        if let Some(found) = &played.difference {
            self.write_found(text, found)?;
        }
        for call in &played.not_made {
            let warning = self.paint(Paint::Unsure, "not compared:");
            let (operation, reason) = (sanitize(&call.operation), sanitize(&call.reason));
            writeln!(text, "{warning} call {}, {operation}: {reason}", call.seq)?;
        }
        for sender in &played.failed_senders {
            let (operation, source) = (sanitize(&sender.operation), sanitize(&sender.source));
            let (function, error) = (sanitize(&sender.function), sanitize(&sender.error));
            writeln!(
                text,
                "{} call {}, {operation}: the custom sender failed\n  --> {source} -> {function}\n   = {error}",
                self.error(),
                sender.seq,
            )?;
            self.write_log(text, &sender.log)?;
        }
        if played.overlapping > 0 {
            let warning = self.paint(Paint::Unsure, "warning:");
            let calls = count(played.overlapping, "call");
            writeln!(
                text,
                "{warning} {calls} began while another call about the same user ran, one of which changed something; calls are made one \
                 after the other, in the order in which they took effect"
            )?;
        }
        if played.is_torn {
            let warning = self.paint(Paint::Unsure, "warning:");
            writeln!(
                text,
                "{warning} the recording ends within a line, which is left out"
            )?;
        }
        if played.senders > 0 {
            let senders = count(played.senders, "custom sender");
            writeln!(text, "{senders} ran; what they send isn't compared")?;
        }
        let mut parts = vec![format!("{} the same", count(played.same, "call"))];
        if played.difference.is_some() {
            parts.push("1 different".to_owned());
        }
        if !played.not_made.is_empty() {
            parts.push(format!("{} not compared", played.not_made.len()));
        }
        if played.not_reached > 0 {
            parts.push(format!("{} after the difference not made", played.not_reached));
        }
        if !played.failed_senders.is_empty() {
            parts.push(format!(
                "{} failed",
                count(played.failed_senders.len(), "custom sender")
            ));
        }
        let mut line = parts.join(", ");
        let paint = match (played.is_good(), played.not_made.as_slice()) {
            (false, _) => Paint::Bad,
            (true, []) => Paint::Good,
            (true, _) => {
                line.push_str(": the function may do something else in those");
                Paint::Unsure
            }
        };
        writeln!(text, "{}", self.paint(paint, &line))
    }

    fn write_found(self, text: &mut String, found: &Found) -> std::fmt::Result {
        let user = found
            .user
            .as_deref()
            .map(|user| format!(" for {}", sanitize(user)));
        writeln!(
            text,
            "{} call {}, {}{}, differs from the recording\n  --> {}",
            self.error(),
            found.seq,
            sanitize(&found.operation),
            user.unwrap_or_default(),
            sanitize(&found.part)
        )?;
        for change in found.changes.iter().take(MAX_CHANGES) {
            let value =
                |value: &Option<String>| value.as_deref().map_or_else(|| "nothing".to_owned(), shortened);
            let expected = change.expected.as_deref();
            let expected = expected.map(|expected| format!(", which is {} in this run", shortened(expected)));
            writeln!(
                text,
                "   = {}: recorded {}{}, now {}",
                sanitize(&change.path),
                value(&change.recorded),
                expected.unwrap_or_default(),
                value(&change.now)
            )?;
        }
        if let Some(more @ 1..) = found.changes.len().checked_sub(MAX_CHANGES) {
            writeln!(text, "   = and {}", count(more, "more place"))?;
        }
        if let Some(hint) = found.hint {
            writeln!(text, "   = {hint}")?;
        }
        if let Some(calls) = numbers(&found.overlaps) {
            writeln!(
                text,
                "   = it ran at the same time as {calls}; calls are made one after the other, so the difference may come from their order"
            )?;
        }
        self.write_log(text, &found.log)
    }

    fn write_log(self, text: &mut String, log: &str) -> std::fmt::Result {
        let log = self.log(log);
        if !log.is_empty() {
            writeln!(text, "   = the function logged:")?;
            log.lines().try_for_each(|line| writeln!(text, "     {line}"))?;
        }
        Ok(())
    }
}
