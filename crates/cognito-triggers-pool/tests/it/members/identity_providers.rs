//! Identity providers, member by member: stored values, what an update replaces, limits, and lists.
//!
//! `identity_providers.json` has the rows. `set` is added to the smallest input for the `type` (SAML if it is missing), and
//! `reads` has the expected values in the stored provider, by JSON pointer. `update` is the input of UpdateIdentityProvider,
//! and `then` the values afterwards. `refused` has inputs that fail, as in `pool.json`.

use std::collections::BTreeMap;
use std::time::Duration;

use cognito_triggers_pool::{ApiError, LocalPool};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Refused;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    member: String,
    #[serde(default)]
    title: String,
    basis: String,
    #[serde(rename = "type", default = "saml")]
    kind: String,
    #[serde(default)]
    set: Map<String, Value>,
    #[serde(default)]
    reads: BTreeMap<String, Value>,
    update: Option<Map<String, Value>>,
    #[serde(default)]
    then: BTreeMap<String, Value>,
    #[serde(default)]
    refused: Vec<Refused>,
}

fn saml() -> String {
    "SAML".to_owned()
}

const POOL: &str = "us-east-1_localpool";

/// The smallest input of CreateIdentityProvider for a type.
fn smallest(kind: &str) -> Map<String, Value> {
    let details = match kind {
        "SAML" => json!({ "MetadataURL": "https://idp.example.com/metadata" }),
        "OIDC" => json!({
            "client_id": "a", "authorize_scopes": "openid", "oidc_issuer": "https://idp.example.com",
            "attributes_request_method": "GET",
        }),
        "SignInWithApple" => json!({
            "client_id": "a", "team_id": "t", "key_id": "k", "private_key": "p", "authorize_scopes": "email",
        }),
        _ => json!({ "client_id": "a", "client_secret": "b", "authorize_scopes": "email" }),
    };
    let name = if matches!(kind, "SAML" | "OIDC") {
        "Acme"
    } else {
        kind
    };
    Map::from_iter(
        [
            ("UserPoolId", json!(POOL)),
            ("ProviderName", json!(name)),
            ("ProviderType", json!(kind)),
            ("ProviderDetails", details),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    )
}

/// The smallest input for a type with some other members.
fn with(kind: &str, members: &Map<String, Value>) -> Value {
    let mut input = smallest(kind);
    input.extend(members.clone());
    Value::Object(input)
}

async fn create(pool: &LocalPool, input: Value) -> Result<Value, ApiError> {
    let answer = pool.call("CreateIdentityProvider", input).await?;
    Ok(answer["IdentityProvider"].clone())
}

async fn describe(pool: &LocalPool, name: &str) -> Result<Value, ApiError> {
    let input = json!({ "UserPoolId": POOL, "ProviderName": name });
    let answer = pool.call("DescribeIdentityProvider", input).await?;
    Ok(answer["IdentityProvider"].clone())
}

async fn started() -> LocalPool {
    LocalPool::builder().start().await.expect("a port is free")
}

fn check(name: &str, provider: &Value, expected: &BTreeMap<String, Value>) {
    for (pointer, value) in expected {
        let found = provider.pointer(pointer).cloned();
        assert_eq!(
            found.unwrap_or_else(|| json!("<absent>")),
            *value,
            "{pointer} of {name}"
        );
    }
}

#[tokio::test]
async fn each_member_of_a_provider_is_stored() {
    let rows: Vec<Row> = serde_json::from_str(include_str!("../../members/identity_providers.json"))
        .expect("the table is readable");
    for row in &rows {
        let pool = started().await;
        let name = format!("{} ({}) {}", row.member, row.basis, row.title);
        for refused in &row.refused {
            let error = create(&pool, with(&row.kind, &refused.input))
                .await
                .expect_err(&name);
            let class = refused.class.as_deref().unwrap_or("InvalidParameterException");
            assert_eq!(error.class(), class, "{name}: {error}");
            assert!(error.message().contains(&refused.says), "{name}: {error}");
        }
        let made = create(&pool, with(&row.kind, &row.set)).await;
        let made = made.unwrap_or_else(|error| panic!("{name}: {error}"));
        let provider_name = made["ProviderName"].as_str().expect("a string").to_owned();
        let read = describe(&pool, &provider_name).await.expect("it exists");
        assert_eq!(made, read, "the answer and the description of {name}");
        assert_eq!(made["CreationDate"], made["LastModifiedDate"], "{name}");
        check(&name, &read, &row.reads);
        let Some(update) = &row.update else { continue };
        pool.clock().advance(Duration::from_secs(60));
        let mut input = update.clone();
        input.insert("UserPoolId".to_owned(), json!(POOL));
        input.insert("ProviderName".to_owned(), json!(provider_name));
        pool.call("UpdateIdentityProvider", Value::Object(input))
            .await
            .expect(&name);
        let updated = describe(&pool, &provider_name).await.expect("it exists");
        check(&name, &updated, &row.then);
        assert_eq!(updated["CreationDate"], read["CreationDate"], "{name}");
        assert_ne!(updated["LastModifiedDate"], read["LastModifiedDate"], "{name}");
    }
    println!("{} rows", rows.len());
}

#[tokio::test]
async fn a_name_and_an_identifier_are_unique_in_a_pool() {
    let pool = started().await;
    let members = Map::from_iter([("IdpIdentifiers".to_owned(), json!(["example.com"]))]);
    create(&pool, with("SAML", &members)).await.expect("it is new");
    let error = create(&pool, with("OIDC", &Map::new()))
        .await
        .expect_err("the name is taken");
    assert_eq!(
        error.to_string(),
        format!("DuplicateProviderException: Acme already exists in user pool {POOL}")
    );
    let mut members = members;
    members.insert("ProviderName".to_owned(), json!("Other"));
    let error = create(&pool, with("OIDC", &members))
        .await
        .expect_err("the identifier is taken");
    assert_eq!(error.class(), "InvalidParameterException");
}

#[tokio::test]
async fn an_identifier_finds_its_provider_exactly() {
    let pool = started().await;
    let members = Map::from_iter([("IdpIdentifiers".to_owned(), json!(["example.com"]))]);
    let made = create(&pool, with("SAML", &members)).await.expect("it is new");
    let find = |identifier: &str| json!({ "UserPoolId": POOL, "IdpIdentifier": identifier });
    let found = pool
        .call("GetIdentityProviderByIdentifier", find("example.com"))
        .await;
    assert_eq!(found.expect("it exists")["IdentityProvider"], made);
    for other in ["EXAMPLE.com", "example.co", "Acme"] {
        let error = pool.call("GetIdentityProviderByIdentifier", find(other)).await;
        let error = error.expect_err("no provider has it");
        assert_eq!(error.class(), "ResourceNotFoundException", "{other}");
    }
}

#[tokio::test]
async fn a_list_has_pages_and_no_details() {
    let pool = started().await;
    for number in 0..52 {
        let name = Map::from_iter([("ProviderName".to_owned(), json!(format!("Provider{number:02}")))]);
        create(&pool, with("SAML", &name)).await.expect("it is new");
    }
    let list = |more: Value| {
        let mut input = json!({ "UserPoolId": POOL });
        input
            .as_object_mut()
            .expect("an object")
            .extend(more.as_object().expect("an object").clone());
        pool.call("ListIdentityProviders", input)
    };
    let first = list(json!({ "MaxResults": 60 })).await.expect("it is allowed");
    assert_eq!(first["Providers"].as_array().map(Vec::len), Some(50));
    let item = first["Providers"][0].as_object().expect("an object");
    let keys: Vec<_> = item.keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        ["CreationDate", "LastModifiedDate", "ProviderName", "ProviderType"]
    );
    let rest = list(json!({ "MaxResults": 60, "NextToken": first["NextToken"] }))
        .await
        .expect("it is allowed");
    assert_eq!(rest["Providers"].as_array().map(Vec::len), Some(2));
    assert_eq!(rest.get("NextToken"), None);
    let error = list(json!({ "MaxResults": 61 }))
        .await
        .expect_err("60 is the most");
    assert_eq!(error.class(), "InvalidParameterException");
    assert_eq!(
        list(json!({ "MaxResults": 0 }))
            .await
            .expect("it counts as missing")["Providers"]
            .as_array()
            .map(Vec::len),
        Some(50)
    );
}

/// AWS's page of quotas has the limit.
#[tokio::test]
async fn a_pool_has_at_most_300_providers() {
    let pool = started().await;
    let named = |number: usize| {
        let name = Map::from_iter([("ProviderName".to_owned(), json!(format!("Provider{number:03}")))]);
        with("SAML", &name)
    };
    for number in 0..300 {
        create(&pool, named(number)).await.expect("there is room");
    }
    let error = create(&pool, named(300)).await.expect_err("there is none");
    assert_eq!(error.class(), "LimitExceededException", "{error}");
    let first = json!({ "UserPoolId": POOL, "ProviderName": "Provider000" });
    pool.call("DeleteIdentityProvider", first)
        .await
        .expect("it exists");
    create(&pool, named(300)).await.expect("there is room again");
}

/// The service model describes which details each type needs.
#[tokio::test]
async fn each_type_needs_each_of_its_details() {
    let pool = started().await;
    for kind in [
        "SAML",
        "Facebook",
        "Google",
        "LoginWithAmazon",
        "SignInWithApple",
        "OIDC",
    ] {
        let input = with(kind, &Map::new());
        let details = input["ProviderDetails"].as_object().expect("an object");
        for detail in details.keys() {
            let mut without = input.clone();
            let details = without["ProviderDetails"].as_object_mut().expect("an object");
            details.remove(detail);
            let mut empty = input.clone();
            empty["ProviderDetails"][detail] = json!("");
            for wrong in [without, empty] {
                let error = create(&pool, wrong).await.expect_err("a detail is missing");
                assert_eq!(error.class(), "InvalidParameterException", "{kind}");
                assert!(
                    error.message().contains(detail.as_str()),
                    "{kind} {detail}: {error}"
                );
            }
        }
        let mut foreign = input.clone();
        foreign["ProviderDetails"]["unknown_detail"] = json!("x");
        let error = create(&pool, foreign).await.expect_err("no type has it");
        assert!(error.message().contains("unknown_detail"), "{kind}: {error}");
        create(&pool, input).await.expect("it has all");
        if matches!(kind, "SAML" | "OIDC") {
            let named = json!({ "UserPoolId": POOL, "ProviderName": "Acme" });
            pool.call("DeleteIdentityProvider", named)
                .await
                .expect("it exists");
        }
    }
}

/// Each member of an input has a row of `identity_providers.json`, a row of `truth/linked_users.json`, or a test here.
#[tokio::test]
async fn each_member_of_an_operation_has_a_test() {
    let rows = [
        include_str!("../../members/identity_providers.json"),
        include_str!("../../truth/linked_users.json"),
        include_str!("identity_providers.rs"),
    ];
    for operation in [
        "CreateIdentityProvider",
        "UpdateIdentityProvider",
        "DescribeIdentityProvider",
        "DeleteIdentityProvider",
        "ListIdentityProviders",
        "GetIdentityProviderByIdentifier",
        "AdminLinkProviderForUser",
        "AdminDisableProviderForUser",
    ] {
        for member in cognito_triggers_pool::input_members(operation).expect("an operation") {
            let named = format!("\"{member}\"");
            // `truth` fills in the pool of an administrator's call.
            let there = rows.iter().any(|rows| rows.contains(&named));
            assert!(there, "{operation} {member}");
        }
    }
}

/// Every operation on providers checks the pool and the name in the same way.
#[tokio::test]
async fn an_unknown_pool_or_name_is_not_found() {
    let pool = started().await;
    create(&pool, with("SAML", &Map::new())).await.expect("it is new");
    for (operation, member, value) in [
        ("DescribeIdentityProvider", "ProviderName", "Acme"),
        ("UpdateIdentityProvider", "ProviderName", "Acme"),
        ("GetIdentityProviderByIdentifier", "IdpIdentifier", "staff"),
        ("ListIdentityProviders", "MaxResults", ""),
        ("DeleteIdentityProvider", "ProviderName", "Acme"),
    ] {
        let mut input = json!({ "UserPoolId": "us-east-1_nobody" });
        if !value.is_empty() {
            input[member] = json!(value);
        }
        let error = pool
            .call(operation, input.clone())
            .await
            .expect_err("there is no such pool");
        assert_eq!(error.class(), "ResourceNotFoundException", "{operation}");
        if !value.is_empty() {
            input["UserPoolId"] = json!(POOL);
            input[member] = json!("nobody");
            let error = pool
                .call(operation, input.clone())
                .await
                .expect_err("there is no such name");
            assert_eq!(error.class(), "ResourceNotFoundException", "{operation}");
            input.as_object_mut().expect("an object").remove(member);
            let error = pool.call(operation, input).await.expect_err("it is required");
            assert_eq!(error.class(), "InvalidParameterException", "{operation}");
        }
    }
}

#[tokio::test]
async fn a_deleted_provider_is_unknown() {
    let pool = started().await;
    create(&pool, with("SAML", &Map::new())).await.expect("it is new");
    let named = json!({ "UserPoolId": POOL, "ProviderName": "Acme" });
    assert_eq!(
        pool.call("DeleteIdentityProvider", named.clone())
            .await
            .expect("it exists"),
        json!({})
    );
    for operation in [
        "DescribeIdentityProvider",
        "UpdateIdentityProvider",
        "DeleteIdentityProvider",
    ] {
        let error = pool.call(operation, named.clone()).await.expect_err("it is gone");
        assert_eq!(error.class(), "ResourceNotFoundException", "{operation}");
    }
}

#[tokio::test]
async fn a_client_supports_only_providers_of_its_pool() {
    let pool = started().await;
    let client = |providers: Value| json!({ "UserPoolId": POOL, "ClientName": "web", "SupportedIdentityProviders": providers });
    let error = pool
        .call("CreateUserPoolClient", client(json!(["COGNITO", "Acme"])))
        .await;
    assert_eq!(
        error.expect_err("there is none").to_string(),
        format!("InvalidParameterException: The provider Acme does not exist for User Pool {POOL}.")
    );
    create(&pool, with("SAML", &Map::new())).await.expect("it is new");
    let made = pool
        .call("CreateUserPoolClient", client(json!(["COGNITO", "Acme"])))
        .await;
    let made = made.expect("there is one now");
    let mut update = client(json!(["Other"]));
    update["ClientId"] = made["UserPoolClient"]["ClientId"].clone();
    let error = pool
        .call("UpdateUserPoolClient", update)
        .await
        .expect_err("there is none");
    assert_eq!(error.class(), "InvalidParameterException");
}
