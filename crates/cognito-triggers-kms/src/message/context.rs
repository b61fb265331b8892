//! The encryption context: public, authenticated pairs that say what a message is about.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::reader::Reader;
use crate::Error;

/// Where Cognito writes the id of the user pool.
const POOL: &str = "userpool-id";
/// Where the SDK writes the key that checks the signature.
const PUBLIC_KEY: &str = "aws-crypto-public-key";

/// The pairs of a header, in the order of their names.
pub(crate) struct Context<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Context<'a> {
    /// Reads the section that starts with its own length in two bytes; an empty context has no count.
    pub(super) fn parse(reader: &mut Reader<'a>) -> Result<Self, Error> {
        let section = reader.field("the encryption context")?;
        let mut reader = Reader::new(section);
        let mut pairs = BTreeMap::new();
        if reader.is_empty() {
            return Ok(Self(pairs));
        }
        for _ in 0..reader.u16("the encryption context")? {
            let name = text(reader.field("a name of the encryption context")?)?;
            let value = text(reader.field("a value of the encryption context")?)?;
            if pairs.insert(name, value).is_some() {
                return Err(Error::damaged("its encryption context has a name twice"));
            }
        }
        reader.finish()?;
        Ok(Self(pairs))
    }

    /// The pool that Cognito made the message for.
    pub(crate) fn pool(&self) -> Option<&'a str> {
        self.0.get(POOL).copied()
    }

    /// The point on P-384 that checks the signature, compressed to 49 bytes.
    pub(super) fn public_key(&self) -> Result<Vec<u8>, Error> {
        let encoded = self
            .0
            .get(PUBLIC_KEY)
            .ok_or_else(|| Error::damaged("its encryption context lacks the key of its signature"))?;
        STANDARD
            .decode(encoded)
            .map_err(|_| Error::damaged("the key of its signature isn't base64"))
    }

    /// The pairs as KMS wants them: all of them, for that is what the data key was made under.
    pub(crate) fn to_map(&self) -> BTreeMap<String, String> {
        self.0
            .iter()
            .map(|(&name, &value)| (name.to_owned(), value.to_owned()))
            .collect()
    }
}

fn text(bytes: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(bytes).map_err(|_| Error::damaged("its encryption context isn't UTF-8"))
}
