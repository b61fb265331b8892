//! Before the password is checked: may this sign-in go on?

use cognito_triggers::{
    Context, Event, OrReject, PreAuthentication, Result, pre_authentication::Response, reject,
};

use crate::app::App;

/// The oldest version of the app that may sign users in.
const MINIMUM_VERSION: u32 = 3;

/// Rejects a sign-in from an old version of the app, which sends `appVersion` in `ClientMetadata` of InitiateAuth.
///
/// The password isn't checked yet. A policy that depends on the account would tell anyone something about it.
pub async fn refuse_old_apps(_: Context<App>, event: Event<PreAuthentication>) -> Result<Response> {
    if let Some(version) = event.request.validation_data.get("appVersion") {
        let version: u32 = version.parse().or_reject("this app's version is no number")?;
        if version < MINIMUM_VERSION {
            return Err(reject("this app is too old, please update it"));
        }
    }
    Ok(Response::default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    async fn answer(version: &str) -> Result<Response> {
        let event = Event::sample().with("validationData", json!({"appVersion": version}));
        refuse_old_apps(Context::new(App::for_tests()), event.build()).await
    }

    #[tokio::test]
    async fn an_old_app_is_told_to_update() {
        assert!(answer("3").await.is_ok());
        let error = answer("2").await.unwrap_err();
        assert_eq!(error.to_string(), "this app is too old, please update it");
        assert!(answer("new").await.unwrap_err().is_rejection());
    }

    #[tokio::test]
    async fn a_sign_in_without_a_version_goes_on() {
        let event = Event::sample().build();
        let answer = refuse_old_apps(Context::new(App::for_tests()), event).await;
        assert_eq!(answer.unwrap(), Response::default());
    }
}
