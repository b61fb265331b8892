//! `cargo cognito event --code`: a code as Cognito encrypts it, in place of the sample's.

use cognito_triggers::json::{Json, Path};
use cognito_triggers_kms::testing::LocalKey;
use cognito_triggers_loopback::seal::{KEY_ARN, Sealer};

use super::Unable;

/// Puts `code` into `request.code`, sealed for the pool that the event names.
pub(super) fn seal(event: &mut Json, code: &str, key_arn: Option<&str>) -> Result<(), Unable> {
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
    let place = Path::default()
        .key("request")
        .key("code")
        .find_mut(event)
        .filter(|code| code.as_str().is_some())
        .ok_or_else(|| {
            format!(
                "{source} has no encrypted code; events of custom senders have one \
                 (CustomEmailSender_…, CustomSMSSender_…), except the notices"
            )
        })?;
    let key = LocalKey::new(key_arn.unwrap_or(KEY_ARN))?;
    let sealer = Sealer::new(&key, &pool);
    let sealed = if source.ends_with("_AdminCreateUser") {
        sealer.seal_temporary_password(code)?
    } else {
        sealer.seal(code)?
    };
    *place = Json::string(sealed);
    Ok(())
}
