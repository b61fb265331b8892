//! Which user an account at a provider belongs to, and what a sign-in with it may store.

use std::sync::{Arc, OnceLock};

use cognito_triggers_pool::{Builder, LocalPool};
use serde_json::{Value, json};

use super::{Linking, POOL, add_provider, builder, page, web};
use crate::browser::Browser;

const ARN: &str = "arn:aws:lambda:us-east-1:123456789012:function:f";

/// Signs in at the stand-in of Acme, in a new browser.
async fn sign_in(pool: &LocalPool, form: &[(&str, &str)]) -> Result<Value, Value> {
    let mut browser = Browser::default();
    browser
        .request(&pool.endpoint(), "GET", &page("Acme"), &[], "")
        .await;
    browser.send(&pool.endpoint(), &web("Acme", form)).await
}

async fn link(pool: &LocalPool, destination: (&str, &str), attribute: &str, value: &str) {
    let input = json!({
        "UserPoolId": POOL,
        "DestinationUser": { "ProviderName": destination.0, "ProviderAttributeValue": destination.1 },
        "SourceUser": {
            "ProviderName": "Acme", "ProviderAttributeName": attribute, "ProviderAttributeValue": value,
        },
    });
    pool.call("AdminLinkProviderForUser", input).await.unwrap();
}

/// The attribute of a user.
async fn attribute(pool: &LocalPool, user: &str, name: &str) -> Option<String> {
    let input = json!({ "UserPoolId": POOL, "Username": user });
    let user = pool.call("AdminGetUser", input).await.unwrap();
    let attributes = user["UserAttributes"].as_array().unwrap();
    let found = attributes.iter().find(|attribute| attribute["Name"] == name)?;
    Some(found["Value"].as_str().unwrap().to_owned())
}

/// The provider's ids of a user's accounts, and whether each is the primary one.
async fn accounts(pool: &LocalPool, user: &str) -> Vec<(String, bool)> {
    let identities = attribute(pool, user, "identities").await.unwrap();
    let identities: Vec<Value> = serde_json::from_str(&identities).unwrap();
    let accounts = identities.iter();
    accounts
        .map(|identity| {
            let id = identity["userId"].as_str().unwrap().to_owned();
            (id, identity["primary"].as_bool().unwrap())
        })
        .collect()
}

async fn user_names(pool: &LocalPool) -> Vec<String> {
    let input = json!({ "UserPoolId": POOL });
    let users = pool.call("ListUsers", input).await.unwrap();
    let users = users["Users"].as_array().unwrap().iter();
    let mut names: Vec<_> = users
        .map(|user| user["Username"].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

fn with_ana(builder: Builder) -> Builder {
    builder.user(POOL, json!({ "Username": "ana", "Password": "Passw0rd!" }))
}

#[tokio::test]
async fn two_linked_accounts_keep_their_own_ids() {
    let pool = with_ana(builder()).start().await.unwrap();
    add_provider(&pool, "Acme", json!({ "email": "email" })).await;
    for subject in ["1", "2"] {
        link(&pool, ("Cognito", "ana"), "Cognito_Subject", subject).await;
    }
    for subject in ["2", "1", "2"] {
        sign_in(&pool, &[("subject", subject)]).await.unwrap();
    }
    let expected = [("1".to_owned(), false), ("2".to_owned(), false)];
    assert_eq!(accounts(&pool, "ana").await, expected);
    assert_eq!(user_names(&pool).await, ["ana"]);
}

#[tokio::test]
async fn two_accounts_linked_by_email_get_their_own_ids() {
    let pool = with_ana(builder()).start().await.unwrap();
    add_provider(&pool, "Acme", json!({ "email": "email" })).await;
    for email in ["a@example.com", "b@example.com"] {
        link(&pool, ("Cognito", "ana"), "email", email).await;
    }
    for (subject, email) in [("20", "b@example.com"), ("10", "a@example.com")] {
        let form = [("subject", subject), ("attribute:email", email)];
        sign_in(&pool, &form).await.unwrap();
    }
    let expected = [("10".to_owned(), false), ("20".to_owned(), false)];
    assert_eq!(accounts(&pool, "ana").await, expected);
    assert_eq!(user_names(&pool).await, ["ana"]);
}

#[tokio::test]
async fn a_federated_user_keeps_the_primary_account() {
    let pool = builder().start().await.unwrap();
    add_provider(&pool, "Acme", json!({})).await;
    sign_in(&pool, &[("subject", "42")]).await.unwrap();
    link(&pool, ("Acme", "42"), "Cognito_Subject", "43").await;
    for subject in ["43", "42"] {
        sign_in(&pool, &[("subject", subject)]).await.unwrap();
    }
    let expected = [("42".to_owned(), true), ("43".to_owned(), false)];
    assert_eq!(accounts(&pool, "Acme_42").await, expected);
}

#[tokio::test]
async fn a_claim_with_the_name_of_the_id_names_nobody() {
    let pool = with_ana(builder()).start().await.unwrap();
    add_provider(&pool, "Acme", json!({})).await;
    link(&pool, ("Cognito", "ana"), "Cognito_Subject", "1").await;
    let form = [("subject", "9"), ("more", r#"{"Cognito_Subject":"1"}"#)];
    sign_in(&pool, &form).await.unwrap();
    assert_eq!(user_names(&pool).await, ["Acme_9", "ana"]);
    assert_eq!(accounts(&pool, "ana").await, [("1".to_owned(), false)]);
}

#[tokio::test]
async fn a_value_that_the_schema_forbids_is_refused() {
    let pool = builder().start().await.unwrap();
    add_provider(&pool, "Acme", json!({ "birthdate": "born", "updated_at": "at" })).await;
    for (claim, value, name) in [
        ("attribute:born", "1999", "birthdate"),
        ("attribute:at", "today", "updated_at"),
    ] {
        let error = sign_in(&pool, &[("subject", "42"), (claim, value)])
            .await
            .unwrap_err();
        assert_eq!(error["__type"], "invalid_request", "{error}");
        let message = error["message"].as_str().unwrap();
        assert!(
            message.starts_with(&format!("Attributes did not conform to the schema: {name}: ")),
            "{error}"
        );
    }
    assert_eq!(user_names(&pool).await, Vec::<String>::new());
    let fits = [
        ("subject", "42"),
        ("attribute:born", "1999-12-31"),
        ("attribute:at", "7"),
    ];
    sign_in(&pool, &fits).await.unwrap();
    let born = attribute(&pool, "Acme_42", "birthdate").await;
    assert_eq!(born.as_deref(), Some("1999-12-31"));
}

#[tokio::test]
async fn an_attribute_that_the_client_may_not_write_is_refused() {
    let pool = builder().start().await.unwrap();
    add_provider(&pool, "Acme", json!({ "name": "title", "email": "mail" })).await;
    let client = json!({ "UserPoolId": POOL, "ClientId": "localclient" });
    let mut client = pool.call("DescribeUserPoolClient", client).await.unwrap()["UserPoolClient"].take();
    let members = client.as_object_mut().unwrap();
    members.retain(|member, _| !matches!(member.as_str(), "CreationDate" | "LastModifiedDate"));
    members.insert("WriteAttributes".to_owned(), json!(["name"]));
    pool.call("UpdateUserPoolClient", client).await.unwrap();
    let form = [
        ("subject", "42"),
        ("attribute:title", "Ana"),
        ("attribute:mail", "ana@example.com"),
    ];
    let error = sign_in(&pool, &form).await.unwrap_err();
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("unauthorized attribute"), "{error}");
    assert_eq!(user_names(&pool).await, Vec::<String>::new());
    // What the provider doesn't say isn't written.
    sign_in(&pool, &form[..2]).await.unwrap();
    assert_eq!(attribute(&pool, "Acme_42", "name").await.as_deref(), Some("Ana"));
}

#[tokio::test]
async fn the_tokens_of_a_provider_can_be_mapped() {
    let pool = builder()
        .pool_setting(
            "Schema",
            json!([{ "Name": "token", "AttributeDataType": "String", "Mutable": true }]),
        )
        .start()
        .await
        .unwrap();
    add_provider(&pool, "Acme", json!({ "custom:token": "id_token" })).await;
    sign_in(&pool, &[("subject", "42")]).await.unwrap();
    let token = attribute(&pool, "Acme_42", "custom:token").await;
    assert_eq!(token.as_deref(), Some("made.up.token"));
}

#[tokio::test]
async fn an_id_that_makes_no_user_name_is_refused() {
    let pool = builder()
        .pool_setting("LambdaConfig", json!({ "PreSignUp": ARN }))
        .functions(cognito_triggers_pool::handler_fn(|_, event| Ok(event)))
        .start()
        .await
        .unwrap();
    add_provider(&pool, "Acme", json!({})).await;
    // With the provider's name and `_`, the second has 129 characters.
    for subject in ["Ana B", &"a".repeat(124)] {
        let error = sign_in(&pool, &[("subject", subject)]).await.unwrap_err();
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(" at 'username' failed"), "{error}");
    }
    assert_eq!(pool.events().sources(), Vec::<&str>::new());
    sign_in(&pool, &[("subject", &"a".repeat(123))]).await.unwrap();
    assert_eq!(pool.events().sources(), ["PreSignUp_ExternalProvider"]);
}

/// A pool in which a function disables ana when the trigger fires.
async fn disabling(trigger: &'static str) -> LocalPool {
    let endpoint = Arc::new(OnceLock::new());
    let pool = with_ana(builder())
        .pool_setting("LambdaConfig", json!({
            "PreSignUp": ARN, "PreAuthentication": ARN, "PostAuthentication": ARN, "PreTokenGeneration": ARN,
        }))
        .functions(Linking { endpoint: Arc::clone(&endpoint), disables: Some(trigger) })
        .start()
        .await
        .unwrap();
    endpoint.set(pool.endpoint().to_owned()).unwrap();
    add_provider(&pool, "Acme", json!({ "email": "email" })).await;
    pool
}

#[tokio::test]
async fn a_user_whom_a_function_disables_does_not_sign_in() {
    let form = [("subject", "42"), ("attribute:email", "ana@example.com")];
    for (trigger, is_linked) in [
        ("PreSignUp_ExternalProvider", false),
        ("PreAuthentication_Authentication", true),
    ] {
        let pool = disabling(trigger).await;
        if is_linked {
            link(&pool, ("Cognito", "ana"), "Cognito_Subject", "42").await;
        }
        let error = sign_in(&pool, &form).await.unwrap_err();
        assert_eq!(error["message"], "User is disabled.", "{trigger}");
        assert_eq!(pool.events().sources(), [trigger]);
        assert_eq!(attribute(&pool, "ana", "email").await, None, "{trigger}");
    }
}
