//! The language of a message.

/// Returns the available locale that fits best. `wanted` has the preferred locales, the most preferred one first.
///
/// A locale fits if it is the same, or at least of the same language: `sv-SE` fits `sv`, and `sv` fits `sv-FI`. Case
/// doesn't matter, and `_` counts as `-`. `None` if nothing wanted is available.
///
/// ```
/// use cognito_triggers::{Attributes, TextMap, locale::choose_locale};
///
/// let metadata = TextMap::new();
/// let attributes = Attributes::from([("locale", "sv_SE")]);
/// // What the app sends with the call comes before what the account says.
/// let wanted = [metadata.get("locale"), attributes.get("locale")];
/// assert_eq!(choose_locale(&["en", "sv"], wanted), Some("sv"));
/// assert_eq!(choose_locale(&["en", "sv"], [Some("fr")]).unwrap_or("en"), "en");
/// ```
pub fn choose_locale<'a, 'b>(
    available: &[&'a str],
    wanted: impl IntoIterator<Item = Option<&'b str>>,
) -> Option<&'a str> {
    wanted.into_iter().flatten().find_map(|wanted| {
        let same = |locale: &&&str| {
            let normal = |text: &str| text.trim().replace('_', "-").to_ascii_lowercase();
            normal(locale) == normal(wanted)
        };
        let same_language = |locale: &&&str| language(locale).eq_ignore_ascii_case(language(wanted));
        let exact = available.iter().find(same);
        exact.or_else(|| available.iter().find(same_language)).copied()
    })
}

fn language(locale: &str) -> &str {
    locale.trim().split(['-', '_']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_of_the_first_wish_wins() {
        let available = ["en", "pt-BR", "pt-PT", "zh-Hant-TW"];
        for (wanted, chosen) in [
            (vec![Some("pt_pt")], Some("pt-PT")),
            (vec![Some("PT")], Some("pt-BR")),
            (vec![Some("en-GB"), Some("pt-PT")], Some("en")),
            (vec![None, Some("fr"), Some(" zh ")], Some("zh-Hant-TW")),
            (vec![Some("fr"), None], None),
            (vec![Some("")], None),
        ] {
            assert_eq!(choose_locale(&available, wanted.clone()), chosen, "{wanted:?}");
        }
    }
}
