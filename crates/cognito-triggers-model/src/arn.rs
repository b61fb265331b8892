//! The parts of an ARN, the name of a resource in AWS: `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`.
//!
//! | ARN | [`Arn::resource`] |
//! |---|---|
//! | `arn:aws:kms:eu-west-1:111122223333:key/0aa1` | `key/0aa1` |
//! | `arn:aws:lambda:eu-west-1:111122223333:function:sign-up:live` | `function:sign-up:live` |
//! | `arn:aws-cn:cognito-idp:cn-north-1:111122223333:userpool/cn-north-1_Abc` | `userpool/cn-north-1_Abc` |
//!
//! Only the separators are checked: a part may be empty, or have the wildcards of a policy. The partition is `aws`,
//! `aws-cn` in China, or `aws-us-gov` in GovCloud (US).
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>

/// An ARN, split into its parts.
///
/// ```
/// use cognito_triggers_model::arn::Arn;
///
/// let arn = Arn::parse("arn:aws:kms:eu-west-1:111122223333:key/0aa1").unwrap();
/// assert_eq!((arn.service, arn.account), ("kms", "111122223333"));
/// assert_eq!(arn.resource, "key/0aa1");
/// assert_eq!(Arn::parse("alias/codes"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn` or `aws-us-gov`, unless AWS adds one.
    pub partition: &'a str,
    /// The service as IAM names it, such as `lambda`.
    pub service: &'a str,
    /// The region; empty for a service without regions.
    pub region: &'a str,
    /// The twelve digits of the account; empty for a resource whose name is unique without it.
    pub account: &'a str,
    /// The rest, which each service writes in its own way. It may have colons.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Splits an ARN. Returns `None` if the string doesn't begin with `arn:` or has fewer than six parts.
    #[must_use]
    pub fn parse(arn: &'a str) -> Option<Self> {
        let mut parts = arn.strip_prefix("arn:")?.splitn(5, ':');
        Some(Self {
            partition: parts.next()?,
            service: parts.next()?,
            region: parts.next()?,
            account: parts.next()?,
            resource: parts.next()?,
        })
    }
}

/// The ARN of a Lambda function: `arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER]`.
///
/// ```
/// use cognito_triggers_model::arn::FunctionArn;
///
/// let alias = "arn:aws:lambda:eu-west-1:111122223333:function:sign-up:live";
/// let arn = FunctionArn::parse(alias).unwrap();
/// assert_eq!((arn.name, arn.qualifier), ("sign-up", Some("live")));
/// assert_eq!(arn.unqualified, "arn:aws:lambda:eu-west-1:111122223333:function:sign-up");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FunctionArn<'a> {
    /// The ARN without the qualifier.
    pub unqualified: &'a str,
    /// The name of the function.
    pub name: &'a str,
    /// The alias or version; `None` if the ARN names neither, which means `$LATEST`.
    pub qualifier: Option<&'a str>,
}

impl<'a> FunctionArn<'a> {
    /// Splits the ARN of a function. Returns `None` for everything else, also for the bare name of a function and for a
    /// partial ARN, such as `111122223333:function:sign-up`, which Lambda takes and `LambdaConfig` refuses.
    #[must_use]
    pub fn parse(arn: &'a str) -> Option<Self> {
        let parts = Arn::parse(arn).filter(|arn| arn.service == "lambda")?;
        let function = parts.resource.strip_prefix("function:")?;
        let (name, qualifier) = match function.split_once(':') {
            Some((name, qualifier)) => (name, Some(qualifier)),
            None => (function, None),
        };
        let is_whole = |part: &str| !part.is_empty() && !part.contains(':');
        let unqualified = match qualifier {
            Some(qualifier) => arn.strip_suffix(qualifier)?.strip_suffix(':')?,
            None => arn,
        };
        (is_whole(name) && qualifier.is_none_or(is_whole)).then_some(Self {
            unqualified,
            name,
            qualifier,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_has_six_parts() {
        let arn = Arn::parse("arn:aws-us-gov:s3:::bucket/a:b").unwrap();
        assert_eq!(
            (arn.partition, arn.service, arn.region, arn.account, arn.resource),
            ("aws-us-gov", "s3", "", "", "bucket/a:b")
        );
        for other in [
            "",
            "arn:",
            "arn:aws:kms:eu-west-1:111122223333",
            "ARN:aws:kms:r:a:key/1",
            " arn:a:b:c:d:e",
        ] {
            assert_eq!(Arn::parse(other), None, "{other}");
        }
    }

    #[test]
    fn a_function_is_found_in_every_partition() {
        for plain in [
            "arn:aws:lambda:eu-west-1:111122223333:function:triggers",
            "arn:aws-cn:lambda:cn-northwest-1:111122223333:function:triggers",
            "arn:aws-us-gov:lambda:us-gov-east-1:111122223333:function:triggers",
        ] {
            for qualifier in [None, Some("live"), Some("7"), Some("$LATEST"), Some("*")] {
                let arn =
                    qualifier.map_or_else(|| plain.to_owned(), |qualifier| format!("{plain}:{qualifier}"));
                let expected = FunctionArn {
                    unqualified: plain,
                    name: "triggers",
                    qualifier,
                };
                assert_eq!(FunctionArn::parse(&arn), Some(expected), "{arn}");
            }
        }
    }

    #[test]
    fn a_name_or_qualifier_may_be_the_word_function() {
        let arn = "arn:aws:lambda:eu-west-1:111122223333:function:my-function:function";
        let parsed = FunctionArn::parse(arn).unwrap();
        assert_eq!((parsed.name, parsed.qualifier), ("my-function", Some("function")));
    }

    #[test]
    fn other_arns_are_refused() {
        for other in [
            "",
            "triggers",
            "triggers:live",
            "function:triggers",
            "111122223333:function:triggers",
            "arn:aws:lambda:eu-west-1:111122223333:function",
            "arn:aws:lambda:eu-west-1:111122223333:function:",
            "arn:aws:lambda:eu-west-1:111122223333:function:triggers:",
            "arn:aws:lambda:eu-west-1:111122223333:function:triggers:live:2",
            "arn:aws:lambda:eu-west-1:111122223333:layer:triggers:3",
            "arn:aws:sns:eu-west-1:111122223333:function:triggers",
            "arn:aws:x:lambda:eu-west-1:111122223333:function:triggers",
        ] {
            assert_eq!(FunctionArn::parse(other), None, "{other}");
        }
    }
}
