//! ARNs of a policy: IAM's wildcards, and which key an incomplete ARN means.
//!
//! | question | function |
//! |---|---|
//! | does this pattern of IAM match? | [`matches`] |
//! | does this resource of a policy cover the pool's key? | [`covers`] |

use cognito_triggers_model::arn::Arn;

use crate::template_string::{Part, TemplateString};

/// Whether a pattern covers a key; the best comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KeyMatch {
    /// It covers the key.
    Yes,
    /// It is unknown before deployment.
    Unknown,
    /// It doesn't.
    No,
}

/// Whether the resource of a policy's statement, which may have wildcards, covers the key that a pool names.
///
/// Both may be incomplete: `!GetAtt Key.Arn` and `arn:aws:kms:eu-west-1:111122223333:key/*` are compared part by part, and
/// a part that only deployment fills in makes the answer unknown.
pub(crate) fn covers(resource: &TemplateString, key: &TemplateString) -> KeyMatch {
    if resource == key {
        return KeyMatch::Yes;
    }
    let (pattern, arn) = (
        written(resource, "${of the policy}"),
        written(key, "${of the pool}"),
    );
    // A pool may be given the bare id, or something that isn't known.
    let arn = if arn.contains(':') && key.unresolved().is_none() {
        arn
    } else {
        format!("{KEY_OF_THIS_ACCOUNT}{arn}")
    };
    if matches(&pattern, &arn) {
        return KeyMatch::Yes;
    }
    let unknown = resource.unresolved().or(key.unresolved()).is_some();
    match (Arn::parse(&pattern), Arn::parse(&arn)) {
        // One account has one partition, so that isn't compared.
        (Some(pattern), Some(arn)) => {
            let pseudo = |one, other| is_pseudo(one) || is_pseudo(other);
            let parts = [
                part(pattern.service, "kms", false),
                part(pattern.region, arn.region, pseudo(pattern.region, arn.region)),
                part(pattern.account, arn.account, pseudo(pattern.account, arn.account)),
                // Which key an alias stands for is unknown.
                part(
                    pattern.resource,
                    arn.resource,
                    unknown || arn.resource.starts_with("alias/"),
                ),
            ];
            parts.into_iter().max().unwrap_or(KeyMatch::No)
        }
        _ if unknown || pattern.ends_with('*') => KeyMatch::Unknown,
        _ => KeyMatch::No,
    }
}

/// Compares one part of an ARN with a pattern. `unknown` says that the part may differ at deployment.
fn part(pattern: &str, text: &str, unknown: bool) -> KeyMatch {
    if matches(pattern, text) {
        KeyMatch::Yes
    } else if unknown {
        KeyMatch::Unknown
    } else {
        KeyMatch::No
    }
}

/// Whether a part comes from a pseudo parameter, such as the region of the deployment.
fn is_pseudo(text: &str) -> bool {
    text.contains("${AWS.")
}

/// The start of the ARN of every key that a template creates.
const KEY_OF_THIS_ACCOUNT: &str = "arn:${AWS.Partition}:kms:${AWS.Region}:${AWS.AccountId}:key/";

/// A string with the ARN of a key written out, so that it compares with other spellings of it. An unresolved part
/// becomes `unresolved`, which equals nothing else.
fn written(text: &TemplateString, unresolved: &str) -> String {
    let mut written = String::new();
    for part in &text.0 {
        match part {
            Part::Literal(text) => written.push_str(text),
            // Without colons, which separate the parts of an ARN.
            Part::Pseudo(name) => written.push_str(&format!("${{{}}}", name.replace("::", "."))),
            Part::Resource(id, attribute) => match attribute.as_deref() {
                Some("Arn") => written.push_str(&format!("{KEY_OF_THIS_ACCOUNT}${{{}}}", id.name)),
                // For a key, `Ref` and `KeyId` have the same value.
                None | Some("KeyId") => written.push_str(&format!("${{{}}}", id.name)),
                Some(other) => written.push_str(&format!("${{{}.{other}}}", id.name)),
            },
            Part::Unresolved(_) | Part::Missing(_) => written.push_str(unresolved),
        }
    }
    written
}

/// Whether a string matches a pattern of IAM: `*` stands for any characters, `?` for one.
///
/// | pattern | matches | doesn't match |
/// |---|---|---|
/// | `kms:*` | `kms:decrypt` | `lambda:invokefunction` |
/// | `eu-west-?` | `eu-west-1` | `eu-west-10` |
/// | `*userpool/*` | `arn:aws:cognito-idp:…:userpool/x` | `arn:aws:kms:…:key/x` |
///
/// Case counts. Callers that compare actions write both in lower case.
///
/// Source: IAM's `ArnLike`, and the elements `Action` and `Resource` of a policy.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern.chars(), text.chars());
    // After the last `*`: the rest of the pattern, and where in the text to try it next.
    let mut again = None;
    loop {
        let here = text.clone();
        match (pattern.next(), text.next()) {
            (Some('*'), _) => {
                text = here.clone();
                again = Some((pattern.clone(), here));
            }
            (None, None) => return true,
            (Some(wanted), Some(letter)) if wanted == '?' || wanted == letter => {}
            _ => {
                let Some((rest, from)) = &mut again else {
                    return false;
                };
                if from.next().is_none() {
                    return false;
                }
                (pattern, text) = (rest.clone(), from.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template_string::Id;

    const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/0aa1";

    fn of(name: &str, attribute: Option<&str>) -> TemplateString {
        let name = name.to_owned();
        TemplateString(vec![Part::Resource(
            Id { source: 0, name },
            attribute.map(str::to_owned),
        )])
    }

    #[test]
    fn wildcards() {
        for (pattern, text) in [
            ("*", ""),
            ("a*c", "abbc"),
            ("a?c*", "abc"),
            ("**", "x"),
            ("kms:*crypt", "kms:decrypt"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("", "a"), ("?", ""), ("a*c", "abcd"), ("kms:de", "kms:decrypt")] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn a_question_mark_is_one_character() {
        let arn = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Abc";
        for pattern in [
            arn,
            "arn:aws:cognito-idp:*:111122223333:userpool/*",
            "arn:aws:cognito-idp:eu-west-?:111122223333:userpool/eu-west-1_Ab?",
        ] {
            assert!(matches(pattern, arn), "{pattern}");
        }
        for pattern in [
            "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Ab",
            "arn:aws:cognito-idp:*:444455556666:userpool/*",
            "arn:aws:cognito-idp:*:111122223333:userpool/eu-west-1_Abc?",
        ] {
            assert!(!matches(pattern, arn), "{pattern}");
        }
    }

    #[test]
    fn a_key_known_by_its_arn() {
        for (resource, expected) in [
            (KEY, KeyMatch::Yes),
            ("*", KeyMatch::Yes),
            ("arn:aws:kms:*:*:*", KeyMatch::Yes),
            ("arn:aws:kms:*:111122223333:key/*", KeyMatch::Yes),
            ("arn:aws:kms:eu-north-1:111122223333:key/*", KeyMatch::No),
            ("arn:aws:kms:eu-west-1:999999999999:key/*", KeyMatch::No),
            ("arn:aws:s3:::*", KeyMatch::No),
            ("0aa1", KeyMatch::No),
        ] {
            assert_eq!(
                covers(&TemplateString::literal(resource), &TemplateString::literal(KEY)),
                expected,
                "{resource}"
            );
        }
        assert_eq!(
            covers(&TemplateString::literal(KEY), &TemplateString::literal("0aa1")),
            KeyMatch::Unknown
        );
        let alias = "arn:aws:kms:eu-west-1:111122223333:alias/codes";
        assert_eq!(
            covers(&TemplateString::literal(KEY), &TemplateString::literal(alias)),
            KeyMatch::Unknown
        );
    }

    #[test]
    fn a_key_of_the_template() {
        let key = of("CodeKey", Some("Arn"));
        for (resource, expected) in [
            ("arn:aws:kms:*:*:*", KeyMatch::Yes),
            ("arn:aws:kms:eu-north-1:999999999999:key/*", KeyMatch::Unknown),
            ("arn:aws:kms:eu-north-1:999999999999:key/0aa1", KeyMatch::No),
        ] {
            assert_eq!(
                covers(&TemplateString::literal(resource), &key),
                expected,
                "{resource}"
            );
        }
        assert_eq!(covers(&of("CodeKey", Some("Arn")), &key), KeyMatch::Yes);
        assert_eq!(covers(&of("OtherKey", Some("Arn")), &key), KeyMatch::No);
        assert_eq!(covers(&of("CodeKey", None), &key), KeyMatch::No);
        assert_eq!(
            covers(
                &TemplateString(vec![Part::Unresolved("a parameter".into())]),
                &key
            ),
            KeyMatch::Unknown
        );
    }
}
