//! Some groups of a user stay out of the tokens.

use cognito_triggers::{
    Context, Event, PreTokenGenerationV2, Result, pre_token_generation::GroupOverrideDetails,
    pre_token_generation_v2::Response,
};

/// Leaves internal groups out, with the roles that belong to them. A user who has no other group gets tokens without groups.
pub(crate) async fn hide_internal_groups(
    _: Context<()>,
    event: Event<PreTokenGenerationV2>,
) -> Result<Response> {
    let mut response = Response::default();
    if let Some(received) = &event.request.group_configuration {
        let mut kept = received.clone();
        let is_internal = |role: &String| role.contains(":role/internal-");
        kept.groups_to_override
            .retain(|name| !name.starts_with("internal-"));
        kept.iam_roles_to_override.retain(|role| !is_internal(role));
        kept.preferred_role = kept.preferred_role.filter(|role| !is_internal(role));
        response.group_override_details = GroupOverrideDetails::Override(kept);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    async fn kept(groups: &[&str]) -> Vec<String> {
        let role = |name: &&str| format!("arn:aws:iam::111122223333:role/{name}");
        let roles: Vec<_> = groups.iter().map(role).collect();
        let groups =
            json!({"groupsToOverride": groups, "preferredRole": roles.first(), "iamRolesToOverride": roles});
        let event = Event::sample().with("groupConfiguration", groups).build();
        let answer = hide_internal_groups(Context::new(()), event).await.unwrap();
        let GroupOverrideDetails::Override(kept) = answer.group_override_details else {
            panic!("{answer:?}");
        };
        assert_eq!(kept.groups_to_override.len(), kept.iam_roles_to_override.len());
        assert!(kept.preferred_role.is_none_or(|role| !role.contains("internal")));
        kept.groups_to_override
    }

    #[tokio::test]
    async fn other_groups_stay() {
        assert_eq!(kept(&["staff", "internal-audit"]).await, ["staff"]);
    }

    #[tokio::test]
    async fn the_last_group_goes_too() {
        assert_eq!(kept(&["internal-audit"]).await, [""; 0]);
    }
}
