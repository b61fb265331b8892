//! The operations, over local keys.

use aws_lc_rs::rand;
use cognito_triggers_kms::Error;
use cognito_triggers_kms::kms::{KmsError, KmsErrorKind};
use cognito_triggers_kms::testing::LocalKey;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::wire::{Decrypt, DescribeKey, Encrypt, GenerateDataKey, Refusal, encode, input};

/// The only algorithm of a symmetric key.
const ALGORITHM: &str = "SYMMETRIC_DEFAULT";

/// Runs what `target` names, as in `TrentService.Decrypt`.
pub(super) fn run(target: &str, body: &[u8], keys: &[LocalKey]) -> Result<Value, Refusal> {
    match target.strip_prefix("TrentService.") {
        Some("Decrypt") => decrypt(input(body)?, keys),
        Some("Encrypt") => encrypt(input(body)?, keys),
        Some("GenerateDataKey") => generate_data_key(input(body)?, keys),
        Some("DescribeKey") => describe_key(input(body)?, keys),
        _ => Err(Refusal::new(
            "UnknownOperationException",
            format!(
                "{target} isn't served here: this KMS has Decrypt, Encrypt, GenerateDataKey and DescribeKey"
            ),
        )),
    }
}

fn decrypt(input: Decrypt, keys: &[LocalKey]) -> Result<Value, Refusal> {
    check_algorithm(input.encryption_algorithm.as_deref())?;
    let ciphertext = &input.ciphertext_blob.0;
    let made_by = LocalKey::arn_in(ciphertext).ok_or_else(|| {
        Refusal::new(
            "InvalidCiphertextException",
            "no local key made this: a real ciphertext needs the real KMS",
        )
    })?;
    let key = find(input.key_id.as_deref().unwrap_or(made_by), keys)?;
    let plaintext = key
        .decrypt(ciphertext, &input.encryption_context)
        .map_err(refused)?;
    Ok(json!({ "KeyId": key.arn(), "Plaintext": encode(&plaintext), "EncryptionAlgorithm": ALGORITHM }))
}

fn encrypt(input: Encrypt, keys: &[LocalKey]) -> Result<Value, Refusal> {
    check_algorithm(input.encryption_algorithm.as_deref())?;
    let key = find(&input.key_id, keys)?;
    let plaintext = Zeroizing::new(input.plaintext.0);
    let ciphertext = key
        .encrypt(&plaintext, &input.encryption_context)
        .map_err(|error| internal(&error))?;
    Ok(json!({ "KeyId": key.arn(), "CiphertextBlob": encode(&ciphertext), "EncryptionAlgorithm": ALGORITHM }))
}

fn generate_data_key(input: GenerateDataKey, keys: &[LocalKey]) -> Result<Value, Refusal> {
    let key = find(&input.key_id, keys)?;
    let length = match (input.key_spec.as_deref(), input.number_of_bytes) {
        (Some("AES_256"), None) => 32,
        (Some("AES_128"), None) => 16,
        (None, Some(bytes)) if (1..=1024).contains(&bytes) => bytes,
        _ => {
            let message = "give either KeySpec (AES_256 or AES_128) or NumberOfBytes (1 to 1024)";
            return Err(Refusal::new("ValidationException", message));
        }
    };
    let mut plaintext = Zeroizing::new(vec![0; length]);
    rand::fill(&mut plaintext).map_err(|_| Refusal::new("KMSInternalException", "there is no randomness"))?;
    let ciphertext = key
        .encrypt(&plaintext, &input.encryption_context)
        .map_err(|error| internal(&error))?;
    Ok(json!({ "KeyId": key.arn(), "Plaintext": encode(&plaintext), "CiphertextBlob": encode(&ciphertext) }))
}

fn describe_key(input: DescribeKey, keys: &[LocalKey]) -> Result<Value, Refusal> {
    let arn = find(&input.key_id, keys)?.arn();
    let part = |index| arn.split(':').nth(index).unwrap_or_default();
    Ok(json!({
        "KeyMetadata": {
            "Arn": arn,
            "KeyId": id(arn),
            "AWSAccountId": part(4),
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

fn check_algorithm(algorithm: Option<&str>) -> Result<(), Refusal> {
    match algorithm {
        None | Some(ALGORITHM) => Ok(()),
        Some(other) => {
            let message =
                format!("EncryptionAlgorithm {other} is for asymmetric keys, and local keys aren't");
            Err(Refusal::new("InvalidKeyUsageException", message))
        }
    }
}

/// The key with this ARN or id.
fn find<'k>(key_id: &str, keys: &'k [LocalKey]) -> Result<&'k LocalKey, Refusal> {
    keys.iter()
        .find(|key| key.arn() == key_id || id(key.arn()) == key_id)
        .ok_or_else(|| {
            let served: Vec<_> = keys.iter().map(LocalKey::arn).collect();
            let message = format!(
                "Key '{key_id}' isn't served here (aliases never are), only {}",
                served.join(", ")
            );
            Refusal::new("NotFoundException", message)
        })
}

fn id(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

fn refused(error: KmsError) -> Refusal {
    match error.kind() {
        KmsErrorKind::IncorrectKey => Refusal::new(
            "IncorrectKeyException",
            "the key in the request isn't the one that encrypted: the code was made under another key",
        ),
        _ => Refusal::new(
            "InvalidCiphertextException",
            "the ciphertext was altered, or the encryption context isn't that of the encryption",
        ),
    }
}

fn internal(error: &Error) -> Refusal {
    Refusal::new("KMSInternalException", error.to_string())
}
