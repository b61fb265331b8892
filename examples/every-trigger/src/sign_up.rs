//! The triggers before and after an account is created.

use cognito_triggers::{
    Context, Event, OrReject, PostConfirmation, PreSignUp, Result, Secret, post_confirmation, pre_sign_up,
    reject, side_effect::OrLog,
};

use crate::app::{App, Message};

/// Accepts users whose email domain belongs to a tenant.
///
/// A user who signs up still has to prove the address with a code. A user of an identity provider is confirmed at once, so a
/// provider that isn't trusted has to say that it has verified the address. If a trusted one doesn't, the account alone is worth
/// nothing here: [`Tenants::of_user`](crate::Tenants::of_user) goes by verified addresses only.
pub async fn allow_known_tenants(
    context: Context<App>,
    event: Event<PreSignUp>,
) -> Result<pre_sign_up::Response> {
    // Administrators decide whom they invite. A migrated user gets here too.
    if event.source == pre_sign_up::Source::AdminCreateUser {
        return Ok(pre_sign_up::Response::default());
    }
    let email = event.request.user_attributes.email();
    let email = email.or_reject("an email address is required")?;
    if context.state.tenants.of_address(email).is_none() {
        return Err(reject("this email domain is not invited"));
    }
    let is_federated = event.source == pre_sign_up::Source::ExternalProvider;
    let trusted = is_federated && vouched_for(&context.state, event.require_user_name()?);
    let is_verified = event.request.user_attributes.email_verified() == Some(true);
    if is_federated && !trusted && !is_verified {
        return Err(reject(
            "your identity provider hasn't verified this email address",
        ));
    }
    Ok(pre_sign_up::Response {
        auto_confirm_user: trusted,
        ..Default::default()
    })
}

/// Whether the user comes from a trusted identity provider. The user name begins with the provider's name and an underscore.
/// The name is in lower case if the pool isn't case-sensitive.
fn vouched_for(app: &App, user_name: &str) -> bool {
    user_name
        .split_once('_')
        .is_some_and(|(provider, _)| app.trusted_providers.contains(&provider.to_lowercase()))
}

/// Welcomes users, once, when their account is confirmed.
///
/// The account exists by now. An error would be shown to the user and undo nothing. So a welcome that can't be sent is only
/// logged.
pub async fn welcome_new_users(
    context: Context<App>,
    event: Event<PostConfirmation>,
) -> Result<post_confirmation::Response> {
    if event.source == post_confirmation::Source::ConfirmSignUp {
        let welcome = Message {
            purpose: "welcome",
            to: event.request.user_attributes.email().unwrap_or_default(),
            text: Secret::new(format!("Welcome to {}!", context.state.product)),
        };
        let sent = context.state.outbox.send(welcome).await;
        sent.or_log("the welcome wasn't sent");
    }
    Ok(post_confirmation::Response::default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::test_context;

    #[tokio::test]
    async fn users_of_a_tenant_sign_up_and_prove_their_address() {
        let (context, _) = test_context();
        let answer = allow_known_tenants(context, Event::sample().build())
            .await
            .unwrap();
        assert_eq!(answer, pre_sign_up::Response::default());
    }

    #[tokio::test]
    async fn users_without_a_tenant_get_the_reason() {
        let (context, _) = test_context();
        let stranger = Event::sample().attribute("email", "eve@example.net").build();
        let error = allow_known_tenants(context.clone(), stranger).await.unwrap_err();
        assert!(error.is_rejection());
        assert_eq!(error.to_string(), "this email domain is not invited");

        let without_address = Event::sample().variant("phone-only").build();
        let error = allow_known_tenants(context, without_address).await.unwrap_err();
        assert_eq!(error.to_string(), "an email address is required");
    }

    #[tokio::test]
    async fn a_trusted_provider_vouches_for_its_users() {
        let (context, _) = test_context();
        let federated = Event::sample().source(pre_sign_up::Source::ExternalProvider);
        let answer = allow_known_tenants(context.clone(), federated.clone().build())
            .await
            .unwrap();
        assert!(answer.auto_confirm_user);

        let of_another = federated.user_name("otheridp_5e0b7d64");
        let verified = of_another.clone().attribute("email_verified", "true").build();
        let answer = allow_known_tenants(context.clone(), verified).await.unwrap();
        assert!(!answer.auto_confirm_user);
        for unverified in [
            of_another.clone().attribute("email_verified", "false"),
            of_another.without("userAttributes.email_verified"),
        ] {
            let error = allow_known_tenants(context.clone(), unverified.build())
                .await
                .unwrap_err();
            assert_eq!(
                error.to_string(),
                "your identity provider hasn't verified this email address"
            );
        }

        let by_name_only = Event::sample().user_name("exampleidp_5e0b7d64").build();
        let answer = allow_known_tenants(context, by_name_only).await.unwrap();
        assert!(!answer.auto_confirm_user);
    }

    #[tokio::test]
    async fn an_invitation_needs_no_tenant() {
        let (context, _) = test_context();
        let invited = Event::sample().source(pre_sign_up::Source::AdminCreateUser);
        let invited = invited.attribute("email", "guest@example.net").build();
        assert!(allow_known_tenants(context, invited).await.is_ok());
    }

    #[tokio::test]
    async fn a_welcome_is_sent_once_and_never_fails_the_call() {
        let (context, app) = test_context();
        let confirmed = Event::<PostConfirmation>::sample();
        welcome_new_users(context.clone(), confirmed.clone().build())
            .await
            .unwrap();
        assert_eq!(app.outbox.sent(), 1);

        let without_address = confirmed.clone().without("userAttributes.email").build();
        welcome_new_users(context.clone(), without_address).await.unwrap();
        let password = confirmed.source(post_confirmation::Source::ConfirmForgotPassword);
        welcome_new_users(context, password.build()).await.unwrap();
        assert_eq!(app.outbox.sent(), 1);
    }
}
