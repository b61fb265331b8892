//! `AWS::Cognito::UserPool`: its plan, its hooks and its key.
//!
//! ```yaml
//! UserPool:
//!   Type: AWS::Cognito::UserPool
//!   Properties:
//!     UserPoolTier: ESSENTIALS
//!     LambdaConfig:
//!       PreSignUp: !GetAtt Triggers.Arn
//!       KMSKeyID: !GetAtt CodeKey.Arn
//! ```

use cognito_triggers_model::json::Json;

use super::{
    intrinsics::{is_intrinsic, only_if, resolve},
    lambda_config::{self, Reader},
    template::{Resource, Template},
    types,
};
use crate::{
    facts::{Callee, Facts, FunctionRef, Hook, Pool, Setting, ShapeFault},
    source::Source,
    template_string::{Part, TemplateString},
};

/// Reads a pool with its hooks.
pub(super) fn read<'a>(template: &Template<'a>, resource: Resource<'a>, facts: &mut Facts) {
    let mut pool = Pool {
        id: template.id(resource.id),
        arn: None,
        location: template.location_of(resource),
        from_template: true,
        exists: false,
        only_if: resource.only_if(),
        hooks: Vec::new(),
        kms_key: Setting::Absent,
        kms_key_only_if: Vec::new(),
        kms_key_kind: None,
        plan: template
            .setting(resource, "UserPoolTier")
            .parsed(|plan| Some(plan.to_owned())),
        may_have_advanced_security: resource.property("UserPoolAddOns").is_some_and(may_be_on),
        unknown_keys: Vec::new(),
        misplaced_keys: Vec::new(),
    };
    if let Some(properties) = resource.properties() {
        let path = format!("{}.Properties.", pool.location.path);
        pool.misplaced_keys = lambda_config::misplaced(template, properties, &path);
    }
    if let Some(member) = template.property(resource, "LambdaConfig") {
        let location = template.location(resource, member, "Properties.LambdaConfig");
        let path = location.path.clone();
        if let Some(config) = types::object(template.source, member, &path, facts) {
            pool.location = location;
            pool.only_if.extend(only_if(&member.value));
            lambda_config::read(template, config, &path, &mut pool, facts);
        }
    }
    if let Setting::Is(key) = &pool.kms_key
        && let [Part::Resource(id, _)] = key.value.0.as_slice()
    {
        pool.kms_key_kind = template
            .resource(&id.name)
            .map(|resource| resource.kind.to_owned());
    }
    pool.hooks.iter_mut().for_each(|hook| note_name(template, hook));
    facts.pools.push(pool);
}

/// Whether the settings in `UserPoolAddOns` turn advanced security on, or may do so at deployment.
pub(super) fn may_be_on(add_ons: &Json) -> bool {
    let Some(add_ons) = resolve(add_ons) else {
        return false;
    };
    let mode = add_ons.get("AdvancedSecurityMode").and_then(resolve);
    match mode.map(|mode| (mode, mode.as_scalar())) {
        Some((_, Some(mode))) => matches!(mode, "AUDIT" | "ENFORCED"),
        Some((mode, None)) => is_intrinsic(mode),
        None => is_intrinsic(add_ons),
    }
}

/// `!Ref Function` gives the name of a function, and `LambdaConfig` takes its ARN.
fn note_name(template: &Template<'_>, hook: &mut Hook) {
    let [Part::Resource(id, None)] = hook.function.written.0.as_slice() else {
        return;
    };
    let is_function = template
        .resource(&id.name)
        .is_some_and(|resource| resource.kind.ends_with("::Function"));
    if is_function && matches!(hook.function.callee, Callee::InTemplate(_)) && hook.fault.is_none() {
        hook.fault = Some(ShapeFault::NameForArn);
    }
}

impl Reader for Template<'_> {
    /// The template.
    fn source(&self) -> &Source {
        self.source
    }

    /// The string with its intrinsic functions in parts.
    fn read_string(&self, json: &Json) -> TemplateString {
        self.string(json)
    }

    /// A function of the template is known by its logical id, whatever spelling names it.
    fn read_function(&self, written: TemplateString) -> FunctionRef {
        self.callee(written)
    }
}
