//! Finds the paths in a source file that lead to another module of the same crate.

use std::collections::BTreeMap;

/// A path, resolved to the deepest module that it names.
#[derive(Debug)]
pub(crate) struct Resolved {
    /// The module, such as `rules::check`; the crate root is empty.
    pub(crate) module: String,
    /// The line, from 1.
    pub(crate) line: usize,
    /// Whether the path is in a `pub use`.
    pub(crate) is_reexport: bool,
}

/// Reads the paths of one module.
pub(crate) struct Paths<'a> {
    module: &'a str,
    modules: &'a BTreeMap<String, String>,
    tokens: Vec<(Token, usize)>,
    /// The modules that names of this file stand for: its children and its imports.
    names: BTreeMap<String, String>,
    found: Vec<Resolved>,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    /// `::`
    Colons,
    Other(char),
}

impl<'a> Paths<'a> {
    /// All paths in `source`, the text of `module`, that lead to one of `modules`.
    pub(crate) fn of(source: &str, module: &'a str, modules: &'a BTreeMap<String, String>) -> Vec<Resolved> {
        let mut paths = Self {
            module,
            modules,
            tokens: tokens(&without_comments_and_strings(source)),
            names: BTreeMap::new(),
            found: Vec::new(),
        };
        paths.read();
        paths.found
    }

    fn read(&mut self) {
        let children = self
            .modules
            .keys()
            .filter(|name| parent(name) == Some(self.module));
        for child in children {
            let name = child.rsplit("::").next().unwrap().to_owned();
            self.names.insert(name, child.clone());
        }
        let mut at = 0;
        let mut is_public = false;
        while at < self.tokens.len() {
            match self.word(at) {
                Some("use") => {
                    at = self.tree(at + 1, None, is_public);
                    is_public = false;
                }
                Some("pub") => {
                    is_public = true;
                    at += 1;
                    if self.is(at, '(') {
                        while !self.is(at, ')') {
                            at += 1;
                        }
                        at += 1;
                    }
                }
                Some(_) => {
                    is_public = false;
                    at = self.expression(at);
                }
                None => {
                    is_public = false;
                    at += 1;
                }
            }
        }
    }

    /// Reads a path outside `use`, such as `crate::rules::check(…)`. Returns the index after it.
    fn expression(&mut self, start: usize) -> usize {
        let is_inner = start > 0 && matches!(self.tokens[start - 1].0, Token::Colons | Token::Other('.'));
        let is_path = self
            .tokens
            .get(start + 1)
            .is_some_and(|(token, _)| *token == Token::Colons);
        if is_inner || !is_path {
            return start + 1;
        }
        let mut words = vec![self.word(start).unwrap().to_owned()];
        let mut at = start + 1;
        while self
            .tokens
            .get(at)
            .is_some_and(|(token, _)| *token == Token::Colons)
        {
            let Some(word) = self.word(at + 1) else { break };
            words.push(word.to_owned());
            at += 2;
        }
        self.add(&words, start, false);
        at
    }

    /// Reads a tree of `use`: a path that may end in braces. Returns the index after it.
    fn tree(&mut self, mut at: usize, prefix: Option<&[String]>, is_public: bool) -> usize {
        let start = at;
        let mut words = prefix.unwrap_or_default().to_vec();
        loop {
            if self.is(at, '{') {
                at += 1;
                while !self.is(at, '}') {
                    at = self.tree(at, Some(&words), is_public);
                    if self.is(at, ',') {
                        at += 1;
                    }
                }
                return at + 1;
            }
            match self.tokens.get(at) {
                Some((Token::Word(word), _)) if word == "as" => {
                    let name = self.word(at + 1).unwrap_or_default().to_owned();
                    self.bind(&name, &words);
                    self.add(&words, start, is_public);
                    return at + 2;
                }
                Some((Token::Word(word), _)) => words.push(word.clone()),
                Some((Token::Colons, _)) => {}
                Some((Token::Other('*'), _)) => words.push("*".to_owned()),
                _ => break,
            }
            at += 1;
        }
        if words.len() > prefix.unwrap_or_default().len() {
            let name = words.iter().rev().find(|word| *word != "self").cloned();
            self.bind(&name.unwrap_or_default(), &words);
            self.add(&words, start, is_public);
        }
        at
    }

    /// Records a name that stands for a module.
    fn bind(&mut self, name: &str, words: &[String]) {
        let words: Vec<_> = match words.split_last() {
            Some((last, before)) if last == "self" && !before.is_empty() => before.to_vec(),
            _ => words.to_vec(),
        };
        if let Some((module, rest)) = self.resolve(&words)
            && rest.is_empty()
        {
            self.names.insert(name.to_owned(), module);
        }
    }

    fn add(&mut self, words: &[String], at: usize, is_reexport: bool) {
        if let Some((module, _)) = self.resolve(words) {
            let line = self.tokens.get(at).map_or(0, |(_, line)| *line);
            self.found.push(Resolved {
                module,
                line,
                is_reexport,
            });
        }
    }

    /// The deepest module on a path, and the words after it. `None` for a path into another crate.
    fn resolve<'w>(&self, words: &'w [String]) -> Option<(String, &'w [String])> {
        let (first, mut rest) = words.split_first()?;
        let mut module = match first.as_str() {
            "crate" => String::new(),
            "self" => self.module.to_owned(),
            "super" => parent(self.module)?.to_owned(),
            name => self.names.get(name)?.clone(),
        };
        while let Some((word, after)) = rest.split_first() {
            module = match word.as_str() {
                "super" => parent(&module)?.to_owned(),
                word => {
                    let child = if module.is_empty() {
                        word.to_owned()
                    } else {
                        format!("{module}::{word}")
                    };
                    if !self.modules.contains_key(&child) {
                        break;
                    }
                    child
                }
            };
            rest = after;
        }
        Some((module, rest))
    }

    fn word(&self, at: usize) -> Option<&str> {
        match self.tokens.get(at) {
            Some((Token::Word(word), _)) => Some(word),
            _ => None,
        }
    }

    fn is(&self, at: usize, other: char) -> bool {
        // After the end, every bracket counts as closed.
        self.tokens
            .get(at)
            .is_none_or(|(token, _)| *token == Token::Other(other))
    }
}

/// The module above; `None` for the crate root.
fn parent(module: &str) -> Option<&str> {
    match module {
        "" => None,
        module => Some(module.rsplit_once("::").map_or("", |(parent, _)| parent)),
    }
}

fn tokens(source: &str) -> Vec<(Token, usize)> {
    let mut tokens = Vec::new();
    let mut line = 1;
    let mut characters = source.chars().peekable();
    while let Some(c) = characters.next() {
        let is_word = |c: &char| c.is_alphanumeric() || *c == '_';
        match c {
            '\n' => line += 1,
            c if c.is_whitespace() => {}
            ':' if characters.next_if_eq(&':').is_some() => tokens.push((Token::Colons, line)),
            c if is_word(&c) => {
                let mut word = String::from(c);
                while let Some(c) = characters.next_if(is_word) {
                    word.push(c);
                }
                tokens.push((Token::Word(word), line));
            }
            c => tokens.push((Token::Other(c), line)),
        }
    }
    tokens
}

/// The source with spaces in place of comments, strings and characters. Line breaks stay.
fn without_comments_and_strings(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if c == '"' {
            quoted(rest)
        } else if c == 'r' && !code.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            raw_string(rest)
        } else if c == '\'' {
            character(rest)
        } else {
            0
        };
        if length == 0 {
            code.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            code.extend(rest[..length].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            rest = &rest[length..];
        }
    }
    code
}

fn quoted(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn raw_string(text: &str) -> usize {
    let hashes = text[1..].bytes().take_while(|&byte| byte == b'#').count();
    if !text[1 + hashes..].starts_with('"') {
        return 0;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let inner = 2 + hashes;
    text[inner..]
        .find(&end)
        .map_or(text.len(), |at| inner + at + end.len())
}

/// The length of a character literal; 0 for a lifetime.
fn character(text: &str) -> usize {
    if text[1..].starts_with('\\') {
        return text[3..].find('\'').map_or(text.len(), |end| 3 + end + 1);
    }
    let c = text[1..].chars().next().map_or(0, char::len_utf8);
    if text[1 + c..].starts_with('\'') { c + 2 } else { 0 }
}
