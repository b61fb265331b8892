//! What an identity provider says about a person.

use cognito_triggers::{Context, Event, InboundFederation, Result, inbound_federation::Response};

/// Keeps the long list of groups out of the pool, whose attributes hold 2,048 characters, and everything else in it.
pub(crate) async fn drop_groups(_: Context<()>, event: Event<InboundFederation>) -> Result<Response> {
    let mut attributes = event.request.attributes.merged();
    if !attributes.remove("groups") {
        // The empty answer changes nothing.
        return Ok(Response::default());
    }
    // Cognito drops what the answer leaves out, the subject too, so it repeats all the rest.
    Ok(Response {
        user_attributes_to_map: attributes,
        ..Default::default()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn all_but_the_groups_is_kept() {
        let claims = json!({"sub": "42", "email": "dana@example.com", "groups": "[a, b]"});
        let event = Event::sample().with("attributes.idToken", claims);
        let event = event.with("attributes.userInfo", json!({})).build();
        let answer = drop_groups(Context::new(()), event).await.unwrap();
        let names: Vec<_> = answer.user_attributes_to_map.keys().collect();
        assert_eq!(names, ["email", "sub"]);
    }

    #[tokio::test]
    async fn without_groups_nothing_changes() {
        let event = Event::sample().build();
        assert_eq!(
            drop_groups(Context::new(()), event).await.unwrap(),
            Response::default()
        );
    }
}
