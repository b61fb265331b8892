//! The patterns of the service model, each as a predicate over the whole value.
//!
//! They are read as Java's `String.matches` reads them: `\w`, `\d` and `\s` are ASCII, and `.` excludes line ends.
//! `[\p{L}\p{M}\p{S}\p{N}\p{P}]` is read as "no control, format, separator or private-use character".

/// A pattern, named by its purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pattern {
    AcrLevel,
    Alphanumeric,
    Anything,
    Arn,
    AttributeName,
    ClientId,
    ConfigurationSet,
    DeviceKey,
    Digits,
    Domain,
    EmailAddress,
    EmailWithCode,
    EmailWithLink,
    Hex,
    IdpIdentifier,
    NoWhitespace,
    OptionalArn,
    Password,
    ProviderName,
    ResourceName,
    S3Bucket,
    Scope,
    ScopeName,
    SecretArn,
    SecretHash,
    SmsWithCode,
    Token,
    UserPoolId,
    Visible,
    VisibleOrSeparator,
    VisibleOrWhitespace,
    VisibleOrWhitespaceOrEmpty,
}

const ARN: &str =
    r"arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?";
const OPTIONAL_ARN: &str =
    r"(arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?)?";
const EMAIL_WITH_LINK: &str =
    r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*\{##[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*##\}[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*";
const SECRET_ARN: &str =
    r"^arn\:(aws|aws-us-gov|aws-eusc)\:secretsmanager\:([\d\w\-]+):(\d{12})\:secret\/[\w+=\/,.@\-]+$";

impl Pattern {
    /// The regular expression, as an error prints it.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::AcrLevel => "Level[1-4]",
            Self::Alphanumeric => "[A-Za-z0-9]+",
            Self::Anything => "(?s).*",
            Self::Arn => ARN,
            Self::AttributeName => r"[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r ]+",
            Self::ClientId => r"[\w+]+",
            Self::ConfigurationSet => "^[a-zA-Z0-9_-]+$",
            Self::DeviceKey => r"[\w-]+_[0-9a-f-]+",
            Self::Digits => "[0-9]+",
            Self::Domain => r"^[a-z0-9](?:[a-z0-9\-\.]{0,61}[a-z0-9])?$",
            Self::EmailAddress => r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+@[\p{L}\p{M}\p{S}\p{N}\p{P}]+",
            Self::EmailWithCode => r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*\{####\}[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*",
            Self::EmailWithLink => EMAIL_WITH_LINK,
            Self::Hex => "^[0-9a-fA-F]+$",
            Self::IdpIdentifier => r"[\w\s+=.@-]+",
            Self::NoWhitespace => r"[\S]+",
            Self::OptionalArn => OPTIONAL_ARN,
            Self::Password => r"^[\S]+.*[\S]+$",
            Self::ProviderName => r"[^_\p{Z}][\p{L}\p{M}\p{S}\p{N}\p{P}][^_\p{Z}]+",
            Self::ResourceName => r"[\w\s+=,.@-]+",
            Self::S3Bucket => r"^[0-9A-Za-z\.\-_]*(?<!\.)$",
            Self::Scope => r"[\x21\x23-\x5B\x5D-\x7E]+",
            Self::ScopeName => r"[\x21\x23-\x2E\x30-\x5B\x5D-\x7E]+",
            Self::SecretArn => SECRET_ARN,
            Self::SecretHash => r"[\w+=/]+",
            Self::SmsWithCode => r".*\{####\}.*",
            Self::Token => "[A-Za-z0-9-_=.]+",
            Self::UserPoolId => r"[\w-]+_[0-9a-zA-Z]+",
            Self::Visible => r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+",
            Self::VisibleOrSeparator => r"[\p{L}\p{M}\p{S}\p{N}\p{P}\p{Z}]+",
            Self::VisibleOrWhitespace => r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s]+",
            Self::VisibleOrWhitespaceOrEmpty => r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*",
        }
    }

    /// Whether the whole value matches.
    pub(crate) fn matches(self, value: &str) -> bool {
        match self {
            Self::AcrLevel => matches!(value, "Level1" | "Level2" | "Level3" | "Level4"),
            Self::Alphanumeric => some(value, |c| c.is_ascii_alphanumeric()),
            Self::Anything => true,
            Self::Arn => arn(value),
            Self::AttributeName => some(value, |c| visible(c) || matches!(c, '\t' | '\n' | '\r' | ' ')),
            Self::ClientId => some(value, |c| word(c) || c == '+'),
            Self::ConfigurationSet => some(value, |c| word(c) || c == '-'),
            Self::DeviceKey => joined(value, |c| matches!(c, '0'..='9' | 'a'..='f' | '-')),
            Self::Digits => some(value, |c| c.is_ascii_digit()),
            Self::Domain => domain(value),
            Self::EmailAddress => around(value, "@", |before, after| {
                some(before, visible) && some(after, visible)
            }),
            Self::EmailWithCode => value.contains("{####}") && value.chars().all(visible_or_whitespace),
            Self::EmailWithLink => {
                let marks = value.find("{##").zip(value.rfind("##}"));
                marks.is_some_and(|(start, end)| start + 3 <= end) && value.chars().all(visible_or_whitespace)
            }
            Self::Hex => some(value, |c| c.is_ascii_hexdigit()),
            Self::IdpIdentifier => some(value, |c| word(c) || space(c) || "+=.@-".contains(c)),
            Self::NoWhitespace => some(value, |c| !space(c)),
            Self::OptionalArn => value.is_empty() || arn(value),
            Self::Password => {
                let ends = value.chars().next().zip(value.chars().next_back());
                ends.is_some_and(|(first, last)| !space(first) && !space(last))
                    && value.chars().nth(1).is_some()
                    && one_line_inside(value)
            }
            Self::ProviderName => provider_name(value),
            Self::ResourceName => some(value, |c| word(c) || space(c) || "+=,.@-".contains(c)),
            Self::S3Bucket => {
                value.chars().all(|c| word(c) || matches!(c, '.' | '-')) && !value.ends_with('.')
            }
            Self::Scope => some(value, scope),
            Self::ScopeName => some(value, |c| scope(c) && c != '/'),
            Self::SecretArn => secret_arn(value),
            Self::SecretHash => some(value, |c| word(c) || "+=/".contains(c)),
            Self::SmsWithCode => value.contains("{####}") && !value.contains(line_end),
            Self::Token => some(value, |c| word(c) || "-=.".contains(c)),
            Self::UserPoolId => joined(value, |c| c.is_ascii_alphanumeric()),
            Self::Visible => some(value, visible),
            Self::VisibleOrSeparator => some(value, |c| visible(c) || separator(c)),
            Self::VisibleOrWhitespace => some(value, visible_or_whitespace),
            Self::VisibleOrWhitespaceOrEmpty => value.chars().all(visible_or_whitespace),
        }
    }
}

/// Whether there is at least one character, and all match `kind`.
fn some(value: &str, kind: impl Fn(char) -> bool) -> bool {
    !value.is_empty() && value.chars().all(kind)
}

/// `\w`
fn word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// `\s`
fn space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\x0B' | '\x0C' | '\r')
}

/// The line ends that `.` excludes.
fn line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// `[\p{L}\p{M}\p{S}\p{N}\p{P}]`
fn visible(c: char) -> bool {
    let format = matches!(c, '\u{AD}' | '\u{600}'..='\u{605}' | '\u{61C}' | '\u{6DD}' | '\u{70F}' | '\u{180E}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}' | '\u{E0001}'..='\u{E007F}');
    let private = matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..);
    !c.is_control() && !c.is_whitespace() && !format && !private
}

fn visible_or_whitespace(c: char) -> bool {
    visible(c) || space(c)
}

/// `\p{Z}`
fn separator(c: char) -> bool {
    c.is_whitespace() && !c.is_control()
}

/// `[\x21\x23-\x5B\x5D-\x7E]`
fn scope(c: char) -> bool {
    c.is_ascii_graphic() && c != '"' && c != '\\'
}

/// `[\w-]+_`, then at least one character that matches `kind`.
fn joined(value: &str, kind: impl Fn(char) -> bool + Copy) -> bool {
    around(value, "_", |before, after| {
        some(before, |c| word(c) || c == '-') && some(after, kind)
    })
}

/// Whether some occurrence of `mark` splits the value into two matching parts.
fn around(value: &str, mark: &str, fits: impl Fn(&str, &str) -> bool) -> bool {
    value.match_indices(mark).any(|(at, _)| {
        let parts = value.get(..at).zip(value.get(at + mark.len()..));
        parts.is_some_and(|(before, after)| fits(before, after))
    })
}

/// Whether `[\S]+.*[\S]+` can match across line ends: `\S` matches those that aren't whitespace, such as U+0085.
fn one_line_inside(value: &str) -> bool {
    let Some(first) = value.find(space) else {
        return true;
    };
    let Some(last) = value.rfind(space) else {
        return true;
    };
    value
        .get(first..=last)
        .is_some_and(|inside| !inside.contains(line_end))
}

/// `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`, with up to two more parts.
fn arn(value: &str) -> bool {
    let part = |part: &str| some(part, arn_char);
    let mut parts = value.split(':');
    let mut next = || parts.next();
    let start = next() == Some("arn")
        && next().is_some_and(part)
        && next().is_some_and(part)
        && next().is_some_and(|region| region.chars().all(arn_char))
        && next().is_some_and(|account| some(account, |c| c.is_ascii_digit()))
        && next().is_some_and(part);
    let rest: Vec<_> = parts.collect();
    start && rest.len() <= 2 && rest.into_iter().all(part)
}

fn arn_char(c: char) -> bool {
    word(c) || "+=/,.@-".contains(c)
}

/// `arn:PARTITION:secretsmanager:REGION:ACCOUNT:secret/NAME`
fn secret_arn(value: &str) -> bool {
    let parts: Vec<_> = value.split(':').collect();
    let &["arn", partition, "secretsmanager", region, account, resource] = parts.as_slice() else {
        return false;
    };
    matches!(partition, "aws" | "aws-us-gov" | "aws-eusc")
        && some(region, |c| word(c) || c == '-')
        && account.len() == 12
        && some(account, |c| c.is_ascii_digit())
        && resource
            .strip_prefix("secret/")
            .is_some_and(|name| some(name, arn_char))
}

/// Lowercase letters, digits and hyphens, with no hyphen at the beginning or the end.
fn domain(value: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    value.len() <= 63
        && some(value, |c| inner(c) || matches!(c, '-' | '.'))
        && value.starts_with(inner)
        && value.ends_with(inner)
}

/// At least three characters, of which the second is neither a control character nor a separator.
fn provider_name(value: &str) -> bool {
    let outer = |c: char| c != '_' && !separator(c);
    let mut chars = value.chars();
    chars.next().is_some_and(outer) && chars.next().is_some_and(visible) && some(chars.as_str(), outer)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Row {
        pattern: String,
        matches: Vec<String>,
        differs: Vec<String>,
    }

    // The expected values come from Python's `re.fullmatch`, with ASCII classes and with `unicodedata` for the Unicode ones.
    #[test]
    fn each_predicate_agrees_with_its_regular_expression() {
        let rows: Vec<Row> =
            serde_json::from_str(include_str!("../tests/data/patterns.json")).expect("it is readable");
        let mut patterns: BTreeMap<String, Pattern> = crate::model::patterns()
            .map(|pattern| (format!("{pattern:?}"), pattern))
            .collect();
        for row in rows {
            let pattern = patterns.remove(&row.pattern).expect(&row.pattern);
            for value in &row.matches {
                assert!(pattern.matches(value), "{pattern:?} matches {value:?}");
            }
            for value in &row.differs {
                assert!(!pattern.matches(value), "{pattern:?} doesn't match {value:?}");
            }
        }
        assert!(patterns.is_empty(), "{patterns:?}");
    }
}
