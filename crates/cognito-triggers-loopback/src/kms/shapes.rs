//! The inputs of the operations, as KMS defines them.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_Operations.html>

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::de::{Deserialize, Deserializer, Error as _};

/// Bytes, which are base64 on the wire.
pub(super) struct Blob(pub(super) Vec<u8>);

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD
            .decode(text)
            .map(Self)
            .map_err(|_| D::Error::custom("not base64"))
    }
}

/// Bytes as an output holds them.
pub(super) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Decrypt {
    pub(super) ciphertext_blob: Blob,
    #[serde(default)]
    pub(super) encryption_context: BTreeMap<String, String>,
    /// The key that must have encrypted the blob; absent for the one that the blob names.
    pub(super) key_id: Option<String>,
    pub(super) encryption_algorithm: Option<String>,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Encrypt {
    pub(super) key_id: String,
    pub(super) plaintext: Blob,
    #[serde(default)]
    pub(super) encryption_context: BTreeMap<String, String>,
    pub(super) encryption_algorithm: Option<String>,
}

/// Exactly one of `key_spec` and `number_of_bytes` says how long the data key is.
#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GenerateDataKey {
    pub(super) key_id: String,
    #[serde(default)]
    pub(super) encryption_context: BTreeMap<String, String>,
    pub(super) key_spec: Option<String>,
    pub(super) number_of_bytes: Option<usize>,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeKey {
    pub(super) key_id: String,
}
