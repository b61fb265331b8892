//! Templates of messages, whose placeholders are checked when the function starts.

use std::{error::Error as StdError, fmt};

use cognito_triggers_model::triggers::custom_message::Request;

/// The placeholder that Cognito replaces with the code.
const CODE: &str = "{####}";
/// The placeholder that Cognito replaces with the user name, in invitations.
const USER_NAME: &str = "{username}";

/// The text of a message with Cognito's placeholders and fields of your own.
///
/// Cognito refuses a message without its code, or sends its own message instead, and you learn of it only from a user. So
/// create the templates when the function starts: a mistake is then an error at the start.
///
/// ```
/// use cognito_triggers::{CustomMessage, Event, message::MessageTemplate};
///
/// let template = MessageTemplate::for_code("{product}: your code is {####}", &["product"])?;
/// let event = Event::<CustomMessage>::sample().build();
/// let text = template.render(&event.request, &[("product", "Harbor")])?;
/// assert_eq!(text, "Harbor: your code is {####}");
///
/// let mistake = MessageTemplate::for_code("Your code is {###}", &[]).unwrap_err();
/// assert_eq!(mistake.to_string(), "the message has no placeholder `{####}`, which Cognito needs: Your code is {###}");
/// # Ok::<_, cognito_triggers::message::TemplateError>(())
/// ```
#[derive(Clone, Debug)]
pub struct MessageTemplate {
    text: String,
    fields: Vec<String>,
}

/// A template that Cognito would not send, or that can't be filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError(String);

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for TemplateError {}

impl MessageTemplate {
    /// A message with a code: it must contain `{####}`. `fields` are the names of your own placeholders, `{product}`.
    ///
    /// # Errors
    /// If the code's placeholder or one of your own is missing, or the text has a placeholder of another name.
    pub fn for_code(text: impl Into<String>, fields: &[&str]) -> Result<Self, TemplateError> {
        Self::with(text.into(), fields, &[CODE])
    }

    /// A message to a user whom an administrator created: it must contain `{username}` and `{####}`.
    ///
    /// ```
    /// use cognito_triggers::message::MessageTemplate;
    ///
    /// assert!(MessageTemplate::for_invitation("You are {username}, with the password {####}.", &[]).is_ok());
    /// assert!(MessageTemplate::for_invitation("Your password is {####}.", &[]).is_err());
    /// ```
    ///
    /// # Errors
    /// As [`for_code`](MessageTemplate::for_code).
    pub fn for_invitation(text: impl Into<String>, fields: &[&str]) -> Result<Self, TemplateError> {
        Self::with(text.into(), fields, &[CODE, USER_NAME])
    }

    /// A message that confirms a sign-up with a click: it must contain a link, `{##the words to click##}`.
    ///
    /// ```
    /// use cognito_triggers::message::MessageTemplate;
    ///
    /// assert!(MessageTemplate::for_link("{##Confirm your address##}, please.", &[]).is_ok());
    /// ```
    ///
    /// # Errors
    /// As [`for_code`](MessageTemplate::for_code).
    pub fn for_link(text: impl Into<String>, fields: &[&str]) -> Result<Self, TemplateError> {
        let text = text.into();
        let link = text
            .split_once("{##")
            .and_then(|(_, rest)| rest.split_once("##}"));
        if link.is_none_or(|(words, _)| words.is_empty()) {
            return Err(TemplateError(format!(
                "the message has no link `{{##…##}}`, which Cognito needs: {text}"
            )));
        }
        Self::with(text, fields, &[])
    }

    fn with(text: String, fields: &[&str], needed: &[&str]) -> Result<Self, TemplateError> {
        let own = fields.iter().map(|field| format!("{{{field}}}"));
        if let Some(missing) = needed.iter().find(|placeholder| !text.contains(**placeholder)) {
            return Err(TemplateError(format!(
                "the message has no placeholder `{missing}`, which Cognito needs: {text}"
            )));
        }
        if let Some(missing) = own
            .clone()
            .find(|placeholder| !text.contains(placeholder.as_str()))
        {
            return Err(TemplateError(format!(
                "the message has no placeholder `{missing}`: {text}"
            )));
        }
        let known = |name: &str| fields.contains(&name) || needed.contains(&format!("{{{name}}}").as_str());
        if let Some(unknown) = names(&text).find(|name| !known(name)) {
            return Err(TemplateError(format!(
                "nothing fills the placeholder `{{{unknown}}}`: {text}"
            )));
        }
        Ok(Self {
            text,
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        })
    }

    /// The message for an event: your own fields are filled, and Cognito's placeholders are those that the event names,
    /// or the usual ones if it names none. A value is written as it is, whatever braces it contains.
    ///
    /// # Errors
    /// If a field has no value.
    pub fn render(&self, request: &Request, values: &[(&str, &str)]) -> Result<String, TemplateError> {
        let user_name = request.username_parameter.as_deref();
        let mut message = String::with_capacity(self.text.len());
        let mut rest = self.text.as_str();
        while let Some((before, placeholder)) = rest.find('{').map(|brace| rest.split_at(brace)) {
            message.push_str(before);
            let own = self.fields.iter().find_map(|field| {
                let after = placeholder.strip_prefix('{')?.strip_prefix(field.as_str())?;
                Some((field, after.strip_prefix('}')?))
            });
            rest = if let Some(after) = placeholder.strip_prefix(CODE) {
                message.push_str(&request.code_parameter);
                after
            } else if let Some(after) = placeholder.strip_prefix(USER_NAME) {
                message.push_str(user_name.unwrap_or(USER_NAME));
                after
            } else if let Some((field, after)) = own {
                let value = values.iter().find(|(name, _)| name == field);
                let Some((_, value)) = value else {
                    return Err(TemplateError(format!(
                        "there is no value for the field `{field}` of the message"
                    )));
                };
                message.push_str(value);
                after
            } else {
                message.push('{');
                placeholder.strip_prefix('{').unwrap_or_default()
            };
        }
        message.push_str(rest);
        Ok(message)
    }
}

/// The names in braces. `{####}` and the text of a link aren't names.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let is_name = |name: &&str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(plain)
    };
    text.split('{')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0))
        .filter(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_found_before_any_event() {
        let error = |template: Result<MessageTemplate, TemplateError>| template.unwrap_err().to_string();
        assert!(error(MessageTemplate::for_code("no code", &[])).contains("`{####}`, which Cognito needs"));
        assert!(error(MessageTemplate::for_invitation("code {####}", &[])).contains("`{username}`"));
        assert!(error(MessageTemplate::for_link("click {####}", &[])).contains("{##…##}"));
        assert!(error(MessageTemplate::for_link("click {####} {##}", &[])).contains("{##…##}"));
        assert!(
            error(MessageTemplate::for_code("{####} of {prodcut}", &["product"]))
                .contains("no placeholder `{product}`")
        );
        assert!(
            error(MessageTemplate::for_code("{####} {product} {name}", &["product"])).contains("`{name}`")
        );
        // The user name is for invitations only.
        assert!(error(MessageTemplate::for_code("{####} {username}", &[])).contains("`{username}`"));
    }

    #[test]
    fn the_placeholders_of_the_event_are_used() {
        let request: Request =
            serde_json::from_str(r#"{"codeParameter":"{####}","usernameParameter":"{username}"}"#).unwrap();
        let template = MessageTemplate::for_invitation(
            "{who}: {username}, {####} <style>a{color:red}</style>",
            &["who"],
        )
        .unwrap();
        assert_eq!(
            template.render(&request, &[("who", "Harbor")]).unwrap(),
            "Harbor: {username}, {####} <style>a{color:red}</style>"
        );
        assert!(
            template
                .render(&request, &[])
                .unwrap_err()
                .to_string()
                .contains("`who`")
        );
        MessageTemplate::for_link("{##Confirm now##}", &[]).unwrap();
    }

    #[test]
    fn a_value_is_not_filled_again() {
        let request: Request = serde_json::from_str(r#"{"codeParameter":"{code}"}"#).unwrap();
        let template =
            MessageTemplate::for_code("{first} {last} {{first}}: {####}", &["first", "last"]).unwrap();
        let values = [("first", "{last}{####}{"), ("last", "{first}")];
        assert_eq!(
            template.render(&request, &values).unwrap(),
            "{last}{####}{ {first} {{last}{####}{}: {code}"
        );
    }

    #[test]
    fn the_usual_placeholders_stand_in_for_absent_ones() {
        for json in [
            "{}",
            r#"{"codeParameter":null}"#,
            r#"{"codeParameter":"","usernameParameter":null}"#,
        ] {
            let request: Request = serde_json::from_str(json).unwrap();
            let template = MessageTemplate::for_invitation("{username}: {####}", &[]).unwrap();
            assert_eq!(
                template.render(&request, &[]).unwrap(),
                "{username}: {####}",
                "{json}"
            );
        }
    }
}
