//! A SAM template for a binary.

use super::{WireError, hooks};
use crate::{
    lambda_config::{Shape, shape},
    parts,
    program::Program,
    routes::is_custom_sender,
};

/// A SAM template with a pool, a function and what is between them, for exactly the routes that a binary has.
///
/// ```
/// use cognito_triggers_wiring::{Program, Source, Wiring, wire};
///
/// let program = Program::new("sign-up", ["pre_sign_up"]);
/// let template = wire::sam(&program)?;
/// assert!(template.contains("PreSignUp: !GetAtt SignUp.Arn"));
///
/// let wiring = Wiring::read([Source::new("template.yaml", template)])?;
/// assert!(wiring.check(&[program]).is_clean());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When the binary has no routes, or one that isn't known.
pub fn sam(program: &Program) -> Result<String, WireError> {
    let hooks = hooks(&program.routes)?;
    let id = resource_id(&program.name);
    let senders = hooks.iter().any(|(hook, _)| is_custom_sender(hook));
    // Nobody waits for a custom sender; for every other trigger Cognito waits five seconds.
    let timeout = if hooks.iter().all(|(hook, _)| is_custom_sender(hook)) {
        15
    } else {
        5
    };
    let mut function = parts::function(&id, &program.name, timeout);
    if senders {
        function.push_str(parts::ENVIRONMENT);
    }
    let mut resources = vec![
        function,
        parts::permission(&id, &format!("!Ref {id}"), "UserPool"),
    ];
    if senders {
        resources.push(parts::decrypt(
            &id,
            &format!("!Ref {id}Role"),
            "!GetAtt CodeKey.Arn",
            "UserPool",
        ));
        resources.push(parts::KEY.to_owned());
    }
    let lines = resources.iter().flat_map(|resource| resource.lines());
    let mut text = lines.fold(pool(&id, &hooks, senders), |text, line| {
        format!("{text}  {line}\n")
    });
    if senders {
        text.push_str(parts::OUTPUTS);
    }
    Ok(text)
}

/// `send-codes` as a resource is called: `SendCodes`.
fn resource_id(name: &str) -> String {
    let words = name
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    let id: String = words
        .map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_uppercase() + rest
        })
        .collect();
    if id.is_empty() { "Triggers".to_owned() } else { id }
}

fn pool(id: &str, hooks: &[(&str, Option<&str>)], senders: bool) -> String {
    let mut text = "AWSTemplateFormatVersion: '2010-09-09'\n\
                    Transform: AWS::Serverless-2016-10-31\n"
        .to_owned();
    if senders {
        text.push_str(parts::PARAMETERS);
    }
    text.push_str("Resources:\n  UserPool:\n    Type: AWS::Cognito::UserPool\n    Properties:\n");
    if hooks
        .iter()
        .any(|(hook, version)| *hook == "PreTokenGeneration" && *version > Some("V1_0"))
    {
        text.push_str("      UserPoolTier: ESSENTIALS\n");
    }
    text.push_str("      LambdaConfig:\n");
    for (hook, version) in hooks {
        if shape(hook) == Some(Shape::Arn) {
            text.push_str(&format!("        {hook}: !GetAtt {id}.Arn\n"));
        }
        let key = match *hook {
            // V1_0 needs no more than the plain key.
            "PreTokenGeneration" if *version > Some("V1_0") => "PreTokenGenerationConfig",
            hook => hook,
        };
        if let (Some(Shape::Versioned { .. }), Some(version)) = (shape(key), version) {
            text.push_str(&format!(
                "        {key}:\n          LambdaVersion: {version}\n          LambdaArn: !GetAtt {id}.Arn\n"
            ));
        }
    }
    if senders {
        text.push_str("        KMSKeyID: !GetAtt CodeKey.Arn\n");
    }
    text
}
