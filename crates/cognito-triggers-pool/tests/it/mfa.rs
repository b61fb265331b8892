//! Second factors when calls race, and sessions in the wrong hands.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::sync::Arc;
use std::time::Duration;

use cognito_triggers_pool::{ApiError, LocalPool};
use serde_json::{Value, json};

use crate::totp;

const POOL: &str = "us-east-1_localpool";
const CALLERS: usize = 20;

/// A pool with authenticator apps and SMS, and a second app client.
async fn start() -> Arc<LocalPool> {
    let pool = LocalPool::builder().start().await.unwrap();
    let into_step = pool.clock().now().seconds() % totp::STEP;
    pool.clock().advance(Duration::from_secs(
        u64::try_from(totp::STEP - into_step).unwrap(),
    ));
    let factors = json!({
        "UserPoolId": POOL,
        "MfaConfiguration": "OPTIONAL",
        "SoftwareTokenMfaConfiguration": { "Enabled": true },
        "SmsMfaConfiguration": { "SmsConfiguration": {} },
    });
    pool.call("SetUserPoolMfaConfig", factors).await.unwrap();
    Arc::new(pool)
}

/// Creates a user whose second factor is SMS.
async fn add(pool: &LocalPool, name: &str, phone: &str) {
    let user = json!({
        "UserPoolId": POOL,
        "Username": name,
        "MessageAction": "SUPPRESS",
        "UserAttributes": [{ "Name": "phone_number", "Value": phone }],
    });
    pool.call("AdminCreateUser", user).await.unwrap();
    let password =
        json!({ "UserPoolId": POOL, "Username": name, "Password": "Passw0rd!", "Permanent": true });
    pool.call("AdminSetUserPassword", password).await.unwrap();
}

async fn prefer(pool: &LocalPool, name: &str, member: &str) {
    let input =
        json!({ "UserPoolId": POOL, "Username": name, member: { "Enabled": true, "PreferredMfa": true } });
    pool.call("AdminSetUserMFAPreference", input).await.unwrap();
}

async fn sign_in(pool: &LocalPool, name: &str) -> Value {
    let input = json!({
        "ClientId": "localclient",
        "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": { "USERNAME": name, "PASSWORD": "Passw0rd!" },
    });
    pool.call("InitiateAuth", input).await.unwrap()
}

/// The answer to an SMS challenge.
fn answer(name: &str, session: &Value, code: &str) -> Value {
    json!({
        "ClientId": "localclient",
        "ChallengeName": "SMS_MFA",
        "Session": session,
        "ChallengeResponses": { "USERNAME": name, "SMS_MFA_CODE": code },
    })
}

/// Makes all calls at once. Returns their results.
async fn race(pool: &Arc<LocalPool>, inputs: Vec<Value>) -> Vec<Result<Value, ApiError>> {
    let mut tasks = tokio::task::JoinSet::new();
    for input in inputs {
        let pool = pool.clone();
        tasks.spawn(async move { pool.call("RespondToAuthChallenge", input).await });
    }
    tasks.join_all().await
}

fn last_code(pool: &LocalPool) -> String {
    pool.messages().last().unwrap().code.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_session_signs_in_once() {
    let pool = start().await;
    add(&pool, "ana", "+15555551234").await;
    prefer(&pool, "ana", "SMSMfaSettings").await;
    let session = sign_in(&pool, "ana").await["Session"].clone();
    let input = answer("ana", &session, &last_code(&pool));
    let results = race(&pool, vec![input; CALLERS]).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    for error in results.iter().filter_map(|result| result.as_ref().err()) {
        assert!(
            error.message().starts_with("Invalid session for the user"),
            "{error}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_code_of_an_app_signs_in_once() {
    let pool = start().await;
    add(&pool, "ana", "+15555551234").await;
    let access = sign_in(&pool, "ana").await["AuthenticationResult"]["AccessToken"].clone();
    let made = pool.call("AssociateSoftwareToken", json!({ "AccessToken": access }));
    let secret = made.await.unwrap()["SecretCode"].as_str().unwrap().to_owned();
    let code = || totp::code(&secret, pool.clock().now().seconds());
    let verify = json!({ "AccessToken": access, "UserCode": code() });
    pool.call("VerifySoftwareToken", verify).await.unwrap();
    prefer(&pool, "ana", "SoftwareTokenMfaSettings").await;
    pool.clock().advance(Duration::from_secs(30));
    let mut inputs = Vec::new();
    for _ in 0..CALLERS {
        let session = sign_in(&pool, "ana").await["Session"].clone();
        inputs.push(json!({
            "ClientId": "localclient",
            "ChallengeName": "SOFTWARE_TOKEN_MFA",
            "Session": session,
            "ChallengeResponses": { "USERNAME": "ana", "SOFTWARE_TOKEN_MFA_CODE": code() },
        }));
    }
    let results = race(&pool, inputs).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    for error in results.iter().filter_map(|result| result.as_ref().err()) {
        assert_eq!(error.class(), "ExpiredCodeException");
    }
}

#[tokio::test]
async fn a_session_and_its_code_are_those_of_one_user() {
    let pool = start().await;
    for (name, phone) in [("ana", "+15555551234"), ("bob", "+15555555678")] {
        add(&pool, name, phone).await;
        prefer(&pool, name, "SMSMfaSettings").await;
    }
    let anas = sign_in(&pool, "ana").await["Session"].clone();
    let code_of_ana = last_code(&pool);
    let bobs = sign_in(&pool, "bob").await["Session"].clone();
    let code_of_bob = last_code(&pool);
    let refused = [
        (
            answer("bob", &anas, &code_of_ana),
            "Invalid session for the user.",
        ),
        (
            answer("bob", &anas, &code_of_bob),
            "Invalid session for the user.",
        ),
        (
            answer("bob", &bobs, &code_of_ana),
            "Invalid code or auth state for the user.",
        ),
    ];
    for (input, message) in refused {
        let error = pool.call("RespondToAuthChallenge", input).await.unwrap_err();
        assert_eq!(error.message(), message);
    }
    let tokens = pool.call("RespondToAuthChallenge", answer("ana", &anas, &code_of_ana));
    assert!(tokens.await.unwrap()["AuthenticationResult"].is_object());
}

#[tokio::test]
async fn a_session_belongs_to_the_client_that_began() {
    let pool = start().await;
    add(&pool, "ana", "+15555551234").await;
    prefer(&pool, "ana", "SMSMfaSettings").await;
    let other = json!({ "UserPoolId": POOL, "ClientName": "other" });
    let other = pool.call("CreateUserPoolClient", other).await.unwrap();
    let session = sign_in(&pool, "ana").await["Session"].clone();
    let mut input = answer("ana", &session, &last_code(&pool));
    input["ClientId"] = other["UserPoolClient"]["ClientId"].clone();
    let error = pool.call("RespondToAuthChallenge", input).await.unwrap_err();
    assert_eq!(error.message(), "Invalid session for the user.");
}

#[tokio::test]
async fn a_user_who_is_disabled_meanwhile_gets_no_tokens() {
    let pool = start().await;
    add(&pool, "ana", "+15555551234").await;
    prefer(&pool, "ana", "SMSMfaSettings").await;
    let session = sign_in(&pool, "ana").await["Session"].clone();
    let user = json!({ "UserPoolId": POOL, "Username": "ana" });
    pool.call("AdminDisableUser", user).await.unwrap();
    let input = answer("ana", &session, &last_code(&pool));
    let error = pool.call("RespondToAuthChallenge", input).await.unwrap_err();
    assert_eq!(error.message(), "User is disabled.");
}

#[tokio::test]
async fn a_setup_session_ends_with_its_user() {
    let pool = start().await;
    let factors = json!({
        "UserPoolId": POOL, "MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": { "Enabled": true },
    });
    pool.call("SetUserPoolMfaConfig", factors).await.unwrap();
    add(&pool, "ana", "+15555551234").await;
    let session = sign_in(&pool, "ana").await["Session"].clone();
    let user = json!({ "UserPoolId": POOL, "Username": "ana" });
    pool.call("AdminDeleteUser", user).await.unwrap();
    let input = json!({ "Session": session });
    let error = pool.call("AssociateSoftwareToken", input).await.unwrap_err();
    assert_eq!(error.message(), "Invalid session for the user.");
}

#[tokio::test]
async fn a_template_chooses_the_factors() {
    let text = "Resources:\n  People:\n    Type: AWS::Cognito::UserPool\n    Properties:\n      \
                MfaConfiguration: 'ON'\n      EnabledMfas: [SOFTWARE_TOKEN_MFA, EMAIL_OTP]\n      \
                EmailAuthenticationMessage: 'Sign in with {####}'\n";
    let template = cognito_triggers_pool::PoolTemplate::read("template.yaml", text).unwrap();
    assert_eq!(template.left_out, Vec::<String>::new());
    let pool = LocalPool::builder()
        .user_pool(template.pools[0].clone())
        .start()
        .await
        .unwrap();
    let id = template.pools[0]["Id"].clone();
    let found = pool
        .call("GetUserPoolMfaConfig", json!({ "UserPoolId": id }))
        .await
        .unwrap();
    let expected = json!({
        "MfaConfiguration": "ON",
        "SoftwareTokenMfaConfiguration": { "Enabled": true },
        "EmailMfaConfiguration": { "Message": "Sign in with {####}" },
    });
    assert_eq!(found, expected);
}
