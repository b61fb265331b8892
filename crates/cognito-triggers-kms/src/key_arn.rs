//! The full ARN of a KMS key.

use crate::Error;

/// A key's full ARN, `arn:aws:kms:eu-central-1:111122223333:key/…`: what the data keys of a message name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyArn(String);

impl KeyArn {
    /// Takes a full ARN, and says what is wrong with anything else.
    pub(crate) fn parse(arn: &str) -> Result<Self, Error> {
        let parts: Vec<&str> = arn.split(':').collect();
        if let ["arn", partition, "kms", region, account, resource] = *parts.as_slice() {
            let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
            if let Some(key) = resource.strip_prefix("key/")
                && is_account
                && [partition, region, key].iter().all(|part| is_name(part))
            {
                return Ok(Self(arn.to_owned()));
            }
        }
        Err(Error::configuration(format!(
            "`{arn}` is no key: {}",
            Self::what_instead(arn)
        )))
    }

    fn what_instead(arn: &str) -> String {
        let why = if arn.contains("alias/") {
            "an alias can be pointed at another key, and a message names the key itself"
        } else if arn.is_empty() {
            "it is empty"
        } else if is_name(arn) {
            "a bare id doesn't say in which region and account the key is"
        } else {
            "that isn't the form of a key's ARN"
        };
        format!("{why}. Use the full ARN, as in `arn:aws:kms:eu-central-1:111122223333:key/…`")
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Where the key is, and so where KMS is asked.
    #[cfg(feature = "aws")]
    pub(crate) fn region(&self) -> &str {
        self.0.split(':').nth(3).unwrap_or_default()
    }
}

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
    fn a_full_arn_is_taken() {
        for arn in [
            "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
        ] {
            assert_eq!(KeyArn::parse(arn).unwrap().as_str(), arn);
        }
    }

    #[test]
    fn anything_else_is_told_why() {
        for (arn, why) in [
            ("arn:aws:kms:eu-central-1:111122223333:alias/codes", "an alias"),
            ("alias/codes", "an alias"),
            ("1234abcd-12ab-34cd-56ef-1234567890ab", "a bare id"),
            ("mrk-1234abcd12ab34cd56ef1234567890ab", "a bare id"),
            ("", "it is empty"),
            ("arn:aws:kms:eu-central-1:1111:key/1234abcd", "isn't the form"),
            ("arn:aws:kms:eu-central-1:111122223333:key/", "isn't the form"),
            ("arn:aws:kms::111122223333:key/1234abcd", "isn't the form"),
            (
                "arn:aws:s3:eu-central-1:111122223333:key/1234abcd",
                "isn't the form",
            ),
            (
                "arn:aws:kms:eu-central-1:111122223333:key/1234abcd ",
                "isn't the form",
            ),
        ] {
            let error = KeyArn::parse(arn).unwrap_err();
            assert!(error.is_misconfigured());
            assert!(error.to_string().contains(why), "{arn}: {error}");
        }
    }
}
