//! Domains, resource servers, identity providers and groups that exist at the start: those of a template, and those of AWS's
//! descriptions.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a helper of a test fails the test"
)]

use cognito_triggers_pool::{LocalPool, ResourceKind};
use serde_json::{Value, json};

const TEMPLATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/managed_login.yaml");
const POOL: &str = "us-east-1_localpool";

async fn call(pool: &LocalPool, operation: &str, mut input: Value) -> Value {
    input["UserPoolId"] = pool.user_pools()[0]["id"].clone();
    pool.call(operation, input).await.unwrap()
}

#[tokio::test]
async fn a_template_brings_what_managed_login_needs() {
    let pool = LocalPool::builder().template(TEMPLATE).start().await.unwrap();
    let domain = pool
        .call("DescribeUserPoolDomain", json!({ "Domain": "people-us-east-1" }))
        .await
        .unwrap();
    assert_eq!(
        domain["DomainDescription"]["UserPoolId"],
        pool.user_pools()[0]["id"]
    );
    assert_eq!(domain["DomainDescription"]["ManagedLoginVersion"], 2);
    let server = call(&pool, "DescribeResourceServer", json!({ "Identifier": "orders" })).await;
    assert_eq!(server["ResourceServer"]["Scopes"][0]["ScopeName"], "read");
    let google = call(
        &pool,
        "DescribeIdentityProvider",
        json!({ "ProviderName": "Google" }),
    )
    .await;
    let details = &google["IdentityProvider"]["ProviderDetails"];
    assert_eq!(details["client_secret"], "unknown-before-deployment");
    let input = json!({ "IdpIdentifier": "example.com" });
    let company = call(&pool, "GetIdentityProviderByIdentifier", input).await;
    assert_eq!(
        company["IdentityProvider"]["ProviderDetails"]["IDPSignout"],
        "true"
    );
    let group = call(&pool, "GetGroup", json!({ "GroupName": "Staff" })).await;
    assert_eq!(group["Group"]["Precedence"], 1);
    assert_eq!(
        group["Group"]["RoleArn"],
        "arn:aws:iam::123456789012:role/StaffRole"
    );
    let app = pool.user_pools()[0]["clients"][0]["id"].clone();
    let app = call(&pool, "DescribeUserPoolClient", json!({ "ClientId": app })).await;
    let app = &app["UserPoolClient"];
    assert_eq!(
        app["SupportedIdentityProviders"],
        json!(["COGNITO", "Google", "Company"])
    );
    assert_eq!(app["AllowedOAuthScopes"], json!(["openid", "orders/read"]));
}

#[tokio::test]
async fn what_a_template_has_beyond_that_is_named() {
    let pool = LocalPool::builder().template(TEMPLATE).start().await.unwrap();
    let left_out = pool.left_out_of_templates();
    let without_path = left_out
        .iter()
        .map(|sentence| sentence.split_once(".yaml:").unwrap().1);
    let expected = [
        "12:43: the setting depends on parameter `Stage`, whose value isn't known here; it is left out",
        "26:7: the setting depends on parameter `GoogleSecret`, whose value isn't known here; `unknown-before-deployment` \
         stands for it",
        "10:3: StageHost has no Domain whose value is known here; it is left out",
        "40:3: AWS::Cognito::UserPoolUser is not simulated; it is left out",
    ];
    assert!(without_path.eq(expected), "{left_out:#?}");
}

#[tokio::test]
async fn descriptions_of_aws_are_taken_as_they_are() {
    let domain = json!({ "DomainDescription": {
        "UserPoolId": "us-east-1_elsewhere", "AWSAccountId": "123456789012", "Domain": "shop", "S3Bucket": "aws-cognito-prod",
        "CloudFrontDistribution": "d111.cloudfront.net", "Version": "20240101", "Status": "ACTIVE",
        "CustomDomainConfig": {}, "ManagedLoginVersion": 1,
    } });
    let server = json!({ "ResourceServer": {
        "UserPoolId": "us-east-1_elsewhere", "Identifier": "api", "Name": "api",
        "Scopes": [{ "ScopeName": "read", "ScopeDescription": "may read" }],
    } });
    let provider = json!({ "IdentityProvider": {
        "UserPoolId": "us-east-1_elsewhere", "ProviderName": "Google", "ProviderType": "Google",
        "ProviderDetails": {
            "client_id": "a", "client_secret": "b", "authorize_scopes": "email",
            "attributes_url": "https://people.googleapis.com/v1/people/me?personFields=",
            "attributes_url_add_attributes": "true", "oidc_issuer": "https://accounts.google.com",
        },
        "AttributeMapping": { "username": "sub" }, "LastModifiedDate": 1.5, "CreationDate": 1.0,
    } });
    let group = json!({ "Group": { "GroupName": "staff", "UserPoolId": "us-east-1_elsewhere", "CreationDate": "2026-01-01" } });
    let pool = LocalPool::builder()
        .user_pool(json!({ "Id": POOL, "PoolName": "shop", "Domain": "shop" }))
        .resource(POOL, ResourceKind::Domain, domain)
        .resource(POOL, ResourceKind::ResourceServer, server)
        .resource(POOL, ResourceKind::IdentityProvider, provider)
        .resource(POOL, ResourceKind::Group, group)
        .start_in_process()
        .unwrap();
    let described = call(&pool, "DescribeUserPool", json!({})).await;
    assert_eq!(described["UserPool"]["Domain"], "shop");
    let google = call(
        &pool,
        "DescribeIdentityProvider",
        json!({ "ProviderName": "Google" }),
    )
    .await;
    assert_eq!(google["IdentityProvider"]["UserPoolId"], POOL);
    call(&pool, "DescribeResourceServer", json!({ "Identifier": "api" })).await;
    call(&pool, "GetGroup", json!({ "GroupName": "staff" })).await;
    pool.reset();
    call(&pool, "GetGroup", json!({ "GroupName": "staff" })).await;
}

#[tokio::test]
async fn what_cognito_would_refuse_stops_the_start() {
    let provider = json!({ "ProviderName": "Google", "ProviderType": "Google", "ProviderDetails": { "client_id": "a" } });
    let started = LocalPool::builder()
        .resource(POOL, ResourceKind::IdentityProvider, provider)
        .start()
        .await;
    let cause = std::error::Error::source(&started.unwrap_err())
        .unwrap()
        .to_string();
    assert!(
        cause.contains("ProviderDetails of a Google provider must have client_secret."),
        "{cause}"
    );
}

#[tokio::test]
async fn a_local_provider_is_not_asked_without_a_listener() {
    let provider = json!({ "ProviderName": "Work", "ProviderType": "OIDC", "ProviderDetails": {
        "client_id": "a", "authorize_scopes": "openid", "attributes_request_method": "GET", "oidc_issuer": "http://127.0.0.1:9",
    } });
    let started = LocalPool::builder()
        .resource(POOL, ResourceKind::IdentityProvider, provider)
        .start_in_process();
    let cause = std::error::Error::source(&started.unwrap_err())
        .unwrap()
        .to_string();
    assert!(cause.contains("needs `start`"), "{cause}");
}
