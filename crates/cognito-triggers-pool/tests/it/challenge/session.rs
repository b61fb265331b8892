//! A session of a browser is worth what was proven for it.

use std::time::Duration;

use serde_json::json;

use super::{CODE, POOL, admin, begun, configure, is_signed_in, post, prefer, set_up, started, target};
use crate::browser::Browser;
use crate::managed_login::sign_in;
use crate::totp;

#[tokio::test]
async fn a_session_without_the_factor_that_is_needed_now_ends() {
    let pool = started().await;
    admin(
        &pool,
        "AdminSetUserMFAPreference",
        json!({ "SMSMfaSettings": { "Enabled": false } }),
    )
    .await;
    let mut browser = Browser::default();
    sign_in(&pool, &mut browser).await;
    assert!(is_signed_in(&pool, &mut browser).await);
    prefer(&pool, "SMSMfaSettings").await;
    assert!(!is_signed_in(&pool, &mut browser).await);
}

#[tokio::test]
async fn a_session_ends_when_the_pool_requires_a_factor() {
    let pool = started().await;
    admin(
        &pool,
        "AdminSetUserMFAPreference",
        json!({ "SMSMfaSettings": { "Enabled": false } }),
    )
    .await;
    let input = json!({ "UserAttributeNames": ["phone_number", "email"] });
    admin(&pool, "AdminDeleteUserAttributes", input).await;
    let mut browser = Browser::default();
    sign_in(&pool, &mut browser).await;
    assert!(is_signed_in(&pool, &mut browser).await);
    configure(&pool, "ON").await;
    assert!(!is_signed_in(&pool, &mut browser).await);
}

#[tokio::test]
async fn a_factor_that_is_gone_proves_nothing() {
    let pool = started().await;
    let mut browser = Browser::default();
    let page = begun(&pool, &mut browser).await;
    let done = post(&pool, &mut browser, &page, &[("code", CODE)]).await;
    assert_eq!(target(&done), "https://app.example/");
    assert!(is_signed_in(&pool, &mut browser).await);
    admin(
        &pool,
        "AdminSetUserMFAPreference",
        json!({ "SMSMfaSettings": { "Enabled": false } }),
    )
    .await;
    // Nothing is needed now, and the session proves more.
    assert!(is_signed_in(&pool, &mut browser).await);
    let secret = set_up::associate(&pool, "Phone").await;
    prefer(&pool, "SoftwareTokenMfaSettings").await;
    assert!(!is_signed_in(&pool, &mut browser).await);
    pool.clock().advance(Duration::from_secs(30));
    let page = begun(&pool, &mut browser).await;
    let code = totp::code(&secret, pool.clock().now().seconds());
    post(&pool, &mut browser, &page, &[("code", &code)]).await;
    assert!(is_signed_in(&pool, &mut browser).await);
}

#[tokio::test]
async fn a_session_of_a_code_ends_with_the_choice() {
    let pool = started().await;
    admin(
        &pool,
        "AdminSetUserMFAPreference",
        json!({ "SMSMfaSettings": { "Enabled": false } }),
    )
    .await;
    let verified = json!({ "UserAttributes": [{ "Name": "email_verified", "Value": "true" }] });
    admin(&pool, "AdminUpdateUserAttributes", verified).await;
    let policy = |factors: &[&str]| {
        json!({ "UserPoolId": POOL, "MfaConfiguration": "OPTIONAL",
                "Policies": { "SignInPolicy": { "AllowedFirstAuthFactors": factors } } })
    };
    let both = policy(&["PASSWORD", "EMAIL_OTP"]);
    pool.call("UpdateUserPool", both).await.unwrap();
    let mut client =
        json!({ "UserPoolId": POOL, "ClientId": "localclient", "ExplicitAuthFlows": ["ALLOW_USER_AUTH"] });
    for (member, value) in crate::managed_login::oauth() {
        client[member] = value;
    }
    pool.call("UpdateUserPoolClient", client).await.unwrap();
    let mut browser = Browser::default();
    crate::managed_login::token(&pool, &mut browser).await;
    let login = format!("/login?{}", super::QUERY);
    let choice = post(
        &pool,
        &mut browser,
        &login,
        &[("username", "ana"), ("choose", "true")],
    )
    .await;
    let page = choice.header("location").unwrap().to_owned();
    let sent = post(&pool, &mut browser, &page, &[("answer", "EMAIL_OTP")]).await;
    let page = sent.header("location").unwrap().to_owned();
    let code = pool.messages().last().unwrap().code.clone();
    let done = post(&pool, &mut browser, &page, &[("code", &code)]).await;
    assert_eq!(target(&done), "https://app.example/");
    assert!(is_signed_in(&pool, &mut browser).await);
    pool.call("UpdateUserPool", policy(&["PASSWORD"])).await.unwrap();
    assert!(!is_signed_in(&pool, &mut browser).await);
}
