//! Sends the codes of a user pool itself: by e-mail through Amazon SES, by SMS through Amazon SNS.

mod app;
mod attempt;
mod email;
mod once;
mod sms;
mod words;

use app::App;
use cognito_triggers::{Router, RunError, router};

pub(crate) fn triggers() -> Router<App> {
    router! {
        custom_email_sender => email::send_by_mail,
        custom_sms_sender   => sms::send_by_sms,
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RunError> {
    cognito_triggers::run_with(triggers(), async || App::from_env()).await
}
