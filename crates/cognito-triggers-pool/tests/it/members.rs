//! The settings of a user pool, member by member: defaults, stored values, what an update resets, and limits.
//!
//! `tests/members/pool.json` has one row for each member of CreateUserPool, based on AWS's API reference and service model:
//!
//! | member of a row | meaning |
//! |---|---|
//! | `member`, `title` | the path in `UserPool`, and what the row shows |
//! | `basis` | `A` the API reference, `M` the service model, `X` answers of real pools, `I` inferred |
//! | `default` | the value in a pool that was created with only a name |
//! | `set`, `reads` | the value sent to CreateUserPool and UpdateUserPool, and the value that DescribeUserPool then returns |
//! | `updated` | the value after an UpdateUserPool without the member |
//! | `fixed` | the member can't be sent to UpdateUserPool |
//! | `refused` | inputs that fail: `in`, the error's `class` (by default InvalidParameterException) and a part of its message |
//!
//! `members/schema.json` does the same for an element of `Schema`, and `members/identity_providers.json` for identity
//! providers.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a helper of a test fails the test"
)]

mod identity_providers;

use cognito_triggers_pool::{ApiError, LocalPool};
use serde::Deserialize;
use serde_json::{Map, Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    member: String,
    #[serde(default)]
    title: String,
    basis: String,
    default: Value,
    set: Map<String, Value>,
    reads: Value,
    updated: Value,
    #[serde(default)]
    fixed: bool,
    #[serde(default)]
    refused: Vec<Refused>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refused {
    #[serde(rename = "in")]
    input: Map<String, Value>,
    class: Option<String>,
    #[serde(default)]
    says: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Attribute {
    title: String,
    #[serde(rename = "in")]
    input: Value,
    reads: Option<Value>,
    refused: Option<String>,
}

async fn create(pool: &LocalPool, members: &Map<String, Value>) -> Result<Value, ApiError> {
    let mut input = members.clone();
    input.insert("PoolName".to_owned(), json!("a pool"));
    let answer = pool.call("CreateUserPool", Value::Object(input)).await?;
    Ok(answer["UserPool"].clone())
}

async fn describe(pool: &LocalPool, id: &Value) -> Value {
    let answer = pool.call("DescribeUserPool", json!({ "UserPoolId": id })).await;
    answer.expect("the pool exists")["UserPool"].clone()
}

async fn update(pool: &LocalPool, id: &Value, members: &Map<String, Value>) {
    let mut input = members.clone();
    input.insert("UserPoolId".to_owned(), id.clone());
    let answer = pool.call("UpdateUserPool", Value::Object(input)).await;
    assert_eq!(answer.expect("the update is allowed"), json!({}));
}

/// The value at a path, or `<absent>`.
fn at(user_pool: &Value, path: &str) -> Value {
    let pointer = format!("/{}", path.replace('.', "/"));
    user_pool
        .pointer(&pointer)
        .cloned()
        .unwrap_or_else(|| json!("<absent>"))
}

#[tokio::test]
async fn each_member_of_a_pool_is_set_read_and_reset() {
    let rows: Vec<Row> =
        serde_json::from_str(include_str!("../members/pool.json")).expect("the table is readable");
    let pool = LocalPool::builder().start().await.expect("a port is free");
    let plain = create(&pool, &Map::new()).await.expect("a name is enough");
    let plain = describe(&pool, &plain["Id"]).await;
    for row in &rows {
        let Row {
            member, title, basis, ..
        } = row;
        let name = format!("{member} ({basis}) {title}");
        assert_eq!(at(&plain, member), row.default, "default of {name}");
        let made = create(&pool, &row.set)
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let read = describe(&pool, &made["Id"]).await;
        assert_eq!(at(&read, member), row.reads, "{name} is read back");
        let mut answered = made.clone();
        if member == "UserPoolTags" && row.reads == json!({}) {
            answered["UserPoolTags"] = json!({});
        }
        assert_eq!(
            at(&answered, member),
            row.reads,
            "{name} in the answer of CreateUserPool"
        );
        update(&pool, &made["Id"], &Map::new()).await;
        let left = describe(&pool, &made["Id"]).await;
        let expected = if row.fixed { &row.reads } else { &row.updated };
        assert_eq!(at(&left, member), *expected, "{name} after an update without it");
        if !row.fixed {
            update(&pool, &made["Id"], &row.set).await;
            let read = describe(&pool, &made["Id"]).await;
            assert_eq!(at(&read, member), row.reads, "{name} after an update with it");
        }
        for refused in &row.refused {
            let error = create(&pool, &refused.input).await.expect_err(&name);
            let class = refused.class.as_deref().unwrap_or("InvalidParameterException");
            assert_eq!(error.class(), class, "{name}: {error}");
            assert!(error.message().contains(&refused.says), "{name}: {error}");
        }
    }
    println!("{} rows", rows.len());
}

#[tokio::test]
async fn each_kind_of_attribute_is_read_back_or_refused() {
    let rows: Vec<Attribute> =
        serde_json::from_str(include_str!("../members/schema.json")).expect("the table is readable");
    let pool = LocalPool::builder().start().await.expect("a port is free");
    for row in &rows {
        let members = Map::from_iter([("Schema".to_owned(), json!([row.input]))]);
        match (create(&pool, &members).await, &row.reads, &row.refused) {
            (Ok(made), Some(reads), None) => {
                let attributes = made["SchemaAttributes"].as_array().expect("a list").clone();
                let found = attributes
                    .iter()
                    .find(|attribute| attribute["Name"] == reads["Name"]);
                let found = found.unwrap_or_else(|| panic!("{}: no such attribute", row.title));
                for (name, value) in reads.as_object().expect("an object") {
                    assert_eq!(found.get(name), Some(value), "{} {name}", row.title);
                }
            }
            (Err(error), None, Some(says)) => {
                assert!(error.message().contains(says), "{}: {error}", row.title)
            }
            (result, ..) => panic!("{}: {result:?}", row.title),
        }
    }
}

// The keys are those of published answers; AWS added `identities` in 2024.
#[tokio::test]
async fn a_pool_with_a_name_alone_has_the_defaults_and_no_more() {
    let pool = LocalPool::builder().start().await.expect("a port is free");
    let made = create(&pool, &Map::new()).await.expect("a name is enough");
    let keys: Vec<_> = made
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        keys,
        [
            "AdminCreateUserConfig",
            "Arn",
            "CreationDate",
            "DeletionProtection",
            "EmailConfiguration",
            "EstimatedNumberOfUsers",
            "Id",
            "LambdaConfig",
            "LastModifiedDate",
            "MfaConfiguration",
            "Name",
            "Policies",
            "SchemaAttributes",
            "UserAttributeUpdateSettings",
            "UserPoolTier",
            "VerificationMessageTemplate",
        ]
    );
    assert_eq!(made["CreationDate"], made["LastModifiedDate"]);
    assert_eq!(made["EstimatedNumberOfUsers"], 0);
    let schema = made["SchemaAttributes"].as_array().expect("a list");
    assert_eq!(schema.len(), 21);
    let sub = json!({
        "Name": "sub", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": false,
        "Required": true, "StringAttributeConstraints": { "MinLength": "1", "MaxLength": "2048" },
    });
    assert!(schema.contains(&sub));
    let verified = json!({
        "Name": "email_verified", "AttributeDataType": "Boolean", "DeveloperOnlyAttribute": false,
        "Mutable": true, "Required": false,
    });
    assert!(schema.contains(&verified));
    let id = made["Id"].as_str().expect("a string");
    assert_eq!(
        made["Arn"],
        json!(format!(
            "arn:aws:cognito-idp:us-east-1:123456789012:userpool/{id}"
        ))
    );
}

#[tokio::test]
async fn a_protected_pool_is_deleted_after_the_update() {
    let pool = LocalPool::builder().start().await.expect("a port is free");
    let members = Map::from_iter([("DeletionProtection".to_owned(), json!("ACTIVE"))]);
    let made = create(&pool, &members).await.expect("it is allowed");
    let delete = json!({ "UserPoolId": made["Id"] });
    let error = pool
        .call("DeleteUserPool", delete.clone())
        .await
        .expect_err("it is protected");
    assert_eq!(
        error.to_string(),
        "InvalidParameterException: The user pool cannot be deleted because deletion protection is activated. \
         Deletion protection must be inactivated first."
    );
    update(
        &pool,
        &made["Id"],
        &Map::from_iter([("DeletionProtection".to_owned(), json!("INACTIVE"))]),
    )
    .await;
    pool.call("DeleteUserPool", delete.clone())
        .await
        .expect("it is no longer protected");
    let error = pool
        .call("DescribeUserPool", delete)
        .await
        .expect_err("it is gone");
    assert_eq!(error.class(), "ResourceNotFoundException");
}

#[tokio::test]
async fn a_description_makes_the_same_pool_again() {
    let rows: Vec<Row> =
        serde_json::from_str(include_str!("../members/pool.json")).expect("the table is readable");
    let pool = LocalPool::builder().start().await.expect("a port is free");
    let mut sources = vec![Map::new()];
    sources.extend(rows.into_iter().map(|row| row.set));
    sources.push(Map::from_iter([(
        "Schema".to_owned(),
        json!([{ "Name": "team", "AttributeDataType": "String" }]),
    )]));
    for source in sources {
        let made = create(&pool, &source).await.expect("it is allowed");
        let described = describe(&pool, &made["Id"]).await;
        let again = LocalPool::builder().user_pool(described.clone()).start().await;
        let again = again.unwrap_or_else(|error| panic!("{described}: {error:?}"));
        assert_eq!(describe(&again, &made["Id"]).await, described);
    }
}

#[tokio::test]
async fn the_domains_of_a_description_are_kept() {
    let description = json!({ "Id": "us-east-1_domains", "Name": "a pool", "Domain": "people", "CustomDomain": "auth.example.com" });
    let pool = LocalPool::builder()
        .user_pool(description)
        .start()
        .await
        .expect("it can be read");
    let described = describe(&pool, &json!("us-east-1_domains")).await;
    assert_eq!(described["Domain"], "people");
    assert_eq!(described["CustomDomain"], "auth.example.com");
    let answer = pool
        .call("DescribeUserPoolDomain", json!({ "Domain": "auth.example.com" }))
        .await;
    let answer = answer.expect("it fits the model");
    assert_eq!(answer["DomainDescription"]["UserPoolId"], "us-east-1_domains");
}
