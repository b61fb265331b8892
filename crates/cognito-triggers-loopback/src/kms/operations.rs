//! The operations, over local keys.

use aws_lc_rs::rand;
use cognito_triggers_kms::Error;
use cognito_triggers_kms::kms::{KmsError, KmsErrorKind};
use cognito_triggers_kms::testing::LocalKey;
use cognito_triggers_model::arn::Arn;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::shapes::{Decrypt, DescribeKey, Encrypt, GenerateDataKey, encode};
use crate::aws_json::{ServiceError, ServiceRequest};

/// The only encryption algorithm of a symmetric key.
const ALGORITHM: &str = "SYMMETRIC_DEFAULT";

/// Runs the operation that the request names. `TrentService` is KMS's own name for itself on the wire.
pub(super) fn run(request: &ServiceRequest, keys: &[LocalKey]) -> Result<Value, ServiceError> {
    match request.target.strip_prefix("TrentService.") {
        Some("Decrypt") => decrypt(request.input()?, keys),
        Some("Encrypt") => encrypt(request.input()?, keys),
        Some("GenerateDataKey") => generate_data_key(request.input()?, keys),
        Some("DescribeKey") => describe_key(request.input()?, keys),
        _ => Err(ServiceError::unknown_operation(format!(
            "{} isn't served here; this KMS has Decrypt, Encrypt, GenerateDataKey and DescribeKey",
            request.target
        ))),
    }
}

/// Decrypts what a local key has encrypted. The key is that of the request, or the one that the ciphertext names.
///
/// As in KMS, an error doesn't say whether the ciphertext or the encryption context is wrong.
fn decrypt(input: Decrypt, keys: &[LocalKey]) -> Result<Value, ServiceError> {
    check_algorithm(input.encryption_algorithm.as_deref())?;
    let ciphertext = &input.ciphertext_blob.0;
    let encrypted_by = LocalKey::arn_in(ciphertext).ok_or_else(|| {
        ServiceError::new(
            "InvalidCiphertextException",
            "no local key encrypted this; a real ciphertext needs the real KMS",
        )
    })?;
    let key = find_key(input.key_id.as_deref().unwrap_or(encrypted_by), keys)?;
    let plaintext = key
        .decrypt(ciphertext, &input.encryption_context)
        .map_err(decryption_error)?;
    Ok(json!({ "KeyId": key.arn(), "Plaintext": encode(&plaintext), "EncryptionAlgorithm": ALGORITHM }))
}

/// Encrypts a plaintext of any length. KMS itself accepts 4,096 bytes at most.
fn encrypt(input: Encrypt, keys: &[LocalKey]) -> Result<Value, ServiceError> {
    check_algorithm(input.encryption_algorithm.as_deref())?;
    let key = find_key(&input.key_id, keys)?;
    let plaintext = Zeroizing::new(input.plaintext.0);
    let ciphertext = key
        .encrypt(&plaintext, &input.encryption_context)
        .map_err(|error| internal(&error))?;
    Ok(json!({ "KeyId": key.arn(), "CiphertextBlob": encode(&ciphertext), "EncryptionAlgorithm": ALGORITHM }))
}

/// Makes a random data key of 1 to 1,024 bytes, and returns it both as plaintext and encrypted.
fn generate_data_key(input: GenerateDataKey, keys: &[LocalKey]) -> Result<Value, ServiceError> {
    let key = find_key(&input.key_id, keys)?;
    let length = match (input.key_spec.as_deref(), input.number_of_bytes) {
        (Some("AES_256"), None) => 32,
        (Some("AES_128"), None) => 16,
        (None, Some(bytes)) if (1..=1024).contains(&bytes) => bytes,
        _ => {
            let message = "give either KeySpec (AES_256 or AES_128) or NumberOfBytes (1 to 1024)";
            return Err(ServiceError::new("ValidationException", message));
        }
    };
    let mut plaintext = Zeroizing::new(vec![0; length]);
    rand::fill(&mut plaintext).map_err(|_| {
        ServiceError::internal("KMSInternalException", "the system has no source of randomness")
    })?;
    let ciphertext = key
        .encrypt(&plaintext, &input.encryption_context)
        .map_err(|error| internal(&error))?;
    Ok(json!({ "KeyId": key.arn(), "Plaintext": encode(&plaintext), "CiphertextBlob": encode(&ciphertext) }))
}

/// Describes a key as KMS describes an enabled symmetric key of the customer.
fn describe_key(input: DescribeKey, keys: &[LocalKey]) -> Result<Value, ServiceError> {
    let arn = find_key(&input.key_id, keys)?.arn();
    Ok(json!({
        "KeyMetadata": {
            "Arn": arn,
            "KeyId": id(arn),
            "AWSAccountId": Arn::parse(arn).map(|arn| arn.account),
            "Description": "a local key, which protects nothing",
            "Enabled": true,
            "KeyState": "Enabled",
            "KeyUsage": "ENCRYPT_DECRYPT",
            "KeySpec": "SYMMETRIC_DEFAULT",
            "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
            "EncryptionAlgorithms": [ALGORITHM],
            "KeyManager": "CUSTOMER",
            "Origin": "AWS_KMS",
            "MultiRegion": false,
        }
    }))
}

/// Refuses algorithms of asymmetric keys. Absence means `SYMMETRIC_DEFAULT`.
fn check_algorithm(algorithm: Option<&str>) -> Result<(), ServiceError> {
    match algorithm {
        None | Some(ALGORITHM) => Ok(()),
        Some(other) => {
            let message =
                format!("EncryptionAlgorithm {other} is for asymmetric keys; local keys are symmetric");
            Err(ServiceError::new("InvalidKeyUsageException", message))
        }
    }
}

/// The key with this ARN or key id. Aliases are never served.
fn find_key<'k>(key_id: &str, keys: &'k [LocalKey]) -> Result<&'k LocalKey, ServiceError> {
    keys.iter()
        .find(|key| key.arn() == key_id || id(key.arn()) == key_id)
        .ok_or_else(|| {
            let served: Vec<_> = keys.iter().map(LocalKey::arn).collect();
            let message = format!(
                "Key '{key_id}' isn't served here (aliases never are); this KMS has {}",
                served.join(", ")
            );
            ServiceError::new("NotFoundException", message)
        })
}

/// The key id at the end of a key ARN.
fn id(arn: &str) -> &str {
    let key = Arn::parse(arn).and_then(|arn| arn.resource.strip_prefix("key/"));
    key.unwrap_or(arn)
}

/// The error that KMS returns for a ciphertext that it can't decrypt.
fn decryption_error(error: KmsError) -> ServiceError {
    match error.kind() {
        KmsErrorKind::IncorrectKey => ServiceError::new(
            "IncorrectKeyException",
            "the ciphertext was encrypted under a key other than that of the request",
        ),
        _ => ServiceError::new(
            "InvalidCiphertextException",
            "the ciphertext was altered, or the encryption context differs from that of the encryption",
        ),
    }
}

/// A failure of the cryptographic library.
fn internal(error: &Error) -> ServiceError {
    ServiceError::internal("KMSInternalException", error.to_string())
}
