//! What a rule is, what it looks at, and where its findings go.
//!
//! A rule is a function that looks at the [`Context`] and adds to the [`Findings`]:
//!
//! ```text
//! pub(super) static RULE: Rule = Rule { code: "…", summary: "…", causes: &["…"], consequence: "…", fix: "…", link: "…", check };
//!
//! fn check(context: &Context<'_>, findings: &mut Findings) {
//!     for pool in &context.facts.pools {
//!         findings.error(&pool.location, "what is wrong", "what happens because of it", "what to write:\nKey: value");
//!     }
//! }
//! ```
//!
//! Rules are independent. If two of them would report one fault, one skips it, and a comment names the other.

use std::fmt;

use crate::{
    binary::Binary,
    bindings::Bindings,
    facts::{Facts, Hook, OnlyIf, Pool},
    report::{Finding, Severity, Step},
    routes,
    source::Location,
    suggested_fix,
};

/// A rule of the check: what it finds, and what is known about it in general. Each finding says the same for its own location.
///
/// `Display` writes the explanation that `cargo cognito explain CODE` prints. It doesn't wrap lines.
///
/// ```
/// use cognito_triggers_wiring::RULES;
///
/// let rule = RULES.iter().find(|rule| rule.code == "permission-missing").ok_or("no such rule")?;
/// assert_eq!(rule.summary, "a hook whose function Cognito may not call");
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug)]
pub struct Rule {
    /// The code in reports and for `--allow`. It never changes, and is never given to another rule.
    pub code: &'static str,
    /// What the rule finds, in one line.
    pub summary: &'static str,
    /// Why it happens, the most likely cause first. Never empty.
    pub causes: &'static [&'static str],
    /// What happens in the pool, or at deployment.
    pub consequence: &'static str,
    /// What to do about it.
    pub fix: &'static str,
    /// The page of AWS that this is based on.
    pub link: &'static str,
    /// Looks at the facts and adds findings. It changes nothing, and runs once for each check.
    pub(crate) check: fn(&Context<'_>, &mut Findings),
}

/// The code, what the rule finds, the causes, what happens, what to do, and the source.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n  A finding of `check`: {}.", self.code, self.summary)?;
        writeln!(f, "\nCauses")?;
        for cause in self.causes {
            writeln!(f, "  - {cause}")?;
        }
        writeln!(f, "\nOtherwise\n  {}", self.consequence)?;
        writeln!(f, "\nNext\n  {}", self.fix)?;
        writeln!(f, "  `--allow {}` hides the finding.", self.code)?;
        writeln!(f, "\nSource\n  {}", self.link)
    }
}

/// What a rule looks at.
pub(crate) struct Context<'a> {
    /// What the sources say.
    pub(crate) facts: &'a Facts,
    /// The binaries that the wiring is checked against; none for a check of the sources alone.
    pub(crate) binaries: &'a [Binary],
    /// Which function runs which binary.
    pub(crate) bindings: Bindings,
}

impl<'a> Context<'a> {
    /// Every hook that Cognito follows, with its pool. Left out is a hook beside the one that supersedes it.
    pub(crate) fn hooks(&self) -> impl Iterator<Item = (&'a Pool, &'a Hook)> {
        self.facts.pools.iter().flat_map(|pool| {
            let has = |key| pool.hooks.iter().any(|hook| hook.key == key);
            let hooks = pool.hooks.iter();
            hooks
                .filter(move |hook| !hook.key.superseded_by().is_some_and(has))
                .map(move |hook| (pool, hook))
        })
    }

    /// The conditions of the template under which a hook calls its function. The function exists then too, or the deployment is
    /// refused.
    pub(crate) fn conditions(&self, hook: &Hook) -> Vec<OnlyIf> {
        let function = self.facts.function(&hook.function);
        let of_function = function.map(|it| it.only_if.as_slice());
        [hook.only_if.as_slice(), of_function.unwrap_or_default()].concat()
    }

    /// The binary of a hook.
    pub(crate) fn binary(&self, hook: &Hook) -> Option<&'a Binary> {
        self.bindings.binary(hook, self.binaries)
    }
}

/// The findings of one rule.
pub(crate) struct Findings {
    code: &'static str,
    list: Vec<Finding>,
}

impl Findings {
    /// Runs a rule.
    pub(super) fn of(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
        let mut findings = Self {
            code: rule.code,
            list: Vec::new(),
        };
        (rule.check)(context, &mut findings);
        findings.list
    }

    /// Adds an error: calls fail, or the deployment does.
    pub(crate) fn error(
        &mut self,
        location: &Location,
        problem: impl Into<String>,
        consequence: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.add(Severity::Error, location, problem, consequence, fix);
    }

    /// Adds a warning: it works, but probably not as intended.
    pub(crate) fn warning(
        &mut self,
        location: &Location,
        problem: impl Into<String>,
        consequence: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.add(Severity::Warning, location, problem, consequence, fix);
    }

    /// Adds what couldn't be checked.
    pub(crate) fn not_checked(
        &mut self,
        location: &Location,
        problem: impl Into<String>,
        consequence: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.add(Severity::NotChecked, location, problem, consequence, fix);
    }

    /// Adds a finding. `fix` is a sentence, and code in YAML on further lines.
    pub(crate) fn add(
        &mut self,
        severity: Severity,
        location: &Location,
        problem: impl Into<String>,
        consequence: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.list.push(Finding {
            code: self.code,
            severity,
            location: location.clone(),
            problem: problem.into(),
            consequence: consequence.into(),
            fix: suggested_fix::in_language_of(&location.source, fix.into()),
            steps: Vec::new(),
        });
    }

    /// Adds a further location to the last finding.
    pub(crate) fn step(&mut self, location: &Location, text: impl Into<String>) {
        if let Some(finding) = self.list.last_mut() {
            finding.steps.push(Step {
                location: location.clone(),
                text: text.into(),
            });
        }
    }
}

/// A consequence for the users of a pool: "in the pool: every call fails with …; nobody can sign up".
pub(crate) fn in_the_pool(hook: &Hook, what: &str) -> String {
    format!("in the pool: {what}; {}", routes::when_failing(hook.key))
}
