//! Readers for values that a handler can't do without.

use std::{error::Error, fmt};

use crate::{attributes::Attributes, event::Event, text_map::TextMap, trigger::Trigger};

/// A value that a handler needs is missing. The text names the field, never a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingValueError(String);

impl fmt::Display for MissingValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the event has no {}", self.0)
    }
}

impl Error for MissingValueError {}

impl Attributes {
    /// The value of an attribute that has to be there.
    ///
    /// ```
    /// use cognito_triggers::Attributes;
    ///
    /// let attributes = Attributes::from([("sub", "9f2d"), ("name", "cognito:default_val")]);
    /// assert_eq!(attributes.require("sub"), Ok("9f2d"));
    /// assert_eq!(attributes.require("name").unwrap_err().to_string(), "the event has no attribute `name`");
    /// ```
    ///
    /// # Errors
    /// Fails if the attribute is absent, null, or was never supplied (`cognito:default_val`).
    pub fn require(&self, name: &str) -> Result<&str, MissingValueError> {
        self.get(name)
            .ok_or_else(|| MissingValueError(format!("attribute `{name}`")))
    }
}

impl TextMap {
    /// The value of a name that has to be there.
    ///
    /// ```
    /// use cognito_triggers::TextMap;
    ///
    /// let metadata = TextMap::from([("locale", "de-AT")]);
    /// assert_eq!(metadata.require("locale"), Ok("de-AT"));
    /// assert_eq!(metadata.require("captcha").unwrap_err().to_string(), "the event has no value named `captcha`");
    /// ```
    ///
    /// # Errors
    /// Fails if the name is absent or its value is null.
    pub fn require(&self, name: &str) -> Result<&str, MissingValueError> {
        self.get(name)
            .ok_or_else(|| MissingValueError(format!("value named `{name}`")))
    }
}

impl<T: Trigger> Event<T> {
    /// The user's name in the pool, which has to be there; see [`user_name`](Event::user_name).
    ///
    /// ```
    /// use cognito_triggers::{Context, Event, Result, UserMigration, user_migration};
    ///
    /// async fn migrate(_: Context<()>, event: Event<UserMigration>) -> Result<user_migration::Response> {
    ///     // Without a name there is no one to look up: the logs say so, and the user reads `internal error`.
    ///     let typed = event.require_user_name()?;
    ///     println!("looking for a name of {} bytes", typed.len());
    ///     Ok(Default::default())
    /// }
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # assert!(migrate(Context::new(()), Event::sample().build()).await.is_ok());
    /// let nameless = Event::<UserMigration>::sample().user_name("").build();
    /// let error = migrate(Context::new(()), nameless).await.unwrap_err();
    /// assert_eq!(error.to_string(), "the event has no `userName`");
    /// # });
    /// # Ok::<_, std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// Fails if it is null, absent or empty.
    pub fn require_user_name(&self) -> Result<&str, MissingValueError> {
        let name = self.user_name().filter(|name| !name.is_empty());
        name.ok_or_else(|| MissingValueError("`userName`".to_owned()))
    }

    /// The id of the app client, which has to be there; see [`client_id`](Event::client_id).
    ///
    /// ```
    /// use cognito_triggers::{Event, PreSignUp, pre_sign_up::Source};
    ///
    /// let by_a_user = Event::<PreSignUp>::sample().client_id("1example23456789").build();
    /// assert_eq!(by_a_user.require_client_id(), Ok("1example23456789"));
    ///
    /// // An administrator creates users without an app client.
    /// let by_an_administrator = Event::<PreSignUp>::sample().source(Source::AdminCreateUser).build();
    /// assert_eq!(
    ///     by_an_administrator.require_client_id().unwrap_err().to_string(),
    ///     "the event has no `callerContext.clientId`"
    /// );
    /// ```
    ///
    /// # Errors
    /// Fails if no client caused the call.
    pub fn require_client_id(&self) -> Result<&str, MissingValueError> {
        let id = self.client_id().filter(|id| !id.is_empty());
        id.ok_or_else(|| MissingValueError("`callerContext.clientId`".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triggers::PreSignUp;

    #[test]
    fn a_missing_header_field_is_named() {
        let event = |header: &str| {
            Event::<PreSignUp>::from_json(format!(r#"{{"triggerSource":"PreSignUp_SignUp"{header}}}"#))
                .unwrap()
        };
        let full = event(r#","userName":"ana","callerContext":{"clientId":"1example"}"#);
        assert_eq!(
            (full.require_user_name(), full.require_client_id()),
            (Ok("ana"), Ok("1example"))
        );
        for header in ["", r#","userName":null"#, r#","userName":"""#] {
            let error = event(header).require_user_name().unwrap_err();
            assert_eq!(error.to_string(), "the event has no `userName`");
        }
        let by_admin = event(r#","callerContext":{"clientId":"CLIENT_ID_NOT_APPLICABLE"}"#);
        assert!(by_admin.require_client_id().is_err());
    }
}
