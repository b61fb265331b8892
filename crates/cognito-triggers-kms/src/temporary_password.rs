//! Undoing what Cognito does to temporary passwords.

use zeroize::Zeroizing;

/// What an entity stands for, its `&` left out. AWS's page names the first two and says "reserved characters like" them; the
/// others of HTML are undone too: a password in which one of them is meant literally is far less likely than
/// one that contains `&`, which many generators use.
const ENTITIES: [(&str, char); 5] = [
    ("lt;", '<'),
    ("gt;", '>'),
    ("amp;", '&'),
    ("quot;", '"'),
    ("#39;", '\''),
];

/// Undoes HTML escaping, once: `&amp;lt;` becomes `&lt;`.
pub(crate) fn unescape(escaped: &str) -> Zeroizing<String> {
    // The result is never longer, so it is never moved.
    let mut plain = Zeroizing::new(String::with_capacity(escaped.len()));
    let mut rest = escaped;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let entity = ENTITIES
            .iter()
            .find_map(|&(entity, meant)| Some((meant, after.strip_prefix(entity)?)));
        let (meant, after) = entity.unwrap_or(('&', after));
        plain.push(meant);
        rest = after;
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_become_what_they_stand_for() {
        for (escaped, plain) in [
            ("a&lt;b&gt;c", "a<b>c"),
            ("&amp;&quot;&#39;", "&\"'"),
            ("&lt;", "<"),
            ("Aé1!", "Aé1!"),
            ("", ""),
        ] {
            assert_eq!(*unescape(escaped), plain);
        }
    }

    #[test]
    fn an_ampersand_that_starts_no_entity_stays() {
        for password in ["a&b", "&", "&&", "&lt", "&LT;", "&;", "&nbsp;"] {
            assert_eq!(*unescape(password), password);
        }
    }

    #[test]
    fn only_one_layer_is_undone() {
        assert_eq!(*unescape("&amp;lt;"), "&lt;");
        assert_eq!(*unescape("&&lt;"), "&<");
    }
}
