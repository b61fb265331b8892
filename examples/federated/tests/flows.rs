//! The flow of `flows/`, played against the handlers and a local user pool in memory.

use cognito_triggers_replay::{InProcess, flow::Flow};
use federated::{App, app::groups, memory::InMemory, triggers};

#[tokio::test]
async fn people_come_from_providers_that_vouch_for_them() {
    let app = App::<InMemory> {
        providers: "ExampleIdP=example.org".parse().unwrap(),
        groups: groups("editors"),
        directory: None,
    };
    let flow = Flow::read("flows/providers.flow.json".as_ref()).unwrap();
    flow.run(&InProcess::new(triggers(), app)).await.assert();
}
