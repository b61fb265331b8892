//! Before tokens are issued, event version V3_0: claims and scopes of both tokens, also for machines.

use cognito_triggers::{
    Claims, Context, Event, PreTokenGenerationV3, Result, pre_token_generation::Source,
    pre_token_generation_v2::Response,
};

use crate::app::App;

/// Adds the claim `plan` to the tokens, with the value of the attribute `custom:plan`, otherwise `free`.
///
/// A machine has no attributes. Only its client id, `event.client_id()`, is authenticated.
///
/// An app client that may write `custom:plan` lets users choose their plan: give every app client `WriteAttributes` without it, or
/// look the plan up by `sub`, as `cargo cognito new NAME --example tenant-claims` does.
pub async fn add_plan(_: Context<App>, event: Event<PreTokenGenerationV3>) -> Result<Response> {
    let plan = event.request.user_attributes.custom("plan").unwrap_or("free");
    let mut response = Response::with_claims(Claims::from([("plan", plan)]));
    if event.source == Source::ClientCredentials {
        // A machine gets no ID token.
        response.id_token_generation = Default::default();
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn both_tokens_have_the_plan_of_the_user() {
        for (attribute, plan) in [("custom:plan", "gold"), ("custom:other", "free")] {
            let event = Event::sample().attribute(attribute, "gold").build();
            let answer = add_plan(Context::new(App::for_tests()), event).await.unwrap();
            let claims = Claims::from([("plan", plan)]);
            assert_eq!(answer.id_token_generation.claims_to_add_or_override, claims);
            assert_eq!(answer.access_token_generation.claims_to_add_or_override, claims);
        }
    }

    #[tokio::test]
    async fn a_machine_gets_no_id_token() {
        let event = Event::sample().source(Source::ClientCredentials).build();
        let answer = add_plan(Context::new(App::for_tests()), event).await.unwrap();
        assert_eq!(answer.id_token_generation, Default::default());
        let claims = Claims::from([("plan", "free")]);
        assert_eq!(answer.access_token_generation.claims_to_add_or_override, claims);
    }
}
