//! Recordings: the calls of a pool with their triggers and messages, as lines of JSON without secrets.
//!
//! ```text
//! {"recording":1,"endpoint":"http://127.0.0.1:9229","awsIssuer":false,"state":{…}}
//! {"call":{"seq":1,"operation":"SignUp","request":{…,"Password":"{{password-1}}"},"answer":{…},"triggers":[…],"messages":[…],…}}
//! {"call":{"seq":2,…}}
//! ```
//!
//! The first line has the version of the format and what was served when the recording began: the state without secrets, as
//! `GET /_dev/state` writes it. Each other line is a call that ended, or something that was done to the pools:
//! `{"done":"reset"}`.
//!
//! A secret is replaced by a placeholder with a number, and the same secret always by the same one. So a player knows where a code of
//! a message was typed, and no reader knows the code. Wherever a secret of four characters or more occurs again, in a text or
//! the name of a user or a member, it is replaced there too, except for digits that are part of a longer number. What is written within
//! JSON or a URL has the way after its number, `{{password-1|url}}`, if it looks otherwise there. `{{` in a text that
//! isn't a secret is written `{{{{`, and `${any}` in a text that a player compares `$${any}`. Names that Cognito chooses, such as
//! `ClientMetadata`, always stay.
//!
//! | part | what it is |
//! |---|---|
//! | [`Recording`] | a recording that was read |
//! | `Recorder` | writes one |
//! | `Names` | the placeholders of one recording |

/// `AWS_SDK_UA_APP_ID` for a function of the pools, by which a recording tells its calls from those of clients.
///
/// ```
/// assert_eq!(cognito_triggers_pool::recording::FUNCTION_APP_ID, "cognito-triggers-function");
/// ```
pub const FUNCTION_APP_ID: &str = "cognito-triggers-function";

mod claims;
mod format;
mod known_names;
mod names;
mod parts;
mod read;
mod read_only;
mod recorder;

pub use self::claims::{claims, token_members};
pub use self::format::{
    Entry, Header, Observed, RecordedCall, RecordedError, RecordedMessage, RecordedTrigger,
};
pub(crate) use self::parts::without_placeholders;
pub use self::parts::{Part, parts};
pub use self::read::{Recording, RecordingError};
pub use self::read_only::is_read_only;
pub(crate) use self::recorder::{Raw, Recorder};
pub use crate::member_names::FreeNames;
pub use crate::redact::is_token;
pub use crate::spelling::{Spellings, other_spellings, spelled};

/// Replaces the secrets in the event of a trigger and its answer by texts such as `answer-1`, the same secret by the same text.
///
/// A function that compares two of them, such as the answer to a challenge with its private parameter, does with the texts what it did
/// with the secrets. The code of a custom sender is encrypted and stays.
///
/// ```
/// use serde_json::json;
///
/// let mut event = json!({ "request": { "challengeAnswer": "blue", "privateChallengeParameters": { "color": "blue" } } });
/// cognito_triggers_pool::recording::replace_secrets(&mut [&mut event]);
/// let expected = json!({ "challengeAnswer": "answer-1", "privateChallengeParameters": { "color": "answer-1" } });
/// assert_eq!(event["request"], expected);
/// ```
pub fn replace_secrets(values: &mut [&mut serde_json::Value]) {
    let mut names = names::Names::plain();
    for value in values.iter_mut() {
        names.mark(crate::redact::Origin::Trigger, value);
    }
    for value in values.iter_mut() {
        names.finish(value);
    }
}

/// Replaces by `***` everything in a request, an event or an answer for which a recording has a placeholder.
///
/// The names of members stay, so that a path leads to the same value: one that is a secret itself is left to whoever shows it.
///
/// ```
/// use serde_json::json;
///
/// let mut answer = json!({ "Session": "s", "Bearer abc": "x" });
/// cognito_triggers_pool::recording::hide_secrets(&mut answer);
/// assert_eq!(answer, json!({ "Session": "***", "Bearer abc": "x" }));
/// ```
pub fn hide_secrets(value: &mut serde_json::Value) {
    crate::redact::hide_recorded(value);
}
