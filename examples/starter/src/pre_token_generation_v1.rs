//! Before tokens are issued, event version V1_0: claims of the ID token.

use cognito_triggers::{
    Claims, Context, Event, PreTokenGenerationV1, Result, pre_token_generation_v1::Response,
};

use crate::app::App;

/// Adds the claim `plan` with the value of the attribute `custom:plan`, otherwise `free`.
///
/// An app client that may write `custom:plan` lets users choose their plan: give every app client `WriteAttributes` without it, or
/// look the plan up by `sub`, as `cargo cognito new NAME --example tenant-claims` does.
pub async fn add_plan(_: Context<App>, event: Event<PreTokenGenerationV1>) -> Result<Response> {
    let plan = event.request.user_attributes.custom("plan").unwrap_or("free");
    Ok(Response {
        claims_to_add_or_override: Claims::from([("plan", plan)]),
        ..Default::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_claim_has_the_plan_of_the_user() {
        for (attribute, plan) in [("custom:plan", "gold"), ("custom:other", "free")] {
            let event = Event::sample().attribute(attribute, "gold").build();
            let answer = add_plan(Context::new(App::for_tests()), event).await.unwrap();
            assert_eq!(answer.claims_to_add_or_override, Claims::from([("plan", plan)]));
        }
    }
}
