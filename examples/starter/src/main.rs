//! The function that Lambda runs.

use cognito_triggers::RunError;
use starter::{App, triggers};

// A Lambda process gets one call at a time. For this, the current-thread runtime is faster.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RunError> {
    cognito_triggers::run_with(triggers(), async || App::from_env()).await
}
