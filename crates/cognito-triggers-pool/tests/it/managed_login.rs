//! The pages of managed login and the OAuth endpoints against a hostile page, a hostile user and a hostile function.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::collections::BTreeMap;

use cognito_triggers_pool::{Builder, LambdaError, LocalPool, handler_fn};
use serde_json::{Value, json};

use super::browser::{Browser, Response, encode, escape};

pub(crate) const QUERY: &str =
    "client_id=localclient&response_type=code&redirect_uri=https%3A%2F%2Fapp.example%2F&scope=openid&state=s";
const SCRIPT: &str = "\"'><script>alert(1)</script>";

/// The settings of a client that uses the code grant.
pub(crate) fn oauth() -> Vec<(&'static str, Value)> {
    vec![
        ("AllowedOAuthFlowsUserPoolClient", json!(true)),
        ("AllowedOAuthFlows", json!(["code"])),
        (
            "AllowedOAuthScopes",
            json!(["openid", "aws.cognito.signin.user.admin"]),
        ),
        ("CallbackURLs", json!(["https://app.example/"])),
        ("LogoutURLs", json!(["https://app.example/bye"])),
    ]
}

pub(crate) fn builder() -> Builder {
    let builder = LocalPool::builder().user(
        "us-east-1_localpool",
        json!({ "Username": "ana", "Password": "Passw0rd!" }),
    );
    let settings = oauth().into_iter();
    settings.fold(builder, |builder, (member, value)| {
        builder.client_setting(member, value)
    })
}

pub(crate) async fn started() -> LocalPool {
    builder().start().await.unwrap()
}

pub(crate) fn form(pairs: &[(&str, &str)]) -> String {
    let pairs = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    encode(&pairs.collect::<BTreeMap<_, _>>())
}

pub(crate) async fn get(pool: &LocalPool, browser: &mut Browser, path: &str) -> Response {
    browser.request(&pool.endpoint(), "GET", path, &[], "").await
}

/// Opens the login page, and returns the token of its form.
pub(crate) async fn token(pool: &LocalPool, browser: &mut Browser) -> String {
    let page = get(pool, browser, &format!("/login?{QUERY}")).await.body;
    let token = page.split_once("name=\"_csrf\" value=\"").unwrap().1;
    token.split('"').next().unwrap().to_owned()
}

pub(crate) async fn sign_in(pool: &LocalPool, browser: &mut Browser) -> Response {
    let token = token(pool, browser).await;
    let body = form(&[("username", "ana"), ("password", "Passw0rd!"), ("_csrf", &token)]);
    browser
        .request(&pool.endpoint(), "POST", &format!("/login?{QUERY}"), &[], &body)
        .await
}

#[tokio::test]
async fn no_text_of_a_request_becomes_html() {
    let pool = started().await;
    let hostile = escape(SCRIPT);
    let paths = [
        format!("/login?{QUERY}&username={hostile}&notice={hostile}"),
        format!("/login?{QUERY}&login_hint={hostile}"),
        format!(
            "/login?{}",
            QUERY.replace("state=s", &format!("state={hostile}&nonce={hostile}"))
        ),
        format!("/signup?{QUERY}&username={hostile}"),
        format!("/confirmUser?{QUERY}&username={hostile}"),
        format!("/forgotPassword?{QUERY}&username={hostile}"),
        format!("/confirmForgotPassword?{QUERY}&username={hostile}"),
        format!("/confirmUser?client_id={hostile}&user_name={hostile}&confirmation_code=1"),
        format!("/oauth2/authorize?client_id={hostile}"),
        format!("/oauth2/authorize?client_id=localclient&redirect_uri={hostile}"),
        format!("/logout?client_id=localclient&logout_uri={hostile}"),
    ];
    for path in paths {
        let response = get(&pool, &mut Browser::default(), &path).await;
        assert!(
            response.header("content-type").unwrap().starts_with("text/html"),
            "{path}"
        );
        assert!(!response.body.contains("<script"), "{path}: {}", response.body);
        assert!(!response.body.contains("\"'>"), "{path}: {}", response.body);
    }
}

#[tokio::test]
async fn a_functions_error_text_is_text_on_the_page() {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:f";
    let pool = builder()
        .pool_setting(
            "LambdaConfig",
            json!({ "PreAuthentication": arn, "PreSignUp": arn }),
        )
        .functions(handler_fn(|_, _| Err(LambdaError::Function(SCRIPT.to_owned()))))
        .start()
        .await
        .unwrap();
    let mut browser = Browser::default();
    for path in ["/login", "/signup"] {
        let token = token(&pool, &mut browser).await;
        let user = if path == "/login" { "ana" } else { SCRIPT };
        let body = form(&[("username", user), ("password", "Passw0rd!"), ("_csrf", &token)]);
        let path = format!("{path}?{QUERY}");
        let response = browser.request(&pool.endpoint(), "POST", &path, &[], &body).await;
        assert_eq!(response.status, 400, "{path}");
        assert!(
            response.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"),
            "{}",
            response.body
        );
        assert!(!response.body.contains("<script"), "{}", response.body);
    }
}

#[tokio::test]
async fn a_form_needs_the_token_and_the_own_origin() {
    let pool = started().await;
    let mut browser = Browser::default();
    let token = token(&pool, &mut browser).await;
    let endpoint = pool.endpoint();
    let path = format!("/login?{QUERY}");
    let good = form(&[("username", "ana"), ("password", "Passw0rd!"), ("_csrf", &token)]);
    let without = form(&[("username", "ana"), ("password", "Passw0rd!")]);
    let wrong = form(&[
        ("username", "ana"),
        ("password", "Passw0rd!"),
        ("_csrf", &"a".repeat(43)),
    ]);
    for body in [&without, &wrong] {
        let response = browser.request(&endpoint, "POST", &path, &[], body).await;
        assert_eq!(response.status, 403, "{body}");
    }
    // A browser that never had the page has no token, whatever its form says.
    let response = Browser::default()
        .request(&endpoint, "POST", &path, &[], &good)
        .await;
    assert_eq!(response.status, 403);
    for origin in [
        "https://evil.example",
        "null",
        "http://localhost:1",
        "http://127.0.0.1:1",
    ] {
        let headers = [format!("origin: {origin}")];
        let response = browser.request(&endpoint, "POST", &path, &headers, &good).await;
        assert_eq!(response.status, 403, "{origin}");
    }
    let headers = [format!("origin: {endpoint}")];
    let response = browser.request(&endpoint, "POST", &path, &headers, &good).await;
    assert_eq!(response.status, 302);
}

#[tokio::test]
async fn pages_answer_only_to_names_of_this_machine() {
    let pool = started().await;
    for path in ["/login", "/oauth2/authorize", "/logout", "/oauth2/userInfo"] {
        let headers = ["host: evil.example".to_owned()];
        let path = format!("{path}?{QUERY}");
        let response = Browser::default()
            .request(&pool.endpoint(), "GET", &path, &headers, "")
            .await;
        assert_eq!(response.status, 403, "{path}");
        assert_eq!(response.header("set-cookie"), None, "{path}");
    }
}

#[tokio::test]
async fn a_page_runs_no_scripts_and_is_in_no_frame() {
    let pool = started().await;
    let response = get(&pool, &mut Browser::default(), &format!("/login?{QUERY}")).await;
    let policy = response.header("content-security-policy").unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(response.header("x-frame-options"), Some("DENY"));
    assert_eq!(response.header("cache-control"), Some("no-store"));
    assert_eq!(response.header("access-control-allow-origin"), None);
    let cookie = response.header("set-cookie").unwrap();
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
}

#[tokio::test]
async fn a_sign_in_makes_a_new_session() {
    let pool = started().await;
    let mut browser = Browser::default();
    let first = sign_in(&pool, &mut browser).await;
    let cookie = first.header("set-cookie").unwrap().to_owned();
    let endpoint = pool.endpoint();
    let port = endpoint.rsplit(':').next().unwrap();
    let name = format!("cognito-session-{port}-us-east-1_localpool");
    assert!(cookie.starts_with(&format!("{name}=")), "{cookie}");
    assert!(
        cookie.contains("; HttpOnly; SameSite=Lax; Max-Age=3600"),
        "{cookie}"
    );
    let second = sign_in(&pool, &mut browser).await;
    assert_ne!(second.header("set-cookie").unwrap(), cookie);
    // The session of the first sign-in ended with the second.
    let old = format!("cookie: {}", cookie.split(';').next().unwrap());
    let path = format!("/oauth2/authorize?{QUERY}");
    let response = Browser::default()
        .request(&pool.endpoint(), "GET", &path, &[old], "")
        .await;
    assert!(response.header("location").unwrap().starts_with("/login?"));
    // Nobody can choose the secret of a session.
    let chosen = format!("cookie: {name}={}", "a".repeat(43));
    let response = Browser::default()
        .request(&pool.endpoint(), "GET", &path, &[chosen], "")
        .await;
    assert!(response.header("location").unwrap().starts_with("/login?"));
}

#[tokio::test]
async fn a_code_and_a_session_belong_to_one_pool() {
    let pool = started().await;
    let made = pool
        .call("CreateUserPool", json!({ "PoolName": "other" }))
        .await
        .unwrap();
    let mut other = json!({ "UserPoolId": made["UserPool"]["Id"], "ClientName": "other" });
    for (member, value) in oauth() {
        other[member] = value;
    }
    let made = pool.call("CreateUserPoolClient", other).await.unwrap();
    let other = made["UserPoolClient"]["ClientId"].as_str().unwrap();
    let mut browser = Browser::default();
    let response = sign_in(&pool, &mut browser).await;
    let location = response.header("location").unwrap();
    let code = location
        .split_once("code=")
        .unwrap()
        .1
        .split('&')
        .next()
        .unwrap()
        .to_owned();
    let path = format!("/oauth2/authorize?{}", QUERY.replace("localclient", other));
    let elsewhere = get(&pool, &mut browser, &path).await;
    assert!(elsewhere.header("location").unwrap().starts_with("/login?"));
    let body = form(&[
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("client_id", other),
        ("redirect_uri", "https://app.example/"),
    ]);
    let refused = browser
        .request(&pool.endpoint(), "POST", "/oauth2/token", &[], &body)
        .await;
    assert_eq!(
        (refused.status, &*refused.body),
        (400, "{\"error\":\"invalid_grant\"}")
    );
    let own = body.replace(other, "localclient");
    let tokens = browser
        .request(&pool.endpoint(), "POST", "/oauth2/token", &[], &own)
        .await;
    let tokens: Value = serde_json::from_str(&tokens.body).unwrap();
    assert!(tokens["id_token"].is_string(), "{tokens}");
    // The token of one listener is worth nothing at another, although both have the same keys.
    let second = started().await;
    let bearer = format!(
        "authorization: Bearer {}",
        tokens["access_token"].as_str().unwrap()
    );
    for (endpoint, status) in [(&*pool.endpoint(), 200), (&*second.endpoint(), 401)] {
        let headers = [bearer.clone()];
        let response = Browser::default()
            .request(endpoint, "GET", "/oauth2/userInfo", &headers, "")
            .await;
        assert_eq!(response.status, status, "{}", response.body);
    }
}

#[tokio::test]
async fn scripts_of_an_app_may_call_the_token_endpoint_only() {
    let pool = started().await;
    let headers = ["origin: http://localhost:3000".to_owned()];
    for (path, allowed) in [
        ("/oauth2/token", true),
        ("/oauth2/revoke", true),
        ("/login", false),
        ("/oauth2/authorize", false),
    ] {
        let response = Browser::default()
            .request(&pool.endpoint(), "POST", path, &headers, "")
            .await;
        let origin = response.header("access-control-allow-origin");
        assert_eq!(origin, allowed.then_some("*"), "{path}");
    }
}

#[tokio::test]
async fn the_configuration_names_the_endpoints() {
    let pool = started().await;
    let path = "/us-east-1_localpool/.well-known/openid-configuration";
    let response = get(&pool, &mut Browser::default(), path).await;
    let document: Value = serde_json::from_str(&response.body).unwrap();
    let endpoint = pool.endpoint();
    for (name, path) in [
        ("authorization_endpoint", "/oauth2/authorize"),
        ("token_endpoint", "/oauth2/token"),
        ("revocation_endpoint", "/oauth2/revoke"),
        ("userinfo_endpoint", "/oauth2/userInfo"),
        ("end_session_endpoint", "/logout"),
    ] {
        assert_eq!(document[name], format!("{endpoint}{path}"));
    }
}

#[tokio::test]
async fn one_field_takes_an_address_or_a_number() {
    let pool = builder()
        .pool_setting("UsernameAttributes", json!(["email", "phone_number"]))
        .pool_setting("AutoVerifiedAttributes", json!(["email"]))
        .start()
        .await
        .unwrap();
    let mut browser = Browser::default();
    let token = token(&pool, &mut browser).await;
    let path = format!("/signup?{QUERY}");
    let page = get(&pool, &mut browser, &path).await.body;
    let fields = ["username", "email", "phone_number"];
    let fields = fields.map(|name| page.contains(&format!("name=\"{name}\"")));
    assert_eq!(fields, [true, false, false], "{page}");
    for name in ["bob@example.com", "+15555550100"] {
        let body = form(&[("username", name), ("password", "Passw0rd!"), ("_csrf", &token)]);
        let response = browser.request(&pool.endpoint(), "POST", &path, &[], &body).await;
        let location = response.header("location").unwrap_or(&response.body);
        assert!(location.starts_with("/confirmUser?"), "{name}: {location}");
        let input = json!({ "UserPoolId": "us-east-1_localpool", "Username": name });
        pool.call("AdminGetUser", input).await.unwrap();
    }
}
