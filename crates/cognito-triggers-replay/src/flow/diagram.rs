//! The lines of a sequence diagram, whatever it is drawn with.

use super::run::{ApiResult, Run, Step, TriggerOutcome};

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
        for exchange in &self.exchanges {
            lines.push(arrow(
                Lane::App,
                Lane::Cognito,
                exchange.call.clone(),
                false,
                false,
            ));
            for step in exchange.steps.iter().filter(|step| !step.is_passed_over()) {
                lines.push(arrow(
                    Lane::Cognito,
                    Lane::Function,
                    step.source.clone(),
                    false,
                    false,
                ));
                let bad = !matches!(step.outcome, TriggerOutcome::Answered(_));
                lines.push(arrow(Lane::Function, Lane::Cognito, said(step), true, bad));
            }
            let bad = matches!(exchange.result, ApiResult::Exception(_) | ApiResult::Unknown(_));
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

fn said(step: &Step) -> String {
    let codes: Vec<_> = step.findings.iter().map(|finding| finding.rule.code).collect();
    match codes.as_slice() {
        [] => step.outcome.to_string(),
        codes => format!("{} [{}]", step.outcome, codes.join(", ")),
    }
}
