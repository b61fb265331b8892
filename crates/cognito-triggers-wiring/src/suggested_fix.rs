//! Suggested fixes in the language of their source. Rules write them as YAML.
//!
//! | source | `Timeout: 5` becomes |
//! |---|---|
//! | YAML | `Timeout: 5` |
//! | JSON | `"Timeout": 5` |
//! | Terraform | `timeout = 5` |

use cognito_triggers_model::json::{Json, Member, Value};

use crate::{
    document, hcl,
    source::{Language, Source},
};

/// The fix in the language of the source. Its first line is a sentence, and what follows is code.
///
/// Code that isn't a YAML mapping (a route, a command) stays as it is.
pub(crate) fn in_language_of(source: &Source, fix: String) -> String {
    let Some((sentence, code)) = fix.split_once('\n') else {
        return fix;
    };
    let translate = match source.language() {
        Language::Yaml => return fix,
        Language::Json => json_members,
        Language::Terraform => hcl::body,
    };
    match document::read(&Source::new("", code)) {
        Ok(json) if source.language() == Language::Terraform && json.get("InboundFederation").is_some() => {
            format!("{sentence}\n# {}", hcl::NO_INBOUND_FEDERATION)
        }
        Ok(json) if json.is_object() => format!("{sentence}\n{}", translate(&json).trim_end()),
        _ => fix,
    }
}

/// The members as they are written inside a JSON object.
fn json_members(object: &Json) -> String {
    let text = format!("{:#}", with_get_att_as_array(object));
    let lines = text.lines().filter(|line| !matches!(*line, "{" | "}"));
    let lines: Vec<_> = lines
        .map(|line| line.strip_prefix("  ").unwrap_or(line))
        .collect();
    lines.join("\n")
}

/// In JSON `Fn::GetAtt` takes an array only.
fn with_get_att_as_array(json: &Json) -> Json {
    let value = match &json.value {
        Value::Object(members) => {
            let member = |member: &Member| {
                let value = match (member.key.as_str(), member.value.as_str()) {
                    ("Fn::GetAtt", Some(path)) => {
                        Value::Array(path.splitn(2, '.').map(Json::string).collect()).into()
                    }
                    _ => with_get_att_as_array(&member.value),
                };
                Member {
                    value,
                    ..member.clone()
                }
            };
            Value::Object(members.iter().map(member).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(with_get_att_as_array).collect()),
        scalar => scalar.clone(),
    };
    value.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix(source: &str, fix: &str) -> String {
        in_language_of(&Source::new("x", source), fix.to_owned())
    }

    #[test]
    fn yaml_becomes_json_and_the_rest_stays() {
        assert_eq!(fix("{}", "set it:\nTimeout: 5"), "set it:\n\"Timeout\": 5");
        assert_eq!(
            fix("{}", "write it:\nPreSignUp: !GetAtt Triggers.Arn"),
            "write it:\n\"PreSignUp\": {\n  \"Fn::GetAtt\": [\n    \"Triggers\",\n    \"Arn\"\n  ]\n}"
        );
        assert_eq!(
            fix("{}", "route it:\npre_sign_up => your_handler,"),
            "route it:\npre_sign_up => your_handler,"
        );
        assert_eq!(fix("{}", "one line"), "one line");
        assert_eq!(fix("A: b", "set it:\nTimeout: 5"), "set it:\nTimeout: 5");
    }

    #[test]
    fn yaml_becomes_hcl_for_terraform() {
        assert_eq!(
            fix("{\"format_version\": \"1.0\"}", "set it:\nTimeout: 5"),
            "set it:\ntimeout = 5"
        );
    }

    #[test]
    fn a_hook_that_terraform_cannot_set_is_not_suggested() {
        let hook = "set it:\nInboundFederation:\n  LambdaVersion: V1_0\n  LambdaArn: arn";
        let text = fix("{\"format_version\": \"1.0\"}", hook);
        assert!(
            text.starts_with("set it:\n# Terraform's AWS provider has no argument"),
            "{text}"
        );
        assert!(!text.contains("inbound_federation"), "{text}");
    }
}
