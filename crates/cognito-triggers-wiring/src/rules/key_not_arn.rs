//! `KMSKeyID` takes the ARN of a key, in spite of its name: an id, an alias name or `!Ref` of a key is refused.
//!
//! ```yaml
//! KMSKeyID: !GetAtt CodeKey.Arn    # right
//! KMSKeyID: !Ref CodeKey           # wrong: the id
//! KMSKeyID: alias/codes            # wrong: the name of an alias
//! ```
//!
//! Source: the pattern of `KMSKeyID` in the API; awsdocs/amazon-cognito-developer-guide#44.

use super::context::{Context, Findings, Rule};
use crate::{facts::Pool, template_string::Part};

pub(super) static RULE: Rule = Rule {
    code: "key-not-arn",
    summary: "a `KMSKeyID` that isn't the ARN of a key",
    causes: &[
        "`!Ref` of a key gives its id, and `!Ref` of an alias its name.",
        "The id or the name of an alias was copied from the console.",
    ],
    consequence: "The deployment is refused: the API takes an ARN only.",
    fix: "Write the ARN, in a template `!GetAtt Key.Arn`.",
    link: "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_LambdaConfigType.html",
    check,
};

/// Reports an error for each pool whose key certainly isn't an ARN. The ARN of an alias passes: the pattern allows it.
fn check(context: &Context<'_>, findings: &mut Findings) {
    for pool in &context.facts.pools {
        let (Some(key), Some(what)) = (pool.kms_key.is(), what_instead_of_an_arn(pool)) else {
            continue;
        };
        let arn = match key.value.0.as_slice() {
            [Part::Resource(id, _)] if what != ALIAS => format!("!GetAtt {}.Arn", id.name),
            _ if pool.from_template => "!GetAtt CodeKey.Arn".to_owned(),
            _ => "arn:aws:kms:REGION:ACCOUNT:key/KEY-ID".to_owned(),
        };
        findings.error(
            &key.location,
            format!(
                "`KMSKeyID` is {what}, {}, but takes the ARN of the key",
                key.value.quoted()
            ),
            "the deployment is refused: the API takes an ARN only",
            format!("write the ARN:\nKMSKeyID: {arn}"),
        );
    }
}

/// What `alias/…` is, for messages.
const ALIAS: &str = "the name of an alias";
/// What `!Ref` of a key is, for messages.
const ID: &str = "the id of a key";

/// What `KMSKeyID` is, if it certainly isn't an ARN.
pub(super) fn what_instead_of_an_arn(pool: &Pool) -> Option<&'static str> {
    let key = &pool.kms_key.is()?.value;
    match key.0.as_slice() {
        [] => Some("empty"),
        [Part::Literal(text)] if text.starts_with("arn:") => None,
        [Part::Literal(text), ..] if text.starts_with("alias/") => Some(ALIAS),
        [Part::Literal(_)] => Some(ID),
        [Part::Resource(_, attribute)] => match (pool.kms_key_kind.as_deref()?, attribute.as_deref()) {
            ("AWS::KMS::Key" | "AWS::KMS::ReplicaKey", None | Some("KeyId")) => Some(ID),
            ("AWS::KMS::Alias", None) => Some(ALIAS),
            _ => None,
        },
        _ => None,
    }
}
