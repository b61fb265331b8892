//! A DynamoDB that is throttled, slow, gone or wrong: canned answers on loopback.

use std::{sync::Arc, time::Duration};

use cognito_triggers::once::{IfStoreFails, OnceError, StoreErrorKind};
use cognito_triggers_dynamodb::DynamoStore;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    sync::Mutex,
};

use crate::support::{Counter, client, context, event, once};

/// What the service says to a request: an HTTP status and an error code, or `None` for success. `Silence` never answers.
#[derive(Clone, Copy)]
enum Says {
    Error(u16, &'static str),
    Success,
    Silence,
}

/// A service that gives these answers in their order, and the last one from then on. Returns its address, and the bodies of
/// the requests.
async fn service(says: Vec<Says>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let requests = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&requests);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            // The head, and as much as it announces.
            let body = loop {
                let mut chunk = [0; 4096];
                let length = stream.read(&mut chunk).await.unwrap();
                request.extend_from_slice(&chunk[..length]);
                let text = String::from_utf8_lossy(&request).into_owned();
                if let Some((head, body)) = text.split_once("\r\n\r\n") {
                    let announced = head.to_lowercase();
                    let announced = announced.split("content-length: ").nth(1).unwrap_or("0");
                    let announced: usize = announced.lines().next().unwrap().trim().parse().unwrap();
                    if body.len() >= announced {
                        break body.to_owned();
                    }
                }
                assert!(length > 0, "{text}");
            };
            let mut seen = seen.lock().await;
            let says = says[seen.len().min(says.len() - 1)];
            seen.push(body);
            let (status, body) = match says {
                Says::Error(status, code) => (
                    status,
                    format!(
                        r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{code}","message":"SECRET of the service"}}"#
                    ),
                ),
                Says::Success => (200, "{}".to_owned()),
                Says::Silence => {
                    tokio::spawn(async move {
                        tokio::time::sleep(Duration::from_secs(60)).await;
                        drop(stream);
                    });
                    continue;
                }
            };
            let answer = format!(
                "HTTP/1.1 {status} X\r\ncontent-type: application/x-amz-json-1.0\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (address, requests)
}

const THROTTLED: Says = Says::Error(400, "ProvisionedThroughputExceededException");

#[tokio::test]
async fn a_throttled_step_is_repeated_until_it_is_done() {
    let (address, requests) = service(vec![
        THROTTLED,
        Says::Error(500, "InternalServerError"),
        Says::Success,
    ])
    .await;
    let (once, counter) = (once(DynamoStore::new(client(&address), "t")), Counter::default());
    let effect = once.effect("count").store_timeout(Duration::from_secs(20));
    let answer = effect
        .run(&context(Duration::from_secs(60)), &event(), counter.count())
        .await;
    assert_eq!((answer.unwrap(), counter.total()), (Some(1), 1));
    // Two refused claims, one that was taken, and the record.
    let requests = requests.lock().await;
    assert_eq!(requests.len(), 4);
    assert!(
        requests[0].contains("attribute_not_exists") && requests[3].contains("done"),
        "{requests:?}"
    );
}

#[tokio::test]
async fn every_fault_has_its_kind_and_the_team_s_choice() {
    let gone = Says::Silence;
    let rows = [
        (
            THROTTLED,
            StoreErrorKind::Throttled,
            "ProvisionedThroughputExceededException",
        ),
        (
            Says::Error(400, "ThrottlingException"),
            StoreErrorKind::Throttled,
            "ThrottlingException",
        ),
        (
            Says::Error(503, "ServiceUnavailable"),
            StoreErrorKind::Unavailable,
            "HTTP 503",
        ),
        (
            Says::Error(400, "AccessDeniedException"),
            StoreErrorKind::Denied,
            "the function's role needs dynamodb:PutItem",
        ),
        (
            Says::Error(400, "ResourceNotFoundException"),
            StoreErrorKind::Missing,
            "with the partition key `id`",
        ),
        (
            Says::Error(400, "ValidationException"),
            StoreErrorKind::Other,
            "ValidationException",
        ),
        (gone, StoreErrorKind::TimedOut, "didn't answer in time"),
    ];
    for (says, kind, text) in rows {
        let (address, _) = service(vec![says]).await;
        check(&address, kind, text).await;
    }
    // Nobody listens there any more.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    check(&address, StoreErrorKind::Unavailable, "can't be reached").await;
}

async fn check(address: &str, kind: StoreErrorKind, text: &str) {
    let (once, counter) = (once(DynamoStore::new(client(address), "t")), Counter::default());
    let effect = once.effect("count").store_timeout(Duration::from_secs(2));
    let context = || context(Duration::from_secs(60));
    let refuse = effect.clone().if_store_fails(IfStoreFails::Refuse);
    let error = refuse
        .run(&context(), &event(), counter.count())
        .await
        .unwrap_err();
    let Some(OnceError::Store { error: of_store, .. }) = error.find() else {
        panic!("{error}")
    };
    assert_eq!((of_store.kind(), counter.total()), (kind, 0), "{error}");
    assert!(error.to_string().contains(text), "{error}");
    assert!(!error.to_string().contains("SECRET"), "{error}");

    let run = effect.if_store_fails(IfStoreFails::Run);
    assert_eq!(
        run.run(&context(), &event(), counter.count()).await.unwrap(),
        Some(1),
        "{kind:?}"
    );
}

#[tokio::test]
async fn an_effect_whose_record_fails_is_still_a_success() {
    let (address, requests) = service(vec![Says::Success, Says::Error(400, "AccessDeniedException")]).await;
    let (once, counter) = (once(DynamoStore::new(client(&address), "t")), Counter::default());
    let answer = once
        .effect("count")
        .run(&context(Duration::from_secs(60)), &event(), counter.count())
        .await;
    assert_eq!(
        (answer.unwrap(), counter.total(), requests.lock().await.len()),
        (Some(1), 1, 2)
    );
}
