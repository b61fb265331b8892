//! YAML, from the parser's events: a loader would drop either the tags or the places.

use std::{borrow::Cow, collections::HashMap};

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::{DEEPEST, Data, Entry, Node};
use crate::source::{Position, ReadError, Source};

/// Aliases copy what they name, so a small text can ask for a huge tree.
const MOST_NODES: usize = 500_000;

pub(super) fn read(source: &Source) -> Result<Node, ReadError> {
    let mut builder = Builder::new(source);
    for event in Parser::new_from_str(source.text()) {
        let (event, span) = event.map_err(|error| {
            ReadError::new(
                source,
                Some(position(error.marker())),
                format!("not YAML: {}", error.info()),
            )
        })?;
        if builder.take(event, span)? {
            break;
        }
    }
    builder
        .root
        .ok_or_else(|| ReadError::new(source, None, "the file is empty"))
}

/// A collection that is still open.
struct Open {
    node: Node,
    key: Option<(String, Position)>,
    anchor: usize,
    tag: Option<String>,
}

struct Builder<'s> {
    source: &'s Source,
    stack: Vec<Open>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
    root: Option<Node>,
}

impl<'s> Builder<'s> {
    fn new(source: &'s Source) -> Self {
        Self {
            source,
            stack: Vec::new(),
            anchors: HashMap::new(),
            nodes: 0,
            root: None,
        }
    }

    /// Takes one event; true when the first document is complete.
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<bool, ReadError> {
        let at = position(&span.start);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.value(
                    Node {
                        at,
                        data: scalar(text, style),
                    },
                    anchor,
                    function(tag.as_deref()),
                )?;
            }
            Event::SequenceStart(anchor, tag) => self.open(at, Data::List(Vec::new()), anchor, tag)?,
            Event::MappingStart(anchor, tag) => self.open(at, Data::Map(Vec::new()), anchor, tag)?,
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.stack.pop() {
                    self.value(open.node, open.anchor, open.tag)?;
                }
            }
            Event::Alias(anchor) => {
                let Some(mut node) = self.anchors.get(&anchor).cloned() else {
                    return Err(self.error(at, "an alias that names a value around itself"));
                };
                let (nodes, depth) = extent(&node);
                if self.stack.len() + depth > DEEPEST {
                    return Err(self.too_deep(at));
                }
                self.nodes += nodes;
                node.at = at;
                self.value(node, 0, None)?;
            }
            Event::DocumentEnd => return Ok(self.root.is_some()),
            _ => {}
        }
        Ok(false)
    }

    fn open(
        &mut self,
        at: Position,
        data: Data,
        anchor: usize,
        tag: Option<Cow<'_, Tag>>,
    ) -> Result<(), ReadError> {
        if self.stack.len() >= DEEPEST {
            return Err(self.too_deep(at));
        }
        let tag = function(tag.as_deref());
        self.stack.push(Open {
            node: Node { at, data },
            key: None,
            anchor,
            tag,
        });
        Ok(())
    }

    /// Puts a finished value where it belongs: below the collection that is open, or at the top.
    fn value(&mut self, node: Node, anchor: usize, tag: Option<String>) -> Result<(), ReadError> {
        let node = match tag {
            Some(key) => Node {
                at: node.at,
                data: Data::Map(vec![Entry {
                    key,
                    at: node.at,
                    value: node,
                }]),
            },
            None => node,
        };
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            return Err(self.error(
                node.at,
                format!("more than {MOST_NODES} values, aliases included"),
            ));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(open) = self.stack.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match (&mut open.node.data, open.key.take()) {
            (Data::List(items), _) => items.push(node),
            (Data::Map(entries), Some((key, at))) => entries.push(Entry { key, at, value: node }),
            (Data::Map(entries), None) => {
                let (at, Data::Text(key)) = (node.at, node.data) else {
                    return Err(self.error(node.at, "a key that isn't a text"));
                };
                if entries.iter().any(|entry| entry.key == key) {
                    return Err(self.error(at, format!("`{key}` stands here twice")));
                }
                open.key = Some((key, at));
            }
            _ => {}
        }
        Ok(())
    }

    fn too_deep(&self, at: Position) -> ReadError {
        self.error(at, format!("values nest deeper than {DEEPEST} levels"))
    }

    fn error(&self, at: Position, problem: impl Into<String>) -> ReadError {
        ReadError::new(self.source, Some(at), problem)
    }
}

/// The long form's key for a tag of CloudFormation; standard tags such as `!!str` add nothing.
fn function(tag: Option<&Tag>) -> Option<String> {
    let tag = tag.filter(|tag| tag.handle == "!")?;
    Some(match tag.suffix.as_str() {
        "Ref" | "Condition" => tag.suffix.clone(),
        name => format!("Fn::{name}"),
    })
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle) -> Data {
    let plain = matches!(style, ScalarStyle::Plain);
    match text.as_ref() {
        "" | "~" | "null" | "Null" | "NULL" if plain => Data::Null,
        _ => Data::Text(text.into_owned()),
    }
}

/// How many values a tree has, and how many levels.
fn extent(node: &Node) -> (usize, usize) {
    let below = node
        .items()
        .iter()
        .chain(node.entries().iter().map(|entry| &entry.value));
    let (nodes, depth) = below
        .map(extent)
        .fold((0, 0), |sum, each| (sum.0 + each.0, sum.1.max(each.1)));
    (nodes + 1, depth + 1)
}

fn position(marker: &saphyr_parser::Marker) -> Position {
    Position {
        line: marker.line(),
        column: marker.col() + 1,
    }
}
