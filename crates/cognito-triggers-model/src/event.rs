//! The typed view of an event.

use std::fmt;

use bytes::Bytes;

use crate::{
    envelope::{EventBytes, Header, Received},
    malformed::ParseEventError,
    raw::Raw,
    trigger::{Source, Trigger},
    zeroizing::ZeroizingBuffer,
};

/// An event that Cognito sent to a trigger `T`.
///
/// | reader | JSON | null or absent |
/// |---|---|---|
/// | [`source`](Event::source) | `triggerSource` | the event is refused |
/// | [`request`](Event::request) | `request` | every field has its default |
/// | [`version()`](Event::version) | `version` | empty |
/// | [`region()`](Event::region) | `region` | empty |
/// | [`user_pool_id()`](Event::user_pool_id) | `userPoolId` | empty |
/// | [`user_name()`](Event::user_name) | `userName` | `None` |
/// | [`client_id()`](Event::client_id) | `callerContext.clientId` | `None` |
/// | [`aws_sdk_version()`](Event::aws_sdk_version) | `callerContext.awsSdkVersion` | `None` |
///
/// What the types don't model can be read through [`raw()`](Event::raw). A handler may change `request` freely: the
/// answer returns the event to Cognito as it was received.
///
/// ```
/// use cognito_triggers::{Event, PreSignUp, pre_sign_up::Source};
///
/// # fn main() -> Result<(), cognito_triggers::model::malformed::ParseEventError> {
/// let event = Event::<PreSignUp>::from_json(
///     r#"{"triggerSource": "PreSignUp_SignUp", "userName": "ana", "request": {"userAttributes": {"email": "ana@example.com"}}}"#,
/// )?;
/// assert_eq!(event.source, Source::SignUp);
/// assert_eq!(event.user_name(), Some("ana"));
/// assert_eq!(event.request.user_attributes.email(), Some("ana@example.com"));
/// # Ok(())
/// # }
/// ```
#[non_exhaustive]
pub struct Event<T: Trigger> {
    /// Why Cognito calls.
    pub source: T::Source,
    /// What the trigger may look at to decide.
    pub request: T::Request,
    header: Header,
    raw: Raw,
}

impl<T: Trigger> Event<T> {
    /// Parses an event. In a function, the router does this. A unit test may parse a file.
    ///
    /// It doesn't check that the event belongs to `T`: the `triggerSource` of another trigger becomes an unknown source.
    ///
    /// # Errors
    /// Fails if the text isn't a JSON object, has no `triggerSource`, or a field has the wrong type.
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Self, ParseEventError> {
        let bytes = Bytes::from(ZeroizingBuffer::from(json.as_ref().to_vec()));
        Self::from_received(&EventBytes::new(&bytes).read()?)
    }

    /// Parses the `request` of an event whose envelope has been read.
    ///
    /// # Errors
    /// Fails if a field of `request` has the wrong type.
    pub fn from_received(received: &Received<'_>) -> Result<Self, ParseEventError> {
        Ok(Self {
            source: T::Source::parse(received.source()),
            request: received.request()?,
            header: received.header(),
            raw: received.raw(),
        })
    }

    /// The version of the event: `"1"`, or `"2"` and `"3"` for the later versions of token generation.
    pub fn version(&self) -> &str {
        self.header.version.get(self.raw.as_bytes()).unwrap_or_default()
    }

    /// The region of the user pool, such as `eu-central-1`.
    pub fn region(&self) -> &str {
        self.header.region.get(self.raw.as_bytes()).unwrap_or_default()
    }

    /// The id of the user pool, such as `eu-central-1_a1B2c3D4e`.
    pub fn user_pool_id(&self) -> &str {
        let id = self.header.user_pool_id.get(self.raw.as_bytes());
        id.unwrap_or_default()
    }

    /// The user's name in the pool.
    ///
    /// It is a UUID where users sign in with their email address, `<provider>_<subject>` for federated users, what
    /// the user typed for a migration, and `ClientCredentials` for a machine.
    pub fn user_name(&self) -> Option<&str> {
        self.header.user_name.get(self.raw.as_bytes())
    }

    /// The id of the app client; `None` if no client caused the call.
    ///
    /// Cognito sends null or nothing when an administrator confirms a user, and the literal `CLIENT_ID_NOT_APPLICABLE`
    /// when an administrator creates one. This reads as `None` too.
    pub fn client_id(&self) -> Option<&str> {
        self.client_id_as_received()
            .filter(|id| *id != "CLIENT_ID_NOT_APPLICABLE")
    }

    /// `callerContext.clientId` as received, `CLIENT_ID_NOT_APPLICABLE` included.
    pub fn client_id_as_received(&self) -> Option<&str> {
        self.header.client_id.get(self.raw.as_bytes())
    }

    /// The SDK of the caller, in most events `aws-sdk-unknown-unknown`. Null in account takeover notices.
    pub fn aws_sdk_version(&self) -> Option<&str> {
        self.header.aws_sdk_version.get(self.raw.as_bytes())
    }

    /// The event as it was received.
    pub fn raw(&self) -> &Raw {
        &self.raw
    }
}

// Not derived: a derive would require `T: Debug` and `T: Clone`, and `T` is only a marker.
impl<T: Trigger> fmt::Debug for Event<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("version", &self.version())
            .field("source", &self.source)
            .field("region", &self.region())
            .field("user_pool_id", &self.user_pool_id())
            // A user name is often an email address, and in a migration it is what the user typed.
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
