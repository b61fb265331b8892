//! Sign-in with a real OIDC provider on this machine: another local pool, whose code is exchanged over HTTP.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of a test fails the test"
)]

use cognito_triggers_pool::{LocalPool, handler_fn};
use serde_json::{Value, json};

use super::browser::{Browser, Web};
use super::oauth::calls;

const POOL: &str = "us-east-1_localpool";
const QUERY: &str = "client_id=localclient&response_type=code&redirect_uri=https%3A%2F%2Fapp.example%2F&scope=openid&state=s&identity_provider=Acme";

/// The pool of the app, the pool that is its provider, and a browser for each, since cookies belong to a host.
struct World {
    app: LocalPool,
    idp: LocalPool,
    at_app: Browser,
    at_idp: Browser,
    /// The URL of the app's pool in the browser.
    url: String,
}

async fn started(secret: &str) -> World {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:f";
    let mut builder = LocalPool::builder()
        .functions(handler_fn(|_, event| Ok(event)))
        .pool_setting("LambdaConfig", json!({
            "InboundFederation": { "LambdaVersion": "V1_0", "LambdaArn": arn },
            "PreSignUp": arn, "PostConfirmation": arn, "PreAuthentication": arn, "PostAuthentication": arn,
            "PreTokenGeneration": arn,
        }));
    for (member, value) in [
        ("AllowedOAuthFlowsUserPoolClient", json!(true)),
        ("AllowedOAuthFlows", json!(["code"])),
        ("AllowedOAuthScopes", json!(["openid"])),
        ("CallbackURLs", json!(["https://app.example/"])),
        ("SupportedIdentityProviders", json!(["Acme"])),
    ] {
        builder = builder.client_setting(member, value);
    }
    let app = builder.start().await.unwrap();
    let mut builder = LocalPool::builder();
    for (member, value) in [
        ("ClientSecret", json!("right")),
        ("AllowedOAuthFlowsUserPoolClient", json!(true)),
        ("AllowedOAuthFlows", json!(["code"])),
        ("AllowedOAuthScopes", json!(["openid", "email"])),
        (
            "CallbackURLs",
            json!([app.endpoint(), at_localhost(&app)].map(|url| format!("{url}/oauth2/idpresponse"))),
        ),
    ] {
        builder = builder.client_setting(member, value);
    }
    let attributes = json!([
        { "Name": "sub", "Value": "7f5e0000-0000-4000-8000-000000000001" },
        { "Name": "email", "Value": "ana@example.com" }, { "Name": "email_verified", "Value": "true" },
    ]);
    let user = json!({ "Username": "ana", "Password": "Passw0rd!", "Attributes": attributes });
    let idp = builder.user(POOL, user).start().await.unwrap();
    let provider = json!({
        "UserPoolId": POOL, "ProviderName": "Acme", "ProviderType": "OIDC",
        "AttributeMapping": { "email": "email", "email_verified": "email_verified" },
        "ProviderDetails": {
            "client_id": "localclient", "client_secret": secret, "authorize_scopes": "openid email",
            "oidc_issuer": format!("{}/{POOL}", idp.endpoint()), "attributes_request_method": "GET",
        },
    });
    let made = app.call("CreateIdentityProvider", provider).await.unwrap();
    let details = &made["IdentityProvider"]["ProviderDetails"];
    for (key, path) in [
        ("authorize_url", "oauth2/authorize"),
        ("token_url", "oauth2/token"),
        ("attributes_url", "oauth2/userInfo"),
        ("jwks_uri", "us-east-1_localpool/.well-known/jwks.json"),
    ] {
        assert_eq!(details[key], format!("{}/{path}", idp.endpoint()));
    }
    World {
        url: app.endpoint(),
        app,
        idp,
        at_app: Browser::default(),
        at_idp: Browser::default(),
    }
}

impl World {
    /// Signs in at the provider, and returns the path with which the browser comes back.
    async fn come_back(&mut self) -> String {
        let path = format!("/oauth2/authorize?{QUERY}");
        let response = self.at_app.request(&self.url, "GET", &path, &[], "").await;
        let location = response.header("location").unwrap().to_owned();
        let authorize = location.strip_prefix(&*self.idp.endpoint()).unwrap();
        let response = self
            .at_idp
            .request(&self.idp.endpoint(), "GET", authorize, &[], "")
            .await;
        let mut location = response.header("location").unwrap().to_owned();
        if location.starts_with("/login?") {
            self.at_idp
                .request(&self.idp.endpoint(), "GET", &location, &[], "")
                .await;
            let form = [("username", "ana"), ("password", "Passw0rd!")];
            let form = form.map(|(name, value)| (name.to_owned(), value.to_owned()));
            let token = (
                "_csrf".to_owned(),
                self.at_idp.token(&self.idp.endpoint()).unwrap().clone(),
            );
            let body = super::browser::encode(&form.into_iter().chain([token]).collect());
            let response = self
                .at_idp
                .request(&self.idp.endpoint(), "POST", &location, &[], &body)
                .await;
            location = response.header("location").unwrap().to_owned();
        }
        location.strip_prefix(&*self.url).unwrap().to_owned()
    }

    async fn arrive(&mut self, path: &str) -> Result<Value, Value> {
        let web = Web {
            get: Some(path.to_owned()),
            ..Web::default()
        };
        self.at_app.send(&self.url, &web).await
    }
}

/// The URL of a pool with the name that people type.
fn at_localhost(pool: &LocalPool) -> String {
    pool.endpoint().replace("127.0.0.1", "localhost")
}

/// The cookies of the browser belong to the host in its address bar, whatever the pool calls itself.
#[tokio::test]
async fn a_provider_sends_the_browser_back_to_its_own_host() {
    let mut world = started("right").await;
    world.url = at_localhost(&world.app);
    let path = world.come_back().await;
    let answer = world.arrive(&path).await.unwrap();
    assert_eq!(answer["location"], "https://app.example/");
    assert_eq!(
        world.app.events().sources()[0],
        "InboundFederation_ExternalProvider"
    );
}

#[tokio::test]
async fn a_code_of_a_provider_signs_its_user_in() {
    let mut world = started("right").await;
    let path = world.come_back().await;
    let answer = world.arrive(&path).await.unwrap();
    assert_eq!(answer["location"], "https://app.example/");
    assert_eq!(answer["parameters"]["state"], "s");
    let events = world.app.events();
    assert_eq!(
        events.sources(),
        [
            "InboundFederation_ExternalProvider",
            "PreSignUp_ExternalProvider",
            "PostConfirmation_ConfirmSignUp",
            "TokenGeneration_HostedAuth",
        ]
    );
    let attributes = &events.first().unwrap().event["request"]["attributes"];
    assert_eq!(attributes["idToken"]["aud"], "[localclient]");
    assert_eq!(attributes["idToken"]["email_verified"], "true");
    assert!(
        attributes["idToken"]["exp"].as_str().unwrap().contains(" UTC 20"),
        "{attributes}"
    );
    assert_eq!(attributes["userInfo"]["username"], "ana");
    assert_eq!(attributes["tokenResponse"]["expires_in"], "3600");
    let name = "Acme_7f5e0000-0000-4000-8000-000000000001";
    let user = json!({ "UserPoolId": POOL, "Username": name });
    let user = world.app.call("AdminGetUser", user).await.unwrap();
    assert_eq!(user["UserStatus"], "EXTERNAL_PROVIDER");
    let verified = json!({ "Name": "email_verified", "Value": "true" });
    assert!(
        user["UserAttributes"].as_array().unwrap().contains(&verified),
        "{user}"
    );
    // A second sign-in, in a browser that isn't signed in at the app.
    world.at_app = Browser::default();
    let path = world.come_back().await;
    world.arrive(&path).await.unwrap();
    assert_eq!(
        world.app.events().sources()[5],
        "PreAuthentication_Authentication"
    );
}

#[tokio::test]
async fn a_provider_that_is_called_has_no_stand_in() {
    let mut world = started("right").await;
    let stand_in = format!("/_dev/identity-provider?{QUERY}");
    let shown = world.arrive(&stand_in).await.unwrap();
    assert_eq!(shown["location"], "/oauth2/authorize");
    assert_eq!(shown["parameters"]["identity_provider"], "Acme");
    // The browser has the token against forgery from the app's own page.
    world.come_back().await;
    let forged = Web {
        post: Some(stand_in),
        form: [("subject".to_owned(), "7".to_owned())].into(),
        ..Web::default()
    };
    let answer = world.at_app.send(&world.app.endpoint(), &forged).await.unwrap();
    assert_eq!(answer["location"], "/oauth2/authorize");
    let input = json!({ "UserPoolId": POOL });
    let users = world.app.call("ListUsers", input).await.unwrap();
    assert_eq!(users["Users"], json!([]));
}

#[tokio::test]
async fn an_answer_of_a_provider_counts_once_and_for_one_browser() {
    let mut world = started("right").await;
    let path = world.come_back().await;
    let own = std::mem::take(&mut world.at_app);
    let error = world.arrive(&path).await.unwrap_err();
    assert_eq!(
        (&error["__type"], &error["message"]),
        (&json!("page"), &json!("Try again"))
    );
    // The attempt of another browser has used it up.
    world.at_app = own;
    assert_eq!(world.arrive(&path).await.unwrap_err()["message"], "Try again");
    let path = world.come_back().await;
    world.arrive(&path).await.unwrap();
    assert_eq!(world.arrive(&path).await.unwrap_err()["message"], "Try again");
    let mut activities = world.app.activities();
    for forged in [
        "/oauth2/idpresponse",
        "/oauth2/idpresponse?code=a",
        "/oauth2/idpresponse?code=a&state=b",
    ] {
        assert_eq!(
            world.arrive(forged).await.unwrap_err()["message"],
            "Try again",
            "{forged}"
        );
        // Nobody was signed in, so the feed names an exception.
        let exception = Some("InvalidParameterException".to_owned());
        assert_eq!(
            calls(&world.app, &mut activities).await,
            [("OAuth /oauth2/idpresponse".to_owned(), exception)]
        );
    }
}

#[tokio::test]
async fn the_errors_of_a_provider_reach_the_app() {
    let mut world = started("wrong").await;
    let path = world.come_back().await;
    let error = world.arrive(&path).await.unwrap_err();
    assert_eq!(error["__type"], "invalid_request");
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .ends_with("answered 400 and invalid_client"),
        "{error}"
    );
    let path = world.come_back().await;
    let state = path
        .split_once("state=")
        .unwrap()
        .1
        .split('&')
        .next()
        .unwrap()
        .to_owned();
    let refused = format!("/oauth2/idpresponse?error=access_denied&error_description=no&state={state}");
    let mut activities = world.app.activities();
    let error = world.arrive(&refused).await.unwrap_err();
    assert_eq!(
        (&error["__type"], &error["message"]),
        (&json!("access_denied"), &json!("no"))
    );
    let reported = calls(&world.app, &mut activities).await;
    let refusal = Some("NotAuthorizedException".to_owned());
    assert_eq!(reported, [("OAuth /oauth2/idpresponse".to_owned(), refusal)]);
    assert_eq!(
        (&error["location"], &error["state"]),
        (&json!("https://app.example/"), &json!("s"))
    );
    let users = world
        .app
        .call("ListUsers", json!({ "UserPoolId": POOL }))
        .await
        .unwrap();
    assert_eq!(users["Users"], json!([]));
}

#[tokio::test]
async fn an_issuer_that_is_not_there_is_refused() {
    let world = started("right").await;
    let provider = json!({
        "UserPoolId": POOL, "ProviderName": "Gone", "ProviderType": "OIDC",
        "ProviderDetails": {
            "client_id": "a", "authorize_scopes": "openid", "attributes_request_method": "GET",
            "oidc_issuer": format!("{}/us-east-1_nobody", world.idp.endpoint()),
        },
    });
    let error = world
        .app
        .call("CreateIdentityProvider", provider)
        .await
        .unwrap_err();
    assert_eq!(error.class(), "InvalidParameterException");
    assert!(error.message().contains("answered 404"), "{error}");
}
