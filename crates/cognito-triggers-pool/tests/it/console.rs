//! The console at `/`: who gets it, what it may load, and what its data leaves out.

#![expect(clippy::expect_used, reason = "a helper of a test fails the test")]

use cognito_triggers_pool::LocalPool;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const POOL: &str = "us-east-1_localpool";
const BROWSER: &str = "accept: text/html,application/xhtml+xml\r\n";

/// Sends a GET request with more header lines, and returns the head, in lowercase, and the body.
async fn get(pool: &LocalPool, path: &str, more: &str) -> (String, String) {
    let endpoint = pool.endpoint();
    let address = endpoint.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    let host = if more.contains("host:") {
        String::new()
    } else {
        format!("host: {address}\r\n")
    };
    let request = format!("GET {path} HTTP/1.1\r\n{host}connection: close\r\n{more}\r\n");
    stream.write_all(request.as_bytes()).await.expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("it answers");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    (head.to_ascii_lowercase(), body.to_owned())
}

async fn start() -> LocalPool {
    LocalPool::builder().start().await.expect("a port is free")
}

#[tokio::test]
async fn only_a_browser_gets_the_console() {
    let pool = start().await;
    let (head, body) = get(&pool, "/", BROWSER).await;
    assert!(head.starts_with("http/1.1 200 "), "{head}");
    assert!(head.contains("content-type: text/html"), "{head}");
    assert!(!head.contains("access-control-allow-origin"), "{head}");
    assert!(body.starts_with("<!doctype html>"), "{body}");
    for accept in ["", "accept: */*\r\n", "accept: application/json\r\n"] {
        let (head, body) = get(&pool, "/", accept).await;
        assert!(head.starts_with("http/1.1 404 "), "{head}");
        assert!(body.contains("answers POST requests at /"), "{body}");
    }
}

#[tokio::test]
async fn the_policy_allows_nothing_but_files_of_the_pool() {
    let pool = start().await;
    let (_, page) = get(&pool, "/", BROWSER).await;
    let paths: Vec<_> = page
        .split(['"', '\''])
        .filter(|text| text.starts_with("/_dev/console/"))
        .map(str::to_owned)
        .collect();
    assert_eq!(paths.len(), 3, "{paths:?}");
    let scripts = [
        "call", "dom", "drills", "json", "list", "message", "people", "store",
    ];
    let scripts = scripts.map(|name| format!("/_dev/console/{name}.js"));
    for path in ["/".to_owned()].into_iter().chain(paths).chain(scripts) {
        let (head, body) = get(&pool, &path, BROWSER).await;
        assert!(head.starts_with("http/1.1 200 "), "{path}: {head}");
        for line in [
            "default-src 'none'; script-src 'self'; style-src 'self'",
            "connect-src 'self'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "x-content-type-options: nosniff",
            "cache-control: no-store",
        ] {
            assert!(head.contains(line), "{path} lacks {line}: {head}");
        }
        // Neither inline scripts and styles, nor anything from elsewhere.
        for banned in [
            "onclick=",
            "style=",
            "<style",
            "innerHTML",
            "http://cdn",
            "https://",
            "eval(",
        ] {
            assert!(!body.contains(banned), "{path} has {banned}");
        }
    }
    let (head, _) = get(&pool, "/_dev/console/server.rs", BROWSER).await;
    assert!(head.starts_with("http/1.1 404 "), "{head}");
}

#[tokio::test]
async fn other_origins_get_neither_console_nor_data() {
    let pool = start().await;
    let foreign = [
        "origin: https://evil.example\r\n",
        "origin: null\r\n",
        "origin: http://localhost:3000\r\n",
        "host: evil.example\r\n",
    ];
    let paths = [
        "/",
        "/_dev/console/app.js",
        "/_dev/calls",
        "/_dev/calls/1",
        "/_dev/calls/1/flow",
        "/_dev/fail",
        "/_dev/fail/choices",
        "/_dev/pools",
        "/_dev/people?userPoolId=us-east-1_localpool",
    ];
    for more in foreign {
        for path in paths {
            let (head, _) = get(&pool, path, &format!("{BROWSER}{more}")).await;
            assert!(head.starts_with("http/1.1 403 "), "{path} {more}: {head}");
            assert!(!head.contains("access-control-allow-origin"), "{path}: {head}");
        }
    }
}

#[tokio::test]
async fn people_are_listed_without_what_proves_them() {
    let pool = start().await;
    let group = json!({ "UserPoolId": POOL, "GroupName": "admins", "Description": "all", "Precedence": 1 });
    pool.call("CreateGroup", group).await.expect("it is new");
    for name in ["ana", "bob"] {
        let input = json!({
            "UserPoolId": POOL, "Username": name, "TemporaryPassword": "Passw0rd!", "MessageAction": "SUPPRESS",
            "UserAttributes": [{ "Name": "email", "Value": format!("{name}@example.com") }],
        });
        pool.call("AdminCreateUser", input).await.expect("it is new");
    }
    let member = json!({ "UserPoolId": POOL, "Username": "ana", "GroupName": "admins" });
    pool.call("AdminAddUserToGroup", member)
        .await
        .expect("both exist");
    let of = async |query: &str| -> Value {
        let (_, body) = get(&pool, &format!("/_dev/people?userPoolId={POOL}{query}"), "").await;
        serde_json::from_str(&body).expect("JSON")
    };
    let people = of("").await;
    let ana = &people["people"][0];
    assert_eq!(
        (people["people"].as_array().map(Vec::len), &people["next"]),
        (Some(2), &Value::Null)
    );
    assert_eq!(ana["attributes"]["email"], "ana@example.com");
    assert_eq!(
        (&ana["status"], &ana["groups"]),
        (&json!("FORCE_CHANGE_PASSWORD"), &json!(["admins"]))
    );
    assert_eq!((&ana["hasPassword"], &ana["factors"]), (&json!(true), &json!([])));
    let text = people.to_string().to_lowercase();
    for secret in ["verifier", "salt", "passw0rd"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    for (search, found) in [("BOB%40", 1), ("admins", 1), ("nobody", 0)] {
        let count = of(&format!("&search={search}")).await["people"]
            .as_array()
            .map(Vec::len);
        assert_eq!(count, Some(found), "{search}");
    }
    assert_eq!(of("&after=ana").await["people"][0]["userName"], "bob");
    let (head, _) = get(&pool, "/_dev/people?userPoolId=us-east-1_none", "").await;
    assert!(head.starts_with("http/1.1 404 "), "{head}");

    let (_, pools) = get(&pool, "/_dev/pools", "").await;
    let pools: Value = serde_json::from_str(&pools).expect("JSON");
    let pool = &pools["userPools"][0];
    assert_eq!((&pool["id"], &pool["users"]), (&json!(POOL), &json!(2)));
    assert_eq!(pool["clients"][0]["id"], "localclient");
    assert_eq!(pool["groups"][0]["name"], "admins");
}

#[tokio::test]
async fn the_choices_of_drills_are_listed() {
    let pool = start().await;
    let (head, body) = get(&pool, "/_dev/fail/choices", "").await;
    assert!(head.starts_with("http/1.1 200 "), "{head}");
    let choices: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(choices["triggers"]["PreSignUp"][0], "PreSignUp_SignUp");
    assert_eq!(
        choices["faults"][0],
        json!({ "how": "error", "takes": "message" })
    );
    let of_sign_up = choices["operations"]["SignUp"].as_array().expect("a list");
    assert!(
        of_sign_up.contains(&json!("LimitExceededException")),
        "{of_sign_up:?}"
    );
}

#[tokio::test]
async fn a_large_pool_is_listed_in_pages() {
    let mut builder = LocalPool::builder();
    for number in 0..205 {
        builder = builder.user(POOL, json!({ "Username": format!("user-{number:03}") }));
    }
    let pool = builder.start().await.expect("a port is free");
    let (mut after, mut names) = (String::new(), Vec::new());
    loop {
        let (_, body) = get(
            &pool,
            &format!("/_dev/people?userPoolId={POOL}&after={after}"),
            "",
        )
        .await;
        let page: Value = serde_json::from_str(&body).expect("JSON");
        let people = page["people"].as_array().expect("a list");
        assert!(people.len() <= 100);
        names.extend(people.iter().map(|person| person["userName"].to_string()));
        match page["next"].as_str() {
            Some(next) => after = next.to_owned(),
            None => break,
        }
    }
    names.dedup();
    assert_eq!(names.len(), 205);
}
