//! Token confusion: a token is worth something only for what it is, where it was issued, and as it was signed.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of a test fails the test"
)]

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cognito_triggers_pool::LocalPool;
use serde_json::{Value, json};

use crate::browser::{Browser, Web, exchange};
use crate::managed_login::{QUERY, builder, started, token};

const POOL: &str = "us-east-1_localpool";

/// The tokens of a sign-in on the page, with both scopes that the calls here need.
async fn tokens(pool: &LocalPool) -> Value {
    let mut browser = Browser::default();
    token(pool, &mut browser).await;
    let query = QUERY.replace("scope=openid", "scope=openid+aws.cognito.signin.user.admin");
    let form = [("username", "ana"), ("password", "Passw0rd!")];
    let web = Web {
        post: Some(format!("/login?{query}")),
        form: form
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        ..Web::default()
    };
    let answer = browser.send(&pool.endpoint(), &web).await.unwrap();
    let code = answer["parameters"]["code"].as_str().unwrap();
    exchange(&pool.endpoint(), code, None).await.unwrap()
}

fn text(tokens: &Value, name: &str) -> String {
    tokens[name].as_str().unwrap().to_owned()
}

/// Whether a pool takes this as an access token. The API and `/oauth2/userInfo` have to agree.
async fn counts(pool: &LocalPool, token: &str) -> bool {
    let by_api = pool.call("GetUser", json!({ "AccessToken": token })).await;
    let web = Web {
        get: Some("/oauth2/userInfo".to_owned()),
        bearer: Some(token.to_owned()),
        ..Web::default()
    };
    let by_endpoint = Browser::default().send(&pool.endpoint(), &web).await;
    if let Err(error) = &by_endpoint {
        assert_eq!(error["__type"], "invalid_token", "{token}");
    }
    if let Err(error) = &by_api {
        let expected = ["NotAuthorizedException", "InvalidParameterException"];
        assert!(expected.contains(&error.class()), "{token}: {error}");
    }
    assert_eq!(by_api.is_ok(), by_endpoint.is_ok(), "{token}");
    by_api.is_ok()
}

/// The parts of a token: the header, the claims, and the signature in Base64.
fn parts(token: &str) -> (Value, Value, String) {
    let parts: Vec<_> = token.split('.').collect();
    let json = |part: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    (json(parts[0]), json(parts[1]), parts[2].to_owned())
}

/// The part of a token that is signed.
fn signed_part(header: &Value, claims: &Value) -> String {
    let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    format!("{header}.{claims}")
}

#[tokio::test]
async fn only_an_access_token_of_the_pool_is_one() {
    let (pool, elsewhere) = (started().await, started().await);
    let own = tokens(&pool).await;
    assert!(counts(&pool, &text(&own, "access_token")).await);
    let foreign = tokens(&elsewhere).await;
    for wrong in [
        text(&own, "id_token"),
        text(&own, "refresh_token"),
        text(&foreign, "access_token"),
        text(&foreign, "id_token"),
    ] {
        assert!(!counts(&pool, &wrong).await, "{wrong}");
    }
}

/// The pool finds its own pools by the token, so the claims of one must not open another.
#[tokio::test]
async fn a_token_of_one_pool_opens_no_other_pool() {
    let pool = started().await;
    let made = pool
        .call("CreateUserPool", json!({ "PoolName": "other" }))
        .await
        .unwrap();
    let other = made["UserPool"]["Id"].as_str().unwrap().to_owned();
    let access = text(&tokens(&pool).await, "access_token");
    let (header, mut claims, signature) = parts(&access);
    let issuer = claims["iss"].as_str().unwrap().replace(POOL, &other);
    claims["iss"] = json!(issuer);
    let forged = format!("{}.{signature}", signed_part(&header, &claims));
    assert!(!counts(&pool, &forged).await);
    // A user of the same name there isn't the user of the token.
    let input = json!({ "UserPoolId": other, "Username": "ana" });
    pool.call("AdminCreateUser", input).await.unwrap();
    let user = pool
        .call("GetUser", json!({ "AccessToken": access }))
        .await
        .unwrap();
    assert_eq!(user["Username"], "ana");
    pool.call(
        "AdminDeleteUser",
        json!({ "UserPoolId": POOL, "Username": "ana" }),
    )
    .await
    .unwrap();
    let error = pool
        .call("GetUser", json!({ "AccessToken": access }))
        .await
        .unwrap_err();
    assert!(
        ["UserNotFoundException", "NotAuthorizedException"].contains(&error.class()),
        "{error}"
    );
}

#[tokio::test]
async fn no_algorithm_but_rs256_is_accepted() {
    let pool = started().await;
    let access = text(&tokens(&pool).await, "access_token");
    let (header, claims, signature) = parts(&access);
    let path = format!("/{POOL}/.well-known/jwks.json");
    let keys = Web {
        get: Some(path),
        ..Web::default()
    };
    let keys = Browser::default().send(&pool.endpoint(), &keys).await.unwrap();
    // Without a signature.
    for alg in ["none", "None", "NONE", "nOnE", ""] {
        let mut header = header.clone();
        header["alg"] = json!(alg);
        let unsigned = signed_part(&header, &claims);
        for signature in ["", &*signature] {
            assert!(!counts(&pool, &format!("{unsigned}.{signature}")).await, "{alg}");
        }
    }
    // Signed with the public key as if it were a secret.
    for key in keys["keys"].as_array().unwrap() {
        let modulus = key["n"].as_str().unwrap();
        let secrets = [
            modulus.as_bytes().to_vec(),
            URL_SAFE_NO_PAD.decode(modulus).unwrap(),
            key.to_string().into_bytes(),
            Vec::new(),
        ];
        for secret in secrets {
            let header = json!({ "alg": "HS256", "kid": key["kid"] });
            let text = signed_part(&header, &claims);
            let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), text.as_bytes());
            let forged = format!("{text}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref()));
            assert!(!counts(&pool, &forged).await);
        }
    }
    for alg in ["RS384", "PS256", "ES256", "rs256"] {
        let mut header = header.clone();
        header["alg"] = json!(alg);
        let text = signed_part(&header, &claims);
        assert!(!counts(&pool, &format!("{text}.{signature}")).await, "{alg}");
    }
}

#[tokio::test]
async fn a_key_id_chooses_no_key_of_the_caller() {
    let pool = started().await;
    let own = tokens(&pool).await;
    let (header, claims, signature) = parts(&text(&own, "access_token"));
    let (of_id, ..) = parts(&text(&own, "id_token"));
    for (member, value) in [
        ("kid", json!("")),
        ("kid", json!("../../dev/null")),
        ("kid", json!("' OR 1=1 --")),
        ("kid", json!(["a"])),
        ("kid", json!(null)),
        ("kid", of_id["kid"].clone()),
        ("jku", json!("http://127.0.0.1:1/keys")),
        ("x5u", json!("http://127.0.0.1:1/keys")),
        ("jwk", json!({ "kty": "oct", "k": "" })),
        ("crit", json!(["exp"])),
    ] {
        let mut header = header.clone();
        header[member] = value.clone();
        let forged = format!("{}.{signature}", signed_part(&header, &claims));
        assert!(!counts(&pool, &forged).await, "{member} {value}");
    }
}

#[tokio::test]
async fn a_changed_token_is_none() {
    let pool = started().await;
    let access = text(&tokens(&pool).await, "access_token");
    let (header, claims, signature) = parts(&access);
    for (claim, value) in [
        ("token_use", json!("id")),
        ("username", json!("bob")),
        ("sub", json!("00000000-0000-4000-8000-000000000000")),
        ("exp", json!(9_999_999_999_u64)),
        ("scope", json!("openid phone aws.cognito.signin.user.admin")),
        ("client_id", json!("another")),
    ] {
        let mut claims = claims.clone();
        claims[claim] = value;
        let forged = format!("{}.{signature}", signed_part(&header, &claims));
        assert!(!counts(&pool, &forged).await, "{claim}");
    }
    for forged in [
        format!("{access}."),
        format!("{access}.x"),
        format!(".{access}"),
        access.replacen('.', "..", 1),
        format!("{access}="),
        access[..access.len() - 1].to_owned(),
        access.to_uppercase(),
        "..".to_owned(),
        "a".repeat(10_000),
    ] {
        assert!(!counts(&pool, &forged).await, "{forged}");
    }
    pool.clock().advance(std::time::Duration::from_secs(3601));
    assert!(!counts(&pool, &access).await, "an expired token");
}

/// A refresh token belongs to the client that got it, and the token of a machine to no user.
#[tokio::test]
async fn a_token_serves_no_other_client() {
    let pool = builder().start().await.unwrap();
    let made = json!({ "UserPoolId": POOL, "ClientName": "other", "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"] });
    let made = pool.call("CreateUserPoolClient", made).await.unwrap();
    let other = made["UserPoolClient"]["ClientId"].as_str().unwrap();
    let refresh = text(&tokens(&pool).await, "refresh_token");
    let input = json!({
        "ClientId": other, "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": { "REFRESH_TOKEN": refresh },
    });
    assert_eq!(
        pool.call("InitiateAuth", input).await.unwrap_err().class(),
        "NotAuthorizedException"
    );
    let input = json!({ "ClientId": other, "RefreshToken": refresh });
    assert!(pool.call("GetTokensFromRefreshToken", input).await.is_err());
    // Revoking it there ends nothing.
    let _ = pool
        .call("RevokeToken", json!({ "ClientId": other, "Token": refresh }))
        .await;
    let input = json!({ "ClientId": "localclient", "RefreshToken": refresh });
    pool.call("GetTokensFromRefreshToken", input).await.unwrap();
}
