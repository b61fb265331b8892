//! Tests of retries, timeouts and errors against a scripted server.

use std::collections::BTreeMap;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

const ARN: &str = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const LIMIT: Duration = Duration::from_secs(4);

/// How the server treats a request.
enum Step {
    Respond(u16, String),
    Stall,
    HangUp,
}

fn success() -> Step {
    let plaintext = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    Step::Respond(200, format!(r#"{{"KeyId":"{ARN}","Plaintext":"{plaintext}"}}"#))
}

fn refusal(status: u16, name: &str) -> Step {
    Step::Respond(
        status,
        format!(r#"{{"__type":"{name}","message":"in KMS's words"}}"#),
    )
}

/// Serves one step for each request, and repeats the last one.
async fn serve(listener: TcpListener, mut steps: VecDeque<Step>) {
    let mut stalled = Vec::new();
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await;
        match steps.front().unwrap() {
            Step::HangUp => drop(stream),
            Step::Stall => stalled.push(stream),
            Step::Respond(status, body) => {
                let length = body.len();
                let response = format!(
                    "HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-type: application/x-amz-json-1.1\r\n\
                     x-amzn-requestid: 5f1c\r\ncontent-length: {length}\r\n\r\n{body}"
                );
                stream.write_all(response.as_bytes()).await.unwrap();
            }
        }
        if steps.len() > 1 {
            steps.pop_front();
        }
    }
}

async fn read_request(stream: &mut TcpStream) {
    let mut request = Vec::new();
    while !request.ends_with(b"}") {
        stream.read_buf(&mut request).await.unwrap();
    }
}

/// Returns a client like the default one, whose endpoint is a server with these `steps`.
async fn client(steps: impl IntoIterator<Item = Step>) -> AwsKms {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(serve(listener, steps.into_iter().collect()));
    client_at(url)
}

/// Returns a client with this endpoint, even if it isn't a URL.
fn client_at(url: String) -> AwsKms {
    let settings = Settings::from_variables(|name| match name {
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("test".to_owned()),
        _ => None,
    });
    let settings = Settings {
        endpoint_url: Some(url),
        ..settings.unwrap()
    };
    AwsKms::with_client(Client::from_conf(config("eu-central-1".to_owned(), settings)))
}

async fn decrypt(kms: &AwsKms, timeout: Duration) -> Result<DataKey, KmsError> {
    let encryption_context =
        &BTreeMap::from([("userpool-id".to_owned(), "eu-central-1_aB3dE6gHi".to_owned())]);
    kms.decrypt(DecryptRequest {
        key_arn: ARN,
        ciphertext: b"blob",
        encryption_context,
        timeout,
    })
    .await
}

async fn decrypt_error(steps: impl IntoIterator<Item = Step>) -> KmsError {
    decrypt(&client(steps).await, LIMIT).await.unwrap_err()
}

#[tokio::test]
async fn a_data_key_is_returned() {
    let key = decrypt(&client([success()]).await, LIMIT).await.unwrap();
    assert_eq!(key.key_arn, ARN);
    assert_eq!(*key.plaintext, (0..32).collect::<Vec<u8>>());
    assert!(!format!("{key:?}").contains("31"));
}

#[tokio::test]
async fn transient_failures_are_retried() {
    for failure in [
        refusal(400, "ThrottlingException"),
        refusal(500, "KMSInternalException"),
        Step::Respond(503, String::new()),
        Step::HangUp,
        Step::Stall,
    ] {
        assert!(decrypt(&client([failure, success()]).await, LIMIT).await.is_ok());
    }
}

#[tokio::test]
async fn every_error_code_has_its_kind() {
    use KmsErrorKind::*;
    for (status, name, kind) in [
        (400, "AccessDeniedException", AccessDenied),
        (400, "NotFoundException", KeyUnusable),
        (400, "DisabledException", KeyUnusable),
        (400, "KMSInvalidStateException", KeyUnusable),
        (400, "IncorrectKeyException", IncorrectKey),
        (400, "InvalidCiphertextException", InvalidCiphertext),
        (400, "UnrecognizedClientException", InvalidCredentials),
        (400, "ExpiredTokenException", InvalidCredentials),
        (400, "InvalidClientTokenId", InvalidCredentials),
        (400, "RequestExpired", InvalidCredentials),
        (400, "NotAuthorized", AccessDenied),
        (400, "InvalidKeyUsageException", KeyUnusable),
        (503, "ServiceUnavailable", Unavailable),
        (400, "ThrottlingException", Throttled),
        (500, "KMSInternalException", Unavailable),
        (400, "SomethingNewException", Other),
    ] {
        let error = decrypt_error([refusal(status, name)]).await;
        assert_eq!(error.kind(), kind, "{name}");
        assert_eq!(
            error.to_string(),
            format!("{name}: in KMS's words (HTTP {status}, request id 5f1c)")
        );
    }
    assert_eq!(decrypt_error([Step::HangUp]).await.kind(), Unreachable);
}

#[tokio::test]
async fn a_signature_error_does_not_repeat_the_request() {
    let error = decrypt_error([refusal(400, "InvalidSignatureException")]).await;
    assert_eq!(error.kind(), KmsErrorKind::InvalidCredentials);
    let text = error.to_string();
    assert!(
        text.contains("InvalidSignatureException") && text.contains("5f1c"),
        "{text}"
    );
    assert!(!format!("{error:?}").contains("in KMS's words"), "{error:?}");
}

#[tokio::test]
async fn a_validation_error_means_an_altered_message() {
    let error = decrypt_error([refusal(400, "ValidationException")]).await;
    assert_eq!(error.kind(), KmsErrorKind::InvalidCiphertext);
    assert_eq!(
        error.to_string(),
        "ValidationException: the request is invalid (HTTP 400, request id 5f1c)"
    );
}

#[tokio::test]
async fn a_malformed_response_is_not_repeated() {
    let error = decrypt_error([Step::Respond(
        200,
        r#"{"Plaintext":"c2VjcmV0IGtleQ==","KeyId":7"#.to_owned(),
    )])
    .await;
    assert_eq!(error.kind(), KmsErrorKind::Unavailable, "{error:?}");
    assert!(!format!("{error:?}").contains("c2Vj"));
}

#[tokio::test]
async fn a_stalled_server_ends_at_the_timeout() {
    let kms = client([Step::Stall]).await;
    let limit = Duration::from_millis(400);
    let start = Instant::now();
    let error = decrypt(&kms, limit).await.unwrap_err();
    assert_eq!(error.kind(), KmsErrorKind::TimedOut);
    assert!(start.elapsed() >= limit / 2);
}

#[tokio::test]
async fn a_zero_timeout_fails_at_once() {
    let error = decrypt(&client([Step::Stall]).await, Duration::ZERO)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), KmsErrorKind::TimedOut);
}

/// Returns a client of a server with persistent connections, and the count of its connections.
async fn persistent_server() -> (AwsKms, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            counted.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(async move {
                loop {
                    read_request(&mut stream).await;
                    let Step::Respond(status, body) = success() else {
                        return;
                    };
                    let head = format!("HTTP/1.1 {status} x\r\ncontent-length: {}\r\n\r\n", body.len());
                    stream.write_all((head + &body).as_bytes()).await.unwrap();
                }
            });
        }
    });
    (client_at(url), count)
}

#[tokio::test]
async fn one_connection_serves_every_timeout() {
    let (kms, count) = persistent_server().await;
    for limit in 0..20 {
        decrypt(&kms, Duration::from_millis(1000 + 173 * limit))
            .await
            .unwrap();
    }
    assert_eq!(count.load(Ordering::Relaxed), 1);
}

/// The SDK's own error has the whole request if the endpoint isn't a URI.
#[tokio::test]
async fn no_error_repeats_the_request() {
    for url in ["localhost:4566", "http://[", "http://a b"] {
        let error = decrypt(&client_at(url.to_owned()), LIMIT).await.unwrap_err();
        let error = crate::Error::kms(ARN, error);
        let said = format!("{error} {error:?} {:?}", std::error::Error::source(&error));
        for part in ["CiphertextBlob", "Blob", "YmxvYg", "userpool-id"] {
            assert!(!said.contains(part), "{said}");
        }
    }
}

#[tokio::test]
async fn a_closed_port_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = decrypt(&client_at(url), LIMIT).await.unwrap_err();
    assert_eq!(error.kind(), KmsErrorKind::Unreachable);
    assert!(error.to_string().contains("refused"), "{error}");
}
