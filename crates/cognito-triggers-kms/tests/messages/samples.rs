//! The sample events, whose codes have the layout of real ones.

use cognito_triggers::testing::samples;
use cognito_triggers::{CustomEmailSender, CustomSmsSender, Event};
use cognito_triggers_kms::{Decryptor, Error, SenderEvent};

use crate::refusals::NeverAsked;

/// The key that the samples' pool has.
const KEY: &str = "arn:aws:kms:eu-central-1:111122223333:key/6c0f9a4e-27d1-4b83-9e5f-d41a7b60c382";

/// Pool, key and structure are right. Nobody has the keys that made these messages, so their signatures are made up.
async fn assert_only_the_signature_is_wrong(event: &impl SenderEvent) {
    let decryptor = Decryptor::builder().key_arn(KEY).pool(event.user_pool_id()).kms(NeverAsked).build().unwrap();
    let error: Error = decryptor.open(event).await.unwrap_err();
    assert!(error.is_tampered() && error.to_string().contains("signature"), "{error}");
}

#[tokio::test]
async fn the_codes_of_the_samples_are_read_up_to_their_signature() {
    let mut read = 0;
    for sample in samples::all().filter(|sample| sample.json.contains("\"code\": \"AYAD")) {
        match sample.route {
            "custom_email_sender" => {
                let event: Event<CustomEmailSender> = Event::from_json(sample.json).unwrap();
                assert_only_the_signature_is_wrong(&event).await;
            }
            _ => {
                let event: Event<CustomSmsSender> = Event::from_json(sample.json).unwrap();
                assert_only_the_signature_is_wrong(&event).await;
            }
        }
        read += 1;
    }
    assert!(read >= 14, "{read} samples");
}
