//! The flow of `flows/`, played against the handler and a local user pool in memory.

use cognito_triggers_replay::{InProcess, flow::Flow};
use localized_messages::{App, triggers};

#[tokio::test]
async fn every_message_of_an_account_is_sent() {
    let app = App::from_settings(|name| (name == "PRODUCT").then(|| "Harbor".to_owned()));
    let flow = Flow::read("flows/every-message.flow.json".as_ref()).unwrap();
    let function = InProcess::new(triggers(), app.unwrap());
    flow.run(&function).await.assert();
}
