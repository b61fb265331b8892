//! The rows of `known_answers.json`, and a KMS that knows their data keys. The fuzz target `code` uses them too.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cognito_triggers_kms::kms::{DataKey, DecryptRequest, Kms, KmsError, KmsErrorKind};
use cognito_triggers_kms::{Decryptor, Error, SenderEvent};
use cognito_triggers_model::secret::Secret;
use serde::Deserialize;

#[derive(Clone, Deserialize)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) code: Option<String>,
    pub(crate) event_pool: String,
    pub(crate) key_arn: String,
    pub(crate) context: BTreeMap<String, String>,
    /// Maps each encrypted data key to the data key, both in base64.
    pub(crate) data_keys: BTreeMap<String, String>,
    pub(crate) opens: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) asks_kms: bool,
    #[serde(default)]
    pub(crate) temporary_password: bool,
    pub(crate) max_data_keys: Option<usize>,
}

/// Returns the committed rows, or those in the file that the variable `KNOWN_ANSWERS` names.
pub(crate) fn rows() -> Vec<Row> {
    let committed = include_str!("../../../../tests/kms/known_answers.json");
    let named = std::env::var_os("KNOWN_ANSWERS").map(|path| std::fs::read_to_string(path).unwrap());
    let rows: Vec<Row> = serde_json::from_str(named.as_deref().unwrap_or(committed)).unwrap();
    assert!(rows.len() >= 35);
    rows
}

/// Returns a decryptor for the row's message, and a flag that tells whether it called KMS.
pub(crate) fn decryptor(row: &Row) -> (Decryptor, Arc<AtomicBool>) {
    let asked = Arc::new(AtomicBool::new(false));
    let kms = RowKms {
        row: row.clone(),
        asked: asked.clone(),
    };
    let decryptor = Decryptor::builder()
        .key_arn(&row.key_arn)
        .pool("eu-central-1_0nEm0re00")
        .pool("eu-central-1_aB3dE6gHi")
        .max_data_keys(row.max_data_keys.unwrap_or(1))
        .kms(kms)
        .build()
        .unwrap();
    (decryptor, asked)
}

/// Opens `code` as part of the row's event, and returns whether KMS was called.
pub(crate) async fn open(row: &Row, code: Option<&str>) -> (Result<Option<Secret>, Error>, bool) {
    let (decryptor, asked) = decryptor(row);
    let event = RowEvent { row, code };
    let result = decryptor.open(&event).await;
    (result, asked.load(Ordering::Relaxed))
}

pub(crate) struct RowEvent<'a> {
    pub(crate) row: &'a Row,
    pub(crate) code: Option<&'a str>,
}

impl SenderEvent for RowEvent<'_> {
    fn code(&self) -> Option<&str> {
        self.code
    }

    fn user_pool_id(&self) -> &str {
        &self.row.event_pool
    }

    fn is_temporary_password(&self) -> bool {
        self.row.temporary_password
    }
}

struct RowKms {
    row: Row,
    asked: Arc<AtomicBool>,
}

impl Kms for RowKms {
    async fn decrypt(&self, request: DecryptRequest<'_>) -> Result<DataKey, KmsError> {
        self.asked.store(true, Ordering::Relaxed);
        let known = self.row.data_keys.get(&STANDARD.encode(request.ciphertext));
        match known.filter(|_| *request.encryption_context == self.row.context) {
            Some(key) => Ok(DataKey::new(request.key_arn, STANDARD.decode(key).unwrap())),
            None => Err(KmsError::new(
                KmsErrorKind::InvalidCiphertext,
                "not a data key of this row",
            )),
        }
    }
}
