//! The envelope that all triggers share.

use bytes::Bytes;
use serde::Deserialize;

use crate::{Malformed, Raw, Source, Trigger, lenient, raw::Received};

/// An event that Cognito sent to a trigger `T`: the envelope all of them share, and the trigger's own request.
///
/// | field | JSON | null or absent |
/// |---|---|---|
/// | `version` | `version` | empty |
/// | `source` | `triggerSource` | an event without it isn't one |
/// | `region` | `region` | empty |
/// | `user_pool_id` | `userPoolId` | empty |
/// | `user_name` | `userName` | `None`: a machine has no user |
/// | `caller_context` | `callerContext` | both fields `None` |
/// | `request` | `request` | every field its default |
///
/// What the types don't model stays readable through [`raw`](Event::raw), and the answer carries it back to Cognito
/// unchanged whatever a handler does to the fields here.
#[non_exhaustive]
pub struct Event<T: Trigger> {
    /// `"1"`; `"2"` and `"3"` for the later versions of token generation.
    pub version: String,
    /// Why Cognito calls.
    pub source: T::Source,
    /// The pool's Region, such as `eu-central-1`.
    pub region: String,
    /// The pool's id, such as `eu-central-1_a1B2c3D4e`.
    pub user_pool_id: String,
    /// The user's name in the pool: a UUID where people sign in with their e-mail address,
    /// `<provider>_<subject>` for federated users, what was typed for a migration, the literal
    /// `ClientCredentials` for a machine.
    pub user_name: Option<String>,
    /// Which client caused the call.
    pub caller_context: CallerContext,
    /// What this trigger gets to see and decide on.
    pub request: T::Request,
    raw: Raw,
}

/// Which client caused the call.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CallerContext {
    /// The SDK of the caller, mostly `aws-sdk-unknown-unknown`. Null in account take-over notices.
    #[serde(default, deserialize_with = "lenient::text")]
    pub aws_sdk_version: Option<String>,
    /// The id of the app client. `CLIENT_ID_NOT_APPLICABLE` for a user whom an administrator created; null or
    /// absent when an administrator confirms one.
    #[serde(default, deserialize_with = "lenient::text")]
    pub client_id: Option<String>,
}

impl<T: Trigger> Event<T> {
    /// Reads an event. In a function the router does this; a unit test may start from a file.
    ///
    /// Whether the event really belongs to `T` isn't asked here: a foreign `triggerSource` reads as an unknown
    /// source.
    ///
    /// # Errors
    /// If the text isn't JSON, has no `triggerSource`, or a field holds what it can't hold.
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Self, Malformed> {
        let bytes = Bytes::copy_from_slice(json.as_ref());
        Self::from_received(&Received::read(&bytes)?)
    }

    pub(crate) fn from_received(received: &Received<'_>) -> Result<Self, Malformed> {
        let envelope = received.envelope();
        Ok(Self {
            version: envelope.version.as_str().to_owned(),
            source: T::Source::parse(received.source()),
            region: envelope.region.as_str().to_owned(),
            user_pool_id: envelope.user_pool_id.as_str().to_owned(),
            user_name: envelope.user_name.to_option(),
            caller_context: envelope.caller_context.clone(),
            request: received.request()?,
            raw: received.raw(),
        })
    }

    /// The event as received.
    pub fn raw(&self) -> &Raw {
        &self.raw
    }

    /// The id of the app client, if one caused the call: neither null nor `CLIENT_ID_NOT_APPLICABLE`.
    pub fn client_id(&self) -> Option<&str> {
        self.caller_context
            .client_id
            .as_deref()
            .filter(|id| *id != "CLIENT_ID_NOT_APPLICABLE")
    }
}

// Not derived: that would ask `T: Debug` and `T: Clone` of a marker.
impl<T: Trigger> std::fmt::Debug for Event<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Event")
            .field("version", &self.version)
            .field("source", &self.source)
            .field("region", &self.region)
            .field("user_pool_id", &self.user_pool_id)
            // A user name is often an address, and in a migration whatever was typed.
            .field("user_name", &self.user_name.as_ref().map(|_| "_"))
            .field("caller_context", &self.caller_context)
            .field("request", &self.request)
            .field("raw", &self.raw)
            .finish()
    }
}

impl<T: Trigger> Clone for Event<T>
where
    T::Request: Clone,
{
    fn clone(&self) -> Self {
        Self {
            version: self.version.clone(),
            source: self.source.clone(),
            region: self.region.clone(),
            user_pool_id: self.user_pool_id.clone(),
            user_name: self.user_name.clone(),
            caller_context: self.caller_context.clone(),
            request: self.request.clone(),
            raw: self.raw.clone(),
        }
    }
}
