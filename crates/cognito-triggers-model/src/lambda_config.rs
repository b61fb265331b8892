//! The keys of `LambdaConfig`, the setting of a user pool that names its triggers.
//!
//! Source: [`LambdaConfigType`](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_LambdaConfigType.html),
//! API version 2016-04-18 as botocore 1.44.5 has it. Which routes a key sets is
//! [`Route::of_hook`](crate::Route::of_hook).
//!
//! `PreTokenGeneration` and `PreTokenGenerationConfig` both set token generation; if both are there, their ARNs must
//! be the same. `KMSKeyID` is required with either custom sender. UpdateUserPool resets every setting that a call
//! doesn't name, so a call that leaves `LambdaConfig` out removes all triggers.

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

/// Every key with the shape of its value, in AWS's order.
///
/// A trigger that isn't set has no key. AWS may add keys.
pub const KEYS: [(&str, Shape); 15] = [
    ("PreSignUp", Shape::Arn),
    ("CustomMessage", Shape::Arn),
    ("PostConfirmation", Shape::Arn),
    ("PreAuthentication", Shape::Arn),
    ("PostAuthentication", Shape::Arn),
    ("DefineAuthChallenge", Shape::Arn),
    ("CreateAuthChallenge", Shape::Arn),
    ("VerifyAuthChallengeResponse", Shape::Arn),
    ("PreTokenGeneration", Shape::Arn),
    ("UserMigration", Shape::Arn),
    (
        "PreTokenGenerationConfig",
        Shape::Versioned {
            versions: &["V1_0", "V2_0", "V3_0"],
        },
    ),
    ("CustomSMSSender", Shape::Versioned { versions: &["V1_0"] }),
    ("CustomEmailSender", Shape::Versioned { versions: &["V1_0"] }),
    ("KMSKeyID", Shape::Key),
    ("InboundFederation", Shape::Versioned { versions: &["V1_0"] }),
];

/// The shape of a key's value; `None` for a key that isn't known.
///
/// Case matters.
///
/// ```
/// use cognito_triggers_model::lambda_config::{Shape, shape};
///
/// assert_eq!(shape("PreSignUp"), Some(Shape::Arn));
/// assert_eq!(shape("PreSignup"), None);
/// ```
pub fn shape(key: &str) -> Option<Shape> {
    let mut keys = KEYS.iter();
    keys.find(|(name, _)| *name == key).map(|(_, shape)| *shape)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::Route;

    #[test]
    fn every_route_has_its_key() {
        for route in Route::ALL {
            assert!(shape(route.hook()).is_some(), "{route}");
        }
    }

    #[test]
    fn a_key_takes_the_versions_of_its_routes() {
        for (key, shape) in KEYS {
            let routes = || Route::of_hook(key);
            match shape {
                Shape::Arn => assert!(routes().count() > 0, "{key}"),
                Shape::Key => assert_eq!(routes().count(), 0, "{key}"),
                Shape::Versioned { versions } => {
                    let own: Vec<_> = routes()
                        .filter_map(|route| route.definition().lambda_version)
                        .collect();
                    assert_eq!(own, versions, "{key}");
                }
            }
        }
    }
}
