//! The parameters of a form, or of a URL anywhere in a text.

use std::ops::Range;

use cognito_triggers_model::json::Json;

use super::rules::Kind;
use super::{Edits, Embedded, Found};
use crate::form::Form;
use crate::spelling::Spelling;

/// What may stand in the name of a parameter. Everything else is prose.
const PARAMETER: &str = "-_.[]%+";

/// What a name of a parameter can't go beyond, such as the quotation mark of a link in an HTML message.
const BREAKS: [char; 8] = ['?', '&', '#', ';', '"', '\'', '<', '>'];

/// What ends the value of a parameter, in addition to white space. Passwords have everything else.
const ENDS: [char; 5] = ['&', '#', '"', '<', '>'];

/// How long the text of the link in a message of Cognito may be, which is written `{##Confirm##}`.
const LINK: usize = 200;

/// JSON in a text, with its place.
type Fragments = [(Range<usize>, Json)];

/// A part of a text that may be a parameter.
struct Part<'t> {
    text: &'t str,
    place: Range<usize>,
    /// Whether the URL stands in single quotes.
    is_quoted: bool,
}

impl Embedded<'_> {
    /// Adds the places of the secrets in a text that isn't JSON as a whole. Returns the rest of the text, without those and without
    /// JSON.
    pub(super) fn form(
        &mut self,
        text: &str,
        fragments: &Fragments,
        is_sent: bool,
        edits: &mut Edits,
    ) -> String {
        let mut left = String::with_capacity(text.len());
        let (mut begin, mut is_quoted) = (0, false);
        while begin < text.len() {
            let next = following(fragments, begin);
            if let Some((place, json)) = next.filter(|(place, _)| place.start == begin) {
                let mut inner = Edits::new();
                let source = text.get(place.clone()).unwrap_or_default();
                self.json(source, json, is_sent, &mut inner);
                edits.extend(
                    inner
                        .into_iter()
                        .map(|(at, new)| (at.start + begin..at.end + begin, new)),
                );
                // Something stands here, which a name before it needs.
                left.push_str(" 0 ");
                begin = place.end;
                continue;
            }
            let limit = next.map_or(text.len(), |(place, _)| place.start);
            let rest = text.get(begin..limit).unwrap_or_default();
            let length = rest.find(|c: char| c.is_whitespace() || BREAKS.contains(&c));
            let end = begin + length.unwrap_or(rest.len());
            let part = Part {
                text,
                place: begin..end,
                is_quoted,
            };
            if let Some((place, new)) = self.parameter(&part, fragments, is_sent) {
                left.push_str(text.get(begin..place.start).unwrap_or_default());
                left.push(' ');
                begin = place.end;
                edits.push((place, new));
                continue;
            }
            left.push_str(text.get(begin..end).unwrap_or_default());
            begin = end;
            let separator = text.get(end..limit).and_then(|rest| rest.chars().next());
            if let Some(separator) = separator {
                is_quoted = match separator {
                    '\'' => !is_quoted && opens(text, end),
                    '"' | '<' | '>' => false,
                    other => is_quoted && !other.is_whitespace(),
                };
                left.push(separator);
                begin += separator.len_utf8();
            }
        }
        left
    }

    /// The place of the value of a secret parameter, with what is written there.
    fn parameter(
        &mut self,
        part: &Part<'_>,
        fragments: &Fragments,
        is_sent: bool,
    ) -> Option<(Range<usize>, String)> {
        let (before, value) = part.text.get(part.place.clone())?.split_once('=')?;
        let is_name = |c: char| c.is_ascii_alphanumeric() || PARAMETER.contains(c);
        let name = before.trim_end_matches(is_name);
        let name = before.get(name.len()..).filter(|name| !name.is_empty())?;
        let short = Form::parse(&format!("{name}={value}"));
        let (name, decoded) = short.pairs().next()?;
        let is_secret = self.rules.is_secret(name, Kind::Text, is_sent)
            // `==` is the end of Base64.
            || !value.trim_matches('=').is_empty()
                && (self.rules.is_secret_text(decoded) || self.has_secret(decoded, is_sent));
        if !is_secret {
            return None;
        }
        let place = value_at(part, part.place.end - value.len(), fragments)?;
        let written = part.text.get(place.clone())?;
        let whole = Form::parse(&format!("x={}", written.replace('&', "%26")));
        let (_, decoded) = whole.pairs().next()?;
        // A secret that isn't UTF-8 can't be decoded without a loss.
        let value = if decoded.contains('\u{fffd}') {
            written
        } else {
            decoded
        };
        let found = Found {
            value,
            written,
            own: (value != written).then(|| Spelling::of_parameter(value, written)),
            above: self.above,
        };
        Some((place, (self.secret)(name, &found)))
    }
}

/// The JSON that begins here, or the next one.
fn following(fragments: &Fragments, at: usize) -> Option<&(Range<usize>, Json)> {
    fragments.get(fragments.partition_point(|(place, _)| place.start < at))
}

/// Where the value of a secret parameter is. `None` if there is only a placeholder, or nothing.
fn value_at(part: &Part<'_>, begin: usize, fragments: &Fragments) -> Option<Range<usize>> {
    let text = part.text;
    let rest = text.get(begin..)?;
    // `password="a b"`, as an attribute is written.
    let in_quotes = rest
        .strip_prefix('"')
        .filter(|_| begin == part.place.end)
        .and_then(|rest| rest.find('"'));
    let begin = if in_quotes.is_some() { begin + 1 } else { begin };
    let after = begin + placeholders(text.get(begin..)?);
    let is_end = |c: char| c.is_whitespace() || ENDS.contains(&c) || (part.is_quoted && c == '\'');
    let mut end = after;
    loop {
        let rest = text.get(end..)?;
        let stop = end + rest.find(is_end).unwrap_or(rest.len());
        match following(fragments, end).filter(|(place, _)| place.start <= stop) {
            Some((place, _)) => end = place.end,
            None => {
                end = stop;
                break;
            }
        }
    }
    if let Some(length) = in_quotes {
        end = after.max(begin + length);
    }
    let is_placeholder = after > begin && !text.get(after..end)?.contains(char::is_alphanumeric);
    let is_empty = text.get(begin..end)?.trim_matches('=').is_empty();
    (!is_placeholder && !is_empty).then_some(begin..end)
}

/// The length of the placeholders that a text begins with: those of Cognito's messages, and those of recordings.
fn placeholders(text: &str) -> usize {
    let mut rest = text;
    loop {
        let after = ["{####}", "{username}"]
            .iter()
            .find_map(|known| rest.strip_prefix(known));
        let link = || {
            let inside = rest.strip_prefix("{##")?;
            let (end, _) = inside
                .char_indices()
                .take(LINK)
                .find(|(end, _)| inside.get(*end..).is_some_and(|rest| rest.starts_with("##}")))?;
            inside.get(end..)?.strip_prefix("##}")
        };
        let mark = || {
            let inside = rest.strip_prefix("{{")?;
            let (name, after) = inside
                .split_at_checked(inside.find(|c: char| !(c.is_ascii_alphanumeric() || "-|".contains(c)))?)?;
            let after = after.strip_prefix("}}")?;
            let (kind, number) = name.split('|').next()?.rsplit_once('-')?;
            let is_kind = kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
            let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            (is_kind && is_number).then_some(after)
        };
        match after.or_else(link).or_else(mark) {
            Some(after) => rest = after,
            None => return text.len() - rest.len(),
        }
    }
}

/// Whether a single quotation mark stands right before a URL: it follows no letter, and a path or a scheme follows it.
fn opens(text: &str, quote: usize) -> bool {
    let before = text.get(..quote).and_then(|before| before.chars().next_back());
    let after = text.get(quote + 1..).unwrap_or_default();
    let scheme = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    let is_url = after.starts_with('/') || (scheme.len() < after.len() && scheme.starts_with(':'));
    is_url && !before.is_some_and(char::is_alphanumeric)
}
