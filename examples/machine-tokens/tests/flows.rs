//! The flow of `flows/`, played against the handler and a local user pool in memory.

use cognito_triggers_replay::{InProcess, flow::Flow};
use machine_tokens::{App, triggers};

#[tokio::test]
async fn machines_and_people_get_their_tokens() {
    let machines = include_str!("machines.json").parse().unwrap();
    let flow = Flow::read("flows/machines-and-people.flow.json".as_ref()).unwrap();
    let function = InProcess::new(triggers(), App { machines });
    flow.run(&function).await.assert();
}
