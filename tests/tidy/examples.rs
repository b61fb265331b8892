//! Every function that someone calls occurs in an example of the documentation.
//!
//! The crates' `pub` means part of the API (a lint sees to it), so the functions are found by their text. A method has to be called on
//! something, an associated function by its type, and any other function has to be named.

use std::collections::BTreeSet;

use crate::{files, read, shipped};

/// The crates whose functions somebody calls in a function or in a test.
const CRATES: [&str; 6] = [
    "cognito-triggers",
    "cognito-triggers-dynamodb",
    "cognito-triggers-kms",
    "cognito-triggers-pool",
    "cognito-triggers-replay",
    "cognito-triggers-targets",
];

/// Functions without an example, each with the reason.
const WITHOUT: [(&str, &str); 18] = [
    ("Token::random", STORES),
    ("Record::claimed_by", STORES),
    ("header_length", FUZZED),
    ("open_unsigned", FUZZED),
    ("CallRecord::redacted", CONSOLE),
    ("TriggerRecord::redacted", CONSOLE),
    ("Invoked::of_reply", CONSOLE),
    ("Approved::new", COMMAND),
    ("Entry::is_unhandled", COMMAND),
    ("exception_of", COMMAND),
    ("build_bin_quietly", COMMAND),
    ("build_release_bin", COMMAND),
    ("workspace_root", COMMAND),
    ("function_bin", COMMAND),
    ("InvokeError::error_message", COMMAND),
    ("CommandGroup::new", COMMAND),
    ("CommandGroup::cancel", COMMAND),
    ("CommandGroup::finish", COMMAND),
];
const STORES: &str = "for stores: `MemoryStore` and the crate for DynamoDB show how";
const FUZZED: &str = "for the fuzz targets";
const CONSOLE: &str = "for the console and flows, which draw calls";
const COMMAND: &str = "for the command and other crates of the workspace";

/// A public function, as `Type::name` or `name`.
struct Function {
    name: String,
    is_method: bool,
    location: String,
}

impl Function {
    /// Whether an example has it.
    fn is_in(&self, code: &str) -> bool {
        let (owner, name) = self.name.rsplit_once("::").unwrap_or(("", &self.name));
        match (self.is_method, owner) {
            (true, _) => code.contains(&format!(".{name}(")),
            (false, "") => occurs(code, name),
            (false, owner) => occurs(code, &format!("{owner}::{name}")),
        }
    }
}

/// Whether a word occurs that isn't part of a longer one.
fn occurs(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part))
}

/// The public functions of a source file.
fn functions(path: &str, source: &str) -> Vec<Function> {
    let lines: Vec<_> = shipped(source).lines().collect();
    let mut found = Vec::new();
    let mut owner = None;
    for (index, line) in lines.iter().enumerate() {
        if line.starts_with("impl") {
            owner = owner_of(line);
        } else if *line == "}" {
            owner = None;
        }
        let words = line.trim_start().strip_prefix("pub ");
        let words = words.map(|words| words.trim_start_matches("const ").trim_start_matches("async "));
        let Some(signature) = words.and_then(|words| words.strip_prefix("fn ")) else {
            continue;
        };
        let is_hidden = lines[..index]
            .iter()
            .rev()
            .take(4)
            .any(|line| line.contains("doc(hidden)"));
        if is_hidden {
            continue;
        }
        let name = signature.split(['(', '<']).next().unwrap();
        let parameters = lines[index..lines.len().min(index + 8)].join(" ");
        let parameters = parameters
            .split_once('(')
            .map_or("", |(_, rest)| rest)
            .trim_start();
        let first = parameters.split([',', ')']).next().unwrap();
        found.push(Function {
            name: owner.map_or(name.to_owned(), |owner| format!("{owner}::{name}")),
            is_method: occurs(first, "self"),
            location: format!("{path}:{}", index + 1),
        });
    }
    found
}

/// The type of an `impl`, without its parameters.
fn owner_of(line: &str) -> Option<&str> {
    let line = line.strip_prefix("impl")?;
    // The parameters of the `impl` itself.
    let line = match line.strip_prefix('<') {
        Some(rest) => {
            let mut depth = 1;
            let end = rest.find(|c| {
                depth += i32::from(c == '<') - i32::from(c == '>');
                depth == 0
            })?;
            &rest[end + 1..]
        }
        None => line,
    };
    let line = line.split_once(" for ").map_or(line, |(_, owner)| owner);
    line.trim()
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
}

/// The code in a document, or in the documentation of a source file.
fn code(path: &str) -> String {
    let text = read(path);
    let mut in_code = false;
    let mut code = String::new();
    for line in text.lines() {
        let line = match path.ends_with(".rs") {
            true => match line
                .trim_start()
                .strip_prefix("///")
                .or(line.trim_start().strip_prefix("//!"))
            {
                Some(line) => line,
                None => {
                    in_code = false;
                    continue;
                }
            },
            false => line,
        };
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if in_code {
            code.push_str(line);
            code.push('\n');
        }
    }
    code
}

#[test]
fn every_function_is_in_an_example() {
    let (mut examples, mut all) = (String::new(), Vec::new());
    for krate in CRATES {
        examples.push_str(&code(&format!("crates/{krate}/README.md")));
        for path in files(&format!("crates/{krate}/src"), ".rs") {
            let source = read(&path);
            examples.push_str(&code(&path));
            if !path.ends_with("/tests.rs")
                && !path.contains("/tests/")
                && !source.starts_with("// Generated by ")
            {
                all.extend(functions(&path, &source));
            }
        }
    }
    assert!(all.len() > 250, "only {} functions were found", all.len());
    let mut unused: BTreeSet<_> = WITHOUT.iter().map(|(name, _)| *name).collect();
    let mut missing = Vec::new();
    for function in all.iter().filter(|function| !function.is_in(&examples)) {
        if !unused.remove(function.name.as_str()) {
            missing.push(format!("{}: {}", function.location, function.name));
        }
    }
    assert!(missing.is_empty(), "no example has\n{}", missing.join("\n"));
    assert!(
        unused.is_empty(),
        "these have an example now, or are gone: {unused:?}"
    );
}
