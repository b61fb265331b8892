//! The triggers of an Amazon Cognito user pool.
//!
//! Each handler is in the file of its route, with its unit test. Cases are in `cases/`, and the flow of an app in `flows/`.

mod app;
pub mod create_auth_challenge;
pub mod custom_email_sender;
pub mod custom_message;
pub mod custom_sms_sender;
pub mod define_auth_challenge;
pub mod inbound_federation;
// begin: messages
pub mod outbox;
// end: messages
pub mod post_authentication;
pub mod post_confirmation;
pub mod pre_authentication;
pub mod pre_sign_up;
pub mod pre_token_generation_v1;
pub mod pre_token_generation_v2;
pub mod pre_token_generation_v3;
pub mod user_migration;
pub mod verify_auth_challenge_response;

pub use app::{App, StartError};

use cognito_triggers::{Router, router};

/// The router: a line for each trigger. A misspelled route is a compile error.
pub fn triggers() -> Router<App> {
    router! {
        pre_sign_up => pre_sign_up::allow_known_domains,
        custom_message => custom_message::write_message,
        post_confirmation => post_confirmation::note_new_user,
        pre_authentication => pre_authentication::refuse_old_apps,
        post_authentication => post_authentication::note_new_device,
        define_auth_challenge => define_auth_challenge::allow_three_attempts,
        create_auth_challenge => create_auth_challenge::send_one_code,
        verify_auth_challenge_response => verify_auth_challenge_response::compare_code,
        pre_token_generation_v1 => pre_token_generation_v1::add_plan,
        pre_token_generation_v2 => pre_token_generation_v2::add_plan,
        pre_token_generation_v3 => pre_token_generation_v3::add_plan,
        user_migration => user_migration::take_over,
        custom_sms_sender => custom_sms_sender::send_text_message,
        custom_email_sender => custom_email_sender::send_email,
        inbound_federation => inbound_federation::lower_email,
    }
}
