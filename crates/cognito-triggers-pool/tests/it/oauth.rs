//! What the OAuth endpoints refuse, and how.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::error::Error as _;

use cognito_triggers_pool::{Activities, Activity, LambdaError, LocalPool, handler_fn};
use serde_json::{Value, json};

use super::browser::Browser;
use super::managed_login::{QUERY, builder, get, sign_in, started};

/// The calls that were reported up to now, each with the class of its exception.
pub(crate) async fn calls(pool: &LocalPool, activities: &mut Activities) -> Vec<(String, Option<String>)> {
    pool.call("ListUserPools", json!({ "MaxResults": 1 }))
        .await
        .unwrap();
    let mut calls = Vec::new();
    while let Some(activity) = activities.next().await {
        match activity {
            Activity::Call(call) if call.operation == "ListUserPools" => break,
            Activity::Call(call) => calls.push((call.operation, call.exception.map(|(class, _)| class))),
            _ => {}
        }
    }
    calls
}

#[tokio::test]
async fn the_endpoints_of_browsers_answer_only_get() {
    let pool = started().await;
    for path in ["/oauth2/authorize", "/logout"] {
        let mut browser = Browser::default();
        let endpoint = pool.endpoint();
        for method in ["POST", "PUT"] {
            let response = browser.request(&endpoint, method, path, &[], QUERY).await;
            assert_eq!(response.status, 405, "{method} {path}");
        }
        let path = format!("{path}?{QUERY}");
        let response = get(&pool, &mut browser, &path).await;
        assert_ne!(response.status, 405, "{path}");
    }
}

#[tokio::test]
async fn a_bad_body_is_refused_in_json() {
    let pool = started().await;
    let long = format!("token={}", "a".repeat(70_000));
    let mut browser = Browser::default();
    for path in ["/oauth2/token", "/oauth2/revoke"] {
        let headers = ["content-type: application/json".to_owned()];
        for (headers, body) in [(&headers[..], "{}"), (&[], &*long)] {
            let endpoint = pool.endpoint();
            let response = browser.request(&endpoint, "POST", path, headers, body).await;
            assert_eq!(response.status, 400, "{path}");
            let answer: Value = serde_json::from_str(&response.body).unwrap();
            assert_eq!(answer["error"], "invalid_request", "{path}: {answer}");
            assert_eq!(response.header("content-type"), Some("application/json"));
        }
    }
}

#[tokio::test]
async fn a_repeated_scope_is_granted_once() {
    let pool = builder()
        .pool_setting(
            "LambdaConfig",
            json!({ "PreTokenGenerationConfig": {
                "LambdaArn": "arn:aws:lambda:us-east-1:123456789012:function:f", "LambdaVersion": "V2_0",
            } }),
        )
        .functions(handler_fn(|_, event| Ok(event)))
        .start()
        .await
        .unwrap();
    let mut browser = Browser::default();
    sign_in(&pool, &mut browser).await;
    let path = format!("/oauth2/authorize?{}", QUERY.replace("openid", "openid+openid"));
    let response = get(&pool, &mut browser, &path).await;
    assert!(response.header("location").unwrap().contains("code="));
    let events = pool.events();
    let event = &events.last().unwrap().event;
    assert_eq!(event["request"]["scopes"], json!(["openid"]));
}

#[tokio::test]
async fn what_a_code_keeps_is_limited() {
    let pool = started().await;
    let mut browser = Browser::default();
    for name in ["nonce", "state"] {
        for (length, is_served) in [(2048, true), (2049, false)] {
            let query = QUERY.replace("&state=s", "");
            let path = format!("/oauth2/authorize?{query}&{name}={}", "a".repeat(length));
            let response = get(&pool, &mut browser, &path).await;
            let location = response.header("location").unwrap();
            assert_eq!(location.starts_with("/login?"), is_served, "{name}: {length}");
            assert_eq!(
                location.contains("error=invalid_request"),
                !is_served,
                "{name}: {length}"
            );
        }
    }
}

#[tokio::test]
async fn every_call_that_fires_a_trigger_is_reported() {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:f";
    let failing = |trigger: &str| {
        builder()
            .pool_setting("LambdaConfig", json!({ trigger: arn }))
            .functions(handler_fn(|_, _| {
                Err(LambdaError::Function("not today".to_owned()))
            }))
            .start()
    };
    let failed = Some("UserLambdaValidationException".to_owned());
    for trigger in ["PostAuthentication", "PreTokenGeneration"] {
        let pool = failing(trigger).await.unwrap();
        let mut activities = pool.activities();
        let mut browser = Browser::default();
        let response = sign_in(&pool, &mut browser).await;
        let location = response.header("location").unwrap();
        assert!(
            location.starts_with("https://app.example/?error="),
            "{trigger}: {location}"
        );
        let login = ("managed login /login".to_owned(), failed.clone());
        assert_eq!(calls(&pool, &mut activities).await, [login], "{trigger}");
    }
    let pool = started().await;
    let mut browser = Browser::default();
    let mut activities = pool.activities();
    let path = format!("/oauth2/authorize?{QUERY}");
    get(&pool, &mut browser, &path).await;
    assert_eq!(calls(&pool, &mut activities).await, []);
    sign_in(&pool, &mut browser).await;
    get(&pool, &mut browser, &path).await;
    let reported = ["managed login /login", "OAuth /oauth2/authorize"].map(|name| (name.to_owned(), None));
    assert_eq!(calls(&pool, &mut activities).await, reported);
}

#[tokio::test]
async fn a_client_that_aws_refuses_does_not_start() {
    for (member, value, problem) in [
        ("CallbackURLs", json!(["http://example.com/cb"]), "HTTP protocol"),
        (
            "LogoutURLs",
            json!(["javascript:alert(1)"]),
            "target of a redirect",
        ),
        (
            "AllowedOAuthFlows",
            json!(["client_credentials"]),
            "client secret",
        ),
        (
            "DefaultRedirectURI",
            json!("https://elsewhere.example/"),
            "one of the CallbackURLs",
        ),
        ("AllowedOAuthFlows", json!([]), "are required"),
    ] {
        let error = builder().client_setting(member, value).start().await.unwrap_err();
        let error = error.source().unwrap().to_string();
        assert!(error.contains(problem), "{member}: {error}");
    }
    // What exists only at deployment may be right.
    let template = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/unknown-callback.yaml");
    let pool = LocalPool::builder().template(template).start().await.unwrap();
    assert_eq!(pool.left_out_of_templates().len(), 1);
}
