//! Users of an old directory.

use cognito_triggers::{
    Attributes, Context, Event, Result, Secret, UserMigration,
    user_migration::{FinalUserStatus, MessageAction, Response, Source},
};

/// The state: a stand-in for the old directory, with one user.
pub(crate) struct Directory {
    pub(crate) email: &'static str,
    pub(crate) password: Secret,
}

impl Directory {
    /// Whether the directory has such a user, and whether the password is right, if there is one.
    async fn knows(&self, email: &str, password: Option<&Secret>) -> bool {
        email == self.email && password.is_none_or(|password| self.password.matches(password.expose()))
    }
}

/// Takes a user over at the first sign-in, with the same password, or when the password is forgotten.
pub(crate) async fn take_over(context: Context<Directory>, event: Event<UserMigration>) -> Result<Response> {
    let email = event.require_user_name()?;
    let (password, status) = match event.source {
        Source::Authentication => (event.request.password.as_ref(), FinalUserStatus::Confirmed),
        Source::ForgotPassword => (None, FinalUserStatus::ResetRequired),
        _ => return Ok(Response::default()),
    };
    if event.source == Source::Authentication && password.is_none() {
        return Err("a sign-in without a password".into());
    }
    // Nobody learns whether the name or the password was wrong: the empty answer is the same for both.
    if !context.state.knows(email, password).await {
        return Ok(Response::default());
    }
    Ok(Response {
        user_attributes: Attributes::from([("email", email), ("email_verified", "true")]),
        final_user_status: Some(status),
        message_action: Some(MessageAction::Suppress),
        ..Default::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn after(password: &str) -> Response {
        let old = Directory {
            email: "emil@example.com",
            password: Secret::new("Old-Horse4"),
        };
        let event = Event::sample().user_name("emil@example.com");
        let event = event.with("password", password).build();
        take_over(Context::new(old), event).await.unwrap()
    }

    #[tokio::test]
    async fn the_right_password_migrates_the_user() {
        let answer = after("Old-Horse4").await;
        assert_eq!(answer.final_user_status, Some(FinalUserStatus::Confirmed));
        assert_eq!(answer.user_attributes.email_verified(), Some(true));
    }

    #[tokio::test]
    async fn a_wrong_password_migrates_nobody() {
        assert_eq!(after("guess").await, Response::default());
    }
}
