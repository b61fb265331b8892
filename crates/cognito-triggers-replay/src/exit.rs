//! How a process ended, in our words and in Lambda's.

use std::process::ExitStatus;

/// The signals that end processes, by their numbers on Linux, as Lambda names them in its error texts.
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

const STATUS: &str = "exited with status ";
const SIGNAL: &str = "was killed by signal ";

/// Lambda's text for the end of a process that says what its status was.
const WITH_ERROR: &str = "Runtime exited with error: ";
/// Its text for a process that ended as if all were well.
const NO_REASON: &str = "Runtime exited without providing a reason";

/// How a process ended, as the end of a sentence.
pub(crate) fn ended(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return format!("{SIGNAL}{signal}");
    }
    match status.code() {
        Some(code) => format!("{STATUS}{code}"),
        None => "ended".to_owned(),
    }
}

/// What Lambda says of such an end.
pub(crate) fn in_words_of_lambda(ended: &str) -> String {
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

/// The end that Lambda speaks of.
pub(crate) fn from_words_of_lambda(text: &str) -> String {
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
    fn both_ways_lead_back() {
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
            assert_eq!(in_words_of_lambda(ours), of_lambda);
            assert_eq!(
                from_words_of_lambda(&format!("RequestId: 5f1c Error: {of_lambda}")),
                ours
            );
        }
        let dumped = "Runtime exited with error: signal: segmentation fault (core dumped)";
        assert_eq!(from_words_of_lambda(dumped), "was killed by signal 11");
        assert_eq!(
            from_words_of_lambda("Runtime exited with error: odd"),
            "ended (odd)"
        );
        assert_eq!(
            in_words_of_lambda("was killed by signal 40"),
            "Runtime exited with error: signal 40"
        );
    }
}
