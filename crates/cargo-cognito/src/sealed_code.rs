//! The codes of custom sender events, encrypted as Cognito does.
//!
//! The samples hold codes that no key on this machine opens. `cargo cognito event --code` and `--all-routed` replace them with
//! codes that the KMS of `replay`, `invoke` and `flow` opens.

use cognito_triggers::model::{
    Route,
    json::{Json, Path},
};
use cognito_triggers_kms::testing::LocalKey;
use cognito_triggers_loopback::seal::{KEY_ARN, Sealer};

use crate::error::CommandError;

/// Whether an event has an encrypted code: those of custom senders do, except the notices.
pub(crate) fn has_code(event: &Json) -> bool {
    let is_sender = event
        .get("triggerSource")
        .and_then(Json::as_str)
        .is_some_and(Route::is_sender_source);
    is_sender
        && code_path()
            .find(event)
            .is_some_and(|code| code.as_str().is_some())
}

/// Encrypts `code` for the pool of the event, as Cognito does, and writes it into `request.code`. For a user created by
/// an administrator it is the temporary password. `None` as the key is that of the KMS that `replay` serves.
///
/// # Errors
/// Fails if the event has no pool or no code, or the ARN isn't that of a key.
pub(crate) fn seal(event: &mut Json, code: &str, key_arn: Option<&str>) -> Result<(), CommandError> {
    let source = event
        .get("triggerSource")
        .and_then(Json::as_str)
        .unwrap_or_default()
        .to_owned();
    let pool = event
        .get("userPoolId")
        .and_then(Json::as_str)
        .ok_or("a code is encrypted for a pool, and this event has no `userPoolId`")?
        .to_owned();
    let field = code_path()
        .find_mut(event)
        .filter(|field| field.as_str().is_some())
        .ok_or_else(|| {
            format!(
                "{source} has no encrypted code; use an event of a custom sender that sends one \
                 (CustomEmailSender_…, CustomSMSSender_…)"
            )
        })?;
    let key = LocalKey::new(key_arn.unwrap_or(KEY_ARN))?;
    let sealer = Sealer::new(&key, &pool);
    let sealed = if source.ends_with("_AdminCreateUser") {
        sealer.seal_temporary_password(code)?
    } else {
        sealer.seal(code)?
    };
    *field = Json::string(sealed);
    Ok(())
}

/// The location of the code in an event.
fn code_path() -> Path {
    Path::default().key("request").key("code")
}
