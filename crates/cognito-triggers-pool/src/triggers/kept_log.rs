//! What a record keeps of the log of a function that failed.

use crate::functions::Invoked;

/// How much of a log is kept, in bytes.
const KEPT: usize = 8 * 1024;

impl Invoked {
    /// The cause, if there is one, and the last lines of the log.
    pub(super) fn kept_log(&self) -> String {
        let cause = self.cause.iter().flat_map(|cause| [cause.as_str(), "\n"]);
        cause.chain([end_of(&self.log)]).collect()
    }
}

/// The last whole lines of a log, or the end of its last line if that is longer than what is kept.
fn end_of(log: &str) -> &str {
    let surplus = log.len().saturating_sub(KEPT);
    if surplus == 0 {
        return log;
    }
    let end = log.get(log.ceil_char_boundary(surplus)..).unwrap_or_default();
    match end.split_once('\n') {
        Some((_, lines)) if !lines.is_empty() => lines,
        _ => end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::LambdaError;

    fn invoked(cause: Option<&str>, log: &str) -> Invoked {
        Invoked {
            result: Err(LambdaError::Timeout),
            cause: cause.map(str::to_owned),
            error_type: None,
            log: log.to_owned(),
        }
    }

    #[test]
    fn the_cause_stays_above_a_long_log() {
        let kept = invoked(Some("no port on loopback"), &"a line\n".repeat(5000)).kept_log();
        let (cause, lines) = kept.split_once('\n').unwrap();
        assert_eq!(cause, "no port on loopback");
        assert!(lines.len() > KEPT - 7 && lines.len() <= KEPT, "{}", lines.len());
        assert!(lines.lines().all(|line| line == "a line"));
    }

    #[test]
    fn a_short_log_is_kept_as_it_is() {
        assert_eq!(invoked(None, "one\ntwo").kept_log(), "one\ntwo");
        assert_eq!(invoked(Some("cause"), "").kept_log(), "cause\n");
    }

    #[test]
    fn the_end_of_one_long_line_is_kept() {
        for end in ["", "\n"] {
            let line = format!("{}the end{end}", "x".repeat(3 * KEPT));
            let kept = invoked(None, &line).kept_log();
            assert_eq!(kept.len(), KEPT);
            assert!(kept.ends_with(&format!("xthe end{end}")));
        }
    }

    #[test]
    fn a_character_is_not_cut() {
        let kept = invoked(None, &"€".repeat(KEPT)).kept_log();
        assert!(kept.len() > KEPT - 3 && kept.len() <= KEPT, "{}", kept.len());
        assert!(kept.chars().all(|c| c == '€'));
    }
}
