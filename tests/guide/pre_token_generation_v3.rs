//! The token of a machine.

use std::collections::BTreeMap;

use cognito_triggers::{
    Claims, Context, Event, PreTokenGenerationV3, Result,
    pre_token_generation::Source,
    pre_token_generation_v3::{AccessTokenGeneration, Response},
    reject,
};

/// The state: the customer that each app client belongs to.
pub(crate) struct Customers(pub(crate) BTreeMap<String, String>);

/// Says in a machine's token which customer the machine works for. Tokens of people stay as they are.
pub(crate) async fn name_customer(
    context: Context<Customers>,
    event: Event<PreTokenGenerationV3>,
) -> Result<Response> {
    if event.source != Source::ClientCredentials {
        return Ok(Response::default());
    }
    // Only the client id is authenticated: the machine chooses its metadata itself.
    let client = event.require_client_id()?;
    let Some(customer) = context.state.0.get(client) else {
        return Err(reject("this client belongs to no customer"));
    };
    Ok(Response {
        access_token_generation: AccessTokenGeneration {
            claims_to_add_or_override: Claims::from([("customer", customer.as_str())]),
            ..Default::default()
        },
        ..Default::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_machine_of_no_customer_gets_no_token() {
        let customers = BTreeMap::from([("press".to_owned(), "Harbor".to_owned())]);
        let token = async |client| {
            let event = Event::sample().source(Source::ClientCredentials);
            let event = event.client_id(client).build();
            name_customer(Context::new(Customers(customers.clone())), event).await
        };
        let claims = token("press").await.unwrap().access_token_generation;
        assert_eq!(
            claims.claims_to_add_or_override.get("customer").unwrap(),
            "Harbor"
        );
        assert!(token("stranger").await.unwrap_err().is_rejection());
    }
}
