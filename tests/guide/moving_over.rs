//! The cases that hold for the old function hold for the new one.

use cognito_triggers::{Router, router};
use cognito_triggers_replay::{InProcess, Replay};

use super::pre_sign_up::allow_staff;

fn triggers() -> Router<()> {
    router! { pre_sign_up => allow_staff }
}

#[tokio::test]
async fn the_new_function_answers_as_the_old_one_did() {
    let cases = Replay::dir("guide/moving/cases");
    cases.against(InProcess::new(triggers(), ())).await.assert();
}
