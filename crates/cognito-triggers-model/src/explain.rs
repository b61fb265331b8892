//! What is known about a trigger, a rule or an error text: why it fires, what comes before and after it, which API
//! call fills its fields, what null means, and who sees a failure.
//!
//! One set of tables feeds [`explain`], the command `cargo cognito explain`, the documentation of each trigger's
//! module and the README.
//!
//! ```
//! use cognito_triggers::explain::{Explanation, explain};
//!
//! let text = explain("CustomMessage_AdminCreateUser").expect("a known source").to_string();
//! assert!(text.contains("custom-message-without-user-name"));
//!
//! let Some(Explanation::Error(error)) = explain("InvalidLambdaResponseException: Unrecognizable lambda output") else {
//!     panic!("a known error text");
//! };
//! assert!(error.causes.iter().any(|cause| cause.contains("userPoolId")));
//! ```
//!
//! # Error texts
//!
#![doc = include_str!("../docs/errors.md")]

mod display;
mod errors;
mod facts;
mod metadata;
mod orders;
#[cfg(test)]
mod tests;

pub use errors::{ERRORS, ErrorText};
pub use facts::{Absence, COMMON_ABSENCES, Facts, Metadata, facts};
pub use orders::{ORDERS, Order, Step};

use crate::{
    DEFINITIONS, Definition, SourceDefinition,
    route::Route,
    rules::{RULES, Rule},
};

/// What [`explain`] found.
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

/// Explains a `triggerSource`, a route, a key of `LambdaConfig`, the code of a rule, or an error text.
///
/// Upper and lower case make no difference, and an error text may stand within other words, as it does in logs.
/// `None` if nothing is known; [`topics`] lists what is.
pub fn explain(query: &str) -> Option<Explanation> {
    let query = query.trim();
    trigger(query)
        .map(Explanation::Trigger)
        .or_else(|| rule(query).map(Explanation::Rule))
        .or_else(|| errors::find(query).map(Explanation::Error))
}

/// All that [`explain`] knows by name: sources, routes, keys of `LambdaConfig`, rules and error texts.
pub fn topics() -> impl Iterator<Item = &'static str> {
    let mut hooks: Vec<_> = DEFINITIONS.iter().map(|definition| definition.hook).collect();
    hooks.dedup();
    let mut sources: Vec<_> = sources().map(|source| source.name).collect();
    sources.sort_unstable();
    sources.dedup();
    let routes = Route::ALL.iter().map(|route| route.as_str());
    let rules = RULES.iter().map(|rule| rule.code);
    let errors = ERRORS.iter().map(|error| error.text);
    sources
        .into_iter()
        .chain(routes)
        .chain(hooks)
        .chain(rules)
        .chain(errors)
}

fn sources() -> impl Iterator<Item = &'static SourceDefinition> {
    DEFINITIONS.iter().flat_map(|definition| definition.sources)
}

fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code.eq_ignore_ascii_case(code))
}

fn trigger(query: &str) -> Option<TriggerExplanation> {
    let is = |name: &str| name.eq_ignore_ascii_case(query);
    let source = sources().find(|source| is(source.name) || is_misprint(source.name, query));
    let definitions: Vec<_> = DEFINITIONS
        .iter()
        .filter(|definition| match source {
            Some(source) => definition.sources.iter().any(|known| known.name == source.name),
            None => {
                is(definition.route.as_str())
                    || is(definition.hook)
                    || is(definition.prefix)
                    || is(definition.error_name)
                    || is(&format!("{}Config", definition.hook)) && definition.is_versioned()
            }
        })
        .collect();
    let facts = facts(definitions.first()?.route);
    Some(TriggerExplanation {
        definitions,
        source,
        facts,
    })
}

/// Whether a text is the source under a misprint of its prefix that stands in AWS's documents.
fn is_misprint(source: &str, text: &str) -> bool {
    let Some((prefix, reason)) = text.split_once('_') else {
        return false;
    };
    let meant = DEFINITIONS.iter().find(|definition| {
        definition
            .misprint
            .is_some_and(|misprint| misprint.eq_ignore_ascii_case(prefix))
    });
    meant.is_some_and(|definition| source.eq_ignore_ascii_case(&format!("{}_{reason}", definition.prefix)))
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
            .filter(move |rule| synchronous && routes.iter().any(|route| rule.holds_for(*route)))
    }
}
