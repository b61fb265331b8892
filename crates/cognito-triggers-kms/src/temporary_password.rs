//! Temporary passwords, which Cognito HTML-escapes.

use zeroize::Zeroizing;

/// The entities without their `&`, and the character that each stands for.
///
/// AWS names the first two, as examples of "reserved characters"; HTML's other three are unescaped too. A password with
/// a literal `&amp;` is far less likely than one with a `&`, which many generators use. Source:
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-email-sender.html>.
const ENTITIES: [(&str, char); 5] = [
    ("lt;", '<'),
    ("gt;", '>'),
    ("amp;", '&'),
    ("quot;", '"'),
    ("#39;", '\''),
];

/// Undoes one layer of HTML escaping: `&amp;lt;` becomes `&lt;`. An `&` without a known entity stays.
pub(crate) fn unescape_html(escaped: &str) -> Zeroizing<String> {
    // The result is never longer than the input, so the string never reallocates and leaves no copy behind.
    let mut plain = Zeroizing::new(String::with_capacity(escaped.len()));
    let mut rest = escaped;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let entity = ENTITIES
            .iter()
            .find_map(|&(entity, character)| Some((character, after.strip_prefix(entity)?)));
        let (character, after) = entity.unwrap_or(('&', after));
        plain.push(character);
        rest = after;
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entity_is_unescaped() {
        for (escaped, plain) in [
            ("a&lt;b&gt;c", "a<b>c"),
            ("&amp;&quot;&#39;", "&\"'"),
            ("&lt;", "<"),
            ("Aé1!", "Aé1!"),
            ("", ""),
        ] {
            assert_eq!(*unescape_html(escaped), plain);
        }
    }

    #[test]
    fn an_ampersand_without_an_entity_stays() {
        for password in ["a&b", "&", "&&", "&lt", "&LT;", "&;", "&nbsp;"] {
            assert_eq!(*unescape_html(password), password);
        }
    }

    #[test]
    fn only_one_layer_is_unescaped() {
        assert_eq!(*unescape_html("&amp;lt;"), "&lt;");
        assert_eq!(*unescape_html("&&lt;"), "&<");
    }
}
