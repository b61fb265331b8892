//! One function that answers every trigger of a user pool, with a small policy for each.
//!
//! Copy the handlers that you need. A handler is a plain `async fn`, named after its decision, and its tests call it.
//! `cases/` has events and the approved answers:
//!
//! ```text
//! cargo cognito replay examples/every-trigger --bin every-trigger
//! ```

mod app;
pub mod challenge;
pub mod federation;
pub mod messages;
pub mod migration;
pub mod old_directory;
pub mod senders;
pub mod sign_in;
pub mod sign_up;
pub mod texts;
pub mod tokens;

pub use app::{App, Message, NoAddress, Outbox, StartError, Tenants};

use cognito_triggers::{Router, router};

/// The router: the handler for each trigger.
pub fn triggers() -> Router<App> {
    router! {
        pre_sign_up                    => sign_up::allow_known_tenants,
        post_confirmation              => sign_up::welcome_new_users,
        custom_message                 => messages::write_in_their_language,
        pre_authentication             => sign_in::refuse_old_apps,
        post_authentication            => sign_in::note_new_devices,
        define_auth_challenge          => challenge::allow_three_attempts,
        create_auth_challenge          => challenge::mail_one_code,
        verify_auth_challenge_response => challenge::compare_the_code,
        pre_token_generation_v1        => tokens::add_tenant_claim,
        pre_token_generation_v2        => tokens::add_tenant_and_scopes,
        pre_token_generation_v3        => tokens::add_tenant_and_scopes,
        user_migration                 => migration::take_over_from_old_directory,
        custom_sms_sender              => senders::note_text_message,
        custom_email_sender            => senders::note_email,
        inbound_federation             => federation::shorten_long_values,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use cognito_triggers::{Context, model::triggers::DEFINITIONS};

    use crate::{App, triggers};

    /// A context for a handler, and its app, which a test can inspect afterwards.
    pub(crate) fn test_context() -> (Context<App>, Arc<App>) {
        let app = Arc::new(App::for_tests());
        (Context::new(Arc::clone(&app)), app)
    }

    #[test]
    fn every_trigger_is_answered() {
        assert_eq!(triggers().routes().count(), DEFINITIONS.len());
    }
}
