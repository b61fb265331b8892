//! The function that Lambda runs.

use cognito_triggers::RunError;
use federated::{App, cognito::CognitoDirectory, triggers};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RunError> {
    cognito_triggers::run_with(triggers(), async || App::<CognitoDirectory>::from_env()).await
}
