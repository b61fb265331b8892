//! The sample events, whose codes are laid out and signed like real ones.

use cognito_triggers::samples;
use cognito_triggers::{CustomEmailSender, CustomSmsSender, Event};
use cognito_triggers_kms::{DataKey, Decrypt, Decryptor, Kms, KmsError, KmsErrorKind, SenderEvent};

/// The key that the samples' pool has.
const KEY: &str = "arn:aws:kms:eu-central-1:111122223333:key/6c0f9a4e-27d1-4b83-9e5f-d41a7b60c382";

/// Nobody has the data keys of the samples any more.
struct Denies;

impl Kms for Denies {
    async fn decrypt(&self, call: Decrypt<'_>) -> Result<DataKey, KmsError> {
        assert_eq!(call.ciphertext.len(), 184, "as KMS encrypts a data key");
        assert_eq!(call.encryption_context.len(), 2, "pool and signature's key");
        Err(KmsError::new(KmsErrorKind::AccessDenied, "denied"))
    }
}

async fn assert_only_the_data_key_is_missing(event: &impl SenderEvent) {
    let decryptor = Decryptor::builder()
        .key_arn(KEY)
        .pool(event.user_pool_id())
        .kms(Denies)
        .build()
        .unwrap();
    let error = decryptor.open(event).await.unwrap_err();
    assert!(error.is_access_denied(), "{error}");
}

#[tokio::test]
async fn the_codes_of_the_samples_pass_all_that_comes_before_kms() {
    let mut codes = 0;
    for sample in samples::all().filter(|sample| sample.json.contains("\"code\": \"AYAD")) {
        match sample.route.as_str() {
            "custom_email_sender" => {
                let event: Event<CustomEmailSender> = Event::from_json(sample.json).unwrap();
                assert_only_the_data_key_is_missing(&event).await;
            }
            _ => {
                let event: Event<CustomSmsSender> = Event::from_json(sample.json).unwrap();
                assert_only_the_data_key_is_missing(&event).await;
            }
        }
        codes += 1;
    }
    assert!(codes >= 14, "{codes} samples");
}
