//! CloudFormation and SAM templates: which resource is read by which module.
//!
//! `Resources` has to be an object, and so do each resource and its `Properties`. A wrong type on one of these levels is noted,
//! and the rest of the template is read.

use cognito_triggers_model::json::Json;

use super::{
    client, custom_resource, function, hidden,
    key_policy::{self, KEYS},
    missing_names, permission, pool, references,
    template::{CLIENT, POOL, READ, Template},
    types,
};
use crate::{
    facts::Facts,
    source::{ReadError, Source},
};

/// Reads a template, and returns false if the document isn't one. `path` leads from the document to the template.
///
/// # Errors
/// Fails if `Resources` isn't an object.
pub(super) fn read(
    source: &Source,
    index: usize,
    root: &Json,
    path: &'static str,
    facts: &mut Facts,
) -> Result<bool, ReadError> {
    let Some(resources) = root.member("Resources") else {
        return Ok(false);
    };
    if !resources.value.is_object() {
        let problem = format!(
            "`Resources` is {}, but has to be an object of resources",
            resources.value.kind()
        );
        return Err(ReadError::at(source, resources.location, problem));
    }
    let template = Template::new(source, index, root, path, &resources.value);
    hidden::read(&template, facts);
    for resource in &template.resources {
        let location = template.location_of(*resource);
        if resource.id.starts_with("Fn::") {
            continue; // `hidden` has noted it
        }
        if types::object(source, resource.member, &location.path, facts).is_none() {
            continue;
        }
        if READ.contains(&resource.kind)
            && let Some(properties) = resource.member.value.member("Properties")
        {
            let path = format!("{}.Properties", location.path);
            types::object(source, properties, &path, facts);
        }
        match resource.kind {
            POOL => pool::read(&template, *resource, facts),
            CLIENT => client::read(&template, *resource, facts),
            "AWS::Lambda::Permission" => permission::read(&template, *resource, facts),
            "AWS::Serverless::Function" | "AWS::Lambda::Function" => {
                function::read(&template, *resource, facts)
            }
            kind if KEYS.contains(&kind) => key_policy::read(&template, *resource, facts),
            _ => custom_resource::read(&template, *resource, facts),
        }
    }
    // SAM writes hooks into pools, so the pools are read before.
    for resource in template.of_kind("AWS::Serverless::Function") {
        permission::read_events(&template, resource, facts);
    }
    references::read(&template, facts);
    missing_names::read(&template, facts);
    Ok(true)
}
