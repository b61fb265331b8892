//! Errors about the encrypted codes of custom senders.
//!
//! A code is a message of the AWS Encryption SDK in base64: format version 1, without key commitment, as measured.
//! Most errors here come from treating it as something else.

use crate::{
    explain::errors::error_text::{ErrorText, error_texts},
    route::Route,
};

/// The page about the custom email sender, which explains how to decrypt a code.
const SENDER: &str = Route::CustomEmailSender.definition().page;

/// Texts of AWS KMS, of the AWS Encryption SDK in several languages, and of Cognito about `KMSKeyID`.
pub(super) const ROWS: &[ErrorText] = error_texts! {
    "InvalidCiphertextException" or "…InvalidCiphertextException…";
        "AWS KMS was given something that isn't a KMS ciphertext.";
        "The code of a custom sender went to `kms:Decrypt` as it is. It is a message of the AWS Encryption SDK, and only its data key is encrypted with KMS.",
        "The key isn't the one that the pool's `KMSKeyID` names, or the encryption context differs.";
        "Open codes with `cognito-triggers-kms`, or with another library for the AWS Encryption SDK.";
        "https://github.com/awslabs/aws-sdk-rust/issues/1250";
    "Configuration conflict. Cannot decrypt due to commitment policy REQUIRE_ENCRYPT_REQUIRE_DECRYPT …"
        or "…commitment policy REQUIRE_ENCRYPT_REQUIRE_DECRYPT…", "Configuration conflict. Cannot decrypt due to…", "Non-committed message…", "…commitmentPolicy…REQUIRE_ENCRYPT_REQUIRE_DECRYPT…", "…requires only committed messages…";
        "The AWS Encryption SDK refuses the code of a custom sender, because Cognito encrypts without key commitment.";
        "The client has its default commitment policy.";
        "Set the commitment policy REQUIRE_ENCRYPT_ALLOW_DECRYPT, or open codes with `cognito-triggers-kms`.";
        SENDER;
    "Not a supported message format version." or "Not a supported message format version", "…Malformed Header…", "Unsupported message version…";
        "The AWS Encryption SDK was given something that isn't one of its messages.";
        "The code wasn't decoded from base64 before it was opened.",
        "The event's code is a placeholder of a hand-written event, not an encrypted one.";
        "Decode `request.code` from base64 first. `cargo cognito event CustomEmailSender_SignUp --code 123456` makes an event with a real code.";
        SENDER;
    "unencryptedDataKey has not been set" or "…unencryptedDataKey has not been set…", "…Unable to decrypt any data keys…", "…unable to decrypt data key…";
        "The AWS Encryption SDK couldn't decrypt the data key of the code.";
        "The keyring has another key than the pool's `KMSKeyID`, or names it by its id or alias: a strict keyring needs the key ARN.",
        "The function's role lacks `kms:Decrypt` on the key.";
        "Build the keyring with the key ARN of the pool's `KMSKeyID`, and allow the role `kms:Decrypt` on it.";
        SENDER;
    "1 validation error detected: Value … at '…kMSKeyID' failed to satisfy constraint: …" in "InvalidParameterException" or "1 validation error detected: Value at '…kMSKeyID' failed…", "KMS key arn must be a string";
        "`KMSKeyID` of `LambdaConfig` takes the ARN of a symmetric KMS key, and nothing else.";
        "The template names the key with `!Ref`, which gives its id, or by an alias.";
        "Write `!GetAtt Key.Arn`, or the whole ARN. `cargo cognito check` finds other forms.";
        "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_LambdaConfigType.html";
};
