//! How long a browser's session and a code count after a sign-in with a provider or a password.

use cognito_triggers_pool::{LambdaError, LocalPool, handler_fn};
use serde_json::{Value, json};

use super::{POOL, QUERY, add_provider, builder, page, web};
use crate::browser::{Browser, Web, exchange};

/// A pool with the provider Acme, whose account 1 is linked to ana.
async fn started() -> LocalPool {
    let user = json!({ "Username": "ana", "Password": "Passw0rd!" });
    let pool = builder().user(POOL, user).start().await.unwrap();
    add_provider(&pool, "Acme", json!({})).await;
    let input = json!({
        "UserPoolId": POOL,
        "DestinationUser": { "ProviderName": "Cognito", "ProviderAttributeValue": "ana" },
        "SourceUser": account(),
    });
    pool.call("AdminLinkProviderForUser", input).await.unwrap();
    pool
}

fn account() -> Value {
    account_with("1")
}

fn account_with(id: &str) -> Value {
    json!({ "ProviderName": "Acme", "ProviderAttributeName": "Cognito_Subject", "ProviderAttributeValue": id })
}

/// What takes away account 1 of Acme: the operation, and its input.
fn removals() -> [(&'static str, Value); 2] {
    [
        (
            "AdminDisableProviderForUser",
            json!({ "UserPoolId": POOL, "User": account() }),
        ),
        (
            "DeleteIdentityProvider",
            json!({ "UserPoolId": POOL, "ProviderName": "Acme" }),
        ),
    ]
}

/// The code of a sign-in at Acme with account 1.
async fn code(pool: &LocalPool) -> String {
    let mut browser = Browser::default();
    browser
        .request(&pool.endpoint(), "GET", &page("Acme"), &[], "")
        .await;
    let form = web("Acme", &[("subject", "1")]);
    let answer = browser.send(&pool.endpoint(), &form).await.unwrap();
    answer["parameters"]["code"].as_str().unwrap().to_owned()
}

/// Where `/oauth2/authorize` sends the browser.
async fn authorize(pool: &LocalPool, browser: &mut Browser) -> Value {
    let web = Web {
        get: Some(format!("/oauth2/authorize?{QUERY}")),
        ..Web::default()
    };
    let answer = browser.send(&pool.endpoint(), &web).await.unwrap();
    answer["location"].clone()
}

/// A browser that is signed in at Acme with account 1.
async fn signed_in(pool: &LocalPool) -> Browser {
    let mut browser = Browser::default();
    let endpoint = pool.endpoint();
    browser.request(&endpoint, "GET", &page("Acme"), &[], "").await;
    let form = web("Acme", &[("subject", "1")]);
    browser.send(&endpoint, &form).await.unwrap();
    assert_eq!(authorize(pool, &mut browser).await, "https://app.example/");
    browser
}

#[tokio::test]
async fn a_session_ends_with_the_link_or_the_provider() {
    for (operation, input) in removals() {
        let pool = started().await;
        let mut browser = signed_in(&pool).await;
        pool.call(operation, input).await.unwrap();
        assert_eq!(authorize(&pool, &mut browser).await, "/login", "{operation}");
    }
}

#[tokio::test]
async fn a_session_ends_with_its_own_account() {
    let pool = started().await;
    let input = json!({
        "UserPoolId": POOL,
        "DestinationUser": { "ProviderName": "Cognito", "ProviderAttributeValue": "ana" },
        "SourceUser": account_with("2"),
    });
    pool.call("AdminLinkProviderForUser", input).await.unwrap();
    let mut browser = signed_in(&pool).await;
    for (id, location) in [("2", "https://app.example/"), ("1", "/login")] {
        let input = json!({ "UserPoolId": POOL, "User": account_with(id) });
        pool.call("AdminDisableProviderForUser", input).await.unwrap();
        assert_eq!(authorize(&pool, &mut browser).await, location, "{id}");
    }
}

#[tokio::test]
async fn a_code_ends_with_what_it_rests_on() {
    let user = json!({ "UserPoolId": POOL, "Username": "ana" });
    let others = [
        ("AdminDisableUser", user.clone()),
        ("AdminDeleteUser", user.clone()),
        ("AdminUserGlobalSignOut", user),
    ];
    for (operation, input) in removals().into_iter().chain(others) {
        let pool = started().await;
        let kept = code(&pool).await;
        assert!(
            exchange(&pool.endpoint(), &kept, None).await.unwrap()["access_token"].is_string(),
            "{operation}"
        );
        let lost = code(&pool).await;
        pool.call(operation, input).await.unwrap();
        let error = exchange(&pool.endpoint(), &lost, None).await.unwrap_err();
        assert_eq!(error["__type"], "invalid_grant", "{operation}");
    }
}

#[tokio::test]
async fn a_session_with_a_password_ends_with_the_password() {
    let pool = started().await;
    let mut browser = Browser::default();
    let path = format!("/login?{QUERY}");
    browser.request(&pool.endpoint(), "GET", &path, &[], "").await;
    let form = [("username", "ana"), ("password", "Passw0rd!")];
    let login = Web {
        post: Some(path),
        form: form
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        ..Web::default()
    };
    browser.send(&pool.endpoint(), &login).await.unwrap();
    assert_eq!(authorize(&pool, &mut browser).await, "https://app.example/");
    let user = json!({
        "ProviderName": "Cognito", "ProviderAttributeName": "Cognito_Subject", "ProviderAttributeValue": "ana",
    });
    let input = json!({ "UserPoolId": POOL, "User": user });
    pool.call("AdminDisableProviderForUser", input).await.unwrap();
    assert_eq!(authorize(&pool, &mut browser).await, "/login");
}

#[tokio::test]
async fn a_failing_token_trigger_opens_no_session() {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:f";
    let pool = builder()
        .pool_setting("LambdaConfig", json!({ "PreTokenGeneration": arn }))
        .functions(handler_fn(|_, _| Err(LambdaError::Function("no".to_owned()))))
        .start()
        .await
        .unwrap();
    add_provider(&pool, "Acme", json!({})).await;
    let mut browser = Browser::default();
    let endpoint = pool.endpoint();
    browser.request(&endpoint, "GET", &page("Acme"), &[], "").await;
    let form = web("Acme", &[("subject", "1")]);
    browser.send(&endpoint, &form).await.unwrap_err();
    assert_eq!(authorize(&pool, &mut browser).await, "/login");
}
