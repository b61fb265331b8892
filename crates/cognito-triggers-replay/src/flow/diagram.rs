//! The lines of a sequence diagram, independent of how it is drawn.

use super::{
    outcome::ApiResult,
    run::{Run, Step},
};

/// A line of a sequence diagram.
pub(super) enum Line {
    /// A title across all lanes.
    Note(String),
    /// An arrow from one lane to another.
    Arrow {
        /// Where the arrow starts.
        from: Lane,
        /// Where the arrow ends.
        to: Lane,
        /// What is on the arrow. It has no secrets.
        text: String,
        /// Whether it answers an earlier arrow.
        reply: bool,
        /// Whether something went wrong.
        bad: bool,
    },
}

/// A participant, who has a vertical line in the diagram.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    App,
    Cognito,
    Function,
}

impl Lane {
    /// All participants, from left to right.
    pub(super) const ALL: [Self; 3] = [Self::App, Self::Cognito, Self::Function];

    /// The heading of the lane.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::App => "App",
            Self::Cognito => "Cognito",
            Self::Function => "Function",
        }
    }
}

impl Run {
    /// The lines of the diagram, from top to bottom. Skipped triggers aren't among them.
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
        for exchange in &self.exchanges {
            lines.push(arrow(
                Lane::App,
                Lane::Cognito,
                exchange.call.clone(),
                false,
                false,
            ));
            for step in exchange.steps.iter().filter(|step| !step.is_skipped()) {
                lines.push(arrow(
                    Lane::Cognito,
                    Lane::Function,
                    step.source.clone(),
                    false,
                    false,
                ));
                let bad = step.outcome.is_failure();
                lines.push(arrow(Lane::Function, Lane::Cognito, reply_text(step), true, bad));
            }
            let bad = matches!(
                exchange.result,
                ApiResult::Exception(_) | ApiResult::NotSent(_) | ApiResult::Unknown(_)
            );
            lines.push(arrow(
                Lane::Cognito,
                Lane::App,
                exchange.result.to_string(),
                true,
                bad,
            ));
        }
        lines
    }
}

/// The text of the function's reply, with the codes of broken rules.
fn reply_text(step: &Step) -> String {
    let codes: Vec<_> = step.findings.iter().map(|finding| finding.rule.code).collect();
    match codes.as_slice() {
        [] => step.outcome.to_string(),
        codes => format!("{} [{}]", step.outcome, codes.join(", ")),
    }
}
