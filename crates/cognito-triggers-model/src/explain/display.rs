//! Explanations as plain text.

use std::fmt::{Display, Formatter, Result};

use crate::explain::{
    errors::ErrorText,
    explanation::{Explanation, TriggerExplanation},
    facts::{Absence, COMMON_ABSENCES},
    metadata::Metadata,
    orders::{Order, Step},
};
use crate::rules::{Certainty, Effect, Rule};

impl Display for Explanation {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Trigger(trigger) => write!(f, "{trigger}"),
            Self::Rule(rule) => write_rule(rule, f),
            Self::Error(error) => write!(f, "{error}"),
        }
    }
}

impl Display for TriggerExplanation {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.write_head(f)?;
        writeln!(f, "\nBefore and after")?;
        for order in self.orders() {
            let asked = self.source.map_or("", |source| source.name);
            write_order(order, asked, f)?;
        }
        self.write_metadata(f)?;
        writeln!(f, "\nNull and absence")?;
        let own = self.facts.absences;
        let is_own = |common: &&Absence| own.iter().any(|absence| absence.field == common.field);
        for absence in own
            .iter()
            .chain(COMMON_ABSENCES.iter().filter(|common| !is_own(common)))
        {
            writeln!(f, "  {}: {}", absence.field, absence.meaning)?;
        }
        self.write_failure(f)?;
        self.write_rules(f)
    }
}

impl TriggerExplanation {
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

    fn write_metadata(&self, f: &mut Formatter<'_>) -> Result {
        let maps = [
            ("clientMetadata", self.facts.client_metadata),
            ("validationData", self.facts.validation_data),
        ];
        for (name, metadata) in maps {
            writeln!(f, "\n{name}")?;
            match metadata {
                Some(metadata) => write!(f, "{metadata}")?,
                None => writeln!(f, "  Not in this event.")?,
            }
        }
        Ok(())
    }

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

    fn write_failure(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, "\nOn failure")?;
        for definition in self
            .definitions
            .iter()
            .filter(|definition| definition.synchronous)
        {
            let name = definition.error_name;
            writeln!(f, "  UserLambdaValidationException: {name} failed with error ….")?;
        }
        writeln!(f, "  {}", self.facts.failure)
    }
}

impl Display for Metadata {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, "  From {}.", self.from.join(", "))?;
        if !self.never.is_empty() {
            writeln!(f, "  Never from {}.", self.never.join(", "))?;
        }
        match self.note {
            "" => Ok(()),
            note => writeln!(f, "  {note}"),
        }
    }
}

/// What happens, what begins it, and the triggers in their order. What was asked for has a mark.
fn write_order(order: &Order, asked: &str, f: &mut Formatter<'_>) -> Result {
    writeln!(f, "  {} ({})", order.name, order.calls.join(", "))?;
    for step in order.steps {
        let mark = if step.sources.contains(&asked) { '>' } else { ' ' };
        writeln!(f, "  {mark} {step}")?;
    }
    match order.note {
        "" => Ok(()),
        note => writeln!(f, "    {note}"),
    }
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if !self.when.is_empty() {
            write!(f, "{}: ", self.when)?;
        }
        match self.sources {
            // A message goes one of three ways; which one, the pool's settings say.
            [message, _, _] => write!(f, "{message}, or the same of a custom sender"),
            sources => f.write_str(&sources.join(" or ")),
        }
    }
}

impl Display for Certainty {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Certain => "certain",
            Self::Uncertain => "uncertain",
        })
    }
}

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
