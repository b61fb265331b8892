//! The trigger for a user whom the pool doesn't know.

use std::{sync::Arc, time::Duration};

use cognito_triggers::{
    Attributes, Context, Event, OrReject, Result, Secret, UserMigration,
    user_migration::{FinalUserStatus, MessageAction, Response, Source},
};
use tokio::{task::spawn_blocking, time::timeout};

use crate::{app::App, directory::OldUser};

/// The time for the database. The check of the password comes after it, and Cognito waits for five seconds.
const LOOK_UP: Duration = Duration::from_millis(2500);

/// What a person reads if the database doesn't answer.
const NO_ANSWER: &str = "signing in isn't possible at the moment, please try again in a minute";

/// Takes a user over with the password that was typed, or when the password was forgotten.
///
/// An unknown user and a wrong password get the same answer, the default one, after the same work. A rejection would tell who has an
/// account.
pub(crate) async fn take_over(context: Context<App>, event: Event<UserMigration>) -> Result<Response> {
    let typed = event.require_user_name()?;
    let app = &context.state;
    let within = LOOK_UP.min(context.remaining() / 2);
    let found = match timeout(within, app.directory.find(typed)).await {
        Ok(found) => found,
        Err(_) => Err(format!("the database didn't answer within {within:?}").into()),
    };
    let user = found.or_reject(NO_ANSWER)?;
    let (user, status) = match event.source {
        Source::Authentication => {
            let password = event.request.password.clone().unwrap_or_default();
            let user = with_password(app, user, password).await?;
            let needs_reset = user.as_ref().is_some_and(|user| user.needs_reset);
            // With RESET_REQUIRED the app gets PasswordResetRequiredException, and the old password is not kept.
            let status = if needs_reset {
                FinalUserStatus::ResetRequired
            } else {
                FinalUserStatus::Confirmed
            };
            // Who has to reset the password needs an address that a code may go to.
            let user = user.filter(|user| user.email_verified || !needs_reset);
            (user, status)
        }
        // The code goes to the address, so it must be one that the user has proved.
        Source::ForgotPassword => {
            let user = user.filter(|user| user.email_verified);
            (user, FinalUserStatus::ResetRequired)
        }
        other => return Err(format!("what to do for {other} isn't decided").into()),
    };
    Ok(user.map_or_else(Response::default, |user| answer(&user, status)))
}

/// The user, if this is the password. It keeps a processor busy, so it leaves the thread that watches the time.
async fn with_password(app: &App, user: Option<OldUser>, password: Secret) -> Result<Option<OldUser>> {
    let hashes = Arc::clone(&app.hashes);
    let checked = spawn_blocking(move || {
        let hash = user.as_ref().map(|user| &user.password_hash);
        let is_right = hashes.check(&password, hash) && !password.is_empty();
        user.filter(|_| is_right)
    });
    Ok(checked.await?)
}

fn answer(user: &OldUser, status: FinalUserStatus) -> Response {
    let verified = if user.email_verified { "true" } else { "false" };
    let mut attributes = Attributes::from([("email", user.email.as_str()), ("email_verified", verified)]);
    if let Some(name) = &user.name {
        attributes.insert("name", name);
    }
    Response {
        user_attributes: attributes,
        final_user_status: Some(status),
        // No welcome: the user has had an account before, and the message would have a temporary password.
        message_action: Some(MessageAction::Suppress),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests {
    use cognito_triggers::{Error, samples::Builder};

    use super::*;
    use crate::{
        directory::{Directory, Finding},
        hashes::Hashes,
    };

    /// One user, with the password of the samples.
    struct One(Result<Option<OldUser>, ()>);

    impl Directory for One {
        fn find<'a>(&'a self, typed: &'a str) -> Finding<'a> {
            Box::pin(async move {
                let user = self.0.clone().map_err(|()| "the database is down")?;
                Ok(user.filter(|user| user.email == typed))
            })
        }
    }

    fn emil() -> OldUser {
        let hash = bcrypt::hash_with_salt("correct-Horse7battery", 4, [7; 16]).unwrap();
        OldUser {
            email: "emil@example.com".to_owned(),
            email_verified: true,
            name: Some("Emil Haas".to_owned()),
            password_hash: Secret::new(hash.to_string()),
            needs_reset: false,
        }
    }

    async fn answer_for(user: OldUser, event: Builder<UserMigration>) -> Response {
        let hashes = Hashes::new("m=64,t=1,p=1", "4").unwrap();
        let app = App::new(Box::new(One(Ok(Some(user)))), hashes);
        take_over(Context::new(app), event.build()).await.unwrap()
    }

    fn forgot() -> Builder<UserMigration> {
        Event::sample()
            .source(Source::ForgotPassword)
            .user_name("emil@example.com")
    }

    #[tokio::test]
    async fn the_right_password_is_kept() {
        let answer = answer_for(emil(), Event::sample()).await;
        assert_eq!(answer.final_user_status, Some(FinalUserStatus::Confirmed));
        assert_eq!(answer.message_action, Some(MessageAction::Suppress));
        assert_eq!(answer.user_attributes.email(), Some("emil@example.com"));
        assert_eq!(answer.user_attributes.get("name"), Some("Emil Haas"));
    }

    #[tokio::test]
    async fn unknown_users_and_wrong_passwords_look_the_same() {
        let stranger = Event::sample().user_name("eve@example.com");
        let wrong = Event::sample().with("password", "guess");
        let none = Event::sample().without("password");
        for event in [stranger, wrong, none] {
            assert_eq!(answer_for(emil(), event).await, Response::default());
        }
    }

    #[tokio::test]
    async fn an_unverified_address_is_not_called_verified() {
        let user = OldUser {
            email_verified: false,
            ..emil()
        };
        let answer = answer_for(user.clone(), Event::sample()).await;
        assert_eq!(answer.user_attributes.email_verified(), Some(false));
        // Whoever owns the address by now would get the code.
        assert_eq!(answer_for(user, forgot()).await, Response::default());
    }

    #[tokio::test]
    async fn a_leaked_password_is_not_kept() {
        let user = OldUser {
            needs_reset: true,
            ..emil()
        };
        let answer = answer_for(user.clone(), Event::sample()).await;
        assert_eq!(answer.final_user_status, Some(FinalUserStatus::ResetRequired));
        let wrong = Event::sample().with("password", "guess");
        assert_eq!(answer_for(user.clone(), wrong).await, Response::default());
        let unverified = OldUser {
            email_verified: false,
            ..user
        };
        assert_eq!(answer_for(unverified, Event::sample()).await, Response::default());
    }

    #[tokio::test]
    async fn a_forgotten_password_is_set_anew() {
        let answer = answer_for(emil(), forgot()).await;
        assert_eq!(answer.final_user_status, Some(FinalUserStatus::ResetRequired));
        assert_eq!(answer.user_attributes.email_verified(), Some(true));
    }

    async fn error(user: Result<Option<OldUser>, ()>, event: Event<UserMigration>) -> Error {
        let hashes = Hashes::new("m=64,t=1,p=1", "4").unwrap();
        let app = App::new(Box::new(One(user)), hashes);
        take_over(Context::new(app), event).await.unwrap_err()
    }

    #[tokio::test]
    async fn a_database_that_fails_is_no_wrong_password() {
        for event in [Event::sample(), forgot()] {
            let error = error(Err(()), event.build()).await;
            assert!(
                error.is_rejection() && error.to_string().starts_with(NO_ANSWER),
                "{error}"
            );
        }
    }

    #[tokio::test]
    async fn an_unknown_source_takes_nobody_over() {
        let mut event = Event::sample().build();
        event.source = Source::Unknown("UserMigration_Import".to_owned());
        let error = error(Ok(Some(emil())), event).await;
        assert!(error.to_string().contains("UserMigration_Import"), "{error}");
    }
}
