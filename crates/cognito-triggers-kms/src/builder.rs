//! The settings of a [`Decryptor`].

use std::fmt;
use std::time::Duration;

#[cfg(feature = "aws")]
use crate::aws::AwsKms;
use crate::decryptor::Decryptor;
use crate::error::Error;
use crate::key_arn::KeyArn;
use crate::kms::{DynKms, Kms};
use crate::opener::Opener;
use crate::pool_id::is_pool_id;

/// The environment variable with the full ARN of the key.
#[cfg(feature = "aws")]
const KEY_ARN_VARIABLE: &str = "COGNITO_KMS_KEY_ARN";
/// The environment variable with the ids of the pools, separated by commas.
#[cfg(feature = "aws")]
const POOL_IDS_VARIABLE: &str = "COGNITO_USER_POOL_IDS";

/// Configures a [`Decryptor`]: its key, its user pools, and how to reach KMS.
///
/// A key and at least one pool are required.
///
/// ```
/// # fn main() -> Result<(), cognito_triggers_kms::Error> {
/// use std::time::Duration;
///
/// use cognito_triggers_kms::Decryptor;
/// use cognito_triggers_kms::testing::LocalKey;
///
/// let arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
/// let decryptor = Decryptor::builder()
///     .key_arn(arn)
///     .pool("eu-central-1_aB3dE6gHi")
///     .timeout(Duration::from_secs(2))
///     .max_data_keys(1)
///     .kms(LocalKey::new(arn)?)
///     .build()?;
/// # Ok(())
/// # }
/// ```
pub struct DecryptorBuilder {
    key_arn: String,
    pools: Vec<String>,
    max_data_keys: usize,
    timeout: Duration,
    kms: Option<Box<dyn DynKms>>,
}

impl Default for DecryptorBuilder {
    fn default() -> Self {
        Self {
            key_arn: String::new(),
            pools: Vec::new(),
            max_data_keys: 1,
            timeout: Duration::from_secs(4),
            kms: None,
        }
    }
}

impl DecryptorBuilder {
    /// Sets the full ARN of the key in the pool's `KMSKeyID`. Required.
    ///
    /// An alias or a bare key id is refused: a message names its key by the full ARN, and the decryptor never
    /// tries another key.
    #[must_use]
    pub fn key_arn(self, arn: impl Into<String>) -> Self {
        Self {
            key_arn: arn.into(),
            ..self
        }
    }

    /// Adds a user pool, by its id. At least one is required.
    #[must_use]
    pub fn pool(mut self, id: impl Into<String>) -> Self {
        self.pools.push(id.into());
        self
    }

    /// Adds user pools, by their ids.
    ///
    /// ```
    /// use cognito_triggers_kms::Decryptor;
    ///
    /// let ids = "eu-central-1_aB3dE6gHi,eu-central-1_zZ9yY8xX7";
    /// let builder = Decryptor::builder().pools(ids.split(','));
    /// ```
    #[must_use]
    pub fn pools(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.pools.extend(ids.into_iter().map(Into::into));
        self
    }

    /// Sets how many data keys a message may have. The default is 1: every message of Cognito has one.
    #[must_use]
    pub fn max_data_keys(self, max_data_keys: usize) -> Self {
        Self {
            max_data_keys,
            ..self
        }
    }

    /// Sets how long KMS may take for each code, retries included. The default is 4 seconds.
    ///
    /// Lambda's own default for a whole function is 3 seconds. Raise that limit, or call
    /// [`Decryptor::open_within`], which overrides this setting for one call.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Replaces AWS KMS in the key's region, which is the default with the feature `aws`.
    ///
    /// The implementation enforces the [timeout](crate::kms::DecryptRequest::timeout) itself.
    #[must_use]
    pub fn kms(self, kms: impl Kms) -> Self {
        Self {
            kms: Some(Box::new(kms)),
            ..self
        }
    }

    /// Checks the settings and returns the decryptor. Opens no connection.
    ///
    /// # Errors
    /// Fails if the key isn't a full ARN, if there is no pool, or if a pool's id is malformed. Without the
    /// feature `aws`, also fails if [`kms`](Self::kms) wasn't called. All of them are
    /// [`is_misconfigured`](Error::is_misconfigured).
    pub fn build(self) -> Result<Decryptor, Error> {
        let key = KeyArn::parse(&self.key_arn)?;
        if self.pools.is_empty() {
            return Err(Error::configuration(
                "the decryptor has no user pool: name the pools whose codes it may open",
            ));
        }
        if let Some(id) = self.pools.iter().find(|id| !is_pool_id(id)) {
            return Err(Error::configuration(format!(
                "{id:?} is not the id of a user pool: use an id like `eu-central-1_aB3dE6gHi`"
            )));
        }
        let kms = self.kms.map_or_else(|| default_kms(&key), Ok)?;
        let Self {
            pools,
            max_data_keys,
            timeout,
            ..
        } = self;
        Ok(Decryptor::with_opener(Opener {
            key,
            pools,
            max_data_keys,
            timeout,
            kms,
        }))
    }

    /// Reads the settings through `variable`, which is the process environment or a test's substitute.
    #[cfg(feature = "aws")]
    fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let required = |name: &str, expected: &str| {
            variable(name)
                .filter(|value| !value.trim().is_empty())
                .ok_or_else(|| Error::configuration(format!("{name} isn't set: set it to {expected}")))
        };
        let key_arn = required(
            KEY_ARN_VARIABLE,
            "the full ARN of the key in the pool's `KMSKeyID`",
        )?;
        let pools = required(
            POOL_IDS_VARIABLE,
            "the ids of the user pools, separated by commas",
        )?;
        let pools = pools.split(',').map(str::trim).filter(|id| !id.is_empty());
        Ok(Self::default().key_arn(key_arn.trim()).pools(pools))
    }
}

impl fmt::Debug for DecryptorBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptorBuilder")
            .field("key_arn", &self.key_arn)
            .field("pools", &self.pools)
            .field("max_data_keys", &self.max_data_keys)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// The constructors live here, so that the decryptor doesn't depend on its builder.
impl Decryptor {
    /// Returns a builder with the default settings. A key and at least one pool are required.
    ///
    /// [`DecryptorBuilder`] has an example.
    #[must_use]
    pub fn builder() -> DecryptorBuilder {
        DecryptorBuilder::default()
    }

    /// Reads the key from `COGNITO_KMS_KEY_ARN` and the pools from `COGNITO_USER_POOL_IDS`, separated by commas.
    ///
    /// The decryptor reads credentials and opens a connection when it opens the first code, not here.
    ///
    /// ```no_run
    /// use cognito_triggers_kms::Decryptor;
    ///
    /// # fn main() -> Result<(), cognito_triggers_kms::Error> {
    /// let decryptor = Decryptor::from_env()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Fails if a variable is missing or blank, if the key isn't a full ARN, or if a pool's id is malformed.
    #[cfg(feature = "aws")]
    pub fn from_env() -> Result<Self, Error> {
        DecryptorBuilder::from_variables(|name| std::env::var(name).ok())?.build()
    }
}

#[cfg(feature = "aws")]
fn default_kms(key: &KeyArn) -> Result<Box<dyn DynKms>, Error> {
    Ok(Box::new(AwsKms::in_region(key.region())))
}

#[cfg(not(feature = "aws"))]
fn default_kms(_: &KeyArn) -> Result<Box<dyn DynKms>, Error> {
    Err(Error::configuration(
        "the decryptor has no KMS: enable the feature `aws`, or call `DecryptorBuilder::kms`",
    ))
}

#[cfg(all(test, feature = "aws"))]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    fn read(key: &str, pools: &str) -> Result<DecryptorBuilder, Error> {
        DecryptorBuilder::from_variables(|name| match name {
            KEY_ARN_VARIABLE => Some(key.to_owned()),
            POOL_IDS_VARIABLE => Some(pools.to_owned()),
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
    fn a_blank_variable_counts_as_missing() {
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
