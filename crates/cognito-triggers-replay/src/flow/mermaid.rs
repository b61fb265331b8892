//! Runs of flows as Mermaid diagrams.

use std::fmt::Write;

use cognito_triggers_pool::diagram::{Lane, Line};

use super::run::Run;

impl Run {
    /// A sequence diagram in the language of [Mermaid](https://mermaid.js.org): what the app called, which triggers ran in
    /// which order, and what they returned.
    ///
    /// Secret values aren't in it, as for the text of a run.
    ///
    /// Put it into a Markdown file as a code block with the language `mermaid`; GitHub and GitLab draw it.
    pub fn mermaid(&self) -> String {
        let mut text = String::from("sequenceDiagram\n");
        for lane in Lane::ALL {
            let _ = writeln!(text, "    participant {}", lane.name());
        }
        for line in self.lines() {
            let _ = match line {
                Line::Note(note) => writeln!(text, "    Note over App,Function: {}", escaped(&note)),
                Line::Arrow {
                    from,
                    to,
                    text: label,
                    reply,
                    bad,
                } => {
                    let arrow = match (reply, bad) {
                        (_, true) => "--x",
                        (true, false) => "-->>",
                        (false, false) => "->>",
                    };
                    writeln!(
                        text,
                        "    {}{arrow}{}: {}",
                        from.name(),
                        to.name(),
                        escaped(&label)
                    )
                }
            };
        }
        text
    }
}

/// Escapes the text of a message. `;` and `#` have a meaning in Mermaid, and a message is one line.
///
/// Such characters become `#CODE;`, which is Mermaid's notation. Control characters become spaces.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ';' | '#' | '<' | '>' => {
                let _ = write!(escaped, "#{};", u32::from(c));
            }
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
