//! A user who isn't in the pool signs in or has forgotten the password: does an old directory know the user?

use cognito_triggers::{
    Attributes, Context, Event, Result, Secret, UserMigration,
    user_migration::{FinalUserStatus, MessageAction, Response, Source},
};

use crate::app::App;

/// Takes users over from the old directory, with the password that they typed.
///
/// An unknown user and a wrong password get the same answer, the default one: a rejection would tell who has an account.
pub async fn take_over(_: Context<App>, event: Event<UserMigration>) -> Result<Response> {
    let typed = event.require_user_name()?;
    let (email, status) = match (&event.source, &event.request.password) {
        (Source::Authentication, Some(password)) => {
            (sign_in(typed, password).await?, FinalUserStatus::Confirmed)
        }
        // The user proves who it is with a code that is sent to the address.
        (Source::ForgotPassword, _) => (find(typed).await?, FinalUserStatus::ResetRequired),
        _ => return Ok(Response::default()),
    };
    let Some(email) = email else {
        return Ok(Response::default());
    };
    Ok(Response {
        user_attributes: Attributes::from([("email", email.as_str()), ("email_verified", "true")]),
        final_user_status: Some(status),
        // No invitation: the user has had an account before.
        message_action: Some(MessageAction::Suppress),
        ..Default::default()
    })
}

/// The verified address of a user of the old directory whose password this is. **Ask your directory here.**
async fn sign_in(user_name: &str, password: &Secret) -> Result<Option<String>> {
    let is_right = password.matches("correct-Horse7battery");
    Ok(find(user_name).await?.filter(|_| is_right))
}

/// The verified address of a user of the old directory. **Ask your directory here.**
///
/// The one user here is made up, and a release build doesn't know him: everybody can read his password above.
async fn find(user_name: &str) -> Result<Option<String>> {
    let is_known = cfg!(debug_assertions) && user_name == "emil@example.com";
    Ok(is_known.then(|| user_name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn answer(source: Source, user_name: &str, password: &str) -> Response {
        let event = Event::sample().source(source).user_name(user_name);
        let event = event.with("password", password).build();
        take_over(Context::new(App::for_tests()), event).await.unwrap()
    }

    #[tokio::test]
    async fn the_right_password_confirms_the_user() {
        let answer = answer(
            Source::Authentication,
            "emil@example.com",
            "correct-Horse7battery",
        )
        .await;
        assert_eq!(answer.final_user_status, Some(FinalUserStatus::Confirmed));
        assert_eq!(answer.user_attributes.email(), Some("emil@example.com"));
    }

    #[tokio::test]
    async fn a_wrong_password_and_an_unknown_user_look_the_same() {
        let wrong = answer(Source::Authentication, "emil@example.com", "guess").await;
        let unknown = answer(Source::Authentication, "eve@example.com", "guess").await;
        assert_eq!((wrong, unknown), Default::default());
    }
}
