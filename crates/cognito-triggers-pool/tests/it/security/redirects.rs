//! Where a browser is sent: only to addresses that the app client has registered, compared as a whole.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use cognito_triggers_pool::LocalPool;
use serde_json::json;

use crate::browser::{Browser, Response, escape};
use crate::managed_login::{QUERY, builder, form, get, started, token};

const REGISTERED: [&str; 4] = [
    "https://app.example/back",
    "http://localhost:3000/back",
    "http://[::1]:3000/",
    "myapp://back",
];

/// Addresses that differ from a registered one by little.
const OTHERS: [&str; 38] = [
    // A prefix, and a longer address.
    "https://app.example/",
    "https://app.example",
    "https://app.example/bac",
    "https://app.example/back/",
    "https://app.example/back/more",
    "https://app.example/back?x=1",
    "https://app.example/back//",
    "https://app.example.evil.example/back",
    // Case.
    "https://APP.example/back",
    "HTTPS://app.example/back",
    "https://app.example/Back",
    // Encoded and dot segments.
    "https://app.example%2Fback",
    "https://app.example/%62ack",
    "https://app.example/back%2F",
    "https://app.example/x/../back",
    "https://app.example/./back",
    "https://app.example/back/..",
    // User info.
    "https://ana@app.example/back",
    "https://app.example@evil.example/back",
    "https://app.example:pw@evil.example/back",
    // Fragments.
    "https://app.example/back#",
    "https://app.example/back#x",
    // Ports.
    "https://app.example:443/back",
    "https://app.example:444/back",
    "http://localhost/back",
    "http://localhost:3001/back",
    // Other names of the same host.
    "http://127.0.0.1:3000/back",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]:3000/",
    "http://[::ffff:127.0.0.1]:3000/",
    // Other schemes and slashes.
    "http://app.example/back",
    "//app.example/back",
    "https:/app.example/back",
    "https:\\\\app.example\\back",
    "myapp:back",
    "javascript:alert(1)//https://app.example/back",
    // Blanks and control characters.
    " https://app.example/back",
    "https://app.example/back\r\nx-evil: 1",
];

async fn with_addresses() -> LocalPool {
    let builder = builder()
        .client_setting("CallbackURLs", json!(REGISTERED))
        .client_setting("LogoutURLs", json!(REGISTERED));
    builder.start().await.unwrap()
}

fn query(address: &str) -> String {
    QUERY.replace("https%3A%2F%2Fapp.example%2F", &escape(address))
}

/// Fails if the browser is sent to another host.
#[track_caller]
fn stays_here(response: &Response, what: &str) {
    let location = response.header("location").unwrap_or("/");
    let is_path = location.starts_with('/') && !location.starts_with("//") && !location.starts_with("/\\");
    assert!(is_path, "{what}: {location}");
    assert_eq!(response.header("x-evil"), None, "{what}");
}

#[tokio::test]
async fn a_redirect_uri_matches_as_a_whole_or_not_at_all() {
    let pool = with_addresses().await;
    for address in REGISTERED {
        let path = format!("/oauth2/authorize?{}&prompt=none", query(address));
        let response = get(&pool, &mut Browser::default(), &path).await;
        let location = response.header("location").unwrap();
        assert!(
            location.starts_with(&format!("{address}?error=login_required")),
            "{location}"
        );
    }
    for address in OTHERS {
        let query = query(address);
        for path in [
            "/oauth2/authorize",
            "/login",
            "/signup",
            "/forgotPassword",
            "/_dev/identity-provider",
        ] {
            for more in ["", "&prompt=none", "&response_type=wrong", "&scope=wrong"] {
                let path = format!("{path}?{query}{more}");
                let response = get(&pool, &mut Browser::default(), &path).await;
                assert_eq!(response.status, 400, "{address:?} {path}");
                stays_here(&response, &path);
            }
        }
    }
}

#[tokio::test]
async fn a_logout_uri_matches_as_a_whole_or_not_at_all() {
    let pool = with_addresses().await;
    for address in REGISTERED {
        let path = format!("/logout?client_id=localclient&logout_uri={}", escape(address));
        let response = get(&pool, &mut Browser::default(), &path).await;
        assert_eq!(response.header("location"), Some(address));
    }
    for address in OTHERS {
        let again = query(address);
        for path in [
            format!("/logout?client_id=localclient&logout_uri={}", escape(address)),
            format!("/logout?{again}"),
            format!("/logout?{QUERY}&logout_uri={}", escape(address)),
        ] {
            let response = get(&pool, &mut Browser::default(), &path).await;
            assert_eq!(response.status, 400, "{address:?} {path}");
            stays_here(&response, &path);
        }
    }
}

/// A form that was shown for a registered address can't be sent for another one.
#[tokio::test]
async fn a_sign_in_ends_at_no_other_address() {
    let pool = started().await;
    for address in [
        "https://evil.example/",
        "https://app.example/x",
        "//evil.example",
        "/\\evil.example",
    ] {
        let mut browser = Browser::default();
        let token = token(&pool, &mut browser).await;
        let body = form(&[
            ("username", "ana"),
            ("password", "Passw0rd!"),
            ("redirect_uri", address),
            ("_csrf", &token),
        ]);
        let path = format!("/login?{}", query(address));
        let response = browser.request(&pool.endpoint(), "POST", &path, &[], &body).await;
        assert_eq!(response.status, 400, "{address}");
        stays_here(&response, address);
        // The parameter in the form doesn't count either.
        let path = format!("/login?{QUERY}");
        let response = browser.request(&pool.endpoint(), "POST", &path, &[], &body).await;
        let location = response.header("location").unwrap_or("https://app.example/?");
        assert!(
            location.starts_with("https://app.example/?"),
            "{address}: {location}"
        );
    }
}

#[tokio::test]
async fn no_error_path_is_an_open_redirect() {
    let pool = started().await;
    let evil = escape("https://evil.example/");
    for path in [
        format!("/oauth2/idpresponse?redirect_uri={evil}&state={evil}&code=1"),
        format!("/oauth2/idpresponse?error=access_denied&error_uri={evil}&state={evil}"),
        format!("/oauth2/authorize?redirect_uri={evil}"),
        format!("/oauth2/authorize?client_id=nobody&redirect_uri={evil}&response_type=code"),
        format!("/oauth2/authorize?client_id=localclient&client_id=nobody&redirect_uri={evil}"),
        format!("/oauth2/authorize?{QUERY}&redirect_uri={evil}"),
        format!("/oauth2/authorize?redirect_uri={evil}&{QUERY}"),
        format!("/login?{QUERY}&next={evil}&returnTo={evil}"),
        format!("/logout?client_id=nobody&logout_uri={evil}"),
        format!("/logout?logout_uri={evil}"),
        format!("/confirmUser?client_id=localclient&user_name=ana&confirmation_code=1&redirect_uri={evil}"),
        format!("/error?redirect_uri={evil}"),
        format!("//evil.example/%2f..?{QUERY}"),
    ] {
        let response = get(&pool, &mut Browser::default(), &path).await;
        let location = response.header("location").unwrap_or_default();
        let host = location.split(['?', '#']).next().unwrap();
        assert!(!host.contains("evil"), "{path}: {location}");
        // The first of two values counts for nothing: the request is refused where it is known where to.
        assert!(
            host.is_empty() || host == "https://app.example/" || host.starts_with('/'),
            "{path}: {host}"
        );
    }
}
