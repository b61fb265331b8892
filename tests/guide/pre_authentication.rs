//! When people may sign in.

use std::time::SystemTime;

use cognito_triggers::{Context, Event, PreAuthentication, Result, pre_authentication, reject};

/// The state: a time of maintenance, if one is planned.
pub(crate) struct App {
    pub(crate) closed: Option<(SystemTime, SystemTime)>,
}

/// Refuses sign-ins during maintenance. The same for everybody, so it says nothing about an account.
pub(crate) async fn close_for_maintenance(
    context: Context<App>,
    _: Event<PreAuthentication>,
) -> Result<pre_authentication::Response> {
    let now = context.now();
    if let Some((from, to)) = context.state.closed
        && (from..to).contains(&now)
    {
        let minutes = to.duration_since(now)?.as_secs().div_ceil(60);
        return Err(reject(format!(
            "we are back in {minutes} minutes, please try again then"
        )));
    }
    Ok(pre_authentication::Response::default())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn nobody_signs_in_during_maintenance() {
        let from = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        let to = from + Duration::from_secs(3600);
        let at = async |now| {
            let app = App {
                closed: Some((from, to)),
            };
            let context = Context::builder(app).clock(now).build();
            close_for_maintenance(context, Event::sample().build()).await
        };
        let error = at(from + Duration::from_secs(30 * 60)).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "we are back in 30 minutes, please try again then"
        );
        assert!(at(to).await.is_ok());
    }
}
