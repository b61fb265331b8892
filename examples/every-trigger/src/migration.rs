//! Migrates users from an old directory.

use cognito_triggers::{
    Attributes, Context, Event, Result, UserMigration,
    user_migration::{self, DeliveryMedium, FinalUserStatus, MessageAction, Source},
};

use crate::app::App;

/// Migrates users at their first sign-in, with the password that they typed, or when they reset a forgotten password.
///
/// An unknown user and a wrong password get the same answer, the default one. Cognito then returns its error for a wrong
/// user name or password. A rejection here would reveal which users exist.
pub async fn take_over_from_old_directory(
    context: Context<App>,
    event: Event<UserMigration>,
) -> Result<user_migration::Response> {
    // The text that the user typed. In this pool it is the email address. If it may be an alias, `user_attributes` must have
    // a `username`.
    let typed = event.require_user_name()?;
    let password = event.request.password.as_ref();
    let (user, status) = match event.source {
        Source::Authentication => {
            let user = password.and_then(|password| context.state.old_directory.sign_in(typed, password));
            (user, FinalUserStatus::Confirmed)
        }
        // The user proves the identity with a code that is sent to the verified address.
        Source::ForgotPassword => (
            context.state.old_directory.find(typed),
            FinalUserStatus::ResetRequired,
        ),
        _ => return Ok(user_migration::Response::default()),
    };
    Ok(
        user.map_or_else(Default::default, |user| user_migration::Response {
            user_attributes: Attributes::from([
                ("email", user.email.as_str()),
                ("email_verified", "true"),
                ("name", user.name.as_str()),
            ]),
            final_user_status: Some(status),
            // No welcome message, because the user has had an account before.
            message_action: Some(MessageAction::Suppress),
            desired_delivery_mediums: vec![DeliveryMedium::Email],
            ..Default::default()
        }),
    )
}

#[cfg(test)]
mod tests {
    use cognito_triggers::samples::Builder;

    use super::*;
    use crate::tests::test_context;

    async fn answer(event: Builder<UserMigration>) -> user_migration::Response {
        take_over_from_old_directory(test_context().0, event.build())
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn the_right_password_migrates_the_user() {
        let answer = answer(Event::sample()).await;
        assert_eq!(answer.final_user_status, Some(FinalUserStatus::Confirmed));
        assert_eq!(answer.user_attributes.email(), Some("emil@example.com"));
        assert_eq!(answer.message_action, Some(MessageAction::Suppress));
    }

    #[tokio::test]
    async fn unknown_users_and_wrong_passwords_get_the_same_answer() {
        let stranger = Event::sample().user_name("eve@example.com");
        let wrong = Event::sample().with("password", "guess");
        let none = Event::sample().without("password");
        for event in [stranger, wrong, none] {
            assert_eq!(answer(event).await, user_migration::Response::default());
        }
    }

    #[tokio::test]
    async fn a_forgotten_password_is_set_anew() {
        let answer = answer(Event::sample().source(Source::ForgotPassword)).await;
        assert_eq!(answer.final_user_status, Some(FinalUserStatus::ResetRequired));
        assert_eq!(answer.user_attributes.email_verified(), Some(true));
    }

    #[tokio::test]
    async fn an_unknown_source_migrates_no_user() {
        let mut event = Event::sample().build();
        event.source = Source::Unknown("UserMigration_Passkey".to_owned());
        let answer = take_over_from_old_directory(test_context().0, event)
            .await
            .unwrap();
        assert_eq!(answer, user_migration::Response::default());
    }
}
