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

/// The input of `Decrypt`.
#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Decrypt {
    pub(super) ciphertext_blob: Blob,
    /// Must equal the context of the encryption; empty if absent.
    #[serde(default)]
    pub(super) encryption_context: BTreeMap<String, String>,
    /// The key that must have encrypted the blob. If absent, the key that the blob names is used.
    pub(super) key_id: Option<String>,
    /// Absence means `SYMMETRIC_DEFAULT`.
    pub(super) encryption_algorithm: Option<String>,
}

/// The input of `Encrypt`.
#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Encrypt {
    /// The ARN or the id of the key.
    pub(super) key_id: String,
    pub(super) plaintext: Blob,
    #[serde(default)]
    pub(super) encryption_context: BTreeMap<String, String>,
    pub(super) encryption_algorithm: Option<String>,
}

/// The input of `GenerateDataKey`. Exactly one of `key_spec` and `number_of_bytes` says how long the data key is.
#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GenerateDataKey {
    pub(super) key_id: String,
    #[serde(default)]
    pub(super) encryption_context: BTreeMap<String, String>,
    /// `AES_256` or `AES_128`.
    pub(super) key_spec: Option<String>,
    /// From 1 to 1,024.
    pub(super) number_of_bytes: Option<usize>,
}

/// The input of `DescribeKey`.
#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeKey {
    /// The ARN or the id of the key.
    pub(super) key_id: String,
}
