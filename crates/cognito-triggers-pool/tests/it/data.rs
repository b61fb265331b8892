//! Pools with a directory: what a restart keeps, and what it refuses.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a helper of a test fails the test"
)]

use std::path::Path;
use std::time::Duration;

use cognito_triggers_pool::{Builder, LocalPool, StartError};
use serde_json::{Value, json};

use crate::dev::{json_of, send};

const POOL: &str = "us-east-1_localpool";

/// The issuer is AWS, so that tokens don't depend on the port of a start.
fn builder(directory: &Path) -> Builder {
    LocalPool::builder()
        .aws_issuer()
        .pool_setting("AutoVerifiedAttributes", json!(["email"]))
        .data(directory)
}

async fn start(directory: &Path) -> LocalPool {
    builder(directory).start().await.expect("it starts")
}

pub(crate) async fn call(pool: &LocalPool, operation: &str, input: Value) -> Value {
    let answer = pool.call(operation, input).await;
    answer.unwrap_or_else(|error| panic!("{operation}: {error}"))
}

async fn refused(pool: &LocalPool, operation: &str, input: Value) -> String {
    let error = pool.call(operation, input).await.expect_err("it is refused");
    error.to_string()
}

pub(crate) async fn sign_up(pool: &LocalPool, name: &str) -> Value {
    let attributes = json!([{ "Name": "email", "Value": format!("{name}@example.com") }]);
    let input = json!({ "ClientId": "localclient", "Username": name, "Password": "Passw0rd!", "UserAttributes": attributes });
    call(pool, "SignUp", input).await
}

pub(crate) async fn sign_in(pool: &LocalPool, name: &str) -> Value {
    let parameters = json!({ "USERNAME": name, "PASSWORD": "Passw0rd!" });
    let input =
        json!({ "ClientId": "localclient", "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters });
    call(pool, "InitiateAuth", input).await["AuthenticationResult"].clone()
}

/// Everything that is stored.
pub(crate) async fn state(pool: &LocalPool) -> Value {
    json_of(pool, "GET /_dev/state?secrets=true", &Value::Null).await
}

/// What is stored of a user.
fn user(name: &str) -> Value {
    json!({ "UserPoolId": POOL, "Username": name })
}

#[tokio::test]
async fn a_restart_goes_on_where_it_was() {
    let root = tempfile::tempdir().expect("a directory");
    let pool = start(root.path()).await;
    sign_up(&pool, "ana").await;
    call(&pool, "AdminConfirmSignUp", user("ana")).await;
    let tokens = sign_in(&pool, "ana").await;
    let revoked = sign_in(&pool, "ana").await;
    call(
        &pool,
        "RevokeToken",
        json!({ "ClientId": "localclient", "Token": revoked["RefreshToken"] }),
    )
    .await;
    sign_up(&pool, "bob").await;
    call(&pool, "AdminDeleteUser", user("bob")).await;
    sign_up(&pool, "cem").await;
    let code = pool
        .messages()
        .last_to("cem@example.com")
        .expect("a message")
        .code
        .clone();
    let before = state(&pool).await;
    let keys = json_of(&pool, &format!("GET /{POOL}/.well-known/jwks.json"), &Value::Null).await;
    drop(pool);

    let pool = start(root.path()).await;
    let expected = format!(
        "data in {}: 1 user pool, 1 app client, 2 users",
        root.path().display()
    );
    assert_eq!(pool.loaded(), [expected]);
    assert_eq!(state(&pool).await, before);
    assert_eq!(
        json_of(&pool, &format!("GET /{POOL}/.well-known/jwks.json"), &Value::Null).await,
        keys
    );
    // Tokens from before, in both senses.
    let me = call(&pool, "GetUser", json!({ "AccessToken": tokens["AccessToken"] })).await;
    assert_eq!(me["Username"], "ana");
    let refresh = |token: &Value| {
        json!({ "ClientId": "localclient", "AuthFlow": "REFRESH_TOKEN_AUTH",
            "AuthParameters": { "REFRESH_TOKEN": token } })
    };
    call(&pool, "InitiateAuth", refresh(&tokens["RefreshToken"])).await;
    let error = refused(&pool, "InitiateAuth", refresh(&revoked["RefreshToken"])).await;
    assert_eq!(error, "NotAuthorizedException: Refresh Token has been revoked");
    assert!(
        refused(&pool, "AdminGetUser", user("bob"))
            .await
            .contains("UserNotFoundException")
    );
    let confirm = json!({ "ClientId": "localclient", "Username": "cem", "ConfirmationCode": code });
    call(&pool, "ConfirmSignUp", confirm).await;
    sign_in(&pool, "cem").await;
}

#[tokio::test]
async fn a_second_pool_in_a_directory_is_refused() {
    let root = tempfile::tempdir().expect("a directory");
    let pool = start(root.path()).await;
    let Err(StartError::Data(error)) = builder(root.path()).start().await else {
        panic!("it started");
    };
    assert!(error.is_locked(), "{error}");
    sign_up(&pool, "ana").await;
    drop(pool);
    call(&start(root.path()).await, "AdminGetUser", user("ana")).await;
}

#[tokio::test]
async fn a_reset_and_an_import_are_kept() {
    let root = tempfile::tempdir().expect("a directory");
    let pool = start(root.path()).await;
    sign_up(&pool, "ana").await;
    drop(pool);

    let pool = start(root.path()).await;
    let at_start = state(&pool).await;
    sign_up(&pool, "bob").await;
    let with_both = state(&pool).await;
    json_of(&pool, "POST /_dev/reset", &Value::Null).await;
    assert_eq!(state(&pool).await["pools"], at_start["pools"]);
    drop(pool);

    let pool = start(root.path()).await;
    assert_eq!(state(&pool).await["pools"], at_start["pools"]);
    sign_up(&pool, "cem").await;
    json_of(&pool, "PUT /_dev/state", &with_both).await;
    sign_up(&pool, "dea").await;
    let before = state(&pool).await;
    drop(pool);

    let pool = start(root.path()).await;
    assert_eq!(state(&pool).await, before);
    let users = call(&pool, "ListUsers", json!({ "UserPoolId": POOL })).await;
    let names: Vec<_> = users["Users"]
        .as_array()
        .expect("users")
        .iter()
        .map(|user| user["Username"].clone())
        .collect();
    assert_eq!(names, ["ana", "bob", "dea"]);
}

#[tokio::test]
async fn what_was_given_is_applied_again_when_it_changes() {
    let root = tempfile::tempdir().expect("a directory");
    let given = |minimum: u64, users: &[&str]| {
        let mut builder = LocalPool::builder()
            .user_pool(json!({ "Id": "eu-west-1_shop", "PoolName": "shop",
                "Policies": { "PasswordPolicy": { "MinimumLength": minimum } } }))
            .app_client(
                "eu-west-1_shop",
                json!({ "ClientName": "web", "GenerateSecret": true }),
            )
            .data(root.path());
        for user in users {
            let user = json!({ "Username": user, "Password": "Passw0rd!" });
            builder = builder.user("eu-west-1_shop", user);
        }
        builder.start()
    };
    let minimum = async |pool: &LocalPool| {
        let pool = call(
            pool,
            "DescribeUserPool",
            json!({ "UserPoolId": "eu-west-1_shop" }),
        )
        .await;
        pool["UserPool"]["Policies"]["PasswordPolicy"]["MinimumLength"].clone()
    };
    let client = async |pool: &LocalPool| {
        let id = pool.user_pools()[0]["clients"][0]["id"].clone();
        let input = json!({ "UserPoolId": "eu-west-1_shop", "ClientId": id });
        let client = call(pool, "DescribeUserPoolClient", input).await;
        (id, client["UserPoolClient"]["ClientSecret"].clone())
    };
    let shop_user = |name: &str| json!({ "UserPoolId": "eu-west-1_shop", "Username": name });

    let pool = given(8, &["ana", "bob"]).await.expect("it starts");
    let first_client = client(&pool).await;
    let ana = call(&pool, "AdminGetUser", shop_user("ana")).await;
    call(&pool, "AdminDeleteUser", shop_user("bob")).await;
    let input = json!({ "UserPoolId": "eu-west-1_shop", "GroupName": "staff" });
    call(&pool, "CreateGroup", input).await;
    let input =
        json!({ "UserPoolId": "eu-west-1_shop", "Policies": { "PasswordPolicy": { "MinimumLength": 9 } } });
    call(&pool, "UpdateUserPool", input).await;
    drop(pool);

    // The same again: what calls have changed and deleted stays so.
    let pool = given(8, &["ana", "bob"]).await.expect("it starts");
    assert_eq!(pool.loaded().len(), 1);
    assert_eq!(minimum(&pool).await, 9);
    assert_eq!(client(&pool).await, first_client);
    assert!(
        refused(&pool, "AdminGetUser", shop_user("bob"))
            .await
            .contains("UserNotFoundException")
    );
    drop(pool);

    // Other settings and a further user: the rest stays.
    let pool = given(12, &["ana", "bob", "cem"]).await.expect("it starts");
    assert_eq!(
        pool.loaded()[1..],
        ["pool eu-west-1_shop has changed since the last start; the change is applied"]
    );
    assert_eq!(minimum(&pool).await, 12);
    assert_eq!(call(&pool, "AdminGetUser", shop_user("ana")).await, ana);
    call(&pool, "AdminGetUser", shop_user("cem")).await;
    call(
        &pool,
        "GetGroup",
        json!({ "UserPoolId": "eu-west-1_shop", "GroupName": "staff" }),
    )
    .await;
    drop(pool);

    // How users are found can't change once there are some.
    let other = LocalPool::builder()
        .user_pool(json!({ "Id": "eu-west-1_shop", "PoolName": "shop", "AliasAttributes": ["email"] }))
        .data(root.path());
    let error = other.start().await.expect_err("it doesn't start");
    let cause = std::error::Error::source(&error).expect("a cause").to_string();
    assert!(
        cause.contains("stored with other UsernameAttributes, AliasAttributes"),
        "{cause}"
    );

    // Without anything, what is stored is served, and no default pool is added.
    let pool = LocalPool::builder()
        .data(root.path())
        .start()
        .await
        .expect("it starts");
    assert_eq!(pool.user_pools().as_array().map(Vec::len), Some(1));
    assert_eq!(minimum(&pool).await, 12);
}

#[tokio::test]
async fn a_seed_makes_no_id_twice() {
    let root = tempfile::tempdir().expect("a directory");
    let mut subs = std::collections::BTreeSet::new();
    for (round, seed) in [7, 7, 8, 7].into_iter().enumerate() {
        let pool = builder(root.path()).seed(seed).start().await.expect("it starts");
        for name in ["ana", "bob"] {
            let answer = sign_up(&pool, &format!("{name}{round}")).await;
            assert!(subs.insert(answer["UserSub"].to_string()), "{answer}");
        }
    }
}

#[tokio::test]
async fn a_seed_makes_no_id_of_an_import_again() {
    // The same seed has made the ids elsewhere.
    let elsewhere = LocalPool::builder().aws_issuer().seed(7).start().await;
    let elsewhere = elsewhere.expect("it starts");
    for name in ["ana", "bob"] {
        sign_up(&elsewhere, name).await;
    }
    let imported = state(&elsewhere).await;
    let root = tempfile::tempdir().expect("a directory");
    let start = || builder(root.path()).seed(7).start();
    let pool = start().await.expect("it starts");
    json_of(&pool, "PUT /_dev/state", &imported).await;
    drop(pool);

    let pool = start().await.expect("it starts");
    for name in ["cem", "dea"] {
        sign_up(&pool, name).await;
    }
    drop(pool);
    let pool = start().await.expect("it starts a third time");
    let users = call(&pool, "ListUsers", json!({ "UserPoolId": POOL })).await;
    let users = users["Users"].as_array().expect("users").iter();
    let subs: std::collections::BTreeSet<_> = users
        .flat_map(|user| user["Attributes"].as_array().expect("attributes"))
        .filter(|attribute| attribute["Name"] == "sub")
        .map(|attribute| attribute["Value"].to_string())
        .collect();
    assert_eq!(subs.len(), 4, "{subs:?}");
}

#[tokio::test]
async fn the_clock_and_messages_begin_anew() {
    let root = tempfile::tempdir().expect("a directory");
    let pool = start(root.path()).await;
    let before = pool.clock().now();
    sign_up(&pool, "ana").await;
    pool.clock().advance(Duration::from_secs(90 * 24 * 3600));
    drop(pool);
    let pool = start(root.path()).await;
    assert!(pool.clock().now() < before.after(Duration::from_secs(24 * 3600)));
    assert!(pool.messages().is_empty());
}

#[tokio::test]
async fn a_damaged_file_is_named_and_left() {
    let root = tempfile::tempdir().expect("a directory");
    sign_up(&start(root.path()).await, "ana").await;
    let file = root.path().join("pool.data");
    let mut content = std::fs::read(&file).expect("a file");
    let at = content.len() - 40;
    content[at] ^= 1;
    std::fs::write(&file, &content).expect("it is written");
    let Err(StartError::Data(error)) = builder(root.path()).start().await else {
        panic!("it started");
    };
    assert!(error.is_damaged(), "{error}");
    assert_eq!(error.path(), file);
    assert!(std::fs::read(&file).expect("a file") == content);
}

#[tokio::test]
async fn answers_of_the_api_come_over_http_too() {
    let root = tempfile::tempdir().expect("a directory");
    let pool = start(root.path()).await;
    let (status, _) = send(&pool, "GET /_dev/state?secrets=all", &Value::Null).await;
    assert_eq!(status, 400);
    pool.flush().await.expect("nothing is wrong");
}

/// A file that the first version with this format wrote. Later versions have to read it.
#[tokio::test]
async fn a_file_of_an_earlier_version_opens() {
    let root = tempfile::tempdir().expect("a directory");
    let file = include_bytes!("../data/format-1/pool.data");
    std::fs::write(root.path().join("pool.data"), file).expect("it is written");
    let pool = LocalPool::builder().data(root.path()).start().await;
    let pool = pool.expect("it starts");
    let state = json_of(&pool, "GET /_dev/state", &Value::Null).await;
    let expected: Value = serde_json::from_str(include_str!("../data/format-1/state.json")).expect("JSON");
    // Later versions may add members.
    assert_eq!(unlike(&expected["pools"], &state["pools"]), None);
    let parameters = json!({ "USERNAME": "ana", "PASSWORD": "Passw0rd!" });
    let input = json!({ "ClientId": "web", "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters });
    call(&pool, "InitiateAuth", input).await;
}

/// Where a value lacks something of the expected one.
fn unlike(expected: &Value, found: &Value) -> Option<String> {
    match (expected, found) {
        (Value::Object(expected), Value::Object(_)) => expected
            .iter()
            .find_map(|(name, value)| Some(format!("{name}/{}", unlike(value, &found[name])?))),
        _ => (expected != found).then(|| format!("{found} in place of {expected}")),
    }
}
