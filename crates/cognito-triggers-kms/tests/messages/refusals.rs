//! The decryptor's errors: settings, pools, and every answer of KMS.

use cognito_triggers_kms::kms::{DataKey, DecryptRequest, Kms, KmsError, KmsErrorKind};
use cognito_triggers_kms::{Decryptor, Error};

use crate::rows::{Row, RowEvent, rows};

/// A KMS that calls a function with the key's ARN.
struct FnKms<F>(F);

impl<F> Kms for FnKms<F>
where
    F: Fn(&str) -> Result<DataKey, KmsError> + Send + Sync + 'static,
{
    async fn decrypt(&self, request: DecryptRequest<'_>) -> Result<DataKey, KmsError> {
        (self.0)(request.key_arn)
    }
}

/// A KMS that must not be called.
struct NoKms;

impl Kms for NoKms {
    async fn decrypt(&self, _: DecryptRequest<'_>) -> Result<DataKey, KmsError> {
        unreachable!("nothing must be decrypted")
    }
}

fn sign_up() -> Row {
    rows()
        .into_iter()
        .find(|row| row.name == "a code of a sign-up")
        .unwrap()
}

/// Returns a decryptor for the row's key and pool.
fn decryptor(row: &Row, kms: impl Kms) -> Decryptor {
    Decryptor::builder()
        .key_arn(&row.key_arn)
        .pool(&row.event_pool)
        .kms(kms)
        .build()
        .unwrap()
}

async fn open_error<F>(answer: F) -> Error
where
    F: Fn(&str) -> Result<DataKey, KmsError> + Send + Sync + 'static,
{
    let row = sign_up();
    let event = RowEvent {
        row: &row,
        code: row.code.as_deref(),
    };
    decryptor(&row, FnKms(answer)).open(&event).await.unwrap_err()
}

#[tokio::test]
async fn every_kms_error_has_its_predicate_and_fix() {
    use KmsErrorKind::*;
    type Predicate = fn(&Error) -> bool;
    let kinds: [(KmsErrorKind, Predicate, bool, &str); 10] = [
        (AccessDenied, Error::is_access_denied, false, "kms:Decrypt"),
        (KeyUnusable, Error::is_key_unusable, false, "enable it"),
        (IncorrectKey, Error::is_wrong_key, false, "KMSKeyID"),
        (InvalidCiphertext, Error::is_tampered, false, "altered"),
        (Throttled, Error::is_throttled, true, "quota"),
        (TimedOut, Error::is_timed_out, true, "VPC"),
        (Unreachable, Error::is_unreachable, true, "AWS_ENDPOINT_URL_KMS"),
        (
            InvalidCredentials,
            Error::is_misconfigured,
            false,
            "AWS_ACCESS_KEY_ID",
        ),
        (Unavailable, Error::is_unavailable, true, "again"),
        (Other, |error| !error.is_transient(), false, "refused"),
    ];
    for (kind, predicate, transient, fix) in kinds {
        let error = open_error(move |_| Err(KmsError::new(kind, "KMS's own words"))).await;
        assert!(predicate(&error), "{kind:?}");
        assert_eq!(error.is_transient(), transient, "{kind:?}");
        assert!(error.to_string().contains(fix), "{error}");
        let source = std::error::Error::source(&error).unwrap();
        assert_eq!(source.to_string(), "KMS's own words");
    }
}

#[tokio::test]
async fn a_data_key_of_another_master_key_is_refused() {
    let other = "arn:aws:kms:eu-central-1:111122223333:key/20ca20ca-20ca-40ca-80ca-20ca20ca20ca";
    let error = open_error(move |_| Ok(DataKey::new(other, vec![0; 32]))).await;
    assert!(error.is_wrong_key(), "{error}");
}

#[tokio::test]
async fn a_data_key_of_another_length_is_refused() {
    for length in [0, 16, 31, 33, 64] {
        let error = open_error(move |arn| Ok(DataKey::new(arn, vec![0; length]))).await;
        assert!(
            error.is_tampered() && error.to_string().contains("32 bytes"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn another_data_key_is_refused() {
    let error = open_error(|arn| Ok(DataKey::new(arn, vec![7; 32]))).await;
    assert!(error.is_tampered(), "{error}");
}

#[tokio::test]
async fn a_notice_of_an_unknown_pool_is_refused() {
    let mut row = sign_up();
    let decryptor = decryptor(&row, NoKms);
    let notice = RowEvent {
        row: &row,
        code: None,
    };
    assert!(decryptor.open(&notice).await.unwrap().is_none());
    row.event_pool = "eu-central-1_zZ9yY8xX7".to_owned();
    let forged = RowEvent {
        row: &row,
        code: None,
    };
    let error = decryptor.open(&forged).await.unwrap_err();
    assert!(
        error.is_wrong_pool() && error.to_string().contains("COGNITO_USER_POOL_IDS"),
        "{error}"
    );
}

#[test]
fn invalid_settings_are_refused_by_the_builder() {
    let arn = sign_up().key_arn;
    let build = |arn: &str, pools: &[&str]| {
        Decryptor::builder()
            .key_arn(arn)
            .pools(pools.iter().copied())
            .kms(NoKms)
            .build()
            .unwrap_err()
    };
    for (error, message) in [
        (build("alias/codes", &["eu-central-1_aB3dE6gHi"]), "an alias"),
        (build(&arn, &[]), "no user pool"),
        (build(&arn, &["eu-central-1"]), "not the id of a user pool"),
        (build(&arn, &["eu-central-1_*"]), "not the id of a user pool"),
        (
            build(&arn, &["eu-central-1_aB3dE6gHi", ""]),
            "not the id of a user pool",
        ),
    ] {
        assert!(error.is_misconfigured());
        assert!(error.to_string().contains(message), "{error}");
    }
}

#[test]
fn debug_output_has_no_secret() {
    let row = sign_up();
    let printed = format!("{:?} {:?}", decryptor(&row, NoKms), Decryptor::fixed("271828"));
    assert!(
        printed.contains(&row.key_arn) && !printed.contains("271828"),
        "{printed}"
    );
}
