//! The line of a call in the embedded metric format.

use std::{
    io::Write,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use super::Metrics;
use crate::{logging::write_timestamp, recorder::CallFacts};

/// The level below which Lambda drops lines, where that drops lines without a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LevelFilter(&'static str);

impl LevelFilter {
    /// The level, from the variables that Lambda sets. `None` if lines without a level pass.
    pub(super) fn of_lambda(format: Option<&str>, level: Option<&str>) -> Option<Self> {
        let is_json = format.is_some_and(|format| format.trim().eq_ignore_ascii_case("json"));
        let level = level.filter(|_| is_json)?.trim();
        let mut above_info = ["WARN", "ERROR", "FATAL"].into_iter();
        above_info
            .find(|above| above.eq_ignore_ascii_case(level))
            .map(Self)
    }
}

/// Writes the line, with its line break.
pub(super) fn write_line(to: &mut Vec<u8>, metrics: &Metrics, facts: &CallFacts, now: SystemTime) {
    let since_1970 = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    // Writing to memory can't fail.
    let _ = write!(
        to,
        r#"{{"_aws":{{"Timestamp":{since_1970},"CloudWatchMetrics":[{{"Namespace":"#
    );
    string(to, &metrics.namespace);
    to.extend(br#","Dimensions":["#);
    dimension_set(to, metrics, facts, false);
    if metrics.by_source {
        to.push(b',');
        dimension_set(to, metrics, facts, true);
    }
    to.extend(br#"],"Metrics":["#);
    for (number, value) in values(facts).enumerate() {
        if number > 0 {
            to.push(b',');
        }
        let unit = value.unit();
        let _ = write!(to, r#"{{"Name":"{}","Unit":"{unit}"}}"#, value.name);
    }
    to.extend(b"]}]}");
    if let Some(LevelFilter(level)) = metrics.level {
        let _ = write!(to, r#","level":"{level}","timestamp":""#);
        write_timestamp(to, now);
        to.push(b'"');
    }
    for (name, value) in dimensions(metrics, facts) {
        to.push(b',');
        string(to, name);
        to.push(b':');
        string(to, value);
    }
    for value in values(facts) {
        let _ = write!(to, r#","{}":"#, value.name);
        match value.time {
            None => to.push(b'1'),
            Some(time) => {
                let _ = write!(to, "{}.{:03}", time.as_millis(), time.subsec_micros() % 1000);
            }
        }
    }
    to.extend(b"}\n");
}

/// A metric of a call: a time, or that something happened.
struct Value {
    name: &'static str,
    time: Option<Duration>,
}

impl Value {
    fn unit(&self) -> &'static str {
        match self.time {
            Some(_) => "Milliseconds",
            None => "Count",
        }
    }
}

fn values(facts: &CallFacts) -> impl Iterator<Item = Value> {
    let count = |name| Some(Value { name, time: None });
    let time = |name, time| {
        Some(Value {
            name,
            time: Some(time),
        })
    };
    let cold_start = Some(facts.cold_start).filter(|waited| !waited.is_zero());
    [
        count("Calls"),
        count(facts.outcome),
        time("Duration", facts.duration),
        cold_start.and_then(|waited| time("ColdStart", waited)),
        facts.time_left.and_then(|left| time("TimeLeft", left)),
    ]
    .into_iter()
    .flatten()
}

/// All dimensions of the line. Source is there also if no metric is by source: it is then a field of the line.
fn dimensions<'a>(metrics: &'a Metrics, facts: &'a CallFacts) -> impl Iterator<Item = (&'a str, &'a str)> {
    let own = metrics.dimensions.iter();
    let user_pool = facts.user_pool.as_deref().map(|pool| ("user_pool_id", pool));
    own.map(|(name, value)| (name.as_str(), value.as_str()))
        .chain(user_pool)
        .chain([("route", facts.route), ("source", facts.source)])
}

/// Writes the names of the dimensions that a metric has.
fn dimension_set(to: &mut Vec<u8>, metrics: &Metrics, facts: &CallFacts, by_source: bool) {
    let names = dimensions(metrics, facts).map(|(name, _)| name);
    for (number, name) in names.filter(|name| by_source || *name != "source").enumerate() {
        to.push(if number == 0 { b'[' } else { b',' });
        string(to, name);
    }
    to.push(b']');
}

/// Writes a string as JSON.
fn string(to: &mut Vec<u8>, text: &str) {
    // Writing to memory can't fail, and a string is always JSON.
    let _ = serde_json::to_writer(to, text);
}
