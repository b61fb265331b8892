//! Inputs and errors as KMS writes them, in AWS JSON 1.1.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _};
use serde_json::{Value, json};

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

pub(super) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Decrypt {
    pub(super) ciphertext_blob: Blob,
    #[serde(default)]
    pub(super) encryption_context: BTreeMap<String, String>,
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

/// Reads an input. Members that it doesn't know are passed over, as grant tokens are.
pub(super) fn input<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::new("SerializationException", error.to_string()))
}

/// An error of KMS: its name, and words that help.
#[derive(Debug)]
pub(super) struct Refusal {
    name: &'static str,
    message: String,
}

impl Refusal {
    pub(super) fn new(name: &'static str, message: impl Into<String>) -> Self {
        Self {
            name,
            message: message.into(),
        }
    }

    /// KMS answers 400 to whatever is the caller's fault.
    pub(super) fn status(&self) -> u16 {
        if self.name == "KMSInternalException" {
            500
        } else {
            400
        }
    }

    pub(super) fn into_body(self) -> Value {
        json!({ "__type": self.name, "message": self.message })
    }
}
