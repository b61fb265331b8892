//! A Terraform configuration for a binary.

use super::{
    error::WireError,
    hooks::{Hooks, KEY, pascal_case},
};
use crate::{
    binary::Binary,
    hcl::{attribute_name, string},
};

/// A Terraform configuration with a pool, a function and what connects them, for exactly the routes that a binary has.
///
/// It needs the AWS provider, and a binary that is built with `cargo lambda build --release --output-format zip`.
///
/// ```
/// use cognito_triggers_wiring::{Binary, wire};
///
/// let configuration = wire::terraform(&Binary::new("sign-up", ["pre_sign_up"]))?;
/// assert!(configuration.contains("pre_sign_up = aws_lambda_function.sign_up.arn"));
/// # Ok::<(), wire::WireError>(())
/// ```
///
/// # Errors
/// If the binary has no routes, or one that isn't known.
pub fn terraform(binary: &Binary) -> Result<String, WireError> {
    let hooks = Hooks::of(binary)?;
    let id = attribute_name(&pascal_case(&binary.name));
    let environment = match hooks.need_key() {
        true => include_str!("terraform/environment.tf"),
        false => "",
    };
    let mut text = include_str!("terraform/function.tf")
        .replace("{environment}", environment)
        .replace("{name}", &string(&binary.name))
        .replace(
            "{zip}",
            &string(&format!("target/lambda/{}/bootstrap.zip", binary.name)),
        )
        .replace("{timeout}", &hooks.timeout().to_string());
    if hooks.need_key() {
        text.push_str(include_str!("terraform/codes.tf"));
    }
    text.push_str(&pool(&binary.name, &hooks));
    Ok(text.replace("{id}", &id))
}

fn pool(name: &str, hooks: &Hooks) -> String {
    let mut text = format!(
        "\nresource \"aws_cognito_user_pool\" \"users\" {{\n  name = {}\n",
        string(name)
    );
    if hooks.need_essentials() {
        text.push_str("  user_pool_tier = \"ESSENTIALS\"\n");
    }
    text.push_str("\n  lambda_config {\n");
    for (key, version) in hooks.keys() {
        let key = attribute_name(key);
        match version {
            None => text.push_str(&format!("    {key} = aws_lambda_function.{{id}}.arn\n")),
            Some(version) => text.push_str(&format!(
                "    {key} {{\n      lambda_version = \"{version}\"\n      lambda_arn     = aws_lambda_function.{{id}}.arn\n    }}\n"
            )),
        }
    }
    if hooks.need_key() {
        text.push_str(&format!("    {} = aws_kms_key.codes.arn\n", attribute_name(KEY)));
    }
    text.push_str("  }\n}\n");
    text
}
