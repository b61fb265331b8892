//! The function that Lambda runs.

use cognito_triggers::RunError;
use migrate_users::{App, triggers};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RunError> {
    cognito_triggers::run_with(triggers(), async || App::from_env()).await
}
