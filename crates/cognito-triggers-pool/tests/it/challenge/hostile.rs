//! Steps in the wrong hands, out of order, twice, and with hostile texts.

use std::time::Duration;

use cognito_triggers_pool::LocalPool;
use serde_json::json;

use super::{
    CODE, POOL, QUERY, admin, begun, configure, error, is_signed_in, post, prefer, start, started, target,
};
use crate::browser::{Browser, Response};
use crate::managed_login::{builder, form, get, token};

const SCRIPT: &str = "\"'><script>alert(1)</script>";

/// Posts the right code, whatever the browser's token is.
async fn guess(pool: &LocalPool, browser: &mut Browser, path: &str) -> Response {
    token(pool, browser).await;
    post(pool, browser, path, &[("code", CODE)]).await
}

#[tokio::test]
async fn a_password_alone_is_no_session() {
    let pool = started().await;
    let mut browser = Browser::default();
    let page = begun(&pool, &mut browser).await;
    assert!(!is_signed_in(&pool, &mut browser).await);
    let wrong = post(&pool, &mut browser, &page, &[("code", "000000")]).await;
    assert_eq!(wrong.status, 400);
    assert_eq!(error(&wrong), "Invalid code or auth state for the user.");
    assert!(!is_signed_in(&pool, &mut browser).await);
    let right = post(&pool, &mut browser, &page, &[("code", CODE)]).await;
    assert_eq!(target(&right), "https://app.example/");
    assert!(is_signed_in(&pool, &mut browser).await);
}

#[tokio::test]
async fn another_browser_cannot_go_on_with_a_step() {
    let pool = started().await;
    let mut browser = Browser::default();
    let page = begun(&pool, &mut browser).await;
    let mut other = Browser::default();
    let shown = get(&pool, &mut other, &page).await;
    assert_eq!(target(&shown), "/login");
    let refused = guess(&pool, &mut other, &page).await;
    assert_eq!(
        (refused.status, error(&refused)),
        (400, "Invalid session for the user.")
    );
    assert!(!is_signed_in(&pool, &mut other).await);
    let own = post(&pool, &mut browser, &page, &[("code", CODE)]).await;
    assert_eq!(target(&own), "https://app.example/");
}

#[tokio::test]
async fn a_made_up_step_leads_to_the_sign_in_page() {
    let pool = started().await;
    let mut browser = Browser::default();
    for step in ["", "&step=", "&step=x", "&step=%00"] {
        let path = format!("/challenge?{QUERY}{step}");
        let shown = get(&pool, &mut browser, &path).await;
        assert_eq!(target(&shown), "/login", "{step}");
        let refused = guess(&pool, &mut browser, &path).await;
        assert_eq!(error(&refused), "Invalid session for the user.", "{step}");
    }
}

#[tokio::test]
async fn a_step_answers_its_own_challenge_only() {
    let pool = started().await;
    let mut browser = Browser::default();
    let page = begun(&pool, &mut browser).await;
    for (pairs, text) in [
        (vec![], "Missing required parameter SMS_MFA_CODE"),
        (
            vec![("answer", "SOFTWARE_TOKEN_MFA")],
            "Missing required parameter SMS_MFA_CODE",
        ),
        (
            vec![
                ("password", "N3w-Passw0rd!"),
                ("challenge", "NEW_PASSWORD_REQUIRED"),
            ],
            "Missing required parameter SMS_MFA_CODE",
        ),
        (
            vec![("code", "1"), ("username", "bob"), ("USERNAME", "bob")],
            "Invalid code or auth state for the user.",
        ),
    ] {
        let response = post(&pool, &mut browser, &page, &pairs).await;
        assert_eq!((response.status, error(&response)), (400, text), "{pairs:?}");
    }
    assert!(!is_signed_in(&pool, &mut browser).await);
}

#[tokio::test]
async fn a_step_of_one_client_is_none_of_another() {
    let pool = started().await;
    let mut input = json!({ "UserPoolId": POOL, "ClientName": "other" });
    for (member, value) in crate::managed_login::oauth() {
        input[member] = value;
    }
    let made = pool.call("CreateUserPoolClient", input).await.unwrap();
    let other = made["UserPoolClient"]["ClientId"].as_str().unwrap().to_owned();
    let mut browser = Browser::default();
    let page = begun(&pool, &mut browser).await;
    let elsewhere = page.replace("localclient", &other);
    let response = post(&pool, &mut browser, &elsewhere, &[("code", CODE)]).await;
    assert_eq!(error(&response), "Invalid session for the user.");
    let response = post(&pool, &mut browser, &page, &[("code", CODE)]).await;
    assert_eq!(target(&response), "https://app.example/");
}

#[tokio::test]
async fn a_step_needs_the_token_of_its_browser() {
    let pool = started().await;
    let mut browser = Browser::default();
    let page = begun(&pool, &mut browser).await;
    let mut other = Browser::default();
    let foreign = token(&pool, &mut other).await;
    for body in [
        form(&[("code", CODE)]),
        form(&[("code", CODE), ("_csrf", &foreign)]),
    ] {
        let response = browser.request(&pool.endpoint(), "POST", &page, &[], &body).await;
        assert_eq!(response.status, 403, "{body}");
    }
    let own = browser.token(&pool.endpoint()).unwrap().clone();
    let body = form(&[("code", CODE), ("_csrf", &own)]);
    let headers = ["origin: https://evil.example".to_owned()];
    let response = browser
        .request(&pool.endpoint(), "POST", &page, &headers, &body)
        .await;
    assert_eq!(response.status, 403);
    assert!(!is_signed_in(&pool, &mut browser).await);
}

#[tokio::test]
async fn a_replayed_form_signs_nobody_in() {
    let pool = started().await;
    let mut browser = Browser::default();
    let page = begun(&pool, &mut browser).await;
    let first = post(&pool, &mut browser, &page, &[("code", CODE)]).await;
    assert_eq!(target(&first), "https://app.example/");
    get(
        &pool,
        &mut browser,
        "/logout?client_id=localclient&logout_uri=https%3A%2F%2Fapp.example%2Fbye",
    )
    .await;
    let second = post(&pool, &mut browser, &page, &[("code", CODE)]).await;
    let text = "Invalid session for the user, session can only be used once.";
    assert_eq!((second.status, error(&second)), (400, text));
    assert!(!is_signed_in(&pool, &mut browser).await);
    let shown = get(&pool, &mut browser, &page).await;
    assert_eq!(target(&shown), "/login");
}

#[tokio::test]
async fn two_tabs_do_not_disturb_each_other() {
    let pool = started().await;
    let mut browser = Browser::default();
    let first = begun(&pool, &mut browser).await;
    let second = begun(&pool, &mut browser).await;
    assert_ne!(first, second);
    for page in [&first, &second] {
        assert_eq!(get(&pool, &mut browser, page).await.status, 200, "{page}");
    }
    for page in [&first, &second] {
        let response = post(&pool, &mut browser, page, &[("code", CODE)]).await;
        assert_eq!(target(&response), "https://app.example/", "{page}");
    }
}

#[tokio::test]
async fn a_step_ends_with_its_session() {
    let pool = started().await;
    let mut browser = Browser::default();
    let page = begun(&pool, &mut browser).await;
    pool.clock().advance(Duration::from_secs(181));
    let shown = get(&pool, &mut browser, &page).await;
    let notice = shown.header("location").unwrap();
    assert!(
        notice.starts_with("/login?") && notice.ends_with("notice=expired"),
        "{notice}"
    );
    let late = post(&pool, &mut browser, &page, &[("code", CODE)]).await;
    assert_eq!(error(&late), "Invalid session for the user, session is expired.");
    assert!(late.body.contains("<h1>Sign in</h1>"), "{}", late.body);
}

#[tokio::test]
async fn a_user_who_is_disabled_in_between_is_refused() {
    let pool = started().await;
    for (operation, text) in [
        ("AdminDisableUser", "User is disabled."),
        ("AdminDeleteUser", "User does not exist."),
    ] {
        let mut browser = Browser::default();
        let page = begun(&pool, &mut browser).await;
        admin(&pool, operation, json!({})).await;
        let response = post(&pool, &mut browser, &page, &[("code", CODE)]).await;
        assert_eq!(error(&response), text);
        assert!(!is_signed_in(&pool, &mut browser).await, "{operation}");
        if operation == "AdminDisableUser" {
            admin(&pool, "AdminEnableUser", json!({})).await;
        }
    }
}

#[tokio::test]
async fn an_unknown_user_is_asked_like_any_other() {
    let factors = json!({ "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"] } });
    let builder = builder()
        .code(CODE)
        .pool_setting("Policies", factors)
        .client_setting("ExplicitAuthFlows", json!(["ALLOW_USER_AUTH"]))
        .client_setting("PreventUserExistenceErrors", json!("ENABLED"));
    let pool = builder.start().await.unwrap();
    let mut browser = Browser::default();
    token(&pool, &mut browser).await;
    let pairs = [("username", "nobody"), ("choose", "true")];
    let choice = post(&pool, &mut browser, &format!("/login?{QUERY}"), &pairs).await;
    let page = choice.header("location").unwrap().to_owned();
    let sent = post(&pool, &mut browser, &page, &[("answer", "EMAIL_OTP")]).await;
    let page = sent.header("location").unwrap().to_owned();
    let shown = get(&pool, &mut browser, &page).await;
    assert!(
        shown.body.contains("A code was sent by email to"),
        "{}",
        shown.body
    );
    let guessed = post(&pool, &mut browser, &page, &[("code", CODE)]).await;
    assert_eq!(error(&guessed), "Invalid code or auth state for the user.");
    assert_eq!(pool.messages().last(), None);
    assert!(!is_signed_in(&pool, &mut browser).await);
}

/// A user with a hostile name, whose authenticator app has a hostile name too.
#[tokio::test]
async fn no_text_of_a_challenge_becomes_html() {
    let schema = json!([{ "Name": "name", "Required": true }]);
    let pool = start(builder().pool_setting("Schema", schema)).await;
    let create = json!({ "UserPoolId": POOL, "Username": SCRIPT, "TemporaryPassword": "Passw0rd!" });
    pool.call("AdminCreateUser", create).await.unwrap();
    configure(&pool, "ON").await;
    let mut browser = Browser::default();
    token(&pool, &mut browser).await;
    let pairs = [("username", SCRIPT), ("password", "Passw0rd!")];
    let response = post(&pool, &mut browser, &format!("/login?{QUERY}"), &pairs).await;
    let page = response.header("location").unwrap().to_owned();
    let new_password = get(&pool, &mut browser, &page).await;
    assert!(
        new_password.body.contains("name=\"name\""),
        "{}",
        new_password.body
    );
    let refused = post(
        &pool,
        &mut browser,
        &page,
        &[("password", SCRIPT), ("name", SCRIPT)],
    )
    .await;
    let pairs = [("password", "N3w-Passw0rd!"), ("name", SCRIPT)];
    let next = post(&pool, &mut browser, &page, &pairs).await;
    let page = next.header("location").unwrap().to_owned();
    let set_up = get(&pool, &mut browser, &page).await;
    assert!(set_up.body.contains("otpauth://totp/"), "{}", set_up.body);
    let wrong = post(
        &pool,
        &mut browser,
        &page,
        &[("code", SCRIPT), ("device_name", SCRIPT)],
    )
    .await;
    for page in [new_password, refused, set_up, wrong] {
        assert!(!page.body.contains("<script"), "{}", page.body);
        assert!(!page.body.contains("\"'>"), "{}", page.body);
    }
}

#[tokio::test]
async fn the_name_of_an_app_is_text_on_the_page() {
    let pool = started().await;
    admin(
        &pool,
        "AdminSetUserMFAPreference",
        json!({ "SMSMfaSettings": { "Enabled": false } }),
    )
    .await;
    super::set_up::associate(&pool, SCRIPT).await;
    prefer(&pool, "SoftwareTokenMfaSettings").await;
    let mut browser = Browser::default();
    let page = begun(&pool, &mut browser).await;
    let shown = get(&pool, &mut browser, &page).await;
    assert!(shown.body.contains("&lt;script&gt;"), "{}", shown.body);
    assert!(!shown.body.contains("<script"), "{}", shown.body);
}
