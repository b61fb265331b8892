//! Finding what a query is about.

use crate::{
    explain::{
        errors::{self, ERRORS},
        explanation::{Explanation, TriggerExplanation},
        facts::facts,
    },
    route::Route,
    rules::{RULES, Rule},
    trigger::SourceDefinition,
    triggers::DEFINITIONS,
};

/// Explains a `triggerSource`, a route, a key of `LambdaConfig`, the code of a rule, or an error text.
///
/// Case makes no difference, and an error text may be part of a longer text, as it is in logs.
/// `None` if nothing is known; [`topics`] lists what is.
///
/// A name wins over an error text. Misspellings of a source in AWS's own documents, such as `CustomSmsSender_SignUp`,
/// are recognized.
///
/// ```
/// use cognito_triggers_model::explain::{Explanation, explain};
///
/// assert!(matches!(explain("pre_sign_up"), Some(Explanation::Trigger(_))));
/// assert!(matches!(explain("ANSWER-NULL"), Some(Explanation::Rule(_))));
/// let text = "PreSignUp failed with error callback is not a function.";
/// assert!(matches!(explain(text), Some(Explanation::Error(_))));
/// assert!(explain("hello").is_none());
/// ```
pub fn explain(query: &str) -> Option<Explanation> {
    let query = query.trim();
    trigger(query)
        .map(Explanation::Trigger)
        .or_else(|| rule(query).map(Explanation::Rule))
        .or_else(|| errors::find(query).map(Explanation::Error))
}

/// All that [`explain`] knows by name: sources, routes, keys of `LambdaConfig`, rules and error texts.
///
/// They come in this order. [`explain`] finds something for each of them.
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

/// All sources. Those of token generation occur up to three times, once for each version.
pub(super) fn sources() -> impl Iterator<Item = &'static SourceDefinition> {
    DEFINITIONS.iter().flat_map(|definition| definition.sources)
}

/// The rule with this code, in any case.
fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code.eq_ignore_ascii_case(code))
}

/// The trigger by a source, a route, a key of `LambdaConfig`, the prefix of its sources, or its name in error texts.
fn trigger(query: &str) -> Option<TriggerExplanation> {
    let is = |name: &str| name.eq_ignore_ascii_case(query);
    let source = sources().find(|source| is(source.name) || is_alias(source.name, query));
    let definitions: Vec<_> = DEFINITIONS
        .iter()
        .filter(|definition| match source {
            Some(source) => definition.sources.iter().any(|known| known.name == source.name),
            None => {
                is(definition.route.as_str())
                    || is(definition.hook)
                    || is(definition.prefix)
                    || is(definition.error_name)
                    || is(definition.route.config_key().as_str())
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

/// Whether a text is the source with an alias of its prefix, a misspelling in AWS's documents.
///
/// Only the prefix may differ; the part after the underscore has to be right.
fn is_alias(source: &str, text: &str) -> bool {
    let Some((prefix, reason)) = text.split_once('_') else {
        return false;
    };
    let meant = DEFINITIONS.iter().find(|definition| {
        definition
            .alias
            .is_some_and(|alias| alias.eq_ignore_ascii_case(prefix))
    });
    meant.is_some_and(|definition| source.eq_ignore_ascii_case(&format!("{}_{reason}", definition.prefix)))
}
