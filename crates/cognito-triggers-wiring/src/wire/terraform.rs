//! A Terraform configuration for a binary.
//!
//! | block | if |
//! |---|---|
//! | `aws_cognito_user_pool.users` with `lambda_config` | always |
//! | `aws_lambda_function`, its role and `aws_lambda_permission` | always |
//! | `aws_kms_key.codes`, the permission to decrypt, a variable and an output | the binary routes a custom sender |
//!
//! The text is formatted as `terraform fmt` formats it. The script `tests/wiring/formats.py` parses it.

use cognito_triggers_model::Route;

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
/// It needs version 6 of the AWS provider or a newer one, and a binary that is built with `cargo lambda build --release --output-format zip`.
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
/// Fails if the binary has no routes, one that isn't known, or `inbound_federation`, which the provider can't set.
pub fn terraform(binary: &Binary) -> Result<String, WireError> {
    let hooks = Hooks::of(binary)?;
    if hooks.0.contains(&Route::InboundFederation) {
        return Err(WireError::NotInTerraform);
    }
    let id = attribute_name(&pascal_case(&binary.name));
    let environment = match hooks.need_key() {
        true => include_str!("terraform/environment.tf"),
        false => "",
    };
    let mut text = include_str!("terraform/function.tf")
        .replace("{environment}", environment)
        .replace("{name}", &string(&binary.name))
        .replace("{prefix}", &string(prefix(&binary.name)))
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

/// The name of the role, to which the provider appends 26 characters. A role's name has at most 64.
fn prefix(name: &str) -> &str {
    name.split_at_checked(38).map_or(name, |(prefix, _)| prefix)
}

/// The pool with its hooks. Attributes come before blocks, aligned as `terraform fmt` aligns them.
fn pool(name: &str, hooks: &Hooks) -> String {
    let mut settings = vec![("name".to_owned(), string(name))];
    if hooks.need_essentials() {
        settings.push(("user_pool_tier".to_owned(), string("ESSENTIALS")));
    }
    let function = "aws_lambda_function.{id}.arn".to_owned();
    let mut attributes = Vec::new();
    let mut blocks = String::new();
    for (key, version) in hooks.keys() {
        let name = attribute_name(key);
        match version {
            None => attributes.push((name, function.clone())),
            Some(version) => {
                let members = [
                    ("lambda_version".to_owned(), string(version)),
                    ("lambda_arn".to_owned(), function.clone()),
                ];
                let members = aligned("      ", &members);
                blocks.push_str(&format!("\n    {name} {{\n{members}    }}\n"));
            }
        }
    }
    if hooks.need_key() {
        attributes.push((attribute_name(KEY), "aws_kms_key.codes.arn".to_owned()));
    }
    let config = match attributes.as_slice() {
        [] => blocks.trim_start_matches('\n').to_owned(),
        attributes => aligned("    ", attributes) + &blocks,
    };
    let settings = aligned("  ", &settings);
    format!(
        "\nresource \"aws_cognito_user_pool\" \"users\" {{\n{settings}\n  lambda_config {{\n{config}  }}\n}}\n"
    )
}

/// Attributes on lines of their own, with their equals signs in one column.
fn aligned(indent: &str, attributes: &[(String, String)]) -> String {
    let width = attributes.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let lines = attributes
        .iter()
        .map(|(name, value)| format!("{indent}{name:width$} = {value}\n"));
    lines.collect()
}
