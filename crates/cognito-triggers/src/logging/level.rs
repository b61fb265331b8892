//! Which levels of which targets are logged.

use tracing::{Level, Metadata, level_filters::LevelFilter};

/// Words that people write for a level although they aren't levels.
const NOT_LEVELS: [&str; 12] = [
    "all",
    "critical",
    "err",
    "errors",
    "fatal",
    "information",
    "informational",
    "none",
    "notice",
    "on",
    "verbose",
    "warning",
];

/// The filter, and a line for the log if the settings are odd.
pub(super) struct Levels {
    pub(super) targets: Targets,
    pub(super) odd: Option<String>,
}

/// The least severe level that is logged for each target. The longest prefix of a target decides.
///
/// `my_crate=debug` holds for `my_crate`, `my_crate::part` and, as in `tracing-subscriber`, also for `my_crate_too`.
#[derive(Debug, Default)]
pub(super) struct Targets {
    default: Option<LevelFilter>,
    by_prefix: Vec<(String, LevelFilter)>,
}

impl Targets {
    /// Sets the level for all targets without a prefix of their own.
    fn with_default(mut self, level: LevelFilter) -> Self {
        self.default = Some(level);
        self
    }

    /// Sets the level for the targets that begin like this. The last one that is set wins.
    fn with_target(mut self, prefix: &str, level: LevelFilter) -> Self {
        self.by_prefix.retain(|(known, _)| known != prefix);
        self.by_prefix.push((prefix.to_owned(), level));
        self.by_prefix
            .sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
        self
    }

    /// Whether an event or a span is logged.
    pub(super) fn enables(&self, metadata: &Metadata<'_>) -> bool {
        self.would_enable(metadata.target(), metadata.level()) && is_no_request(metadata)
    }

    /// Whether the levels let an event of this target through.
    fn would_enable(&self, target: &str, level: &Level) -> bool {
        let by_prefix = self
            .by_prefix
            .iter()
            .find(|(prefix, _)| target.starts_with(prefix));
        let filter = by_prefix.map(|(_, level)| *level).or(self.default);
        filter.is_some_and(|filter| *level <= filter)
    }

    /// The level beyond which nothing is logged.
    pub(super) fn most_verbose(&self) -> LevelFilter {
        let levels = self.by_prefix.iter().map(|(_, level)| *level).chain(self.default);
        levels.max().unwrap_or(LevelFilter::OFF)
    }
}

/// Returns false for a line of the AWS SDK at TRACE. Such lines hold whole requests and answers, with addresses and messages.
fn is_no_request(metadata: &Metadata<'_>) -> bool {
    const OF_THE_SDK: [&str; 7] = [
        "aws_config",
        "aws_credential_types",
        "aws_runtime",
        "aws_sdk_",
        "aws_sigv4",
        "aws_smithy_",
        "aws_types",
    ];
    *metadata.level() != Level::TRACE
        || !OF_THE_SDK
            .iter()
            .any(|prefix| metadata.target().starts_with(prefix))
}

/// Reads `AWS_LAMBDA_LOG_LEVEL`, else `RUST_LOG`; `INFO` without either.
///
/// A setting that can't be read falls back to `INFO`, and a `RUST_LOG` that names targets only leaves errors of all others
/// visible: a user who reads "internal error" has a reference, which must lead to a line.
pub(super) fn levels(lambda_level: Option<&str>, rust_log: Option<&str>) -> Levels {
    let present = |text: Option<&'_ str>| {
        text.map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    if let Some(text) = present(lambda_level) {
        let level = match text.to_ascii_uppercase().as_str() {
            "FATAL" => Some(LevelFilter::ERROR),
            _ => level(&text),
        };
        return Levels {
            targets: Targets::default().with_default(level.unwrap_or(LevelFilter::INFO)),
            odd: level.is_none().then(|| {
                format!("AWS_LAMBDA_LOG_LEVEL is {text:?}, which is no level; INFO is used. Levels are TRACE, DEBUG, INFO, WARN, ERROR and FATAL")
            }),
        };
    }
    let directives = present(rust_log).unwrap_or_else(|| "info".to_owned());
    let mut targets = Targets::default();
    let mut default = None;
    let mut odd = Vec::new();
    for directive in directives
        .split(',')
        .map(str::trim)
        .filter(|directive| !directive.is_empty())
    {
        match parse(directive) {
            Some((None, level)) => default = Some(level),
            Some((Some(target), level)) => targets = targets.with_target(target, level),
            None => odd.push(directive),
        }
    }
    let fallback = if odd.is_empty() {
        LevelFilter::ERROR
    } else {
        LevelFilter::INFO
    };
    Levels {
        targets: targets.with_default(default.unwrap_or(fallback)),
        odd: (!odd.is_empty()).then(|| {
            format!(
                "RUST_LOG has {odd:?}, which names no level and no target. Write a level (trace, debug, info, warn, \
                 error, off) or a target and a level, like my_crate=debug, with commas between them"
            )
        }),
    }
}

/// A level for everything, or for a target. A target alone means all its levels.
fn parse(directive: &str) -> Option<(Option<&str>, LevelFilter)> {
    if let Some(level) = level(directive) {
        return Some((None, level));
    }
    let (target, level) = match directive.split_once('=') {
        Some((target, text)) => (target.trim(), level(text.trim())?),
        None if NOT_LEVELS.contains(&directive.to_ascii_lowercase().as_str()) => return None,
        None => (directive, LevelFilter::TRACE),
    };
    let is_part = |part: &str| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        !part.is_empty() && part.chars().all(is_plain)
    };
    target.split("::").all(is_part).then_some((Some(target), level))
}

fn level(text: &str) -> Option<LevelFilter> {
    match text.to_ascii_lowercase().as_str() {
        "off" => Some(LevelFilter::OFF),
        "error" => Some(LevelFilter::ERROR),
        "warn" => Some(LevelFilter::WARN),
        "info" => Some(LevelFilter::INFO),
        "debug" => Some(LevelFilter::DEBUG),
        "trace" => Some(LevelFilter::TRACE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    fn enabled(levels: &Levels, target: &str, level: Level) -> bool {
        levels.targets.would_enable(target, &level)
    }

    #[test]
    fn near_misses_show_errors_and_say_so() {
        for text in [
            "warning",
            "trace;x",
            "WARNING",
            "info:",
            "my crate=debug",
            "my_crate=verbose",
            "[span]=debug",
        ] {
            let levels = levels(None, Some(text));
            assert!(
                enabled(&levels, "cognito_triggers::function", Level::INFO),
                "{text}"
            );
            let odd = levels.odd.unwrap();
            assert!(odd.contains(text) && odd.contains("warn, error, off"), "{odd}");
        }
        for text in ["warning", "VERBOSE", "4"] {
            let levels = levels(Some(text), None);
            assert!(enabled(&levels, "cognito_triggers", Level::INFO));
            assert!(levels.odd.unwrap().contains(text));
        }
    }

    #[test]
    fn spaces_around_a_level_do_not_matter() {
        for (lambda, rust_log) in [
            (None, Some(" info")),
            (Some("info "), None),
            (Some(""), Some("info")),
        ] {
            let levels = levels(lambda, rust_log);
            assert!(enabled(&levels, "any", Level::INFO) && !enabled(&levels, "any", Level::DEBUG));
            assert_eq!(levels.odd, None);
        }
    }

    #[test]
    fn a_target_alone_leaves_the_errors_of_others() {
        let levels = levels(None, Some("my_crate, other::part=info"));
        assert!(enabled(&levels, "my_crate", Level::TRACE));
        assert!(
            enabled(&levels, "other::part", Level::INFO) && !enabled(&levels, "other::part", Level::DEBUG)
        );
        assert!(enabled(&levels, "cognito_triggers", Level::ERROR));
        assert!(!enabled(&levels, "cognito_triggers", Level::INFO));
        assert_eq!(levels.odd, None);
    }

    #[test]
    fn the_default_level_is_info() {
        let levels = levels(None, None);
        assert!(enabled(&levels, "any", Level::INFO) && !enabled(&levels, "any", Level::DEBUG));
        let off = super::levels(None, Some("off"));
        assert!(!enabled(&off, "any", Level::ERROR));
    }
}
