//! Who may sign up.

use cognito_triggers::{Context, Event, OrReject, PreSignUp, Result, pre_sign_up, reject};

/// Accepts sign-ups with an email address of this company. Administrators may create any user.
pub(crate) async fn allow_staff(_: Context<()>, event: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
    if event.source != pre_sign_up::Source::AdminCreateUser {
        let email = event.request.user_attributes.email();
        let email = email.or_reject("an email address is required")?;
        if !email.to_ascii_lowercase().ends_with("@example.com") {
            return Err(reject("please sign up with your work address"));
        }
    }
    Ok(pre_sign_up::Response::default())
}

#[cfg(test)]
mod tests {
    use cognito_triggers::pre_sign_up::Source;

    use super::*;

    #[tokio::test]
    async fn only_staff_signs_up() {
        let ana = Event::sample().attribute("email", "ana@example.com").build();
        let answer = allow_staff(Context::new(()), ana).await.unwrap();
        assert_eq!(answer, pre_sign_up::Response::default());

        let zoe = Event::sample().attribute("email", "zoe@elsewhere.test").build();
        let error = allow_staff(Context::new(()), zoe).await.unwrap_err();
        assert!(error.is_rejection());
        assert_eq!(error.to_string(), "please sign up with your work address");
    }

    #[tokio::test]
    async fn an_administrator_creates_anyone() {
        let bruno = Event::sample().source(Source::AdminCreateUser);
        let bruno = bruno.attribute("email", "bruno@elsewhere.test").build();
        assert!(allow_staff(Context::new(()), bruno).await.is_ok());
    }
}
