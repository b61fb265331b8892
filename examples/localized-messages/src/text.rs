//! What a language has to have: a field for each text, so that none is missing.
//!
//! | placeholder | is replaced with | in |
//! |---|---|---|
//! | `{product}` | the setting `PRODUCT` | any text |
//! | `{name}` | the person's name | `greeting` |
//! | `{####}` | the code, or the temporary password | every text but `greeting`, `closing` and subjects |
//! | `{username}` | the user name | `invitation` |
//! | `{##words##}` | a link with these words | `sign_up_link` |
//!
//! A message is plain text: an email's is escaped and put into a page.

/// The texts of one language.
pub(crate) struct Language {
    /// The language's tag of BCP 47, such as `pt-BR`.
    pub(crate) locale: &'static str,
    /// The direction of its script, as HTML names it: `ltr` or `rtl`.
    pub(crate) direction: &'static str,
    /// The first line of an email to a person whose name is known.
    pub(crate) greeting: &'static str,
    /// The first line of an email to anyone else.
    pub(crate) nameless_greeting: &'static str,
    /// The last line of every email.
    pub(crate) closing: &'static str,
    /// A code that confirms a new account.
    pub(crate) sign_up: Text,
    /// The email's text in a pool whose users confirm with a link.
    pub(crate) sign_up_link: &'static str,
    /// The user name and a temporary password, to a user whom an administrator created.
    pub(crate) invitation: Text,
    /// A code for a new password.
    pub(crate) new_password: Text,
    /// A code that confirms an email address or a phone number.
    pub(crate) details: Text,
    /// A code for signing in.
    pub(crate) sign_in: Text,
}

/// One message.
pub(crate) struct Text {
    pub(crate) subject: &'static str,
    pub(crate) email: &'static str,
    pub(crate) sms: &'static str,
}
