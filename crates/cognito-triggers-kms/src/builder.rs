//! Setting up a [`Decryptor`].

use std::fmt;
use std::time::Duration;

use crate::key_arn::KeyArn;
use crate::kms::{AnyKms, Kms};
use crate::opener::Opener;
use crate::{Decryptor, Error};

/// One key, the pools it encrypts codes for, and how to reach KMS.
///
/// ```
/// # fn main() -> Result<(), cognito_triggers_kms::Error> {
/// use cognito_triggers_kms::{Decryptor, LocalKey};
///
/// let arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
/// let decryptor = Decryptor::builder()
///     .key_arn(arn)
///     .pool("eu-central-1_aB3dE6gHi")
///     .kms(LocalKey::new(arn)?)
///     .build()?;
/// # Ok(())
/// # }
/// ```
pub struct Builder {
    key_arn: String,
    pools: Vec<String>,
    max_data_keys: usize,
    time_limit: Duration,
    kms: Option<Box<dyn AnyKms>>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            key_arn: String::new(),
            pools: Vec::new(),
            max_data_keys: 1,
            time_limit: Duration::from_secs(4),
            kms: None,
        }
    }
}

impl Builder {
    /// The full ARN of the key in the pool's `KMSKeyID`. Required.
    ///
    /// An alias or a bare id won't do: a message names its key by the full ARN, and no other key is ever tried.
    #[must_use]
    pub fn key_arn(self, arn: impl Into<String>) -> Self {
        Self {
            key_arn: arn.into(),
            ..self
        }
    }

    /// Serves the pool with this id. At least one is required; call it once for each.
    #[must_use]
    pub fn pool(mut self, id: impl Into<String>) -> Self {
        self.pools.push(id.into());
        self
    }

    /// Serves the pools with these ids too.
    #[must_use]
    pub fn pools(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.pools.extend(ids.into_iter().map(Into::into));
        self
    }

    /// How many data keys a message may have. The default is 1, as in every message of Cognito.
    #[must_use]
    pub fn max_data_keys(self, max_data_keys: usize) -> Self {
        Self {
            max_data_keys,
            ..self
        }
    }

    /// How long KMS may take to answer, retries included, where [`Decryptor::open_within`] doesn't say
    /// otherwise. The default is 4 seconds, and Lambda's own for a whole function is 3: raise that, or use
    /// `open_within`.
    #[must_use]
    pub fn time_limit(self, time_limit: Duration) -> Self {
        Self { time_limit, ..self }
    }

    /// Asks this instead of AWS KMS in the key's region. It has to keep the [time limit](crate::Decrypt::time_limit)
    /// itself.
    #[must_use]
    pub fn kms(self, kms: impl Kms) -> Self {
        Self {
            kms: Some(Box::new(kms)),
            ..self
        }
    }

    /// Checks the settings. Nothing is connected yet.
    ///
    /// # Errors
    /// The key isn't a full ARN, there is no pool, or a pool's id isn't one.
    pub fn build(self) -> Result<Decryptor, Error> {
        let key = KeyArn::parse(&self.key_arn)?;
        if self.pools.is_empty() {
            return Err(Error::configuration(
                "there is no user pool: name the ones whose codes may be opened",
            ));
        }
        if let Some(id) = self.pools.iter().find(|id| !is_pool_id(id)) {
            return Err(Error::configuration(format!(
                "{id:?} is no id of a user pool; one looks like `eu-central-1_aB3dE6gHi`"
            )));
        }
        let kms = self.kms.map_or_else(|| default_kms(&key), Ok)?;
        let Self {
            pools,
            max_data_keys,
            time_limit,
            ..
        } = self;
        Ok(Decryptor::opening(Opener {
            key,
            pools,
            max_data_keys,
            time_limit,
            kms,
        }))
    }

    #[cfg(feature = "aws")]
    pub(crate) fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let required = |name: &str, what: &str| {
            variable(name)
                .filter(|value| !value.trim().is_empty())
                .ok_or_else(|| Error::configuration(format!("{name} isn't set: it takes {what}")))
        };
        let key_arn = required(
            "COGNITO_KMS_KEY_ARN",
            "the full ARN of the key in the pool's `KMSKeyID`",
        )?;
        let pools = required(
            "COGNITO_USER_POOL_IDS",
            "the ids of the user pools, separated by commas",
        )?;
        let pools = pools.split(',').map(str::trim).filter(|id| !id.is_empty());
        Ok(Self::default().key_arn(key_arn.trim()).pools(pools))
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("key_arn", &self.key_arn)
            .field("pools", &self.pools)
            .field("max_data_keys", &self.max_data_keys)
            .field("time_limit", &self.time_limit)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "aws")]
fn default_kms(key: &KeyArn) -> Result<Box<dyn AnyKms>, Error> {
    Ok(Box::new(crate::AwsKms::in_region(key.region())))
}

#[cfg(not(feature = "aws"))]
fn default_kms(_: &KeyArn) -> Result<Box<dyn AnyKms>, Error> {
    Err(Error::configuration(
        "there is no KMS: turn the feature `aws` on, or call `Builder::kms`",
    ))
}

/// A region, an underscore, and letters and digits.
pub(crate) fn is_pool_id(id: &str) -> bool {
    let is_region = |part: &str| {
        part.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    id.split_once('_').is_some_and(|(region, rest)| {
        !region.is_empty()
            && is_region(region)
            && !rest.is_empty()
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

#[cfg(all(test, feature = "aws"))]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    fn read(key: &str, pools: &str) -> Result<Builder, Error> {
        Builder::from_variables(|name| match name {
            "COGNITO_KMS_KEY_ARN" => Some(key.to_owned()),
            "COGNITO_USER_POOL_IDS" => Some(pools.to_owned()),
            _ => None,
        })
    }

    #[test]
    fn pools_are_separated_by_commas() {
        let builder = read(
            &format!(" {ARN}\n"),
            "eu-central-1_aB3dE6gHi, us-east-1_zZ9yY8xX7,",
        )
        .unwrap();
        assert_eq!(builder.key_arn, ARN);
        assert_eq!(builder.pools, ["eu-central-1_aB3dE6gHi", "us-east-1_zZ9yY8xX7"]);
        assert!(builder.build().is_ok());
    }

    #[test]
    fn a_blank_variable_is_a_missing_one() {
        for (key, pools, missing) in [
            ("", "eu-central-1_a", "COGNITO_KMS_KEY_ARN"),
            (ARN, " ", "COGNITO_USER_POOL_IDS"),
        ] {
            let error = read(key, pools).unwrap_err();
            assert!(
                error.is_misconfigured() && error.to_string().contains(missing),
                "{error}"
            );
        }
        assert!(
            read(ARN, ",")
                .unwrap()
                .build()
                .unwrap_err()
                .to_string()
                .contains("no user pool")
        );
    }
}
