//! The code that the guide shows, with its tests: each file is a block of a page under `docs/guide`, and
//! `tests/tidy/documents.rs` compares them.

mod at_most_once;
mod create_auth_challenge;
mod custom_email_sender;
mod custom_message;
mod custom_sms_sender;
mod define_auth_challenge;
mod errors;
mod flow_file;
mod groups;
mod inbound_federation;
mod invitations;
mod moving_over;
mod otherwise;
mod post_authentication;
mod post_confirmation;
mod pre_authentication;
mod pre_sign_up;
mod pre_token_generation_v1;
mod pre_token_generation_v2;
mod pre_token_generation_v3;
mod state;
mod template_pool;
mod testing;
mod user_migration;
mod verify_auth_challenge_response;
