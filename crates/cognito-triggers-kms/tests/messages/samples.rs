//! The sample events. Their codes have the structure and signature of real ones.

use cognito_triggers_kms::kms::{DataKey, DecryptRequest, Kms, KmsError, KmsErrorKind};
use cognito_triggers_kms::{Decryptor, SenderEvent};
use cognito_triggers_model::samples;
use cognito_triggers_model::{
    Event,
    triggers::{CustomEmailSender, CustomSmsSender},
};

/// The key of the samples' pool.
const KEY_ARN: &str = "arn:aws:kms:eu-central-1:111122223333:key/6c0f9a4e-27d1-4b83-9e5f-d41a7b60c382";

/// A KMS that denies every request: the data keys of the samples no longer exist.
struct DenyingKms;

impl Kms for DenyingKms {
    async fn decrypt(&self, request: DecryptRequest<'_>) -> Result<DataKey, KmsError> {
        assert_eq!(request.ciphertext.len(), 184, "the size of a data key from KMS");
        assert_eq!(request.encryption_context.len(), 2, "the pool and the public key");
        Err(KmsError::new(KmsErrorKind::AccessDenied, "denied"))
    }
}

async fn assert_reaches_kms(event: &impl SenderEvent) {
    let decryptor = Decryptor::builder()
        .key_arn(KEY_ARN)
        .pool(event.user_pool_id())
        .kms(DenyingKms)
        .build()
        .unwrap();
    let error = decryptor.open(event).await.unwrap_err();
    assert!(error.is_access_denied(), "{error}");
}

#[tokio::test]
async fn the_codes_of_the_samples_reach_kms() {
    let mut codes = 0;
    for sample in samples::all().filter(|sample| sample.json.contains("\"code\": \"AYAD")) {
        match sample.route.as_str() {
            "custom_email_sender" => {
                let event: Event<CustomEmailSender> = Event::from_json(sample.json).unwrap();
                assert_reaches_kms(&event).await;
            }
            _ => {
                let event: Event<CustomSmsSender> = Event::from_json(sample.json).unwrap();
                assert_reaches_kms(&event).await;
            }
        }
        codes += 1;
    }
    assert!(codes >= 14, "{codes} samples");
}
