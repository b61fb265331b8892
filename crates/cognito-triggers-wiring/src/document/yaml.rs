//! YAML, from the events of a parser: a loader would drop the tags or the locations.
//!
//! The tags of CloudFormation become objects, as in JSON:
//!
//! | YAML | document |
//! |---|---|
//! | `!Ref A` | `{"Ref": "A"}` |
//! | `!GetAtt A.B` | `{"Fn::GetAtt": "A.B"}` |
//! | `!If [a, b, c]` | `{"Fn::If": ["a", "b", "c"]}` |
//!
//! Anchors and aliases are followed. Only the first document of a stream is read.

use std::{borrow::Cow, collections::HashMap};

use cognito_triggers_model::json::{Json, Location, MAX_DEPTH, Member, Value};
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag};

use crate::source::{ReadError, Source};

/// The most values of a document. An alias copies the value that it names, so a small text can ask for a huge tree.
const MAX_VALUES: usize = 500_000;

/// Reads the first document of a YAML stream.
///
/// # Errors
/// Fails if the text isn't YAML, is empty, or exceeds the limits for depth and size.
pub(super) fn read(source: &Source) -> Result<Json, ReadError> {
    let mut builder = Builder::new(source);
    for event in Parser::new_from_str(source.text()) {
        let (event, span) = event.map_err(|error| {
            let marker = error.marker();
            let at = (marker.line(), marker.col() + 1);
            ReadError::new(source, Some(at), format!("not YAML: {}", error.info()))
        })?;
        if builder.take(event, span)? {
            break;
        }
    }
    builder
        .root
        .ok_or_else(|| ReadError::new(source, None, "the file is empty"))
}

/// An array or object whose end isn't reached yet.
struct Open {
    value: Value,
    location: Location,
    /// The key whose value comes next.
    key: Option<(String, Location)>,
    /// The number of its anchor; 0 if it has none.
    anchor: usize,
    tag: Option<String>,
}

/// Builds the tree from events. Open arrays and objects are on the stack, and the innermost is the last.
struct Builder<'s> {
    /// The source, for errors.
    source: &'s Source,
    /// The byte at which each character begins; `None` for ASCII, where the two counts agree.
    offsets: Option<Vec<usize>>,
    /// The arrays and objects that are open.
    stack: Vec<Open>,
    /// The values that aliases may name.
    anchors: HashMap<usize, Json>,
    /// How many values there are so far, with those that aliases copied.
    values: usize,
    /// The document, once it is complete.
    root: Option<Json>,
}

impl<'s> Builder<'s> {
    /// A builder for one source. The parser counts characters, so a source that isn't ASCII needs a table of byte offsets.
    fn new(source: &'s Source) -> Self {
        let text = source.text();
        let offsets = || text.char_indices().map(|(offset, _)| offset).collect();
        Self {
            source,
            offsets: (!text.is_ascii()).then(offsets),
            stack: Vec::new(),
            anchors: HashMap::new(),
            values: 0,
            root: None,
        }
    }

    /// Adds one event of the parser, and returns true when the first document is complete.
    ///
    /// # Errors
    /// Fails if the document is too deep or too large, or an alias names no anchor.
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<bool, ReadError> {
        let location = self.location(span);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let location = self.without_comment(location);
                let tag = tag.as_deref();
                let value = match tag {
                    None => scalar(text, style),
                    Some(_) => Json::string(text).value,
                };
                self.add(Json { location, value }, anchor, function(tag))?;
            }
            Event::SequenceStart(anchor, tag) => {
                self.open(location, Value::Array(Vec::new()), anchor, tag)?
            }
            Event::MappingStart(anchor, tag) => {
                self.open(location, Value::Object(Vec::new()), anchor, tag)?
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(mut open) = self.stack.pop() {
                    open.location.end = location.end.max(open.location.end);
                    let (location, value) = (open.location, open.value);
                    self.add(Json { location, value }, open.anchor, open.tag)?;
                }
            }
            Event::Alias(anchor) => {
                let Some(mut json) = self.anchors.get(&anchor).cloned() else {
                    return Err(self.error(location, "this alias names a value that contains it"));
                };
                let (values, depth) = extent(&json);
                if self.stack.len() + depth > MAX_DEPTH {
                    return Err(self.too_deep(location));
                }
                self.values += values;
                json.location = location;
                self.add(json, 0, None)?;
            }
            Event::DocumentEnd => return Ok(self.root.is_some()),
            _ => {}
        }
        Ok(false)
    }

    /// Opens an array or object.
    ///
    /// # Errors
    /// Fails if the document is nested too deep.
    fn open(
        &mut self,
        location: Location,
        value: Value,
        anchor: usize,
        tag: Option<Cow<'_, Tag>>,
    ) -> Result<(), ReadError> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(self.too_deep(location));
        }
        self.stack.push(Open {
            value,
            location,
            key: None,
            anchor,
            tag: function(tag.as_deref()),
        });
        Ok(())
    }

    /// Adds a complete value to the array or object that is open, or makes it the root.
    fn add(&mut self, json: Json, anchor: usize, tag: Option<String>) -> Result<(), ReadError> {
        let location = json.location;
        let json = match tag {
            Some(key) => Json {
                location,
                value: Value::Object(vec![Member {
                    key,
                    location,
                    value: json,
                }]),
            },
            None => json,
        };
        self.values += 1;
        if self.values > MAX_VALUES {
            let problem = format!("more than {MAX_VALUES} values, aliases included");
            return Err(self.error(location, problem));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, json.clone());
        }
        let Some(open) = self.stack.last_mut() else {
            self.root = Some(json);
            return Ok(());
        };
        match (&mut open.value, open.key.take()) {
            (Value::Array(items), _) => items.push(json),
            (Value::Object(members), Some((key, location))) => members.push(Member {
                key,
                location,
                value: json,
            }),
            (Value::Object(_), None) => match json.as_scalar() {
                Some(key) => open.key = Some((key.to_owned(), location)),
                None => return Err(self.error(location, "this key isn't a string")),
            },
            _ => {}
        }
        Ok(())
    }

    /// The error for a value that is nested too deep.
    fn too_deep(&self, at: Location) -> ReadError {
        self.error(at, format!("nested deeper than {MAX_DEPTH} levels"))
    }

    /// An error at a location of the source.
    fn error(&self, at: Location, problem: impl Into<String>) -> ReadError {
        ReadError::new(self.source, Some((at.line, at.column)), problem)
    }

    /// The location of an event.
    fn location(&self, span: Span) -> Location {
        Location {
            start: self.offset(span.start),
            end: self.offset(span.end),
            line: span.start.line(),
            column: span.start.col() + 1,
        }
    }

    /// A quoted scalar ends at its quote. The parser adds the comment after it.
    fn without_comment(&self, location: Location) -> Location {
        let text = self.source.text().get(location.span()).unwrap_or_default();
        let end = match text.chars().next() {
            Some(quote @ ('"' | '\'')) if text.contains('#') => {
                let mut is_escaped = false;
                let inner = text.char_indices().skip(1).find(|(_, letter)| {
                    let is_end = *letter == quote && !is_escaped;
                    is_escaped = quote == '"' && *letter == '\\' && !is_escaped;
                    is_end
                });
                inner.map_or(text.len(), |(at, _)| at + 1)
            }
            _ => text.trim_end().len(),
        };
        Location {
            end: location.start + end,
            ..location
        }
    }

    /// The parser counts characters, documents count bytes.
    fn offset(&self, marker: Marker) -> usize {
        let text = self.source.text();
        match &self.offsets {
            None => marker.index(),
            Some(offsets) => offsets.get(marker.index()).copied().unwrap_or(text.len()),
        }
    }
}

/// The key of the long form for a tag of CloudFormation. Standard tags such as `!!str` give none.
fn function(tag: Option<&Tag>) -> Option<String> {
    let tag = tag.filter(|tag| tag.handle == "!")?;
    Some(match tag.suffix.as_str() {
        "Ref" | "Condition" => tag.suffix.clone(),
        name => format!("Fn::{name}"),
    })
}

/// A scalar without a tag. Words such as `yes` stay strings: readers of YAML disagree about them.
fn scalar(text: Cow<'_, str>, style: ScalarStyle) -> Value {
    if !matches!(style, ScalarStyle::Plain) {
        return Json::string(text).value;
    }
    match text.as_ref() {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Boolean(true),
        "false" | "False" | "FALSE" => Value::Boolean(false),
        number if serde_json::from_str::<serde_json::Number>(number).is_ok() => {
            Value::Number(text.into_owned())
        }
        _ => Json::string(text).value,
    }
}

/// How many values a tree has, and how many levels.
fn extent(json: &Json) -> (usize, usize) {
    let members = json.members().iter().map(|member| &member.value);
    let (values, depth) = json
        .items()
        .iter()
        .chain(members)
        .map(extent)
        .fold((0, 0), |sum, each| (sum.0 + each.0, sum.1.max(each.1)));
    (values + 1, depth + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_count_bytes_in_the_text_and_columns_in_characters() {
        let source = Source::new("a.yaml", "ä: 1\nb:\n  - \"ü\" # x\n  - !Ref c\n");
        let json = read(&source).unwrap();
        let text = |location: Location| source.text().get(location.span()).unwrap();
        assert_eq!(text(json.member("ä").unwrap().value.location), "1");
        let items = json.get("b").unwrap().items();
        assert_eq!(text(items[0].location), "\"ü\"");
        assert_eq!((items[1].location.line, items[1].location.column), (4, 5));
        assert_eq!(items[1].to_string(), r#"{"Ref":"c"}"#);
    }

    #[test]
    fn scalars_have_types() {
        let source = Source::new("a.yaml", "[5, '5', 012, true, yes, ~, 1.50, !!str 7, 2012-10-17]");
        let json = read(&source).unwrap();
        assert_eq!(
            json.to_string(),
            r#"[5,"5","012",true,"yes",null,1.50,"7","2012-10-17"]"#
        );
    }
}
