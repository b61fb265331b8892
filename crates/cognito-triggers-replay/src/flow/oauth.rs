//! The two calls of a flow that aren't operations: a sign-in through an identity provider, and a token for a machine.
//!
//! On AWS the first needs a browser and the second the token endpoint. Here both are calls of the pool in memory. What they need
//! is there from the start, but only in flows that make them: the identity providers, the resource servers, and the app client of
//! the machine.

use std::collections::{BTreeMap, BTreeSet};

use cognito_triggers_pool::{ApiError, LocalPool};
use serde_json::{Map, Value, json};

use super::{
    call::Call,
    ids::{CLIENT, MACHINE, POOL},
    parameters::{CLIENT_CREDENTIALS, FEDERATED_SIGN_IN},
    script::Flow,
    words,
};

/// The identity provider of a sign-in that names none.
const DEFAULT_PROVIDER: &str = "ExampleIdP";

/// The identity providers that a flow can name without creating them, by name and type. The names are those of the sample events.
const PROVIDERS: [(&str, &str); 6] = [
    (DEFAULT_PROVIDER, "OIDC"),
    ("ExampleSaml", "SAML"),
    ("Facebook", "Facebook"),
    ("Google", "Google"),
    ("LoginWithAmazon", "LoginWithAmazon"),
    ("SignInWithApple", "SignInWithApple"),
];

/// The provider's own id of the user. It is that of the sample events.
const SUBJECT: &str = "5e0b7d64-9c1f-4a38-b2e7-0f6d813a5c92";

/// The scopes of a machine. They are those of the sample events.
const SCOPES: [&str; 2] = [
    "https://orders.example.com/orders.read",
    "https://orders.example.com/orders.write",
];

/// The standard attributes that providers say. They have the same names in the pool.
const STANDARD: [&str; 17] = [
    "address",
    "birthdate",
    "email",
    "email_verified",
    "family_name",
    "gender",
    "given_name",
    "locale",
    "middle_name",
    "name",
    "nickname",
    "phone_number",
    "phone_number_verified",
    "picture",
    "preferred_username",
    "profile",
    "website",
];

/// The name of the provider of a sign-in.
fn provider(call: &Call) -> &str {
    call.provider.as_deref().unwrap_or(DEFAULT_PROVIDER)
}

/// The providers of the flow's sign-ins, each once.
fn providers(flow: &Flow) -> BTreeSet<&str> {
    calls(flow, FEDERATED_SIGN_IN).map(provider).collect()
}

/// Checks that the pool has a provider: one of [`PROVIDERS`], or one that a call of the flow creates.
///
/// # Errors
/// Fails with a sentence that suggests another name.
pub(super) fn check_provider(flow: &Flow, name: &str) -> Result<(), String> {
    let known = PROVIDERS.map(|(known, _)| known);
    if known.contains(&name) || creates(flow, "CreateIdentityProvider", "ProviderName", name) {
        return Ok(());
    }
    let instead = words::instead(name, known);
    Err(format!(
        "no call creates the identity provider `{name}`; {instead}"
    ))
}

/// The scopes of the flow's machine: those that its calls name, or those of the sample events.
fn scopes(flow: &Flow) -> BTreeSet<&str> {
    let named = calls(flow, CLIENT_CREDENTIALS).flat_map(|call| &call.scopes);
    let named: BTreeSet<_> = named.map(String::as_str).collect();
    match named.is_empty() {
        true => SCOPES.into(),
        false => named,
    }
}

/// The calls with a name.
fn calls<'a>(flow: &'a Flow, name: &'static str) -> impl Iterator<Item = &'a Call> {
    flow.calls.iter().filter(move |call| call.name == name)
}

/// Whether a call of the flow is this operation, with this string in a member of its input.
fn creates(flow: &Flow, operation: &'static str, member: &str, name: &str) -> bool {
    calls(flow, operation).any(|call| call.input.get(member).and_then(Value::as_str) == Some(name))
}

/// The members of CreateUserPoolClient that a sign-in through an identity provider needs. Empty if the flow has none.
pub(super) fn client_members(flow: &Flow) -> Map<String, Value> {
    let providers = providers(flow);
    if providers.is_empty() {
        return Map::new();
    }
    let supported: Vec<_> = ["COGNITO"].into_iter().chain(providers).collect();
    let members = [
        ("AllowedOAuthFlowsUserPoolClient", json!(true)),
        ("AllowedOAuthFlows", json!(["code"])),
        (
            "AllowedOAuthScopes",
            json!(["openid", "email", "profile", "aws.cognito.signin.user.admin"]),
        ),
        ("CallbackURLs", json!(["https://app.example.com/signed-in"])),
        ("SupportedIdentityProviders", json!(supported)),
    ];
    let members = members.into_iter();
    members.map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The app client of the machine, as CreateUserPoolClient takes it. `None` if the flow has no machine.
pub(super) fn machine(flow: &Flow) -> Option<Value> {
    calls(flow, CLIENT_CREDENTIALS).next()?;
    Some(json!({
        "ClientName": "machine",
        "ClientId": MACHINE,
        "ClientSecret": "known-to-the-machine",
        "AllowedOAuthFlowsUserPoolClient": true,
        "AllowedOAuthFlows": ["client_credentials"],
        "AllowedOAuthScopes": scopes(flow),
    }))
}

/// The inputs of the calls that create what the flow needs and doesn't create itself, with the names of the operations.
pub(super) fn preparations(flow: &Flow) -> Vec<(&'static str, Value)> {
    let mut inputs = Vec::new();
    let known = PROVIDERS.into_iter();
    let used = providers(flow);
    for (name, kind) in known.filter(|(name, _)| used.contains(name)) {
        if !creates(flow, "CreateIdentityProvider", "ProviderName", name) {
            inputs.push(("CreateIdentityProvider", identity_provider(flow, name, kind)));
        }
    }
    if machine(flow).is_none() {
        return inputs;
    }
    let mut servers = BTreeMap::<_, Vec<_>>::new();
    for (server, scope) in scopes(flow)
        .into_iter()
        .filter_map(|scope| scope.rsplit_once('/'))
    {
        let scopes = servers.entry(server).or_default();
        scopes.push(json!({ "ScopeName": scope, "ScopeDescription": scope }));
    }
    for (server, scopes) in servers {
        if !creates(flow, "CreateResourceServer", "Identifier", server) {
            let input = json!({ "UserPoolId": POOL, "Identifier": server, "Name": "flow", "Scopes": scopes });
            inputs.push(("CreateResourceServer", input));
        }
    }
    inputs
}

/// The input of CreateIdentityProvider. The provider has the attributes of the pool under the same names.
fn identity_provider(flow: &Flow, name: &str, kind: &str) -> Value {
    let custom = flow.custom_attributes();
    let attributes = STANDARD.into_iter().map(str::to_owned).chain(custom);
    let mapping: BTreeMap<_, _> = attributes.map(|name| (name.clone(), name)).collect();
    let details = match kind {
        "SAML" => json!({ "MetadataURL": "https://login.example.org/metadata.xml" }),
        "OIDC" => json!({
            "client_id": "flow", "client_secret": "secret", "authorize_scopes": "openid email profile",
            "oidc_issuer": "https://login.example.org/", "attributes_request_method": "GET",
        }),
        "SignInWithApple" => json!({
            "client_id": "flow", "team_id": "flow", "key_id": "flow", "private_key": "secret",
            "authorize_scopes": "name email",
        }),
        _ => json!({ "client_id": "flow", "client_secret": "secret", "authorize_scopes": "email profile" }),
    };
    json!({
        "UserPoolId": POOL, "ProviderName": name, "ProviderType": kind, "ProviderDetails": details,
        "AttributeMapping": mapping,
    })
}

/// The input of one of the two calls, for the report and for [`send`]. `attributes` are those of the user, which a sign-in that
/// names none uses.
pub(super) fn input(call: &Call, attributes: &BTreeMap<String, String>) -> Value {
    match call.name.as_str() {
        FEDERATED_SIGN_IN => json!({
            "provider": provider(call),
            "subject": call.subject.as_deref().unwrap_or(SUBJECT),
            "attributes": if call.attributes.is_empty() { attributes } else { &call.attributes },
        }),
        _ => json!({ "scopes": call.scopes, "clientMetadata": call.client_metadata }),
    }
}

/// Makes a call of the pool: an operation, or one of the two with the input that [`input`] makes.
///
/// # Errors
/// What the app gets.
pub(super) async fn send(pool: &LocalPool, name: &str, input: Value) -> Result<Value, ApiError> {
    let string = |name: &str| input.get(name).and_then(Value::as_str).unwrap_or_default();
    match name {
        FEDERATED_SIGN_IN => {
            let attributes = input.get("attributes").cloned().unwrap_or_default();
            pool.sign_in_with_provider(CLIENT, string("provider"), string("subject"), attributes)
                .await
        }
        CLIENT_CREDENTIALS => {
            let scopes = input
                .get("scopes")
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            let scopes: Vec<_> = scopes.filter_map(Value::as_str).collect();
            let scope = (!scopes.is_empty()).then(|| scopes.join(" "));
            let metadata = input.get("clientMetadata").cloned().unwrap_or_default();
            let metadata = serde_json::from_value(metadata).unwrap_or_default();
            pool.client_credentials(MACHINE, scope.as_deref(), &metadata)
                .await
        }
        operation => pool.call(operation, input).await,
    }
}
