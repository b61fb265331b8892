//! The envelope that all triggers share.

use std::fmt;

use bytes::Bytes;

use crate::{
    Malformed, Raw, Source, Trigger,
    raw::{Input, Piece, Received},
    zeroizing::ZeroizingBuffer,
};

/// An event that Cognito sent to a trigger `T`: why it calls, the trigger's own request, and the header that all
/// triggers share.
///
/// | reader | JSON | null or absent |
/// |---|---|---|
/// | [`source`](Event::source) | `triggerSource` | an event without it isn't one |
/// | [`request`](Event::request) | `request` | every field its default |
/// | [`version()`](Event::version) | `version` | empty |
/// | [`region()`](Event::region) | `region` | empty |
/// | [`user_pool_id()`](Event::user_pool_id) | `userPoolId` | empty |
/// | [`user_name()`](Event::user_name) | `userName` | `None` |
/// | [`client_id()`](Event::client_id) | `callerContext.clientId` | `None` |
/// | [`aws_sdk_version()`](Event::aws_sdk_version) | `callerContext.awsSdkVersion` | `None` |
///
/// What the types don't model stays readable through [`raw()`](Event::raw). A handler may change `request` as it likes:
/// the answer carries the event back to Cognito as it was received.
#[non_exhaustive]
pub struct Event<T: Trigger> {
    /// Why Cognito calls.
    pub source: T::Source,
    /// What this trigger gets to see and decide on.
    pub request: T::Request,
    header: Header,
    raw: Raw,
}

/// The texts of the header: places in the received bytes.
#[derive(Clone)]
pub(crate) struct Header {
    pub(crate) version: Piece,
    pub(crate) region: Piece,
    pub(crate) user_pool_id: Piece,
    pub(crate) user_name: Piece,
    pub(crate) client_id: Piece,
    pub(crate) aws_sdk_version: Piece,
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
        let bytes = Bytes::from(ZeroizingBuffer::from(json.as_ref().to_vec()));
        Self::from_received(&Input::new(&bytes).read()?)
    }

    pub fn from_received(received: &Received<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            source: T::Source::parse(received.source()),
            request: received.request()?,
            header: received.header(),
            raw: received.raw(),
        })
    }

    /// `"1"`; `"2"` and `"3"` for the later versions of token generation.
    pub fn version(&self) -> &str {
        self.raw.piece(&self.header.version).unwrap_or_default()
    }

    /// The pool's Region, such as `eu-central-1`.
    pub fn region(&self) -> &str {
        self.raw.piece(&self.header.region).unwrap_or_default()
    }

    /// The pool's id, such as `eu-central-1_a1B2c3D4e`.
    pub fn user_pool_id(&self) -> &str {
        self.raw.piece(&self.header.user_pool_id).unwrap_or_default()
    }

    /// The user's name in the pool: a UUID where people sign in with their e-mail address, `<provider>_<subject>` for
    /// federated users, what was typed for a migration, the literal `ClientCredentials` for a machine.
    pub fn user_name(&self) -> Option<&str> {
        self.raw.piece(&self.header.user_name)
    }

    /// The id of the app client. `None` if no client caused the call: null or absent when an administrator confirms a
    /// user, the literal `CLIENT_ID_NOT_APPLICABLE` when one creates a user.
    pub fn client_id(&self) -> Option<&str> {
        self.client_id_as_received()
            .filter(|id| *id != "CLIENT_ID_NOT_APPLICABLE")
    }

    pub fn client_id_as_received(&self) -> Option<&str> {
        self.raw.piece(&self.header.client_id)
    }

    /// The SDK of the caller, mostly `aws-sdk-unknown-unknown`. Null in account take-over notices.
    pub fn aws_sdk_version(&self) -> Option<&str> {
        self.raw.piece(&self.header.aws_sdk_version)
    }

    /// The event as received.
    pub fn raw(&self) -> &Raw {
        &self.raw
    }
}

// Not derived: that would ask `T: Debug` and `T: Clone` of a marker.
impl<T: Trigger> fmt::Debug for Event<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("version", &self.version())
            .field("source", &self.source)
            .field("region", &self.region())
            .field("user_pool_id", &self.user_pool_id())
            // A user name is often an address, and in a migration whatever was typed.
            .field("user_name", &self.user_name().map(|_| "_"))
            .field("client_id", &self.client_id())
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
            source: self.source.clone(),
            request: self.request.clone(),
            header: self.header.clone(),
            raw: self.raw.clone(),
        }
    }
}
