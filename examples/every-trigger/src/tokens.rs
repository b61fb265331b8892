//! Adds claims and scopes to tokens.

use cognito_triggers::{
    Claims, Context, Event, PreTokenGenerationV1, Result,
    model::Trigger,
    pre_token_generation::{GroupConfiguration, GroupOverrideDetails, Source},
    pre_token_generation_v1,
    pre_token_generation_v2::{AccessTokenGeneration, Request, Response},
};

use crate::app::App;

/// The prefix of groups that must not be in tokens.
const INTERNAL: &str = "internal-";

/// Adds the user's tenant to the ID token, and removes internal groups from both tokens. For a pool with the
/// `LambdaVersion` V1_0.
pub async fn add_tenant_claim(
    context: Context<App>,
    event: Event<PreTokenGenerationV1>,
) -> Result<pre_token_generation_v1::Response> {
    let tenant = context.state.tenants.of_user(&event.request.user_attributes);
    Ok(pre_token_generation_v1::Response {
        claims_to_add_or_override: tenant_claim(tenant),
        group_override_details: without_internal(event.request.group_configuration.as_ref()),
        ..Default::default()
    })
}

/// Adds the tenant of a user or a machine to both tokens, adds a scope for each group, and removes internal groups. For
/// V2_0 and V3_0, which have the same request and answer.
pub async fn add_tenant_and_scopes<T>(context: Context<App>, event: Event<T>) -> Result<Response>
where
    T: Trigger<Source = Source, Request = Request, Response = Response>,
{
    let mut response = match event.source {
        // A machine can send any metadata. Only its client id is authenticated. It gets no ID token.
        Source::ClientCredentials => {
            let tenant = context.state.tenants.of_client(event.require_client_id()?);
            Response {
                access_token_generation: AccessTokenGeneration {
                    claims_to_add_or_override: tenant_claim(tenant),
                    ..Default::default()
                },
                ..Default::default()
            }
        }
        _ => Response::with_claims(tenant_claim(
            context.state.tenants.of_user(&event.request.user_attributes),
        )),
    };
    let groups = event.request.group_configuration.as_ref();
    response.access_token_generation.scopes_to_add = scopes(groups);
    response.group_override_details = without_internal(groups);
    Ok(response)
}

fn tenant_claim<V: for<'a> From<&'a str>>(tenant: Option<&str>) -> Claims<V> {
    tenant
        .map(|tenant| ("tenant", V::from(tenant)))
        .into_iter()
        .collect()
}

/// A scope for each group that isn't internal.
fn scopes(groups: Option<&GroupConfiguration>) -> Vec<String> {
    let names = groups.map_or(&[][..], |groups| &groups.groups_to_override);
    names
        .iter()
        .filter(|name| !name.starts_with(INTERNAL))
        .map(|name| format!("group/{name}"))
        .collect()
}

/// The groups without the internal ones. If there is no internal group, the answer doesn't override the groups.
fn without_internal(groups: Option<&GroupConfiguration>) -> GroupOverrideDetails {
    let hidden = |name: &String| name.starts_with(INTERNAL);
    match groups {
        Some(groups) if groups.groups_to_override.iter().any(hidden) => {
            // The roles are kept, because an override replaces groups and roles together.
            let mut shown = groups.clone();
            shown.groups_to_override.retain(|name| !hidden(name));
            GroupOverrideDetails::Override(shown)
        }
        _ => GroupOverrideDetails::Unchanged,
    }
}

#[cfg(test)]
mod tests {
    use cognito_triggers::{PreTokenGenerationV2, PreTokenGenerationV3, samples::Builder};

    use super::*;
    use crate::tests::test_context;

    fn in_groups(names: &[&str]) -> Builder<PreTokenGenerationV2> {
        let event = Event::sample().source(Source::Authentication).variant("groups");
        event.with("groupConfiguration.groupsToOverride", names)
    }

    #[tokio::test]
    async fn a_user_gets_the_tenant_of_the_verified_address() {
        let (context, _) = test_context();
        let event = Event::sample();
        let answer = add_tenant_claim(context.clone(), event.clone().build())
            .await
            .unwrap();
        assert_eq!(
            answer.claims_to_add_or_override,
            Claims::from([("tenant", "harbor")])
        );

        let unverified = event.attribute("email_verified", "false").build();
        let answer = add_tenant_claim(context, unverified).await.unwrap();
        assert_eq!(answer, pre_token_generation_v1::Response::default());
    }

    #[tokio::test]
    async fn both_later_versions_get_claims_in_both_tokens() {
        let (context, _) = test_context();
        let second = Event::<PreTokenGenerationV2>::sample().build();
        let third = Event::<PreTokenGenerationV3>::sample().build();
        let second = add_tenant_and_scopes(context.clone(), second).await.unwrap();
        assert_eq!(second, add_tenant_and_scopes(context, third).await.unwrap());
        let claims = Claims::from([("tenant", "harbor")]);
        assert_eq!(second.id_token_generation.claims_to_add_or_override, claims);
        assert_eq!(second.access_token_generation.claims_to_add_or_override, claims);
    }

    #[tokio::test]
    async fn a_machine_gets_the_tenant_of_its_client() {
        let (context, _) = test_context();
        let machine = Event::<PreTokenGenerationV3>::sample().source(Source::ClientCredentials);
        let answer = add_tenant_and_scopes(context.clone(), machine.clone().build())
            .await
            .unwrap();
        let claims = Claims::from([("tenant", "harbor")]);
        assert_eq!(answer.access_token_generation.claims_to_add_or_override, claims);

        let unknown = machine.client_id("unknown").build();
        assert_eq!(
            add_tenant_and_scopes(context, unknown).await.unwrap(),
            Response::default()
        );
    }

    #[tokio::test]
    async fn groups_are_left_alone_and_become_scopes() {
        let (context, _) = test_context();
        let event = in_groups(&["editors", "billing"]).build();
        let answer = add_tenant_and_scopes(context, event).await.unwrap();
        assert_eq!(answer.group_override_details, GroupOverrideDetails::Unchanged);
        assert_eq!(
            answer.access_token_generation.scopes_to_add,
            ["group/editors", "group/billing"]
        );
    }

    #[tokio::test]
    async fn internal_groups_are_hidden_and_nothing_else() {
        let (context, _) = test_context();
        let event = in_groups(&["editors", "internal-beta"]).build();
        let mut shown = event.request.group_configuration.clone().unwrap();
        shown.groups_to_override = vec!["editors".to_owned()];
        let answer = add_tenant_and_scopes(context, event).await.unwrap();
        assert_eq!(
            answer.group_override_details,
            GroupOverrideDetails::Override(shown)
        );
        assert_eq!(answer.access_token_generation.scopes_to_add, ["group/editors"]);
    }
}
