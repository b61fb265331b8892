//! Version 2: claims of both tokens, and scopes.

use cognito_triggers::{
    Context, Event, PreTokenGenerationV2, Result,
    pre_token_generation_v2::{Request, Response},
};

use crate::app::App;

/// Adds the claims of the user's tenant to both tokens, and its scopes to the access token.
pub(crate) async fn add_claims_and_scopes(
    context: Context<App>,
    event: Event<PreTokenGenerationV2>,
) -> Result<Response> {
    for_user(&context, &event.request).await
}

/// The answer for a user, which is the same in version 3.
pub(crate) async fn for_user(context: &Context<App>, request: &Request) -> Result<Response> {
    // The `sub`, which nobody can choose: an attribute like `custom:tenant` may be the user's own to write.
    let sub = request.user_attributes.sub().ok_or("the event has no sub")?;
    let tenant = context.state.tenants.of(context, &format!("user#{sub}")).await?;
    let mut response = Response::with_claims(tenant.claims());
    response.access_token_generation.scopes_to_add = tenant.scopes;
    Ok(response)
}

#[cfg(test)]
mod tests {
    use cognito_triggers::Claims;

    use super::*;
    use crate::{tenants::NO_TENANT, tests::app};

    #[tokio::test]
    async fn both_tokens_get_the_claims_and_one_the_scopes() {
        let event = Event::<PreTokenGenerationV2>::sample().attribute("custom:tenant", "globex");
        let answer = add_claims_and_scopes(Context::new(app()), event.build())
            .await
            .unwrap();
        let claims = Claims::from([("tenant", "acme"), ("plan", "pro")]);
        assert_eq!(answer.id_token_generation.claims_to_add_or_override, claims);
        assert_eq!(answer.access_token_generation.claims_to_add_or_override, claims);
        assert_eq!(answer.access_token_generation.scopes_to_add, ["orders/read"]);
    }

    #[tokio::test]
    async fn a_user_without_a_tenant_gets_no_token() {
        let event =
            Event::<PreTokenGenerationV2>::sample().attribute("sub", "00000000-0000-4000-8000-000000000000");
        let error = add_claims_and_scopes(Context::new(app()), event.build())
            .await
            .unwrap_err();
        assert!(error.is_rejection() && error.to_string() == NO_TENANT, "{error}");
    }
}
