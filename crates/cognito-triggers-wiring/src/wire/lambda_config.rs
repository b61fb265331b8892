//! `--lambda-config`.

use super::{Arns, WireError, arn, hooks};
use crate::{
    LambdaConfig, LambdaVersion, VersionedFunction,
    lambda_config::{Shape, shape},
    program::Program,
    routes::is_custom_sender,
};

/// The `LambdaConfig` for exactly the routes that a binary has. As JSON it is what `--lambda-config` takes.
///
/// Take care with `aws cognito-idp update-user-pool --lambda-config` alone: it resets every other setting of the
/// pool. [`update_user_pool`](super::update_user_pool()) writes an input that doesn't.
///
/// # Errors
/// Without the ARN of the function, or without that of the key where the binary routes a custom sender.
pub fn lambda_config(program: &Program, arns: &Arns) -> Result<LambdaConfig, WireError> {
    let mut config = LambdaConfig::default();
    set(&mut config, program, arns)?;
    Ok(config)
}

/// Sets the hooks of the routes, and leaves all else as it is.
pub(super) fn set(config: &mut LambdaConfig, program: &Program, arns: &Arns) -> Result<(), WireError> {
    let hooks = hooks(&program.routes)?;
    let function = arn(
        "function",
        ":lambda:",
        arns.function.as_deref().ok_or(WireError::NoFunction)?,
    )?;
    for (hook, version) in &hooks {
        set_hook(config, hook, *version, function);
    }
    if let Some(key) = &arns.kms_key {
        config.kms_key_id = Some(arn("key", ":key/", key)?.to_owned());
    }
    if config.kms_key_id.is_none() && hooks.iter().any(|(hook, _)| is_custom_sender(hook)) {
        return Err(WireError::NoKey);
    }
    Ok(())
}

fn set_hook(config: &mut LambdaConfig, hook: &str, version: Option<&str>, function: &str) {
    if let Some(plain) = config.plain_mut(hook) {
        *plain = Some(function.to_owned());
    }
    let key = if hook == "PreTokenGeneration" {
        "PreTokenGenerationConfig"
    } else {
        hook
    };
    let (Some(Shape::Versioned { .. }), Some(version)) = (shape(key), version) else {
        return;
    };
    if let Some(versioned) = config.versioned_mut(key) {
        *versioned = Some(VersionedFunction {
            lambda_version: LambdaVersion::from(version),
            lambda_arn: function.to_owned(),
        });
    }
}
