//! Requests of other sites: a page that the developer has open must not read or change anything of the pool.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use cognito_triggers_pool::LocalPool;
use serde_json::{Value, json};

use crate::browser::{Browser, Response};
use crate::managed_login::{QUERY, builder, form, get, started, token};

const POOL: &str = "us-east-1_localpool";

/// What changes something below `/_dev/`, with a body.
const CHANGES: [(&str, &str, &str); 4] = [
    ("POST", "/_dev/reset", ""),
    ("POST", "/_dev/clock", r#"{"advance":3600}"#),
    ("POST", "/_dev/fail", r#"{"trigger":"PreSignUp","how":"error"}"#),
    ("PUT", "/_dev/state", "{}"),
];

/// What reads something.
const READS: [&str; 4] = [
    "/_dev/messages",
    "/_dev/events?secrets=true",
    "/_dev/state",
    "/_dev/clock",
];

/// Origins of other sites. A page of another port of this machine is one too.
const ORIGINS: [&str; 8] = [
    "https://evil.example",
    "null",
    "http://localhost:1",
    "http://127.0.0.1:1",
    "http://127.0.0.1",
    "http://127.0.0.1.evil.example",
    "http://evil.example:80@127.0.0.1",
    "file://",
];

/// Host names that a page can make resolve to this machine.
const HOSTS: [&str; 6] = [
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "evil.example:80",
    "localhost@evil.example",
    "evil-localhost",
];

async fn send(pool: &LocalPool, method: &str, path: &str, headers: &[String], body: &str) -> Response {
    let mut headers = headers.to_vec();
    if method == "PUT" {
        headers.push(format!("content-length: {}", body.len()));
    }
    let mut browser = Browser::default();
    browser
        .request(&pool.endpoint(), method, path, &headers, body)
        .await
}

/// The clock and the users, which show whether something has changed.
async fn state(pool: &LocalPool) -> (i64, Value) {
    let users = pool
        .call("ListUsers", json!({ "UserPoolId": POOL }))
        .await
        .unwrap();
    (pool.clock().now().seconds() / 1000, users)
}

#[track_caller]
fn is_refused(response: &Response, what: &str) {
    assert_eq!(response.status, 403, "{what}: {}", response.body);
    assert_eq!(response.header("access-control-allow-origin"), None, "{what}");
    assert_eq!(response.header("set-cookie"), None, "{what}");
}

#[tokio::test]
async fn no_other_origin_uses_the_development_endpoints() {
    let pool = started().await;
    let before = state(&pool).await;
    for origin in ORIGINS {
        for (method, path, body) in CHANGES {
            for kind in [
                "application/json",
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data",
            ] {
                let headers = [format!("origin: {origin}"), format!("content-type: {kind}")];
                let response = send(&pool, method, path, &headers, body).await;
                is_refused(&response, &format!("{method} {path} {origin} {kind}"));
            }
        }
        for path in READS {
            let response = send(&pool, "GET", path, &[format!("origin: {origin}")], "").await;
            is_refused(&response, &format!("{path} {origin}"));
        }
        // The question of a browser before such a request allows nothing.
        let headers = [
            format!("origin: {origin}"),
            "access-control-request-method: PUT".to_owned(),
        ];
        let response = send(&pool, "OPTIONS", "/_dev/state", &headers, "").await;
        assert_eq!(response.header("access-control-allow-origin"), None, "{origin}");
    }
    assert_eq!(state(&pool).await, before);
}

/// A script or an image of another site sends no `Origin`, but says where it comes from.
#[tokio::test]
async fn no_other_site_embeds_the_development_endpoints() {
    let pool = started().await;
    for site in ["cross-site", "same-site"] {
        for (mode, kind) in [
            ("no-cors", "script"),
            ("no-cors", "image"),
            ("cors", "empty"),
            ("navigate", "iframe"),
        ] {
            for path in READS {
                let headers = [
                    format!("sec-fetch-site: {site}"),
                    format!("sec-fetch-mode: {mode}"),
                    format!("sec-fetch-dest: {kind}"),
                ];
                let response = send(&pool, "GET", path, &headers, "").await;
                is_refused(&response, &format!("{path} {site} {kind}"));
            }
        }
    }
    // The developer follows a link, types the address, or uses a page of the pool.
    for (site, mode, kind) in [
        ("cross-site", "navigate", "document"),
        ("none", "navigate", "document"),
        ("same-origin", "cors", "empty"),
    ] {
        let headers = [
            format!("sec-fetch-site: {site}"),
            format!("sec-fetch-mode: {mode}"),
            format!("sec-fetch-dest: {kind}"),
        ];
        let response = send(&pool, "GET", "/_dev/messages", &headers, "").await;
        assert_eq!(response.status, 200, "{site} {mode}");
    }
}

#[tokio::test]
async fn no_rebound_name_reaches_anything() {
    let pool = started().await;
    let before = state(&pool).await;
    for host in HOSTS {
        let headers = [format!("host: {host}")];
        for (method, path, body) in CHANGES {
            is_refused(
                &send(&pool, method, path, &headers, body).await,
                &format!("{path} {host}"),
            );
        }
        let keys = format!("/{POOL}/.well-known/jwks.json");
        let pages = [
            "/login",
            "/oauth2/authorize",
            "/logout",
            "/oauth2/userInfo",
            "/_dev/identity-provider",
            &keys,
        ];
        for path in READS.iter().chain(&pages) {
            is_refused(
                &send(&pool, "GET", path, &headers, "").await,
                &format!("{path} {host}"),
            );
        }
        for path in ["/", "/oauth2/token", "/oauth2/revoke", "/login"] {
            is_refused(
                &send(&pool, "POST", path, &headers, "{}").await,
                &format!("{path} {host}"),
            );
        }
    }
    assert_eq!(state(&pool).await, before);
}

#[tokio::test]
async fn no_public_page_calls_the_api() {
    let pool = started().await;
    let target = "x-amz-target: AWSCognitoIdentityProviderService.AdminDeleteUser".to_owned();
    let body = json!({ "UserPoolId": POOL, "Username": "ana" }).to_string();
    for origin in [
        "https://evil.example",
        "null",
        "http://127.0.0.1.evil.example",
        "file://",
    ] {
        for kind in ["application/x-amz-json-1.1", "text/plain", "application/json"] {
            let headers = [
                target.clone(),
                format!("origin: {origin}"),
                format!("content-type: {kind}"),
            ];
            is_refused(&send(&pool, "POST", "/", &headers, &body).await, origin);
        }
    }
    let user = json!({ "UserPoolId": POOL, "Username": "ana" });
    pool.call("AdminGetUser", user).await.unwrap();
    // A page that is developed on this machine may, as on AWS.
    let headers = [target, "origin: http://localhost:3000".to_owned()];
    let response = send(&pool, "POST", "/", &headers, &body).await;
    assert_eq!(
        (response.status, response.header("access-control-allow-origin")),
        (200, Some("*"))
    );
}

#[tokio::test]
async fn no_form_of_another_site_is_accepted_by_a_page() {
    let pool = builder()
        .pool_setting("AutoVerifiedAttributes", json!(["email"]))
        .start()
        .await
        .unwrap();
    let fields = [
        ("username", "bob"),
        ("password", "Passw0rd!"),
        ("email", "bob@example.com"),
        ("code", "123456"),
        ("subject", "7"),
    ];
    let paths = [
        "/login",
        "/signup",
        "/confirmUser",
        "/forgotPassword",
        "/confirmForgotPassword",
        "/_dev/identity-provider",
    ];
    for path in paths {
        let address = format!("{path}?{QUERY}");
        for origin in ORIGINS {
            let mut browser = Browser::default();
            let token = token(&pool, &mut browser).await;
            let body = form(&[&fields[..], &[("_csrf", &token)]].concat());
            let headers = [format!("origin: {origin}")];
            let response = browser
                .request(&pool.endpoint(), "POST", &address, &headers, &body)
                .await;
            assert_eq!(response.status, 403, "{path} {origin}");
        }
        for kind in ["text/plain", "multipart/form-data", "application/json"] {
            let mut browser = Browser::default();
            let token = token(&pool, &mut browser).await;
            let body = form(&[&fields[..], &[("_csrf", &token)]].concat());
            let headers = [format!("content-type: {kind}")];
            let response = browser
                .request(&pool.endpoint(), "POST", &address, &headers, &body)
                .await;
            assert_eq!(response.status, 400, "{path} {kind}");
        }
    }
    let users = pool
        .call("ListUsers", json!({ "UserPoolId": POOL }))
        .await
        .unwrap();
    assert_eq!(users["Users"].as_array().map(Vec::len), Some(1), "{users}");
}

/// A page in a frame could be clicked without being seen.
#[tokio::test]
async fn every_page_refuses_frames_and_scripts() {
    let pool = started().await;
    for path in [
        "/login",
        "/signup",
        "/forgotPassword",
        "/confirmUser",
        "/oauth2/authorize?client_id=nobody",
    ] {
        let path = if path.contains('?') {
            path.to_owned()
        } else {
            format!("{path}?{QUERY}")
        };
        let response = get(&pool, &mut Browser::default(), &path).await;
        let policy = response.header("content-security-policy").unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert_eq!(
            response.header("x-content-type-options"),
            Some("nosniff"),
            "{path}"
        );
        assert_eq!(response.header("cache-control"), Some("no-store"), "{path}");
    }
}
