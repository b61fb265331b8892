//! The value of `--lambda-config`, an option of the AWS CLI.

use cognito_triggers_model::{
    Route,
    arn::{Arn, FunctionArn},
    lambda_config::{FieldMut, LambdaConfig, LambdaVersion, VersionedFunction},
};

use super::{error::WireError, hooks::Hooks, refusal};
use crate::binary::Binary;

/// The ARNs that a `LambdaConfig` is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arns {
    /// The function that runs the binary, or an alias of it.
    pub function: Option<String>,
    /// The key for codes. It is needed if the binary routes a custom sender.
    pub kms_key: Option<String>,
}

/// The `LambdaConfig` for exactly the routes that a binary has. As JSON it is what `--lambda-config` takes.
///
/// Take care with `aws cognito-idp update-user-pool --lambda-config` alone: it resets every other setting of the pool.
/// [`update_user_pool`](super::update_user_pool()) writes an input that doesn't.
///
/// ```
/// use cognito_triggers_wiring::{Binary, wire::{self, Arns}};
///
/// let function = "arn:aws:lambda:eu-west-1:111122223333:function:sign-up".to_owned();
/// let arns = Arns { function: Some(function.clone()), kms_key: None };
/// let config = wire::lambda_config(&Binary::new("sign-up", ["pre_sign_up"]), &arns)?;
/// assert_eq!(config.pre_sign_up, Some(function));
/// # Ok::<(), wire::WireError>(())
/// ```
///
/// # Errors
/// Fails if the ARN of the function is missing, or that of the key although the binary routes a custom sender.
pub fn lambda_config(binary: &Binary, arns: &Arns) -> Result<LambdaConfig, WireError> {
    let mut config = LambdaConfig::default();
    set(&mut config, binary, arns)?;
    let text = serde_json::to_string(&config).unwrap_or_default();
    refusal::check(text, binary, arns.function.as_deref(), &[])?;
    Ok(config)
}

/// Sets the hooks of the routes, and leaves everything else as it is.
pub(super) fn set(config: &mut LambdaConfig, binary: &Binary, arns: &Arns) -> Result<(), WireError> {
    let hooks = Hooks::of(binary)?;
    let function = arns.function.as_deref().ok_or(WireError::NoFunction)?;
    if FunctionArn::parse(function).is_none() {
        return Err(not_an_arn("function", function));
    }
    for route in &hooks.0 {
        set_hook(config, *route, function);
    }
    if let Some(key) = &arns.kms_key {
        let is_key = |arn: Arn<'_>| arn.service == "kms" && arn.resource.starts_with("key/");
        if !Arn::parse(key).is_some_and(is_key) {
            return Err(not_an_arn("key", key));
        }
        config.kms_key_id = Some(key.clone());
    }
    if config.kms_key_id.is_none() && hooks.need_key() {
        return Err(WireError::NoKey);
    }
    Ok(())
}

/// The error for a value that should be an ARN.
fn not_an_arn(of: &'static str, given: &str) -> WireError {
    let given = given.to_owned();
    WireError::NotAnArn { of, given }
}

/// Sets the hook of a route. Token generation gets both keys, because older tools read the plain key only.
fn set_hook(config: &mut LambdaConfig, route: Route, function: &str) {
    if let FieldMut::Arn(arn) = config.field_mut(route.key()) {
        *arn = Some(function.to_owned());
    }
    if let Some(version) = route.definition().lambda_version
        && let FieldMut::Versioned(versioned) = config.field_mut(route.config_key())
    {
        *versioned = Some(VersionedFunction {
            lambda_version: LambdaVersion::from(version),
            lambda_arn: function.to_owned(),
        });
    }
}
