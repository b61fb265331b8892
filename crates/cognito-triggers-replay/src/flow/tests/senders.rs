//! Flows with a custom sender that opens its codes, as a deployed one does.

use std::sync::{Arc, Mutex};

use cognito_triggers::{custom_email_sender, custom_sms_sender};
use cognito_triggers_kms::{Decryptor, SenderEvent, testing::LocalKey};
use cognito_triggers_loopback::seal::KEY_ARN;
use cognito_triggers_model::trigger::Source;

use super::*;

/// What a sender has opened, by trigger source.
#[derive(Clone, Default)]
struct Opened(Arc<Mutex<Vec<(String, String)>>>);

impl Opened {
    async fn open(&self, source: &str, event: &impl SenderEvent) -> Result<()> {
        let key = LocalKey::new(KEY_ARN).unwrap();
        let decryptor = Decryptor::builder()
            .key_arn(KEY_ARN)
            .pool("eu-central-1_Tr1gg3rs0")
            .kms(key);
        let code = decryptor.build().unwrap().open(event).await?.unwrap();
        let opened = (source.to_owned(), code.expose().to_owned());
        self.0.lock().unwrap().push(opened);
        Ok(())
    }
}

fn sending(opened: &Opened) -> InProcess<Opened> {
    let router: Router<Opened> = router! {
        custom_email_sender => async |context, event| {
            context.state.open(event.source.as_str(), &event).await.map(|()| custom_email_sender::Response::default())
        },
        custom_sms_sender => async |context, event| {
            context.state.open(event.source.as_str(), &event).await.map(|()| custom_sms_sender::Response::default())
        },
    };
    InProcess::new(router, opened.clone())
}

fn play(json: &str) -> (Run, Vec<(String, String)>) {
    let opened = Opened::default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let flow = Flow::parse("x", json).unwrap();
    let run = runtime.unwrap().block_on(flow.run(&sending(&opened)));
    let opened = opened.0.lock().unwrap().clone();
    (run, opened)
}

#[test]
fn a_sender_opens_the_codes_that_the_pool_sealed() {
    let (run, opened) = play(Flow::included("sign-up").unwrap());
    run.assert();
    assert_eq!(opened[0].0, "CustomEmailSender_SignUp");
    assert!(
        opened[0].1.len() == 6 && opened[0].1.bytes().all(|byte| byte.is_ascii_digit()),
        "{opened:?}"
    );
    assert!(!format!("{run}{run:?}{}", run.to_json()).contains(&opened[0].1));

    let (run, opened) = play(Flow::included("temporary-password").unwrap());
    run.assert();
    assert_eq!(opened[0].0, "CustomEmailSender_AdminCreateUser");
    assert!(opened[0].1.len() >= 8, "a temporary password");
}

#[test]
fn a_phone_number_gets_a_text_message() {
    let (run, opened) = play(
        r#"{"user": {"attributes": {"phone_number": "+15550100"}}, "calls": [
            {"call": "SignUp", "expect": "success: a code", "triggers": ["PreSignUp_SignUp", "CustomSMSSender_SignUp"]},
            {"call": "ConfirmSignUp", "expect": "success"}]}"#,
    );
    run.assert();
    assert_eq!(opened[0].0, "CustomSMSSender_SignUp");
}
