//! The trigger before Cognito issues tokens.

use cognito_triggers::{
    Claims, Context, Event, OrReject, PreTokenGenerationV3, Result,
    pre_token_generation_v3::{AccessTokenGeneration, Request, Response, Source},
    reject,
};

use crate::{app::App, machines::Machine};

/// Gives a machine its scopes and claims, and marks the tokens of people as theirs.
///
/// A machine can send any metadata, and only its app client is authenticated. So the list of the machines says what each may have,
/// and the metadata chooses among it. A machine that isn't in the list gets no token.
pub async fn issue(context: Context<App>, event: Event<PreTokenGenerationV3>) -> Result<Response> {
    let client = event.require_client_id()?;
    match (&event.source, context.state.machines.find(client)) {
        (Source::ClientCredentials, Some(machine)) => for_machine(machine, &event.request),
        (Source::ClientCredentials, None) => Err(reject("this app client gets no tokens")),
        // Its secret would be enough for tokens of any person whose password somebody knows.
        (_, Some(_)) => Err(reject("this app client is for machines only")),
        // A source that Cognito got after this function was written: services see a token without `kind`.
        (Source::Unknown(_), None) => Ok(Response::default()),
        (_, None) => Ok(in_access_token([("kind", "person"), ("aud", client)], Vec::new())),
    }
}

fn for_machine(machine: &Machine, request: &Request) -> Result<Response> {
    let tenant = match (request.client_metadata.get("tenant"), machine.tenants.as_slice()) {
        (Some(asked), allowed) => {
            let found = allowed.iter().find(|tenant| *tenant == asked);
            found.or_reject("this app client may not act for that tenant")?
        }
        (None, [only]) => only,
        (None, _) => return Err(reject("aws_client_metadata has to name the tenant")),
    };
    let (allowed, denied): (Vec<_>, Vec<_>) = request
        .scopes
        .iter()
        .cloned()
        .partition(|scope| machine.scopes.contains(scope));
    if allowed.is_empty() {
        return Err(reject("this app client may have none of these scopes"));
    }
    let claims = [
        ("kind", "machine"),
        ("aud", machine.client.as_str()),
        ("service", machine.service.as_str()),
        ("tenant", tenant.as_str()),
    ];
    Ok(in_access_token(claims, denied))
}

fn in_access_token<const N: usize>(claims: [(&str, &str); N], scopes_to_suppress: Vec<String>) -> Response {
    Response {
        access_token_generation: AccessTokenGeneration {
            claims_to_add_or_override: Claims::from(claims),
            scopes_to_suppress,
            ..Default::default()
        },
        ..Default::default()
    }
}

#[cfg(test)]
mod tests {
    use cognito_triggers::samples::Builder;
    use serde_json::{Value, json};

    use super::*;

    const CLIENT: &str = "1bt6n4x8j2q9m5c3z7l0fkuyhe";
    const READ: &str = "https://orders.example.com/orders.read";
    const WRITE: &str = "https://orders.example.com/orders.write";

    fn machine() -> Builder<PreTokenGenerationV3> {
        Event::sample().source(Source::ClientCredentials)
    }

    async fn answer(event: Builder<PreTokenGenerationV3>, tenants: &[&str]) -> Result<AccessTokenGeneration> {
        let list =
            json!([{"client": CLIENT, "service": "stock-keeper", "tenants": tenants, "scopes": [READ]}]);
        let machines = list.to_string().parse().unwrap();
        let response = issue(Context::new(App { machines }), event.build()).await?;
        assert!(
            response.id_token_generation == Default::default(),
            "machines have no ID token"
        );
        Ok(response.access_token_generation)
    }

    async fn rejection(event: Builder<PreTokenGenerationV3>, tenants: &[&str]) -> String {
        let error = answer(event, tenants).await.unwrap_err();
        assert!(error.is_rejection(), "{error}");
        error.to_string()
    }

    #[tokio::test]
    async fn a_machine_gets_what_the_list_has() {
        let token = answer(machine(), &["harbor"]).await.unwrap();
        let claims: Claims<Value> = Claims::from([
            ("aud", CLIENT),
            ("kind", "machine"),
            ("service", "stock-keeper"),
            ("tenant", "harbor"),
        ]);
        assert_eq!(token.claims_to_add_or_override, claims);
        assert_eq!(token.scopes_to_suppress, [WRITE]);
        assert!(token.scopes_to_add.is_empty());
    }

    #[tokio::test]
    async fn a_machine_that_is_not_listed_gets_nothing() {
        let text = rejection(machine().client_id("another"), &["harbor"]).await;
        assert_eq!(text, "this app client gets no tokens");
        // Without a client id nothing says who asks.
        assert!(answer(machine().client_id(""), &["harbor"]).await.is_err());
    }

    #[tokio::test]
    async fn metadata_chooses_among_the_tenants_of_the_list() {
        let ask = |tenant: &str| machine().with("clientMetadata", json!({"tenant": tenant}));
        let both = ["harbor", "orchard"];
        let token = answer(ask("orchard"), &both).await.unwrap();
        assert_eq!(
            token.claims_to_add_or_override.get("tenant"),
            Some(&json!("orchard"))
        );
        assert!(rejection(ask("Orchard"), &both).await.contains("that tenant"));
        assert!(
            rejection(ask("orchard"), &["harbor"])
                .await
                .contains("that tenant")
        );
        assert!(rejection(ask(""), &["harbor"]).await.contains("that tenant"));
        let unsaid = machine().without("clientMetadata");
        assert!(rejection(unsaid, &both).await.contains("name the tenant"));
    }

    #[tokio::test]
    async fn a_token_without_scopes_is_refused() {
        for scopes in [json!([WRITE]), json!([]), json!(null), json!(["orders/read"])] {
            let text = rejection(machine().with("scopes", scopes), &["harbor"]).await;
            assert_eq!(text, "this app client may have none of these scopes");
        }
    }

    #[tokio::test]
    async fn a_person_is_marked_and_keeps_the_scopes() {
        let token = answer(Event::sample(), &["harbor"]).await.unwrap();
        assert_eq!(
            token.claims_to_add_or_override.get("kind"),
            Some(&json!("person"))
        );
        assert!(token.claims_to_add_or_override.get("aud").is_some());
        assert!(token.claims_to_add_or_override.get("tenant").is_none());
        assert!(token.scopes_to_suppress.is_empty());

        let at_a_machine = Event::sample().client_id(CLIENT);
        assert!(
            rejection(at_a_machine, &["harbor"])
                .await
                .contains("machines only")
        );
    }

    #[tokio::test]
    async fn a_new_source_changes_nothing_for_people() {
        let machines = || json!([{"client": CLIENT, "service": "s", "tenants": ["t"], "scopes": [READ]}]);
        let mut event = Event::<PreTokenGenerationV3>::sample().build();
        event.source = Source::Unknown("TokenGeneration_Passkey".to_owned());
        let app = || {
            Context::new(App {
                machines: machines().to_string().parse().unwrap(),
            })
        };
        assert_eq!(issue(app(), event).await.unwrap(), Response::default());
        let mut event = machine().build();
        event.source = Source::Unknown("TokenGeneration_Exchange".to_owned());
        assert!(issue(app(), event).await.is_err());
    }
}
