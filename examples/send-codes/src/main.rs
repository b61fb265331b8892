//! Sends the codes of a user pool: by email through Amazon SES and by SMS through Amazon SNS.

mod app;
mod email;
mod messages;
mod send;
mod sms;

use app::App;
use cognito_triggers::{Router, RunError, router};

pub(crate) fn triggers() -> Router<App> {
    router! {
        custom_email_sender => email::send_email,
        custom_sms_sender   => sms::send_sms,
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RunError> {
    cognito_triggers::run_with(triggers(), async || App::from_env()).await
}
