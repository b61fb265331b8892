//! A reference to a resource that the template doesn't have, where a hook, a key, a permission or an app client names it.
//!
//! ```yaml
//! LambdaConfig:
//!   PreSignUp: !GetAtt Functoin.Arn    # wrong: the resource is called Function
//! ```
//!
//! Names that SAM, a macro or a loop may create are not reported.
//!
//! Source: CloudFormation refuses such a template when it is validated.

use std::collections::HashSet;

use super::context::{Context, Findings, Rule};
use crate::{facts::Setting, source::Location, spelling::is_near, template_string::TemplateString};

pub(super) static RULE: Rule = Rule {
    code: "dangling-reference",
    summary: "a reference to a resource that the template doesn't have",
    check,
};

/// Reports an error for each name, once for each place.
fn check(cx: &Context<'_>, findings: &mut Findings) {
    let mut references: Vec<(&Location, &TemplateString)> = Vec::new();
    for pool in &cx.facts.pools {
        references.extend(
            pool.hooks
                .iter()
                .map(|hook| (&hook.location, &hook.function.written)),
        );
        references.extend(known(&pool.kms_key));
    }
    for permission in &cx.facts.permissions {
        references.push((&permission.location, &permission.function.written));
        references.extend(known(&permission.source_arn));
        references.extend(known(&permission.source_account));
    }
    references.extend(
        cx.facts
            .clients
            .iter()
            .map(|client| (&client.location, &client.pool)),
    );
    let mut reported = HashSet::new();
    for (location, text) in references {
        let Some(name) = text.missing() else { continue };
        if !reported.insert((location.line, location.column, name)) {
            continue;
        }
        findings.error(
            location,
            format!("there is no `{name}` in this template"),
            "the deployment is refused: CloudFormation knows neither a resource nor a parameter of this name",
            match near(cx, name) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name a resource of this template, or add a parameter for it".to_owned(),
            },
        );
    }
}

/// The string of a setting and where it is written.
fn known(setting: &Setting<TemplateString>) -> Option<(&Location, &TemplateString)> {
    setting.is().map(|spanned| (&spanned.location, &spanned.value))
}

/// A resource that was read and has almost the same name.
fn near<'a>(cx: &Context<'a>, name: &str) -> Option<&'a str> {
    let functions = cx
        .facts
        .functions
        .iter()
        .map(|function| function.id.name.as_str());
    let pools = cx.facts.pools.iter().map(|pool| pool.id.name.as_str());
    functions.chain(pools).find(|known| is_near(known, name))
}
