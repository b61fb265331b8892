//! No text of a user, a provider or a function becomes HTML, whichever trigger or attribute it comes from.

use cognito_triggers_pool::{LocalPool, handler_fn};
use serde_json::{Value, json};

use crate::browser::{Browser, Response, escape};
use crate::managed_login::{QUERY, builder, form, get, token};
use crate::truth::{call, fail_next};

const POOL: &str = "us-east-1_localpool";
const HOSTILE: &str = "\"'></p><script>alert(1)</script><img src=x onerror=alert(1)>";

/// Fails if a response has the text as HTML, or as part of a header.
#[track_caller]
fn is_harmless(response: &Response, what: &str) {
    for forbidden in ["<script", "<img", "\"'>"] {
        assert!(!response.body.contains(forbidden), "{what}: {}", response.body);
    }
    for (name, value) in &response.headers {
        assert!(!value.contains(['<', '>']), "{what}: {name}: {value}");
    }
}

async fn post(pool: &LocalPool, browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Response {
    let token = token(pool, browser).await;
    let mut fields = fields.to_vec();
    fields.push(("_csrf", &token));
    let path = format!("{path}?{QUERY}");
    browser
        .request(&pool.endpoint(), "POST", &path, &[], &form(&fields))
        .await
}

#[tokio::test]
async fn the_error_of_each_trigger_is_text_on_each_page() {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:f";
    let hooks = json!({
        "PreSignUp": arn, "CustomMessage": arn, "PostConfirmation": arn, "PreAuthentication": arn,
        "PostAuthentication": arn, "PreTokenGeneration": arn, "UserMigration": arn,
    });
    let attributes = json!([
        { "Name": "email", "Value": "ana@example.com" }, { "Name": "email_verified", "Value": "true" },
    ]);
    let known = ("username", "ana");
    let right = ("password", "Passw0rd!");
    let reset: [(&str, &str); 3] = [known, ("code", "123456"), ("password", "Passw0rd!2")];
    let new: [(&str, &str); 3] = [("username", "bob"), right, ("email", "bob@example.com")];
    for (trigger, path, fields) in [
        ("UserMigration", "/login", &[("username", "nobody"), right][..]),
        ("PreAuthentication", "/login", &[known, right]),
        ("PostAuthentication", "/login", &[known, right]),
        ("PreTokenGeneration", "/login", &[known, right]),
        ("PreSignUp", "/signup", &new),
        ("CustomMessage", "/signup", &new),
        (
            "PostConfirmation",
            "/confirmUser",
            &[("username", "bob"), ("code", "123456")],
        ),
        ("UserMigration", "/forgotPassword", &[("username", "nobody")]),
        ("CustomMessage", "/forgotPassword", &[known]),
        ("PostConfirmation", "/confirmForgotPassword", &reset),
    ] {
        let what = format!("{trigger} at {path}");
        let pool = builder()
            .pool_setting("LambdaConfig", hooks.clone())
            .pool_setting("AutoVerifiedAttributes", json!(["email"]))
            .functions(handler_fn(|_, event| Ok(event)))
            .code("123456")
            .start()
            .await
            .unwrap();
        let input = json!({ "UserPoolId": POOL, "Username": "ana", "UserAttributes": attributes });
        pool.call("AdminUpdateUserAttributes", input).await.unwrap();
        let mut browser = Browser::default();
        if path == "/confirmUser" {
            post(&pool, &mut browser, "/signup", &new).await;
        }
        if path == "/confirmForgotPassword" {
            post(&pool, &mut browser, "/forgotPassword", &[known]).await;
        }
        let before = pool.events().len();
        let drill = json!({ "trigger": trigger, "how": "error", "message": HOSTILE });
        fail_next(&pool.endpoint(), &drill).await;
        let response = post(&pool, &mut browser, path, fields).await;
        is_harmless(&response, &what);
        let events = pool.events();
        let failed = events[before..].iter().any(|event| event.error.is_some());
        assert!(failed, "{what}: the trigger didn't fail");
        // The text is shown, or sent on to the app.
        let location = response.header("location").unwrap_or_default();
        let shown = response.body.contains("&lt;script&gt;") || location.contains("%3Cscript%3E");
        let hidden = matches!((trigger, path), ("UserMigration", _));
        assert!(shown || hidden, "{what}: {} {}", location, response.body);
    }
}

/// The pages show the name and the address of a user, and later ones may show more.
#[tokio::test]
async fn no_attribute_of_a_user_becomes_html() {
    let schema = json!([{ "Name": "note", "AttributeDataType": "String", "Mutable": true }]);
    let pool = builder()
        .pool_setting("AutoVerifiedAttributes", json!(["email"]))
        .pool_setting("Schema", schema)
        .start()
        .await
        .unwrap();
    let names = [
        "address",
        "birthdate",
        "email",
        "family_name",
        "gender",
        "given_name",
        "locale",
        "middle_name",
        "name",
        "nickname",
        "phone_number",
        "picture",
        "preferred_username",
        "profile",
        "website",
        "zoneinfo",
        "custom:note",
    ];
    // A birthdate and a phone number have a form, so the pool refuses such a text.
    let mut stored = 0;
    for name in names {
        let value = if name == "email" {
            "\"<script>\"@example.com"
        } else {
            HOSTILE
        };
        let attributes = json!([{ "Name": name, "Value": value }]);
        let input = json!({ "UserPoolId": POOL, "Username": "ana", "UserAttributes": attributes });
        stored += usize::from(pool.call("AdminUpdateUserAttributes", input).await.is_ok());
    }
    assert!(stored > 10, "{stored}");
    let verified = json!([{ "Name": "email_verified", "Value": "true" }]);
    let input = json!({ "UserPoolId": POOL, "Username": "ana", "UserAttributes": verified });
    pool.call("AdminUpdateUserAttributes", input).await.unwrap();
    let mut browser = Browser::default();
    for (path, fields) in [
        ("/forgotPassword", &[("username", "ana")][..]),
        (
            "/confirmForgotPassword",
            &[("username", "ana"), ("code", HOSTILE), ("password", HOSTILE)],
        ),
        ("/confirmUser", &[("username", "ana"), ("code", HOSTILE)]),
        ("/login", &[("username", "ana"), ("password", HOSTILE)]),
        ("/login", &[("username", HOSTILE), ("password", HOSTILE)]),
        (
            "/signup",
            &[
                ("username", HOSTILE),
                ("password", HOSTILE),
                ("email", HOSTILE),
                (HOSTILE, HOSTILE),
            ],
        ),
    ] {
        let response = post(&pool, &mut browser, path, fields).await;
        is_harmless(&response, path);
        if let Some(location) = response
            .header("location")
            .filter(|location| location.starts_with('/'))
        {
            let location = location.to_owned();
            is_harmless(&get(&pool, &mut browser, &location).await, &location);
        }
    }
}

/// The names of pools, clients and providers are on the pages too.
#[tokio::test]
async fn no_name_of_a_client_or_a_provider_becomes_html() {
    let pool = builder()
        .client_setting("ClientName", json!("client"))
        .start()
        .await
        .unwrap();
    let provider = json!({
        "UserPoolId": POOL, "ProviderName": "a\"'><script>", "ProviderType": "SAML",
        "ProviderDetails": { "MetadataURL": "https://idp.example.com/m" },
        "AttributeMapping": { "name": HOSTILE },
        "IdpIdentifiers": ["acme"],
    });
    pool.call("CreateIdentityProvider", provider).await.unwrap();
    let described = json!({ "UserPoolId": POOL, "ClientId": "localclient" });
    let described = call(&pool.endpoint(), "DescribeUserPoolClient", &described)
        .await
        .unwrap();
    let mut client = described["UserPoolClient"].clone();
    for member in ["CreationDate", "LastModifiedDate", "ClientSecret"] {
        client.as_object_mut().unwrap().remove(member);
    }
    client["SupportedIdentityProviders"] = json!(["COGNITO", "a\"'><script>"]);
    pool.call("UpdateUserPoolClient", client).await.unwrap();
    let mut browser = Browser::default();
    let name = escape("a\"'><script>");
    for path in [
        format!("/login?{QUERY}"),
        format!("/_dev/identity-provider?{QUERY}&identity_provider={name}"),
        format!("/_dev/identity-provider?{QUERY}&idp_identifier=acme"),
    ] {
        let response = get(&pool, &mut browser, &path).await;
        assert_eq!(response.status, 200, "{path}");
        is_harmless(&response, &path);
    }
    let more = json!({ HOSTILE: [HOSTILE, { "a": HOSTILE }], "groups": ["a", "b"] }).to_string();
    let attribute = format!("attribute:{HOSTILE}");
    let fields = [("subject", HOSTILE), (&*attribute, HOSTILE), ("more", &*more)];
    let token = token(&pool, &mut browser).await;
    let body = form(&[&fields[..], &[("_csrf", &token)]].concat());
    let path = format!("/_dev/identity-provider?{QUERY}&idp_identifier=acme");
    let response = browser.request(&pool.endpoint(), "POST", &path, &[], &body).await;
    is_harmless(&response, &path);
    let users: Value = pool
        .call("ListUsers", json!({ "UserPoolId": POOL }))
        .await
        .unwrap();
    // The provider's id has blanks, so no user can have the name.
    assert_eq!(users["Users"].as_array().map(Vec::len), Some(1), "{users}");
}
