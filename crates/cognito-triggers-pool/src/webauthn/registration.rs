//! A registration: `RegistrationResponseJSON`, which has the public key of a new passkey.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::attestation::Attestation;
use super::client_data::{Ceremony, ClientData};
use super::{Refusal, RelyingParty, outer, part};

/// The most transports that are kept, and the longest name of one. The names are an open list.
const MAX_TRANSPORTS: usize = 8;
const MAX_NAME: usize = 32;

/// A parsed registration, which isn't verified yet.
#[derive(Debug)]
pub(crate) struct Registration {
    /// The credential's id in Base64url.
    id: String,
    client_data: ClientData,
    attestation: Attestation,
    /// How the authenticator is reached, such as `internal` or `usb`, as the browser says.
    transports: Vec<String>,
    /// `platform` or `cross-platform`, as the browser says.
    attachment: Option<String>,
}

/// What is worth keeping of a verified registration.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Registered {
    /// The credential's id in Base64url.
    pub(crate) id: String,
    pub(crate) cose_key: Vec<u8>,
    pub(crate) count: u32,
    pub(crate) transports: Vec<String>,
    pub(crate) attachment: Option<String>,
}

impl Registration {
    /// Parses the JSON of a credential.
    pub(crate) fn parse(credential: &Value) -> Result<Self, Refusal> {
        let (id, response) = outer(credential)?;
        let names = response.get("transports").and_then(Value::as_array);
        let names = names.into_iter().flatten().filter_map(Value::as_str);
        let attachment = credential.get("authenticatorAttachment").and_then(Value::as_str);
        let attachment = attachment.filter(|name| matches!(*name, "platform" | "cross-platform"));
        Ok(Self {
            id,
            client_data: ClientData::parse(response)?,
            attestation: Attestation::parse(&part(response, "attestationObject")?)?,
            transports: names
                .filter(|name| name.len() <= MAX_NAME)
                .take(MAX_TRANSPORTS)
                .map(str::to_owned)
                .collect(),
            attachment: attachment.map(str::to_owned),
        })
    }

    /// The challenge that it answers, in Base64url. The caller has to know it.
    pub(crate) fn challenge(&self) -> &str {
        self.client_data.challenge()
    }

    /// Verifies everything but the challenge.
    pub(crate) fn verify(self, party: RelyingParty<'_>) -> Result<Registered, Refusal> {
        self.client_data.check(Ceremony::Registration, party)?;
        self.attestation.data.check(party)?;
        let credential = self.attestation.credential(&self.client_data.hash)?;
        if URL_SAFE_NO_PAD.encode(&credential.id) != self.id {
            return Err(Refusal::Malformed("id"));
        }
        Ok(Registered {
            id: self.id,
            cose_key: credential.cose_key.clone(),
            count: self.attestation.data.count,
            transports: self.transports,
            attachment: self.attachment,
        })
    }
}
