//! An assertion: `AuthenticationResponseJSON`, which a passkey has signed.

use serde_json::Value;

use super::authenticator_data::AuthenticatorData;
use super::client_data::{Ceremony, ClientData};
use super::public_key::PublicKey;
use super::{Refusal, RelyingParty, outer, part};

/// A parsed assertion, which isn't verified yet.
#[derive(Debug)]
pub(crate) struct Assertion {
    /// The credential's id in Base64url.
    id: String,
    client_data: ClientData,
    /// The authenticator data as it was sent.
    bytes: Vec<u8>,
    data: AuthenticatorData,
    signature: Vec<u8>,
    /// The id of the user, as it was at registration. `None` if the authenticator doesn't keep it.
    user_handle: Option<Vec<u8>>,
}

/// What the relying party knows about the passkey that may have signed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'a> {
    pub(crate) cose_key: &'a [u8],
    /// The counter of the last signature.
    pub(crate) count: u32,
    /// The id of the user.
    pub(crate) user: &'a [u8],
}

impl Assertion {
    /// Parses the text of a credential, which is JSON.
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        let credential: Value =
            serde_json::from_str(text).map_err(|_| Refusal::Malformed("the JSON of the credential"))?;
        let (id, response) = outer(&credential)?;
        let bytes = part(response, "authenticatorData")?;
        let user_handle = match response.get("userHandle") {
            None | Some(Value::Null) => None,
            Some(_) => Some(part(response, "userHandle")?),
        };
        Ok(Self {
            id,
            client_data: ClientData::parse(response)?,
            data: AuthenticatorData::parse(&bytes)?,
            bytes,
            signature: part(response, "signature")?,
            user_handle: user_handle.filter(|handle| !handle.is_empty()),
        })
    }

    /// The id of the passkey, in Base64url.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Verifies everything, and returns the new counter.
    ///
    /// The counter has to grow, unless both are zero: then the authenticator doesn't count.
    pub(crate) fn verify(
        &self,
        party: RelyingParty<'_>,
        challenge: &str,
        known: Known<'_>,
    ) -> Result<u32, Refusal> {
        self.client_data.check(Ceremony::SignIn, party)?;
        if !self.client_data.answers(challenge) {
            return Err(Refusal::Challenge);
        }
        self.data.check(party)?;
        if self
            .user_handle
            .as_ref()
            .is_some_and(|handle| handle != known.user)
        {
            return Err(Refusal::User);
        }
        let (key, _) = PublicKey::parse(known.cose_key)?;
        let signed = [&*self.bytes, &self.client_data.hash].concat();
        key.verify(&signed, &self.signature)?;
        match (self.data.count, known.count) {
            (0, 0) => Ok(0),
            (new, old) if new > old => Ok(new),
            _ => Err(Refusal::Counter),
        }
    }
}
