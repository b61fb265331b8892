//! Secrets that must not leak, and codes that must not be accepted.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that can't go on fails"
)]

use cognito_triggers_pool::{LocalPool, handler_fn};
use serde_json::{Value, json};

const CLIENT: &str = "localclient";

async fn access_token(pool: &LocalPool, username: &str, password: &str) -> String {
    let input = json!({
        "ClientId": CLIENT,
        "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": { "USERNAME": username, "PASSWORD": password },
    });
    let answer = pool.call("InitiateAuth", input).await.expect("a sign-in");
    let token = answer["AuthenticationResult"]["AccessToken"].as_str();
    token.expect("a token").to_owned()
}

#[tokio::test]
async fn a_code_for_an_old_address_verifies_no_new_one() {
    for deletes in [false, true] {
        let pool = LocalPool::builder().start().await.expect("a free port");
        let user = json!({ "UserPoolId": "us-east-1_localpool", "Username": "ana", "MessageAction": "SUPPRESS",
            "UserAttributes": [{ "Name": "email", "Value": "ana@example.com" }] });
        pool.call("AdminCreateUser", user).await.expect("a user");
        let password = json!({ "UserPoolId": "us-east-1_localpool", "Username": "ana", "Password": "Passw0rd!",
            "Permanent": true });
        pool.call("AdminSetUserPassword", password)
            .await
            .expect("a password");
        let token = access_token(&pool, "ana", "Passw0rd!").await;

        let ask = json!({ "AccessToken": token, "AttributeName": "email" });
        pool.call("GetUserAttributeVerificationCode", ask)
            .await
            .expect("a code");
        let code = pool
            .messages()
            .last_to("ana@example.com")
            .expect("a message")
            .code
            .clone();
        if deletes {
            let delete = json!({ "AccessToken": token, "UserAttributeNames": ["email"] });
            pool.call("DeleteUserAttributes", delete)
                .await
                .expect("a deletion");
        } else {
            let victim = json!([{ "Name": "email", "Value": "victim@example.com" }]);
            let update = json!({ "AccessToken": token, "UserAttributes": victim });
            pool.call("UpdateUserAttributes", update).await.expect("a change");
        }
        let verify = json!({ "AccessToken": token, "AttributeName": "email", "Code": code });
        let refused = pool
            .call("VerifyUserAttribute", verify)
            .await
            .expect_err("an old code");
        assert_eq!(refused.class(), "ExpiredCodeException", "{refused}");
    }
}

#[tokio::test]
async fn the_password_of_a_migrated_user_is_in_no_message() {
    let password = "Own-passw0rd";
    let pool = LocalPool::builder()
        .pool_setting(
            "LambdaConfig",
            json!({ "UserMigration": "arn:aws:lambda:us-east-1:123456789012:function:migrate" }),
        )
        .functions(handler_fn(|_arn, mut event: Value| {
            event["response"]["userAttributes"] =
                json!({ "email": "old@example.com", "email_verified": "true" });
            event["response"]["finalUserStatus"] = json!("CONFIRMED");
            event["response"]["desiredDeliveryMediums"] = json!(["EMAIL"]);
            Ok(event)
        }))
        .start()
        .await
        .expect("a free port");
    access_token(&pool, "old", password).await;
    let sent = pool.messages();
    let welcome = sent.last_to("old@example.com").expect("a welcome");
    assert_eq!(welcome.code, "***");
    let everything = format!("{sent:?} {:?}", pool.events());
    assert!(!everything.contains(password), "{everything}");
}

#[tokio::test]
async fn a_migrated_user_is_welcomed_by_text_message_by_default() {
    for (mediums, sent) in [(Value::Null, true), (json!([]), true), (json!(["EMAIL"]), false)] {
        let pool = LocalPool::builder()
            .pool_setting(
                "LambdaConfig",
                json!({ "UserMigration": "arn:aws:lambda:us-east-1:123456789012:function:migrate" }),
            )
            .functions(handler_fn(move |_arn, mut event: Value| {
                event["response"]["userAttributes"] =
                    json!({ "phone_number": "+15550100", "phone_number_verified": "true" });
                event["response"]["finalUserStatus"] = json!("CONFIRMED");
                event["response"]["desiredDeliveryMediums"] = mediums.clone();
                Ok(event)
            }))
            .start()
            .await
            .expect("a free port");
        access_token(&pool, "old", "Own-passw0rd").await;
        assert_eq!(pool.messages().last_to("+15550100").is_some(), sent);
    }
}

#[tokio::test]
async fn a_private_challenge_is_shown_only_on_request() {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:challenges";
    let hooks =
        json!({ "DefineAuthChallenge": arn, "CreateAuthChallenge": arn, "VerifyAuthChallengeResponse": arn });
    let pool = LocalPool::builder()
        .functions(handler_fn(|_arn, mut event: Value| {
            event["response"] = match event["triggerSource"].as_str() {
                Some("CreateAuthChallenge_Authentication") => {
                    json!({ "publicChallengeParameters": {}, "privateChallengeParameters": { "answer": "rosebud" } })
                }
                Some("VerifyAuthChallengeResponse_Authentication") => json!({ "answerCorrect": false }),
                _ => json!({ "challengeName": "CUSTOM_CHALLENGE", "issueTokens": false, "failAuthentication": false }),
            };
            Ok(event)
        }))
        .pool_setting("LambdaConfig", hooks)
        .user("us-east-1_localpool", json!({ "Username": "ana", "Password": "Passw0rd!" }))
        .start()
        .await
        .expect("a free port");
    let mut activities = pool.activities();
    let begin = json!({ "ClientId": "localclient", "AuthFlow": "CUSTOM_AUTH", "AuthParameters": { "USERNAME": "ana" } });
    let session = pool.call("InitiateAuth", begin).await.expect("a challenge")["Session"].clone();
    let answer = json!({
        "ClientId": "localclient", "ChallengeName": "CUSTOM_CHALLENGE", "Session": session,
        "ChallengeResponses": { "USERNAME": "ana", "ANSWER": "rosewood" },
    });
    pool.call("RespondToAuthChallenge", answer)
        .await
        .expect("another challenge");

    let events = pool.events();
    let whole = pool.events_with_secrets();
    let printed = format!("{:?} {} {whole:?}", &events, json!(&events[..]));
    assert!(!printed.contains("rose"), "{printed}");
    let asked = json!(&whole[..]).to_string();
    assert!(asked.contains("rosebud") && asked.contains("rosewood"), "{asked}");
    drop(pool);
    while let Some(activity) = activities.next().await {
        let printed = format!("{activity:?}");
        assert!(!printed.contains("rose"), "{printed}");
    }
}
