//! Scopes in the access token, and a claim in both tokens.

use cognito_triggers::{
    Claims, Context, Event, PreTokenGenerationV2, Result, pre_token_generation_v2::Response,
};
use serde_json::json;

/// Puts the user's plan into both tokens, and a scope for each group into the access token.
pub(crate) async fn add_plan_and_scopes(
    _: Context<()>,
    event: Event<PreTokenGenerationV2>,
) -> Result<Response> {
    let groups = event.request.group_configuration.as_ref();
    let groups = groups.map_or(&[][..], |groups| &groups.groups_to_override);
    let seats = if groups.iter().any(|name| name == "team") {
        12
    } else {
        1
    };
    let mut response = Response::with_claims(Claims::from([("plan", json!({"seats": seats}))]));
    response.access_token_generation.scopes_to_add =
        groups.iter().map(|name| format!("group/{name}")).collect();
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_group_becomes_a_scope() {
        let groups = json!({"groupsToOverride": ["team"], "iamRolesToOverride": [], "preferredRole": null});
        let event = Event::sample().with("groupConfiguration", groups).build();
        let answer = add_plan_and_scopes(Context::new(()), event).await.unwrap();
        assert_eq!(answer.access_token_generation.scopes_to_add, ["group/team"]);
        for claims in [
            answer.id_token_generation.claims_to_add_or_override,
            answer.access_token_generation.claims_to_add_or_override,
        ] {
            assert_eq!(claims.get("plan"), Some(&json!({"seats": 12})));
        }
    }
}
