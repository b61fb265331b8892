//! Which operations change nothing that is stored.
//!
//! Two calls that only read can't disturb each other, in whatever order they are made. The name says it of most operations.

/// The beginnings of the names of operations that read.
const READS: [&str; 5] = ["AdminGet", "AdminList", "Describe", "Get", "List"];

/// Operations with such a name that write all the same: one replaces the refresh token if the app client rotates them, the other one
/// stores the code that it sends.
const WRITES: [&str; 2] = ["GetTokensFromRefreshToken", "GetUserAttributeVerificationCode"];

/// Whether an operation changes nothing that is stored. An operation that isn't known changes something.
///
/// ```
/// use cognito_triggers_pool::recording::is_read_only;
///
/// assert!(is_read_only("GetUser") && is_read_only("AdminListDevices"));
/// assert!(!is_read_only("SignUp") && !is_read_only("GetTokensFromRefreshToken"));
/// ```
#[must_use]
pub fn is_read_only(operation: &str) -> bool {
    READS.iter().any(|begin| operation.starts_with(begin)) && !WRITES.contains(&operation)
}
