//! The triggers: a module for each, and the facts about them by route.
//!
//! A new trigger is a file in `triggers/`, its module here, and its line in [`Route`]. The compiler then
//! names every table that lacks a row for it.

use std::fmt;

use crate::{
    lambda_config::Key,
    route::{Route, with_routes},
    trigger::Definition,
};

pub mod create_auth_challenge;
pub mod custom_email_sender;
pub mod custom_message;
pub mod custom_sms_sender;
pub mod define_auth_challenge;
pub mod inbound_federation;
pub mod otherwise;
pub mod post_authentication;
pub mod post_confirmation;
pub mod pre_authentication;
pub mod pre_sign_up;
pub mod pre_token_generation;
pub mod pre_token_generation_v1;
pub mod pre_token_generation_v2;
pub mod pre_token_generation_v3;
pub mod user_migration;
pub mod verify_auth_challenge_response;

/// The part of a `triggerSource` after the underscore: `SignUp` of `PreSignUp_SignUp`.
pub type Suffix = &'static str;

/// Whether something that is known for these sources applies to a `triggerSource`. An empty list applies to every source.
///
/// No source, or one without an underscore, stands for the whole trigger, to which every list applies.
pub(crate) fn includes(suffixes: &[Suffix], source: Option<&str>) -> bool {
    let suffix = source.and_then(|source| source.split_once('_'));
    suffixes.is_empty() || suffix.is_none_or(|(_, suffix)| suffixes.contains(&suffix))
}

macro_rules! define {
    ($($route:ident: $trigger:ident,)+) => {
        $( pub use $route::$trigger; )+

        /// The facts about every trigger in every version, in the order of [`Route::ALL`].
        pub const DEFINITIONS: &[Definition] = &[ $( $route::DEFINITION, )+ ];

        impl Route {
            /// The facts about the trigger of this route.
            pub const fn definition(self) -> &'static Definition {
                match self {
                    $( Self::$trigger => &$route::DEFINITION, )+
                }
            }
        }
    };
}

with_routes!(define);
pub use otherwise::Otherwise;

impl Route {
    /// The route that takes an event, by its `triggerSource` and its `version`.
    ///
    /// `version` matters for token generation only, whose three versions have the same sources.
    ///
    /// # Errors
    /// [`FindRouteError::UnknownSource`] if no trigger known here sends such a source, and
    /// [`FindRouteError::UnknownVersion`] if the trigger is known and the version isn't.
    ///
    /// ```
    /// use cognito_triggers_model::Route;
    ///
    /// assert_eq!(Route::find("PreSignUp_SignUp", "1"), Ok(Route::PreSignUp));
    /// assert_eq!(Route::find("TokenGeneration_HostedAuth", "2"), Ok(Route::PreTokenGenerationV2));
    /// ```
    pub fn find(source: &str, version: &str) -> Result<Self, FindRouteError> {
        let prefix = source.split_once('_').map_or(source, |(prefix, _)| prefix);
        let mut candidates = DEFINITIONS
            .iter()
            .filter(|definition| definition.has_prefix(prefix));
        let first = candidates.clone().next().ok_or(FindRouteError::UnknownSource)?;
        if !first.is_versioned() {
            return Ok(first.route);
        }
        candidates
            .find(|definition| definition.event_version == version)
            .map(|definition| definition.route)
            .ok_or(FindRouteError::UnknownVersion)
    }

    /// Whether a custom sender is called with this `triggerSource`. A source that no trigger known here sends isn't one.
    ///
    /// ```
    /// use cognito_triggers_model::Route;
    ///
    /// assert!(Route::is_sender_source("CustomEmailSender_SignUp"));
    /// assert!(!Route::is_sender_source("CustomMessage_SignUp"));
    /// ```
    pub fn is_sender_source(source: &str) -> bool {
        // The senders aren't versioned, so any version finds them.
        Self::find(source, "1").is_ok_and(Self::is_custom_sender)
    }

    /// The key of `LambdaConfig` that sets the trigger: `PreSignUp`. The three versions of token generation share one.
    pub const fn hook(self) -> &'static str {
        self.definition().hook
    }

    /// The routes of a key of `LambdaConfig`: one, or the three versions of token generation; none for a key that sets
    /// no trigger. `PreTokenGenerationConfig` has the same routes as `PreTokenGeneration`.
    pub fn of_hook(key: &str) -> impl Iterator<Item = Self> + use<> {
        Key::from_name(key).into_iter().flat_map(Key::routes)
    }

    /// Whether the trigger is a custom sender: it gets an encrypted code, and Cognito doesn't wait for its answer.
    pub const fn is_custom_sender(self) -> bool {
        !self.definition().synchronous
    }
}

impl Definition {
    /// The facts about the trigger that sends such an event; `None` if no route takes it.
    pub fn find(source: &str, version: &str) -> Option<&'static Self> {
        Route::find(source, version).ok().map(Route::definition)
    }
}

/// The error for an event that no route takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindRouteError {
    /// No trigger known here sends this `triggerSource`.
    UnknownSource,
    /// The trigger is known, but not in the `version` of the event.
    UnknownVersion,
}

impl fmt::Display for FindRouteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownSource => "no trigger known here sends this `triggerSource`",
            Self::UnknownVersion => "the trigger is known, but not in this `version`",
        })
    }
}

impl std::error::Error for FindRouteError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_leads_back_to_its_definition() {
        let mut sources = std::collections::BTreeSet::new();
        for definition in DEFINITIONS {
            assert!(!definition.sources.is_empty(), "{}", definition.route);
            assert!(
                definition
                    .page
                    .starts_with("https://docs.aws.amazon.com/cognito/"),
                "{}",
                definition.page
            );
            for source in definition.sources {
                sources.insert(source.name);
                assert_eq!(
                    Route::find(source.name, definition.event_version),
                    Ok(definition.route),
                    "{}",
                    source.name
                );
                assert!(
                    source.description.ends_with('.'),
                    "{}: {}",
                    source.name,
                    source.description
                );
            }
        }
        assert_eq!(sources.len(), 41);
        assert_eq!(DEFINITIONS.len(), 15);
    }

    #[test]
    fn an_alias_of_a_prefix_is_read_like_the_prefix() {
        assert_eq!(
            Route::find("CustomSmsSender_SignUp", "1"),
            Ok(Route::CustomSmsSender)
        );
        assert_eq!(
            Route::find("VerifyAuthChallenge_Authentication", "1"),
            Ok(Route::VerifyAuthChallengeResponse)
        );
        let unknown = Route::find("TokenGeneration_HostedAuth", "$LATEST");
        assert_eq!(unknown, Err(FindRouteError::UnknownVersion));
        assert_eq!(
            Route::find("PreSignUpX_SignUp", "1"),
            Err(FindRouteError::UnknownSource)
        );
    }

    #[test]
    fn a_key_of_lambda_config_has_its_routes() {
        let routes = |key: &str| Route::of_hook(key).map(Route::as_str).collect::<Vec<_>>();
        assert_eq!(routes("CustomSMSSender"), ["custom_sms_sender"]);
        assert_eq!(routes("PreTokenGenerationConfig").len(), 3);
        assert_eq!(routes("KMSKeyID"), [""; 0]);
        assert_eq!(routes(""), [""; 0]);
        let senders = Route::ALL.iter().filter(|route| route.is_custom_sender());
        assert_eq!(senders.count(), 2);
    }
}
