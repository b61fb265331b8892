//! Messages to users: who writes them, what they say, and where they go.

mod outbox;
mod template;

use serde_json::{Value, json};

pub(crate) use self::outbox::Outbox;
pub use self::outbox::OutboxMessage;
use self::template::Text;
use crate::call::Call;
use crate::error::ApiError;
use crate::state::{Settings, User};
use crate::triggers::{self, CallerClient, Event, Trigger};

/// A message that carries a code, or a temporary password.
#[derive(Debug)]
pub(crate) struct Message<'a> {
    /// What follows the underscore in `triggerSource`: `SignUp`, `ForgotPassword` and so on.
    pub(crate) reason: &'static str,
    pub(crate) settings: &'a Settings,
    pub(crate) user: &'a User,
    pub(crate) client: CallerClient,
    /// `ClientMetadata`, where it reaches the triggers of this message.
    pub(crate) metadata: Option<&'a Value>,
    /// The code, or the temporary password.
    pub(crate) code: &'a str,
    /// Whether it is only inferred that Cognito sends a message in this situation.
    pub(crate) inferred: bool,
}

/// Where a message goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Delivery {
    pub(crate) medium: Medium,
    /// The email address or phone number.
    pub(crate) to: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Medium {
    Email,
    Sms,
}

impl Medium {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Email => "EMAIL",
            Self::Sms => "SMS",
        }
    }

    /// The attribute that holds the address.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "phone_number",
        }
    }
}

impl Delivery {
    /// The way to the user's email address, or phone number.
    pub(crate) fn to(user: &User, medium: Medium) -> Option<Self> {
        let to = user
            .attributes
            .get(medium.attribute())
            .filter(|to| !to.is_empty())?
            .clone();
        Some(Self { medium, to })
    }

    /// The way of a code that verifies a new user: SMS if the pool verifies phone numbers and the user has one, or
    /// else email.
    pub(crate) fn for_sign_up(settings: &Settings, user: &User) -> Option<Self> {
        let media = [Medium::Sms, Medium::Email].into_iter();
        media
            .filter(|medium| settings.auto_verifies(medium.attribute()))
            .find_map(|medium| Self::to(user, medium))
    }

    /// `CodeDeliveryDetails` of an answer.
    pub(crate) fn details(&self) -> Value {
        json!({
            "Destination": mask(&self.to),
            "DeliveryMedium": self.medium.as_str(),
            "AttributeName": self.medium.attribute(),
        })
    }
}

/// An address as answers show it: `a***@e***`, `+*******1212`.
fn mask(address: &str) -> String {
    match address.split_once('@') {
        Some((local, domain)) => {
            let first = |part: &str| part.chars().next().map(String::from).unwrap_or_default();
            format!("{}***@{}***", first(local), first(domain))
        }
        None => {
            let digits: Vec<char> = address.trim_start_matches('+').chars().collect();
            let hidden = digits.len().saturating_sub(4);
            let shown: String = digits.iter().skip(hidden).collect();
            format!("+{}{shown}", "*".repeat(hidden))
        }
    }
}

/// Sends a message: by the custom sender of the medium if the pool has one, or else with the text of CustomMessage or
/// of the pool's template.
///
/// # Errors
/// What the caller of the API gets when CustomMessage fails.
pub(crate) async fn send(call: &Call, message: &Message<'_>, delivery: &Delivery) -> Result<(), ApiError> {
    if call.service.outbox.takes_drill() {
        return Err(ApiError::new(
            "CodeDeliveryFailureException",
            "Unable to deliver message",
        ));
    }
    let is_invitation = message.reason == "AdminCreateUser";
    let username = if is_invitation {
        json!("{username}")
    } else {
        Value::Null
    };
    let mut event = message
        .event(Trigger::CustomMessage)
        .with("codeParameter", "{####}")
        .with("linkParameter", "{##Click Here##}")
        .with("usernameParameter", username)
        .with_client_metadata(message.metadata);
    if message.inferred {
        event = event.inferred();
    }
    let response = triggers::fire(call, message.settings, event)
        .await?
        .unwrap_or_default();
    let text = Text::choose(message, delivery.medium, &response);
    let now = call.now(message.settings);
    let link = message.link(call);
    call.service.outbox.push(OutboxMessage {
        user_pool_id: message.settings.id.clone(),
        user_name: message.user.username.clone(),
        medium: delivery.medium.as_str(),
        to: delivery.to.clone(),
        trigger_source: format!("CustomMessage_{}", message.reason),
        subject: text
            .subject
            .map(|subject| template::fill(&subject, message, &link)),
        body: Some(template::fill(&text.body, message, &link)),
        code: message.code.to_owned(),
        at: now.seconds(),
    });
    Ok(())
}

impl Message<'_> {
    fn event(&self, trigger: Trigger) -> Event {
        Event::about(
            trigger,
            self.reason,
            self.user,
            self.settings,
            self.client.clone(),
        )
    }

    /// Whether the message carries a link instead of a code. Only messages to new users do.
    fn has_link(&self, medium: Medium) -> bool {
        medium == Medium::Email
            && matches!(self.reason, "SignUp" | "ResendCode")
            && self.settings.confirms_with_link()
    }

    /// The address that confirms the user when it is opened.
    fn link(&self, call: &Call) -> String {
        let CallerClient::Id(client_id) = &self.client else {
            return String::new();
        };
        let endpoint = call.service.endpoint();
        let user_name = percent_encoded(&self.user.username);
        let code = self.code;
        format!("{endpoint}/confirmUser?client_id={client_id}&user_name={user_name}&confirmation_code={code}")
    }
}

/// Encodes what isn't an unreserved character of a URL.
fn percent_encoded(text: &str) -> String {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encode = |byte: u8| {
        if unreserved(byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::mask;

    // The shapes stand in answers of Cognito: SU-01 and FP-02 of the truth table.
    #[test]
    fn an_address_is_masked() {
        assert_eq!(mask("foo@example.com"), "f***@e***");
        assert_eq!(mask("+15550101234"), "+*******1234");
    }
}
