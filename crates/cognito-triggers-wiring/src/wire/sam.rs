//! A SAM template for a binary.
//!
//! | resource | if |
//! |---|---|
//! | `UserPool` with `LambdaConfig` | always |
//! | the function, named after the binary | always |
//! | the permission for the pool to call it | always |
//! | `CodeKey`, the permission to decrypt, a parameter and an output | the binary routes a custom sender |

use super::{
    error::WireError,
    hooks::{Hooks, KEY, pascal_case},
    refusal,
};
use crate::{binary::Binary, snippets};

/// A SAM template with a pool, a function and what connects them, for exactly the routes that a binary has.
///
/// ```
/// use cognito_triggers_wiring::{Binary, Source, Wiring, wire};
///
/// let binary = Binary::new("sign-up", ["pre_sign_up"]);
/// let template = wire::sam(&binary)?;
/// assert!(template.contains("PreSignUp: !GetAtt SignUp.Arn"));
///
/// let wiring = Wiring::read([Source::new("template.yaml", template)])?;
/// assert!(wiring.check(&[binary]).is_clean());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Fails if the binary has no routes, or one that isn't known.
pub fn sam(binary: &Binary) -> Result<String, WireError> {
    let hooks = Hooks::of(binary)?;
    let id = pascal_case(&binary.name);
    let mut function = snippets::function(&id, &binary.name, hooks.timeout());
    if hooks.need_key() {
        function.push_str(snippets::ENVIRONMENT);
    }
    let mut resources = vec![
        function,
        snippets::permission(&id, &format!("!Ref {id}"), "UserPool"),
    ];
    if hooks.need_key() {
        let (role, key) = (format!("!Ref {id}Role"), "!GetAtt CodeKey.Arn");
        resources.push(snippets::decrypt(&id, &role, key, "UserPool"));
        resources.push(snippets::KEY.to_owned());
    }
    let lines = resources.iter().flat_map(|resource| resource.lines());
    let mut text = lines.fold(start(&id, &hooks), |text, line| format!("{text}  {line}\n"));
    if hooks.need_key() {
        text.push_str(snippets::OUTPUTS);
    }
    refusal::check(text.clone(), binary, None, &[])?;
    Ok(text)
}

/// The template up to the end of the pool.
fn start(id: &str, hooks: &Hooks) -> String {
    let mut text = "AWSTemplateFormatVersion: '2010-09-09'\n\
                    Transform: AWS::Serverless-2016-10-31\n"
        .to_owned();
    if hooks.need_key() {
        text.push_str(snippets::PARAMETERS);
    }
    text.push_str("Resources:\n  UserPool:\n    Type: AWS::Cognito::UserPool\n    Properties:\n");
    if hooks.need_essentials() {
        text.push_str("      UserPoolTier: ESSENTIALS\n");
    }
    text.push_str("      LambdaConfig:\n");
    for key in hooks.keys() {
        match key {
            (key, None) => text.push_str(&format!("        {key}: !GetAtt {id}.Arn\n")),
            (key, Some(version)) => text.push_str(&format!(
                "        {key}:\n          LambdaVersion: {version}\n          LambdaArn: !GetAtt {id}.Arn\n"
            )),
        }
    }
    if hooks.need_key() {
        text.push_str(&format!("        {KEY}: !GetAtt CodeKey.Arn\n"));
    }
    text
}
