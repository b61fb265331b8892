use std::{
    env, fmt,
    io::{self, Write},
    process::Command,
    sync::{Arc, Mutex},
};

use tracing::{
    Level, field,
    subscriber::{set_global_default, with_default},
};

use super::{fields::Format, level::levels, subscriber::LogSubscriber};

/// The lines that `log` writes, without their timestamps.
fn lines(directives: &str, format: Format, log: impl FnOnce()) -> Vec<String> {
    let written = Arc::new(Mutex::new(Vec::new()));
    let to = Arc::clone(&written);
    let write = move |line: &[u8]| to.lock().unwrap().push(String::from_utf8(line.to_vec()).unwrap());
    let targets = levels(None, Some(directives)).targets;
    with_default(LogSubscriber::new(targets, format, write), log);
    let lines = written.lock().unwrap();
    let lines = lines.iter().map(|line| {
        let line = line.strip_suffix('\n').expect("a whole line");
        match format {
            Format::Text => line.split_once("Z ").unwrap().1.to_owned(),
            Format::Json => {
                serde_json::from_str::<serde_json::Value>(line).expect("JSON");
                line.split_once("Z\",").unwrap().1.to_owned()
            }
        }
    });
    lines.collect()
}

/// The lines of text that `log` writes at INFO and above, without their timestamps.
pub(crate) fn text_lines(log: impl FnOnce()) -> Vec<String> {
    lines("info", Format::Text, log)
}

#[derive(Debug, thiserror::Error)]
#[error("the table is gone")]
struct TableError(#[source] io::Error);

fn some_lines() {
    let outer = tracing::info_span!(target: "t", "outer", id = 7, late = field::Empty);
    outer.record("late", "so");
    let entered = outer.enter();
    tracing::info!(target: "t", flag = true, share = 0.5, name = "a \"b\"", shown = %"x y", list = ?[1, 2], "done: {}", 1);
    let inner = tracing::warn_span!(target: "t", "inner");
    inner.in_scope(|| tracing::error!(target: "t", error = &TableError(io::Error::other("no disk")) as &dyn std::error::Error));
    drop(entered);
    tracing::warn!(target: "t", parent: &inner, "in it");
    tracing::debug!(target: "t", parent: None, "of no span");
}

#[test]
fn text_has_spans_target_message_and_fields() {
    assert_eq!(
        lines("debug", Format::Text, some_lines),
        [
            r#" INFO outer{id=7 late="so"}: t: done: 1 flag=true share=0.5 name="a \"b\"" shown=x y list=[1, 2]"#,
            r#"ERROR outer{id=7 late="so"}:inner: t: error=the table is gone error.sources=[no disk]"#,
            r#" WARN outer{id=7 late="so"}:inner: t: in it"#,
            "DEBUG t: of no span",
        ]
    );
}

#[test]
fn json_has_the_innermost_span() {
    assert_eq!(
        lines("debug", Format::Json, some_lines),
        [
            r#""level":"INFO","message":"done: 1","flag":true,"share":0.5,"name":"a \"b\"","shown":"x y","list":"[1, 2]","target":"t","span":{"id":7,"late":"so","name":"outer"}}"#,
            r#""level":"ERROR","error":"the table is gone","target":"t","span":{"name":"inner"}}"#,
            r#""level":"WARN","message":"in it","target":"t","span":{"name":"inner"}}"#,
            r#""level":"DEBUG","message":"of no span","target":"t"}"#,
        ]
    );
}

#[test]
fn a_closed_span_leaves_nothing_to_the_next_one() {
    let log = || {
        for id in 0..3 {
            let outer = tracing::info_span!(target: "t", "outer", id);
            let inner = tracing::info_span!(target: "t", parent: &outer, "inner");
            let again = inner.clone();
            drop((outer, inner));
            again.in_scope(|| tracing::info!(target: "t", "x"));
        }
        tracing::info!(target: "t", "outside");
    };
    assert_eq!(
        lines("info", Format::Text, log),
        [
            " INFO outer{id=0}:inner: t: x",
            " INFO outer{id=1}:inner: t: x",
            " INFO outer{id=2}:inner: t: x",
            " INFO t: outside"
        ]
    );
}

#[test]
fn a_closed_span_is_no_parent() {
    let log = || {
        let closed = tracing::info_span!(target: "t", "closed", id = 1);
        let stale = closed.id();
        drop(closed);
        // Its position is free, so the next span takes it.
        let orphan = tracing::info_span!(target: "t", parent: stale.clone(), "orphan");
        tracing::info!(target: "t", parent: &orphan, "an orphan");
        tracing::info!(target: "t", parent: stale.clone(), "in a closed span");
        let inner = tracing::info_span!(target: "t", parent: stale, "inner");
        drop(orphan);
        inner.in_scope(|| tracing::info!(target: "t", "inside"));
    };
    assert_eq!(
        lines("info", Format::Text, log),
        [
            " INFO orphan: t: an orphan",
            " INFO t: in a closed span",
            " INFO inner: t: inside",
        ]
    );
}

#[test]
fn a_place_that_is_used_again_has_another_id() {
    let log = || {
        let first = tracing::info_span!(target: "t", "first", late = field::Empty);
        let stale = first.id().unwrap();
        drop(first);
        let second = tracing::info_span!(target: "t", "second", late = field::Empty);
        let id = second.id().unwrap();
        assert_eq!(id.into_u64() % (1 << 32), stale.into_u64() % (1 << 32));
        assert_ne!(id, stale);
        tracing::dispatcher::get_default(|subscriber| {
            // Handles of the first span don't keep the second one open, nor close it.
            subscriber.clone_span(&stale);
            assert!(!subscriber.try_close(stale.clone()));
        });
        second.record("late", 2);
        tracing::info!(target: "t", parent: stale.clone(), "stale");
        tracing::info!(target: "t", parent: &second, "open");
        drop(second);
        tracing::info!(target: "t", parent: id, "closed");
    };
    assert_eq!(
        lines("info", Format::Json, log),
        [
            r#""level":"INFO","message":"stale","target":"t"}"#,
            r#""level":"INFO","message":"open","target":"t","span":{"late":2,"name":"second"}}"#,
            r#""level":"INFO","message":"closed","target":"t"}"#,
        ]
    );
}

fn record_again() {
    let span = tracing::info_span!(target: "t", "span", a = 1, list = ?[0], z = field::Empty);
    let line = || tracing::info!(target: "t", parent: &span, "x");
    span.record("list", field::debug([1, 2]));
    line();
    span.record("z", "one")
        .record("z", "one, z=\"two\"")
        .record("a", 3);
    line();
    let single = tracing::info_span!(target: "t", "single", a = 1);
    single.record("a", "last");
    tracing::info!(target: "t", parent: &single, "x");
}

#[test]
fn the_last_value_of_a_field_counts() {
    assert_eq!(
        lines("info", Format::Text, record_again),
        [
            " INFO span{a=1 list=[1, 2]}: t: x",
            r#" INFO span{list=[1, 2] z="one, z=\"two\"" a=3}: t: x"#,
            r#" INFO single{a="last"}: t: x"#,
        ]
    );
    assert_eq!(
        lines("info", Format::Json, record_again),
        [
            r#""level":"INFO","message":"x","target":"t","span":{"a":1,"list":"[1, 2]","name":"span"}}"#,
            r#""level":"INFO","message":"x","target":"t","span":{"list":"[1, 2]","z":"one, z=\"two\"","a":3,"name":"span"}}"#,
            r#""level":"INFO","message":"x","target":"t","span":{"a":"last","name":"single"}}"#,
        ]
    );
}

/// Logs whenever it is printed.
struct Talkative;

impl fmt::Debug for Talkative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        tracing::info!(target: "t", "printing");
        f.write_str("Talkative")
    }
}

fn talk() {
    let span = tracing::info_span!(target: "t", "span", value = ?Talkative);
    span.in_scope(|| tracing::info!(target: "t", value = ?Talkative, "twice"));
}

/// Runs itself once more, as a process without scoped subscribers. The subscriber of a function is global too.
#[test]
fn a_value_may_log_while_it_is_printed() {
    const TEST: &str = "logging::tests::a_value_may_log_while_it_is_printed";
    const IS_INNER: &str = "LOGS_TO_STDERR";
    if env::var_os(IS_INNER).is_some() {
        let write = |line: &[u8]| io::stderr().write_all(line).unwrap();
        let subscriber = LogSubscriber::new(levels(None, Some("info")).targets, Format::Text, write);
        set_global_default(subscriber).unwrap();
        return talk();
    }
    let inner = Command::new(env::current_exe().unwrap())
        .args(["--exact", TEST])
        .env(IS_INNER, "1")
        .output()
        .unwrap();
    let stderr = String::from_utf8(inner.stderr).unwrap();
    let lines = stderr
        .lines()
        .map(|line| line.split_once("Z ").map_or(line, |(_, line)| line));
    assert_eq!(
        lines.collect::<Vec<_>>(),
        [
            " INFO t: printing",
            " INFO span{value=Talkative}: t: printing",
            " INFO span{value=Talkative}: t: twice value=Talkative",
        ]
    );
    assert!(inner.status.success());
}

/// `tracing` keeps what is logged within a log call from a scoped subscriber. The line around it is complete.
#[test]
fn a_scoped_subscriber_gets_no_event_within_another() {
    assert_eq!(
        lines("info", Format::Text, talk),
        [" INFO span{value=Talkative}: t: twice value=Talkative"]
    );
}

#[test]
fn nothing_in_a_message_commands_a_terminal() {
    let log = || tracing::info!(target: "t", shown = %"\u{1b}[2J", "one\n\u{1b}]0;x\u{7} \u{9b}ü");
    assert_eq!(
        lines("info", Format::Text, log),
        [" INFO t: one\n\\u{1b}]0;x\\u{7} \\u{9b}ü shown=\\u{1b}[2J"]
    );
}

#[test]
fn the_longest_target_decides() {
    let log = || {
        tracing::info!(target: "mine::part::deep", "a");
        tracing::debug!(target: "mine::part", "b");
        tracing::debug!(target: "mine", "c");
        tracing::error!(target: "other", "d");
    };
    let lines = lines(
        "mine=info,mine::part=debug,mine::part::deep=warn,off",
        Format::Text,
        log,
    );
    assert_eq!(lines, ["DEBUG mine::part: b"]);
}

#[test]
fn what_the_sdk_says_at_trace_is_left_out() {
    let log = || {
        tracing::trace!(target: "aws_smithy_runtime::client::orchestrator", "transmitting request");
        tracing::trace!(target: "aws_sdk_sesv2::operation", "request");
        tracing::trace!(target: "aws_sigv4::http_request", "canonical request");
        tracing::debug!(target: "aws_smithy_runtime::client::retries", "an attempt");
        tracing::trace!(target: "mine", "a step");
    };
    // Asked for by name, even.
    let lines = lines("trace,aws_smithy_runtime::client=trace", Format::Text, log);
    assert_eq!(
        lines,
        [
            "DEBUG aws_smithy_runtime::client::retries: an attempt",
            "TRACE mine: a step"
        ]
    );
}

#[test]
fn the_current_span_is_known() {
    let log = || {
        assert!(tracing::Span::current().is_none());
        let span = tracing::span!(target: "t", Level::ERROR, "call");
        span.in_scope(|| {
            let current = tracing::Span::current();
            assert_eq!(current.metadata().map(|metadata| metadata.name()), Some("call"));
            tracing::error!(target: "t", parent: &current, "x");
        });
    };
    assert_eq!(lines("error", Format::Text, log), ["ERROR call: t: x"]);
}
