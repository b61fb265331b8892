//! The ways in which a text writes a secret that isn't written as it is: within JSON, or in a URL.
//!
//! A placeholder names the way after its number, `{{password-1|url}}`, so that a player writes its own value in the same way. Several
//! ways are applied from left to right: `{{password-1|url|json}}` is a URL within JSON.

use std::iter::once;

use serde_json::Value;

use crate::form::{Percent, decoded};

/// A way to write a text within another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// `json`: a string of JSON, without its quotes.
    Json,
    /// `ascii`: the same with `\u00e4` for everything that can't be printed in ASCII, as Python writes it.
    AsciiJson,
    /// `php`: the same as PHP writes it, with `\/` and `\u00e4`.
    PhpJson,
    /// `go`: the same as Go writes it, with `\u0026`, `\u003c` and `\u003e`.
    GoJson,
    /// `net`: the same as .NET writes it, with `\u0022` and uppercase digits.
    NetJson,
    /// `url`: percent encoding of all but letters, digits and `-._~`.
    Url,
    /// `url-lower`: the same with lowercase digits, `%2f`.
    LowerUrl,
    /// `uri`: as JavaScript's `encodeURIComponent` writes it, which keeps `!'()*`.
    Component,
    /// `form`: percent encoding with `+` for a space, as a form has it.
    Form,
    /// `form-lower`: the same with lowercase digits.
    LowerForm,
}

/// What a recording recognizes a secret by, in addition to the secret itself.
const KNOWN: [(&str, &[Spelling]); 11] = [
    ("|json", &[Spelling::Json]),
    ("|ascii", &[Spelling::AsciiJson]),
    ("|php", &[Spelling::PhpJson]),
    ("|go", &[Spelling::GoJson]),
    ("|net", &[Spelling::NetJson]),
    ("|url", &[Spelling::Url]),
    ("|uri", &[Spelling::Component]),
    ("|form", &[Spelling::Form]),
    ("|url-lower", &[Spelling::LowerUrl]),
    ("|form-lower", &[Spelling::LowerForm]),
    ("|json|json", &[Spelling::Json, Spelling::Json]),
];

impl Spelling {
    /// How a placeholder names it, with the `|` before.
    pub(crate) fn suffix(self) -> &'static str {
        let mut known = KNOWN.iter();
        known
            .find(|(_, ways)| matches!(ways, [only] if *only == self))
            .map_or("", |(suffix, _)| suffix)
    }

    /// The way in which a parameter of a URL or a form is written. One that nothing else writes counts as the nearest.
    pub(crate) fn of_parameter(value: &str, written: &str) -> Self {
        let mut ways = [
            Self::Url,
            Self::Component,
            Self::Form,
            Self::LowerUrl,
            Self::LowerForm,
        ]
        .into_iter();
        let nearest = if written.contains('+') {
            Self::Form
        } else {
            Self::Url
        };
        ways.find(|way| way.write(value) == written).unwrap_or(nearest)
    }

    /// The way in which a string of JSON is written. One that nothing else writes counts as the usual one.
    pub(crate) fn of_json(value: &str, written: &str) -> Self {
        let mut ways = [
            Self::Json,
            Self::AsciiJson,
            Self::PhpJson,
            Self::GoJson,
            Self::NetJson,
        ]
        .into_iter();
        ways.find(|way| way.write(value) == written).unwrap_or(Self::Json)
    }

    fn write(self, text: &str) -> String {
        let percent = |kept, is_form, is_lower| {
            Percent {
                kept,
                is_form,
                is_lower,
            }
            .encode(text)
        };
        match self {
            Self::Json => in_json(text),
            Self::AsciiJson => escaped(&in_json(text), Digits::Lower, |letter| {
                !letter.is_ascii() || letter == '\x7f'
            }),
            Self::PhpJson => {
                escaped(&in_json(text), Digits::Lower, |letter| !letter.is_ascii()).replace('/', "\\/")
            }
            Self::GoJson => escaped(&in_json(text), Digits::Lower, |letter| {
                matches!(letter, '&' | '<' | '>' | '\u{2028}' | '\u{2029}')
            }),
            Self::NetJson => net(text),
            Self::Url => percent("-._~", false, false),
            Self::LowerUrl => percent("-._~", false, true),
            Self::Component => percent("-._~!'()*", false, false),
            Self::Form => percent("-._*", true, false),
            Self::LowerForm => percent("-._*", true, true),
        }
    }

    fn read(self, written: &str) -> Option<String> {
        match self {
            Self::Json | Self::AsciiJson | Self::PhpJson | Self::GoJson | Self::NetJson => {
                serde_json::from_str(&format!("\"{written}\"")).ok()
            }
            Self::Url | Self::LowerUrl | Self::Component => Some(decoded(&written.replace('+', "%2B"))),
            Self::Form | Self::LowerForm => Some(decoded(written)),
        }
    }
}

/// The ways in which a placeholder's value is written, in the order in which they are applied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spellings(Vec<Spelling>);

impl Spellings {
    /// `own` is the way within the innermost text, which `above` strings of JSON have inside them.
    pub(crate) fn new(own: Option<Spelling>, above: usize) -> Self {
        let json = std::iter::repeat_n(Spelling::Json, above);
        Self(own.into_iter().chain(json).collect())
    }

    /// Whether the value is written as it is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Writes a value.
    #[must_use]
    pub fn write(&self, value: &str) -> String {
        let ways = self.0.iter();
        ways.fold(value.to_owned(), |text, way| way.write(&text))
    }

    /// Reads a value. `None` if it isn't written in this way.
    #[must_use]
    pub fn read(&self, written: &str) -> Option<String> {
        let mut ways = self.0.iter().rev();
        ways.try_fold(written.to_owned(), |text, way| way.read(&text))
    }

    /// What a placeholder has after its number: nothing if this value is written as it is.
    pub(crate) fn suffix(&self, value: &str) -> String {
        if self.write(value) == value {
            return String::new();
        }
        self.0.iter().map(|way| way.suffix()).collect()
    }
}

/// Splits what a placeholder has between its braces into its name and how its value is written.
///
/// ```
/// use cognito_triggers_pool::recording::spelled;
///
/// let (name, spellings) = spelled("password-1|url");
/// assert_eq!((name, spellings.write("a/b")), ("password-1", "a%2Fb".to_owned()));
/// assert_eq!(spellings.read("a%2Fb").as_deref(), Some("a/b"));
/// assert!(spelled("password-1").1.is_empty());
/// ```
///
/// A name with anything else after a `|` is the name itself.
#[must_use]
pub fn spelled(name: &str) -> (&str, Spellings) {
    let mut parts = name.split('|');
    let base = parts.next().unwrap_or_default();
    let way = |part: &str| {
        let mut known = KNOWN.iter();
        known.find_map(|(suffix, ways)| match ways {
            [only] if suffix.strip_prefix('|') == Some(part) => Some(*only),
            _ => None,
        })
    };
    match parts.map(way).collect() {
        Some(ways) => (base, Spellings(ways)),
        None => (name, Spellings::default()),
    }
}

/// The other ways to write a secret by which a recording recognizes it, each with what its placeholder has after the number.
///
/// ```
/// use cognito_triggers_pool::recording::other_spellings;
///
/// let expected = [("|net", "a\\u002Bb".to_owned()), ("|url", "a%2Bb".to_owned()), ("|url-lower", "a%2bb".to_owned())];
/// assert_eq!(other_spellings("a+b"), expected);
/// ```
pub fn other_spellings(secret: &str) -> Vec<(&'static str, String)> {
    let mut found: Vec<(&'static str, String)> = Vec::new();
    for (suffix, ways) in KNOWN {
        let written = ways.iter().fold(secret.to_owned(), |text, way| way.write(&text));
        if once(secret)
            .chain(found.iter().map(|(_, text)| text.as_str()))
            .all(|text| text != written)
        {
            found.push((suffix, written));
        }
    }
    found
}

/// A text within a string of JSON.
fn in_json(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned()
}

/// How the digits of an escape such as `\u00e4` are written.
#[derive(Clone, Copy)]
enum Digits {
    Lower,
    Upper,
}

/// A text in which some characters are written as `\u00e4`.
fn escaped(text: &str, digits: Digits, is_escaped: impl Fn(char) -> bool) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.chars() {
        if !is_escaped(letter) {
            written.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut [0; 2]) {
            written.push_str(&match digits {
                Digits::Lower => format!("\\u{unit:04x}"),
                Digits::Upper => format!("\\u{unit:04X}"),
            });
        }
    }
    written
}

/// A text within a string of JSON, as the default encoder of .NET's System.Text.Json writes it.
fn net(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | '\u{8}' | '\t' | '\n' | '\u{c}' | '\r' => {
                written.push_str(&in_json(letter.encode_utf8(&mut [0; 4])))
            }
            // What could end a string of HTML or JavaScript, and what ASCII can't print.
            _ => written.push_str(&escaped(
                letter.encode_utf8(&mut [0; 4]),
                Digits::Upper,
                |letter| {
                    matches!(letter, '"' | '&' | '\'' | '+' | '<' | '>' | '`')
                        || letter.is_ascii_control()
                        || !letter.is_ascii()
                },
            )),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_is_read_as_it_was_written() {
        for secret in [
            "a+b==",
            "Pässw0rd 😀",
            "it's \"1\"/~(2)*",
            "%41",
            "\n",
            "<&>\u{7f}",
        ] {
            for (suffix, written) in other_spellings(secret) {
                let (name, spellings) = spelled(suffix);
                assert_eq!(name, "");
                assert_eq!(spellings.write(secret), written, "{suffix}");
                assert_eq!(spellings.read(&written).as_deref(), Some(secret), "{suffix}");
            }
        }
        let all: Vec<_> = other_spellings("ä b").into_iter().map(|(_, text)| text).collect();
        assert_eq!(
            all,
            [
                "\\u00e4 b",
                "\\u00E4 b",
                "%C3%A4%20b",
                "%C3%A4+b",
                "%c3%a4%20b",
                "%c3%a4+b"
            ]
        );
        assert!(other_spellings("Sunny-Day-42").is_empty());
    }

    /// What each language writes follows from its documentation: `json.dumps`, `json_encode`, `encoding/json` and
    /// `JavaScriptEncoder.Default`.
    #[test]
    fn each_language_writes_json_in_its_own_way() {
        let secret = "a\"b\\c/d&e<f>g'h+i`j\u{7f}k\tl\u{1f}mäo😀p\u{2028}";
        for (way, written) in [
            (
                Spelling::Json,
                "a\\\"b\\\\c/d&e<f>g'h+i`j\u{7f}k\\tl\\u001fmäo😀p\u{2028}",
            ),
            (
                Spelling::AsciiJson,
                "a\\\"b\\\\c/d&e<f>g'h+i`j\\u007fk\\tl\\u001fm\\u00e4o\\ud83d\\ude00p\\u2028",
            ),
            (
                Spelling::PhpJson,
                "a\\\"b\\\\c\\/d&e<f>g'h+i`j\u{7f}k\\tl\\u001fm\\u00e4o\\ud83d\\ude00p\\u2028",
            ),
            (
                Spelling::GoJson,
                "a\\\"b\\\\c/d\\u0026e\\u003cf\\u003eg'h+i`j\u{7f}k\\tl\\u001fmäo😀p\\u2028",
            ),
            (
                Spelling::NetJson,
                "a\\u0022b\\\\c/d\\u0026e\\u003Cf\\u003Eg\\u0027h\\u002Bi\\u0060j\\u007Fk\\tl\\u001Fm\\u00E4o\\uD83D\\uDE00p\\u2028",
            ),
        ] {
            assert_eq!(way.write(secret), written);
            assert_eq!(way.read(written).as_deref(), Some(secret), "{way:?}");
            assert_eq!(Spelling::of_json(secret, written), way);
        }
        // A token in Base64 is recognized as each of them writes it.
        let token: Vec<_> = other_spellings("a+b/c==").into_iter().take(2).collect();
        let expected = [
            ("|php", "a+b\\/c==".to_owned()),
            ("|net", "a\\u002Bb/c==".to_owned()),
        ];
        assert_eq!(token, expected);
    }

    #[test]
    fn an_unknown_way_is_a_part_of_the_name() {
        assert_eq!(spelled("a-1|rot13"), ("a-1|rot13", Spellings::default()));
        assert_eq!(spelled("a-1|json|rot13").0, "a-1|json|rot13");
        assert_eq!(Spellings::new(Some(Spelling::Url), 1).suffix("a/b"), "|url|json");
        assert_eq!(Spellings::new(None, 2).suffix("ab"), "");
    }
}
