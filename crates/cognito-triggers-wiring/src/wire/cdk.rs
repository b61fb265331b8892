//! A stack of the AWS CDK for a binary, in TypeScript.
//!
//! | construct | if |
//! |---|---|
//! | `UserPool`, with `LambdaConfig` as a property override | always |
//! | `Function` and its permission | always |
//! | `Key`, the permission to decrypt, a parameter and an output | the binary routes a custom sender |
//!
//! The script `tests/wiring/formats.py` compiles and synthesizes it, and checks the template.

use super::{
    error::WireError,
    hooks::{Hooks, KEY, pascal_case},
};
use crate::binary::Binary;

/// A stack with a pool, a function and what connects them, for exactly the routes that a binary has.
///
/// It needs `aws-cdk-lib` 2, and a binary that is built with `cargo lambda build --release`. The hooks are set as
/// CloudFormation has them, because `addTrigger` writes no source account and doesn't know every trigger.
///
/// ```
/// use cognito_triggers_wiring::{Binary, wire};
///
/// let stack = wire::cdk(&Binary::new("sign-up", ["pre_sign_up"]))?;
/// assert!(stack.contains("PreSignUp: triggers.functionArn,"));
/// # Ok::<(), wire::WireError>(())
/// ```
///
/// # Errors
/// Fails if the binary has no routes, or one that isn't known.
pub fn cdk(binary: &Binary) -> Result<String, WireError> {
    let hooks = Hooks::of(binary)?;
    let id = pascal_case(&binary.name);
    let mut config = String::new();
    for key in hooks.keys() {
        match key {
            (key, None) => config.push_str(&format!("      {key}: triggers.functionArn,\n")),
            (key, Some(version)) => config.push_str(&format!(
                "      {key}: {{ LambdaVersion: '{version}', LambdaArn: triggers.functionArn }},\n"
            )),
        }
    }
    if hooks.need_key() {
        config.push_str(&format!("      {KEY}: codeKey.keyArn,\n"));
    }
    let only = |wanted: bool, text: &'static str| if wanted { text } else { "" };
    let codes = hooks.need_key();
    let tier = "    pool.addPropertyOverride('UserPoolTier', 'ESSENTIALS');\n";
    let text = include_str!("cdk/stack.ts")
        .replace(
            "// {imports}\n",
            only(codes, "import * as kms from 'aws-cdk-lib/aws-kms';\n"),
        )
        .replace("    // {key}\n", only(codes, include_str!("cdk/key.ts")))
        .replace(
            "      // {environment}\n",
            only(codes, include_str!("cdk/environment.ts")),
        )
        .replace("    // {decrypt}\n", only(codes, include_str!("cdk/decrypt.ts")))
        .replace("    // {tier}\n", only(hooks.need_essentials(), tier))
        .replace("      // {config}\n", &config);
    let text = match codes {
        true => text,
        false => text.replace("CfnParameter, ", ""),
    };
    Ok(text
        .replace("{binary}", &binary.name)
        .replace("{timeout}", &hooks.timeout().to_string())
        .replace("{id}", &id))
}
