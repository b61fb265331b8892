//! The log of a function, shortened: one line for each record, errors first, without records that repeat the report.
//!
//! The function library logs through `tracing`, as text or as JSON. A record as text is
//! `2026-01-02T03:04:05Z ERROR trigger{request_id="1"}: my_function: no table name="users"`, and its line here is
//! `ERROR my_function: no table name="users"`.

use cognito_triggers_model::rules::Finding;
use serde_json::{Map, Value};

/// The levels of `tracing`, the most severe one first.
const LEVELS: [&str; 5] = ["ERROR", "WARN", "INFO", "DEBUG", "TRACE"];

/// Fields of the library's own records that repeat what the report says.
const REPEATED: [&str; 3] = ["outcome", "duration_ms", "reason"];

/// A record of `tracing`, without its time and its spans.
#[derive(Debug, PartialEq)]
struct Record {
    /// The index of the level in [`LEVELS`].
    level: usize,
    /// The module that wrote the record, such as `my_function::handlers`.
    target: String,
    /// The text of the record. Empty if it has only fields.
    message: String,
    /// Names and values, in the order of the record. Strings are without quotes.
    fields: Vec<(String, String)>,
}

/// Shortens a log to at most `limit` lines and, if lines are left out, one that says how many.
///
/// - Records are sorted by level, the most severe ones first. Records of one level keep their order.
/// - A line that isn't a record, such as the output of `println!`, is unchanged and comes after the records.
/// - A record whose content is in the report (the answer, the rejection, one of the `findings`) is left out, and so is the
///   line `Error: …` with which `main` repeats the message of a record.
/// - In a longer log the first errors are kept, because they tell the cause, and the last of the other lines.
pub(super) fn fold(log: &str, findings: &[Finding], limit: usize) -> Vec<String> {
    let mut messages = Vec::new();
    let mut lines: Vec<_> = log
        .lines()
        .filter(|line| !line.trim().is_empty())
        .filter_map(|line| match Record::parse(line) {
            Some(record) => {
                let short = record.short(findings).map(|short| (record.level, short));
                messages.push(record.message);
                short
            }
            None => {
                let repeated = line.strip_prefix("Error: ");
                let is_new = repeated.is_none_or(|text| messages.iter().all(|message| message != text));
                is_new.then(|| (LEVELS.len(), line.to_owned()))
            }
        })
        .collect();
    // A stable sort: records of one level keep their order, and so do other lines.
    lines.sort_by_key(|(level, _)| *level);
    let surplus = lines.len().saturating_sub(limit);
    if surplus > 0 {
        let errors = lines.iter().take_while(|(level, _)| *level == 0).count();
        let first = errors.min(limit / 2);
        let left_out = format!("… {surplus} more lines; `--log full` shows all");
        lines.splice(first..first + surplus, [(0, left_out)]);
    }
    lines.into_iter().map(|(_, line)| line).collect()
}

impl Record {
    /// Parses a line of a log. `None` if it isn't a record.
    fn parse(line: &str) -> Option<Self> {
        match line.trim_start().starts_with('{') {
            true => Self::parse_json(line),
            false => Self::parse_text(line),
        }
    }

    /// Parses `TIME LEVEL span{field="…"}: target: message field="…"`, the format in a terminal.
    fn parse_text(line: &str) -> Option<Self> {
        let (time, rest) = line.split_once(' ')?;
        if !(time.ends_with('Z') && time.contains('T')) {
            return None;
        }
        let (level, rest) = rest.trim_start().split_once(' ')?;
        let level = LEVELS.iter().position(|known| *known == level)?;
        let (target, rest) = without_spans(rest).split_once(": ")?;
        let (message, fields) = split_fields(rest);
        Some(Self {
            level,
            target: target.to_owned(),
            message: message.to_owned(),
            fields,
        })
    }

    /// Parses `{"timestamp": …, "level": …, "message": …, "target": …, "span": {…}, …}`, which is what Lambda gets with
    /// the log format JSON. The other members are the fields of the record.
    fn parse_json(line: &str) -> Option<Self> {
        let mut document: Map<String, Value> = serde_json::from_str(line).ok()?;
        let mut take = |key: &str| match document.remove(key) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        let level = take("level")?;
        let level = LEVELS.iter().position(|known| *known == level)?;
        let (target, message) = (take("target")?, take("message").unwrap_or_default());
        let fields = document
            .into_iter()
            .filter(|(key, _)| !["timestamp", "span", "spans"].contains(&key.as_str()))
            .map(|(key, value)| match value {
                Value::String(text) => (key, text),
                other => (key, other.to_string()),
            });
        Some(Self {
            level,
            target,
            message,
            fields: fields.collect(),
        })
    }

    /// The value of the first field with this name; `None` if there is none.
    fn field(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find_map(|(key, value)| (key == name).then_some(value.as_str()))
    }

    /// The record in one short line; `None` if the report says all of it.
    ///
    /// The library's own records are reduced to the broken rule, the cause of an error, or the message. Those of the
    /// function keep their target and all fields.
    fn short(&self, findings: &[Finding]) -> Option<String> {
        let is_ours = self.target.starts_with("cognito_triggers::");
        let level = LEVELS.get(self.level).copied().unwrap_or_default();
        if !is_ours {
            let fields: Vec<_> = self
                .fields
                .iter()
                .map(|(key, value)| format!(" {key}={value:?}"))
                .collect();
            return Some(format!(
                "{level} {}: {}{}",
                self.target,
                self.message,
                fields.concat()
            ));
        }
        if let Some(rule) = self.field("rule") {
            let is_reported = findings.iter().any(|finding| finding.rule.code == rule);
            return (!is_reported).then(|| format!("{level} {}: {}", rule, self.message));
        }
        if let Some(cause) = self.field("error") {
            return Some(format!("{level} {cause}"));
        }
        if matches!(self.field("outcome"), Some("Answered" | "Rejected")) {
            return None;
        }
        let fields = self
            .fields
            .iter()
            .filter(|(key, _)| !REPEATED.contains(&key.as_str()));
        let fields: Vec<_> = fields.map(|(key, value)| format!(" {key}={value:?}")).collect();
        Some(format!("{level} {}{}", self.message, fields.concat()))
    }
}

/// The text after the spans: `target: …` in `trigger{request_id="…"}:handler{…}: target: …`.
fn without_spans(text: &str) -> &str {
    let mut rest = text.trim_start();
    while let Some((name, fields)) = rest.split_once('{') {
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let Some(end) = closing_brace(fields).filter(|_| is_name) else {
            break;
        };
        rest = fields.get(end + 1..).unwrap_or_default();
        rest = rest.strip_prefix(':').unwrap_or(rest).trim_start();
    }
    rest
}

/// The index of the brace that ends a span's fields. Braces in strings don't count. `None` if the fields don't end.
fn closing_brace(text: &str) -> Option<usize> {
    let mut in_string = false;
    let mut is_escaped = false;
    text.char_indices().find_map(|(at, c)| {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = in_string,
            '"' => in_string = !in_string,
            '}' if !in_string => return Some(at),
            _ => {}
        }
        None
    })
}

/// The message of a record, and the fields after it. The fields end the line, so they are read from the end: a message may
/// hold `=` too.
fn split_fields(text: &str) -> (&str, Vec<(String, String)>) {
    let mut fields = Vec::new();
    let mut rest = text;
    while let Some((before, name, value)) = last_field(rest) {
        fields.insert(0, (name.to_owned(), value));
        rest = before;
    }
    (rest.trim_end(), fields)
}

/// The text before the last `name=value` or `name="value"`, the name, and the value without quotes. `None` if the text
/// doesn't end with a field.
fn last_field(text: &str) -> Option<(&str, &str, String)> {
    let text = text.trim_end();
    let start = text.match_indices('=').map(|(at, _)| at).find(|at| {
        let value = text.get(at + 1..).unwrap_or_default();
        let is_string = value.starts_with('"') && string_end(value) == Some(value.len());
        let is_word = !value.is_empty() && !value.contains([' ', '"']);
        is_string || is_word
    })?;
    let (before, value) = (text.get(..start)?, text.get(start + 1..)?);
    let (before, name) = before.rsplit_once(' ').unwrap_or(("", before));
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_.".contains(c));
    // `Debug` of a string escapes more characters than JSON does. If JSON can't read the value, its escapes stay.
    let plain = || serde_json::from_str(value).unwrap_or_else(|_| value.trim_matches('"').to_owned());
    is_name.then(|| {
        (
            before,
            name,
            if value.starts_with('"') {
                plain()
            } else {
                value.to_owned()
            },
        )
    })
}

/// The index after the closing quote of the string that a text begins with. `None` if the string doesn't end.
fn string_end(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.char_indices().skip(1).find_map(|(at, c)| {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return Some(at + 1),
            _ => {}
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use cognito_triggers_model::rules;
    use serde_json::json;

    use super::*;

    const SPAN: &str = "trigger{request_id=\"1\" source=\"PreSignUp_SignUp\" odd=\"}: \\\" {\"}: ";

    fn line(level: &str, rest: &str) -> String {
        format!("2026-01-02T03:04:05.678901Z {level:>5} {SPAN}{rest}")
    }

    #[test]
    fn the_cause_of_an_error_comes_first() {
        let log = [
            "printed".to_owned(),
            line("INFO", "my_function: looked up user=\"a b\" tries=2"),
            line("WARN", "my_function: slow"),
            line(
                "ERROR",
                "cognito_triggers::function: no answer outcome=\"Failed\" duration_ms=12 error=\"the \\\"table\\\" is=gone\"",
            ),
        ];
        assert_eq!(
            fold(&log.join("\n"), &[], 20),
            [
                "ERROR the \"table\" is=gone",
                "WARN my_function: slow",
                "INFO my_function: looked up user=\"a b\" tries=\"2\"",
                "printed",
            ]
        );
    }

    #[test]
    fn records_that_repeat_the_report_are_left_out() {
        let event = json!({
            "version": "1", "triggerSource": "PreSignUp_SignUp", "request": {"userAttributes": {}},
            "response": {"autoConfirmUser": false},
        });
        let findings = rules::check(&event, &json!("no event"));
        let rule = findings.first().unwrap().rule;
        let log = [
            line(
                "INFO",
                "cognito_triggers::function: answered outcome=\"Answered\" duration_ms=0",
            ),
            line(
                "INFO",
                "cognito_triggers::function: rejected outcome=\"Rejected\" duration_ms=0 reason=\"no\"",
            ),
            line(
                "WARN",
                &format!(
                    "cognito_triggers::rules: a text rule={:?} path=\"response\"",
                    rule.code
                ),
            ),
        ];
        let log = log.join("\n");
        assert!(fold(&log, &findings, 20).is_empty());
        assert_eq!(fold(&log, &[], 20), [format!("WARN {}: a text", rule.code)]);
    }

    #[test]
    fn records_in_json_are_folded_too() {
        let log = r#"{"timestamp":"2026-01-02T03:04:05Z","level":"ERROR","error":"gone","duration_ms":3,"message":"no answer","target":"cognito_triggers::function","span":{"request_id":"1"}}
{"timestamp":"2026-01-02T03:04:05Z","level":"INFO","message":"answered","outcome":"Answered","target":"cognito_triggers::function"}
{"level":"INFO","message":"m","target":"mine","n":1}
{"not":"a record"}"#;
        assert_eq!(
            fold(log, &[], 20),
            ["ERROR gone", "INFO mine: m n=\"1\"", "{\"not\":\"a record\"}"]
        );
    }

    #[test]
    fn an_error_that_main_prints_again_is_shown_once() {
        let log = [
            line(
                "ERROR",
                "cognito_triggers::runtime: the function can't start: URL isn't set",
            ),
            "Error: the function can't start: URL isn't set".to_owned(),
            "Error: another one".to_owned(),
        ];
        assert_eq!(
            fold(&log.join("\n"), &[], 20),
            [
                "ERROR the function can't start: URL isn't set",
                "Error: another one"
            ]
        );
    }

    #[test]
    fn a_long_log_keeps_its_first_errors_and_its_end() {
        let errors = (0..9).map(|n| line("ERROR", &format!("mine: error {n}")));
        let printed = (0..99).map(|n| format!("printed {n}"));
        let log: Vec<_> = printed.chain(errors).collect();
        let lines = fold(&log.join("\n"), &[], 6);
        assert_eq!(
            lines,
            [
                "ERROR mine: error 0",
                "ERROR mine: error 1",
                "ERROR mine: error 2",
                "… 102 more lines; `--log full` shows all",
                "printed 96",
                "printed 97",
                "printed 98",
            ]
        );
        assert_eq!(fold(&log.join("\n"), &[], 108).len(), 108);
    }

    #[test]
    fn other_lines_stay_as_they_are() {
        for line in [
            "thread 'main' panicked at src/main.rs:1:1:",
            "2026-01-02T03:04:05Z",
            "2026-01-02T03:04:05Z INFO",
            "2026-01-02T03:04:05Z LOUD mine: text",
            "=",
            "a=\"",
            "{",
        ] {
            assert_eq!(fold(line, &[], 20), [line]);
        }
    }

    #[test]
    fn a_panic_keeps_its_place() {
        let log = line(
            "ERROR",
            "cognito_triggers::logging: panic: oh = no location=\"src/main.rs:3:5\"",
        );
        assert_eq!(
            fold(&log, &[], 20),
            ["ERROR panic: oh = no location=\"src/main.rs:3:5\""]
        );
    }
}
