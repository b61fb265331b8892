//! Passkeys on the pages of managed login: registration, sign-in, and what the pages refuse.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cognito_triggers_pool::{LocalPool, handler_fn};
use serde_json::{Value, json};

use crate::authenticator::Authenticator;
use crate::browser::{Browser, Response};
use crate::managed_login::{QUERY, builder, form};

const POOL: &str = "us-east-1_localpool";
const ADD: &str = "/passkeys/add?client_id=localclient&redirect_uri=https%3A%2F%2Fapp.example%2F";

/// A browser that visits the pages at `http://localhost`, and the passkey of its user.
struct Visitor {
    pool: LocalPool,
    browser: Browser,
    authenticator: Authenticator,
    /// The value of `Host`.
    host: String,
}

impl Visitor {
    async fn new() -> Self {
        let arn = "arn:aws:lambda:us-east-1:123456789012:function:f";
        let hooks = ["PreAuthentication", "PostAuthentication", "PreTokenGeneration"];
        let hooks: serde_json::Map<_, _> = hooks
            .iter()
            .map(|hook| ((*hook).to_owned(), json!(arn)))
            .collect();
        let factors = json!({ "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"] } });
        let pool = builder()
            .pool_setting("Policies", factors)
            .pool_setting("WebAuthnConfiguration", json!({ "RelyingPartyId": "localhost" }))
            .pool_setting("LambdaConfig", Value::Object(hooks))
            .functions(handler_fn(|_, event| Ok(event)))
            .start()
            .await
            .unwrap();
        let port = pool.endpoint().rsplit(':').next().unwrap().to_owned();
        let mut authenticator = Authenticator::new("pages");
        authenticator.origin = format!("http://localhost:{port}");
        Self {
            host: format!("host: localhost:{port}"),
            browser: Browser::default(),
            authenticator,
            pool,
        }
    }

    async fn get(&mut self, path: &str) -> Response {
        let endpoint = self.pool.endpoint();
        let headers = [self.host.clone()];
        self.browser.request(&endpoint, "GET", path, &headers, "").await
    }

    async fn post(&mut self, path: &str, pairs: &[(&str, &str)]) -> Response {
        let endpoint = self.pool.endpoint();
        let token = self.browser.token(&endpoint).unwrap().clone();
        let pairs: Vec<_> = pairs.iter().copied().chain([("_csrf", &*token)]).collect();
        let headers = [self.host.clone()];
        self.browser
            .request(&endpoint, "POST", path, &headers, &form(&pairs))
            .await
    }

    async fn sign_in_with_password(&mut self) {
        self.get(&format!("/login?{QUERY}")).await;
        let pairs = [("username", "ana"), ("password", "Passw0rd!")];
        let response = self.post(&format!("/login?{QUERY}"), &pairs).await;
        assert!(location(&response).starts_with("https://app.example/?code="));
    }

    /// Registers the passkey on the page, in a browser that is signed in.
    async fn add(&mut self) -> Response {
        let page = self.get(ADD).await;
        let credential = self.authenticator.register(&options(&page));
        self.post(ADD, &[("credential", &credential.to_string())]).await
    }

    /// Comes to the page that asks for the passkey. Returns its address and the page.
    async fn asked(&mut self) -> (String, Response) {
        self.get(&format!("/login?{QUERY}")).await;
        let pairs = [("username", "ana"), ("choose", "true")];
        let chosen = self.post(&format!("/login?{QUERY}"), &pairs).await;
        let choice = location(&chosen).to_owned();
        let page = self.get(&choice).await;
        assert!(
            page.body.contains("value=\"WEB_AUTHN\">Use a passkey"),
            "{}",
            page.body
        );
        let asked = self.post(&choice, &[("answer", "WEB_AUTHN")]).await;
        let address = location(&asked).to_owned();
        let page = self.get(&address).await;
        (address, page)
    }

    /// The sources of the triggers that were fired, in order.
    fn sources(&self) -> Vec<String> {
        let events = self.pool.events();
        events
            .sources()
            .iter()
            .map(|source| (*source).to_owned())
            .collect()
    }
}

fn location(response: &Response) -> &str {
    response.header("location").unwrap_or(&response.body)
}

/// What the page would give to the authenticator.
fn options(page: &Response) -> Value {
    let (_, rest) = page.body.split_once("data-options=\"").unwrap();
    let text = rest.split('"').next().unwrap().replace("&quot;", "\"");
    serde_json::from_str(&text).unwrap()
}

#[tokio::test]
async fn a_passkey_is_added_after_a_sign_in() {
    let mut visitor = Visitor::new().await;
    let early = visitor.get(ADD).await;
    assert_eq!(location(&early), "https://app.example/?result=invalid_session");
    visitor.sign_in_with_password().await;
    let fired = visitor.sources().len();
    let added = visitor.add().await;
    assert_eq!(location(&added), "https://app.example/?result=success");
    assert_eq!(visitor.sources().len(), fired, "a registration fires no trigger");
    let again = visitor.get(ADD).await;
    let id = &options(&again)["excludeCredentials"][0]["id"];
    assert_eq!(id, "cGFnZXM");
}

#[tokio::test]
async fn a_passkey_signs_a_browser_in() {
    let mut visitor = Visitor::new().await;
    visitor.sign_in_with_password().await;
    visitor.add().await;
    visitor.browser = Browser::default();
    let fired = visitor.sources().len();
    let (address, page) = visitor.asked().await;
    let credential = visitor.authenticator.sign(&options(&page)).to_string();
    let done = visitor.post(&address, &[("credential", &credential)]).await;
    assert!(
        location(&done).starts_with("https://app.example/?code="),
        "{}",
        location(&done)
    );
    assert_eq!(
        visitor.sources()[fired..],
        [
            "PreAuthentication_Authentication",
            "PostAuthentication_Authentication",
            "TokenGeneration_HostedAuth"
        ]
    );
    // The session of the browser counts, and the proof can't be sent twice.
    let silent = visitor.get(&format!("/oauth2/authorize?{QUERY}")).await;
    assert!(location(&silent).starts_with("https://app.example/?code="));
    let twice = visitor.post(&address, &[("credential", &credential)]).await;
    assert_eq!(twice.status, 400);
}

#[tokio::test]
async fn a_wrong_proof_begins_the_sign_in_again() {
    let mut visitor = Visitor::new().await;
    visitor.sign_in_with_password().await;
    visitor.add().await;
    visitor.browser = Browser::default();
    let (address, page) = visitor.asked().await;
    let stranger = Authenticator::new("stranger").sign(&options(&page)).to_string();
    let refused = visitor.post(&address, &[("credential", &stranger)]).await;
    assert_eq!(refused.status, 400);
    assert!(
        refused.body.contains("The passkey&#39;s answer is refused"),
        "{}",
        refused.body
    );
    assert!(
        refused.body.contains("name=\"password\""),
        "it is the sign-in page"
    );
    let session = visitor.get(&format!("/oauth2/authorize?{QUERY}")).await;
    assert!(location(&session).starts_with("/login?"));
}

#[tokio::test]
async fn only_pages_of_passkeys_run_their_script() {
    let mut visitor = Visitor::new().await;
    let login = visitor.get(&format!("/login?{QUERY}")).await;
    assert!(
        !login
            .header("content-security-policy")
            .unwrap()
            .contains("script-src")
    );
    visitor.sign_in_with_password().await;
    let page = visitor.get(ADD).await;
    let (_, rest) = page.body.split_once("<script>").unwrap();
    let script = rest.split("</script>").next().unwrap();
    let hash = STANDARD.encode(digest(&SHA256, script.as_bytes()));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src"), "{policy}");
    assert!(
        policy.contains(&format!("script-src 'sha256-{hash}';")),
        "{policy}"
    );
    assert_eq!(page.body.matches("<script").count(), 1);
}

#[tokio::test]
async fn a_hostile_user_name_stays_data() {
    let mut visitor = Visitor::new().await;
    let name = "\"'><script>alert(1)</script>";
    let input = json!({ "UserPoolId": POOL, "Username": name, "MessageAction": "SUPPRESS" });
    visitor.pool.call("AdminCreateUser", input).await.unwrap();
    let input = json!({ "UserPoolId": POOL, "Username": name, "Password": "Passw0rd!", "Permanent": true });
    visitor.pool.call("AdminSetUserPassword", input).await.unwrap();
    visitor.get(&format!("/login?{QUERY}")).await;
    visitor
        .post(
            &format!("/login?{QUERY}"),
            &[("username", name), ("password", "Passw0rd!")],
        )
        .await;
    let page = visitor.get(ADD).await;
    assert_eq!(page.body.matches("<script").count(), 1, "{}", page.body);
    assert!(page.body.contains("&lt;script&gt;alert(1)"), "{}", page.body);
}

#[tokio::test]
async fn an_ip_address_has_no_passkeys() {
    let mut visitor = Visitor::new().await;
    visitor.host = format!(
        "host: {}",
        visitor.pool.endpoint().strip_prefix("http://").unwrap()
    );
    visitor.sign_in_with_password().await;
    let page = visitor.get(ADD).await;
    assert_eq!(page.status, 400);
    assert!(page.body.contains("belong to localhost"), "{}", page.body);
}

#[tokio::test]
async fn forged_and_broken_forms_register_nothing() {
    let mut visitor = Visitor::new().await;
    visitor.sign_in_with_password().await;
    let page = visitor.get(ADD).await;
    let credential = visitor.authenticator.register(&options(&page)).to_string();
    let endpoint = visitor.pool.endpoint();
    let headers = [visitor.host.clone()];
    let pairs = form(&[("credential", &credential), ("_csrf", "guessed")]);
    let forged = visitor
        .browser
        .request(&endpoint, "POST", ADD, &headers, &pairs)
        .await;
    assert_eq!(forged.status, 403);
    let foreign = [visitor.host.clone(), "origin: https://evil.test".to_owned()];
    let foreign = visitor
        .browser
        .request(&endpoint, "POST", ADD, &foreign, &pairs)
        .await;
    assert_eq!(foreign.status, 403);
    for broken in ["", "null", "{}", "[", "\"><script>"] {
        let refused = visitor.post(ADD, &[("credential", broken)]).await;
        assert_eq!(refused.status, 400, "{broken}");
        assert!(
            refused
                .body
                .contains("The passkey is refused: type can&#39;t be read."),
            "{}",
            refused.body
        );
    }
    // The challenge of the first page is still there.
    let added = visitor.post(ADD, &[("credential", &credential)]).await;
    assert_eq!(location(&added), "https://app.example/?result=success");
}

#[tokio::test]
async fn the_parameters_of_the_page_are_checked() {
    let mut visitor = Visitor::new().await;
    visitor.sign_in_with_password().await;
    for (path, text) in [
        (
            "/passkeys/add?client_id=localclient&redirect_uri=https%3A%2F%2Fevil.test%2F",
            "redirect_mismatch",
        ),
        (
            "/passkeys/add?client_id=nobody&redirect_uri=https%3A%2F%2Fapp.example%2F",
            "invalid_client",
        ),
        ("/passkeys/add", "invalid_request"),
    ] {
        let page = visitor.get(path).await;
        assert_eq!(page.status, 400, "{path}");
        assert!(page.body.contains(text), "{}", page.body);
    }
    let input = json!({
        "UserPoolId": POOL, "Policies": { "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD"] } },
    });
    visitor.pool.call("UpdateUserPool", input).await.unwrap();
    let page = visitor.get(ADD).await;
    assert!(page.body.contains("No passkeys here"), "{}", page.body);
}
