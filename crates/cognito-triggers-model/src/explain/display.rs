//! Explanations as plain text.
//!
//! These texts are what `cargo cognito explain` prints after it has wrapped the lines. A heading begins at the
//! start of a line, and its content is indented by two spaces.

use std::fmt::{Display, Formatter, Result};

use crate::{
    app_data::AppData,
    explain::{
        errors::ErrorText,
        explanation::{Explanation, TriggerExplanation},
    },
    flows::{Flow, Step},
    route::Route,
    rules::{Certainty, Effect, Rule},
};

/// Writes the text of the trigger, the rule or the error.
impl Display for Explanation {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Trigger(trigger) => write!(f, "{trigger}"),
            Self::Rule(rule) => write_rule(rule, f),
            Self::Error(error) => write!(f, "{error}"),
        }
    }
}

/// The sections, in this order: the source or the sources, the trigger with its versions and AWS's page, the flows,
/// the two maps that an app fills, null and absence, what isn't sent, failures, and the rules.
impl Display for TriggerExplanation {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.write_head(f)?;
        writeln!(f, "\nBefore and after")?;
        for flow in self.flows() {
            write_flow(flow, self.source_name().unwrap_or_default(), f)?;
        }
        self.write_app_data(f)?;
        writeln!(f, "\nNull and absence")?;
        for absence in self.absences() {
            let sources = match self.limited_to(absence).join(", ") {
                all if all.is_empty() => all,
                some => format!(" ({some})"),
            };
            writeln!(f, "  {}{sources}: {}", absence.field, absence.meaning)?;
        }
        if !self.facts.not_sent.is_empty() {
            writeln!(f, "\nNot sent")?;
        }
        for missing in self.facts.not_sent {
            writeln!(f, "  {}: {}", missing.what, missing.instead)?;
        }
        self.write_failure(f)?;
        self.write_rules(f)
    }
}

impl TriggerExplanation {
    /// The source with its description, or the trigger with all its sources; then each version with its route. A
    /// source that several versions share is listed once.
    fn write_head(&self, f: &mut Formatter<'_>) -> Result {
        let hook = self.definitions.first().map_or("", |definition| definition.hook);
        match self.source {
            Some(source) => writeln!(f, "{}\n  {}", source.name, source.description)?,
            None => {
                writeln!(f, "{hook}")?;
                let mut named: Vec<&str> = Vec::new();
                for source in self.definitions.iter().flat_map(|definition| definition.sources) {
                    if !named.contains(&source.name) {
                        named.push(source.name);
                        writeln!(f, "  {}: {}", source.name, source.description)?;
                    }
                }
            }
        }
        writeln!(f, "\nTrigger")?;
        for definition in &self.definitions {
            let version = definition.lambda_version;
            let version = version.map_or_else(String::new, |version| format!(", LambdaVersion {version}"));
            writeln!(f, "  {hook}{version}: the route `{}`", definition.route)?;
        }
        match self.definitions.first() {
            Some(definition) => writeln!(f, "  {}", definition.page),
            None => Ok(()),
        }
    }

    /// Where `clientMetadata` and `validationData` come from, or that the event doesn't have them.
    fn write_app_data(&self, f: &mut Formatter<'_>) -> Result {
        let maps = [
            ("clientMetadata", self.client_metadata()),
            ("validationData", self.validation_data()),
        ];
        for (name, data) in maps {
            writeln!(f, "\n{name}")?;
            match data {
                Some(data) => write_origins(data, self.source_name(), f)?,
                None => writeln!(f, "  Not in this event.")?,
            }
        }
        Ok(())
    }

    /// The rules of the trigger with their sentences, and the codes of those that hold for every trigger. Custom
    /// senders have no rules, so the section is left out.
    fn write_rules(&self, f: &mut Formatter<'_>) -> Result {
        let (general, own): (Vec<&Rule>, Vec<&Rule>) = self.rules().partition(|rule| rule.routes.is_empty());
        if general.is_empty() {
            return Ok(());
        }
        writeln!(f, "\nRules for the answer")?;
        for rule in own {
            writeln!(f, "  {} ({}): {}", rule.code, rule.certainty, rule.sentence)?;
        }
        let codes: Vec<_> = general.iter().map(|rule| rule.code).collect();
        writeln!(f, "  and those for every trigger: {}", codes.join(", "))
    }

    /// The error that the caller gets, and who sees it. Cognito doesn't wait for custom senders, so the caller gets
    /// no error from them.
    fn write_failure(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, "\nOn failure")?;
        for definition in self
            .definitions
            .iter()
            .filter(|definition| definition.synchronous)
        {
            let text = format!("{} failed with error ….", definition.error_name);
            if definition.route == Route::InboundFederation {
                writeln!(
                    f,
                    "  The text isn't known; by analogy `{text}` in `error_description`."
                )?;
            } else {
                writeln!(f, "  UserLambdaValidationException: {text}")?;
            }
        }
        for sentence in self.failure() {
            writeln!(f, "  {sentence}")?;
        }
        Ok(())
    }
}

/// The calls that fill a map, those that don't although developers expect it, and the note.
fn write_origins(data: &AppData, source: Option<&str>, f: &mut Formatter<'_>) -> Result {
    let calls: Vec<_> = data
        .of(source)
        .map(|origin| format!("{} of {}", origin.parameter, origin.operation))
        .collect();
    if calls.is_empty() {
        writeln!(f, "  No known call fills it.")?;
    } else {
        writeln!(f, "  From {}.", calls.join(", "))?;
    }
    if !data.never.is_empty() {
        writeln!(f, "  Never from {}.", data.never.join(", "))?;
    }
    match data.note {
        "" => Ok(()),
        note => writeln!(f, "  {note}"),
    }
}

/// A flow: its name, its calls, and its steps in order. The source that was asked for has a mark.
fn write_flow(flow: &Flow, asked: &str, f: &mut Formatter<'_>) -> Result {
    writeln!(f, "  {} ({})", flow.name, flow.calls.join(", "))?;
    for step in flow.steps {
        let mark = if step.sources.contains(&asked) { '>' } else { ' ' };
        writeln!(f, "  {mark} {step}")?;
    }
    match flow.note {
        "" => Ok(()),
        note => writeln!(f, "    {note}"),
    }
}

/// The condition, if there is one, and the sources of the step.
impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if !self.when.is_empty() {
            write!(f, "{}: ", self.when)?;
        }
        match self.sources {
            // The pool's settings decide which of the three triggers gets the message.
            [message, _, _] => write!(f, "{message}, or the same of a custom sender"),
            sources => f.write_str(&sources.join(" or ")),
        }
    }
}

/// `certain` or `uncertain`.
impl Display for Certainty {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Certain => "certain",
            Self::Uncertain => "uncertain",
        })
    }
}

/// The rule, what happens otherwise, the routes, what a replay does, and the source.
fn write_rule(rule: &Rule, f: &mut Formatter<'_>) -> Result {
    writeln!(f, "{} ({})\n  {}", rule.code, rule.certainty, rule.sentence)?;
    writeln!(f, "\nOtherwise\n  {}", rule.consequence)?;
    match (rule.error, rule.effect) {
        (Some(error), _) => writeln!(f, "  {error}")?,
        (None, Effect::Succeeds) => writeln!(f, "  The call itself succeeds.")?,
        (None, Effect::Fails | Effect::Unknown) => {}
    }
    match rule.routes {
        [] => writeln!(f, "\nHolds for\n  every trigger that Cognito waits for")?,
        routes => {
            let names: Vec<_> = routes.iter().map(|route| route.as_str()).collect();
            writeln!(f, "\nHolds for\n  {}", names.join(", "))?;
        }
    }
    writeln!(
        f,
        "\nIn a replay\n  {}",
        match rule.certainty {
            Certainty::Certain => "an answer that breaks it fails",
            Certainty::Uncertain => "an answer that breaks it gets a warning",
        }
    )?;
    writeln!(f, "\nSource\n  {}", rule.link)
}

/// The exception and the text, its meaning, the causes, what to do next, and the source.
impl Display for ErrorText {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let exception = self
            .exception
            .map_or_else(String::new, |exception| format!("{exception}: "));
        writeln!(f, "{exception}{}\n  {}", self.text, self.meaning)?;
        writeln!(f, "\nCauses")?;
        for cause in self.causes {
            writeln!(f, "  - {cause}")?;
        }
        writeln!(f, "\nNext\n  {}", self.next)?;
        writeln!(f, "\nSource\n  {}", self.link)
    }
}
