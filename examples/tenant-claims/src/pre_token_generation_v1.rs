//! Version 1: claims of the ID token.

use cognito_triggers::{Context, Event, PreTokenGenerationV1, Result, pre_token_generation_v1};

use crate::app::App;

/// Adds the claims of the user's tenant to the ID token. Version 1 can't change the access token, so an API that reads the tenant
/// there needs version 2.
pub(crate) async fn add_claims(
    context: Context<App>,
    event: Event<PreTokenGenerationV1>,
) -> Result<pre_token_generation_v1::Response> {
    // The `sub`, which nobody can choose: an attribute like `custom:tenant` may be the user's own to write.
    let sub = event
        .request
        .user_attributes
        .sub()
        .ok_or("the event has no sub")?;
    let tenant = context.state.tenants.of(&context, &format!("user#{sub}")).await?;
    Ok(pre_token_generation_v1::Response {
        claims_to_add_or_override: tenant.claims(),
        ..Default::default()
    })
}

#[cfg(test)]
mod tests {
    use cognito_triggers::Claims;

    use super::*;
    use crate::{tenants::NO_TENANT, tests::app};

    #[tokio::test]
    async fn a_user_gets_the_claims_of_the_tenant() {
        let event = Event::<PreTokenGenerationV1>::sample().attribute("custom:tenant", "globex");
        let answer = add_claims(Context::new(app()), event.build()).await.unwrap();
        let claims = Claims::from([("tenant", "acme"), ("plan", "pro")]);
        assert_eq!(answer.claims_to_add_or_override, claims);
    }

    #[tokio::test]
    async fn a_user_without_a_tenant_gets_no_token() {
        let event =
            Event::<PreTokenGenerationV1>::sample().attribute("sub", "00000000-0000-4000-8000-000000000000");
        let error = add_claims(Context::new(app()), event.build()).await.unwrap_err();
        assert!(error.is_rejection() && error.to_string() == NO_TENANT, "{error}");
    }

    #[tokio::test]
    async fn an_event_without_a_sub_is_a_failure() {
        let event = Event::<PreTokenGenerationV1>::sample().without("userAttributes.sub");
        let error = add_claims(Context::new(app()), event.build()).await.unwrap_err();
        assert!(!error.is_rejection(), "{error}");
    }
}
