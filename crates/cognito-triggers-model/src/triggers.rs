//! The list of triggers. A new one is a file in `triggers/` and two lines here: its module and its row.

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

/// Hands the one list of routes to a macro, in the order in which a user meets the triggers.
#[doc(hidden)]
#[macro_export]
macro_rules! with_routes {
    ($macro:ident) => {
        $macro! {
            pre_sign_up: PreSignUp,
            custom_message: CustomMessage,
            post_confirmation: PostConfirmation,
            pre_authentication: PreAuthentication,
            post_authentication: PostAuthentication,
            define_auth_challenge: DefineAuthChallenge,
            create_auth_challenge: CreateAuthChallenge,
            verify_auth_challenge_response: VerifyAuthChallengeResponse,
            pre_token_generation_v1: PreTokenGenerationV1,
            pre_token_generation_v2: PreTokenGenerationV2,
            pre_token_generation_v3: PreTokenGenerationV3,
            user_migration: UserMigration,
            custom_sms_sender: CustomSmsSender,
            custom_email_sender: CustomEmailSender,
            inbound_federation: InboundFederation,
        }
    };
}

macro_rules! define {
    ($($route:ident: $trigger:ident,)+) => {
        $( pub use $route::$trigger; )+

        /// Every trigger in every version: the table that routing, listings and checks read.
        pub const DEFINITIONS: &[crate::Definition] = &[
            $( <$trigger as crate::Trigger>::DEFINITION, )+
        ];
    };
}

with_routes!(define);
pub use otherwise::Otherwise;

/// The definition that a `triggerSource` and `version` belong to.
pub fn find(source: &str, version: &str) -> Found {
    let prefix = source.split_once('_').map_or(source, |(prefix, _)| prefix);
    let mut of_hook = DEFINITIONS
        .iter()
        .enumerate()
        .filter(|(_, definition)| definition.has_prefix(prefix));
    match of_hook.clone().next() {
        None => Found::Nothing,
        Some((index, definition)) if !definition.is_versioned() => Found::Trigger(index),
        Some(_) => of_hook
            .find(|(_, definition)| definition.event_version == version)
            .map_or(Found::OtherVersion, |(index, _)| Found::Trigger(index)),
    }
}

/// What [`find`] found.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// The trigger at this place of [`DEFINITIONS`].
    Trigger(usize),
    /// A trigger that has versions, but not this one.
    OtherVersion,
    /// No trigger known here.
    Nothing,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_leads_back_to_its_definition() {
        let mut sources = std::collections::BTreeSet::new();
        for (index, definition) in DEFINITIONS.iter().enumerate() {
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
                    find(source.name, definition.event_version),
                    Found::Trigger(index),
                    "{}",
                    source.name
                );
                assert!(source.fires.ends_with('.'), "{}: {}", source.name, source.fires);
            }
        }
        assert_eq!(sources.len(), 41);
        assert_eq!(DEFINITIONS.len(), 15);
    }

    #[test]
    fn misprints_in_documents_are_read_as_meant() {
        let route = |source| match find(source, "1") {
            Found::Trigger(index) => DEFINITIONS[index].route,
            other => panic!("{source}: {other:?}"),
        };
        assert_eq!(route("CustomSmsSender_SignUp"), "custom_sms_sender");
        assert_eq!(
            route("VerifyAuthChallenge_Authentication"),
            "verify_auth_challenge_response"
        );
        assert_eq!(find("TokenGeneration_HostedAuth", "$LATEST"), Found::OtherVersion);
        assert_eq!(find("PreSignUpX_SignUp", "1"), Found::Nothing);
    }
}
