//! `AWS::Cognito::UserPool`.

use super::{
    lambda_config::{self, Reader},
    template::{Resource, Template},
    text::{is_function, settled},
};
use crate::{
    model::{Callee, Facts, FunctionRef, Hook, Part, Pool, Setting, ShapeFault, Spot, Text},
    node::Node,
    source::Source,
};

pub(super) fn read<'a>(template: &Template<'a>, resource: Resource<'a>, facts: &mut Facts) {
    let mut pool = Pool {
        id: template.id(resource.id),
        arn: None,
        place: template
            .source
            .place(resource.entry.at, format!("Resources.{}", resource.id)),
        from_template: true,
        hooks: Vec::new(),
        kms_key: Setting::Absent,
        plan: template
            .setting(resource, "UserPoolTier")
            .parsed(|plan| Some(plan.to_owned())),
        unknown: Vec::new(),
    };
    if let Some(entry) = template.property(resource, "LambdaConfig") {
        let place = template.place(resource, entry, "Properties.LambdaConfig");
        match settled(&entry.value) {
            Some(config) if is_function(config) => {
                let how = template
                    .text(config)
                    .later()
                    .unwrap_or("a function of CloudFormation")
                    .to_owned();
                facts.unseen.push(Spot {
                    value: format!("`LambdaConfig`, chosen by {how},"),
                    place,
                });
            }
            Some(config) => {
                let path = place.path.clone();
                pool.place = place;
                lambda_config::read(template, config, &path, &mut pool);
            }
            None => {}
        }
    }
    pool.hooks.iter_mut().for_each(|hook| notice_name(template, hook));
    facts.pools.push(pool);
}

/// `!Ref Function` gives the function's name, and `LambdaConfig` takes its ARN.
fn notice_name(template: &Template<'_>, hook: &mut Hook) {
    let [Part::Of(id, None)] = hook.function.written.0.as_slice() else {
        return;
    };
    let is_function = template
        .resource(&id.name)
        .is_some_and(|resource| resource.kind.ends_with("::Function"));
    if is_function && matches!(hook.function.callee, Callee::Here(_)) && hook.fault.is_none() {
        hook.fault = Some(ShapeFault::NameForArn);
    }
}

impl Reader for Template<'_> {
    fn source(&self) -> &Source {
        self.source
    }

    fn read_text(&self, node: &Node) -> Text {
        self.text(node)
    }

    fn read_function(&self, written: Text) -> FunctionRef {
        self.callee(written)
    }
}
