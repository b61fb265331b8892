//! The function that Lambda runs.

use std::error::Error;

use cognito_triggers::runtime::Runtime;
use traced::{exporter, provider, subscribe, traced, triggers};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let provider = provider(exporter()?);
    // Before `run`, which leaves a subscriber in place that is there already.
    subscribe(&provider)?;
    Runtime::new(triggers()).layer(traced(provider)).run(()).await?;
    Ok(())
}
