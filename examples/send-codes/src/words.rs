//! What people read: one message for each reason.

use cognito_triggers::custom_email_sender::{Notice, Source as Mails};
use cognito_triggers::custom_sms_sender::Source as Texts;
use cognito_triggers::{CustomEmailSender, CustomSmsSender, Event, Result, Source as _};

pub(crate) struct Mail {
    pub(crate) subject: String,
    pub(crate) text: String,
}

/// The e-mail for an event whose code is `code`.
pub(crate) fn mail(event: &Event<CustomEmailSender>, to: &str, code: Option<&str>) -> Result<Mail> {
    let (subject, text) = match (&event.source, code) {
        (Mails::SignUp, Some(code)) => (
            "Confirm your e-mail address",
            format!("Welcome! Your code to confirm this address is {code}."),
        ),
        (Mails::ResendCode, Some(code)) => (
            "Your new code",
            format!("Here is a new code to confirm this address: {code}."),
        ),
        (Mails::ForgotPassword, Some(code)) => (
            "Reset your password",
            format!("Your code to set a new password is {code}. If you didn't ask for it, do nothing."),
        ),
        (Mails::UpdateUserAttribute | Mails::VerifyUserAttribute, Some(code)) => (
            "Verify your e-mail address",
            format!("Your code to verify this address is {code}."),
        ),
        (Mails::AdminCreateUser, Some(password)) => (
            "Your account",
            format!(
                "An account was made for you. Sign in as {} with this temporary password: {password}",
                sign_in_name(event.user_name(), event.request.user_attributes.sub(), to)
            ),
        ),
        (Mails::Authentication, Some(code)) => (
            "Your sign-in code",
            format!("Your code to sign in is {code}. Nobody but you needs it."),
        ),
        (Mails::AccountTakeOverNotification, _) => {
            let notice = event.request.notice().ok_or("the notice has no particulars")?;
            ("Was this you?", take_over(notice))
        }
        (source, Some(_)) => return Err(format!("there are no words for {}", source.as_str()).into()),
        (source, None) => return Err(format!("{} came without a code", source.as_str()).into()),
    };
    Ok(Mail {
        subject: subject.to_owned(),
        text,
    })
}

/// The text message for an event whose code is `code`. Each fits into one SMS, unless it names a user with a
/// long name.
pub(crate) fn sms(event: &Event<CustomSmsSender>, code: Option<&str>) -> Result<String> {
    let source = &event.source;
    let code = code.ok_or_else(|| format!("{} came without a code", source.as_str()))?;
    Ok(match source {
        Texts::SignUp => format!("Welcome! Your code to confirm this number is {code}."),
        Texts::ResendCode => format!("Your new code to confirm this number is {code}."),
        Texts::ForgotPassword => format!("Your code to set a new password is {code}."),
        Texts::UpdateUserAttribute | Texts::VerifyUserAttribute => {
            format!("Your code to verify this number is {code}.")
        }
        Texts::AdminCreateUser => {
            let attributes = &event.request.user_attributes;
            let number = attributes.phone_number().unwrap_or_default();
            let name = sign_in_name(event.user_name(), attributes.sub(), number);
            format!("Sign in as {name} with this temporary password: {code}")
        }
        Texts::Authentication => format!("Your code to sign in is {code}. Nobody but you needs it."),
        _ => return Err(format!("there are no words for {}", source.as_str()).into()),
    })
}

/// The user's name, or the address where the pool made the name up itself.
fn sign_in_name<'a>(user_name: Option<&'a str>, sub: Option<&str>, address: &'a str) -> &'a str {
    user_name.filter(|name| Some(*name) != sub).unwrap_or(address)
}

fn take_over(notice: Notice<'_>) -> String {
    let mut text =
        "Somebody signed in to your account, or tried to, in a way that isn't like you.\n".to_owned();
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
    fn every_reason_for_an_email_has_its_words() {
        let mut texts = BTreeSet::new();
        for sample in samples::all().filter(|sample| sample.route.as_str() == "custom_email_sender") {
            let event: Event<CustomEmailSender> = Event::from_json(sample.json).unwrap();
            let code = event.request.code.as_ref().map(|_| "271828");
            let mail = mail(&event, "ana@example.com", code).unwrap();
            assert!(!mail.subject.is_empty());
            assert!(code.is_none_or(|code| mail.text.contains(code)), "{}", mail.text);
            texts.insert(mail.text);
        }
        assert!(texts.len() >= 7, "{texts:#?}");
    }

    #[test]
    fn every_reason_for_a_text_message_has_its_words_in_one_sms() {
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
    fn an_invited_person_is_told_a_name_to_sign_in_with() {
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
    fn a_notice_tells_what_is_known() {
        let sample = samples::find("CustomEmailSender_AccountTakeOverNotification", None, None).unwrap();
        let event: Event<CustomEmailSender> = Event::from_json(sample.json).unwrap();
        let text = mail(&event, "ana@example.com", None).unwrap().text;
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
    fn without_a_code_or_a_known_reason_nothing_is_said() {
        let json = |source| format!(r#"{{"triggerSource":"{source}","request":{{"code":"x"}}}}"#);
        let event: Event<CustomEmailSender> = Event::from_json(json("CustomEmailSender_SignUp")).unwrap();
        assert!(mail(&event, "a@b.test", None).is_err());
        let event: Event<CustomEmailSender> = Event::from_json(json("CustomEmailSender_New")).unwrap();
        assert!(mail(&event, "a@b.test", Some("271828")).is_err());
    }
}
