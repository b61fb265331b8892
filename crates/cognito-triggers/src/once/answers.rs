//! Answers as a store has them: JSON, sealed or in clear.

use cognito_triggers_model::{secret::Secret, zeroizing::ZeroizingBuffer};
use serde::{Serialize, de::DeserializeOwned};

use super::seal::Seal;
use crate::error::BoxError;

/// The longest JSON of an answer. An item of Amazon DynamoDB has room for 400 KB.
const MAX_BYTES: usize = 64 * 1024;

/// What a stored answer begins with, so that a changed setting isn't misread.
const IN_CLEAR: &str = "json:";
const SEALED: &str = "sealed:";

/// The answer as the store gets it.
///
/// # Errors
/// Fails if the value isn't JSON, is too long, or can't be sealed.
pub(super) fn to_stored<R: Serialize>(
    key: &str,
    answer: &R,
    seal: Option<&dyn Seal>,
) -> Result<Secret, BoxError> {
    let mut buffer = ZeroizingBuffer::default();
    serde_json::to_writer(&mut buffer, answer).map_err(|_| "the value can't be written as JSON")?;
    let json = std::str::from_utf8(buffer.as_slice()).map_err(|_| "the value can't be written as JSON")?;
    if json.len() > MAX_BYTES {
        return Err(format!("the value has {} bytes; at most {MAX_BYTES} are kept", json.len()).into());
    }
    let Some(seal) = seal else {
        return Ok(Secret::new(format!("{IN_CLEAR}{json}")));
    };
    let sealed = seal.seal(key, &Secret::new(json))?;
    Ok(Secret::new(format!("{SEALED}{sealed}")))
}

/// The value of a stored answer.
///
/// # Errors
/// Fails if it was sealed with another secret, was altered, or is a value of another type. The text has no part of it.
pub(super) fn from_stored<R: DeserializeOwned>(
    key: &str,
    stored: &Secret,
    seal: Option<&dyn Seal>,
) -> Result<R, BoxError> {
    let read = |json: &str| {
        // The error of serde_json could quote the value.
        serde_json::from_str(json).map_err(|_| "the recorded value has another type".into())
    };
    let text = stored.expose();
    match (text.strip_prefix(IN_CLEAR), text.strip_prefix(SEALED), seal) {
        (Some(json), _, _) => read(json),
        (_, Some(sealed), Some(seal)) => read(seal.open(key, sealed)?.expose()),
        (_, Some(_), None) => Err("it is sealed, and there is no seal to open it".into()),
        _ => Err("it was recorded by another version of this library".into()),
    }
}
