//! Version 3: users as in version 2, and machines.

use cognito_triggers::{
    Context, Event, PreTokenGenerationV3, Result,
    pre_token_generation::Source,
    pre_token_generation_v2::{AccessTokenGeneration, Response},
};

use crate::{app::App, pre_token_generation_v2};

/// Adds the claims and scopes of a user's or a machine's tenant.
pub(crate) async fn add_claims_and_scopes(
    context: Context<App>,
    event: Event<PreTokenGenerationV3>,
) -> Result<Response> {
    match event.source {
        Source::ClientCredentials => for_machine(&context, &event).await,
        _ => pre_token_generation_v2::for_user(&context, &event.request).await,
    }
}

/// The answer for a machine, which gets no ID token.
async fn for_machine(context: &Context<App>, event: &Event<PreTokenGenerationV3>) -> Result<Response> {
    // A machine can send any metadata. Only its client id is authenticated.
    let id = format!("client#{}", event.require_client_id()?);
    let tenant = context.state.tenants.of(context, &id).await?;
    Ok(Response {
        access_token_generation: AccessTokenGeneration {
            claims_to_add_or_override: tenant.claims(),
            scopes_to_add: tenant.scopes,
            ..Default::default()
        },
        ..Default::default()
    })
}

#[cfg(test)]
mod tests {
    use cognito_triggers::{Claims, pre_token_generation_v2::IdTokenGeneration, samples::Builder};
    use serde_json::json;

    use super::*;
    use crate::{tenants::NO_TENANT, tests::app};

    async fn answer(event: Builder<PreTokenGenerationV3>) -> Result<Response> {
        add_claims_and_scopes(Context::new(app()), event.build()).await
    }

    fn machine() -> Builder<PreTokenGenerationV3> {
        Event::sample().source(Source::ClientCredentials)
    }

    #[tokio::test]
    async fn a_machine_gets_the_tenant_of_its_client() {
        let metadata = json!({"tenant": "acme"});
        let answer = answer(machine().with("clientMetadata", metadata)).await.unwrap();
        let access = answer.access_token_generation;
        assert_eq!(
            access.claims_to_add_or_override,
            Claims::from([("tenant", "globex")])
        );
        assert_eq!(access.scopes_to_add, ["orders/write"]);
        assert_eq!(answer.id_token_generation, IdTokenGeneration::default());
    }

    #[tokio::test]
    async fn a_client_without_a_tenant_gets_no_token() {
        // The id of a user is no id of a client.
        for client in ["another", "d3b4c8a2-70f1-4e6b-9a57-2c81f09e64d5"] {
            let error = answer(machine().client_id(client)).await.unwrap_err();
            assert!(error.is_rejection() && error.to_string() == NO_TENANT, "{error}");
        }
    }

    #[tokio::test]
    async fn a_user_gets_what_version_2_gives() {
        let answer = answer(Event::sample().source(Source::RefreshTokens))
            .await
            .unwrap();
        assert_eq!(answer.access_token_generation.scopes_to_add, ["orders/read"]);
        let claims = answer.id_token_generation.claims_to_add_or_override;
        assert!(claims.contains_key("tenant") && claims.contains_key("plan"));
    }
}
