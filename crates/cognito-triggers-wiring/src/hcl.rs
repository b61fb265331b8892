//! Terraform's language, HCL, as far as fixes and `wire` need it.
//!
//! ```text
//! pre_sign_up = "arn:…"          an attribute
//! custom_email_sender {          a block
//!   lambda_version = "V1_0"
//! }
//! ```

use cognito_triggers_model::json::{Json, Value};

/// Why Terraform sets no hook for inbound federation, and what to do.
pub(crate) const NO_INBOUND_FEDERATION: &str = "Terraform's AWS provider has no argument for `InboundFederation` (August 2026), \
    and an apply that changes the pool removes a hook that was set otherwise, see \
    https://github.com/hashicorp/terraform-provider-aws/issues/49707; let CloudFormation create the pool, or set the hook with \
    the AWS CLI after each apply";

/// The attribute of the AWS provider for a name of AWS's API.
///
/// | API | provider |
/// |---|---|
/// | `PreSignUp` | `pre_sign_up` |
/// | `CustomSMSSender` | `custom_sms_sender` |
/// | `KMSKeyID` | `kms_key_id` |
pub(crate) fn attribute_name(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut attribute = String::with_capacity(name.len() + 4);
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(index + 1);
        let starts_word = before.is_some_and(char::is_ascii_lowercase)
            || before.is_some() && after.is_some_and(char::is_ascii_lowercase);
        if letter.is_ascii_uppercase() && starts_word {
            attribute.push('_');
        }
        attribute.push(letter.to_ascii_lowercase());
    }
    attribute
}

/// The members of an object as attributes and blocks.
pub(crate) fn body(object: &Json) -> String {
    let mut text = String::new();
    write(object, 0, &mut text);
    text
}

/// Appends the members of an object at a depth of indentation.
fn write(object: &Json, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    for member in object.members() {
        let name = attribute_name(&member.key);
        if member.value.is_object() && member.value.get("Fn::GetAtt").is_none() {
            text.push_str(&format!("{indent}{name} {{\n"));
            write(&member.value, depth + 1, text);
            text.push_str(&format!("{indent}}}\n"));
        } else {
            text.push_str(&format!("{indent}{name} = {}\n", expression(&member.value)));
        }
    }
}

/// A value as an expression: a number, a string or a list of them.
fn expression(json: &Json) -> String {
    match &json.value {
        Value::Number(number) => number.clone(),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(expression).collect();
            format!("[{}]", items.join(", "))
        }
        _ => match json.as_scalar() {
            Some(text) => string(text),
            // A reference to a resource of a template, which Terraform doesn't have.
            None => "\"(the ARN)\"".to_owned(),
        },
    }
}

/// A quoted string without interpolation.
pub(crate) fn string(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.replace("${", "$${").replace("%{", "%%{")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_provider() {
        for (name, attribute) in [
            ("PreSignUp", "pre_sign_up"),
            ("CustomSMSSender", "custom_sms_sender"),
            ("CustomEmailSender", "custom_email_sender"),
            ("KMSKeyID", "kms_key_id"),
            ("PreTokenGenerationConfig", "pre_token_generation_config"),
            ("VerifyAuthChallengeResponse", "verify_auth_challenge_response"),
            ("Timeout", "timeout"),
        ] {
            assert_eq!(attribute_name(name), attribute);
        }
    }

    #[test]
    fn objects_become_blocks() {
        let json = Json::parse(r#"{"Timeout": 5, "CustomSMSSender": {"LambdaVersion": "V1_0"}}"#).unwrap();
        assert_eq!(
            body(&json),
            "timeout = 5\ncustom_sms_sender {\n  lambda_version = \"V1_0\"\n}\n"
        );
        assert_eq!(string("a\"${b}"), "\"a\\\"$${b}\"");
    }
}
