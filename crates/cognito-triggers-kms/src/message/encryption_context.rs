//! The encryption context: pairs of strings that are authenticated but not encrypted.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::reader::Reader;
use crate::error::Error;

/// The name under which Cognito writes the id of the user pool.
const POOL_ID: &str = "userpool-id";
/// The name under which the SDK writes the public key of the signature.
const PUBLIC_KEY: &str = "aws-crypto-public-key";
/// Bytes of the x coordinate of a point on P-384. The byte before it gives the sign of y.
const COORDINATE_LENGTH: usize = 48;

/// The pairs of a header, sorted by name.
pub(crate) struct EncryptionContext<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> EncryptionContext<'a> {
    /// Reads the section, which starts with its length in two bytes. An empty context has no number of pairs.
    ///
    /// # Errors
    /// Fails if a name occurs twice, if the names aren't sorted, or if a string isn't UTF-8.
    pub(super) fn parse(reader: &mut Reader<'a>) -> Result<Self, Error> {
        let section = reader.field("the encryption context")?;
        let mut reader = Reader::of_section(section, "its encryption context");
        let mut pairs = BTreeMap::new();
        if reader.is_empty() {
            return Ok(Self(pairs));
        }
        let count = reader.u16("the number of pairs")?;
        if count == 0 {
            return Err(Error::tampered(
                "its encryption context has a length but no pairs",
            ));
        }
        for _ in 0..count {
            let name = as_str(reader.field("a name of the encryption context")?)?;
            let value = as_str(reader.field("a value of the encryption context")?)?;
            if pairs.last_key_value().is_some_and(|(&last, _)| name <= last) {
                return Err(Error::tampered(
                    "its encryption context isn't sorted by name or has a duplicate name",
                ));
            }
            pairs.insert(name, value);
        }
        reader.finish()?;
        Ok(Self(pairs))
    }

    /// Returns the id of the pool that Cognito encrypted the message for, or `None` if the message isn't from Cognito.
    pub(crate) fn pool_id(&self) -> Option<&'a str> {
        self.0.get(POOL_ID).copied()
    }

    /// Returns the public key of the signature: a point on P-384, compressed to 49 bytes.
    pub(super) fn public_key(&self) -> Result<Vec<u8>, Error> {
        let encoded = self
            .0
            .get(PUBLIC_KEY)
            .ok_or_else(|| Error::tampered("its encryption context lacks the signature's public key"))?;
        let point = STANDARD
            .decode(encoded)
            .map_err(|_| Error::tampered("the signature's public key isn't base64"))?;
        match point.as_slice() {
            [2 | 3, x @ ..] if x.len() == COORDINATE_LENGTH => Ok(point),
            _ => Err(Error::tampered(
                "the signature's public key isn't a compressed point on P-384",
            )),
        }
    }

    /// Returns all pairs, which is what KMS needs to decrypt the data key.
    pub(crate) fn to_map(&self) -> BTreeMap<String, String> {
        self.0
            .iter()
            .map(|(&name, &value)| (name.to_owned(), value.to_owned()))
            .collect()
    }
}

fn as_str(bytes: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(bytes).map_err(|_| Error::tampered("its encryption context isn't UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(count: u16, pairs: &[(&str, &str)]) -> Vec<u8> {
        let field = |text: &str| [&(text.len() as u16).to_be_bytes(), text.as_bytes()].concat();
        let pairs = pairs
            .iter()
            .flat_map(|(name, value)| [field(name), field(value)].concat());
        let body: Vec<u8> = count.to_be_bytes().into_iter().chain(pairs).collect();
        [&(body.len() as u16).to_be_bytes(), body.as_slice()].concat()
    }

    fn parse_error(section: &[u8]) -> String {
        EncryptionContext::parse(&mut Reader::new(section))
            .err()
            .unwrap()
            .to_string()
    }

    #[test]
    fn pairs_are_sorted_by_name() {
        let (a, b) = (("a", "1"), ("b", "2"));
        assert!(EncryptionContext::parse(&mut Reader::new(&section(2, &[a, b]))).is_ok());
        assert!(EncryptionContext::parse(&mut Reader::new(&[0, 0])).is_ok());
        assert!(parse_error(&section(2, &[b, a])).contains("isn't sorted"));
        assert!(parse_error(&section(2, &[a, a])).contains("a duplicate name"));
        assert!(parse_error(&section(0, &[])).contains("no pairs"));
    }

    #[test]
    fn an_error_names_the_section_and_the_byte() {
        let short = parse_error(&[0, 3, 0, 1, 0]);
        assert!(
            short.contains("its encryption context ends at byte 3,"),
            "{short}"
        );
        let long = parse_error(&[0, 7, 0, 1, 0, 0, 0, 0, 9]);
        assert!(
            long.contains("its encryption context has one byte too many"),
            "{long}"
        );
    }

    #[test]
    fn the_public_key_is_a_compressed_point() {
        let key = |point: &[u8]| {
            let encoded = STANDARD.encode(point);
            EncryptionContext(BTreeMap::from([(PUBLIC_KEY, encoded.as_str())])).public_key()
        };
        for sign in [2, 3] {
            assert!(key(&[[sign].as_slice(), &[7; COORDINATE_LENGTH]].concat()).is_ok());
        }
        for (sign, length) in [
            (4, COORDINATE_LENGTH),
            (4, 2 * COORDINATE_LENGTH),
            (2, COORDINATE_LENGTH - 1),
            (0, 0),
        ] {
            let error = key(&[[sign].as_slice(), &vec![7; length]].concat()).unwrap_err();
            assert!(error.to_string().contains("compressed point"), "{error}");
        }
    }
}
