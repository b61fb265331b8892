//! A hostile or broken OIDC provider: nobody is signed in, the app gets an error, and the pool stays up.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of a test fails the test"
)]

use std::sync::Arc;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cognito_triggers_pool::LocalPool;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::browser::{Browser, Web};
use crate::managed_login::{QUERY, oauth};

const POOL: &str = "us-east-1_localpool";
const SECRET: &str = "known-to-both";

/// What the provider answers at a path: the whole response. An empty one closes the connection.
type Answers = Arc<dyn Fn(&str, &str) -> String + Send + Sync>;

/// Starts a provider, and returns its address. It gets the path and the whole request.
async fn provider(answers: Answers) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answers = Arc::clone(&answers);
            tokio::spawn(async move {
                let mut request = Vec::new();
                let mut buffer = [0; 4096];
                // A form comes with the header in one packet, or right after it.
                while let Ok(read @ 1..) = stream.read(&mut buffer).await {
                    request.extend_from_slice(&buffer[..read]);
                    let text = String::from_utf8_lossy(&request).into_owned();
                    let Some((head, body)) = text.split_once("\r\n\r\n") else {
                        continue;
                    };
                    let length = head.to_ascii_lowercase();
                    let length = length.split("content-length: ").nth(1);
                    let length: usize =
                        length.map_or(0, |text| text.lines().next().unwrap().parse().unwrap());
                    if body.len() >= length {
                        let path = head.split(' ').nth(1).unwrap();
                        let _ = stream.write_all(answers(path, &text).as_bytes()).await;
                        break;
                    }
                }
            });
        }
    });
    format!("http://{address}")
}

fn ok(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// An ID token that is signed with the client secret.
fn id_token(claims: &Value) -> String {
    let [header, claims] =
        [&json!({ "alg": "HS256" }), claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    let text = format!("{header}.{claims}");
    let tag = hmac::sign(
        &hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()),
        text.as_bytes(),
    );
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref()))
}

/// A provider that works, except for the answers that `change` gives.
async fn working(change: impl Fn(&str, &str, &str) -> Option<String> + Send + Sync + 'static) -> String {
    let issuer = Arc::new(std::sync::OnceLock::<String>::new());
    let own = Arc::clone(&issuer);
    let answers = move |path: &str, request: &str| {
        let issuer = own.get().unwrap();
        if let Some(answer) = change(path, request, issuer) {
            return answer;
        }
        match path {
            "/token" => {
                let token =
                    id_token(&json!({ "iss": issuer, "aud": "app", "sub": "42", "exp": 9_999_999_999_u64 }));
                ok(&json!({ "access_token": "bearer-of-ana", "id_token": token }).to_string())
            }
            "/userinfo" => {
                ok(r#"{"sub":"42","mail":"ana@example.com","groups":["a","b"],"address":{"city":"Rome"}}"#)
            }
            _ => ok("{}"),
        }
    };
    let address = provider(Arc::new(answers)).await;
    issuer.set(address.clone()).unwrap();
    address
}

/// A pool whose client signs users in with the provider at an address.
async fn started(address: &str, method: &str) -> LocalPool {
    let mut builder = LocalPool::builder();
    for (member, value) in oauth() {
        builder = builder.client_setting(member, value);
    }
    let builder = builder.client_setting("SupportedIdentityProviders", json!(["Acme"]));
    let schema = json!([{ "Name": "groups", "AttributeDataType": "String", "Mutable": true }]);
    let pool = builder.pool_setting("Schema", schema).start().await.unwrap();
    let provider = json!({
        "UserPoolId": POOL, "ProviderName": "Acme", "ProviderType": "OIDC",
        "AttributeMapping": { "email": "mail", "custom:groups": "groups", "address": "address" },
        "ProviderDetails": {
            "client_id": "app", "client_secret": SECRET, "authorize_scopes": "openid",
            "oidc_issuer": address, "attributes_request_method": method,
            "authorize_url": format!("{address}/authorize"), "token_url": format!("{address}/token"),
            "attributes_url": format!("{address}/userinfo"), "jwks_uri": format!("{address}/keys"),
        },
    });
    pool.call("CreateIdentityProvider", provider).await.unwrap();
    pool
}

/// Goes to the provider and comes back with a code.
async fn sign_in(pool: &LocalPool) -> Result<Value, Value> {
    let mut browser = Browser::default();
    let path = format!("/oauth2/authorize?{QUERY}&identity_provider=Acme");
    let sent = browser.request(&pool.endpoint(), "GET", &path, &[], "").await;
    let location = sent.header("location").unwrap().to_owned();
    let state = location.split_once("state=").unwrap().1;
    let state = state.split('&').next().unwrap();
    let web = Web {
        get: Some(format!("/oauth2/idpresponse?code=1&state={state}")),
        ..Web::default()
    };
    browser.send(&pool.endpoint(), &web).await
}

async fn users(pool: &LocalPool) -> Value {
    pool.call("ListUsers", json!({ "UserPoolId": POOL }))
        .await
        .unwrap()["Users"]
        .clone()
}

#[tokio::test]
async fn user_info_is_asked_for_with_the_method_of_the_provider() {
    for (method, start) in [("GET", "GET /userinfo "), ("POST", "POST /userinfo ")] {
        let address = working(move |path, request, _| {
            let lower = request.to_ascii_lowercase();
            let is_right =
                request.starts_with(start) && lower.contains("authorization: bearer bearer-of-ana\r\n");
            (path == "/userinfo" && !is_right)
                .then(|| "HTTP/1.1 405 No\r\ncontent-length: 0\r\n\r\n".to_owned())
        })
        .await;
        let pool = started(&address, method).await;
        let answer = sign_in(&pool).await.unwrap();
        assert!(answer["parameters"]["code"].is_string(), "{method}: {answer}");
        let user = &users(&pool).await[0];
        for attribute in [
            json!({ "Name": "email", "Value": "ana@example.com" }),
            json!({ "Name": "custom:groups", "Value": r#"["a","b"]"# }),
            json!({ "Name": "address", "Value": r#"{"city":"Rome"}"# }),
        ] {
            assert!(
                user["Attributes"].as_array().unwrap().contains(&attribute),
                "{method}: {user}"
            );
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_not_one_signs_nobody_in() {
    let huge = "x".repeat(1024 * 1024 + 1);
    for (what, answer, says) in [
        (
            "HTML",
            "HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n<html>Hi</html>".to_owned(),
            "answered 200 and no JSON",
        ),
        (
            "nothing",
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_owned(),
            "answered 200 and no JSON",
        ),
        (
            "a redirect",
            "HTTP/1.1 302 Found\r\nlocation: http://evil.example/\r\ncontent-length: 0\r\n\r\n".to_owned(),
            "answered 302",
        ),
        (
            "an error",
            "HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n".to_owned(),
            "answered 500 and no JSON",
        ),
        (
            "an error of OAuth",
            "HTTP/1.1 401 No\r\ncontent-length: 27\r\n\r\n{\"error\":\"invalid_request\"}".to_owned(),
            "answered 401 and invalid_request",
        ),
        ("a close", String::new(), "can't be reached"),
        ("no HTTP", "hello\r\n\r\n".to_owned(), "can't be reached"),
        ("too much", ok(&huge), "answered with more than 1048576 bytes"),
        (
            "half an answer",
            "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_owned(),
            "can't be reached",
        ),
        ("an array", ok("[]"), ""),
        ("a string", ok("\"x\""), ""),
    ] {
        for wrong in ["/token", "/userinfo"] {
            // User info that is JSON but no object says nothing about the user.
            if wrong == "/userinfo" && says.is_empty() {
                continue;
            }
            let answer = answer.clone();
            let address = working(move |path, _, _| (path == wrong).then(|| answer.clone())).await;
            let pool = started(&address, "GET").await;
            let error = sign_in(&pool).await.unwrap_err();
            assert_eq!(error["__type"], "invalid_request", "{what} at {wrong}: {error}");
            assert_eq!(
                (&error["location"], &error["state"]),
                (&json!("https://app.example/"), &json!("s"))
            );
            let message = error["message"].as_str().unwrap();
            assert!(message.contains(says), "{what} at {wrong}: {message}");
            assert_eq!(users(&pool).await, json!([]), "{what} at {wrong}");
        }
    }
}

#[tokio::test]
async fn an_id_token_for_somebody_else_signs_nobody_in() {
    for (what, changes) in [
        ("another issuer", json!({ "iss": "http://127.0.0.1:1" })),
        ("another client", json!({ "aud": "other" })),
        ("no client", json!({ "aud": [] })),
        ("expired", json!({ "exp": 1 })),
        ("not yet", json!({ "nbf": 9_999_999_998_u64 })),
        ("another user than the user info", json!({ "sub": "43" })),
        ("no user", json!({ "sub": "" })),
        ("a user that is no string", json!({ "sub": ["42"] })),
    ] {
        let address = working(move |path, _, issuer| {
            let mut claims = json!({ "iss": issuer, "aud": "app", "sub": "42", "exp": 9_999_999_999_u64 });
            claims
                .as_object_mut()
                .unwrap()
                .extend(changes.as_object().unwrap().clone());
            let token = json!({ "access_token": "a", "id_token": id_token(&claims) });
            (path == "/token").then(|| ok(&token.to_string()))
        })
        .await;
        let pool = started(&address, "GET").await;
        let error = sign_in(&pool).await.unwrap_err();
        assert_eq!(error["__type"], "invalid_request", "{what}: {error}");
        assert_eq!(users(&pool).await, json!([]), "{what}");
    }
}

#[tokio::test]
async fn a_token_that_nobody_signed_signs_nobody_in() {
    for token in [
        "",
        "a.b.c",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiI0MiJ9.",
        "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiI0MiJ9.AAAA",
        "eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ.eyJzdWIiOiI0MiJ9.AAAA",
    ] {
        let address = working(move |path, _, _| {
            let answer = json!({ "access_token": "a", "id_token": token });
            (path == "/token").then(|| ok(&answer.to_string()))
        })
        .await;
        let pool = started(&address, "GET").await;
        let error = sign_in(&pool).await.unwrap_err();
        assert_eq!(error["__type"], "invalid_request", "{token}: {error}");
        assert_eq!(users(&pool).await, json!([]), "{token}");
    }
}
