//! The KMS on loopback, as a client sees it on the wire.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use cognito_triggers_kms::testing::LocalKey;
use cognito_triggers_loopback::kms::LoopbackKms;
use cognito_triggers_loopback::seal::KEY_ARN;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn start() -> LoopbackKms {
    LoopbackKms::start([LocalKey::new(KEY_ARN).unwrap()])
        .await
        .unwrap()
}

const HOST: &str = "host: 127.0.0.1\r\n";

/// Sends a request with these headers, and returns the status line, the headers and the body of the response.
async fn send(kms: &LoopbackKms, headers: &str, body: &str) -> (String, Value) {
    let url = kms.url();
    let mut stream = TcpStream::connect(url.trim_start_matches("http://"))
        .await
        .unwrap();
    let length = body.len();
    let request =
        format!("POST / HTTP/1.1\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), serde_json::from_str(body).unwrap())
}

async fn call(kms: &LoopbackKms, operation: &str, input: &Value) -> (String, Value) {
    send(
        kms,
        &format!("{HOST}x-amz-target: TrentService.{operation}\r\n"),
        &input.to_string(),
    )
    .await
}

#[tokio::test]
async fn a_data_key_comes_back_under_its_context_only() {
    let kms = start().await;
    let context = json!({ "userpool-id": "eu-central-1_aB3dE6gHi" });
    let (head, made) = call(
        &kms,
        "GenerateDataKey",
        &json!({ "KeyId": KEY_ARN, "KeySpec": "AES_256", "EncryptionContext": context }),
    )
    .await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(
        head.contains("content-type: application/x-amz-json-1.1"),
        "{head}"
    );
    let blob = &made["CiphertextBlob"];

    let (_, opened) = call(
        &kms,
        "Decrypt",
        &json!({ "CiphertextBlob": blob, "EncryptionContext": context }),
    )
    .await;
    assert_eq!(opened["Plaintext"], made["Plaintext"]);
    assert_eq!(opened["KeyId"], KEY_ARN);

    let (head, error) = call(&kms, "Decrypt", &json!({ "CiphertextBlob": blob })).await;
    assert!(head.starts_with("HTTP/1.1 400"), "{head}");
    assert_eq!(error["__type"], "InvalidCiphertextException");
}

#[tokio::test]
async fn errors_say_what_to_do() {
    let kms = start().await;
    for (operation, input, name, hint) in [
        (
            "ListKeys",
            json!({}),
            "UnknownOperationException",
            "Decrypt, Encrypt, GenerateDataKey and DescribeKey",
        ),
        (
            "DescribeKey",
            json!({ "KeyId": "alias/codes" }),
            "NotFoundException",
            KEY_ARN,
        ),
        ("DescribeKey", json!({}), "SerializationException", "KeyId"),
        (
            "Encrypt",
            json!({ "KeyId": KEY_ARN, "Plaintext": "?" }),
            "SerializationException",
            "not base64",
        ),
        (
            "Decrypt",
            json!({ "CiphertextBlob": "AQICAHg=" }),
            "InvalidCiphertextException",
            "the real KMS",
        ),
        (
            "GenerateDataKey",
            json!({ "KeyId": KEY_ARN }),
            "ValidationException",
            "KeySpec",
        ),
    ] {
        let (head, error) = call(&kms, operation, &input).await;
        assert!(head.starts_with("HTTP/1.1 400"), "{operation}: {head}");
        assert_eq!(error["__type"], name, "{operation}");
        assert!(
            error["message"].as_str().unwrap().contains(hint),
            "{operation}: {error}"
        );
    }
}

#[tokio::test]
async fn requests_that_are_not_for_kms_get_an_error() {
    let kms = start().await;
    assert_eq!(
        send(&kms, HOST, "").await.1["__type"],
        "UnknownOperationException"
    );
    let target = format!("{HOST}x-amz-target: TrentService.Decrypt\r\n");
    assert_eq!(
        send(&kms, &target, "{").await.1["__type"],
        "SerializationException"
    );
}

#[tokio::test]
async fn a_web_page_gets_no_key() {
    let kms = start().await;
    let input = json!({ "KeyId": KEY_ARN, "KeySpec": "AES_256" }).to_string();
    for page in [
        "host: rebound.example\r\n",
        "host: 127.0.0.1\r\norigin: https://page.example\r\n",
        "host: 127.0.0.1\r\norigin: http://127.0.0.1:3000\r\n",
    ] {
        let headers = format!("{page}x-amz-target: TrentService.GenerateDataKey\r\n");
        let (head, error) = send(&kms, &headers, &input).await;
        assert!(head.starts_with("HTTP/1.1 400"), "{head}");
        assert_eq!(error["__type"], "AccessDeniedException", "{page}");
        assert!(error.get("Plaintext").is_none());
    }
    let headers = format!("{HOST}x-amz-target: TrentService.GenerateDataKey\r\n");
    assert!(send(&kms, &headers, &input).await.1["Plaintext"].is_string());
}

#[tokio::test]
async fn it_listens_on_loopback_until_it_is_dropped() {
    let kms = start().await;
    let url = kms.url();
    let address = url.trim_start_matches("http://").to_owned();
    assert!(address.starts_with("127.0.0.1:"));
    drop(kms);
    tokio::task::yield_now().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn its_environment_leads_a_function_to_it() {
    let kms = start().await;
    let environment = kms.environment(&["eu-central-1_aB3dE6gHi", "eu-central-1_zZ9yY8xX7"]);
    let value = |name| {
        environment
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.as_str())
    };
    assert_eq!(value("AWS_ENDPOINT_URL_KMS"), Some(kms.url().as_str()));
    assert_eq!(value("COGNITO_KMS_KEY_ARN"), Some(KEY_ARN));
    assert_eq!(
        value("COGNITO_USER_POOL_IDS"),
        Some("eu-central-1_aB3dE6gHi,eu-central-1_zZ9yY8xX7")
    );
}
