//! Whether the resource of a policy's statement is a key, as far as both are known before deployment.

use crate::model::{Part, Text};

/// The best comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Covers {
    Yes,
    /// It shows only at deployment.
    Later,
    No,
}

/// Whether a resource, which may have wildcards, covers the key that a pool names.
pub(crate) fn covers(resource: &Text, key: &Text) -> Covers {
    if resource == key {
        return Covers::Yes;
    }
    let (pattern, arn) = (
        written(resource, "${of the policy}"),
        written(key, "${of the pool}"),
    );
    // A pool may be given the bare id, or something that isn't known.
    let arn = if arn.contains(':') && key.later().is_none() {
        arn
    } else {
        format!("{HERE}{arn}")
    };
    if matches(&pattern, &arn) {
        return Covers::Yes;
    }
    let unknown = resource.later().or(key.later()).is_some();
    let (pattern, arn): (Vec<_>, Vec<_>) = (pattern.splitn(6, ':').collect(), arn.splitn(6, ':').collect());
    match (pattern.as_slice(), arn.as_slice()) {
        // One account has one partition, so that isn't compared.
        ([_, _, service, region, account, name], [_, _, _, of_region, of_account, of_name]) => {
            let parts = [
                part(service, "kms", false),
                part(region, of_region, is_pseudo(region) || is_pseudo(of_region)),
                part(account, of_account, is_pseudo(account) || is_pseudo(of_account)),
                // An alias stands for a key that isn't known here.
                part(name, of_name, unknown || of_name.starts_with("alias/")),
            ];
            parts.into_iter().max().unwrap_or(Covers::No)
        }
        _ if unknown || pattern.last().is_some_and(|last| last.ends_with('*')) => Covers::Later,
        _ => Covers::No,
    }
}

fn part(pattern: &str, text: &str, unknown: bool) -> Covers {
    if matches(pattern, text) {
        Covers::Yes
    } else if unknown {
        Covers::Later
    } else {
        Covers::No
    }
}

fn is_pseudo(text: &str) -> bool {
    text.contains("${AWS.")
}

/// The beginning of the ARN of every key that a template makes.
const HERE: &str = "arn:${AWS.Partition}:kms:${AWS.Region}:${AWS.AccountId}:key/";

/// A text with the ARN of a key written out, so that it compares with other spellings of it. What isn't
/// known becomes `later`, which is like nothing else.
fn written(text: &Text, later: &str) -> String {
    let mut written = String::new();
    for part in &text.0 {
        match part {
            Part::Literal(text) => written.push_str(text),
            // Without colons, which part an ARN.
            Part::Pseudo(name) => written.push_str(&format!("${{{}}}", name.replace("::", "."))),
            Part::Of(id, attribute) => match attribute.as_deref() {
                Some("Arn") => written.push_str(&format!("{HERE}${{{}}}", id.name)),
                // Of a key these are the same.
                None | Some("KeyId") => written.push_str(&format!("${{{}}}", id.name)),
                Some(other) => written.push_str(&format!("${{{}.{other}}}", id.name)),
            },
            Part::Later(_) => written.push_str(later),
        }
    }
    written
}

/// Whether a text matches a pattern of IAM: `*` is any text, `?` any character.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern.chars(), text.chars());
    // Behind the last `*`: what follows in the pattern, and where to try it next.
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
    use crate::model::Id;

    const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/0aa1";

    fn of(name: &str, attribute: Option<&str>) -> Text {
        let name = name.to_owned();
        Text(vec![Part::Of(
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
    fn a_key_known_by_its_arn() {
        for (resource, expected) in [
            (KEY, Covers::Yes),
            ("*", Covers::Yes),
            ("arn:aws:kms:*:*:*", Covers::Yes),
            ("arn:aws:kms:*:111122223333:key/*", Covers::Yes),
            ("arn:aws:kms:eu-north-1:111122223333:key/*", Covers::No),
            ("arn:aws:kms:eu-west-1:999999999999:key/*", Covers::No),
            ("arn:aws:s3:::*", Covers::No),
            ("0aa1", Covers::No),
        ] {
            assert_eq!(
                covers(&Text::literal(resource), &Text::literal(KEY)),
                expected,
                "{resource}"
            );
        }
        assert_eq!(covers(&Text::literal(KEY), &Text::literal("0aa1")), Covers::Later);
        let alias = "arn:aws:kms:eu-west-1:111122223333:alias/codes";
        assert_eq!(covers(&Text::literal(KEY), &Text::literal(alias)), Covers::Later);
    }

    #[test]
    fn a_key_of_the_template() {
        let key = of("CodeKey", Some("Arn"));
        for (resource, expected) in [
            ("arn:aws:kms:*:*:*", Covers::Yes),
            ("arn:aws:kms:eu-north-1:999999999999:key/*", Covers::Later),
            ("arn:aws:kms:eu-north-1:999999999999:key/0aa1", Covers::No),
        ] {
            assert_eq!(covers(&Text::literal(resource), &key), expected, "{resource}");
        }
        assert_eq!(covers(&of("CodeKey", Some("Arn")), &key), Covers::Yes);
        assert_eq!(covers(&of("OtherKey", Some("Arn")), &key), Covers::No);
        assert_eq!(covers(&of("CodeKey", None), &key), Covers::No);
        assert_eq!(
            covers(&Text(vec![Part::Later("a parameter".into())]), &key),
            Covers::Later
        );
    }
}
