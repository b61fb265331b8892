//! The page of an email, and the person's name in it.

use crate::text::Language;

/// The longest name in a greeting, in characters.
pub(crate) const LONGEST_NAME: usize = 40;

/// A page with three paragraphs. It is plain, because many mail programs drop styles.
pub(crate) fn page(language: &Language, greeting: &str, text: &str, closing: &str) -> String {
    let Language {
        locale, direction, ..
    } = language;
    format!(
        "<!DOCTYPE html><html lang=\"{locale}\" dir=\"{direction}\"><body><p>{greeting}</p><p>{text}</p><p>{closing}</p></body></html>"
    )
}

/// A text in which HTML sees no markup.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A value in which HTML sees no markup, and Cognito no placeholder.
pub(crate) fn escape_value(value: &str) -> String {
    escape(value).replace('{', "&#123;").replace('}', "&#125;")
}

/// The greeting. A name that may be an advertisement is left out.
///
/// Anyone can sign up with the address of somebody else, and a name like `win at evil.example`. The pool's sender would then vouch
/// for that text. So a greeting has no long name, none with a digit, which may be of a phone number or an amount, and none that a mail
/// program turns into a link. A character that isn't visible is one that Cognito refuses in an email.
pub(crate) fn greeting(language: &Language, name: Option<&str>) -> String {
    let name = name.map(str::trim).filter(|name| {
        // The last three are dots of a domain, too: the fullwidth and the ideographic full stops.
        let is_link = name.contains(['@', '/', ':', '\\', '\u{ff0e}', '\u{3002}', '\u{ff61}'])
            || name.split('.').skip(1).any(|after| after.starts_with(char::is_alphanumeric));
        // Controls, and the characters that change the direction of what follows or that nobody sees.
        let is_hidden = |c: char| {
            c.is_control() || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        };
        !name.is_empty()
            && name.chars().count() <= LONGEST_NAME
            && !is_link
            && !name.chars().any(|c| c.is_numeric() || is_hidden(c))
    });
    match name {
        Some(name) => escape(language.greeting).replace("{name}", &escape_value(name)),
        None => escape(language.nameless_greeting),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::languages::LANGUAGES;

    #[test]
    fn a_name_is_no_markup_and_no_placeholder() {
        for language in LANGUAGES {
            let greeting = greeting(language, Some("<b>O'Hara & \"{####}\""));
            assert!(greeting.contains("O&#39;Hara &amp; &quot;"), "{greeting}");
            assert!(!greeting.contains(['<', '{']), "{greeting}");
        }
        let [english, ..] = LANGUAGES;
        assert_eq!(
            greeting(english, Some("<i>O'Hara {####}")),
            "Hello &lt;i&gt;O&#39;Hara &#123;####&#125;,"
        );
    }

    #[test]
    fn a_name_that_advertises_is_left_out() {
        let [english, ..] = LANGUAGES;
        for name in [
            "win at evil.example",
            "https:evil",
            "//evil",
            "eve@evil",
            "evil\u{ff0e}example",
            "evil\u{3002}example",
            "evil\u{ff61}example",
            "Call 0900 555 0123 now",
            "Call \u{ff10}\u{ff19}\u{ff10}\u{ff10}",
            "Call \u{660}\u{669}",
            "Ana\nBcc",
            "Ana\u{202e}",
            " ",
            &"x".repeat(41),
        ] {
            assert_eq!(greeting(english, Some(name)), "Hello,", "{name}");
        }
        for name in ["J. R. Smith", "Ана", "李小龍", "Jr.", "María-José"] {
            assert_eq!(greeting(english, Some(name)), format!("Hello {name},"));
        }
    }
}
