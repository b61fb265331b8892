//! The full ARN of a KMS key.

use cognito_triggers_model::arn::Arn;

use crate::error::Error;

/// The full ARN of a key, as in `arn:aws:kms:eu-central-1:111122223333:key/…`. A message names its key this way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyArn(String);

impl KeyArn {
    /// Parses a full ARN.
    ///
    /// # Errors
    /// Fails for an alias, a bare key id, and anything else. The error says which of them it is.
    pub(crate) fn parse(arn: &str) -> Result<Self, Error> {
        if Arn::parse(arn).is_some_and(is_of_key) {
            return Ok(Self(arn.to_owned()));
        }
        Err(Error::configuration(format!(
            "`{arn}` is not the full ARN of a KMS key: {}",
            Self::advice(arn)
        )))
    }

    /// Returns what `arn` is instead, and what to use.
    fn advice(arn: &str) -> String {
        let why = if arn.contains("alias/") {
            "an alias can move to another key, and a message names the key itself"
        } else if arn.is_empty() {
            "it is empty"
        } else if is_name(arn) {
            "a bare id lacks the key's region and account"
        } else {
            "it doesn't have the form of a key's ARN"
        };
        format!("{why}; use an ARN like `arn:aws:kms:eu-central-1:111122223333:key/…`")
    }

    /// Returns the ARN as it was given.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the key's region, which is also the region of KMS's endpoint.
    #[cfg(feature = "aws")]
    pub(crate) fn region(&self) -> &str {
        Arn::parse(&self.0).map_or("", |arn| arn.region)
    }
}

/// Returns whether an ARN names one key in one region and account.
fn is_of_key(arn: Arn<'_>) -> bool {
    let is_account = arn.account.len() == 12 && arn.account.bytes().all(|byte| byte.is_ascii_digit());
    let key = arn.resource.strip_prefix("key/").unwrap_or_default();
    arn.service == "kms" && is_account && [arn.partition, arn.region, key].into_iter().all(is_name)
}

/// Returns whether `part` has letters, digits and hyphens only, and at least one of them.
fn is_name(part: &str) -> bool {
    !part.is_empty()
        && part
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_arn_is_accepted() {
        for arn in [
            "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws-cn:kms:cn-north-1:111122223333:key/1234abcd",
            "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
        ] {
            assert_eq!(KeyArn::parse(arn).unwrap().as_str(), arn);
        }
    }

    #[test]
    fn anything_else_is_refused_with_a_reason() {
        for (arn, why) in [
            ("arn:aws:kms:eu-central-1:111122223333:alias/codes", "an alias"),
            ("alias/codes", "an alias"),
            ("1234abcd-12ab-34cd-56ef-1234567890ab", "a bare id"),
            ("mrk-1234abcd12ab34cd56ef1234567890ab", "a bare id"),
            ("", "it is empty"),
            (
                "arn:aws:kms:eu-central-1:1111:key/1234abcd",
                "doesn't have the form",
            ),
            (
                "arn:aws:kms:eu-central-1:111122223333:key/",
                "doesn't have the form",
            ),
            ("arn:aws:kms::111122223333:key/1234abcd", "doesn't have the form"),
            (
                "arn:aws:s3:eu-central-1:111122223333:key/1234abcd",
                "doesn't have the form",
            ),
            (
                "arn:aws:kms:eu-central-1:111122223333:key/1234abcd ",
                "doesn't have the form",
            ),
        ] {
            let error = KeyArn::parse(arn).unwrap_err();
            assert!(error.is_misconfigured());
            assert!(error.to_string().contains(why), "{arn}: {error}");
        }
    }
}
