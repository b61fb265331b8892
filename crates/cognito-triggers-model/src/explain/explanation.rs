//! What an explanation consists of.

use crate::{
    explain::{
        errors::ErrorText,
        facts::Facts,
        orders::{ORDERS, Order},
    },
    rules::{RULES, Rule},
    trigger::{Definition, SourceDefinition},
};

/// What [`explain`](crate::explain::explain) found.
///
/// `Display` writes it as plain text, in lines of any length, to be wrapped by whoever prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Explanation {
    /// A trigger, as a whole or as one of its sources or versions.
    Trigger(TriggerExplanation),
    /// A rule for answers.
    Rule(&'static Rule),
    /// An error text.
    Error(&'static ErrorText),
}

/// What is known about a trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TriggerExplanation {
    /// The trigger, in the versions that were asked for.
    pub definitions: Vec<&'static Definition>,
    /// The source, if one was asked for.
    pub source: Option<&'static SourceDefinition>,
    /// What fills it, what null means, who sees a failure.
    pub facts: &'static Facts,
}

impl TriggerExplanation {
    /// The flows that it is part of, in Cognito's order.
    pub fn orders(&self) -> impl Iterator<Item = &'static Order> {
        let names: Vec<_> = match self.source {
            Some(source) => vec![source.name],
            None => {
                let sources = self.definitions.iter().flat_map(|definition| definition.sources);
                sources.map(|source| source.name).collect()
            }
        };
        ORDERS
            .iter()
            .filter(move |order| order.sources().any(|source| names.contains(&source)))
    }

    /// The rules for its answers.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        let routes: Vec<_> = self
            .definitions
            .iter()
            .map(|definition| definition.route)
            .collect();
        let synchronous = self.definitions.iter().any(|definition| definition.synchronous);
        RULES
            .iter()
            .filter(move |rule| synchronous && routes.iter().any(|route| rule.applies_to(*route)))
    }
}
