//! Secrets in names of members, and in texts that have JSON or a form inside.

use cognito_triggers_pool::{Activity, LocalPool, handler_fn};
use serde_json::{Value, json};

use super::{Disk, sign_up};

#[tokio::test]
async fn names_of_members_have_no_secret() {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:any";
    let disk = Disk::with_room(1 << 20);
    let pool = LocalPool::builder()
        .functions(handler_fn(|_, mut event: Value| {
            // A function that answers what it was sent, under the same names.
            event["response"]["seen"] = event["request"]["clientMetadata"].clone();
            Ok(event)
        }))
        .pool_setting("LambdaConfig", json!({ "PreSignUp": arn }))
        .record(disk.clone())
        .start()
        .await
        .unwrap();
    let mut request = sign_up("ana");
    request["ClientMetadata"] =
        json!({ "Passw0rd!": "one", "of Passw0rd!": "two", "{{x-1}}": "three", "plain": "four" });
    request["ValidationData"] = json!([{ "Name": "Passw0rd!", "Value": "five" }]);
    pool.call("SignUp", request).await.unwrap();

    let text = String::from_utf8(disk.written.lock().unwrap().clone()).unwrap();
    assert!(!text.contains("Passw0rd!"), "{text}");
    let recording = disk.recording();
    let call = recording.calls().next().unwrap();
    let expected =
        json!({ "{{password-1}}": "one", "of {{password-1}}": "two", "{{{{x-1}}": "three", "plain": "four" });
    assert_eq!(call.request["ClientMetadata"], expected);
    let trigger = &call.triggers[0];
    assert_eq!(trigger.event["request"]["clientMetadata"], expected);
    assert_eq!(
        trigger.event["request"]["validationData"],
        json!({ "{{password-1}}": "five" })
    );
    assert_eq!(trigger.answer.as_ref().unwrap()["seen"], expected);
}

#[tokio::test]
async fn texts_in_texts_have_no_secret() {
    let disk = Disk::with_room(1 << 20);
    let pool = LocalPool::builder().record(disk.clone()).start().await.unwrap();
    let mut activities = pool.activities();
    let mut request = sign_up("ana");
    request["ClientMetadata"] = json!({
        "payload": "{ \"password\": \"Other-1!\", \"inner\": \"{\\\"oldPassword\\\":\\\"Other-2!\\\"}\", \"otp\": 424242, \"lang\": \"en\" }",
        "back": "https://app.example/?password=Other-3%21&code=515151#x",
    });
    pool.call("SignUp", request).await.unwrap();

    let Some(Activity::Call(call)) = activities.next().await else {
        panic!("no call was reported")
    };
    // Passwords aren't kept, and other secrets are only shown to those who ask for them.
    let kept = call.request().unwrap()["ClientMetadata"].clone();
    let expected = json!({
        "payload": "{ \"password\": \"***\", \"inner\": \"{\\\"oldPassword\\\":\\\"***\\\"}\", \"otp\": \"***\", \"lang\": \"en\" }",
        "back": "https://app.example/?password=***&code=***#x",
    });
    assert_eq!(kept, expected);
    let text = String::from_utf8(disk.written.lock().unwrap().clone()).unwrap();
    for secret in ["Other-1!", "Other-2!", "Other-3", "424242", "515151"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    let recording = disk.recording();
    let payload = recording.calls().next().unwrap().request["ClientMetadata"]["payload"].clone();
    assert!(
        payload.as_str().unwrap().ends_with(", \"lang\": \"en\" }"),
        "{payload}"
    );
}
