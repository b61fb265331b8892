//! The ARN of a pool, as a permission names its source.
//!
//! | question | function |
//! |---|---|
//! | may this be the ARN of that pool? | [`may_be`] |
//! | does it fix the account? | [`account`] |
//!
//! An incomplete ARN is compared part by part, as IAM's `ArnLike` does. `${AWS::Region}` fits in the place of the region, and a
//! literal has to match where the ARN of the pool is known.

use cognito_triggers_model::arn::Arn;

use crate::{
    arn,
    facts::Pool,
    template_string::{Part, TemplateString},
};

/// The number of parts of an ARN. Further colons belong to the last one.
const PARTS: usize = 6;

/// The service of pools.
const SERVICE: &str = "cognito-idp";

/// Whether a source, which may have wildcards, may be the ARN of a pool. False only if it certainly isn't.
pub(crate) fn may_be(source: &TemplateString, pool: &Pool) -> bool {
    match (source.0.as_slice(), &pool.arn, source.as_literal()) {
        // `!Ref UserPool` is the id.
        ([Part::Resource(id, attribute)], ..) if *id == pool.id => {
            return attribute.as_deref() == Some("Arn");
        }
        (_, Some(arn), Some(pattern)) => return arn::matches(pattern, arn),
        _ => {}
    }
    let source = written_out(source, pool);
    let parts = parts(&source);
    let [arn, partition, service, region, account, resource] = parts.as_slice() else {
        let is_open = |part: &Part| !matches!(part, Part::Literal(_) | Part::Pseudo(_));
        return source.0.iter().any(is_open) || source.to_string().contains('*');
    };
    let known = pool.arn.as_deref().and_then(Arn::parse);
    let known = known.as_ref();
    fits(arn, "", Some("arn"))
        && fits(partition, "AWS::Partition", known.map(|arn| arn.partition))
        && fits(service, "", Some(SERVICE))
        && fits(region, "AWS::Region", known.map(|arn| arn.region))
        && fits(account, "AWS::AccountId", known.map(|arn| arn.account))
        && resource_fits(resource, pool, known.map(|arn| arn.resource))
}

/// Whether an ARN leaves the account open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Account {
    /// It is the `Arn` of a resource, or names the account without wildcards.
    Fixed,
    /// Only deployment tells.
    Unknown,
    /// It names no account, or has wildcards in its place.
    Open,
}

/// Whether an ARN, which may have wildcards and unresolved parts, leaves the account open.
///
/// | source | account |
/// |---|---|
/// | `!GetAtt UserPool.Arn` | fixed |
/// | `arn:aws:cognito-idp:${Region}:${AWS::AccountId}:userpool/*` | fixed: only the region is unknown |
/// | `!Ref PoolArn`, `arn:aws:cognito-idp:eu-west-1:${Account}:userpool/*` | unknown |
/// | `arn:aws:cognito-idp:eu-west-1:*:userpool/*`, `!Ref UserPool` | open |
pub(crate) fn account(source: &TemplateString) -> Account {
    if let [Part::Resource(_, Some(attribute))] = source.0.as_slice() {
        return match attribute.as_str() {
            "Arn" => Account::Fixed,
            "UserPoolId" | "ProviderName" | "ProviderURL" => Account::Open,
            // A resource of another type may answer with an ARN.
            _ => Account::Unknown,
        };
    }
    let parts = parts(source);
    let [_, _, service, _, account, _] = parts.as_slice() else {
        return match source.unresolved() {
            Some(_) => Account::Unknown,
            None => Account::Open,
        };
    };
    let is_fixed = match account.0.as_slice() {
        [Part::Literal(account)] => !account.contains(['*', '?']),
        [Part::Pseudo(name)] => name == "AWS::AccountId",
        _ => false,
    };
    match (is_fixed, service.as_literal()) {
        (true, Some(SERVICE)) => Account::Fixed,
        (true, None) if service.unresolved().is_some() => Account::Unknown,
        (false, _) if account.unresolved().is_some() => Account::Unknown,
        _ => Account::Open,
    }
}

/// Whether a part of an ARN may be the one that is known, or anything if none is. An empty part fits nothing.
fn fits(part: &TemplateString, pseudo: &str, known: Option<&str>) -> bool {
    match part.0.as_slice() {
        [] => false,
        [Part::Pseudo(name)] => name == pseudo,
        [Part::Literal(pattern)] => known.is_none_or(|known| arn::matches(pattern, known)),
        _ => true,
    }
}

/// Whether the last part may be that of a pool: `userpool/` and the id.
fn resource_fits(resource: &TemplateString, pool: &Pool, known: Option<&str>) -> bool {
    let is_read = |part: &Part| match part {
        Part::Literal(_) => true,
        Part::Resource(id, _) => *id == pool.id,
        Part::Pseudo(_) | Part::Missing(_) | Part::Unresolved(_) => false,
    };
    if !resource.0.iter().all(is_read) {
        return true;
    }
    let pattern = resource.to_string();
    let is_an_id = |id: &str| !id.is_empty() && !id.contains(['/', ':']);
    match known {
        Some(known) if !resource.names(&pool.id) => arn::matches(&pattern, known),
        _ if resource.names(&pool.id) => arn::matches(&pattern, &format!("userpool/${{{}}}", pool.id.name)),
        _ => arn::matches(&pattern, "userpool/id") || pattern.strip_prefix("userpool/").is_some_and(is_an_id),
    }
}

/// The source with the ARN of the pool in its parts, since something may follow it. `UserPoolId` becomes `Ref`, which is the same.
fn written_out(source: &TemplateString, pool: &Pool) -> TemplateString {
    let literal = |text: &str| Part::Literal(text.to_owned());
    let pseudo = |name: &str| Part::Pseudo(name.to_owned());
    let parts = source.0.iter().flat_map(|part| match part {
        Part::Resource(id, Some(attribute)) if *id == pool.id && attribute == "Arn" => vec![
            literal("arn:"),
            pseudo("AWS::Partition"),
            literal(":cognito-idp:"),
            pseudo("AWS::Region"),
            literal(":"),
            pseudo("AWS::AccountId"),
            literal(":userpool/"),
            Part::Resource(id.clone(), None),
        ],
        Part::Resource(id, Some(attribute)) if *id == pool.id && attribute == "UserPoolId" => {
            vec![Part::Resource(id.clone(), None)]
        }
        part => vec![part.clone()],
    });
    TemplateString(parts.collect())
}

/// The parts of an ARN, which colons in its literals separate.
fn parts(text: &TemplateString) -> Vec<TemplateString> {
    let mut parts = vec![TemplateString::default()];
    for part in &text.0 {
        let Part::Literal(literal) = part else {
            add(&mut parts, part.clone());
            continue;
        };
        let left = PARTS + 1 - parts.len();
        for (index, piece) in literal.splitn(left, ':').enumerate() {
            if index > 0 {
                parts.push(TemplateString::default());
            }
            if !piece.is_empty() {
                add(&mut parts, Part::Literal(piece.to_owned()));
            }
        }
    }
    parts
}

/// Appends to the last part.
fn add(parts: &mut [TemplateString], part: Part) {
    if let Some(last) = parts.last_mut() {
        last.0.push(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template_string::Id;

    fn literal(text: &str) -> Part {
        Part::Literal(text.to_owned())
    }

    fn pseudo(name: &str) -> Part {
        Part::Pseudo(format!("AWS::{name}"))
    }

    /// `arn:aws:cognito-idp:`, the region, the account, and what follows it.
    fn assembled(account: Part, rest: &[Part]) -> TemplateString {
        let start = [
            literal("arn:aws:cognito-idp:"),
            pseudo("Region"),
            literal(":"),
            account,
            literal(":userpool/"),
        ];
        TemplateString([&start, rest].concat())
    }

    #[test]
    fn colons_separate_the_parts() {
        let parts = |text| parts(&TemplateString::literal(text)).len();
        assert_eq!(parts("arn:aws:lambda:eu-west-1:1:function:f:live"), 6);
        assert_eq!(parts("arn:aws"), 2);
        assert_eq!(parts(""), 1);
    }

    #[test]
    fn an_account_is_fixed_open_or_unknown() {
        let name = "UserPool".to_owned();
        let id = Id { source: 0, name };
        let parameter = || Part::Unresolved("parameter `Account`".to_owned());
        for fixed in [
            TemplateString::literal("arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Abc"),
            TemplateString::literal("arn:aws:cognito-idp:*:111122223333:userpool/*"),
            assembled(pseudo("AccountId"), &[literal("*")]),
            assembled(pseudo("AccountId"), &[Part::Resource(id.clone(), None)]),
            TemplateString::attribute(id.clone(), "Arn"),
        ] {
            assert_eq!(account(&fixed), Account::Fixed, "{fixed}");
        }
        for open in [
            TemplateString::literal("arn:aws:cognito-idp:eu-west-1::userpool/eu-west-1_Abc"),
            TemplateString::literal("arn:aws:cognito-idp:eu-west-1:1111*:userpool/eu-west-1_Abc"),
            TemplateString::literal("arn:aws:cognito-idp:eu-west-1:*:userpool/*"),
            TemplateString::literal("arn:aws:lambda:eu-west-1:111122223333:function:f"),
            TemplateString::literal("eu-west-1_Abc"),
            TemplateString(vec![Part::Resource(id.clone(), None)]),
        ] {
            assert_eq!(account(&open), Account::Open, "{open}");
        }
        let lookup = Id {
            source: 0,
            name: "Lookup".to_owned(),
        };
        let service = [
            literal("arn:aws:"),
            parameter(),
            literal(":eu-west-1:111122223333:userpool/*"),
        ];
        for unknown in [
            assembled(parameter(), &[Part::Resource(id, None)]),
            TemplateString(vec![parameter()]),
            TemplateString(vec![parameter(), literal(":userpool/*")]),
            TemplateString(service.to_vec()),
            TemplateString::attribute(lookup, "PoolArn"),
        ] {
            assert_eq!(account(&unknown), Account::Unknown, "{unknown}");
        }
    }
}
