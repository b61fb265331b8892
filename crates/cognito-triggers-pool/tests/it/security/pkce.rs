//! PKCE: a code is worth nothing without the verifier of its challenge.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use cognito_triggers_pool::LocalPool;
use serde_json::json;

use crate::browser::{Browser, exchange};
use crate::managed_login::{QUERY, form, get, started, token};

/// The verifier and the challenge of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Signs in with these parameters more, and returns the code.
async fn code(pool: &LocalPool, more: &str) -> String {
    let mut browser = Browser::default();
    let token = token(pool, &mut browser).await;
    let body = form(&[("username", "ana"), ("password", "Passw0rd!"), ("_csrf", &token)]);
    let path = format!("/login?{QUERY}{more}");
    let response = browser.request(&pool.endpoint(), "POST", &path, &[], &body).await;
    let location = response.header("location").unwrap();
    let code = location.split_once("code=").unwrap().1;
    code.split('&').next().unwrap().to_owned()
}

fn challenged() -> String {
    format!("&code_challenge={CHALLENGE}&code_challenge_method=S256")
}

#[tokio::test]
async fn only_the_verifier_of_the_challenge_gets_tokens() {
    let pool = started().await;
    let longer = format!("{VERIFIER}=");
    let shorter = &VERIFIER[..42];
    for wrong in [
        None,
        Some(""),
        // The challenge itself, as with the method plain.
        Some(CHALLENGE),
        Some(&*longer),
        Some(shorter),
        Some("dbjftjez4cvp-mb92k27uhbuju1p1r_ww1gfwfoejxk"),
        Some(" dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
    ] {
        let code = code(&pool, &challenged()).await;
        let error = exchange(&pool.endpoint(), &code, wrong).await.unwrap_err();
        assert_eq!(error["__type"], "invalid_grant", "{wrong:?}");
        // The wrong verifier has used up the code.
        let error = exchange(&pool.endpoint(), &code, Some(VERIFIER))
            .await
            .unwrap_err();
        assert_eq!(error["__type"], "invalid_grant", "{wrong:?}");
    }
    let good = code(&pool, &challenged()).await;
    assert!(exchange(&pool.endpoint(), &good, Some(VERIFIER)).await.unwrap()["access_token"].is_string());
    let error = exchange(&pool.endpoint(), &good, Some(VERIFIER))
        .await
        .unwrap_err();
    assert_eq!(error["__type"], "invalid_grant", "a code counts once");
}

/// Somebody between the app and the browser takes the challenge out, and exchanges the code without a verifier.
#[tokio::test]
async fn a_challenge_that_was_taken_out_is_noticed() {
    let pool = started().await;
    let code = code(&pool, "").await;
    let error = exchange(&pool.endpoint(), &code, Some(VERIFIER))
        .await
        .unwrap_err();
    assert_eq!(error["__type"], "invalid_grant");
}

#[tokio::test]
async fn no_weaker_method_is_accepted() {
    let pool = started().await;
    for more in [
        format!("&code_challenge={CHALLENGE}&code_challenge_method=plain"),
        format!("&code_challenge={CHALLENGE}&code_challenge_method=s256"),
        format!("&code_challenge={CHALLENGE}&code_challenge_method=none"),
        format!("&code_challenge={CHALLENGE}&code_challenge_method="),
        format!("&code_challenge={CHALLENGE}"),
        "&code_challenge=&code_challenge_method=S256".to_owned(),
        "&code_challenge_method=S256".to_owned(),
        format!("{}&code_challenge=x", challenged()),
        format!("{}&code_challenge_method=plain", challenged()),
    ] {
        let path = format!("/oauth2/authorize?{QUERY}{more}");
        let response = get(&pool, &mut Browser::default(), &path).await;
        let location = response.header("location").unwrap();
        assert!(
            location.starts_with("https://app.example/?error=invalid_request"),
            "{more}: {location}"
        );
        assert!(location.ends_with("&state=s"), "{more}: {location}");
    }
}

/// A verifier for the code of one sign-in doesn't fit that of another one.
#[tokio::test]
async fn a_verifier_belongs_to_one_code() {
    let pool = started().await;
    let other = "&code_challenge=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&code_challenge_method=S256";
    let (own, other) = (code(&pool, &challenged()).await, code(&pool, other).await);
    let error = exchange(&pool.endpoint(), &other, Some(VERIFIER))
        .await
        .unwrap_err();
    assert_eq!(error["__type"], json!("invalid_grant"));
    exchange(&pool.endpoint(), &own, Some(VERIFIER)).await.unwrap();
}
