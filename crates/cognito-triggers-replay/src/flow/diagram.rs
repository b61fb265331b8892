//! The lines of a flow's sequence diagram.

use cognito_triggers_pool::diagram::{Lane, Line};

use super::run::{Run, Step};

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
            let bad = exchange.result.is_failure();
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
