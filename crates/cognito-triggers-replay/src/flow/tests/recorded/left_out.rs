//! What the flow of a pool's calls doesn't have, and says so.

use super::*;

#[test]
fn secrets_of_an_app_are_left_out_and_named() {
    in_runtime(async {
        let pool = live().await;
        let attributes = json!([
            { "Name": "email", "Value": "ana@example.com" },
            { "Name": "profile", "Value": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0." },
        ]);
        let input = json!({
            "Username": "ana", "Password": PASSWORD, "UserAttributes": attributes,
            "ValidationData": [{ "Name": "captchaToken", "Value": "c1" }, { "Name": "lang", "Value": "en" }],
            "ClientMetadata": { "inviteCode": "rosebud", "theme": "dark", "form": "{\"password\":\"tulip\"}" },
        });
        call(&pool, "SignUp", input).await;
        let (written, _) = plays(&pool, 1).await;
        let reason = |place| format!("call 1: {place} is a secret, which the flow doesn't have; write it in");
        let left_out = [
            "clientMetadata.form",
            "clientMetadata.inviteCode",
            "validationData.captchaToken",
            "attributes.profile",
        ];
        assert_eq!(written["leftOut"], json!(left_out.map(reason)));
        let sent = &written["flow"]["calls"][0];
        assert_eq!(sent["clientMetadata"], json!({ "theme": "dark" }));
        assert_eq!(sent["validationData"], json!({ "lang": "en" }));
        assert_eq!(sent["attributes"], json!({ "email": "ana@example.com" }));
        assert_eq!(written["flow"]["user"]["attributes"], sent["attributes"]);

        let shown = get(&pool, "/_dev/calls/1/flow?secrets=true").await;
        assert_eq!(
            shown["flow"]["calls"][0]["clientMetadata"]["inviteCode"],
            "rosebud"
        );
        // Nobody gets a password.
        assert_eq!(shown["leftOut"], json!([reason("clientMetadata.form")]));
    });
}

#[test]
fn a_challenge_that_the_pool_of_a_flow_lacks_is_named() {
    in_runtime(async {
        let settings = builder().pool_setting("MfaConfiguration", json!("OPTIONAL"));
        let pool = settings.pool_setting("SmsConfiguration", json!({})).start().await;
        let pool = pool.unwrap();
        let attributes = json!([{ "Name": "phone_number", "Value": "+15550101234" }]);
        let input = json!({ "Username": "ana", "Password": PASSWORD, "UserAttributes": attributes });
        call(&pool, "SignUp", input).await;
        let user = json!({ "UserPoolId": POOL, "Username": "ana" });
        pool.call("AdminConfirmSignUp", user.clone()).await.unwrap();
        let mut preference = user.clone();
        preference["SMSMfaSettings"] = json!({ "Enabled": true, "PreferredMfa": true });
        pool.call("AdminSetUserMFAPreference", preference).await.unwrap();
        let input = begin("USER_PASSWORD_AUTH", "ana", json!({ "PASSWORD": PASSWORD }));
        let asked = call(&pool, "InitiateAuth", input).await;
        assert_eq!(asked["ChallengeName"], "SMS_MFA", "{asked}");
        pool.call("AdminGetUser", user).await.unwrap();
        assert_eq!(
            recorded(&pool, 4).await["message"],
            "InitiateAuth returned the challenge SMS_MFA, which a recorded flow doesn't reach."
        );
        let (written, _) = plays(&pool, 5).await;
        let expected = json!([
            "call 3: AdminSetUserMFAPreference is about second factors, and a recorded flow has none.",
            "call 4: InitiateAuth returned the challenge SMS_MFA, which a recorded flow doesn't reach.",
        ]);
        assert_eq!(written["leftOut"], expected);
    });
}

#[test]
fn an_invitation_that_is_sent_again_is_no_beginning() {
    in_runtime(async {
        let pool = live().await;
        let user = json!({
            "UserPoolId": POOL, "Username": "ana", "DesiredDeliveryMediums": ["EMAIL"],
            "UserAttributes": [{ "Name": "email", "Value": "ana@example.com" }],
        });
        pool.call("AdminCreateUser", user.clone()).await.unwrap();
        let mut again = user;
        again["MessageAction"] = json!("RESEND");
        pool.call("AdminCreateUser", again).await.unwrap();
        let (written, run) = plays(&pool, 2).await;
        assert_eq!(run.exchanges.len(), 2, "{written:#}");
        assert_eq!(written["flow"]["user"]["exists"], Value::Null);
    });
}

#[test]
fn a_sign_up_without_attributes_sends_none() {
    in_runtime(async {
        let pool = live().await;
        let input = json!({ "Username": "ana", "Password": PASSWORD });
        call(&pool, "SignUp", input).await;
        let (written, run) = plays(&pool, 1).await;
        assert_eq!(
            written["flow"]["calls"][0]["triggers"],
            json!(["PreSignUp_SignUp"])
        );
        let sent = &run.exchanges[0].steps[0].event["request"]["userAttributes"];
        assert_eq!(sent, &json!({}));

        let named_by_address = builder().pool_setting("UsernameAttributes", json!(["email"]));
        let verifying = named_by_address.pool_setting("AutoVerifiedAttributes", json!(["email"]));
        let pool = verifying.start().await.unwrap();
        let input = json!({ "Username": "emil@example.com", "Password": PASSWORD });
        call(&pool, "SignUp", input).await;
        let code = pool.messages().last().unwrap().code.clone();
        let confirm = json!({ "Username": "emil@example.com", "ConfirmationCode": code });
        call(&pool, "ConfirmSignUp", confirm).await;
        let input = begin(
            "USER_PASSWORD_AUTH",
            "emil@example.com",
            json!({ "PASSWORD": PASSWORD }),
        );
        call(&pool, "InitiateAuth", input).await;
        let (_, run) = plays(&pool, 3).await;
        assert_eq!(run.exchanges[2].result, ApiResult::Tokens);
    });
}

#[test]
fn a_pool_that_verifies_nothing_sends_no_code() {
    in_runtime(async {
        let pool = builder().start().await.unwrap();
        let email = json!([{ "Name": "email", "Value": "ana@example.com" }]);
        let input = json!({ "Username": "ana", "Password": PASSWORD, "UserAttributes": email });
        call(&pool, "SignUp", input).await;
        let (written, _) = plays(&pool, 1).await;
        assert_eq!(written["flow"]["pool"]["AutoVerifiedAttributes"], json!([]));
    });
}

#[test]
fn attributes_of_a_later_call_are_in_the_pool_of_the_flow() {
    in_runtime(async {
        let plan = json!([{ "Name": "plan", "AttributeDataType": "String", "Mutable": true }]);
        let pool = builder().pool_setting("Schema", plan).start().await.unwrap();
        sign_up_confirmed(&pool).await;
        let plan = json!([{ "Name": "custom:plan", "Value": "pro" }]);
        let input = json!({ "UserPoolId": POOL, "Username": "ana", "UserAttributes": plan });
        pool.call("AdminUpdateUserAttributes", input).await.unwrap();
        plays(&pool, 3).await;
    });
}

async fn sign_up_confirmed(pool: &LocalPool) {
    let input = json!({ "Username": "ana", "Password": PASSWORD });
    call(pool, "SignUp", input).await;
    let user = json!({ "UserPoolId": POOL, "Username": "ana" });
    pool.call("AdminConfirmSignUp", user).await.unwrap();
}

#[test]
fn a_token_among_stored_attributes_is_left_out_and_named() {
    in_runtime(async {
        let token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";
        let attributes = json!([
            { "Name": "email", "Value": "ana@example.com" }, { "Name": "email_verified", "Value": "true" },
            { "Name": "custom:upstream", "Value": token },
        ]);
        let schema = json!([{ "Name": "upstream", "AttributeDataType": "String", "Mutable": true }]);
        let user = json!({ "Username": "ana", "Password": PASSWORD, "Attributes": attributes });
        let pool = builder()
            .pool_setting("Schema", schema)
            .user(POOL, user)
            .start()
            .await
            .unwrap();
        let input = begin("USER_PASSWORD_AUTH", "ana", json!({ "PASSWORD": PASSWORD }));
        call(&pool, "InitiateAuth", input).await;
        let written = recorded(&pool, 1).await;
        let expected =
            "user: attributes.custom:upstream is a secret, which the flow doesn't have; write it in";
        assert_eq!(written["leftOut"], json!([expected]), "{written:#}");
        assert!(!written.to_string().contains(token), "{written:#}");
        let with_secrets = get(&pool, "/_dev/calls/1/flow?secrets=true").await;
        assert_eq!(
            with_secrets["flow"]["user"]["attributes"]["custom:upstream"],
            token
        );
    });
}
