//! The JSON that AWS's own commands print and take.

use super::{
    callee,
    lambda_config::{self, Reader},
};
use crate::{
    model::{Client, Facts, Function, FunctionRef, Id, Pool, Setting, Spot, Text},
    node::Node,
    source::Source,
};

/// Reads a description; false when the source is none that is known.
pub(super) fn read(source: &Source, index: usize, root: &Node, facts: &mut Facts) -> bool {
    let reader = Description { source, index };
    if let Some(pool) = root.get("UserPool") {
        facts.pools.push(reader.pool(pool, "UserPool."));
    } else if let Some(client) = root.get("UserPoolClient") {
        facts.clients.push(reader.client(client, "UserPoolClient."));
    } else if let Some(function) = root
        .get("Configuration")
        .filter(|it| it.get("FunctionArn").is_some())
    {
        facts.functions.push(reader.function(function, "Configuration."));
    } else if root.get("FunctionArn").is_some() {
        facts.functions.push(reader.function(root, ""));
    } else if root.get("ClientId").is_some() || root.get("ExplicitAuthFlows").is_some() {
        facts.clients.push(reader.client(root, ""));
    } else if ["LambdaConfig", "PoolName", "UserPoolId"]
        .iter()
        .any(|key| root.get(key).is_some())
    {
        facts.pools.push(reader.pool(root, ""));
    } else {
        return false;
    }
    true
}

struct Description<'a> {
    source: &'a Source,
    index: usize,
}

impl Description<'_> {
    fn pool(&self, node: &Node, path: &str) -> Pool {
        let name = ["Id", "UserPoolId", "Name", "PoolName"]
            .iter()
            .find_map(|key| node.get(key)?.text());
        let mut pool = Pool {
            id: self.id(name.unwrap_or("the pool")),
            arn: node.get("Arn").and_then(Node::text).map(str::to_owned),
            place: self.source.place(node.at, path.trim_end_matches('.')),
            from_template: false,
            hooks: Vec::new(),
            kms_key: Setting::Absent,
            plan: self.setting(node, "UserPoolTier", path, |plan| Some(plan.to_owned())),
            unknown: Vec::new(),
        };
        if let Some(config) = node.entry("LambdaConfig") {
            let path = format!("{path}LambdaConfig");
            pool.place = self.source.place(config.at, path.clone());
            lambda_config::read(self, &config.value, &path, &mut pool);
        }
        pool
    }

    fn client(&self, node: &Node, path: &str) -> Client {
        let flows = node.entry("ExplicitAuthFlows").map_or(Setting::Absent, |entry| {
            let value = entry
                .value
                .items()
                .iter()
                .filter_map(Node::text)
                .map(str::to_owned)
                .collect();
            Setting::Is(Spot {
                value,
                place: self.source.place(entry.at, format!("{path}ExplicitAuthFlows")),
            })
        });
        Client {
            pool: Text::literal(node.get("UserPoolId").and_then(Node::text).unwrap_or("")),
            source: self.index,
            place: self.source.place(node.at, path.trim_end_matches('.')),
            flows,
            open_ended: false,
        }
    }

    fn function(&self, node: &Node, path: &str) -> Function {
        let text = |key| node.get(key).and_then(Node::text).map(str::to_owned);
        // With a qualifier the ARN has it too; the settings are those of the function all the same.
        let arn = text("FunctionArn").map(|arn| match callee::from_arn(&arn).callee {
            crate::model::Callee::Arn(plain) => plain.to_string(),
            _ => arn,
        });
        let name = text("FunctionName").unwrap_or_default();
        Function {
            id: self.id(&name),
            arn,
            place: self.source.place(node.at, path.trim_end_matches('.')),
            role: None,
            binary: None,
            names: vec![name],
            runtime: self.setting(node, "Runtime", path, |runtime| Some(runtime.to_owned())),
            timeout: self.setting(node, "Timeout", path, |seconds| seconds.parse().ok()),
            image: text("PackageType").as_deref() == Some("Image"),
            grants: Vec::new(),
            unseen_rights: vec![format!("its role, {},", text("Role").unwrap_or_default())],
        }
    }

    fn setting<T>(
        &self,
        node: &Node,
        key: &str,
        path: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Setting<T> {
        let found = node
            .entry(key)
            .and_then(|entry| Some((entry, parse(entry.value.text()?)?)));
        found.map_or(Setting::Absent, |(entry, value)| {
            Setting::Is(Spot {
                value,
                place: self.source.place(entry.at, format!("{path}{key}")),
            })
        })
    }

    fn id(&self, name: &str) -> Id {
        Id {
            source: self.index,
            name: name.to_owned(),
        }
    }
}

impl Reader for Description<'_> {
    fn source(&self) -> &Source {
        self.source
    }

    fn read_text(&self, node: &Node) -> Text {
        node.text().map(Text::literal).unwrap_or_default()
    }

    fn read_function(&self, written: Text) -> FunctionRef {
        callee::from_arn(written.as_literal().unwrap_or(""))
    }
}
