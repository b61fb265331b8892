//! A flow of your own, played in process.

use cognito_triggers::{Router, router};
use cognito_triggers_replay::{InProcess, flow::Flow};

use super::errors::check_invitation;

fn triggers() -> Router<()> {
    router! { pre_sign_up => check_invitation }
}

#[tokio::test]
async fn an_old_invitation_is_refused_and_a_new_one_taken() {
    let flow = Flow::read("guide/invitation.flow.json".as_ref()).unwrap();
    flow.run(&InProcess::new(triggers(), ())).await.assert();
}
