//! Flows as Mermaid diagrams.

use std::fmt::Write;

use super::{Made, Run, Seen, Step};

/// A line of a sequence diagram.
pub(super) enum Line {
    /// A heading over all lanes.
    Note(String),
    /// An arrow from one lane to another.
    Arrow {
        from: Lane,
        to: Lane,
        text: String,
        reply: bool,
        bad: bool,
    },
}

/// Who takes part.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    App,
    Cognito,
    Function,
}

impl Lane {
    pub(super) const ALL: [Self; 3] = [Self::App, Self::Cognito, Self::Function];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::App => "App",
            Self::Cognito => "Cognito",
            Self::Function => "Function",
        }
    }
}

impl Run {
    /// The flow as a sequence diagram in the language of [Mermaid](https://mermaid.js.org): what the app called,
    /// which triggers ran in which order, and what came back.
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
                    text: said,
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
                        escaped(&said)
                    )
                }
            };
        }
        text
    }

    /// The diagram's lines, from top to bottom. Triggers that were passed over aren't in it.
    pub(super) fn lines(&self) -> Vec<Line> {
        let arrow = |from, to, text: String, reply, bad| Line::Arrow {
            from,
            to,
            text,
            reply,
            bad,
        };
        let mut lines = Vec::new();
        if !self.about.is_empty() {
            lines.push(Line::Note(self.about.clone()));
        }
        for turn in &self.turns {
            lines.push(arrow(Lane::App, Lane::Cognito, turn.call.clone(), false, false));
            for step in turn.steps.iter().filter(|step| !step.is_passed_over()) {
                lines.push(arrow(
                    Lane::Cognito,
                    Lane::Function,
                    step.source.clone(),
                    false,
                    false,
                ));
                let bad = !matches!(step.made, Made::Answered(_));
                lines.push(arrow(Lane::Function, Lane::Cognito, said(step), true, bad));
            }
            let bad = matches!(turn.seen, Seen::Exception(_) | Seen::Unknown(_));
            lines.push(arrow(Lane::Cognito, Lane::App, turn.seen.to_string(), true, bad));
        }
        lines
    }
}

fn said(step: &Step) -> String {
    let codes: Vec<_> = step.findings.iter().map(|finding| finding.rule.code).collect();
    match codes.as_slice() {
        [] => step.made.to_string(),
        codes => format!("{} [{}]", step.made, codes.join(", ")),
    }
}

/// A text of a Mermaid message: `;` and `#` have a meaning there, and it is one line.
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
