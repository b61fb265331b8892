//! Before and after a sign-in with a password.

use cognito_triggers::{
    Context, Event, OrReject, PostAuthentication, PreAuthentication, Result, post_authentication,
    pre_authentication, reject,
};

use crate::App;

/// Sends people whose app is too old to the app store.
///
/// The app says its version in `ClientMetadata` of InitiateAuth, which arrives here as `validation_data`. Who doesn't
/// say one (the web, an older server) is let through.
///
/// This runs before the password is checked. A policy that looks at the account would tell a stranger with a wrong
/// password something about it; this one looks at the app only.
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

/// Notes a sign-in from a device not seen before.
///
/// The log has the client and the request id from the span of the call. Who it was stays out of it: the user's `sub`
/// would do if somebody has to be found again, an address wouldn't.
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
    async fn an_old_app_is_refused_and_a_silent_one_is_not() {
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
