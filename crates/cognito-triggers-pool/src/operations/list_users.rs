//! ListUsers.
//!
//! The row of the truth table is ST-03; the grammar of filters is that of AWS's API reference for ListUsers.

use serde_json::{Map, Value, json};

use super::page::Page;
use crate::call::Call;
use crate::error::ApiError;
use crate::state::{User, Users};

/// Lists the users of a pool by user name, at most 60 per page, with an optional filter.
///
/// Without a filter it returns all users. `AttributesToGet` selects the attributes to return; the status and the dates are
/// always there. `Limit` 0 means 60. The last page has no `PaginationToken`. No trigger runs.
///
/// # Errors
/// - `ResourceNotFoundException`: there is no such pool.
/// - `InvalidParameterException`: the filter can't be parsed or names an attribute that isn't searchable, a user of
///   the page lacks an attribute of `AttributesToGet`, or `PaginationToken` comes from a different call.
pub(super) async fn list_users(call: Call) -> Result<Value, ApiError> {
    let filter = Filter::parse(call.input.get_string("Filter").unwrap_or_default())?;
    let page = Page::read(&call.input, "Limit", "PaginationToken", 60)?;
    let names = call
        .input
        .get("AttributesToGet")
        .map(|_| call.input.strings("AttributesToGet"));
    let answer = call.service.read(|state| {
        let pool = state.pool(call.input.string("UserPoolId"))?;
        let users = match &filter {
            Some(filter) => filter.candidates(&pool.users, page.after()),
            None => Box::new(pool.users.after(page.after())),
        };
        let found = users.filter(|(_, user)| filter.as_ref().is_none_or(|filter| filter.matches(user)));
        Ok(page.answer(
            "Users",
            found.map(|(key, user)| (key, user_with_attributes(user, names.as_deref()))),
        ))
    })?;
    // Cognito refuses the page if a user lacks one of the attributes.
    let users = answer.get("Users").and_then(Value::as_array);
    let wanted = names.as_ref().map_or(0, Vec::len);
    let complete = |user: &Value| {
        user.get("Attributes")
            .and_then(Value::as_array)
            .map_or(0, Vec::len)
            >= wanted
    };
    if users.is_some_and(|users| !users.iter().all(complete)) {
        return Err(ApiError::invalid_parameter(
            "One or more requested attributes do not exist.",
        ));
    }
    Ok(answer)
}

/// A user with the requested attributes, or with all.
fn user_with_attributes(user: &User, names: Option<&[&str]>) -> Value {
    let mut json: Map<String, Value> = user.to_json();
    if let Some(names) = names {
        let attributes = names.iter().filter_map(|name| {
            let value = user.attribute(name)?;
            Some(json!({ "Name": name, "Value": value }))
        });
        json.insert("Attributes".to_owned(), attributes.collect());
    }
    Value::Object(json)
}

/// `name = "value"` or `name ^= "value"`.
#[derive(Debug, PartialEq)]
struct Filter {
    /// One of the names in `SEARCHABLE`.
    name: String,
    /// Whether the operator is `^=`: the attribute has to begin with the value.
    is_prefix: bool,
    /// The content of the quotation marks, without the backslashes.
    value: String,
}

/// The names that a filter can have. Custom attributes aren't searchable.
const SEARCHABLE: [&str; 10] = [
    "username",
    "email",
    "phone_number",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "cognito:user_status",
    "status",
    "sub",
];

impl Filter {
    /// Parses a filter; `None` if it is only whitespace.
    ///
    /// Whitespace around the operator is ignored, and the name may be in quotation marks.
    ///
    /// # Errors
    /// `InvalidParameterException`: the operator or the quotation marks are missing, or the name isn't
    /// searchable. The message for the latter is ours.
    fn parse(text: &str) -> Result<Option<Self>, ApiError> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let unreadable = || ApiError::invalid_parameter("Error while parsing filter.");
        let (left, value) = text.split_once('=').ok_or_else(unreadable)?;
        let left = left.trim_end();
        let (name, is_prefix) = left.strip_suffix('^').map_or((left, false), |name| (name, true));
        let name = name.trim().trim_matches('"').to_owned();
        let value = quoted(value.trim()).ok_or_else(unreadable)?;
        if name.is_empty() || name.contains(char::is_whitespace) {
            return Err(unreadable());
        }
        if !SEARCHABLE.contains(&name.as_str()) {
            return Err(ApiError::invalid_parameter(format!(
                "Users can't be searched by {name}."
            )));
        }
        Ok(Some(Self {
            name,
            is_prefix,
            value,
        }))
    }

    /// The users after a key who may match the filter, by user name. All who match are among them.
    fn candidates<'a>(
        &self,
        users: &'a Users,
        after: Option<&'a str>,
    ) -> Box<dyn Iterator<Item = (&'a str, &'a User)> + 'a> {
        if self.is_prefix {
            Box::new(users.after(after))
        } else {
            users.candidates(&self.name, &self.value, after)
        }
    }

    /// Whether a user matches the filter.
    ///
    /// `username` and `status` are case-sensitive, `cognito:user_status` isn't. AWS doesn't document the others; they are
    /// case-sensitive here.
    fn matches(&self, user: &User) -> bool {
        let (found, wanted) = match self.name.as_str() {
            "username" => (Some(user.username.as_str()), self.value.clone()),
            "status" => (
                Some(if user.enabled { "Enabled" } else { "Disabled" }),
                self.value.clone(),
            ),
            "cognito:user_status" => (Some(user.status.as_str()), self.value.to_uppercase()),
            name => (user.attribute(name), self.value.clone()),
        };
        found.is_some_and(|found| {
            if self.is_prefix {
                found.starts_with(&wanted)
            } else {
                found == wanted
            }
        })
    }
}

/// The content of a string in quotation marks, in which `\` escapes a quotation mark.
///
/// `None` if a quotation mark is missing, or one inside has no backslash before it.
fn quoted(text: &str) -> Option<String> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut content = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => content.push(chars.next()?),
            '"' => return None,
            c => content.push(c),
        }
    }
    Some(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_has_a_name_a_sign_and_a_quoted_value() {
        let read = |text| {
            Filter::parse(text)
                .expect("it can be read")
                .expect("it isn't blank")
        };
        let filter = |name: &str, is_prefix, value: &str| Filter {
            name: name.to_owned(),
            is_prefix,
            value: value.to_owned(),
        };
        assert_eq!(
            read(r#"email = "a=b@example.com""#),
            filter("email", false, "a=b@example.com")
        );
        assert_eq!(read(r#"given_name^="An""#), filter("given_name", true, "An"));
        assert_eq!(
            read(r#"name = "Ana \"A\" B""#),
            filter("name", false, r#"Ana "A" B"#)
        );
        assert_eq!(Filter::parse(" "), Ok(None));
    }

    #[test]
    fn an_unreadable_filter_is_refused() {
        for text in [
            "email",
            "email = ana",
            r#"email = "ana"#,
            r#"= "ana""#,
            r#"email = "a"b""#,
        ] {
            let error = Filter::parse(text).expect_err(text);
            assert_eq!(error.message(), "Error while parsing filter.");
        }
        let error = Filter::parse(r#"custom:team = "a""#).expect_err("custom attributes can't be searched");
        assert_eq!(error.class(), "InvalidParameterException");
    }
}
