//! How a process ended, as our own description and as Lambda's error text.
//!
//! The texts are translated in both directions. The end of a local process is reported with Lambda's text, and an endpoint's
//! report with Lambda's text is printed like the end of a local process.

use std::process::ExitStatus;

/// The signals that end a process: their numbers on Linux, and the names in Lambda's error texts.
const SIGNALS: [(i32, &str); 11] = [
    (1, "hangup"),
    (2, "interrupt"),
    (3, "quit"),
    (4, "illegal instruction"),
    (6, "aborted"),
    (7, "bus error"),
    (8, "floating point exception"),
    (9, "killed"),
    (11, "segmentation fault"),
    (13, "broken pipe"),
    (15, "terminated"),
];

/// The beginning of our description of an exit status.
const STATUS: &str = "exited with status ";
/// The beginning of our description of a signal.
const SIGNAL: &str = "was killed by signal ";

/// The start of Lambda's text if a process ends with an error.
const WITH_ERROR: &str = "Runtime exited with error: ";
/// Lambda's text if a process ends with status 0.
const NO_REASON: &str = "Runtime exited without providing a reason";

/// How a process ended, as the predicate of a sentence: `exited with status 101`, `was killed by signal 9`.
pub(crate) fn describe_exit(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return format!("{SIGNAL}{signal}");
    }
    match status.code() {
        Some(code) => format!("{STATUS}{code}"),
        None => "ended".to_owned(),
    }
}

/// Lambda's error text for an end that [`describe_exit`] describes.
pub(crate) fn lambda_exit_text(ended: &str) -> String {
    if let Some(code) = ended.strip_prefix(STATUS) {
        return match code {
            "0" => NO_REASON.to_owned(),
            code => format!("{WITH_ERROR}exit status {code}"),
        };
    }
    let number = ended.strip_prefix(SIGNAL).unwrap_or_default();
    let known = SIGNALS.iter().find(|(signal, _)| signal.to_string() == number);
    match known {
        Some((_, name)) => format!("{WITH_ERROR}signal: {name}"),
        None => format!("{WITH_ERROR}signal {number}"),
    }
}

/// The end that Lambda's error text reports, which may stand behind a request id and end in `(core dumped)`, described as by [`describe_exit`].
pub(crate) fn parse_lambda_exit_text(text: &str) -> String {
    let Some((_, how)) = text.split_once(WITH_ERROR) else {
        return format!("{STATUS}0");
    };
    let named = how.strip_prefix("signal: ");
    let signal = SIGNALS
        .iter()
        .find(|(_, name)| named.is_some_and(|named| named.starts_with(name)));
    match (how.strip_prefix("exit status "), signal) {
        (Some(code), _) => format!("{STATUS}{code}"),
        (None, Some((signal, _))) => format!("{SIGNAL}{signal}"),
        (None, None) => format!("ended ({how})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_texts_translate_into_each_other() {
        for (ours, of_lambda) in [
            (
                "exited with status 101",
                "Runtime exited with error: exit status 101",
            ),
            (
                "exited with status 0",
                "Runtime exited without providing a reason",
            ),
            (
                "was killed by signal 9",
                "Runtime exited with error: signal: killed",
            ),
            (
                "was killed by signal 11",
                "Runtime exited with error: signal: segmentation fault",
            ),
        ] {
            assert_eq!(lambda_exit_text(ours), of_lambda);
            assert_eq!(
                parse_lambda_exit_text(&format!("RequestId: 5f1c Error: {of_lambda}")),
                ours
            );
        }
        let dumped = "Runtime exited with error: signal: segmentation fault (core dumped)";
        assert_eq!(parse_lambda_exit_text(dumped), "was killed by signal 11");
        assert_eq!(
            parse_lambda_exit_text("Runtime exited with error: odd"),
            "ended (odd)"
        );
        assert_eq!(
            lambda_exit_text("was killed by signal 40"),
            "Runtime exited with error: signal 40"
        );
    }
}
