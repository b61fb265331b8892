//! The operations that the pools serve, for programs that create calls.

use std::collections::BTreeSet;

use crate::model::{self, Kind};
use crate::operations::SERVED;

/// The operations that the pools serve, by name.
///
/// ```
/// assert!(cognito_triggers_pool::operations().any(|name| name == "SignUp"));
/// ```
pub fn operations() -> impl Iterator<Item = &'static str> {
    SERVED.iter().copied()
}

/// The members of an operation's input, by name. `None` if the pools don't know the operation.
///
/// ```
/// use cognito_triggers_pool::input_members;
///
/// let members = input_members("ConfirmSignUp").ok_or("unknown")?;
/// assert!(members.contains(&"ConfirmationCode"));
/// assert_eq!(input_members("ConfirmSignIn"), None);
/// # Ok::<(), &str>(())
/// ```
pub fn input_members(operation: &str) -> Option<Vec<&'static str>> {
    let Kind::Structure(members) = model::operation(operation)?.input.kind else {
        return Some(Vec::new());
    };
    Some(members.iter().map(|member| member.name).collect())
}

/// The names of the exceptions that calls can fail with: those that the service model declares, and those of the protocol.
///
/// ```
/// let exceptions = cognito_triggers_pool::exceptions();
/// assert!(exceptions.contains("UserNotFoundException") && exceptions.contains("SerializationException"));
/// ```
pub fn exceptions() -> BTreeSet<&'static str> {
    let declared = operations().filter_map(model::operation);
    let protocol = [
        "SerializationException",
        "UnknownOperationException",
        "UnsupportedOperationException",
    ];
    declared
        .flat_map(|operation| operation.errors)
        .copied()
        .chain(protocol)
        .collect()
}

/// The names of challenges, as in `ChallengeName`.
///
/// ```
/// assert!(cognito_triggers_pool::challenge_names().contains(&"NEW_PASSWORD_REQUIRED"));
/// ```
pub fn challenge_names() -> &'static [&'static str] {
    let Some(Kind::Structure(members)) =
        model::operation("RespondToAuthChallenge").map(|operation| &operation.input.kind)
    else {
        return &[];
    };
    let member = members.iter().find(|member| member.name == "ChallengeName");
    member.map_or(&[], |member| member.shape.values)
}
