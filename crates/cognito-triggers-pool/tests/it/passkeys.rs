//! Passkeys through the API: registration, sign-in, and what hostile browsers and authenticators send.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of a test fails the test"
)]

mod hostile;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cognito_triggers_pool::{ApiError, Builder, LocalPool};
use serde_json::{Value, json};

use crate::authenticator::{Authenticator, PRESENT};
use crate::dev::json_of;

const POOL: &str = "us-east-1_localpool";
const PASSWORD: &str = "Passw0rd!";

/// A pool with passkeys for `localhost`, and two users.
fn builder() -> Builder {
    let factors = json!({ "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"] } });
    LocalPool::builder()
        .pool_setting("Policies", factors)
        .pool_setting("WebAuthnConfiguration", json!({ "RelyingPartyId": "localhost" }))
        .user(POOL, json!({ "Username": "ana", "Password": PASSWORD }))
        .user(POOL, json!({ "Username": "bob", "Password": PASSWORD }))
}

async fn start() -> LocalPool {
    builder().start().await.unwrap()
}

/// An access token of a user, for `localclient` or another client.
async fn token(pool: &LocalPool, name: &str, client: &str) -> Value {
    let input = json!({
        "ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": { "USERNAME": name, "PASSWORD": PASSWORD },
    });
    let answer = pool.call("InitiateAuth", input).await.unwrap();
    answer["AuthenticationResult"]["AccessToken"].clone()
}

async fn options(pool: &LocalPool, token: &Value) -> Value {
    let input = json!({ "AccessToken": token });
    let answer = pool.call("StartWebAuthnRegistration", input).await.unwrap();
    answer["CredentialCreationOptions"].clone()
}

async fn complete(pool: &LocalPool, token: &Value, credential: Value) -> Result<Value, ApiError> {
    let input = json!({ "AccessToken": token, "Credential": credential });
    pool.call("CompleteWebAuthnRegistration", input).await
}

/// Registers a passkey of a user.
async fn register(pool: &LocalPool, name: &str, authenticator: &Authenticator) {
    let token = token(pool, name, "localclient").await;
    let credential = authenticator.register(&options(pool, &token).await);
    assert_eq!(complete(pool, &token, credential).await.unwrap(), json!({}));
}

/// Begins a sign-in. The answer is that of InitiateAuth.
async fn begin(pool: &LocalPool, name: &str) -> Value {
    let input = json!({
        "ClientId": "localclient", "AuthFlow": "USER_AUTH",
        "AuthParameters": { "USERNAME": name, "PREFERRED_CHALLENGE": "WEB_AUTHN" },
    });
    pool.call("InitiateAuth", input).await.unwrap()
}

/// The options of a challenge.
fn requested(challenge: &Value) -> Value {
    let text = challenge["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"].as_str();
    serde_json::from_str(text.unwrap()).unwrap()
}

async fn respond(
    pool: &LocalPool,
    name: &str,
    challenge: &Value,
    credential: &Value,
) -> Result<Value, ApiError> {
    let input = json!({
        "ClientId": "localclient", "ChallengeName": "WEB_AUTHN", "Session": challenge["Session"],
        "ChallengeResponses": { "USERNAME": name, "CREDENTIAL": credential.to_string() },
    });
    pool.call("RespondToAuthChallenge", input).await
}

async fn sign_in(pool: &LocalPool, name: &str, authenticator: &Authenticator) -> Result<Value, ApiError> {
    let challenge = begin(pool, name).await;
    let credential = authenticator.sign(&requested(&challenge));
    respond(pool, name, &challenge, &credential).await
}

/// What a sign-in is refused with.
async fn refusal(pool: &LocalPool, authenticator: &Authenticator) -> String {
    sign_in(pool, "ana", authenticator).await.unwrap_err().to_string()
}

fn is_signed_in(answer: &Value) -> bool {
    answer["AuthenticationResult"]["AccessToken"].is_string()
}

/// The error for a wrong proof.
fn refused(reason: &str) -> String {
    format!("NotAuthorizedException: The passkey's answer is refused: {reason}.")
}

#[tokio::test]
async fn keys_of_both_algorithms_sign_in() {
    let pool = start().await;
    for authenticator in [Authenticator::new("p256"), Authenticator::rsa("rsa")] {
        register(&pool, "ana", &authenticator).await;
        for _ in 0..2 {
            assert!(is_signed_in(
                &sign_in(&pool, "ana", &authenticator).await.unwrap()
            ));
        }
    }
}

#[tokio::test]
async fn a_key_that_attests_itself_is_registered() {
    let pool = start().await;
    for mut authenticator in [Authenticator::new("p256"), Authenticator::rsa("rsa")] {
        authenticator.attests = true;
        register(&pool, "ana", &authenticator).await;
    }
    let token = token(&pool, "ana", "localclient").await;
    let mut other = Authenticator::new("other");
    other.attests = true;
    let mut credential = other.register(&options(&pool, &token).await);
    // The last byte of the authenticator data belongs to the key.
    let object = credential["response"]["attestationObject"].as_str().unwrap();
    let mut object = URL_SAFE_NO_PAD.decode(object).unwrap();
    let flags = object.windows(6).position(|bytes| bytes == b"authDa").unwrap() + 8 + 2 + 36;
    object[flags] ^= 1;
    credential["response"]["attestationObject"] = json!(URL_SAFE_NO_PAD.encode(object));
    let error = complete(&pool, &token, credential).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "WebAuthnCredentialNotSupportedException: The passkey is refused: the signature doesn't match the key."
    );
}

#[tokio::test]
async fn the_pool_can_demand_verification_of_the_user() {
    let pool = start().await;
    let mut authenticator = Authenticator::new("p256");
    authenticator.flags = PRESENT;
    register(&pool, "ana", &authenticator).await;
    assert!(is_signed_in(
        &sign_in(&pool, "ana", &authenticator).await.unwrap()
    ));
    let setting = json!({ "RelyingPartyId": "localhost", "UserVerification": "required" });
    let input = json!({ "UserPoolId": POOL, "WebAuthnConfiguration": setting });
    pool.call("SetUserPoolMfaConfig", input).await.unwrap();
    assert_eq!(
        requested(&begin(&pool, "ana").await)["userVerification"],
        "required"
    );
    assert_eq!(
        refusal(&pool, &authenticator).await,
        refused("the authenticator didn't verify the user")
    );
    let token = token(&pool, "bob", "localclient").await;
    let options = options(&pool, &token).await;
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    let mut other = Authenticator::new("other");
    other.flags = PRESENT;
    let error = complete(&pool, &token, other.register(&options))
        .await
        .unwrap_err();
    assert_eq!(error.class(), "WebAuthnCredentialNotSupportedException");
    authenticator.flags = 0;
    assert!(
        refusal(&pool, &authenticator)
            .await
            .contains("didn't notice a user")
    );
}

#[tokio::test]
async fn a_user_has_at_most_twenty_passkeys() {
    let pool = start().await;
    let token = token(&pool, "ana", "localclient").await;
    let begun = options(&pool, &token).await;
    for number in 0..20 {
        register(&pool, "ana", &Authenticator::new(&format!("number {number:02}"))).await;
    }
    let error = complete(&pool, &token, Authenticator::new("one more").register(&begun)).await;
    assert_eq!(error.unwrap_err().class(), "LimitExceededException");
    let start = pool
        .call("StartWebAuthnRegistration", json!({ "AccessToken": token }))
        .await;
    assert_eq!(start.unwrap_err().class(), "LimitExceededException");
    let list = |input: Value| pool.call("ListWebAuthnCredentials", input);
    let first = list(json!({ "AccessToken": token, "MaxResults": 15 }))
        .await
        .unwrap();
    assert_eq!(first["Credentials"].as_array().unwrap().len(), 15);
    let input = json!({ "AccessToken": token, "MaxResults": 15, "NextToken": first["NextToken"] });
    let second = list(input).await.unwrap();
    assert_eq!(second["Credentials"].as_array().unwrap().len(), 5);
    assert_eq!(second["NextToken"], Value::Null);
    let id = &second["Credentials"][0]["CredentialId"];
    let input = json!({ "AccessToken": token, "CredentialId": id });
    pool.call("DeleteWebAuthnCredential", input.clone())
        .await
        .unwrap();
    let error = pool.call("DeleteWebAuthnCredential", input).await.unwrap_err();
    assert_eq!(error.class(), "ResourceNotFoundException");
    register(&pool, "ana", &Authenticator::new("one more")).await;
}

#[tokio::test]
async fn another_rp_id_makes_old_passkeys_useless() {
    let pool = start().await;
    let authenticator = Authenticator::new("p256");
    register(&pool, "ana", &authenticator).await;
    let challenge = begin(&pool, "ana").await;
    let setting = json!({ "RelyingPartyId": "app.localhost" });
    let input = json!({ "UserPoolId": POOL, "WebAuthnConfiguration": setting });
    pool.call("SetUserPoolMfaConfig", input).await.unwrap();
    assert_eq!(begin(&pool, "ana").await["ChallengeName"], "SELECT_CHALLENGE");
    let credential = authenticator.sign(&requested(&challenge));
    let error = respond(&pool, "ana", &challenge, &credential).await.unwrap_err();
    assert_eq!(error.message(), "Selected challenge is not available");
}

#[tokio::test]
async fn passkeys_survive_export_and_import() {
    let pool = start().await;
    let authenticator = Authenticator::new("p256");
    register(&pool, "ana", &authenticator).await;
    let state = json_of(&pool, "GET /_dev/state", &Value::Null).await;
    let other = LocalPool::builder().start().await.unwrap();
    json_of(&other, "PUT /_dev/state", &state).await;
    assert!(is_signed_in(
        &sign_in(&other, "ana", &authenticator).await.unwrap()
    ));
}

#[tokio::test]
async fn a_passkey_replaces_a_factor_only_where_both_agree() {
    let pool = start().await;
    let mut authenticator = Authenticator::new("p256");
    register(&pool, "ana", &authenticator).await;
    let configure = |factor: &str| {
        let passkeys = json!({ "RelyingPartyId": "localhost", "FactorConfiguration": factor });
        let sms = json!({ "SmsConfiguration": { "SnsCallerArn": "arn:aws:iam::123456789012:role/sms" } });
        let input = json!({
            "UserPoolId": POOL, "MfaConfiguration": "OPTIONAL", "SmsMfaConfiguration": sms, "WebAuthnConfiguration": passkeys,
        });
        pool.call("SetUserPoolMfaConfig", input)
    };
    let prefer = |settings: Value| {
        let mut input = json!({ "UserPoolId": POOL, "Username": "ana" });
        input
            .as_object_mut()
            .unwrap()
            .extend(settings.as_object().unwrap().clone());
        pool.call("AdminSetUserMFAPreference", input)
    };
    configure("SINGLE_FACTOR").await.unwrap();
    let passkey = json!({ "WebAuthnMfaSettings": { "Enabled": true } });
    assert!(
        prefer(passkey.clone())
            .await
            .unwrap_err()
            .message()
            .contains("FactorConfiguration")
    );
    configure("MULTI_FACTOR_WITH_USER_VERIFICATION").await.unwrap();
    assert!(
        prefer(passkey.clone())
            .await
            .unwrap_err()
            .message()
            .contains("another second factor")
    );
    let phone = json!([{ "Name": "phone_number", "Value": "+15555551234" }]);
    let input = json!({ "UserPoolId": POOL, "Username": "ana", "UserAttributes": phone });
    pool.call("AdminUpdateUserAttributes", input).await.unwrap();
    prefer(json!({ "SMSMfaSettings": { "Enabled": true } }))
        .await
        .unwrap();
    assert_eq!(begin(&pool, "ana").await["ChallengeName"], "SELECT_CHALLENGE");
    prefer(passkey).await.unwrap();
    assert_eq!(
        requested(&begin(&pool, "ana").await)["userVerification"],
        "required"
    );
    assert!(is_signed_in(
        &sign_in(&pool, "ana", &authenticator).await.unwrap()
    ));
    authenticator.flags = PRESENT;
    assert!(
        refusal(&pool, &authenticator)
            .await
            .contains("didn't verify the user")
    );
}
