//! The text of messages, from CustomMessage, the pool's templates, or Cognito's defaults.

use serde_json::{Map, Value};

use super::message::{Medium, Message};
use super::text::Text;

/// The placeholder of the code or the temporary password.
const CODE: &str = "{####}";

/// The placeholder of the user name.
const USERNAME: &str = "{username}";

impl Text {
    /// Chooses the text of a message. `response` is that of CustomMessage, empty without one.
    ///
    /// A text of CustomMessage without a required placeholder is ignored, according to a measurement of 2019.
    pub(super) fn choose(message: &Message<'_>, medium: Medium, response: &Map<String, Value>) -> Self {
        let own = Self::of_pool(message, medium);
        let answered = |field: &str| {
            response
                .get(field)
                .and_then(Value::as_str)
                .filter(|text| !text.is_empty())
        };
        let fits = |text: &&str| {
            if message.has_link(medium) {
                return text.contains("{##") && text.contains("##}");
            }
            text.contains(CODE) && (message.reason != "AdminCreateUser" || text.contains(USERNAME))
        };
        match medium {
            Medium::Sms => {
                let body = answered("smsMessage").filter(fits).map(str::to_owned);
                Self {
                    subject: None,
                    body: body.unwrap_or(own.body),
                }
            }
            Medium::Email => {
                let body = answered("emailMessage").filter(fits).map(str::to_owned);
                let subject = answered("emailSubject").map(str::to_owned);
                Self {
                    subject: subject.or(own.subject),
                    body: body.unwrap_or(own.body),
                }
            }
        }
    }

    /// The text of the pool's template, or Cognito's default.
    fn of_pool(message: &Message<'_>, medium: Medium) -> Self {
        let settings = message.settings;
        let first = |pointers: &[&str], default: &str| {
            let mut found = pointers.iter().filter_map(|pointer| settings.string(pointer));
            found.next().unwrap_or(default).to_owned()
        };
        let (body, subject) = match (message.reason, medium) {
            ("AdminCreateUser", medium) => {
                let template = "/AdminCreateUserConfig/InviteMessageTemplate";
                let default = "Your username is {username} and temporary password is {####}.";
                let body = if medium == Medium::Sms {
                    "SMSMessage"
                } else {
                    "EmailMessage"
                };
                let body = first(&[&format!("{template}/{body}")], default);
                (
                    body,
                    first(&[&format!("{template}/EmailSubject")], "Your temporary password"),
                )
            }
            ("Authentication", Medium::Sms) => (
                first(
                    &["/SmsAuthenticationMessage"],
                    "Your authentication code is {####}.",
                ),
                String::new(),
            ),
            ("Authentication", Medium::Email) => {
                let own = settings.mfa_members.get("EmailMfaConfiguration");
                let text = |member: &str, default: &str| {
                    let own = own.and_then(|own| own.get(member)?.as_str());
                    own.unwrap_or(default).to_owned()
                };
                (
                    text("Message", "Your authentication code is {####}."),
                    text("Subject", "Your authentication code"),
                )
            }
            (_, Medium::Sms) => {
                let pointers = [
                    "/VerificationMessageTemplate/SmsMessage",
                    "/SmsVerificationMessage",
                ];
                (
                    first(&pointers, "Your confirmation code is {####}"),
                    String::new(),
                )
            }
            (_, Medium::Email) if message.has_link(medium) => {
                let default = "Please click the link below to verify your email address. {##Verify Email##}";
                let body = first(&["/VerificationMessageTemplate/EmailMessageByLink"], default);
                (
                    body,
                    first(
                        &["/VerificationMessageTemplate/EmailSubjectByLink"],
                        "Your verification link",
                    ),
                )
            }
            (_, Medium::Email) => {
                let body = [
                    "/VerificationMessageTemplate/EmailMessage",
                    "/EmailVerificationMessage",
                ];
                let subject = [
                    "/VerificationMessageTemplate/EmailSubject",
                    "/EmailVerificationSubject",
                ];
                (
                    first(&body, "Your confirmation code is {####}"),
                    first(&subject, "Your verification code"),
                )
            }
        };
        Self {
            subject: (medium == Medium::Email).then_some(subject),
            body,
        }
    }

    /// Replaces the placeholders.
    pub(super) fn filled(self, message: &Message<'_>, link: &str) -> Self {
        let fill = |text: String| fill(&text, message, link);
        Self {
            subject: self.subject.map(fill),
            body: fill(self.body),
        }
    }
}

/// Replaces the placeholders of a text.
fn fill(text: &str, message: &Message<'_>, link: &str) -> String {
    let text = text
        .replace(CODE, message.shown_code())
        .replace(USERNAME, &message.user.username);
    let Some((before, rest)) = text.split_once("{##") else {
        return text;
    };
    let Some((shown, after)) = rest.split_once("##}") else {
        return text;
    };
    format!("{before}<a href=\"{link}\">{shown}</a>{after}")
}
