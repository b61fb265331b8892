//! The triggers before and after a sign-in with a password.

use cognito_triggers::{
    Context, Event, OrReject, PostAuthentication, PreAuthentication, Result, post_authentication,
    pre_authentication, reject,
};

use crate::app::App;

/// Rejects a sign-in from an old version of the app, with a text that asks for an update.
///
/// The app sends its version in `ClientMetadata` of InitiateAuth, which arrives here as `validation_data`. A sign-in without
/// a version, for example from the web, is accepted.
///
/// This trigger runs before the password is checked. A policy that depends on the account would reveal something about it to
/// anyone with a wrong password. This policy depends only on the app.
pub async fn refuse_old_apps(
    context: Context<App>,
    event: Event<PreAuthentication>,
) -> Result<pre_authentication::Response> {
    if let Some(version) = event.request.validation_data.get("appVersion") {
        let version: u32 = version.parse().or_reject("this app's version is no number")?;
        if version < context.state.minimum_app_version {
            return Err(reject("this app is too old, please update it"));
        }
    }
    Ok(pre_authentication::Response::default())
}

/// Logs a sign-in from a new device.
///
/// The span of the call has the client and the request id. The user isn't logged. If you need to find the user, log the
/// `sub` and not the address.
pub async fn note_new_devices(
    _: Context<App>,
    event: Event<PostAuthentication>,
) -> Result<post_authentication::Response> {
    if event.request.new_device_used {
        tracing::info!("sign-in from a new device");
    }
    Ok(post_authentication::Response::default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tests::test_context;

    async fn refused(version: &str) -> Option<String> {
        let event = Event::sample()
            .with("validationData", json!({ "appVersion": version }))
            .build();
        let error = refuse_old_apps(test_context().0, event).await.err()?;
        assert!(error.is_rejection());
        Some(error.to_string())
    }

    #[tokio::test]
    async fn only_a_sign_in_with_an_old_version_is_rejected() {
        assert_eq!(refused("3").await, None);
        assert_eq!(
            refused("2").await.unwrap(),
            "this app is too old, please update it"
        );
        assert!(
            refused("-1")
                .await
                .unwrap()
                .starts_with("this app's version is no number")
        );

        let (context, _) = test_context();
        assert!(refuse_old_apps(context, Event::sample().build()).await.is_ok());
    }

    #[tokio::test]
    async fn a_new_device_changes_nothing() {
        let (context, _) = test_context();
        let event = Event::sample().variant("new-device").build();
        assert!(note_new_devices(context, event).await.is_ok());
    }
}
