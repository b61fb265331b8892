//! The function that Lambda runs.

use every_trigger::{App, triggers};

// One call at a time is what a classic Lambda process gets, and the current-thread runtime is the faster one for it.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::from_env()?;
    cognito_triggers::run(triggers(), app).await?;
    Ok(())
}
