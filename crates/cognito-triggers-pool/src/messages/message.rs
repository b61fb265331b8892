//! A message and its destination.

use cognito_triggers_kms::testing::LocalKey;
use cognito_triggers_loopback::seal::Sealer;
use cognito_triggers_model::Route;
use serde_json::{Value, json};

use super::outbox::OutboxMessage;
use super::text::Text;
use crate::call::Call;
use crate::error::ApiError;
use crate::state::{Settings, User};
use crate::triggers::{CallerClient, Event, Hook};

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
    /// Whether it is only inferred that Cognito sends the message in this situation.
    pub(crate) inferred: bool,
}

/// The medium and the address of a message.
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
    /// The delivery to the user's email address or phone number.
    pub(crate) fn to(user: &User, medium: Medium) -> Option<Self> {
        let to = user
            .attributes
            .get(medium.attribute())
            .filter(|to| !to.is_empty())?
            .clone();
        Some(Self { medium, to })
    }

    /// The delivery of the code that verifies a new user: by SMS if the pool verifies phone numbers and the user has one,
    /// otherwise by email.
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

    /// Where a code went, as parameters of a challenge (MF-07).
    pub(crate) fn challenge_parameters(&self) -> [(String, Value); 2] {
        let medium = ("CODE_DELIVERY_DELIVERY_MEDIUM", json!(self.medium.as_str()));
        let destination = ("CODE_DELIVERY_DESTINATION", json!(mask(&self.to)));
        [medium, destination].map(|(name, value)| (name.to_owned(), value))
    }
}

/// Masks an address as in answers: `a***@e***`, `+*******1212`.
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

impl Message<'_> {
    /// The event of CustomMessage.
    pub(super) fn custom_message_event(&self) -> Event {
        let username = if self.reason == "AdminCreateUser" {
            json!("{username}")
        } else {
            Value::Null
        };
        let event = self
            .event(Route::CustomMessage)
            .with("codeParameter", "{####}")
            .with("linkParameter", "{##Click Here##}")
            .with("usernameParameter", username);
        event.with_client_metadata(self.metadata)
    }

    /// The event of the custom sender, if the pool has one for the medium.
    ///
    /// # Errors
    /// Fails if the code can't be encrypted, because the system has no source of randomness.
    pub(super) fn sender_event(&self, medium: Medium) -> Result<Option<Event>, ApiError> {
        let (route, kind) = match medium {
            Medium::Email => (Route::CustomEmailSender, "customEmailSenderRequestV1"),
            Medium::Sms => (Route::CustomSmsSender, "customSMSSenderRequestV1"),
        };
        if Hook::find(self.settings, route).is_none() {
            return Ok(None);
        }
        let code = self.sealed().map_err(|problem| {
            ApiError::new(
                "CodeDeliveryFailureException",
                format!("Unable to seal the code: {problem}"),
            )
        })?;
        let event = self
            .event(route)
            .with("type", kind)
            .with("code", code)
            // Null, not absent, if the caller sent none.
            .with("clientMetadata", self.metadata.cloned().unwrap_or_default());
        Ok(Some(event))
    }

    /// The code for a custom sender, encrypted under the key of the pool.
    fn sealed(&self) -> Result<String, String> {
        let arn = self.settings.string("/LambdaConfig/KMSKeyID").unwrap_or_default();
        let key = LocalKey::new(arn).map_err(|error| error.to_string())?;
        let sealer = Sealer::new(&key, &self.settings.id);
        let sealed = match self.reason {
            "AdminCreateUser" => sealer.seal_temporary_password(self.code),
            _ => sealer.seal(self.code),
        };
        sealed.map_err(|error| error.to_string())
    }

    /// An event about the user, without the members that only one trigger has.
    fn event(&self, route: Route) -> Event {
        let event = Event::about(route, self.reason, self.user, self.settings, self.client.clone());
        if self.inferred { event.inferred() } else { event }
    }

    /// The code as in messages and the outbox.
    ///
    /// The welcome message of a migrated user has the password that the user typed, so it is `***` here. Only a custom
    /// sender gets it, encrypted. The temporary password of a user that an administrator creates isn't replaced.
    pub(super) fn shown_code(&self) -> &str {
        let is_own_password = self.reason == "AdminCreateUser" && matches!(self.client, CallerClient::Id(_));
        if is_own_password { "***" } else { self.code }
    }

    /// The message for the outbox. `text` is `None` if a custom sender sends it.
    pub(super) fn sent(
        &self,
        call: &Call,
        delivery: &Delivery,
        trigger_source: String,
        text: Option<Text>,
    ) -> OutboxMessage {
        let (subject, body) = text.map_or((None, None), |text| (text.subject, Some(text.body)));
        OutboxMessage {
            seq: 0,
            user_pool_id: self.settings.id.clone(),
            user_name: self.user.username.clone(),
            medium: delivery.medium.as_str(),
            to: delivery.to.clone(),
            trigger_source,
            subject,
            body,
            code: self.shown_code().to_owned(),
            at: call.now(self.settings).seconds(),
        }
    }

    /// Whether the message has a link instead of a code. Only messages to new users can.
    pub(super) fn has_link(&self, medium: Medium) -> bool {
        medium == Medium::Email
            && matches!(self.reason, "SignUp" | "ResendCode")
            && self.settings.confirms_with_link()
    }

    /// The URL that confirms the user when it is opened.
    pub(super) fn link(&self, call: &Call) -> String {
        let CallerClient::Id(client_id) = &self.client else {
            return String::new();
        };
        let endpoint = call.service.endpoint();
        let user_name = percent_encoded(&self.user.username);
        let code = self.code;
        format!("{endpoint}/confirmUser?client_id={client_id}&user_name={user_name}&confirmation_code={code}")
    }
}

/// Percent-encodes all characters that aren't unreserved in a URL.
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

    // The shapes occur in answers of Cognito: SU-01 and FP-02 of the truth table.
    #[test]
    fn an_address_is_masked() {
        assert_eq!(mask("foo@example.com"), "f***@e***");
        assert_eq!(mask("+15550101234"), "+*******1234");
    }
}
