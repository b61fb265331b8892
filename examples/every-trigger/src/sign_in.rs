//! Before and after a sign-in with a password.

use cognito_triggers::{
    Cx, Event, OrReject, PostAuthentication, PreAuthentication, Result, post_authentication,
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
    cx: Cx<App>,
    event: Event<PreAuthentication>,
) -> Result<pre_authentication::Response> {
    if let Some(version) = event.request.validation_data.get("appVersion") {
        let version: u32 = version.parse().or_reject("this app's version is no number")?;
        if version < cx.app.minimum_app_version {
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
    _: Cx<App>,
    event: Event<PostAuthentication>,
) -> Result<post_authentication::Response> {
    if event.request.new_device_used {
        tracing::info!("sign-in from a new device");
    }
    Ok(post_authentication::Response::default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{sample, surroundings};

    #[tokio::test]
    async fn an_old_app_is_refused_and_a_silent_one_is_not() {
        let (cx, _) = surroundings();
        let mut event = sample("PreAuthentication_Authentication");
        assert!(refuse_old_apps(cx.clone(), event.clone()).await.is_ok());

        for (version, expected) in [
            ("3", None),
            ("2", Some("this app is too old, please update it")),
            (
                "-1",
                Some("this app's version is no number: invalid digit found in string"),
            ),
        ] {
            event.request.validation_data.insert("appVersion", version);
            let error = refuse_old_apps(cx.clone(), event.clone()).await.err();
            assert!(error.as_ref().is_none_or(|error| error.is_rejection()));
            assert_eq!(error.map(|error| error.to_string()).as_deref(), expected);
        }
    }

    #[tokio::test]
    async fn a_new_device_changes_nothing() {
        let (cx, _) = surroundings();
        let mut event = sample::<PostAuthentication>("PostAuthentication_Authentication");
        event.request.new_device_used = true;
        assert!(note_new_devices(cx, event).await.is_ok());
    }
}
