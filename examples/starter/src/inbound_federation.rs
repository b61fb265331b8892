//! Before the pool stores what an identity provider says about a user.

use cognito_triggers::{Context, Event, InboundFederation, Result, TextMap, inbound_federation::Response};

use crate::app::App;

/// Stores email addresses in lowercase, whatever the provider writes. Only letters of ASCII are changed: some others become
/// letters of another address.
///
/// Cognito drops every attribute that the answer leaves out, so the answer repeats all of them. An empty answer changes nothing.
pub async fn lower_email(_: Context<App>, event: Event<InboundFederation>) -> Result<Response> {
    let all = event.request.attributes.merged();
    let lower = all.get("email").map(str::to_ascii_lowercase);
    let Some(email) = lower.filter(|email| all.get("email") != Some(email)) else {
        return Ok(Response::default());
    };
    let mut user_attributes_to_map = TextMap::new();
    for (name, value) in all.iter() {
        user_attributes_to_map.insert(name, value);
    }
    user_attributes_to_map.insert("email", email);
    Ok(Response {
        user_attributes_to_map,
        ..Default::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn answer(email: &str) -> Response {
        let event = Event::sample().with("attributes.userInfo.email", email);
        let event = event.with("attributes.idToken.email", email).build();
        lower_email(Context::new(App::for_tests()), event).await.unwrap()
    }

    #[tokio::test]
    async fn an_address_is_stored_in_lowercase() {
        let mapped = answer("Ana@Example.com").await.user_attributes_to_map;
        assert_eq!(mapped.get("email"), Some("ana@example.com"));
        assert!(mapped.get("sub").is_some(), "the other attributes are kept");
    }

    #[tokio::test]
    async fn an_address_does_not_become_another_one() {
        // The first letter is the sign of the unit kelvin, which is `k` in Unicode's lowercase.
        let mapped = answer("\u{212a}im@Example.com").await.user_attributes_to_map;
        assert_eq!(mapped.get("email"), Some("\u{212a}im@example.com"));
    }

    #[tokio::test]
    async fn an_address_in_lowercase_changes_nothing() {
        assert_eq!(answer("ana@example.com").await, Response::default());
    }
}
