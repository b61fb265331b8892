//! Where a browser is sent to.

use crate::form::Form;

/// The address in a redirect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Location(pub(crate) String);

/// The address of an app with an error. `separator` is `?` or `#`.
pub(super) fn error(
    uri: &str,
    separator: char,
    code: &str,
    description: Option<&str>,
    state: Option<&str>,
) -> Location {
    let members = [
        ("error", Some(code)),
        ("error_description", description),
        ("state", state),
    ];
    let form: Form = members
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    Location(form.appended_to(uri, separator))
}
