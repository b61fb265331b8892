//! Lets invited people sign up, and welcomes each of them once.

mod app;
mod invitations;
mod mail;
mod sign_up;
mod welcome;

use app::App;
use cognito_triggers::{Router, RunError, router};

pub(crate) fn triggers() -> Router<App> {
    router! {
        pre_sign_up       => sign_up::let_invited_people_in,
        post_confirmation => welcome::welcome,
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RunError> {
    cognito_triggers::run_with(triggers(), async || App::from_env()).await
}
