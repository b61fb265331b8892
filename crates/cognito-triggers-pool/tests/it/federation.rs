//! Sign-in with an identity provider: the stand-in page against hostile texts and forms, and a function that links users.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of a test fails the test"
)]

mod accounts;
mod session;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use cognito_triggers_pool::{Builder, Functions, LambdaError, LocalPool, TriggerRecord, handler_fn};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::browser::{Browser, Web, encode, escape};
use super::truth::call;

const POOL: &str = "us-east-1_localpool";
const QUERY: &str =
    "client_id=localclient&response_type=code&redirect_uri=https%3A%2F%2Fapp.example%2F&scope=openid&state=s";

fn builder() -> Builder {
    let settings = [
        ("AllowedOAuthFlowsUserPoolClient", json!(true)),
        ("AllowedOAuthFlows", json!(["code"])),
        ("AllowedOAuthScopes", json!(["openid"])),
        ("CallbackURLs", json!(["https://app.example/"])),
    ];
    let settings = settings.into_iter();
    settings.fold(LocalPool::builder(), |builder, (member, value)| {
        builder.client_setting(member, value)
    })
}

/// Adds an OIDC provider to the pool and to its client.
async fn add_provider(pool: &LocalPool, name: &str, mapping: Value) {
    let provider = json!({
        "UserPoolId": POOL, "ProviderName": name, "ProviderType": "OIDC", "AttributeMapping": mapping,
        "ProviderDetails": {
            "client_id": "a", "authorize_scopes": "openid", "oidc_issuer": "https://idp.example.com",
            "attributes_request_method": "GET",
        },
    });
    pool.call("CreateIdentityProvider", provider).await.unwrap();
    let client = json!({ "UserPoolId": POOL, "ClientId": "localclient" });
    let described = pool.call("DescribeUserPoolClient", client.clone()).await.unwrap();
    let mut client = client;
    for member in [
        "AllowedOAuthFlowsUserPoolClient",
        "AllowedOAuthFlows",
        "AllowedOAuthScopes",
        "CallbackURLs",
    ] {
        client[member] = described["UserPoolClient"][member].clone();
    }
    client["SupportedIdentityProviders"] = json!(["COGNITO", name]);
    pool.call("UpdateUserPoolClient", client).await.unwrap();
}

fn page(provider: &str) -> String {
    format!(
        "/_dev/identity-provider?{QUERY}&identity_provider={}",
        escape(provider)
    )
}

fn web(provider: &str, form: &[(&str, &str)]) -> Web {
    let form = form
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Web {
        post: Some(page(provider)),
        form: form.collect(),
        ..Web::default()
    }
}

#[tokio::test]
async fn texts_of_a_provider_are_texts_on_the_pages() {
    let hostile = "a\"'><script>alert(1)</script>";
    let pool = builder().start().await.unwrap();
    add_provider(&pool, hostile, json!({ "email": hostile })).await;
    let mut browser = Browser::default();
    for path in [format!("/login?{QUERY}"), page(hostile)] {
        let response = browser.request(&pool.endpoint(), "GET", &path, &[], "").await;
        assert_eq!(response.status, 200, "{path}");
        assert!(response.body.contains("&lt;script&gt;"), "{}", response.body);
        assert!(
            !response.body.contains("<script") && !response.body.contains("\"'>"),
            "{}",
            response.body
        );
    }
    let claim = format!("attribute:{hostile}");
    let typed = web(hostile, &[("subject", ""), (&claim, hostile), ("more", hostile)]);
    let error = browser.send(&pool.endpoint(), &typed).await.unwrap_err();
    assert_eq!(error["message"], "The id of the user is missing.");
    let form = BTreeMap::from([
        ("_csrf".to_owned(), "x".to_owned()),
        (claim.clone(), hostile.to_owned()),
    ]);
    let response = browser
        .request(&pool.endpoint(), "POST", &page(hostile), &[], &encode(&form))
        .await;
    assert_eq!(response.status, 403);
    // The attribute reaches the user as it is.
    let good = web(hostile, &[("subject", "1"), (&claim, "ana@example.com")]);
    browser.send(&pool.endpoint(), &good).await.unwrap();
    let users = pool
        .call("ListUsers", json!({ "UserPoolId": POOL }))
        .await
        .unwrap();
    assert_eq!(users["Users"][0]["Username"], format!("{hostile}_1"));
}

#[tokio::test]
async fn a_claim_with_two_targets_has_one_field() {
    let pool = builder().start().await.unwrap();
    add_provider(&pool, "Acme", json!({ "email": "mail", "nickname": "mail" })).await;
    let mut browser = Browser::default();
    let response = browser
        .request(&pool.endpoint(), "GET", &page("Acme"), &[], "")
        .await;
    assert_eq!(
        response.body.matches("name=\"attribute:mail\"").count(),
        1,
        "{}",
        response.body
    );
    assert!(response.body.contains("mail (mapped to email, nickname)"));
    let form = [("subject", "1"), ("attribute:mail", "ana@example.com")];
    browser.send(&pool.endpoint(), &web("Acme", &form)).await.unwrap();
    let user = json!({ "UserPoolId": POOL, "Username": "Acme_1" });
    let user = pool.call("AdminGetUser", user).await.unwrap();
    for name in ["email", "nickname"] {
        let attribute = json!({ "Name": name, "Value": "ana@example.com" });
        assert!(user["UserAttributes"].as_array().unwrap().contains(&attribute));
    }
}

#[tokio::test]
async fn nobody_is_vouched_for_by_a_form_of_another_page() {
    let pool = builder().start().await.unwrap();
    add_provider(&pool, "Acme", json!({})).await;
    let mut browser = Browser::default();
    browser
        .request(&pool.endpoint(), "GET", &page("Acme"), &[], "")
        .await;
    let token = browser.token(&pool.endpoint()).unwrap();
    let form = format!("subject=1&_csrf={}", escape(token));
    for origin in ["https://evil.example", "http://localhost:3000", "null"] {
        let headers = [format!("origin: {origin}")];
        let response = browser
            .request(&pool.endpoint(), "POST", &page("Acme"), &headers, &form)
            .await;
        assert_eq!(response.status, 403, "{origin}");
    }
    // Without the token, and with it in another browser.
    for (mut browser, form) in [(browser, "subject=1"), (Browser::default(), &form)] {
        let response = browser
            .request(&pool.endpoint(), "POST", &page("Acme"), &[], form)
            .await;
        assert_eq!(response.status, 403, "{form}");
    }
    let users = pool
        .call("ListUsers", json!({ "UserPoolId": POOL }))
        .await
        .unwrap();
    assert_eq!(users["Users"], json!([]));
}

#[tokio::test]
async fn the_record_hides_the_tokens_of_a_provider() {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:f";
    let pool = builder()
        .pool_setting(
            "LambdaConfig",
            json!({ "InboundFederation": { "LambdaVersion": "V1_0", "LambdaArn": arn } }),
        )
        .functions(handler_fn(|_, event| Ok(event)))
        .start()
        .await
        .unwrap();
    add_provider(&pool, "Acme", json!({})).await;
    let mut browser = Browser::default();
    browser
        .request(&pool.endpoint(), "GET", &page("Acme"), &[], "")
        .await;
    browser
        .send(&pool.endpoint(), &web("Acme", &[("subject", "42")]))
        .await
        .unwrap();
    let attributes =
        |events: &[TriggerRecord]| events.first().unwrap().event["request"]["attributes"].clone();
    let shown = attributes(&pool.events());
    assert_eq!(shown["tokenResponse"]["access_token"], "***");
    assert_eq!(shown["tokenResponse"]["id_token"], "***");
    assert_eq!(shown["idToken"]["sub"], "42");
    assert_eq!(
        attributes(&pool.events_with_secrets())["tokenResponse"]["id_token"],
        "made.up.token"
    );
}

/// Links every new account to the user `ana`, with the API of the pool, as a function on AWS does.
struct Linking {
    endpoint: Arc<OnceLock<String>>,
    /// The source of the event at which it then disables `ana`.
    disables: Option<&'static str>,
}

impl Functions for Linking {
    fn invoke<'a>(
        &'a self,
        _arn: &'a str,
        event: Bytes,
        _limit: Duration,
    ) -> BoxFuture<'a, Result<Bytes, LambdaError>> {
        Box::pin(async move {
            let parsed: Value = serde_json::from_slice(&event).unwrap();
            if parsed["triggerSource"] == "PreSignUp_ExternalProvider" {
                let (provider, subject) = parsed["userName"].as_str().unwrap().split_once('_').unwrap();
                let input = json!({
                    "UserPoolId": parsed["userPoolId"],
                    "DestinationUser": { "ProviderName": "Cognito", "ProviderAttributeValue": "ana" },
                    "SourceUser": {
                        "ProviderName": provider, "ProviderAttributeName": "Cognito_Subject",
                        "ProviderAttributeValue": subject,
                    },
                });
                let endpoint = self.endpoint.get().unwrap();
                call(endpoint, "AdminLinkProviderForUser", &input).await.unwrap();
            }
            if self
                .disables
                .is_some_and(|source| parsed["triggerSource"] == source)
            {
                let input = json!({ "UserPoolId": parsed["userPoolId"], "Username": "ana" });
                let endpoint = self.endpoint.get().unwrap();
                call(endpoint, "AdminDisableUser", &input).await.unwrap();
            }
            Ok(event)
        })
    }
}

// FE-03: the triggers and their order are inferred, and the redirect with a code was measured.
#[tokio::test]
async fn a_function_links_an_account_at_its_first_sign_in() {
    let endpoint = Arc::new(OnceLock::new());
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:f";
    let pool = builder()
        .pool_setting("LambdaConfig", json!({
            "PreSignUp": arn, "PostConfirmation": arn, "PreAuthentication": arn, "PreTokenGeneration": arn,
        }))
        .functions(Linking { endpoint: Arc::clone(&endpoint), disables: None })
        .user(POOL, json!({ "Username": "ana", "Password": "Passw0rd!" }))
        .start()
        .await
        .unwrap();
    endpoint.set(pool.endpoint().to_owned()).unwrap();
    add_provider(&pool, "Acme", json!({ "email": "email" })).await;
    let mut browser = Browser::default();
    browser
        .request(&pool.endpoint(), "GET", &page("Acme"), &[], "")
        .await;
    let form = [("subject", "42"), ("attribute:email", "ana@example.com")];
    let answer = browser.send(&pool.endpoint(), &web("Acme", &form)).await.unwrap();
    assert_eq!(answer["location"], "https://app.example/");
    assert!(answer["parameters"]["code"].is_string(), "{answer}");
    assert_eq!(
        pool.events().sources(),
        ["PreSignUp_ExternalProvider", "TokenGeneration_HostedAuth"]
    );
    let users = pool
        .call("ListUsers", json!({ "UserPoolId": POOL }))
        .await
        .unwrap();
    assert_eq!(users["Users"].as_array().map(Vec::len), Some(1));
    let user = json!({ "UserPoolId": POOL, "Username": "ana" });
    let user = pool.call("AdminGetUser", user).await.unwrap();
    assert_eq!(user["UserStatus"], "CONFIRMED");
    // The second sign-in is that of a known user.
    browser.send(&pool.endpoint(), &web("Acme", &form)).await.unwrap();
    let sources = pool.events();
    assert_eq!(
        sources.sources()[2..],
        ["PreAuthentication_Authentication", "TokenGeneration_HostedAuth"]
    );
}
