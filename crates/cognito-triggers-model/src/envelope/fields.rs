//! The fields of an envelope, borrowed from the event.

use std::borrow::Cow;

use serde::{
    Deserialize, Deserializer,
    de::{Error, Unexpected},
};
use serde_json::value::RawValue;

use crate::{escape::unescaped, lenient};

/// What all events have in common. Unknown fields are skipped; null and absence read as absent.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a JSON object")]
pub struct Envelope<'a> {
    /// `version`: `"1"`, or `"2"` and `"3"` for later versions of token generation.
    ///
    /// It selects the route for token generation only.
    #[serde(borrow, default)]
    pub version: HeaderStr<'a>,
    /// `triggerSource`: why Cognito calls.
    ///
    /// Such as `PreSignUp_SignUp`. New values may appear at any time.
    #[serde(borrow, default)]
    pub trigger_source: HeaderStr<'a>,
    /// `region`: the region of the user pool.
    #[serde(borrow, default)]
    pub region: HeaderStr<'a>,
    /// `userPoolId`: the id of the user pool.
    #[serde(borrow, default)]
    pub user_pool_id: HeaderStr<'a>,
    /// `userName`: the user's name in the pool.
    ///
    /// For a migration it is what the user typed, and for a machine the literal `ClientCredentials`.
    #[serde(borrow, default)]
    pub user_name: HeaderStr<'a>,
    /// `callerContext`: the app client and its SDK.
    #[serde(borrow, default, deserialize_with = "lenient::object")]
    pub caller_context: CallerContext<'a>,
    /// The JSON of `request`; null is `Some("null")`.
    #[serde(borrow, default, deserialize_with = "raw_json")]
    pub request: Option<&'a str>,
    /// The JSON of `response`; null is `Some("null")`.
    #[serde(borrow, default, deserialize_with = "raw_json")]
    pub response: Option<&'a str>,
    /// Whether `request` was only delimited: its content may not be JSON.
    #[serde(skip)]
    pub request_is_unvalidated: bool,
}

/// The fields of `callerContext`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallerContext<'a> {
    /// The SDK of the caller.
    ///
    /// Mostly `aws-sdk-unknown-unknown`. Null in the notification of an account takeover.
    #[serde(borrow, default)]
    pub aws_sdk_version: HeaderStr<'a>,
    /// The id of the app client.
    ///
    /// `CLIENT_ID_NOT_APPLICABLE` for a user whom an administrator creates. Null or absent if an administrator
    /// confirms one.
    #[serde(borrow, default)]
    pub client_id: HeaderStr<'a>,
}

impl CallerContext<'_> {
    /// Whether both fields are absent.
    pub fn is_empty(&self) -> bool {
        self.aws_sdk_version.is_absent() && self.client_id.is_absent()
    }
}

/// Keeps null apart from absence: the rules and the answer need to know whether the key is there.
fn raw_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de str>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(|raw| Some(raw.get()))
}

/// A string of the header: borrowed if it has no escapes, absent for null. A number or a boolean reads as its JSON.
///
/// An object or an array is an error.
#[derive(Default)]
pub struct HeaderStr<'a>(Option<Cow<'a, str>>);

impl<'a> HeaderStr<'a> {
    /// A string that borrows from the event.
    ///
    /// The event has to live as long as the string.
    pub fn borrowed(text: &'a str) -> Self {
        Self(Some(Cow::Borrowed(text)))
    }

    /// Whether the field is null or absent.
    pub fn is_absent(&self) -> bool {
        self.0.is_none()
    }

    /// The string; empty if it is absent.
    pub fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    /// The string, unless it is absent.
    ///
    /// An empty string is `Some("")`.
    pub fn as_option(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for HeaderStr<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = <&RawValue>::deserialize(deserializer)?.get();
        Ok(Self(match (json, json.as_bytes().first()) {
            ("null", _) => None,
            (_, Some(b'{' | b'[')) => {
                return Err(D::Error::invalid_type(
                    Unexpected::Other("an object or an array"),
                    &"a string, or null",
                ));
            }
            (_, Some(b'"')) => Some(match unescaped(json) {
                Some(text) => Cow::Borrowed(text),
                None => Cow::Owned(serde_json::from_str(json).map_err(D::Error::custom)?),
            }),
            _ => Some(Cow::Borrowed(json)),
        }))
    }
}
