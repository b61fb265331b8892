//! Which keys of `LambdaConfig` the routes of a binary need.
//!
//! | routes | keys |
//! |---|---|
//! | `pre_sign_up` | `PreSignUp` |
//! | `pre_token_generation_v1` | `PreTokenGeneration` |
//! | `pre_token_generation_v2` (or v3) | `PreTokenGeneration`, `PreTokenGenerationConfig` |
//! | `custom_email_sender` | `CustomEmailSender`, `KMSKeyID` |

use cognito_triggers_model::Route;

use super::error::WireError;
use crate::{
    binary::Binary,
    lambda_config::{Shape, shape},
};

/// The key for custom senders is called so in every template.
pub(super) const KEY: &str = "KMSKeyID";

/// A hook that the routes of a binary need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hook {
    /// The hook: `PreTokenGeneration`.
    pub(super) name: &'static str,
    /// The event version, for the hooks that have one.
    pub(super) version: Option<&'static str>,
}

impl Hook {
    /// The keys that a template sets, each with the version if its value is an object. Token generation of a newer
    /// version has two: older tools read the plain key only.
    pub(super) fn keys(&self) -> Vec<(&'static str, Option<&'static str>)> {
        match (shape(self.name), self.version) {
            (Some(Shape::Versioned { .. }), version) => vec![(self.name, version)],
            // V1_0 needs no more than the plain key.
            (_, Some("V1_0") | None) => vec![(self.name, None)],
            (_, version) => vec![(self.name, None), ("PreTokenGenerationConfig", version)],
        }
    }

    /// Whether Cognito hands encrypted codes to the function.
    pub(super) fn is_custom_sender(&self) -> bool {
        Route::of_hook(self.name).any(Route::is_custom_sender)
    }
}

/// The hooks of a binary, in the order of its routes.
///
/// A hook occurs once, however many of its versions are routed.
pub(super) struct Hooks(pub(super) Vec<Hook>);

impl Hooks {
    /// Finds the hooks for the routes of a binary. If several versions of token generation are routed, the newest wins:
    /// a binary may answer the older one while a pool moves on.
    pub(super) fn of(binary: &Binary) -> Result<Self, WireError> {
        let mut hooks: Vec<Hook> = Vec::new();
        for name in &binary.routes {
            let route: Route = name.parse().map_err(|_| WireError::UnknownRoute(name.clone()))?;
            let definition = route.definition();
            match hooks.iter_mut().find(|hook| hook.name == definition.hook) {
                Some(hook) => hook.version = hook.version.max(definition.lambda_version),
                None => hooks.push(Hook {
                    name: definition.hook,
                    version: definition.lambda_version,
                }),
            }
        }
        match hooks.as_slice() {
            [] => Err(WireError::NoRoutes),
            _ => Ok(Self(hooks)),
        }
    }

    /// The keys of `LambdaConfig` that a template sets.
    pub(super) fn keys(&self) -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
        self.0.iter().flat_map(Hook::keys)
    }

    /// Whether any hook is a custom sender, so that the pool needs a key.
    pub(super) fn need_key(&self) -> bool {
        self.0.iter().any(Hook::is_custom_sender)
    }

    /// Whether the pool needs the Essentials plan: for token events V2_0 and V3_0.
    pub(super) fn need_essentials(&self) -> bool {
        self.keys().any(|(key, _)| key == "PreTokenGenerationConfig")
    }

    /// The time limit of the function in seconds. Cognito waits five for every trigger but custom senders.
    pub(super) fn timeout(&self) -> u64 {
        if self.0.iter().all(Hook::is_custom_sender) {
            15
        } else {
            5
        }
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
