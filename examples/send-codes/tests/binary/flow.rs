//! The binary as the custom sender of a local user pool: the user confirms with the code that the binary sends.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use cognito_triggers::{CustomEmailSender, Event};
use cognito_triggers_kms::Decryptor;
use cognito_triggers_kms::testing::LocalKey;
use cognito_triggers_loopback::seal::KEY_ARN;
use cognito_triggers_replay::flow::Flow;

use crate::support;

/// Starts an SES that accepts every email, and forwards each request.
fn ses() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, requests) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
            let mut request = Vec::new();
            // The connection stays open: the request ends where nothing more comes in time.
            let _ = stream.read_to_end(&mut request);
            let body = r#"{"MessageId":"1"}"#;
            let length = body.len();
            let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
            stream.write_all((head + body).as_bytes()).unwrap();
            sender.send(String::from_utf8(request).unwrap()).unwrap();
        }
    });
    (url, requests)
}

#[tokio::test]
async fn the_sent_code_is_that_of_the_pool() {
    let (url, requests) = ses();
    let function = support::function().await.env("AWS_ENDPOINT_URL_SESV2", &url);
    // ConfirmSignUp of this flow types the code of the pool, and expects success.
    let run = Flow::named("sign-up").unwrap().run(&function).await;
    run.assert();

    let step = run.steps().find(|step| step.source == "CustomEmailSender_SignUp");
    let step = step.unwrap();
    let decryptor = Decryptor::builder()
        .key_arn(KEY_ARN)
        .pool(support::POOL)
        .kms(LocalKey::new(KEY_ARN).unwrap())
        .build()
        .unwrap();
    let event = Event::<CustomEmailSender>::from_json(step.event.to_string()).unwrap();
    let code = decryptor.open(&event).await.unwrap().unwrap();
    let sent = requests.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(sent.contains("ana@example.com"), "{sent}");
    assert!(sent.contains(&format!("is {}.", code.expose())), "{sent}");
    assert!(!step.log.contains(code.expose()), "{}", step.log);
}

#[tokio::test]
async fn a_service_that_is_away_is_named() {
    let function = support::function()
        .await
        .env("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    let run = Flow::named("sign-up").unwrap().run(&function).await;
    let text = run.to_string();
    assert!(!run.is_good(), "{text}");
    assert!(text.contains("not sent: CustomEmailSender_SignUp"), "{text}");
}
