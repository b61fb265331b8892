//! The flows: whole sign-ins at a local pool, with the handler as its trigger.

use std::path::Path;

use cognito_triggers_replay::{InProcess, flow::Flow};
use migrate_users::triggers;

use crate::support::app;

#[tokio::test]
async fn every_flow_ends_as_it_says() {
    for name in [
        "sign-in",
        "bcrypt",
        "capitals",
        "forgotten-password",
        "leaked-password",
        "stranger",
        "hidden-users",
    ] {
        let file = Path::new("flows").join(name).with_extension("flow.json");
        let flow = Flow::read(&file).unwrap();
        flow.run(&InProcess::new(triggers(), app())).await.assert();
    }
}
