//! Attributes from an identity provider, before the pool stores them.

use std::borrow::Cow;

use cognito_triggers::{Context, Event, InboundFederation, Result, TextMap, inbound_federation};

use crate::app::App;

/// The longest value that the pool stores. A longer one fails the sign-in. It is counted in bytes here, which is never less
/// than in characters.
const LIMIT: usize = 2048;

/// The names of the attribute that identifies the user: OpenID Connect's, and the usual one of SAML.
const SUBJECTS: [&str; 2] = [
    "sub",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier",
];

/// Shortens values that are too long for the pool, such as long lists of groups. They would make the sign-in fail.
///
/// Cognito drops every attribute that the answer leaves out, even the subject. So if a value is shortened, the answer repeats
/// all others. If no value is too long, the empty answer changes nothing.
pub async fn shorten_long_values(
    _: Context<App>,
    event: Event<InboundFederation>,
) -> Result<inbound_federation::Response> {
    let all = event.request.attributes.merged();
    if all.iter().all(|(_, value)| value.len() <= LIMIT) {
        return Ok(inbound_federation::Response::default());
    }
    let mut user_attributes_to_map = TextMap::new();
    for (name, value) in all.iter() {
        if value.len() > LIMIT && SUBJECTS.contains(&name) {
            // A shortened subject could be that of another user.
            return Err(format!("the subject `{name}` is longer than {LIMIT} bytes").into());
        }
        user_attributes_to_map.insert(name, shortened(value));
    }
    Ok(inbound_federation::Response {
        user_attributes_to_map,
        ..Default::default()
    })
}

/// The beginning of a value, up to the limit. A list ends after a whole element, because the beginning of a group's name may
/// be the name of another group.
fn shortened(value: &str) -> Cow<'_, str> {
    if value.len() <= LIMIT {
        return value.into();
    }
    let beginning = |limit| value.split_at(value.floor_char_boundary(limit)).0;
    if !value.starts_with('[') {
        return beginning(LIMIT).into();
    }
    let whole = beginning(LIMIT - 1)
        .rsplit_once(',')
        .map_or("[", |(whole, _)| whole);
    format!("{whole}]").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::test_context;

    async fn answer(event: &Event<InboundFederation>) -> Result<TextMap> {
        let answer = shorten_long_values(test_context().0, event.clone()).await?;
        Ok(answer.user_attributes_to_map)
    }

    #[tokio::test]
    async fn short_values_are_left_alone() {
        let event = Event::sample().build();
        assert!(answer(&event).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_long_value_is_cut_and_the_rest_is_kept() {
        let mut event = Event::<InboundFederation>::sample().build();
        event
            .request
            .attributes
            .user_info
            .insert("groups", "å".repeat(LIMIT));
        event.request.attributes.user_info.insert("name", "Dana P.");
        let map = answer(&event).await.unwrap();
        assert_eq!(map.get("groups"), Some("å".repeat(LIMIT / 2).as_str()));
        assert_eq!(map.get("sub"), event.request.attributes.id_token.get("sub"));
        assert_eq!(map.get("name"), Some("Dana P."));
        assert_eq!(map.get("iss"), Some("https://login.example.org/"));
        assert!(!map.iter().any(|(name, _)| name.contains("token")));
    }

    #[test]
    fn a_list_loses_whole_elements() {
        let list = |elements| format!("[{}]", vec!["readers"; elements].join(", "));
        assert_eq!(shortened(&list(1000)), list(LIMIT / "readers, ".len()));
        assert_eq!(shortened(&format!("[{}]", "x".repeat(LIMIT))), "[]");
        assert_eq!(shortened(&list(2)), list(2));
    }

    #[tokio::test]
    async fn a_subject_is_never_cut() {
        for subject in SUBJECTS {
            let mut event = Event::<InboundFederation>::sample().build();
            let user_info = &mut event.request.attributes.user_info;
            user_info.insert(subject, "x".repeat(LIMIT + 1));
            assert!(!answer(&event).await.unwrap_err().is_rejection());
        }
    }
}
