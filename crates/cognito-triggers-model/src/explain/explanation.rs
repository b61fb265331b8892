//! What an explanation consists of.

use crate::{
    app_data::{AppData, client_metadata, validation_data},
    explain::{
        errors::ErrorText,
        facts::{Absence, COMMON_ABSENCES, Facts},
    },
    flows::{FLOWS, Flow},
    route::Route,
    rules::{RULES, Rule},
    trigger::{Definition, SourceDefinition},
    triggers::includes,
};

/// What [`explain`](crate::explain::explain) found.
///
/// `Display` writes plain text with lines of any length. Wrap it before you print it.
///
/// ```
/// use cognito_triggers_model::explain::{Explanation, explain};
///
/// let Some(Explanation::Trigger(trigger)) = explain("UserMigration_ForgotPassword") else {
///     panic!("a known source");
/// };
/// assert_eq!(trigger.source_name(), Some("UserMigration_ForgotPassword"));
/// assert!(trigger.absences().any(|absence| absence.field == "request.password"));
/// assert!(trigger.rules().any(|rule| rule.code == "migration-without-verified-address"));
/// ```
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
///
/// The methods answer for the source, if one was asked for, and otherwise for all sources of the trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TriggerExplanation {
    /// The trigger, in the versions that were asked for.
    ///
    /// Never empty. A source of token generation has one for each version that sends it.
    pub definitions: Vec<&'static Definition>,
    /// The source, if one was asked for.
    pub source: Option<&'static SourceDefinition>,
    /// What fills it, what null means, who sees a failure.
    pub facts: &'static Facts,
}

impl TriggerExplanation {
    /// The name of the source that was asked for.
    pub fn source_name(&self) -> Option<&'static str> {
        self.source.map(|source| source.name)
    }

    /// The flows that the trigger or the source is part of, in Cognito's order.
    pub fn flows(&self) -> impl Iterator<Item = &'static Flow> {
        let names: Vec<_> = match self.source {
            Some(source) => vec![source.name],
            None => {
                let sources = self.definitions.iter().flat_map(|definition| definition.sources);
                sources.map(|source| source.name).collect()
            }
        };
        FLOWS
            .iter()
            .filter(move |flow| flow.sources().any(|source| names.contains(&source)))
    }

    /// The rules for the answers of the trigger or the source.
    ///
    /// Custom senders have none, because Cognito ignores their answers.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        let routes: Vec<_> = self
            .definitions
            .iter()
            .map(|definition| definition.route)
            .collect();
        let is_awaited = routes.iter().any(|route| !route.is_custom_sender());
        let source = self.source_name();
        RULES.iter().filter(move |rule| {
            is_awaited && routes.iter().any(|route| rule.applies_to(*route)) && includes(rule.sources, source)
        })
    }

    /// Where `clientMetadata` comes from; `None` if the events don't have it.
    pub fn client_metadata(&self) -> Option<&'static AppData> {
        client_metadata(self.definitions.last()?.route)
    }

    /// Where `validationData` comes from; `None` if the events don't have it.
    pub fn validation_data(&self) -> Option<&'static AppData> {
        validation_data(self.definitions.last()?.route)
    }

    /// What null and absence mean in the fields of the trigger or the source, its own first.
    ///
    /// Fields that these events don't have are left out, and so is what holds only for sources of other versions.
    pub fn absences(&self) -> impl Iterator<Item = &'static Absence> {
        let own = self.facts.absences.iter().filter(|absence| {
            absence.sources.is_empty() || self.sources().any(|name| absence.applies_to(Some(name)))
        });
        let is_replaced = move |common: &Absence| {
            let of_field = |absence: &&Absence| absence.field == common.field;
            let mut own = self.facts.absences.iter().filter(of_field);
            own.any(|absence| self.sources().all(|name| absence.applies_to(Some(name))))
        };
        let common = COMMON_ABSENCES
            .iter()
            .filter(move |common| self.has_field(common.field) && !is_replaced(common));
        own.chain(common)
    }

    /// The sources, after the underscore, to which an absence is limited. Empty if it holds for all that were asked for.
    ///
    /// ```
    /// use cognito_triggers_model::explain::{Explanation, explain};
    ///
    /// let Some(Explanation::Trigger(trigger)) = explain("UserMigration") else {
    ///     panic!("a known trigger");
    /// };
    /// let password = trigger.absences().find(|absence| absence.field == "request.password");
    /// assert_eq!(trigger.limited_to(password.ok_or("no entry")?), ["ForgotPassword"]);
    /// # Ok::<(), &str>(())
    /// ```
    pub fn limited_to(&self, absence: &Absence) -> Vec<&'static str> {
        let (applies, others): (Vec<_>, Vec<_>) =
            self.sources().partition(|name| absence.applies_to(Some(name)));
        if others.is_empty() {
            return Vec::new();
        }
        let mut suffixes = Vec::new();
        for (_, suffix) in applies.iter().filter_map(|name| name.split_once('_')) {
            // The versions of token generation share their sources.
            if !suffixes.contains(&suffix) {
                suffixes.push(suffix);
            }
        }
        suffixes
    }

    /// The names of the source that was asked for, or of all sources of the trigger.
    fn sources(&self) -> impl Iterator<Item = &'static str> {
        let of_all = self.definitions.iter().flat_map(|definition| definition.sources);
        let asked = self.source_name();
        of_all
            .map(|source| source.name)
            .filter(move |name| asked.is_none_or(|asked| asked == *name))
    }

    /// Whether the events have a field of [`COMMON_ABSENCES`].
    fn has_field(&self, field: &str) -> bool {
        match field {
            "request.clientMetadata" => self.client_metadata().is_some(),
            "request.userAttributes" => {
                let mut routes = self.definitions.iter().map(|definition| definition.route);
                routes.any(|route| route != Route::InboundFederation)
            }
            _ => true,
        }
    }

    /// Who sees a failure, sentence by sentence.
    ///
    /// The first sentence holds for the whole trigger. The others are about single sources; those of other versions are
    /// left out.
    pub fn failure(&self) -> impl Iterator<Item = &'static str> {
        let of_source = self.facts.failure_of.iter();
        let of_source =
            of_source.filter(move |(sources, _)| self.sources().any(|name| includes(sources, Some(name))));
        [self.facts.failure]
            .into_iter()
            .chain(of_source.map(|(_, sentence)| *sentence))
    }
}
