//! What tells one request from another: its fields in a fixed order, as bytes for a hash.
//!
//! A retry has the request of the call that it repeats, and a new request id. A keyed hash of these bytes recognizes it. The
//! bytes don't depend on the order of fields, on whitespace or on escapes.

use std::{borrow::Cow, collections::BTreeMap, error::Error, fmt};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    event::Event,
    secret_fields::{SecretKind, kind_of},
    surrogates::replace_lone_surrogates,
    trigger::Trigger,
};

/// How deep the values of a request may be nested.
const MAX_DEPTH: usize = 64;

/// Which secret fields are among the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrets {
    /// Only the encrypted code of a custom sender, which differs with every message and reveals nothing.
    LeftOut,
    /// All of them. Use it with a keyed hash only: a password can be guessed from a plain one.
    Included,
}

/// What was left out of the bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOut {
    /// Whether a field was left out on which the answer may depend, such as a password.
    pub may_decide: bool,
}

/// The request can't be read as JSON, or is nested too deep. The text has no value of the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestIdentityError {
    problem: &'static str,
}

impl fmt::Display for RequestIdentityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the `request` of the event {}", self.problem)
    }
}

impl Error for RequestIdentityError {}

const NOT_JSON: RequestIdentityError = RequestIdentityError {
    problem: "isn't JSON that can be read again",
};
const TOO_DEEP: RequestIdentityError = RequestIdentityError {
    problem: "is nested more than 64 levels deep",
};

/// Writes the bytes of a request piece by piece, as it was received: changes by the handler don't count.
///
/// ```
/// use cognito_triggers_model::{Event, request_identity::{Secrets, write_request}, triggers::UserMigration};
///
/// let bytes = |json: &str| {
///     let event = Event::<UserMigration>::from_json(json).expect("an event");
///     let mut bytes = Vec::new();
///     let left_out = write_request(&event, Secrets::LeftOut, |piece| bytes.extend_from_slice(piece)).expect("JSON");
///     (bytes, left_out.may_decide)
/// };
/// let (one, may_decide) = bytes(r#"{"triggerSource": "UserMigration_Authentication", "request":
///     {"password": "hunter2", "validationData": {"a": "1", "b": "2"}}}"#);
/// let (other, _) = bytes(r#"{"triggerSource": "UserMigration_Authentication", "request":
///     {"validationData": {"b": "2", "\u0061": "1"}, "password": "hunter3"}}"#);
/// assert_eq!(one, other);
/// assert!(may_decide);
/// ```
///
/// # Errors
/// Fails if the request is nested more than 64 levels deep, which no request of Cognito is.
pub fn write_request<T: Trigger>(
    event: &Event<T>,
    secrets: Secrets,
    write: impl FnMut(&[u8]),
) -> Result<LeftOut, RequestIdentityError> {
    #[derive(Deserialize)]
    struct Envelope<'a> {
        #[serde(borrow)]
        request: Option<&'a RawValue>,
    }
    let raw = event.raw().bytes();
    let replaced = replace_lone_surrogates(raw);
    let envelope: Envelope<'_> =
        serde_json::from_slice(replaced.as_ref().unwrap_or(raw)).map_err(|_| NOT_JSON)?;
    let mut writer = Writer {
        write,
        secrets,
        left_out: LeftOut::default(),
    };
    writer.value(envelope.request.map_or("null", RawValue::get), 0)?;
    Ok(writer.left_out)
}

struct Writer<W> {
    write: W,
    secrets: Secrets,
    left_out: LeftOut,
}

impl<W: FnMut(&[u8])> Writer<W> {
    /// Writes a value. A kind and a length come before each text, so that no two requests give the same bytes.
    fn value(&mut self, json: &str, depth: usize) -> Result<(), RequestIdentityError> {
        if depth > MAX_DEPTH {
            return Err(TOO_DEEP);
        }
        match json.as_bytes().first() {
            Some(b'{') => {
                let members: BTreeMap<Cow<'_, str>, &RawValue> =
                    serde_json::from_str(json).map_err(|_| NOT_JSON)?;
                (self.write)(b"{");
                for (name, value) in members {
                    if self.leaves_out(&name, value.get()) {
                        continue;
                    }
                    self.text(b"s", &name);
                    self.value(value.get(), depth + 1)?;
                }
                (self.write)(b"}");
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(json).map_err(|_| NOT_JSON)?;
                (self.write)(b"[");
                for item in items {
                    self.value(item.get(), depth + 1)?;
                }
                (self.write)(b"]");
            }
            Some(b'"') => {
                let text: Cow<'_, str> = serde_json::from_str(json).map_err(|_| NOT_JSON)?;
                self.text(b"s", &text);
            }
            _ => self.text(b"v", json),
        }
        Ok(())
    }

    fn text(&mut self, kind: &[u8], text: &str) {
        (self.write)(kind);
        (self.write)(&(text.len() as u64).to_le_bytes());
        (self.write)(text.as_bytes());
    }

    fn leaves_out(&mut self, name: &str, json: &str) -> bool {
        let Some(kind) = kind_of(name).filter(|kind| *kind != SecretKind::EncryptedCode) else {
            return false;
        };
        if self.secrets == Secrets::Included {
            return false;
        }
        self.left_out.may_decide |= kind.may_decide() && json != "null";
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triggers::{CustomEmailSender, PreSignUp, VerifyAuthChallengeResponse};

    fn bytes<T: Trigger>(request: &str, secrets: Secrets) -> Result<(Vec<u8>, bool), RequestIdentityError> {
        let event =
            Event::<T>::from_json(format!(r#"{{"triggerSource":"X_Y","request":{request}}}"#)).unwrap();
        let mut bytes = Vec::new();
        let left_out = write_request(&event, secrets, |piece| bytes.extend_from_slice(piece))?;
        Ok((bytes, left_out.may_decide))
    }

    #[test]
    fn requests_that_differ_give_different_bytes() {
        let requests = [
            "null",
            "{}",
            r#"{"clientMetadata":null}"#,
            r#"{"clientMetadata":{}}"#,
            r#"{"clientMetadata":{"a":"b"}}"#,
            r#"{"clientMetadata":{"a":"","b":""}}"#,
            r#"{"clientMetadata":{"ab":""}}"#,
            r#"{"clientMetadata":{"a":1}}"#,
            r#"{"clientMetadata":{"a":"1"}}"#,
            r#"{"validationData":{"a":"1"}}"#,
            r#"{"userAttributes":{"a":"1"}}"#,
            r#"{"new":["a","b"]}"#,
            r#"{"new":["ab"]}"#,
            r#"{"new":[["a"],"b"]}"#,
            r#"{"new":1e999}"#,
        ];
        for (one, left) in requests.iter().enumerate() {
            for (other, right) in requests.iter().enumerate() {
                let same =
                    bytes::<PreSignUp>(left, Secrets::LeftOut) == bytes::<PreSignUp>(right, Secrets::LeftOut);
                assert_eq!(same, one == other, "{left} and {right}");
            }
        }
    }

    #[test]
    fn a_secret_is_left_out_at_any_depth_unless_it_is_asked_for() {
        let request = |answer: &str| {
            format!(
                r#"{{"challengeAnswer":"{answer}","privateChallengeParameters":{{"pin":"{answer}"}},"clientMetadata":{{"password":"{answer}"}}}}"#
            )
        };
        let (one, other) = (request("hunter2"), request("hunter3"));
        let read = bytes::<VerifyAuthChallengeResponse>;
        assert_eq!(read(&one, Secrets::LeftOut), read(&other, Secrets::LeftOut));
        assert!(read(&one, Secrets::LeftOut).unwrap().1);
        assert!(!String::from_utf8_lossy(&read(&one, Secrets::LeftOut).unwrap().0).contains("hunter"));
        assert_ne!(read(&one, Secrets::Included), read(&other, Secrets::Included));
        assert!(!read(&one, Secrets::Included).unwrap().1);
    }

    #[test]
    fn two_messages_differ_by_their_encrypted_codes() {
        let read =
            |code: &str| bytes::<CustomEmailSender>(&format!(r#"{{"code":"{code}"}}"#), Secrets::LeftOut);
        assert_ne!(read("AYADe"), read("AYADf"));
        assert!(!read("AYADe").unwrap().1);
    }

    #[test]
    fn a_request_nested_too_deep_is_refused_by_name() {
        let nested = |levels: usize| format!(r#"{{"new":{}{}}}"#, "[".repeat(levels), "]".repeat(levels));
        assert!(bytes::<PreSignUp>(&nested(60), Secrets::LeftOut).is_ok());
        assert_eq!(bytes::<PreSignUp>(&nested(70), Secrets::LeftOut), Err(TOO_DEEP));
        let text = TOO_DEEP.to_string();
        assert_eq!(
            text,
            "the `request` of the event is nested more than 64 levels deep"
        );
    }

    #[test]
    fn a_lone_surrogate_does_not_hide_the_request() {
        let read = |name: &str| {
            bytes::<PreSignUp>(
                &format!(r#"{{"userAttributes":{{"name":"{name}"}}}}"#),
                Secrets::LeftOut,
            )
        };
        assert_ne!(read(r"a\ud83d"), read(r"b\ud83d"));
    }
}
