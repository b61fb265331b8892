//! `state` and `nonce`: what the app sends comes back as it was, in success and in errors.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cognito_triggers_pool::LocalPool;
use serde_json::{Value, json};

use crate::browser::{Browser, Web, escape, exchange};
use crate::managed_login::{QUERY, started, token};

const VALUES: [&str; 7] = [
    "s",
    "a b+c%20d&e=f#g?h/i",
    "\"'><script>alert(1)</script>",
    "{\"url\":\"https://app.example/?x=1\"}",
    "\u{fc}\u{4e2d}\u{1f600}",
    "line\r\nx-evil: 1",
    "%0d%0ax-evil:%201",
];

/// Signs in, and returns the redirect: `location` and its `parameters`, or the error.
async fn signed_in(pool: &LocalPool, browser: &mut Browser, query: &str) -> Result<Value, Value> {
    token(pool, browser).await;
    let form = [("username", "ana"), ("password", "Passw0rd!")];
    let form = form.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let web = Web {
        post: Some(format!("/login?{query}")),
        form: form.into(),
        ..Web::default()
    };
    browser.send(&pool.endpoint(), &web).await
}

#[tokio::test]
async fn state_and_nonce_come_back_as_they_were_sent() {
    let pool = started().await;
    for value in VALUES {
        let query = QUERY.replace("state=s", &format!("state={0}&nonce={0}", escape(value)));
        let answer = signed_in(&pool, &mut Browser::default(), &query).await.unwrap();
        assert_eq!(answer["location"], "https://app.example/");
        assert_eq!(answer["parameters"]["state"], value);
        let code = answer["parameters"]["code"].as_str().unwrap();
        let tokens = exchange(&pool.endpoint(), code, None).await.unwrap();
        let claims = tokens["id_token"].as_str().unwrap().split('.').nth(1).unwrap();
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        assert_eq!(claims["nonce"], value);
    }
}

#[tokio::test]
async fn the_state_comes_back_with_an_error_and_in_no_header() {
    let pool = started().await;
    for value in VALUES {
        let query = QUERY.replace("state=s", &format!("state={}", escape(value)));
        for more in ["&prompt=none", "&code_challenge=x"] {
            let path = format!("/oauth2/authorize?{query}{more}");
            let web = Web {
                get: Some(path.clone()),
                ..Web::default()
            };
            let error = Browser::default().send(&pool.endpoint(), &web).await.unwrap_err();
            assert_eq!(error["state"], value, "{more}");
            let response = Browser::default()
                .request(&pool.endpoint(), "GET", &path, &[], "")
                .await;
            assert_eq!(response.header("x-evil"), None, "{value}");
        }
    }
}

#[tokio::test]
async fn without_state_and_nonce_none_are_made_up() {
    let pool = started().await;
    let query = QUERY.replace("&state=s", "");
    let answer = signed_in(&pool, &mut Browser::default(), &query).await.unwrap();
    let names: Vec<_> = answer["parameters"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["code"]);
}

/// What belongs to a sign-in is in the address of its page, so two tabs of one browser don't mix them up.
#[tokio::test]
async fn two_sign_ins_of_one_browser_keep_their_states() {
    let pool = started().await;
    let mut browser = Browser::default();
    for state in ["one", "two", "one"] {
        let query = QUERY.replace("state=s", &format!("state={state}"));
        let answer = signed_in(&pool, &mut browser, &query).await.unwrap();
        assert_eq!(answer["parameters"]["state"], json!(state));
    }
}
