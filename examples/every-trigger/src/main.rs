//! The function that Lambda runs.

use cognito_triggers::RunError;
use every_trigger::{App, triggers};

// One call at a time is what a classic Lambda process gets, and the current-thread runtime is the faster one for it.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RunError> {
    cognito_triggers::run_with(triggers(), async || App::from_env()).await
}
