//! Queries and forms: `application/x-www-form-urlencoded`.

use std::fmt;

/// The parameters of a query or a form, in their order.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// Parses and decodes. Invalid sequences stay as they are.
    pub(crate) fn parse(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        Self(
            pairs
                .map(|(name, value)| (decoded(name), decoded(value)))
                .collect(),
        )
    }

    /// The value of a parameter. `None` if it is missing or empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut pairs = self.0.iter();
        let (_, value) = pairs.find(|(found, _)| found == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// The names and values of all parameters.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether a parameter occurs twice, which OAuth doesn't allow.
    pub(crate) fn has_duplicates(&self) -> bool {
        let mut names: Vec<_> = self.0.iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        names
            .windows(2)
            .any(|pair| matches!(pair, [one, other] if one == other))
    }

    /// Adds a parameter, or replaces its value.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.0.retain(|(found, _)| found != name);
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Keeps only the parameters with these names.
    #[must_use]
    pub(crate) fn only(&self, names: &[&str]) -> Self {
        let kept = self.0.iter().filter(|(name, _)| names.contains(&name.as_str()));
        Self(kept.cloned().collect())
    }

    /// The encoded parameters, without a question mark.
    pub(crate) fn encode(&self) -> String {
        let pairs = self.0.iter();
        let pairs = pairs.map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
        pairs.collect::<Vec<_>>().join("&")
    }

    /// Adds the parameters to a URL, which may have a query already. `separator` is `?` or `#`.
    pub(crate) fn appended_to(&self, url: &str, separator: char) -> String {
        let separator = if separator == '?' && url.contains('?') {
            '&'
        } else {
            separator
        };
        format!("{url}{separator}{}", self.encode())
    }
}

/// Only the names are in debug output: a form may have a password.
impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Form {
    fn from_iter<T: IntoIterator<Item = (&'a str, &'a str)>>(pairs: T) -> Self {
        let pairs = pairs.into_iter();
        Self(
            pairs
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        )
    }
}

/// Encodes all but letters, digits and `-._~`.
pub(crate) fn encoded(text: &str) -> String {
    let percent = Percent {
        kept: "-._~",
        is_form: false,
        is_lower: false,
    };
    percent.encode(text)
}

/// A kind of percent encoding.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Percent {
    /// The characters that stay, in addition to letters and digits.
    pub(crate) kept: &'static str,
    /// Whether a space is `+`.
    pub(crate) is_form: bool,
    /// Whether the digits are lowercase.
    pub(crate) is_lower: bool,
}

impl Percent {
    /// Encodes a text.
    pub(crate) fn encode(self, text: &str) -> String {
        let mut encoded = String::with_capacity(text.len());
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() || self.kept.as_bytes().contains(&byte) {
                encoded.push(char::from(byte));
            } else if byte == b' ' && self.is_form {
                encoded.push('+');
            } else if self.is_lower {
                encoded.push_str(&format!("%{byte:02x}"));
            } else {
                encoded.push_str(&format!("%{byte:02X}"));
            }
        }
        encoded
    }
}

/// Decodes percent encoding. Invalid sequences stay as they are.
pub(crate) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, after @ ..]) => {
                let digit = |byte: u8| {
                    char::from(byte)
                        .to_digit(16)
                        .and_then(|digit| u8::try_from(digit).ok())
                };
                match digit(*high).zip(digit(*low)) {
                    Some((high, low)) => {
                        bytes.push(high << 4 | low);
                        rest = after;
                    }
                    None => bytes.push(b'%'),
                }
            }
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_decoded() {
        let query = Form::parse("client_id=a&user_name=ana%40example.com+b&bad=%zz%4&empty=&flag");
        assert_eq!(query.get("user_name"), Some("ana@example.com b"));
        assert_eq!(query.get("bad"), Some("%zz%4"));
        for missing in ["code", "empty", "flag"] {
            assert_eq!(query.get(missing), None, "{missing}");
        }
    }

    #[test]
    fn what_is_encoded_is_decoded_again() {
        for text in ["a b+c&d=e", "ä€😀", "\"<>'#?/%", "\u{0}\n"] {
            let form: Form = [(text, text)].into_iter().collect();
            assert_eq!(Form::parse(&form.encode()), form, "{text}");
        }
    }

    #[test]
    fn parameters_are_added_to_a_query() {
        let form: Form = [("code", "a b")].into_iter().collect();
        assert_eq!(
            form.appended_to("https://a.example/", '?'),
            "https://a.example/?code=a%20b"
        );
        assert_eq!(
            form.appended_to("https://a.example/?x=1", '?'),
            "https://a.example/?x=1&code=a%20b"
        );
        assert_eq!(
            form.appended_to("https://a.example/?x=1", '#'),
            "https://a.example/?x=1#code=a%20b"
        );
    }

    #[test]
    fn a_repeated_parameter_is_noticed() {
        assert!(Form::parse("a=1&b=2&%61=3").has_duplicates());
        assert!(!Form::parse("a=1&b=1").has_duplicates());
    }
}
