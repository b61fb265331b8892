//! A name that the template doesn't have: of a resource or parameter, a condition, a mapping.
//!
//! ```yaml
//! LambdaConfig:
//!   PreSignUp: !GetAtt Functoin.Arn    # wrong: the resource is called Function
//! ```
//!
//! Every `Ref`, `Fn::GetAtt`, `Fn::Sub`, `DependsOn`, `Fn::If`, `Condition` and `Fn::FindInMap` of the template counts, because
//! CloudFormation refuses the whole template for one wrong name. Names that SAM creates aren't reported. In a template with
//! macros or loops, no name is.
//!
//! Source: CloudFormation refuses such a template when it is validated.

use super::context::{Context, Findings, Rule};
use crate::facts::{MissingName, NameKind};

pub(super) static RULE: Rule = Rule {
    code: "dangling-reference",
    summary: "a name of a resource, parameter, condition or mapping that the template doesn't have",
    causes: &["A typo in a name, or something that was renamed or removed."],
    consequence: "The deployment is refused: CloudFormation finds nothing of this name.",
    fix: "Use a name that the template has, or add a parameter for it.",
    link: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-ref.html",
    check,
};

/// Reports an error for each name, once at each location.
fn check(context: &Context<'_>, findings: &mut Findings) {
    for missing in &context.facts.missing_names {
        let MissingName { kind, name, near } = &missing.value;
        let (what, known, otherwise) = words(*kind);
        findings.error(
            &missing.location,
            format!("there is no {what}`{name}` in this template"),
            format!("the deployment is refused: CloudFormation finds {known} of this name"),
            match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => otherwise.to_owned(),
            },
        );
    }
}

/// What is missing, what CloudFormation doesn't know, and what to do.
fn words(kind: NameKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        NameKind::Value => (
            "",
            "neither a resource nor a parameter",
            "name a resource of this template, or add a parameter for it",
        ),
        NameKind::Resource => ("resource ", "no resource", "name a resource of this template"),
        NameKind::Condition => ("condition ", "no condition", "name one of `Conditions`"),
        NameKind::Mapping => ("mapping ", "no mapping", "name one of `Mappings`"),
    }
}
