//! Attestation objects: the authenticator data of a registration, and a statement about where it comes from.
//!
//! A pool asks for no statement, so that browsers replace it with `none`, or keep one that the new key has signed itself.
//! Statements with certificates of a manufacturer are refused, because nobody here could say whom to trust.

use minicbor::Decoder;

use super::Refusal;
use super::authenticator_data::{AuthenticatorData, NewCredential};

/// A parsed object.
#[derive(Debug)]
pub(super) struct Attestation {
    statement: Statement,
    /// The authenticator data as it was sent.
    bytes: Vec<u8>,
    pub(super) data: AuthenticatorData,
}

/// The statement.
#[derive(Debug)]
enum Statement {
    /// `none`
    None,
    /// `packed` without a certificate: the new key has signed it.
    SelfSigned { algorithm: i64, signature: Vec<u8> },
}

impl Attestation {
    /// Parses the object: a map with `fmt`, `attStmt` and `authData`, and nothing after it.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let malformed = || Refusal::Malformed("attestationObject");
        let (format, statement, data) = parts(bytes).ok_or_else(malformed)?;
        let statement = match format {
            "none" if statement == [0xa0] => Statement::None,
            "none" => return Err(malformed()),
            "packed" => self_signed(statement).ok_or_else(malformed)??,
            _ => return Err(Refusal::Unsupported("the format of the attestation")),
        };
        Ok(Self {
            statement,
            data: AuthenticatorData::parse(data)?,
            bytes: data.to_vec(),
        })
    }

    /// The new credential, if the statement about it is right.
    pub(super) fn credential(&self, client_data_hash: &[u8]) -> Result<&NewCredential, Refusal> {
        let credential = self.data.credential.as_ref();
        let credential = credential.ok_or(Refusal::Malformed("the credential in authenticatorData"))?;
        if let Statement::SelfSigned { algorithm, signature } = &self.statement {
            if *algorithm != credential.key.algorithm() {
                return Err(Refusal::Malformed("attStmt"));
            }
            let signed = [&self.bytes, client_data_hash].concat();
            credential.key.verify(&signed, signature)?;
        }
        Ok(credential)
    }
}

/// The format, the bytes of the statement, and the authenticator data.
fn parts(bytes: &[u8]) -> Option<(&str, &[u8], &[u8])> {
    let mut decoder = Decoder::new(bytes);
    let (mut format, mut statement, mut data) = (None, None, None);
    for _ in 0..decoder.map().ok()?? {
        let is_new = match decoder.str().ok()? {
            "fmt" => format.replace(decoder.str().ok()?).is_none(),
            "authData" => data.replace(decoder.bytes().ok()?).is_none(),
            "attStmt" => {
                let start = decoder.position();
                decoder.skip().ok()?;
                statement.replace(bytes.get(start..decoder.position())?).is_none()
            }
            _ => return None,
        };
        is_new.then_some(())?;
    }
    (decoder.position() == bytes.len()).then_some((format?, statement?, data?))
}

/// A statement of the format `packed` without a certificate. `None` if it can't be read.
fn self_signed(statement: &[u8]) -> Option<Result<Statement, Refusal>> {
    let mut decoder = Decoder::new(statement);
    let (mut algorithm, mut signature) = (None, None);
    for _ in 0..decoder.map().ok()?? {
        match decoder.str().ok()? {
            "alg" => algorithm = Some(decoder.i64().ok()?),
            "sig" => signature = Some(decoder.bytes().ok()?.to_vec()),
            _ => return Some(Err(Refusal::Unsupported("an attestation with a certificate"))),
        }
    }
    let (algorithm, signature) = algorithm.zip(signature)?;
    Some(Ok(Statement::SelfSigned { algorithm, signature }))
}
