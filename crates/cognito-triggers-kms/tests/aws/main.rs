//! The decryptor with the AWS SDK, against a loopback KMS.

#![cfg(feature = "aws")]
#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

mod at_once;
mod environment;

use cognito_triggers_kms::testing::LocalKey;
use cognito_triggers_loopback::kms::LoopbackKms;
use cognito_triggers_loopback::seal::{KEY_ARN, Sealer};
use cognito_triggers_model::{Event, triggers::CustomEmailSender};

const POOL: &str = "eu-central-1_aB3dE6gHi";

async fn loopback() -> LoopbackKms {
    LoopbackKms::start([LocalKey::new(KEY_ARN).unwrap()])
        .await
        .unwrap()
}

fn event(code: &str) -> Event<CustomEmailSender> {
    let code = Sealer::new(&LocalKey::new(KEY_ARN).unwrap(), POOL)
        .seal(code)
        .unwrap();
    let json = format!(
        r#"{{"triggerSource":"CustomEmailSender_SignUp","userPoolId":"{POOL}","request":{{"code":"{code}"}}}}"#
    );
    Event::from_json(json).unwrap()
}
