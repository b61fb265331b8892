//! Finding the entry for an error text: by its structure first, and then by whole texts.
//!
//! An error text reaches a developer in many forms: in a log line, in the words of an SDK, as the JSON of an API. Parts of
//! it vary: names, times, request ids. So the text of an entry is a pattern, in which `…` stands for any text.

use crate::{
    explain::errors::{
        error_text::ErrorText,
        message::{Message, is_error_code, of_redirect},
        table::ERRORS,
        trigger::{ANSWERS, FUNCTION_ERRORS, GENERAL, INVOCATIONS},
    },
    triggers::DEFINITIONS,
};

/// The entry for a query; `None` if nothing is known.
///
/// The steps, from the most to the least exact:
///
/// 1. The structure of a trigger's error: the trigger's name, and what follows it.
/// 2. The name of an exception that has an entry of its own.
/// 3. The whole message, for the exception that carries it if there is such an entry, and then the whole query.
/// 4. A text within a longer text, as in a log line.
/// 5. The exception alone.
/// 6. A part of a text that belongs to only one entry.
///
/// Of the address of a redirect, only its `error` and `error_description` count.
pub(in crate::explain) fn find(query: &str) -> Option<&'static ErrorText> {
    let redirect = of_redirect(query);
    let query = redirect.as_deref().unwrap_or(query);
    let message = Message::parse(query);
    // The function's own text may contain an exception, so the structure is looked for in the whole query.
    let query = query.trim();
    let whole_query = query.split(" (Service: ").next().unwrap_or(query);
    let text = if query.starts_with('{') {
        &message.text
    } else {
        whole_query
    };
    if let Some(found) = of_trigger(text) {
        return Some(found);
    }
    if let Some(named) = by_name(whole_query) {
        return Some(named);
    }
    whole(&message.text, |error| is_carried(error, &message))
        .or_else(|| whole(&message.text, |_| true))
        .or_else(|| whole(query, |_| true))
        .or_else(|| embedded(query))
        .or_else(|| by_exception(&message))
        .or_else(|| by_part(query))
}

/// The first entry of those that are wanted whose text is the whole text.
fn whole(text: &str, is_wanted: impl Fn(&'static ErrorText) -> bool) -> Option<&'static ErrorText> {
    // A pattern that begins with `…` belongs after the name of a trigger; alone it is only a template.
    let is_apart =
        |pattern: &&str| !pattern.starts_with('…') || text.starts_with('…') || is_distinctive(pattern);
    let mut errors = ERRORS.iter().filter(|_| !text.is_empty());
    errors.find(|error| {
        is_wanted(error)
            && patterns(error)
                .filter(is_apart)
                .any(|pattern| fits(pattern, text))
    })
}

/// Whether an entry may be meant by the exception of a message: one text can have another meaning in another exception.
fn is_carried(error: &'static ErrorText, message: &Message) -> bool {
    let Some(name) = message.exception.as_deref() else {
        return true;
    };
    let is_name = |other: &str| other.eq_ignore_ascii_case(name);
    error.exception.is_none_or(is_name) || patterns(error).any(is_name)
}

/// The entry whose main text is the name of an exception.
///
/// Another entry may have the name among its texts: after a trigger's name it has one meaning, and alone it has several.
fn by_name(name: &str) -> Option<&'static ErrorText> {
    let mut errors = ERRORS.iter().filter(|error| is_error_code(error.text));
    errors.find(|error| error.text.eq_ignore_ascii_case(name))
}

/// Whether a pattern that begins with `…` is the text of an API or an SDK.
///
/// A pattern of a trigger's error isn't: it belongs after the trigger's name.
fn is_distinctive(pattern: &str) -> bool {
    let of_trigger = [FUNCTION_ERRORS, INVOCATIONS, GENERAL].concat();
    !of_trigger
        .iter()
        .any(|error| error.text == pattern || error.patterns.contains(&pattern))
}

/// All texts of an entry, its main text last.
fn patterns(error: &'static ErrorText) -> impl Iterator<Item = &'static str> {
    error.patterns.iter().copied().chain([error.text])
}

/// `<Trigger> failed with error <text>` and `<Trigger> invocation failed due to error <text>`.
///
/// `None` if the text has no such structure, or if the word before isn't a trigger. An unknown text of a function or
/// of Lambda gets the general entry.
fn of_trigger(text: &str) -> Option<&'static ErrorText> {
    // These have no trigger's name, so they are looked for first.
    if let Some(found) = ANSWERS
        .iter()
        .find(|error| patterns(error).any(|pattern| fits(pattern, text)))
    {
        return Some(found);
    }
    if let Some((before, own)) = split(text, " failed with error ") {
        is_trigger(before).then_some(())?;
        let known = FUNCTION_ERRORS
            .iter()
            .find(|error| patterns(error).any(|pattern| fits(pattern, own) || ends_with(pattern, own)));
        return known.or(GENERAL.get(1));
    }
    let (before, own) = split(text, " invocation failed due to error ")?;
    is_trigger(before).then_some(())?;
    let known = INVOCATIONS
        .iter()
        .find(|error| patterns(error).any(|pattern| fits(pattern, own) || fits(pattern, text)));
    known.or(GENERAL.first())
}

/// Splits a text at the first occurrence of a separator in any case.
///
/// Returns the text before and after it.
fn split<'a>(text: &'a str, separator: &str) -> Option<(&'a str, &'a str)> {
    let index = text.to_ascii_lowercase().find(separator)?;
    Some((text.get(..index)?, text.get(index + separator.len()..)?))
}

/// Whether the last word is the name of a trigger as Cognito writes it, or a placeholder for one.
///
/// Placeholders such as `<Trigger>` count too, and so does `null`, which Cognito writes for a trigger that isn't set.
fn is_trigger(before: &str) -> bool {
    let word = before
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ':' | '`' | '('))
        .next();
    let word = word.unwrap_or_default();
    let is_name = |name: &str| name.eq_ignore_ascii_case(word);
    matches!(word, "…" | "null" | "[trigger]" | "<Trigger>")
        || DEFINITIONS
            .iter()
            .any(|definition| is_name(definition.error_name) || is_name(definition.hook))
}

/// Whether a text is what a pattern describes: case and a period at the end make no difference.
///
/// `…` in the pattern stands for any text, also for none. At its end it allows more text to follow.
fn fits(pattern: &str, text: &str) -> bool {
    // A single everyday word, such as `Failed`, has to be spelled as the tools print it.
    if !pattern.contains([' ', '…', '_', '.']) && !pattern.ends_with("Exception") {
        return text == pattern || text == pattern.to_uppercase();
    }
    let normal = |text: &str| {
        let text = text.trim().trim_end_matches(['.', '…']).trim_end();
        text.to_lowercase()
    };
    let is_open = pattern.trim_end().trim_end_matches('.').ends_with('…');
    let (pattern, text) = (normal(pattern), normal(text));
    segments(&pattern, &text, is_open)
}

/// Whether the fixed parts of a pattern follow each other in the text, the first at its start and the last at its end.
///
/// Both texts are in lower case. `is_open` says that the pattern ends with `…`.
fn segments(pattern: &str, text: &str, is_open: bool) -> bool {
    let mut parts = pattern.split('…');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<_> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty() || is_open;
    };
    for part in middle {
        match rest.find(part) {
            Some(index) => rest = rest.get(index + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    if is_open {
        rest.contains(last)
    } else {
        rest.ends_with(last)
    }
}

/// Whether the text ends with what a pattern describes, after a time stamp and a request id.
///
/// The fixed beginning of the pattern needs at least 12 bytes, because shorter ones occur by chance.
fn ends_with(pattern: &str, text: &str) -> bool {
    let fixed = pattern.split('…').next().unwrap_or_default();
    if fixed.len() < 12 {
        return false;
    }
    let occurrences = text.match_indices(fixed);
    let mut after_space =
        occurrences.filter(|(index, _)| text.get(..*index).is_some_and(|before| before.ends_with(' ')));
    after_space.any(|(index, _)| text.get(index..).is_some_and(|rest| fits(pattern, rest)))
}

/// The entry whose whole text is in the query, as in a log line: after a separator, spelled exactly.
///
/// The separators are those of logs and JSON, such as a colon or a quote. The fixed beginning needs at least 12
/// bytes.
fn embedded(query: &str) -> Option<&'static ErrorText> {
    const SEPARATORS: [char; 8] = [':', '"', '\'', '(', '`', '\n', '>', '='];
    let starts: Vec<_> = query
        .char_indices()
        .filter(|(_, c)| SEPARATORS.contains(c))
        .map(|(index, c)| index + c.len_utf8())
        .collect();
    starts.into_iter().find_map(|start| {
        let rest = query.get(start..)?.trim_start();
        let exact = |pattern: &&str| {
            let fixed = pattern.split('…').next().unwrap_or_default();
            !is_error_code(pattern) && fixed.len() >= 12 && rest.starts_with(fixed.trim_end_matches('.')) && {
                let end = rest.find(['"', '`', ')', '\n']).unwrap_or(rest.len());
                let part = rest.get(..end).unwrap_or(rest);
                fits(pattern, part)
                    || pattern.trim_end_matches('.') == fixed.trim_end_matches('.') && {
                        let after = rest.get(fixed.trim_end_matches('.').len()..).unwrap_or_default();
                        after.starts_with(['.', '"', '`', ')', '(', '\n', ',', ';'])
                    }
            }
        };
        ERRORS
            .iter()
            .find(|error| patterns(error).any(|pattern| exact(&pattern)))
    })
}

/// The entry for an exception, if the message says nothing or isn't known.
///
/// An exception that has an entry of its own always gets it. Otherwise the first entry that it carries is taken, and
/// only if there is no message.
fn by_exception(message: &Message) -> Option<&'static ErrorText> {
    let name = message.exception.as_deref()?;
    let is_name = |pattern: &str| pattern.eq_ignore_ascii_case(name);
    let named = || ERRORS.iter().find(|error| patterns(error).any(is_name));
    by_name(name).or_else(named).or_else(|| {
        let raised = |error: &&ErrorText| error.exception.is_some_and(is_name);
        ERRORS.iter().find(raised).filter(|_| message.text.is_empty())
    })
}

/// The only entry whose text contains the query; `None` if several texts contain it.
///
/// The query needs at least 10 bytes. Case makes no difference.
fn by_part(query: &str) -> Option<&'static ErrorText> {
    if query.len() < 10 || query.contains('…') {
        return None;
    }
    let query = query.to_lowercase();
    let mut found = ERRORS
        .iter()
        .filter(|error| error.text.to_lowercase().contains(&query));
    found.next().filter(|_| found.next().is_none())
}

#[cfg(test)]
mod tests;
