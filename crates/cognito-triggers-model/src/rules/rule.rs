//! What a rule and a finding are.

use std::fmt;

use crate::{
    route::Route,
    rules::{
        answered::{Answered, WholeAnswer},
        findings::Findings,
    },
    triggers::Suffix,
};

/// One of Cognito's rules for answers: a row of [`RULES`](crate::rules::RULES).
///
/// Two rules are equal if they have the same code, and `Debug` prints the code.
///
/// ```
/// use cognito_triggers_model::rules::{Certainty, Effect, RULES};
///
/// let rule = RULES.iter().find(|rule| rule.code == "auto-verify-without-attribute").ok_or("no such rule")?;
/// assert_eq!(rule.certainty, Certainty::Certain);
/// assert_eq!(rule.effect, Effect::Fails);
/// assert_eq!(rule.sources, ["SignUp"]);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Rule {
    /// The name of the rule in kebab case. It never changes.
    pub code: &'static str,
    /// The routes whose answers the rule applies to; empty for every trigger that Cognito waits for.
    pub routes: &'static [Route],
    /// The sources, after the underscore, to which the rule applies; empty for every source of the routes.
    pub sources: &'static [Suffix],
    /// How certain it is that an answer which breaks the rule is wrong.
    pub certainty: Certainty,
    /// What a correct answer looks like, in one sentence.
    pub sentence: &'static str,
    /// What Cognito does with an answer that breaks the rule.
    pub consequence: &'static str,
    /// Whether the call still succeeds.
    pub effect: Effect,
    /// The error that the caller of Cognito's API gets, if its text is known.
    pub error: Option<&'static str>,
    /// The page or report that the rule rests on.
    pub link: &'static str,
    /// The function that looks for violations.
    pub(super) test: Test,
}

/// How certain it is that an answer which breaks a rule is wrong.
///
/// `Certain` is greater than `Uncertain`, so the maximum of some findings says whether a replay fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// The answer may be right: what Cognito does is neither documented nor measured, sources disagree, or the effect may
    /// be intended. A replay warns.
    Uncertain,
    /// Cognito refuses the answer, ignores it, or reveals a secret. A replay fails.
    Certain,
}

/// What happens to the call whose answer breaks a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// The call fails.
    Fails,
    /// The call succeeds: Cognito ignores the value, or acts on it although it shouldn't have been set.
    Succeeds,
    /// It is neither documented nor reported.
    Unknown,
}

/// What a rule looks at.
#[derive(Clone, Copy)]
pub(super) enum Test {
    /// The whole answer.
    Whole(fn(&WholeAnswer<'_>, &mut Findings)),
    /// The `response`.
    Response(fn(&Answered<'_>, &mut Findings)),
}

impl Rule {
    /// Whether the rule applies to the answers of this route.
    ///
    /// Custom senders aren't an exception here: [`check`](crate::rules::check) skips them, because Cognito ignores their
    /// answers.
    pub fn applies_to(&self, route: Route) -> bool {
        self.routes.is_empty() || self.routes.contains(&route)
    }
}

/// Two rules are equal if their codes are.
impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Rule {}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

/// A violation of a rule by an answer.
///
/// A finding names fields, claims and challenges. It never quotes a value, because the value may be a secret.
///
/// `Display` writes the path, the message and the code: `response.smsMessage: … (custom-message-without-code)`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How certain the violation is: as certain as the rule, or uncertain in a case that only some sources call wrong.
    pub certainty: Certainty,
    /// The path in the answer, such as `response.smsMessage`; empty for the answer as a whole.
    ///
    /// A name with other characters than letters, digits, `_`, `-` and `:` is in brackets, as in
    /// `response.userAttributesToMap["https://example.com/role"]`, and so is the index of an element, `scopesToAdd[0]`.
    pub path: String,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() {
            "the answer"
        } else {
            &self.path
        };
        write!(f, "{path}: {} ({})", self.message, self.rule.code)
    }
}

/// Writes rows of the table of rules. Each row has the certainty, the code, the function that looks for violations, the
/// link, the sentence and the consequence; `effect`, `error` and the sources follow if there are any.
macro_rules! rules {
    ($kind:ident $routes:expr; $(
        $certainty:ident $code:literal = $test:expr, $link:expr, $sentence:expr, $consequence:expr
        $(, effect $effect:ident)? $(, error $error:expr)? $(, for $($source:literal),+)?;
    )+) => {
        &[$( $crate::rules::rule::Rule {
            code: $code,
            routes: $routes,
            sources: &[$($($source),+)?],
            certainty: $crate::rules::rule::Certainty::$certainty,
            sentence: $sentence,
            consequence: $consequence,
            effect: $crate::rules::rule::rules!(@effect $($effect)? $(= $error)?),
            error: $crate::rules::rule::rules!(@optional $($error)?),
            link: $link,
            test: $crate::rules::rule::Test::$kind($test),
        } ),+]
    };
    (@effect) => { $crate::rules::rule::Effect::Unknown };
    (@effect $effect:ident) => { $crate::rules::rule::Effect::$effect };
    (@effect = $error:expr) => { $crate::rules::rule::Effect::Fails };
    (@optional) => { None };
    (@optional $error:expr) => { Some($error) };
}
pub(super) use rules;
