//! Reading: from sources to facts.

mod callee;
mod client;
mod description;
mod function;
mod lambda_config;
mod permission;
mod pool;
mod references;
mod resource_policy;
mod rights;
mod template;
mod text;

use crate::{
    model::Facts,
    node::Node,
    source::{ReadError, Source},
};

/// What a source can be, for the message about one that is nothing of it.
const KINDS: &str = "expected a CloudFormation or SAM template, or the JSON of describe-user-pool, create-user-pool, \
                     update-user-pool, describe-user-pool-client, get-function-configuration or get-policy";

/// Reads all sources into one set of facts.
pub(crate) fn read(sources: &[Source]) -> Result<Facts, ReadError> {
    let mut facts = Facts::default();
    for (index, source) in sources.iter().enumerate() {
        let root = Node::read(source)?;
        let known = template::read(source, index, &root, &mut facts)?
            || resource_policy::read(source, &root, &mut facts)?
            || description::read(source, index, &root, &mut facts);
        if !known {
            return Err(ReadError::new(source, Some(root.at), KINDS));
        }
    }
    Ok(facts)
}
