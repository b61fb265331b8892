//! `LambdaConfig`, the setting of a user pool that names its triggers: its keys, the functions that it calls, and the whole
//! as a type.
//!
//! Source: [`LambdaConfigType`](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_LambdaConfigType.html),
//! API version 2016-04-18 as botocore 1.44.5 has it. Which routes a key sets is
//! [`Key::routes`].
//!
//! `PreTokenGeneration` and `PreTokenGenerationConfig` both set token generation; if both are there, their ARNs must
//! be the same. `KMSKeyID` is required with either custom sender. UpdateUserPool resets every setting that a call
//! doesn't name, so a call that leaves `LambdaConfig` out removes all triggers.
//!
//! [`LambdaConfig`] is for whoever writes the setting. [`hooks`] looks up functions in its JSON as a pool keeps it, where each call
//! of a trigger would otherwise parse the whole.

mod hook;
mod typed;

use std::fmt;

use serde_json::{Value, json};

pub use self::hook::{Hook, hooks};
pub use self::typed::{FieldMut, LambdaConfig, LambdaVersion, VersionedFunction};
use crate::route::Route;

/// What the value of a key looks like.
///
/// The ARN of a function may name an alias; the console can't set that, but the API can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A string: the ARN of a function.
    ///
    /// A trigger without versions takes nothing else: `{LambdaVersion, LambdaArn}` is an error there.
    Arn,
    /// An object: `{LambdaVersion, LambdaArn}`.
    ///
    /// `LambdaVersion` is a string such as `V1_0`, and `LambdaArn` the ARN of a function.
    Versioned {
        /// The values of `LambdaVersion` that are known today.
        versions: &'static [&'static str],
    },
    /// A string: the ARN of a key in AWS KMS.
    ///
    /// The key has to be a symmetric one. Its id, or the name of an alias, is refused.
    Key,
}

/// Declares the keys, each with its name on the wire and the shape of its value, in AWS's order.
macro_rules! keys {
    ($($key:ident $name:literal $shape:expr;)+) => {
        /// A key of `LambdaConfig`.
        ///
        /// The enum is exhaustive on purpose. A key that AWS adds becomes a variant in a new minor version of this crate,
        /// and the compiler then names every place that doesn't know it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Key {
            $(
                #[doc = concat!("`", $name, "`.")]
                $key,
            )+
        }

        impl Key {
            /// Every key, in AWS's order.
            pub const ALL: &'static [Self] = &[ $( Self::$key ),+ ];

            /// The key as `LambdaConfig` spells it: `PreSignUp`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $( Self::$key => $name, )+
                }
            }

            /// The shape of the key's value.
            pub const fn shape(self) -> Shape {
                match self {
                    $( Self::$key => $shape, )+
                }
            }
        }
    };
}

keys! {
    PreSignUp "PreSignUp" Shape::Arn;
    CustomMessage "CustomMessage" Shape::Arn;
    PostConfirmation "PostConfirmation" Shape::Arn;
    PreAuthentication "PreAuthentication" Shape::Arn;
    PostAuthentication "PostAuthentication" Shape::Arn;
    DefineAuthChallenge "DefineAuthChallenge" Shape::Arn;
    CreateAuthChallenge "CreateAuthChallenge" Shape::Arn;
    VerifyAuthChallengeResponse "VerifyAuthChallengeResponse" Shape::Arn;
    PreTokenGeneration "PreTokenGeneration" Shape::Arn;
    UserMigration "UserMigration" Shape::Arn;
    PreTokenGenerationConfig "PreTokenGenerationConfig" Shape::Versioned { versions: &["V1_0", "V2_0", "V3_0"] };
    CustomSmsSender "CustomSMSSender" Shape::Versioned { versions: &["V1_0"] };
    CustomEmailSender "CustomEmailSender" Shape::Versioned { versions: &["V1_0"] };
    KmsKeyId "KMSKeyID" Shape::Key;
    InboundFederation "InboundFederation" Shape::Versioned { versions: &["V1_0"] };
}

impl Key {
    /// The key with this name; `None` for a name that isn't known. Case matters.
    ///
    /// ```
    /// use cognito_triggers_model::lambda_config::Key;
    ///
    /// assert_eq!(Key::from_name("KMSKeyID"), Some(Key::KmsKeyId));
    /// assert_eq!(Key::from_name("KmsKeyId"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|key| key.as_str() == name)
    }

    /// The routes that the key can set: one, or the three versions of token generation; none for
    /// [`KmsKeyId`](Self::KmsKeyId).
    pub fn routes(self) -> impl Iterator<Item = Route> {
        let routes = Route::ALL.iter().copied();
        routes.filter(move |route| route.key() == self || route.config_key() == self)
    }

    /// The route that a pool calls for the key. `version` is `LambdaVersion`.
    ///
    /// Without a version, or with one that isn't known, it is the first version. `None` for [`KmsKeyId`](Self::KmsKeyId),
    /// which sets no trigger.
    ///
    /// ```
    /// use cognito_triggers_model::{Route, lambda_config::Key};
    ///
    /// let key = Key::PreTokenGenerationConfig;
    /// assert_eq!(key.route(Some("V2_0")), Some(Route::PreTokenGenerationV2));
    /// assert_eq!(key.route(None), Some(Route::PreTokenGenerationV1));
    /// ```
    pub fn route(self, version: Option<&str>) -> Option<Route> {
        let of_version = version.and_then(|version| {
            let mut routes = self.routes();
            routes.find(|route| route.definition().lambda_version == Some(version))
        });
        of_version.or_else(|| self.routes().next())
    }

    /// The key beside which Cognito ignores this one: [`PreTokenGenerationConfig`](Self::PreTokenGenerationConfig) for
    /// [`PreTokenGeneration`](Self::PreTokenGeneration), and `None` for every other.
    pub fn superseded_by(self) -> Option<Self> {
        let config = self.routes().next()?.config_key();
        (config != self).then_some(config)
    }

    /// Whether the key sets a custom sender.
    pub fn is_custom_sender(self) -> bool {
        self.routes().any(Route::is_custom_sender)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Route {
    /// The key of `LambdaConfig` that sets the trigger. The three versions of token generation share
    /// `PreTokenGeneration`, and can be set with `PreTokenGenerationConfig` too; V2_0 and V3_0 only with that one.
    pub const fn key(self) -> Key {
        match self {
            Self::PreSignUp => Key::PreSignUp,
            Self::CustomMessage => Key::CustomMessage,
            Self::PostConfirmation => Key::PostConfirmation,
            Self::PreAuthentication => Key::PreAuthentication,
            Self::PostAuthentication => Key::PostAuthentication,
            Self::DefineAuthChallenge => Key::DefineAuthChallenge,
            Self::CreateAuthChallenge => Key::CreateAuthChallenge,
            Self::VerifyAuthChallengeResponse => Key::VerifyAuthChallengeResponse,
            Self::PreTokenGenerationV1 | Self::PreTokenGenerationV2 | Self::PreTokenGenerationV3 => {
                Key::PreTokenGeneration
            }
            Self::UserMigration => Key::UserMigration,
            Self::CustomSmsSender => Key::CustomSmsSender,
            Self::CustomEmailSender => Key::CustomEmailSender,
            Self::InboundFederation => Key::InboundFederation,
        }
    }

    /// The key that sets the trigger in the event version of the route: `PreTokenGenerationConfig` for token generation,
    /// and [`key`](Self::key) for every other route.
    pub const fn config_key(self) -> Key {
        match self.key() {
            Key::PreTokenGeneration => Key::PreTokenGenerationConfig,
            key => key,
        }
    }

    /// The member of `LambdaConfig` with which a pool calls a function for this route.
    ///
    /// `function` is the ARN of the function or of its alias. The value has `LambdaVersion` if the key takes one.
    ///
    /// ```
    /// use cognito_triggers_model::{Route, lambda_config::Key};
    /// use serde_json::json;
    ///
    /// let (key, value) = Route::PreTokenGenerationV2.wired("arn:…");
    /// assert_eq!(key, Key::PreTokenGenerationConfig);
    /// assert_eq!(value, json!({ "LambdaVersion": "V2_0", "LambdaArn": "arn:…" }));
    /// assert_eq!(Route::PreSignUp.wired("arn:…"), (Key::PreSignUp, json!("arn:…")));
    /// ```
    pub fn wired(self, function: &str) -> (Key, Value) {
        let value = match self.definition().lambda_version {
            Some(version) => json!({ "LambdaVersion": version, "LambdaArn": function }),
            None => json!(function),
        };
        (self.config_key(), value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_by_its_name() {
        for key in Key::ALL {
            assert_eq!(Key::from_name(key.as_str()), Some(*key));
            assert_eq!(Key::from_name(&key.to_string()), Some(*key));
        }
    }

    #[test]
    fn a_route_is_wired_in_the_shape_of_its_key() {
        for route in Route::ALL {
            let (key, value) = route.wired("arn");
            assert!(key.routes().any(|own| own == *route), "{route}");
            assert_eq!(key.superseded_by(), None, "{route}");
            match key.shape() {
                Shape::Versioned { versions } => {
                    let version = value["LambdaVersion"].as_str().unwrap();
                    assert!(versions.contains(&version), "{route}");
                }
                Shape::Arn => assert_eq!(value, "arn", "{route}"),
                Shape::Key => panic!("{route} sets the key"),
            }
        }
    }

    #[test]
    fn a_key_takes_the_versions_of_its_routes() {
        for key in Key::ALL {
            match key.shape() {
                Shape::Arn => assert!(key.routes().count() > 0, "{key}"),
                Shape::Key => assert_eq!(key.routes().count(), 0, "{key}"),
                Shape::Versioned { versions } => {
                    let own: Vec<_> = key
                        .routes()
                        .filter_map(|route| route.definition().lambda_version)
                        .collect();
                    assert_eq!(own, versions, "{key}");
                }
            }
        }
    }
}
