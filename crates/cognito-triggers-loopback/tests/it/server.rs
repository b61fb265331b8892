//! The settings of the server, as a client sees them.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::time::Duration;

use bytes::Bytes;
use cognito_triggers_loopback::server::{Builder, Server};
use http_body_util::Full;
use hyper::Response;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n";

/// Longer than any response takes.
const LIMIT: Duration = Duration::from_secs(20);

/// A server that answers "served" after a short time.
async fn serve(settings: Builder) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let handler = |_| async {
        sleep(Duration::from_millis(20)).await;
        Response::new(Full::new(Bytes::from_static(b"served")))
    };
    settings.serve(listener, handler).unwrap()
}

async fn connect(server: &Server) -> TcpStream {
    TcpStream::connect(server.address()).await.unwrap()
}

/// Reads until the response is complete or the connection ends.
async fn response(client: &mut TcpStream) -> String {
    let mut response = Vec::new();
    let read = async {
        while !response.ends_with(b"served") {
            if client.read_buf(&mut response).await.unwrap_or(0) == 0 {
                break;
            }
        }
    };
    timeout(LIMIT, read).await.unwrap();
    String::from_utf8(response).unwrap()
}

#[tokio::test]
async fn a_half_closed_client_gets_its_response_only_on_request() {
    for (settings, ending) in [
        (Server::builder().half_close(), "served"),
        (Server::builder(), ""),
    ] {
        let server = serve(settings).await;
        let mut client = connect(&server).await;
        client.write_all(REQUEST).await.unwrap();
        client.shutdown().await.unwrap();
        let response = response(&mut client).await;
        assert!(response.ends_with(ending) && response.is_empty() == ending.is_empty());
    }
}

#[tokio::test]
async fn a_client_that_sends_no_header_is_disconnected() {
    let server = serve(Server::builder().header_timeout(Duration::from_millis(100))).await;
    for beginning in [&b""[..], b"GET / HTTP/1.1\r\nhost:", REQUEST] {
        let mut client = connect(&server).await;
        client.write_all(beginning).await.unwrap();
        let mut rest = Vec::new();
        timeout(LIMIT, client.read_to_end(&mut rest))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(rest.ends_with(b"served"), beginning == REQUEST);
    }

    let without_timeout = serve(Server::builder()).await;
    let mut client = connect(&without_timeout).await;
    sleep(Duration::from_millis(300)).await;
    client.write_all(REQUEST).await.unwrap();
    assert!(response(&mut client).await.ends_with("served"));
}

#[tokio::test]
async fn a_connection_above_the_limit_waits_for_another_to_end() {
    for (limit, served_at_once) in [(0, 1), (2, 2)] {
        let server = serve(Server::builder().max_connections(limit)).await;
        let mut open = Vec::new();
        for _ in 0..served_at_once {
            let mut client = connect(&server).await;
            client.write_all(REQUEST).await.unwrap();
            assert!(response(&mut client).await.ends_with("served"));
            open.push(client);
        }
        let mut waiting = connect(&server).await;
        waiting.write_all(REQUEST).await.unwrap();
        let early = timeout(Duration::from_millis(200), waiting.read_u8()).await;
        assert!(early.is_err(), "{early:?}");
        drop(open.pop());
        assert!(response(&mut waiting).await.ends_with("served"));
    }
}

#[tokio::test]
async fn a_dropped_server_ends_its_connections() {
    let server = serve(Server::builder()).await;
    let mut client = connect(&server).await;
    client.write_all(REQUEST).await.unwrap();
    assert!(response(&mut client).await.ends_with("served"));
    let address = server.address();
    drop(server);
    let mut rest = Vec::new();
    timeout(LIMIT, client.read_to_end(&mut rest))
        .await
        .unwrap()
        .unwrap();
    assert!(rest.is_empty());
    assert!(TcpStream::connect(address).await.is_err());
}
