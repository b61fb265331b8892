//! An authenticator app that is set up on the page, because the pool requires a second factor.

use std::time::Duration;

use cognito_triggers_pool::{LocalPool, handler_fn};
use serde_json::json;

use super::{POOL, admin, begun, configure, error, is_signed_in, post, start, target};
use crate::browser::Browser;
use crate::managed_login::{builder, get};
use crate::totp;

/// Registers an authenticator app of ana through the API. Returns its secret.
pub(super) async fn associate(pool: &LocalPool, name: &str) -> String {
    let input = json!({
        "ClientId": "localclient", "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": { "USERNAME": "ana", "PASSWORD": "Passw0rd!" },
    });
    let answer = pool.call("InitiateAuth", input).await.unwrap();
    let access = answer["AuthenticationResult"]["AccessToken"].clone();
    let made = pool.call("AssociateSoftwareToken", json!({ "AccessToken": access }));
    let secret = made.await.unwrap()["SecretCode"].as_str().unwrap().to_owned();
    let code = totp::code(&secret, pool.clock().now().seconds());
    let input = json!({ "AccessToken": access, "UserCode": code, "FriendlyDeviceName": name });
    pool.call("VerifySoftwareToken", input).await.unwrap();
    secret
}

/// A pool that requires a second factor, where ana has no address for a code.
async fn required() -> LocalPool {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:f";
    let config = json!({
        "PreAuthentication": arn, "PostAuthentication": arn, "PreTokenGeneration": arn, "CustomMessage": arn,
    });
    let builder = builder().pool_setting("LambdaConfig", config);
    let pool = start(builder.functions(handler_fn(|_, event| Ok(event)))).await;
    configure(&pool, "ON").await;
    let input = json!({ "UserAttributeNames": ["phone_number", "email"] });
    admin(&pool, "AdminDeleteUserAttributes", input).await;
    pool
}

fn secret(page: &str) -> String {
    let secret = page.split_once("secret=").unwrap().1;
    secret.split('&').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_app_is_set_up_and_used() {
    let pool = required().await;
    let mut browser = Browser::default();
    let page = begun(&pool, &mut browser).await;
    let shown = get(&pool, &mut browser, &page).await.body;
    let secret_code = secret(&shown);
    assert!(shown.contains(&format!("<code>{secret_code}</code>")), "{shown}");
    // The page can be loaded again without a new secret.
    assert_eq!(secret(&get(&pool, &mut browser, &page).await.body), secret_code);
    let code = |wrong: bool| {
        let now = pool.clock().now().seconds();
        let code = if wrong { totp::wrong_code } else { totp::code };
        code(&secret_code, now)
    };
    let wrong = post(&pool, &mut browser, &page, &[("code", &code(true))]).await;
    assert_eq!(error(&wrong), "Code mismatch and fail enable Software Token MFA");
    assert!(!is_signed_in(&pool, &mut browser).await);
    let right = post(
        &pool,
        &mut browser,
        &page,
        &[("code", &code(false)), ("device_name", "Phone")],
    )
    .await;
    assert_eq!(target(&right), "https://app.example/");
    assert!(is_signed_in(&pool, &mut browser).await);
    let events = pool.events();
    let fired = events.sources();
    assert_eq!(
        fired,
        [
            "PreAuthentication_Authentication",
            "PostAuthentication_Authentication",
            "TokenGeneration_HostedAuth",
            // That of `is_signed_in`.
            "TokenGeneration_HostedAuth",
        ]
    );
    let user = admin(&pool, "AdminGetUser", json!({})).await;
    assert_eq!(
        user["UserMFASettingList"],
        json!(["SMS_MFA", "SOFTWARE_TOKEN_MFA"])
    );
    // The next sign-in asks for a code of the app, and the one that set it up is used.
    let mut other = Browser::default();
    let page = begun(&pool, &mut other).await;
    assert!(get(&pool, &mut other, &page).await.body.contains("Open Phone"));
    let used = post(&pool, &mut other, &page, &[("code", &code(false))]).await;
    assert_eq!(error(&used), "Your software token has already been used once.");
    pool.clock().advance(Duration::from_secs(30));
    let right = post(&pool, &mut other, &page, &[("code", &code(false))]).await;
    assert_eq!(target(&right), "https://app.example/");
}

#[tokio::test]
async fn an_app_that_was_set_up_elsewhere_stays() {
    let pool = required().await;
    let mut browser = Browser::default();
    let first = begun(&pool, &mut browser).await;
    let second = begun(&pool, &mut browser).await;
    let mut secrets = Vec::new();
    for page in [&first, &second] {
        secrets.push(secret(&get(&pool, &mut browser, page).await.body));
    }
    let code = |secret: &str| totp::code(secret, pool.clock().now().seconds());
    let right = post(&pool, &mut browser, &first, &[("code", &code(&secrets[0]))]).await;
    assert_eq!(target(&right), "https://app.example/");
    let late = post(&pool, &mut browser, &second, &[("code", &code(&secrets[1]))]).await;
    assert_eq!(error(&late), "Invalid session for the user.");
}

#[tokio::test]
async fn a_pool_without_apps_says_who_can_help() {
    let pool = required().await;
    let config = json!({
        "UserPoolId": POOL, "MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": { "Enabled": false },
        "SmsMfaConfiguration": { "SmsConfiguration": {} },
    });
    pool.call("SetUserPoolMfaConfig", config).await.unwrap();
    let mut browser = Browser::default();
    let page = format!("/login?{}", super::QUERY);
    super::token(&pool, &mut browser).await;
    let pairs = [("username", "ana"), ("password", "Passw0rd!")];
    let response = post(&pool, &mut browser, &page, &pairs).await;
    assert!(
        error(&response).contains("Ask an administrator"),
        "{}",
        response.body
    );
    assert!(!is_signed_in(&pool, &mut browser).await);
}
