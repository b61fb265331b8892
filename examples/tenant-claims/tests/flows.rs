//! The flows: sign-ins and token requests at a local pool, with the handlers as its triggers.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::{path::Path, time::Duration};

use cognito_triggers_replay::{InProcess, flow::Flow};
use tenant_claims::{
    App,
    directory::{Directory, Finding, Tenant},
    triggers,
};

/// Puts everyone into one tenant: the `sub` of a flow's user is another one in each run.
struct Everyone;

impl Directory for Everyone {
    fn find<'a>(&'a self, id: &'a str) -> Finding<'a> {
        let (tenant, plan, scope) = if id.starts_with("user#") {
            ("acme", Some("pro".to_owned()), "orders/read")
        } else {
            ("globex", None, "orders/write")
        };
        let (tenant, scopes) = (tenant.to_owned(), vec![scope.to_owned()]);
        Box::pin(async { Ok(Some(Tenant { tenant, plan, scopes })) })
    }
}

async fn play(name: &str, app: App) {
    let file = Path::new("flows").join(name).with_extension("flow.json");
    let flow = Flow::read(&file).unwrap();
    flow.run(&InProcess::new(triggers(), app)).await.assert();
}

fn everyone() -> App {
    App::new(Box::new(Everyone), Duration::ZERO)
}

#[tokio::test]
async fn version_1_changes_the_id_token_only() {
    play("version-1", everyone()).await;
}

#[tokio::test]
async fn version_2_changes_both_tokens() {
    play("version-2", everyone()).await;
}

#[tokio::test]
async fn version_3_changes_both_tokens_and_a_refresh() {
    play("version-3", everyone()).await;
}

#[tokio::test]
async fn a_machine_gets_the_tenant_of_its_client() {
    play("machine", everyone()).await;
}

#[tokio::test]
async fn a_user_without_a_tenant_gets_no_tokens() {
    let variable = |name: &str| (name == "TENANTS").then(|| include_str!("tenants.json").to_owned());
    play("no-tenant", App::from_variables(variable).unwrap()).await;
}
