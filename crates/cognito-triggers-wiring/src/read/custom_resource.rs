//! Custom resources that set the hooks of a pool by an API call.
//!
//! | who writes them | how they are known |
//! |---|---|
//! | Serverless, `existing: true` | `UserPoolConfigs` |
//! | the CDK's `AwsCustomResource`, under any type | a call of `updateUserPool` or `UpdateUserPoolCommand` |
//! | Amplify's trigger stacks | `lambdaConfig` |
//! | everybody else | `LambdaConfig`, or one of the calls |
//!
//! Sources: serverless/serverless#7510, aws/aws-cdk#10002, aws-amplify/amplify-cli (template of the auth triggers).

use cognito_triggers_model::{
    json::Json,
    lambda_config::{Key, Shape},
};

use super::template::{Resource, Template};
use crate::facts::{CustomResource, Facts};

/// Reads a custom resource, if it sets hooks.
pub(super) fn read<'a>(template: &Template<'a>, resource: Resource<'a>, facts: &mut Facts) {
    let is_custom =
        resource.kind.starts_with("Custom::") || resource.kind == "AWS::CloudFormation::CustomResource";
    let Some(properties) = resource.properties().filter(|_| is_custom) else {
        return;
    };
    let mut words = Words::default();
    words.collect(properties);
    let is_api_call = words.call("updateuserpool");
    let sets_hooks = is_api_call || words.has("lambdaconfig") || words.has("userpoolconfigs");
    if !sets_hooks {
        return;
    }
    let keys = Key::ALL.iter().copied();
    let hooks = keys.filter(|key| key.shape() != Shape::Key && words.has(key.as_str()));
    facts.custom_resources.push(CustomResource {
        id: template.id(resource.id),
        kind: resource.kind.to_owned(),
        location: template.location_of(resource),
        hooks: hooks.collect(),
        is_api_call,
    });
}

/// Every word among the keys and strings of a value, in lower case. An API call is often a string of JSON, in pieces.
#[derive(Default)]
struct Words(Vec<String>);

impl Words {
    /// Adds the words of a value and of everything below it.
    fn collect(&mut self, json: &Json) {
        for text in json
            .as_str()
            .into_iter()
            .chain(json.members().iter().map(|it| it.key.as_str()))
        {
            let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
            self.0.extend(words.map(str::to_ascii_lowercase));
        }
        json.items().iter().for_each(|item| self.collect(item));
        json.members()
            .iter()
            .for_each(|member| self.collect(&member.value));
    }

    /// Whether a word occurs, in whatever case.
    fn has(&self, word: &str) -> bool {
        self.0.iter().any(|own| own.eq_ignore_ascii_case(word))
    }

    /// Whether an action of either SDK is named: `updateUserPool`, `UpdateUserPoolCommand`.
    fn call(&self, action: &str) -> bool {
        self.0
            .iter()
            .any(|own| matches!(own.strip_prefix(action), Some("" | "command")))
    }
}
