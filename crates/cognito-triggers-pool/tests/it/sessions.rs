//! What a browser's session and an authorization code are still worth after something changed.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of a test fails the test"
)]

use serde_json::{Value, json};

use cognito_triggers_pool::LocalPool;

use super::browser::{Browser, Response};
use super::managed_login::{QUERY, form, get, oauth, sign_in, started, token};

const POOL: &str = "us-east-1_localpool";

/// Adds an identity provider and an app client that supports only this one. Returns the query of its authorization request.
async fn client_of_a_provider(pool: &LocalPool) -> String {
    let provider = json!({
        "UserPoolId": POOL, "ProviderName": "Google", "ProviderType": "Google",
        "ProviderDetails": { "client_id": "id", "client_secret": "secret", "authorize_scopes": "openid" },
    });
    pool.call("CreateIdentityProvider", provider).await.unwrap();
    let mut client =
        json!({ "UserPoolId": POOL, "ClientName": "google", "SupportedIdentityProviders": ["Google"] });
    for (member, value) in oauth() {
        client[member] = value;
    }
    let made = pool.call("CreateUserPoolClient", client).await.unwrap();
    QUERY.replace(
        "localclient",
        made["UserPoolClient"]["ClientId"].as_str().unwrap(),
    )
}

/// Begins another sign-in, and returns the address that the browser is sent to.
async fn authorize(pool: &LocalPool, browser: &mut Browser, query: &str) -> String {
    let response = get(pool, browser, &format!("/oauth2/authorize?{query}")).await;
    response.header("location").unwrap().to_owned()
}

async fn submit(pool: &LocalPool, browser: &mut Browser, path: &str, body: &str) -> Response {
    browser.request(&pool.endpoint(), "POST", path, &[], body).await
}

#[tokio::test]
async fn a_session_serves_no_client_without_the_pool() {
    let pool = started().await;
    let query = client_of_a_provider(&pool).await;
    let mut browser = Browser::default();
    sign_in(&pool, &mut browser).await;
    let location = authorize(&pool, &mut browser, QUERY).await;
    assert!(location.starts_with("https://app.example/?code="), "{location}");
    let location = authorize(&pool, &mut browser, &query).await;
    assert!(!location.contains("code="), "{location}");
    let location = authorize(&pool, &mut browser, &format!("{query}&prompt=none")).await;
    assert!(location.contains("error=login_required"), "{location}");
}

#[tokio::test]
async fn a_session_serves_no_request_for_a_provider() {
    let pool = started().await;
    client_of_a_provider(&pool).await;
    let mut input = json!({
        "UserPoolId": POOL, "ClientId": "localclient", "SupportedIdentityProviders": ["COGNITO", "Google"],
    });
    for (member, value) in oauth() {
        input[member] = value;
    }
    pool.call("UpdateUserPoolClient", input).await.unwrap();
    let mut browser = Browser::default();
    sign_in(&pool, &mut browser).await;
    for (named, is_served) in [("COGNITO", true), ("Google", false)] {
        let query = format!("{QUERY}&identity_provider={named}");
        let location = authorize(&pool, &mut browser, &query).await;
        assert_eq!(location.contains("code="), is_served, "{named}: {location}");
    }
}

#[tokio::test]
async fn a_session_of_a_provider_replaces_no_password() {
    let pool = started().await;
    let query = client_of_a_provider(&pool).await;
    let link = json!({
        "UserPoolId": POOL,
        "DestinationUser": { "ProviderName": "Cognito", "ProviderAttributeValue": "ana" },
        "SourceUser": {
            "ProviderName": "Google", "ProviderAttributeName": "Cognito_Subject", "ProviderAttributeValue": "7",
        },
    });
    pool.call("AdminLinkProviderForUser", link).await.unwrap();
    // Google vouches for a user of its own, and for one of the pool.
    for subject in ["1", "7"] {
        let mut browser = Browser::default();
        let token = token(&pool, &mut browser).await;
        let body = form(&[("subject", subject), ("_csrf", &token)]);
        let path = format!("/_dev/identity-provider?{query}");
        let response = submit(&pool, &mut browser, &path, &body).await;
        assert_eq!(response.status, 302, "{}", response.body);
        let location = authorize(&pool, &mut browser, &query).await;
        assert!(location.contains("code="), "{subject}: {location}");
        let location = authorize(&pool, &mut browser, QUERY).await;
        assert!(location.starts_with("/login?"), "{subject}: {location}");
    }
}

#[tokio::test]
async fn a_session_replaces_no_second_factor() {
    let sms = json!({ "SmsMfaConfiguration": { "SmsConfiguration": { "SnsCallerArn": "arn:aws:iam::123456789012:role/sns" } } });
    let with = |mode: &str| {
        let mut input = sms.clone();
        input["UserPoolId"] = json!(POOL);
        input["MfaConfiguration"] = json!(mode);
        input
    };
    for by_user in [true, false] {
        let pool = started().await;
        let mut browser = Browser::default();
        sign_in(&pool, &mut browser).await;
        let mode = if by_user { "OPTIONAL" } else { "ON" };
        pool.call("SetUserPoolMfaConfig", with(mode)).await.unwrap();
        if by_user {
            let location = authorize(&pool, &mut browser, QUERY).await;
            assert!(location.contains("code="), "{location}");
            let number = json!([{ "Name": "phone_number", "Value": "+15555550100" }]);
            let input = json!({ "UserPoolId": POOL, "Username": "ana", "UserAttributes": number });
            pool.call("AdminUpdateUserAttributes", input).await.unwrap();
            let input =
                json!({ "UserPoolId": POOL, "Username": "ana", "SMSMfaSettings": { "Enabled": true } });
            pool.call("AdminSetUserMFAPreference", input).await.unwrap();
        }
        let location = authorize(&pool, &mut browser, QUERY).await;
        assert!(location.starts_with("/login?"), "{mode}: {location}");
        let location = authorize(&pool, &mut browser, &format!("{QUERY}&prompt=none")).await;
        assert!(location.contains("error=login_required"), "{mode}: {location}");
    }
}

#[tokio::test]
async fn a_session_replaces_no_new_password() {
    for (operation, more) in [
        ("AdminResetUserPassword", json!({})),
        (
            "AdminSetUserPassword",
            json!({ "Password": "Temp0rary!", "Permanent": false }),
        ),
    ] {
        let pool = started().await;
        let mut browser = Browser::default();
        sign_in(&pool, &mut browser).await;
        let attributes =
            json!([{ "Name": "email", "Value": "a@b.c" }, { "Name": "email_verified", "Value": "true" }]);
        let input = json!({ "UserPoolId": POOL, "Username": "ana", "UserAttributes": attributes });
        pool.call("AdminUpdateUserAttributes", input).await.unwrap();
        let mut input = more;
        input["UserPoolId"] = json!(POOL);
        input["Username"] = json!("ana");
        pool.call(operation, input).await.unwrap();
        let location = authorize(&pool, &mut browser, QUERY).await;
        assert!(location.starts_with("/login?"), "{operation}: {location}");
    }
}

#[tokio::test]
async fn a_code_is_worth_nothing_after_a_sign_out() {
    let pool = started().await;
    for signs_out in [false, true] {
        let mut browser = Browser::default();
        let response = sign_in(&pool, &mut browser).await;
        let (_, code) = response.header("location").unwrap().split_once("code=").unwrap();
        let code = code.split('&').next().unwrap();
        if signs_out {
            let input = json!({ "UserPoolId": POOL, "Username": "ana" });
            pool.call("AdminUserGlobalSignOut", input).await.unwrap();
        }
        let body = form(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("client_id", "localclient"),
            ("redirect_uri", "https://app.example/"),
        ]);
        let response = submit(&pool, &mut browser, "/oauth2/token", &body).await;
        let answer: Value = serde_json::from_str(&response.body).unwrap();
        if signs_out {
            assert_eq!(answer, json!({ "error": "invalid_grant" }));
        } else {
            assert!(answer["id_token"].is_string(), "{answer}");
        }
    }
}

#[tokio::test]
async fn no_page_serves_a_client_without_the_pool() {
    let pool = started().await;
    let query = client_of_a_provider(&pool).await;
    let mut browser = Browser::default();
    let token = token(&pool, &mut browser).await;
    for page in [
        "login",
        "signup",
        "confirmUser",
        "forgotPassword",
        "confirmForgotPassword",
    ] {
        let path = format!("/{page}?{query}");
        let shown = get(&pool, &mut browser, &path).await;
        match shown.header("location") {
            Some(location) => assert!(location.starts_with("/login?"), "{page}: {location}"),
            None => assert_eq!((page, shown.status), ("login", 200)),
        }
        let body = form(&[("username", "bob"), ("password", "Passw0rd!"), ("_csrf", &token)]);
        let response = submit(&pool, &mut browser, &path, &body).await;
        assert_eq!(response.status, 400, "{page}");
        assert!(
            response.body.contains("let users of the pool sign in here"),
            "{page}: {}",
            response.body
        );
        assert!(
            !response.body.contains("name=\"password\""),
            "{page}: {}",
            response.body
        );
    }
    let input = json!({ "UserPoolId": POOL, "Username": "bob" });
    assert!(pool.call("AdminGetUser", input).await.is_err());
}

#[tokio::test]
async fn two_listeners_share_a_browser() {
    let (one, other) = (started().await, started().await);
    let mut browser = Browser::default();
    sign_in(&one, &mut browser).await;
    sign_in(&other, &mut browser).await;
    for pool in [&one, &other] {
        let location = authorize(pool, &mut browser, QUERY).await;
        assert!(location.contains("code="), "{location}");
    }
}
