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
/// Bytes of a point's x on P-384; the byte before it tells which of the two points is meant.
const COORDINATE: usize = 48;

/// The pairs of a header, in the order of their names.
pub(crate) struct Context<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Context<'a> {
    /// Reads the section that starts with its own length in two bytes; an empty context has no count.
    pub(super) fn parse(reader: &mut Reader<'a>) -> Result<Self, Error> {
        let section = reader.field("the encryption context")?;
        let mut reader = Reader::of_part(section, "its encryption context");
        let mut pairs = BTreeMap::new();
        if reader.is_empty() {
            return Ok(Self(pairs));
        }
        let count = reader.u16("the encryption context")?;
        if count == 0 {
            return Err(Error::damaged("its encryption context has bytes and no pair"));
        }
        for _ in 0..count {
            let name = text(reader.field("a name of the encryption context")?)?;
            let value = text(reader.field("a value of the encryption context")?)?;
            if pairs.last_key_value().is_some_and(|(&last, _)| name <= last) {
                return Err(Error::damaged(
                    "its encryption context has a name twice or isn't sorted by name",
                ));
            }
            pairs.insert(name, value);
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
        let point = STANDARD
            .decode(encoded)
            .map_err(|_| Error::damaged("the key of its signature isn't base64"))?;
        match point.as_slice() {
            [2 | 3, x @ ..] if x.len() == COORDINATE => Ok(point),
            _ => Err(Error::damaged(
                "the key of its signature isn't a compressed point on P-384",
            )),
        }
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

    fn refusal(section: &[u8]) -> String {
        Context::parse(&mut Reader::new(section))
            .err()
            .unwrap()
            .to_string()
    }

    #[test]
    fn pairs_are_sorted_and_not_none() {
        let (a, b) = (("a", "1"), ("b", "2"));
        assert!(Context::parse(&mut Reader::new(&section(2, &[a, b]))).is_ok());
        assert!(Context::parse(&mut Reader::new(&[0, 0])).is_ok());
        assert!(refusal(&section(2, &[b, a])).contains("isn't sorted"));
        assert!(refusal(&section(2, &[a, a])).contains("a name twice"));
        assert!(refusal(&section(0, &[])).contains("no pair"));
    }

    #[test]
    fn where_it_ends_is_said_of_the_context() {
        let short = refusal(&[0, 3, 0, 1, 0]);
        assert!(
            short.contains("its encryption context ends at byte 3,"),
            "{short}"
        );
        let long = refusal(&[0, 7, 0, 1, 0, 0, 0, 0, 9]);
        assert!(
            long.contains("its encryption context has one byte too many"),
            "{long}"
        );
    }

    #[test]
    fn the_public_key_is_a_compressed_point() {
        let key = |point: &[u8]| {
            let encoded = STANDARD.encode(point);
            Context(BTreeMap::from([(PUBLIC_KEY, encoded.as_str())])).public_key()
        };
        for sign in [2, 3] {
            assert!(key(&[[sign].as_slice(), &[7; COORDINATE]].concat()).is_ok());
        }
        for (sign, length) in [(4, COORDINATE), (4, 2 * COORDINATE), (2, COORDINATE - 1), (0, 0)] {
            let error = key(&[[sign].as_slice(), &vec![7; length]].concat()).unwrap_err();
            assert!(error.to_string().contains("compressed point"), "{error}");
        }
    }
}
