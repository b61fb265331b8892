//! The flow of `flows/`, played against the handlers and a local user pool in memory.

use cognito_triggers_replay::{InProcess, flow::Flow};
use federated::{App, groups::Groups, memory::InMemory, providers::Providers, triggers};

#[tokio::test]
async fn people_come_from_providers_that_vouch_for_them() {
    let providers: Providers = "ExampleIdP=example.org".parse().unwrap();
    let app = App::<InMemory> {
        groups: Groups::read("ExampleIdP=editors", &providers).unwrap(),
        providers,
        directory: None,
    };
    let flow = Flow::read("flows/providers.flow.json".as_ref()).unwrap();
    flow.run(&InProcess::new(triggers(), app)).await.assert();
}
