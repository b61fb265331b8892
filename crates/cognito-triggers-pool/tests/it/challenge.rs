//! Second factors and new passwords on the pages of managed login: every step in its order, in one browser, once.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of a test fails the test"
)]

mod hostile;
mod session;
mod set_up;

use std::time::Duration;

use cognito_triggers_pool::{Builder, LocalPool};
use serde_json::{Value, json};

use super::browser::{Browser, Response};
use super::managed_login::{QUERY, builder, form, get, token};
use super::totp;

const POOL: &str = "us-east-1_localpool";
const CODE: &str = "123456";

/// A pool where ana gets a code by SMS. Every code of a message is the same.
async fn started() -> LocalPool {
    start(builder().code(CODE)).await
}

/// Starts a pool that offers all second factors, at the beginning of a step of authenticator apps.
async fn start(builder: Builder) -> LocalPool {
    let pool = builder.start().await.unwrap();
    let into_step = pool.clock().now().seconds() % totp::STEP;
    let rest = u64::try_from(totp::STEP - into_step).unwrap();
    pool.clock().advance(Duration::from_secs(rest));
    configure(&pool, "OPTIONAL").await;
    let attributes = [("phone_number", "+15555550100"), ("email", "ana@example.com")];
    let attributes = attributes.map(|(name, value)| json!({ "Name": name, "Value": value }));
    admin(
        &pool,
        "AdminUpdateUserAttributes",
        json!({ "UserAttributes": attributes }),
    )
    .await;
    prefer(&pool, "SMSMfaSettings").await;
    pool
}

/// Sets the mode of MFA, with all factors.
async fn configure(pool: &LocalPool, mode: &str) {
    let factors = json!({
        "UserPoolId": POOL, "MfaConfiguration": mode, "SoftwareTokenMfaConfiguration": { "Enabled": true },
        "SmsMfaConfiguration": { "SmsConfiguration": {} }, "EmailMfaConfiguration": {},
    });
    pool.call("SetUserPoolMfaConfig", factors).await.unwrap();
}

/// Calls an operation of an administrator about ana.
async fn admin(pool: &LocalPool, operation: &str, mut input: Value) -> Value {
    input["UserPoolId"] = json!(POOL);
    input["Username"] = json!("ana");
    pool.call(operation, input).await.unwrap()
}

async fn prefer(pool: &LocalPool, member: &str) {
    let input = json!({ member: { "Enabled": true, "PreferredMfa": true } });
    admin(pool, "AdminSetUserMFAPreference", input).await;
}

/// Posts a form with the token of the browser to a page.
async fn post(pool: &LocalPool, browser: &mut Browser, path: &str, pairs: &[(&str, &str)]) -> Response {
    let token = browser.token(&pool.endpoint()).unwrap().clone();
    let pairs: Vec<_> = pairs.iter().copied().chain([("_csrf", &*token)]).collect();
    browser
        .request(&pool.endpoint(), "POST", path, &[], &form(&pairs))
        .await
}

/// Types ana's password. Returns the address of the page that follows.
async fn begun(pool: &LocalPool, browser: &mut Browser) -> String {
    token(pool, browser).await;
    let pairs = [("username", "ana"), ("password", "Passw0rd!")];
    let response = post(pool, browser, &format!("/login?{QUERY}"), &pairs).await;
    let location = response.header("location").unwrap_or(&response.body);
    assert!(location.starts_with("/challenge?"), "{location}");
    location.to_owned()
}

/// Whether the browser is signed in: the authorization endpoint sends it to the app, and not to the page.
async fn is_signed_in(pool: &LocalPool, browser: &mut Browser) -> bool {
    let response = get(pool, browser, &format!("/oauth2/authorize?{QUERY}")).await;
    let location = response.header("location").unwrap();
    assert!(
        location.starts_with("/login?") || location.starts_with("https://app.example/?code="),
        "{location}"
    );
    !location.starts_with("/login?")
}

/// The address to which a response sends the browser, without its query.
fn target(response: &Response) -> &str {
    let location = response.header("location").unwrap_or(&response.body);
    location.split('?').next().unwrap()
}

/// The text of the error on a page.
fn error(response: &Response) -> &str {
    let text = response.body.split_once("role=\"alert\">");
    text.map_or("", |(_, rest)| rest.split('<').next().unwrap())
}
