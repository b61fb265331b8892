//! A session of a browser is worth what was proven for it.

use std::time::Duration;

use cognito_triggers_pool::{LambdaError, handler_fn};
use serde_json::json;

use super::{
    CODE, POOL, admin, begun, configure, is_signed_in, post, prefer, set_up, start, started, target,
};
use crate::browser::Browser;
use crate::managed_login::{builder, sign_in};
use crate::oauth::calls;
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
async fn a_failing_trigger_after_the_factor_opens_no_session() {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:f";
    for (trigger, fired) in [("PostAuthentication", 1), ("PreTokenGeneration", 1)] {
        let refuse = handler_fn(|_, _| Err(LambdaError::Function("not today".to_owned())));
        let builder = builder().code(CODE).functions(refuse);
        let pool = start(builder.pool_setting("LambdaConfig", json!({ trigger: arn }))).await;
        let mut browser = Browser::default();
        let page = begun(&pool, &mut browser).await;
        assert_eq!(pool.events().sources().len(), 0, "{trigger}");
        let mut activities = pool.activities();
        let refused = post(&pool, &mut browser, &page, &[("code", CODE)]).await;
        let location = refused.header("location").unwrap_or(&refused.body);
        assert!(
            location.starts_with("https://app.example/?error=invalid_request&error_description="),
            "{trigger}: {location}"
        );
        let failed = Some("UserLambdaValidationException".to_owned());
        let call = ("managed login /challenge".to_owned(), failed);
        assert_eq!(calls(&pool, &mut activities).await, [call], "{trigger}");
        assert_eq!(pool.events().sources().len(), fired, "{trigger}");
        let again = post(&pool, &mut browser, &page, &[("code", CODE)]).await;
        assert_eq!(again.status, 400, "{trigger}");
        assert!(!is_signed_in(&pool, &mut browser).await, "{trigger}");
    }
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
