//! HTTPS: what follows the scheme, and who may do without it.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cognito_triggers_pool::{Certificate, LocalPool};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs::default_provider};

const CALLBACK: &str = "https://app.example/callback";

/// A pool with an app for the code grant, and its certificate.
async fn start() -> (LocalPool, Certificate) {
    let certificate = Certificate::for_this_machine(["pool.test"]).unwrap();
    let pool = LocalPool::builder()
        .tls(certificate.clone())
        .allow_host("pool.test")
        .client_setting("AllowedOAuthFlowsUserPoolClient", json!(true))
        .client_setting("AllowedOAuthFlows", json!(["code"]))
        .client_setting("AllowedOAuthScopes", json!(["openid"]))
        .client_setting("SupportedIdentityProviders", json!(["COGNITO"]))
        .client_setting("CallbackURLs", json!([CALLBACK]))
        .user(
            "us-east-1_localpool",
            json!({ "Username": "ana", "Password": "Passw0rd!" }),
        )
        .start()
        .await
        .unwrap();
    (pool, certificate)
}

async fn tcp(pool: &LocalPool) -> TcpStream {
    let endpoint = pool.endpoint();
    let address = endpoint.strip_prefix("https://").unwrap();
    TcpStream::connect(address).await.unwrap()
}

async fn exchange(mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A server ends a connection without a farewell of TLS.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

/// Sends a request as a client that trusts the authority and knows the pool as `localhost`.
async fn encrypted(pool: &LocalPool, certificate: &Certificate, request: &str) -> String {
    let mut roots = RootCertStore::empty();
    let authority = certificate.authority_pem().unwrap();
    roots
        .add(CertificateDer::from_pem_slice(authority.as_bytes()).unwrap())
        .unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = TlsConnector::from(Arc::new(config));
    let name = ServerName::try_from("localhost").unwrap();
    let stream = connector.connect(name, tcp(pool).await).await.unwrap();
    exchange(stream, request).await
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost:9229\r\nconnection: close\r\n\r\n")
}

/// A call of InitiateAuth with more headers.
fn sign_in(headers: &str) -> String {
    let body = json!({
        "ClientId": "localclient", "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": { "USERNAME": "ana", "PASSWORD": "Passw0rd!" },
    })
    .to_string();
    format!(
        "POST / HTTP/1.1\r\nhost: 127.0.0.1\r\nx-amz-target: AWSCognitoIdentityProviderService.InitiateAuth\r\n\
         {headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn body(answer: &str) -> Value {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 "), "{answer}");
    serde_json::from_str(body).unwrap()
}

#[tokio::test]
async fn every_url_and_the_issuer_are_https() {
    let (pool, certificate) = start().await;
    let endpoint = pool.endpoint();
    let path = "/us-east-1_localpool/.well-known/openid-configuration";
    let discovered = body(&encrypted(&pool, &certificate, &get(path)).await);
    let urls = discovered.as_object().unwrap().values().filter_map(Value::as_str);
    let urls: Vec<_> = urls.collect();
    assert!(
        urls.len() >= 7 && urls.iter().all(|url| url.starts_with(&endpoint)),
        "{discovered}"
    );
    let keys = body(
        &encrypted(
            &pool,
            &certificate,
            &get("/us-east-1_localpool/.well-known/jwks.json"),
        )
        .await,
    );
    assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
    let tokens = body(&encrypted(&pool, &certificate, &sign_in("")).await);
    let token = tokens["AuthenticationResult"]["IdToken"].as_str().unwrap();
    let claims = token.split('.').nth(1).unwrap();
    let claims = URL_SAFE_NO_PAD.decode(claims).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["iss"], format!("{endpoint}/us-east-1_localpool"));
}

#[tokio::test]
async fn pages_set_secure_cookies_of_the_host() {
    let (pool, certificate) = start().await;
    let path = format!("/login?client_id=localclient&response_type=code&redirect_uri={CALLBACK}");
    let page = encrypted(&pool, &certificate, &get(&path)).await;
    let cookie = page
        .lines()
        .find(|line| line.starts_with("set-cookie: "))
        .unwrap();
    assert!(
        cookie.starts_with("set-cookie: __Host-cognito-csrf-") && cookie.ends_with("; Secure"),
        "{cookie}"
    );
}

#[tokio::test]
async fn plain_http_is_told_to_use_https() {
    let (pool, _) = start().await;
    let refusal = format!("use {}.", pool.endpoint());
    let page = "origin: http://localhost:3000\r\n";
    for request in [
        get("/"),
        get("/_dev/messages"),
        get("/login?client_id=localclient"),
        sign_in(page),
    ] {
        let answer = exchange(tcp(&pool).await, &request).await;
        assert!(
            answer.starts_with("HTTP/1.1 400 ") && answer.contains(&refusal),
            "{answer}"
        );
        assert!(answer.contains("access-control-allow-origin: *"), "{answer}");
    }
}

#[tokio::test]
async fn programs_of_this_machine_call_the_api_without_tls() {
    let (pool, _) = start().await;
    let tokens = body(&exchange(tcp(&pool).await, &sign_in("")).await);
    assert!(tokens["AuthenticationResult"]["AccessToken"].is_string());
}
