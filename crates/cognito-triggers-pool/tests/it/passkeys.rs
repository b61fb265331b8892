//! Passkeys through the API: registration, sign-in, and what hostile browsers and authenticators send.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of a test fails the test"
)]

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cognito_triggers_pool::{ApiError, Builder, LocalPool};
use serde_json::{Value, json};

use crate::authenticator::{Authenticator, PRESENT, cbor};
use crate::dev::json_of;

const POOL: &str = "us-east-1_localpool";
const PASSWORD: &str = "Passw0rd!";

/// A pool with passkeys for `localhost`, and two users.
pub(crate) fn builder() -> Builder {
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
pub(crate) async fn register(pool: &LocalPool, name: &str, authenticator: &Authenticator) {
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
async fn other_origins_and_parties_are_refused() {
    let pool = start().await;
    let mut authenticator = Authenticator::new("p256");
    register(&pool, "ana", &authenticator).await;
    let token = token(&pool, "ana", "localclient").await;
    let right = authenticator.origin.clone();
    for origin in [
        "http://127.0.0.1:3000",
        "https://evil.test",
        "http://localhost.evil.test",
    ] {
        authenticator.origin = origin.to_owned();
        let text = format!("the origin {origin} doesn't belong to the relying party");
        assert_eq!(refusal(&pool, &authenticator).await, refused(&text));
        let credential = authenticator.register(&options(&pool, &token).await);
        let error = complete(&pool, &token, credential).await.unwrap_err();
        assert_eq!(error.class(), "WebAuthnOriginNotAllowedException");
    }
    authenticator.origin = right;
    authenticator.cross_origin = true;
    assert!(refusal(&pool, &authenticator).await.contains("the origin"));
    authenticator.cross_origin = false;
    authenticator.party = Some("example.com".to_owned());
    assert_eq!(
        refusal(&pool, &authenticator).await,
        refused("it belongs to another relying party")
    );
    let credential = authenticator.register(&options(&pool, &token).await);
    let error = complete(&pool, &token, credential).await.unwrap_err();
    assert_eq!(error.class(), "WebAuthnRelyingPartyMismatchException");
}

#[tokio::test]
async fn a_proof_works_once() {
    let pool = start().await;
    let authenticator = Authenticator::new("p256");
    register(&pool, "ana", &authenticator).await;
    let challenge = begin(&pool, "ana").await;
    let credential = authenticator.sign(&requested(&challenge));
    assert!(is_signed_in(
        &respond(&pool, "ana", &challenge, &credential).await.unwrap()
    ));
    let error = respond(&pool, "ana", &challenge, &credential).await.unwrap_err();
    assert_eq!(
        error.message(),
        "Invalid session for the user, session can only be used once."
    );
    // Another session has another challenge.
    let second = begin(&pool, "ana").await;
    let error = respond(&pool, "ana", &second, &credential).await.unwrap_err();
    assert_eq!(error.to_string(), refused("it answers another challenge"));
    // After a wrong proof, the right one is too late.
    let credential = authenticator.sign(&requested(&second));
    let error = respond(&pool, "ana", &second, &credential).await.unwrap_err();
    assert_eq!(error.message(), "Invalid session for the user.");
    let third = begin(&pool, "ana").await;
    pool.clock().advance(Duration::from_secs(181));
    let credential = authenticator.sign(&requested(&third));
    let error = respond(&pool, "ana", &third, &credential).await.unwrap_err();
    assert_eq!(
        error.message(),
        "Invalid session for the user, session is expired."
    );
}

#[tokio::test]
async fn a_registration_works_once_and_for_its_user_and_client() {
    let pool = builder()
        .app_client(
            POOL,
            json!({ "ClientId": "other", "ClientName": "o", "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"] }),
        )
        .start()
        .await
        .unwrap();
    let authenticator = Authenticator::new("p256");
    let own = token(&pool, "ana", "localclient").await;
    let credential = authenticator.register(&options(&pool, &own).await);
    for (name, client, class) in [
        ("bob", "localclient", "WebAuthnChallengeNotFoundException"),
        ("ana", "other", "WebAuthnClientMismatchException"),
    ] {
        let token = token(&pool, name, client).await;
        let error = complete(&pool, &token, credential.clone()).await.unwrap_err();
        assert_eq!(error.class(), class);
    }
    complete(&pool, &own, credential.clone()).await.unwrap();
    let error = complete(&pool, &own, credential).await.unwrap_err();
    assert_eq!(error.class(), "WebAuthnChallengeNotFoundException");
    let late = Authenticator::new("late").register(&options(&pool, &own).await);
    pool.clock().advance(Duration::from_secs(181));
    let error = complete(&pool, &own, late).await.unwrap_err();
    assert_eq!(error.class(), "WebAuthnChallengeNotFoundException");
}

#[tokio::test]
async fn another_users_passkey_proves_nothing() {
    let pool = start().await;
    let (of_ana, of_bob) = (Authenticator::new("of ana"), Authenticator::new("of bob"));
    register(&pool, "ana", &of_ana).await;
    register(&pool, "bob", &of_bob).await;
    assert_eq!(
        refusal(&pool, &of_bob).await,
        refused("it belongs to another user")
    );
    // The id of a passkey of ana with the key of bob.
    let mut forged = Authenticator::new("of ana");
    assert_eq!(
        refusal(&pool, &forged).await,
        refused("the signature doesn't match the key")
    );
    forged.id = b"of nobody".to_vec();
    assert_eq!(
        refusal(&pool, &forged).await,
        refused("it belongs to another user")
    );
    // The id can't be registered twice, by nobody.
    let token = token(&pool, "bob", "localclient").await;
    let copy = Authenticator::new("of ana").register(&options(&pool, &token).await);
    let error = complete(&pool, &token, copy).await.unwrap_err();
    assert_eq!(error.message(), "The passkey is registered already.");
    // The session of ana can't be answered in the name of bob.
    let challenge = begin(&pool, "ana").await;
    let credential = of_bob.sign(&requested(&challenge));
    let error = respond(&pool, "bob", &challenge, &credential).await.unwrap_err();
    assert_eq!(error.message(), "Invalid session for the user.");
    of_ana.set_user(b"another");
    assert_eq!(
        refusal(&pool, &of_ana).await,
        refused("it belongs to another user")
    );
}

#[tokio::test]
async fn changed_parts_are_refused() {
    let pool = start().await;
    let authenticator = Authenticator::new("p256");
    register(&pool, "ana", &authenticator).await;
    for (part, byte) in [
        ("authenticatorData", 36),
        ("signature", 20),
        ("clientDataJSON", 0),
    ] {
        let challenge = begin(&pool, "ana").await;
        let mut credential = authenticator.sign(&requested(&challenge));
        let text = credential["response"][part].as_str().unwrap();
        let mut bytes = URL_SAFE_NO_PAD.decode(text).unwrap();
        if part == "clientDataJSON" {
            bytes.push(b' ');
        } else {
            bytes[byte] ^= 1;
        }
        credential["response"][part] = json!(URL_SAFE_NO_PAD.encode(bytes));
        let error = respond(&pool, "ana", &challenge, &credential).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            refused("the signature doesn't match the key"),
            "{part}"
        );
    }
}

#[tokio::test]
async fn a_counter_that_goes_back_is_refused() {
    let pool = start().await;
    let authenticator = Authenticator::new("p256");
    authenticator.count_from(5);
    register(&pool, "ana", &authenticator).await;
    assert!(is_signed_in(
        &sign_in(&pool, "ana", &authenticator).await.unwrap()
    ));
    for count in [6, 1] {
        authenticator.count_from(count);
        assert_eq!(
            refusal(&pool, &authenticator).await,
            refused("the counter of signatures didn't grow")
        );
    }
    authenticator.count_from(0);
    assert!(refusal(&pool, &authenticator).await.contains("counter"));
    authenticator.count_from(7);
    assert!(is_signed_in(
        &sign_in(&pool, "ana", &authenticator).await.unwrap()
    ));
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

#[tokio::test]
async fn credentials_that_cannot_be_read_are_named() {
    let pool = start().await;
    let token = token(&pool, "ana", "localclient").await;
    let authenticator = Authenticator::new("p256");
    let nested = [vec![0x81; 50_000], vec![0]].concat();
    let endless = [
        cbor::map(3),
        cbor::text("fmt"),
        vec![0x7b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ]
    .concat();
    for object in [
        vec![],
        vec![0xa0],
        vec![0xbf],
        nested,
        endless,
        vec![0xff; 100],
        vec![0xbb, 0xff],
    ] {
        let mut credential = authenticator.register(&options(&pool, &token).await);
        credential["response"]["attestationObject"] = json!(URL_SAFE_NO_PAD.encode(object));
        let error = complete(&pool, &token, credential).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "InvalidParameterException: The passkey is refused: attestationObject can't be read."
        );
    }
    let mut credential = authenticator.register(&options(&pool, &token).await);
    credential["response"]["clientDataJSON"] = json!("x".repeat(100_000));
    let error = complete(&pool, &token, credential).await.unwrap_err();
    assert!(error.message().contains("clientDataJSON"), "{error}");
    for credential in [
        json!(null),
        json!(7),
        json!("x"),
        json!([]),
        json!({ "type": "public-key" }),
    ] {
        let error = complete(&pool, &token, credential).await.unwrap_err();
        assert_eq!(error.class(), "InvalidParameterException");
    }
    register(&pool, "ana", &authenticator).await;
    let challenge = begin(&pool, "ana").await;
    let error = respond(&pool, "ana", &challenge, &json!("no JSON of a credential"))
        .await
        .unwrap_err();
    assert_eq!(error.class(), "InvalidParameterException");
    // The session is still there.
    let credential = authenticator.sign(&requested(&challenge));
    assert!(is_signed_in(
        &respond(&pool, "ana", &challenge, &credential).await.unwrap()
    ));
}
