//! Claims about a user's tenant from a table, in the three versions of token generation.

use std::{future::Future, time::Duration};

use cognito_triggers::{
    Claims, Context, Event, OrReject, PreTokenGenerationV1, PreTokenGenerationV2, PreTokenGenerationV3,
    Result, Router, TextMap,
    error::Rejection,
    model::Trigger,
    pre_token_generation::Source,
    pre_token_generation_v1,
    pre_token_generation_v2::{AccessTokenGeneration, Request, Response},
    router,
    samples::Builder,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::support::{ANSWERED, INTERNAL, Lambda};

/// What is left of the time limit for the answer after a table that takes too long.
const MARGIN: Duration = Duration::from_millis(300);

/// A table of tenants and their members.
trait Tenants: Send + Sync + 'static {
    /// The memberships of a user, by `sub`, or of a machine, by its app client.
    fn memberships(&self, id: &str) -> impl Future<Output = Result<Vec<Membership>, TableError>> + Send;
}

#[derive(Clone, Serialize)]
struct Membership {
    tenant: &'static str,
    roles: Vec<&'static str>,
}

#[derive(Debug, thiserror::Error)]
#[error("the request was throttled")]
struct TableError;

#[derive(Debug, thiserror::Error)]
enum TenantError {
    #[error("you are no member of this organization")]
    NoMember(#[source] Rejection),
    #[error("the table of tenants can't be read")]
    Table(#[from] TableError),
    #[error("the table of tenants took too long")]
    TooSlow(#[from] tokio::time::error::Elapsed),
}

/// What the app sends as JSON in the metadata value `session`.
#[derive(Deserialize)]
struct ChosenSession {
    tenant: String,
}

/// The membership that the app has chosen, otherwise the first one.
async fn membership<T: Tenants>(
    context: &Context<T>,
    id: &str,
    chosen: Option<ChosenSession>,
) -> Result<Membership, TenantError> {
    let limit = context.remaining().saturating_sub(MARGIN);
    let memberships = tokio::time::timeout(limit, context.state.memberships(id)).await??;
    let mut memberships = memberships.into_iter();
    let found = match chosen {
        Some(session) => memberships.find(|membership| membership.tenant == session.tenant),
        None => memberships.next(),
    };
    found.ok_or(TenantError::NoMember(Rejection))
}

fn chosen(metadata: &TextMap) -> Result<Option<ChosenSession>> {
    metadata.get_json("session").or_reject("the app is out of date")
}

/// Version 1 has strings in the ID token only.
async fn add_text_claims<T: Tenants>(
    context: Context<T>,
    event: Event<PreTokenGenerationV1>,
) -> Result<pre_token_generation_v1::Response> {
    let chosen = chosen(&event.request.client_metadata)?;
    let sub = event.request.user_attributes.require("sub")?;
    let membership = membership(&context, sub, chosen).await?;
    Ok(pre_token_generation_v1::Response {
        claims_to_add_or_override: Claims::from([
            ("tenant", membership.tenant.to_owned()),
            ("roles", membership.roles.join(" ")),
        ]),
        ..Default::default()
    })
}

/// Versions 2 and 3 have any JSON in both tokens. A machine, in version 3, gets no ID token.
async fn add_claims<T, E>(context: Context<T>, event: Event<E>) -> Result<Response>
where
    T: Tenants,
    E: Trigger<Source = Source, Request = Request, Response = Response>,
{
    let mut claims = Claims::new();
    if event.source == Source::ClientCredentials {
        // A machine can send any metadata. Only its app client is authenticated.
        let membership = membership(&context, event.require_client_id()?, None).await?;
        claims.insert_json("membership", &membership)?;
        let access_token_generation = AccessTokenGeneration {
            claims_to_add_or_override: claims,
            ..Default::default()
        };
        return Ok(Response {
            access_token_generation,
            ..Default::default()
        });
    }
    let chosen = chosen(&event.request.client_metadata)?;
    let sub = event.request.user_attributes.require("sub")?;
    claims.insert_json("membership", &membership(&context, sub, chosen).await?)?;
    Ok(Response::with_claims(claims))
}

fn triggers<T: Tenants>() -> Router<T> {
    router! {
        pre_token_generation_v1 => add_text_claims,
        pre_token_generation_v2 => add_claims,
        pre_token_generation_v3 => add_claims,
    }
}

/// A table with one user and one machine.
enum Table {
    Works,
    IsDown,
    Hangs,
}

impl Tenants for Table {
    async fn memberships(&self, id: &str) -> Result<Vec<Membership>, TableError> {
        match self {
            Self::Works => {}
            Self::IsDown => return Err(TableError),
            Self::Hangs => std::future::pending().await,
        }
        let harbor = Membership {
            tenant: "harbor",
            roles: vec!["editor", "billing"],
        };
        let orchard = Membership {
            tenant: "orchard",
            roles: vec![],
        };
        Ok(match id {
            "ana" => vec![harbor, orchard],
            "machine" => vec![orchard],
            _ => vec![],
        })
    }
}

fn ana<E: Trigger>() -> Builder<E> {
    Event::sample().attribute("sub", "ana")
}

/// The user, who has chosen a tenant with this metadata.
fn choosing<E: Trigger>(event: Builder<E>, session: &str) -> Builder<E> {
    event.with("clientMetadata", json!({ "session": session }))
}

fn answered(response: Value) -> (Result<Value, String>, Vec<String>) {
    let response = json!({ "claimsOverrideDetails": response });
    (Ok(response), vec![ANSWERED.to_owned()])
}

fn answered_v2(response: Value) -> (Result<Value, String>, Vec<String>) {
    let response = json!({ "claimsAndScopeOverrideDetails": response });
    (Ok(response), vec![ANSWERED.to_owned()])
}

#[tokio::test]
async fn version_1_has_strings_in_the_id_token() {
    let function = Lambda::new(triggers(), Table::Works);
    let answer = function.call(&ana::<PreTokenGenerationV1>()).await;
    let claims = json!({"tenant": "harbor", "roles": "editor billing"});
    assert_eq!(answer, answered(json!({ "claimsToAddOrOverride": claims })));

    let orchard = choosing(ana::<PreTokenGenerationV1>(), r#"{"tenant": "orchard"}"#);
    let claims = json!({"tenant": "orchard", "roles": ""});
    assert_eq!(
        function.call(&orchard).await,
        answered(json!({ "claimsToAddOrOverride": claims }))
    );
}

#[tokio::test]
async fn later_versions_have_json_in_both_tokens() {
    let function = Lambda::new(triggers(), Table::Works);
    let claims = json!({
        "claimsToAddOrOverride": {"membership": {"tenant": "harbor", "roles": ["editor", "billing"]}},
    });
    let both = json!({"idTokenGeneration": claims, "accessTokenGeneration": claims});
    let second = function.call(&ana::<PreTokenGenerationV2>()).await;
    assert_eq!(second, answered_v2(both.clone()));
    let third = function.call(&ana::<PreTokenGenerationV3>()).await;
    assert_eq!(third, answered_v2(both));
}

#[tokio::test]
async fn a_machine_gets_claims_in_its_one_token() {
    let function = Lambda::new(triggers(), Table::Works);
    let machine = Event::<PreTokenGenerationV3>::sample().source(Source::ClientCredentials);
    // What a machine sends chooses nothing.
    let machine = choosing(machine, r#"{"tenant": "harbor"}"#).client_id("machine");
    let claims = json!({"claimsToAddOrOverride": {"membership": {"tenant": "orchard", "roles": []}}});
    assert_eq!(
        function.call(&machine).await,
        answered_v2(json!({ "accessTokenGeneration": claims }))
    );
}

#[tokio::test]
async fn a_user_reads_the_variants_that_are_for_users() {
    let function = Lambda::new(triggers(), Table::Works);
    let text = "you are no member of this organization";
    let stranger = ana::<PreTokenGenerationV1>().attribute("sub", "eve");
    let elsewhere = choosing(ana::<PreTokenGenerationV1>(), r#"{"tenant": "quay"}"#);
    for event in [stranger, elsewhere] {
        let (refused, log) = function.call(&event).await;
        assert_eq!(refused, Err(format!("Rejected: {text}")));
        assert_eq!(log, [format!("INFO rejected outcome=Rejected reason={text}")]);
    }
    let (refused, log) = function
        .call(&choosing(ana::<PreTokenGenerationV2>(), "orchard"))
        .await;
    assert_eq!(refused, Err("Rejected: the app is out of date".to_owned()));
    assert_eq!(
        log,
        [
            "INFO rejected outcome=Rejected reason=the app is out of date: the value of `session` is not JSON (line 1, \
             column 1 of the value)"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn what_the_table_does_is_for_the_log() {
    let start = tokio::time::Instant::now();
    for (table, error) in [
        (
            Table::IsDown,
            "the table of tenants can't be read: the request was throttled",
        ),
        (
            Table::Hangs,
            "the table of tenants took too long: deadline has elapsed",
        ),
    ] {
        let function = Lambda::new(triggers(), table);
        let (failed, log) = function.call(&ana::<PreTokenGenerationV3>()).await;
        assert_eq!(failed, Err(INTERNAL.to_owned()));
        assert_eq!(log, [format!("ERROR no answer outcome=Failed error={error}")]);
    }
    // The handler has given up by itself, before the function does.
    assert_eq!(start.elapsed(), Duration::from_millis(4200));

    let function = Lambda::new(triggers(), Table::Works);
    let nobody = ana::<PreTokenGenerationV2>().without("userAttributes.sub");
    let (failed, log) = function.call(&nobody).await;
    assert_eq!(failed, Err(INTERNAL.to_owned()));
    assert_eq!(
        log,
        ["ERROR no answer outcome=Failed error=the event has no attribute `sub`"]
    );
}
