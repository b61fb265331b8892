//! The state of a function: settings that are read at the start, a client that is made when it is needed, and two teams.

use std::sync::{Arc, OnceLock};

use cognito_triggers::{
    Context, Event, PostConfirmation, PreSignUp, Result, Router, post_confirmation, pre_sign_up, reject,
    router,
};

/// The state. Every call gets the same one, through `Context::state`.
pub(crate) struct App {
    domain: String,
    mail: Arc<Mail>,
}

impl App {
    /// Reads the settings. An error here is an error at the start, which names the variable, and not at the first call.
    pub(crate) fn from_settings(get: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let domain = get("MAIL_DOMAIN").ok_or("MAIL_DOMAIN isn't set")?;
        Ok(Self {
            domain: domain.to_ascii_lowercase(),
            mail: Arc::default(),
        })
    }
}

/// A client. Connecting takes time, so the first message does it, and the start doesn't.
#[derive(Default)]
pub(crate) struct Mail {
    connection: OnceLock<String>,
}

impl Mail {
    fn connection(&self) -> &str {
        self.connection.get_or_init(|| "connected".to_owned())
    }
}

/// A handler that needs the whole state. For federated users, look at `email_verified` too: see the page of pre sign-up.
async fn allow_domain(context: Context<App>, event: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
    let email = event
        .request
        .user_attributes
        .email()
        .unwrap_or_default()
        .to_ascii_lowercase();
    match email.rsplit_once('@') {
        Some((_, domain)) if domain == context.state.domain => Ok(pre_sign_up::Response::default()),
        _ => Err(reject("this email domain is not invited")),
    }
}

/// A handler of another team, which knows the client only.
async fn welcome(context: Context<Mail>, _: Event<PostConfirmation>) -> Result<post_confirmation::Response> {
    tracing::info!(connection = context.state.connection(), "a welcome would be sent");
    Ok(post_confirmation::Response::default())
}

/// One function of both. A route that both have is an error of `merge`.
pub(crate) fn triggers() -> Result<Router<App>> {
    let own = router! { pre_sign_up => allow_domain };
    let of_mail_team: Router<Mail> = router! { post_confirmation => welcome };
    Ok(own.merge(of_mail_team.map_state(|app: &App| Arc::clone(&app.mail)))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app() -> Result<App, String> {
        App::from_settings(|name| (name == "MAIL_DOMAIN").then(|| "Example.com".to_owned()))
    }

    #[test]
    fn a_missing_setting_is_named_at_the_start() {
        let error = App::from_settings(|_| None).err();
        assert_eq!(error.as_deref(), Some("MAIL_DOMAIN isn't set"));
    }

    #[tokio::test]
    async fn the_domain_is_a_setting() {
        let event = Event::sample().attribute("email", "ana@EXAMPLE.com").build();
        assert!(allow_domain(Context::new(app().unwrap()), event).await.is_ok());
    }

    #[test]
    fn the_function_has_the_routes_of_both_teams() {
        let routes: Vec<_> = triggers()
            .unwrap()
            .routes()
            .map(|route| route.to_string())
            .collect();
        assert_eq!(routes, ["pre_sign_up", "post_confirmation"]);
    }
}
