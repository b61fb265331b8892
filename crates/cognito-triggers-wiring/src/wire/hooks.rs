//! Which keys of `LambdaConfig` the routes of a binary need.
//!
//! | routes | keys |
//! |---|---|
//! | `pre_sign_up` | `PreSignUp` |
//! | `pre_token_generation_v1` | `PreTokenGeneration` |
//! | `pre_token_generation_v2` (or v3) | `PreTokenGeneration`, `PreTokenGenerationConfig` |
//! | `custom_email_sender` | `CustomEmailSender`, `KMSKeyID` |

use cognito_triggers_model::{Route, lambda_config::Key, trigger::COGNITO_TIMEOUT};

use super::error::WireError;
use crate::binary::Binary;

/// The member of `LambdaConfig` with the key for custom senders.
pub(super) const KEY: &str = Key::KmsKeyId.as_str();

/// The hooks of a binary, each as the route that answers it, in the order of the binary's routes.
///
/// A hook occurs once, however many of its versions are routed.
pub(super) struct Hooks(pub(super) Vec<Route>);

impl Hooks {
    /// Finds the hooks for the routes of a binary. If several versions of token generation are routed, the newest wins:
    /// a binary may answer the older one while a pool moves on.
    pub(super) fn of(binary: &Binary) -> Result<Self, WireError> {
        let mut hooks: Vec<Route> = Vec::new();
        for name in &binary.routes {
            let route: Route = name.parse().map_err(|_| WireError::UnknownRoute(name.clone()))?;
            match hooks.iter_mut().find(|hook| hook.key() == route.key()) {
                Some(hook) if version(*hook) < version(route) => *hook = route,
                Some(_) => {}
                None => hooks.push(route),
            }
        }
        match hooks.as_slice() {
            [] => Err(WireError::NoRoutes),
            _ => Ok(Self(hooks)),
        }
    }

    /// The keys of `LambdaConfig` that a template sets, each with the version if its value is an object.
    pub(super) fn keys(&self) -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
        self.0.iter().copied().flat_map(keys)
    }

    /// Whether any hook is a custom sender, so that the pool needs a key.
    pub(super) fn need_key(&self) -> bool {
        self.0.iter().any(|route| route.is_custom_sender())
    }

    /// Whether the pool needs the Essentials plan: for token events V2_0 and V3_0.
    pub(super) fn need_essentials(&self) -> bool {
        self.keys()
            .any(|(key, _)| key == Key::PreTokenGenerationConfig.as_str())
    }

    /// The time limit of the function in seconds. Cognito doesn't wait for custom senders.
    pub(super) fn timeout(&self) -> u64 {
        if self.0.iter().all(|route| route.is_custom_sender()) {
            15
        } else {
            COGNITO_TIMEOUT.as_secs()
        }
    }
}

/// The event version of a route, for the hooks that have one.
fn version(route: Route) -> Option<&'static str> {
    route.definition().lambda_version
}

/// The keys for a route. Token generation of a newer version has two, because older tools read the plain key only. V1_0
/// needs no more than the plain key.
fn keys(route: Route) -> Vec<(&'static str, Option<&'static str>)> {
    let (plain, configured) = (route.key(), route.config_key());
    match version(route) {
        version if plain == configured => vec![(plain.as_str(), version)],
        Some("V1_0") | None => vec![(plain.as_str(), None)],
        version => vec![(plain.as_str(), None), (configured.as_str(), version)],
    }
}

/// The logical id or class name for a binary: `SendCodes` for `send-codes`.
pub(super) fn pascal_case(name: &str) -> String {
    let words = name
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    let id: String = words
        .map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_uppercase() + rest
        })
        .collect();
    match id.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => id,
        _ => format!("Triggers{id}"),
    }
}
