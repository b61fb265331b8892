//! A claim in the ID token.

use cognito_triggers::{
    Claims, Context, Event, PreTokenGenerationV1, Result, pre_token_generation_v1::Response,
};

/// Says in the ID token whether the user is in the group `staff`, and leaves the phone number out of it.
pub(crate) async fn say_staff(_: Context<()>, event: Event<PreTokenGenerationV1>) -> Result<Response> {
    let groups = event.request.group_configuration.as_ref();
    let is_staff = groups.is_some_and(|groups| groups.groups_to_override.iter().any(|name| name == "staff"));
    Ok(Response {
        claims_to_add_or_override: Claims::from([("staff", if is_staff { "yes" } else { "no" })]),
        claims_to_suppress: vec!["phone_number".to_owned()],
        ..Default::default()
    })
}

#[cfg(test)]
mod tests {
    use cognito_triggers::pre_token_generation::GroupOverrideDetails;
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn the_group_becomes_a_claim_and_stays_a_group() {
        let groups = json!({"groupsToOverride": ["staff"], "iamRolesToOverride": [], "preferredRole": null});
        let event = Event::sample().with("groupConfiguration", groups).build();
        let answer = say_staff(Context::new(()), event).await.unwrap();
        assert_eq!(answer.claims_to_add_or_override.get("staff").unwrap(), "yes");
        assert_eq!(answer.group_override_details, GroupOverrideDetails::Unchanged);
    }

    #[tokio::test]
    async fn a_pool_that_sends_no_groups_is_no_error() {
        let event = Event::sample().with("groupConfiguration", json!(null)).build();
        let answer = say_staff(Context::new(()), event).await.unwrap();
        assert_eq!(answer.claims_to_add_or_override.get("staff").unwrap(), "no");
    }
}
