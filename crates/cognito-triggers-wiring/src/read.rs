//! Reading: from sources to facts.
//!
//! | module | reads |
//! |---|---|
//! | `cloudformation` | templates, and hands each resource to its module |
//! | `pool`, `client`, `function`, `permission`, `custom_resource` | one kind of resource each |
//! | `lambda_config` | `LambdaConfig`, of templates and descriptions alike |
//! | `role_policies`, `role`, `key_policy`, `statements` | what a role may do, which policies name it, and what a key allows |
//! | `references` | which resource needs which |
//! | `foreign` | files that can't be read, and what to read instead |
//! | `hidden` | what of a template can't be read: macros, loops, nested stacks |
//! | `missing_names` | names that a template uses and doesn't have |
//! | `description`, `resource_policy` | what the AWS CLI prints |
//! | `serverless_state` | the template in the state that Serverless writes |
//! | `terraform` | what `terraform show -json` prints |
//! | `template`, `strings`, `callee`, `intrinsics`, `types` | what the others share |
//!
//! Nothing is guessed: a value that can't be read becomes unresolved, hidden or of a wrong type, and a rule reports it.

mod callee;
mod client;
mod cloudformation;
mod custom_resource;
mod description;
mod foreign;
mod function;
mod hidden;
mod intrinsics;
mod key_policy;
mod lambda_config;
mod missing_names;
mod permission;
mod pool;
mod pool_resource;
mod references;
mod repeated_keys;
mod resource_policy;
mod role;
mod role_policies;
mod serverless_state;
mod statements;
mod strings;
mod template;
mod terraform;
mod types;

use cognito_triggers_model::json::Json;

use self::template::Template;
use crate::{
    document,
    facts::Facts,
    pool_resource::{Deployment, PoolResource},
    source::{ReadError, Source},
};

/// Reads all sources into one set of facts.
///
/// A source that holds a template as a string is replaced by that string, so that locations point into it.
///
/// # Errors
/// Fails if a source is neither YAML nor JSON, or of no known kind.
pub(crate) fn read(sources: &mut [Source]) -> Result<Facts, ReadError> {
    let mut facts = Facts::default();
    for (index, source) in sources.iter_mut().enumerate() {
        if let Some(problem) = foreign::by_name(source) {
            return Err(ReadError::new(source, None, problem));
        }
        let mut root = document::read(source)?;
        if let Some(text) = root.get("TemplateBody").and_then(Json::as_str) {
            *source = Source::new(format!("TemplateBody of {}", source.label()), text);
            root = document::read(source)?;
        }
        facts.starts.push(source.location(root.location, "$"));
        repeated_keys::read(source, &root, &mut facts);
        let root = serverless_state::with_values(root);
        let (template, path) = template_in(&root);
        let is_known = cloudformation::read(source, index, template, path, &mut facts)?
            || resource_policy::read(source, &root, &mut facts)?
            || terraform::read(source, index, &root, &mut facts)
            || !foreign::is_fragment(&root) && description::read(source, index, &root, &mut facts);
        if !is_known {
            return Err(ReadError::at(source, root.location, foreign::problem(&root)));
        }
    }
    Ok(facts)
}

/// Reads the user pools of all templates among the sources, with the settings that the API would get.
///
/// # Errors
/// Fails if a source is neither YAML nor JSON. [`read`] has reported that before.
pub(crate) fn read_pool_resources(
    sources: &[Source],
    facts: &Facts,
    deployment: Deployment<'_>,
) -> Result<Vec<PoolResource>, ReadError> {
    let mut pools = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        let root = serverless_state::with_values(document::read(source)?);
        let (root, path) = template_in(&root);
        if let Some(resources) = root.get("Resources").filter(|resources| resources.is_object()) {
            let template = Template::new(source, index, root, path, resources);
            pools.extend(pool_resource::read(&template, facts, deployment));
        }
    }
    Ok(pools)
}

/// The template in the output of `get-template` or in Serverless's state, with its path; else the document itself.
fn template_in(root: &Json) -> (&Json, &'static str) {
    if let Some(body) = root.get("TemplateBody") {
        return (body, "TemplateBody.");
    }
    match root.get_path(serverless_state::TEMPLATE) {
        Some(template) => (template, "service.provider.compiledCloudFormationTemplate."),
        None => (root, ""),
    }
}
