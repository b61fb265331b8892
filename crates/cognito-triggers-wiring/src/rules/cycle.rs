//! A circle of references. The pool needs the function, so nothing that the function needs may name the pool.
//!
//! ```yaml
//! UserPool:
//!   Properties:
//!     LambdaConfig: {PreSignUp: !GetAtt Triggers.Arn}
//! Triggers:
//!   Properties:
//!     Environment: {Variables: {USER_POOL_ID: !Ref UserPool}}   # wrong: take the id from the event
//! ```
//!
//! What SAM creates counts too: a function's `Policies` are those of the role that it needs. An `AWS::IAM::RolePolicy` and an
//! `AWS::Lambda::Permission` may name both.
//!
//! Source: cfn-lint E3004, which finds the circle in the translated template only.

use std::collections::{HashMap, VecDeque};

use super::context::{Context, Findings, Rule};
use crate::{facts::Reference, template_string::Id};

pub(super) static RULE: Rule = Rule {
    code: "cycle",
    summary: "a pool that depends on itself, through a function, role or key",
    causes: &["The pool needs the function, and the function's environment, role or key names the pool."],
    consequence: "The deployment is refused: `Circular dependency between resources`.",
    fix: "Take the pool's id from the event, `event.user_pool_id`. Put a permission for the pool into an `AWS::IAM::RolePolicy` of its own, which may name both.",
    link: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html",
    check,
};

/// Reports an error for each pool that needs itself, at the last reference of the shortest circle. The other references
/// are further locations of the finding.
fn check(context: &Context<'_>, findings: &mut Findings) {
    let mut from: HashMap<&Id, Vec<&Reference>> = HashMap::new();
    for reference in &context.facts.references {
        from.entry(&reference.from).or_default().push(reference);
    }
    for pool in context.facts.pools.iter().filter(|pool| pool.from_template) {
        let path = shortest(&from, &pool.id);
        let Some(last) = path.last() else { continue };
        let names: Vec<_> = path
            .iter()
            .map(|reference| reference.from.name.as_str())
            .chain([pool.id.name.as_str()])
            .collect();
        findings.error(
            &last.location,
            format!("`{}` needs itself: {}", pool.id.name, names.join(" → ")),
            "the deployment is refused: CloudFormation can create none of them first",
            "remove the pool from this value: the event has the pool's id (`event.user_pool_id`), and a permission for the \
             pool goes into an `AWS::IAM::RolePolicy` of its own, which may name both",
        );
        for reference in path.iter().take(path.len() - 1) {
            findings.step(
                &reference.location,
                format!("`{}` needs `{}`", reference.from.name, reference.to.name),
            );
        }
    }
}

/// The shortest path of references from a resource back to itself; empty if there is none.
fn shortest<'a>(from: &HashMap<&'a Id, Vec<&'a Reference>>, start: &'a Id) -> Vec<&'a Reference> {
    // The reference by which each resource was reached first.
    let mut reached_by: HashMap<&Id, &Reference> = HashMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(here) = queue.pop_front() {
        for reference in from.get(here).into_iter().flatten() {
            if reference.to == *start {
                let mut path = vec![*reference];
                while let Some(reference) = path
                    .last()
                    .filter(|it| it.from != *start)
                    .and_then(|it| reached_by.get(&it.from))
                {
                    path.push(reference);
                }
                path.reverse();
                return path;
            }
            if !reached_by.contains_key(&reference.to) {
                reached_by.insert(&reference.to, reference);
                queue.push_back(&reference.to);
            }
        }
    }
    Vec::new()
}
