//! The table of rules.
//!
//! A rule is one file here, one line in [`RULES`], one line in the README, and a faulty input in `tests/faults/`; tests compare
//! the four. Its file says at the top what is wrong and what is right, with an example, and where the fact comes from.
//!
//! The order in the table is the order in which findings about one location are listed: first what a route or hook does, then
//! keys, permissions and settings, and last what couldn't be checked.

mod context;
mod custom_resource;
mod cycle;
mod dangling_reference;
mod decrypt_missing;
mod event_cannot_express;
mod flow_never_fires;
mod function_not_found;
mod hook_at_deployment;
mod hook_not_routed;
mod hook_shape;
mod key_not_arn;
mod no_pool;
mod not_visible;
mod permission_missing;
mod permission_open;
mod permission_qualifier;
mod permission_without_hook;
mod permissions;
mod plan_too_low;
mod repeated_key;
mod route_not_wired;
mod runtime;
mod sender_without_key;
mod timeout;
mod token_arns_differ;
mod trigger_twice;
mod unknown_key;
mod unknown_version;
mod version_mismatch;
mod wrong_type;

use context::{Context, Findings};

pub use context::Rule;

use crate::{binary::Binary, bindings::Bindings, facts::Facts, report::Finding};

/// Every rule, in the order in which findings about one location are listed.
pub static RULES: &[&Rule] = &[
    &no_pool::RULE,
    &hook_not_routed::RULE,
    &route_not_wired::RULE,
    &version_mismatch::RULE,
    &unknown_version::RULE,
    &token_arns_differ::RULE,
    &hook_shape::RULE,
    &wrong_type::RULE,
    &repeated_key::RULE,
    &trigger_twice::RULE,
    &event_cannot_express::RULE,
    &unknown_key::RULE,
    &dangling_reference::RULE,
    &sender_without_key::RULE,
    &key_not_arn::RULE,
    &decrypt_missing::RULE,
    &permission_missing::RULE,
    &permission_open::RULE,
    &permission_qualifier::RULE,
    &permission_without_hook::RULE,
    &plan_too_low::RULE,
    &timeout::RULE,
    &runtime::RULE,
    &cycle::RULE,
    &flow_never_fires::RULE,
    &custom_resource::RULE,
    &hook_at_deployment::RULE,
    &function_not_found::RULE,
    &not_visible::RULE,
];

/// Runs every rule.
pub(crate) fn check(facts: &Facts, binaries: &[Binary]) -> Vec<Finding> {
    let context = Context {
        facts,
        binaries,
        bindings: Bindings::new(facts, binaries),
    };
    RULES
        .iter()
        .flat_map(|rule| Findings::of(rule, &context))
        .collect()
}
