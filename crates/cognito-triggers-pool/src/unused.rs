//! Settings that are stored and returned but have no effect here yet.

use cognito_triggers_model::Route;
use serde_json::{Value, json};

use crate::state::{AppClient, Settings, State};
use crate::triggers::fires;

/// Lists the settings of the pools, app clients, domains and providers that have no effect yet: `us-east-1_localpool: KeyConfiguration`.
pub(crate) fn settings_without_effect(state: &State) -> Vec<String> {
    let pools = state.pools.values();
    let named = pools.flat_map(|pool| {
        let own = of_pool(&pool.settings)
            .into_iter()
            .map(|name| format!("{}: {name}", pool.settings.id));
        let clients = pool.clients.values().flat_map(|client| {
            of_client(client)
                .into_iter()
                .map(|name| format!("{}: {name}", client.id))
        });
        let domains = pool.domains.iter().filter(|domain| domain.routing.is_some());
        let domains = domains.map(|domain| format!("{}: Routing", domain.name));
        let providers = pool
            .providers
            .values()
            .filter(|provider| !provider.acr.is_empty());
        let providers = providers.map(|provider| format!("{}: AcrMapping", provider.name));
        own.chain(clients).chain(domains).chain(providers)
    });
    named.collect()
}

fn of_pool(settings: &Settings) -> Vec<String> {
    let set = |pointer: &str, idle: &str| settings.string(pointer).is_some_and(|value| value != idle);
    let there = |pointer: &str| settings.get(pointer).is_some();
    [
        (
            "UserPoolAddOns",
            set("/UserPoolAddOns/AdvancedSecurityMode", "OFF"),
        ),
        ("DcrConfiguration", there("/DcrConfiguration")),
        ("KeyConfiguration", there("/KeyConfiguration")),
        ("IssuerConfiguration", there("/IssuerConfiguration")),
        ("AcrConfiguration", there("/AcrConfiguration")),
    ]
    .into_iter()
    .filter(|(_, is_set)| *is_set)
    .map(|(name, _)| name.to_owned())
    .chain(hooks(settings))
    .collect()
}

/// The hooks whose trigger isn't fired here.
fn hooks(settings: &Settings) -> impl Iterator<Item = String> {
    let unfired = Route::ALL.iter().filter(|route| !fires(**route));
    let keys = unfired.map(|route| route.key().as_str());
    keys.filter(|key| settings.get(&format!("/LambdaConfig/{key}")).is_some())
        .map(|key| format!("LambdaConfig.{key}"))
}

fn of_client(client: &AppClient) -> Vec<&'static str> {
    let on = |member: &str| client.members.get(member) == Some(&json!(true));
    let there = |member: &str| client.members.get(member).is_some_and(|value| !is_empty(value));
    let later = [
        "ALLOW_TOKEN_EXCHANGE_DELEGATION",
        "ALLOW_TOKEN_EXCHANGE_IMPERSONATION",
    ];
    [
        ("ExplicitAuthFlows", client.allows(&later)),
        ("AnalyticsConfiguration", there("AnalyticsConfiguration")),
        (
            "EnablePropagateAdditionalUserContextData",
            on("EnablePropagateAdditionalUserContextData"),
        ),
    ]
    .into_iter()
    .filter_map(|(name, is_set)| is_set.then_some(name))
    .collect()
}

fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
}
