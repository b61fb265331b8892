//! `LambdaConfig` as the service has it.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Key;

/// The triggers of a user pool: which functions it calls, in which event version, and the key for codes.
///
/// Reads and writes the JSON of `DescribeUserPool`, `CreateUserPool` and `UpdateUserPool`. A key that isn't
/// known is kept in [`unknown`](Self::unknown) and written back unchanged.
///
/// ```
/// use cognito_triggers_model::lambda_config::{LambdaConfig, LambdaVersion};
///
/// let json = r#"{"PreSignUp":"arn:…:sign-up","InboundFederation":{"LambdaVersion":"V1_0","LambdaArn":"arn:…:users"}}"#;
/// let config: LambdaConfig = serde_json::from_str(json)?;
///
/// assert_eq!(config.pre_sign_up.as_deref(), Some("arn:…:sign-up"));
/// assert_eq!(config.inbound_federation.as_ref().map(|it| &it.lambda_version), Some(&LambdaVersion::V1));
/// assert_eq!(serde_json::to_string(&config)?, json);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LambdaConfig {
    /// Called before a user signs up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pre_sign_up: Option<String>,
    /// Called to write the text of a message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_message: Option<String>,
    /// Called after an account or a new password was confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_confirmation: Option<String>,
    /// Called before a password is checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pre_authentication: Option<String>,
    /// Called after a successful sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_authentication: Option<String>,
    /// Called to decide the next step of a custom sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub define_auth_challenge: Option<String>,
    /// Called to make a challenge of a custom sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_auth_challenge: Option<String>,
    /// Called to check the answer to a challenge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verify_auth_challenge_response: Option<String>,
    /// Called before tokens are issued, with events of version 1. The older spelling of
    /// [`pre_token_generation_config`](Self::pre_token_generation_config); if both are set, the ARNs must be the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pre_token_generation: Option<String>,
    /// Called when a user whom the pool doesn't know signs in or resets a password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_migration: Option<String>,
    /// Called before tokens are issued, with events of the version that it names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pre_token_generation_config: Option<VersionedFunction>,
    /// Called instead of Cognito's own SMS. Needs [`kms_key_id`](Self::kms_key_id).
    #[serde(rename = "CustomSMSSender", skip_serializing_if = "Option::is_none")]
    pub custom_sms_sender: Option<VersionedFunction>,
    /// Called instead of Cognito's own email. Needs [`kms_key_id`](Self::kms_key_id).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_email_sender: Option<VersionedFunction>,
    /// The symmetric key with which Cognito encrypts the codes for the custom senders.
    #[serde(rename = "KMSKeyID", skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    /// Called with the attributes from an identity provider, before they are stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inbound_federation: Option<VersionedFunction>,
    /// Unknown keys, with their values unchanged.
    #[serde(flatten)]
    pub unknown: BTreeMap<String, serde_json::Value>,
}

impl LambdaConfig {
    /// The field of a key.
    ///
    /// ```
    /// use cognito_triggers_model::lambda_config::{FieldMut, Key, LambdaConfig};
    ///
    /// let mut config = LambdaConfig::default();
    /// if let FieldMut::Arn(arn) = config.field_mut(Key::PreSignUp) {
    ///     *arn = Some("arn:…:sign-up".to_owned());
    /// }
    /// assert_eq!(config.pre_sign_up.as_deref(), Some("arn:…:sign-up"));
    /// ```
    // The match names every key, so that a key without a field doesn't compile. The names in JSON come from the derives; a
    // test compares them.
    pub fn field_mut(&mut self, key: Key) -> FieldMut<'_> {
        match key {
            Key::PreSignUp => FieldMut::Arn(&mut self.pre_sign_up),
            Key::CustomMessage => FieldMut::Arn(&mut self.custom_message),
            Key::PostConfirmation => FieldMut::Arn(&mut self.post_confirmation),
            Key::PreAuthentication => FieldMut::Arn(&mut self.pre_authentication),
            Key::PostAuthentication => FieldMut::Arn(&mut self.post_authentication),
            Key::DefineAuthChallenge => FieldMut::Arn(&mut self.define_auth_challenge),
            Key::CreateAuthChallenge => FieldMut::Arn(&mut self.create_auth_challenge),
            Key::VerifyAuthChallengeResponse => FieldMut::Arn(&mut self.verify_auth_challenge_response),
            Key::PreTokenGeneration => FieldMut::Arn(&mut self.pre_token_generation),
            Key::UserMigration => FieldMut::Arn(&mut self.user_migration),
            Key::PreTokenGenerationConfig => FieldMut::Versioned(&mut self.pre_token_generation_config),
            Key::CustomSmsSender => FieldMut::Versioned(&mut self.custom_sms_sender),
            Key::CustomEmailSender => FieldMut::Versioned(&mut self.custom_email_sender),
            Key::KmsKeyId => FieldMut::Arn(&mut self.kms_key_id),
            Key::InboundFederation => FieldMut::Versioned(&mut self.inbound_federation),
        }
    }
}

/// The field of a key, by the shape of its value. `None` in it means that the key isn't set.
#[derive(Debug, PartialEq, Eq)]
pub enum FieldMut<'a> {
    /// The ARN of a function, or of the key for codes.
    Arn(&'a mut Option<String>),
    /// The ARN of a function, and the version of its events.
    Versioned(&'a mut Option<VersionedFunction>),
}

/// A function and the event version it is called with.
///
/// ```
/// use cognito_triggers_model::lambda_config::{LambdaVersion, VersionedFunction};
///
/// let function = VersionedFunction {
///     lambda_version: LambdaVersion::V1,
///     lambda_arn: "arn:aws:lambda:eu-west-1:111122223333:function:mails".to_owned(),
/// };
/// let json = serde_json::to_value(&function)?;
/// assert_eq!(json["LambdaVersion"], "V1_0");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct VersionedFunction {
    /// The event version.
    pub lambda_version: LambdaVersion,
    /// The ARN of the function, or of one of its aliases.
    pub lambda_arn: String,
}

/// The version of a trigger's events, as `LambdaVersion` spells it.
///
/// ```
/// use cognito_triggers_model::lambda_config::LambdaVersion;
///
/// assert_eq!(LambdaVersion::from("V2_0"), LambdaVersion::V2);
/// assert_eq!(LambdaVersion::from("V9_0").as_str(), "V9_0");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LambdaVersion {
    /// `V1_0`, the only one for custom senders and inbound federation.
    V1,
    /// `V2_0`: token generation with access tokens. Needs the Essentials or Plus plan.
    V2,
    /// `V3_0`: as `V2_0`, and for machine tokens too.
    V3,
    /// An unknown version, as it was written.
    Unknown(String),
}

impl LambdaVersion {
    /// The version as `LambdaVersion` spells it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::V1 => "V1_0",
            Self::V2 => "V2_0",
            Self::V3 => "V3_0",
            Self::Unknown(other) => other,
        }
    }
}

impl From<&str> for LambdaVersion {
    fn from(text: &str) -> Self {
        match text {
            "V1_0" => Self::V1,
            "V2_0" => Self::V2,
            "V3_0" => Self::V3,
            other => Self::Unknown(other.to_owned()),
        }
    }
}

impl fmt::Display for LambdaVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for LambdaVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for LambdaVersion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from(String::deserialize(deserializer)?.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lambda_config::Shape;

    fn full() -> serde_json::Value {
        let values = Key::ALL.iter().map(|key| {
            let value = match key.shape() {
                Shape::Versioned { .. } => serde_json::json!({"LambdaVersion": "V1_0", "LambdaArn": "arn"}),
                Shape::Arn | Shape::Key => "arn".into(),
            };
            (key.to_string(), value)
        });
        serde_json::Value::Object(values.collect())
    }

    #[test]
    fn every_key_has_a_field_and_comes_back_as_it_was() {
        let config: LambdaConfig = serde_json::from_value(full()).unwrap();
        assert!(
            config.unknown.is_empty(),
            "no field for {:?}",
            config.unknown.keys()
        );
        assert_eq!(serde_json::to_value(&config).unwrap(), full());
    }

    #[test]
    fn every_field_has_the_shape_of_its_key() {
        let mut config: LambdaConfig = serde_json::from_value(full()).unwrap();
        for key in Key::ALL {
            match (key.shape(), config.field_mut(*key)) {
                (Shape::Arn | Shape::Key, FieldMut::Arn(field)) => *field = None,
                (Shape::Versioned { .. }, FieldMut::Versioned(field)) => *field = None,
                (shape, field) => panic!("{key} takes {shape:?}, and its field is {field:?}"),
            }
            let left = serde_json::to_value(&config).unwrap();
            assert!(left.get(key.as_str()).is_none(), "{key} sets another field");
        }
        assert_eq!(config, LambdaConfig::default());
    }

    #[test]
    fn unknown_keys_are_kept() {
        let text = r#"{"PreSignUp":"arn","InboundFederation":{"LambdaVersion":"V7_0","LambdaArn":"arn"},"PreTea":{"x":[1.50]}}"#;
        let config: LambdaConfig = serde_json::from_str(text).unwrap();
        assert_eq!(
            config.inbound_federation.as_ref().unwrap().lambda_version,
            LambdaVersion::Unknown("V7_0".into())
        );
        assert_eq!(
            serde_json::to_string(&config).unwrap().len(),
            text.len() - "0".len()
        );
        assert_eq!(config.unknown["PreTea"], serde_json::json!({"x": [1.5]}));
    }
}
