//! The messages that people read: one for each trigger source.

use cognito_triggers::custom_email_sender::{Notice, Source as EmailSource};
use cognito_triggers::custom_sms_sender::Source as SmsSource;
use cognito_triggers::{CustomEmailSender, CustomSmsSender, Event, Result, model::trigger::Source as _};

/// An email's content.
pub(crate) struct Email {
    pub(crate) subject: String,
    pub(crate) text: String,
}

/// Returns the email for an event, with the decrypted `code`. `to` is the recipient's address.
///
/// # Errors
/// Fails for an unknown source, and for a known one without its code.
pub(crate) fn email(event: &Event<CustomEmailSender>, to: &str, code: Option<&str>) -> Result<Email> {
    let (subject, text) = match (&event.source, code) {
        (EmailSource::SignUp, Some(code)) => (
            "Confirm your email address",
            format!("Welcome! Your code to confirm this address is {code}."),
        ),
        (EmailSource::ResendCode, Some(code)) => (
            "Your new code",
            format!("Here is a new code to confirm this address: {code}."),
        ),
        (EmailSource::ForgotPassword, Some(code)) => (
            "Reset your password",
            format!("Your code to set a new password is {code}. If you didn't ask for it, do nothing."),
        ),
        (EmailSource::UpdateUserAttribute | EmailSource::VerifyUserAttribute, Some(code)) => (
            "Verify your email address",
            format!("Your code to verify this address is {code}."),
        ),
        (EmailSource::AdminCreateUser, Some(password)) => (
            "Your account",
            format!(
                "An account was created for you. Sign in as {} with this temporary password: {password}",
                sign_in_name(event.user_name(), event.request.user_attributes.sub(), to)
            ),
        ),
        (EmailSource::Authentication, Some(code)) => (
            "Your sign-in code",
            format!("Your code to sign in is {code}. Nobody but you needs it."),
        ),
        (EmailSource::AccountTakeOverNotification, _) => {
            let notice = event
                .request
                .notice()
                .ok_or("the event has no notice: Cognito sends one as user attributes")?;
            ("Was this you?", takeover_text(notice))
        }
        (source, Some(_)) => {
            return Err(format!(
                "there is no message for {}: add one to `messages.rs`",
                source.as_str()
            )
            .into());
        }
        (source, None) => return Err(format!("the event {} has no code", source.as_str()).into()),
    };
    Ok(Email {
        subject: subject.to_owned(),
        text,
    })
}

/// Returns the text message for an event, with the decrypted `code`.
///
/// It fits into one SMS unless the user name in it is long.
///
/// # Errors
/// Fails for an unknown source, and for an event without a code.
pub(crate) fn sms(event: &Event<CustomSmsSender>, code: Option<&str>) -> Result<String> {
    let source = &event.source;
    let code = code.ok_or_else(|| format!("the event {} has no code", source.as_str()))?;
    Ok(match source {
        SmsSource::SignUp => format!("Welcome! Your code to confirm this number is {code}."),
        SmsSource::ResendCode => format!("Your new code to confirm this number is {code}."),
        SmsSource::ForgotPassword => format!("Your code to set a new password is {code}."),
        SmsSource::UpdateUserAttribute | SmsSource::VerifyUserAttribute => {
            format!("Your code to verify this number is {code}.")
        }
        SmsSource::AdminCreateUser => {
            let attributes = &event.request.user_attributes;
            let number = attributes.phone_number().unwrap_or_default();
            let name = sign_in_name(event.user_name(), attributes.sub(), number);
            format!("Sign in as {name} with this temporary password: {code}")
        }
        SmsSource::Authentication => format!("Your code to sign in is {code}. Nobody but you needs it."),
        _ => {
            return Err(format!(
                "there is no message for {}: add one to `messages.rs`",
                source.as_str()
            )
            .into());
        }
    })
}

/// Returns the name to sign in with: the user name, or the address if the pool generated the user name.
fn sign_in_name<'a>(user_name: Option<&'a str>, sub: Option<&str>, address: &'a str) -> &'a str {
    user_name.filter(|name| Some(*name) != sub).unwrap_or(address)
}

/// Lists what the notice says about the sign-in.
fn takeover_text(notice: Notice<'_>) -> String {
    let mut text = "Somebody signed in to your account or tried to, in an unusual way.\n".to_owned();
    for (name, value) in [
        ("When", notice.login_time()),
        ("Where", notice.city()),
        ("Country", notice.country()),
        ("Device", notice.device_name()),
        ("Address", notice.ip_address()),
        ("This was me", notice.one_click_link_valid()),
        ("This wasn't me", notice.one_click_link_invalid()),
    ] {
        if let Some(value) = value {
            text.push_str(&format!("\n{name}: {value}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use cognito_triggers::samples;

    use super::*;

    #[test]
    fn every_email_source_has_its_message() {
        let mut texts = BTreeSet::new();
        for sample in samples::all().filter(|sample| sample.route.as_str() == "custom_email_sender") {
            let event: Event<CustomEmailSender> = Event::from_json(sample.json).unwrap();
            let code = event.request.code.as_ref().map(|_| "271828");
            let email = email(&event, "ana@example.com", code).unwrap();
            assert!(!email.subject.is_empty());
            assert!(
                code.is_none_or(|code| email.text.contains(code)),
                "{}",
                email.text
            );
            texts.insert(email.text);
        }
        assert!(texts.len() >= 7, "{texts:#?}");
    }

    #[test]
    fn every_sms_source_has_a_message_that_fits_one_sms() {
        for sample in samples::all().filter(|sample| sample.route.as_str() == "custom_sms_sender") {
            let event: Event<CustomSmsSender> = Event::from_json(sample.json).unwrap();
            let text = sms(&event, Some("27182818")).unwrap();
            assert!(
                text.contains("27182818") && text.is_ascii() && text.len() <= 140,
                "{text}"
            );
        }
    }

    #[test]
    fn an_invitation_has_a_name_to_sign_in_with() {
        assert_eq!(
            sign_in_name(Some("bruno"), Some("83f4"), "bruno@example.org"),
            "bruno"
        );
        assert_eq!(
            sign_in_name(Some("83f4"), Some("83f4"), "bruno@example.org"),
            "bruno@example.org"
        );
        assert_eq!(sign_in_name(None, None, "bruno@example.org"), "bruno@example.org");
    }

    #[test]
    fn a_notice_has_every_known_detail() {
        let sample = samples::find("CustomEmailSender_AccountTakeOverNotification", None, None).unwrap();
        let event: Event<CustomEmailSender> = Event::from_json(sample.json).unwrap();
        let text = email(&event, "ana@example.com", None).unwrap().text;
        let notice = event.request.notice().unwrap();
        for known in [
            notice.login_time(),
            notice.city(),
            notice.ip_address(),
            notice.one_click_link_invalid(),
        ] {
            assert!(text.contains(known.unwrap()), "{text}");
        }
        assert!(!text.contains("FEEDBACK"));
    }

    #[test]
    fn no_message_without_a_code_or_a_known_source() {
        let json = |source| format!(r#"{{"triggerSource":"{source}","request":{{"code":"x"}}}}"#);
        let event: Event<CustomEmailSender> = Event::from_json(json("CustomEmailSender_SignUp")).unwrap();
        assert!(email(&event, "a@b.test", None).is_err());
        let event: Event<CustomEmailSender> = Event::from_json(json("CustomEmailSender_New")).unwrap();
        assert!(email(&event, "a@b.test", Some("271828")).is_err());
    }
}
