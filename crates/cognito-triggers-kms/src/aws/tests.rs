//! The client against a server that follows a script, to see what retries and time-outs do.

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

/// What the server does with a request.
enum Step {
    Answer(u16, String),
    Stall,
    HangUp,
}

fn good() -> Step {
    let plaintext = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    Step::Answer(200, format!(r#"{{"KeyId":"{ARN}","Plaintext":"{plaintext}"}}"#))
}

fn refusal(status: u16, name: &str) -> Step {
    Step::Answer(
        status,
        format!(r#"{{"__type":"{name}","message":"in KMS's words"}}"#),
    )
}

/// One step for each request, the last one for ever.
async fn follow(listener: TcpListener, mut steps: VecDeque<Step>) {
    let mut stalled = Vec::new();
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await;
        match steps.front().unwrap() {
            Step::HangUp => drop(stream),
            Step::Stall => stalled.push(stream),
            Step::Answer(status, body) => {
                let length = body.len();
                let answer = format!(
                    "HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-type: application/x-amz-json-1.1\r\n\
                     x-amzn-requestid: 5f1c\r\ncontent-length: {length}\r\n\r\n{body}"
                );
                stream.write_all(answer.as_bytes()).await.unwrap();
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

/// The client that the environment would give, with its endpoint at a server that follows `steps`.
async fn client(steps: impl IntoIterator<Item = Step>) -> AwsKms {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(follow(listener, steps.into_iter().collect()));
    client_at(url)
}

/// The client with its endpoint there, whether or not it is an address.
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

async fn decrypt(kms: &AwsKms, time_limit: Duration) -> Result<DataKey, KmsError> {
    let encryption_context =
        &BTreeMap::from([("userpool-id".to_owned(), "eu-central-1_aB3dE6gHi".to_owned())]);
    kms.decrypt(Decrypt {
        key_arn: ARN,
        ciphertext: b"blob",
        encryption_context,
        time_limit,
    })
    .await
}

async fn fails(steps: impl IntoIterator<Item = Step>) -> KmsError {
    decrypt(&client(steps).await, LIMIT).await.unwrap_err()
}

#[tokio::test]
async fn an_answer_is_taken() {
    let key = decrypt(&client([good()]).await, LIMIT).await.unwrap();
    assert_eq!(key.key_arn, ARN);
    assert_eq!(*key.plaintext, (0..32).collect::<Vec<u8>>());
    assert!(!format!("{key:?}").contains("31"));
}

#[tokio::test]
async fn what_passes_is_tried_again() {
    for trouble in [
        refusal(400, "ThrottlingException"),
        refusal(500, "KMSInternalException"),
        Step::Answer(503, String::new()),
        Step::HangUp,
        Step::Stall,
    ] {
        assert!(decrypt(&client([trouble, good()]).await, LIMIT).await.is_ok());
    }
}

#[tokio::test]
async fn what_stays_is_told_apart() {
    use KmsErrorKind::*;
    for (status, name, kind) in [
        (400, "AccessDeniedException", AccessDenied),
        (400, "NotFoundException", KeyUnusable),
        (400, "DisabledException", KeyUnusable),
        (400, "KMSInvalidStateException", KeyUnusable),
        (400, "IncorrectKeyException", IncorrectKey),
        (400, "InvalidCiphertextException", InvalidCiphertext),
        (400, "UnrecognizedClientException", NoCredentials),
        (400, "ExpiredTokenException", NoCredentials),
        (400, "InvalidClientTokenId", NoCredentials),
        (400, "RequestExpired", NoCredentials),
        (400, "NotAuthorized", AccessDenied),
        (400, "InvalidKeyUsageException", KeyUnusable),
        (503, "ServiceUnavailable", Unavailable),
        (400, "ThrottlingException", Throttled),
        (500, "KMSInternalException", Unavailable),
        (400, "SomethingNewException", Other),
    ] {
        let error = fails([refusal(status, name)]).await;
        assert_eq!(error.kind(), kind, "{name}");
        assert_eq!(
            error.to_string(),
            format!("{name}: in KMS's words (HTTP {status}, request id 5f1c)")
        );
    }
    assert_eq!(fails([Step::HangUp]).await.kind(), Unreachable);
}

#[tokio::test]
async fn a_wrong_signature_is_told_without_the_request_that_kms_repeats() {
    let error = fails([refusal(400, "InvalidSignatureException")]).await;
    assert_eq!(error.kind(), KmsErrorKind::NoCredentials);
    let text = error.to_string();
    assert!(
        text.contains("InvalidSignatureException") && text.contains("5f1c"),
        "{text}"
    );
    assert!(!format!("{error:?}").contains("in KMS's words"), "{error:?}");
}

#[tokio::test]
async fn what_is_invalid_is_damage_and_is_not_repeated() {
    let error = fails([refusal(400, "ValidationException")]).await;
    assert_eq!(error.kind(), KmsErrorKind::InvalidCiphertext);
    assert_eq!(
        error.to_string(),
        "ValidationException: the request isn't valid (HTTP 400, request id 5f1c)"
    );
}

#[tokio::test]
async fn nothing_of_an_unreadable_answer_is_kept() {
    let error = fails([Step::Answer(
        200,
        r#"{"Plaintext":"c2VjcmV0IGtleQ==","KeyId":7"#.to_owned(),
    )])
    .await;
    assert_eq!(error.kind(), KmsErrorKind::Unavailable, "{error:?}");
    assert!(!format!("{error:?}").contains("c2Vj"));
}

#[tokio::test]
async fn a_stalled_server_costs_no_more_than_the_limit() {
    let kms = client([Step::Stall]).await;
    let limit = Duration::from_millis(400);
    let start = Instant::now();
    let error = decrypt(&kms, limit).await.unwrap_err();
    assert_eq!(error.kind(), KmsErrorKind::TimedOut);
    let took = start.elapsed();
    assert!(took >= limit / 2 && took < limit * 2, "{took:?}");
}

#[tokio::test]
async fn without_time_left_there_is_no_wait() {
    let error = decrypt(&client([Step::Stall]).await, Duration::ZERO)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), KmsErrorKind::TimedOut);
}

/// A server that keeps its connections, and how many it was asked for.
async fn keeping() -> (AwsKms, Arc<AtomicUsize>) {
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
                    let Step::Answer(status, body) = good() else {
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
async fn one_connection_serves_whatever_time_is_left() {
    let (kms, count) = keeping().await;
    for limit in 0..20 {
        decrypt(&kms, Duration::from_millis(1000 + 173 * limit))
            .await
            .unwrap();
    }
    assert_eq!(count.load(Ordering::Relaxed), 1);
}

/// The SDK repeats the whole request when it can't make a URI of it.
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
