//! HTTPS, as clients see it that trust the authority, and as those see it that don't speak it.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use cognito_triggers_loopback::{
    certificate::Certificate,
    server::{Builder, Connection, Server},
};
use http_body_util::Full;
use hyper::{Request, Response, body::Incoming};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::aws_lc_rs::default_provider,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
    },
};

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n";

/// Longer than any response takes.
const LIMIT: Duration = Duration::from_secs(20);

fn certificate() -> Certificate {
    Certificate::for_this_machine(["pool.test"]).unwrap()
}

/// A server that answers "encrypted" or "plain".
async fn serve(settings: Builder) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let handler = |request: Request<Incoming>| async move {
        let connection = request.extensions().get::<Connection>().unwrap();
        assert!(connection.is_of_this_machine);
        let text = if connection.is_encrypted {
            "encrypted"
        } else {
            "plain"
        };
        Response::new(Full::new(Bytes::from_static(text.as_bytes())))
    };
    settings.serve(listener, handler).unwrap()
}

/// Connects as a client that trusts the authority of `trusted` and calls the server by `name`.
async fn connect(
    server: &Server,
    trusted: &Certificate,
    name: &'static str,
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    let authority = trusted.authority_pem().unwrap();
    roots
        .add(CertificateDer::from_pem_slice(authority.as_bytes()).unwrap())
        .unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(server.address()).await?;
    let name = ServerName::try_from(name).unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

/// Sends a request, and reads until the server ends the connection.
async fn exchange(mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin, request: &[u8]) -> Vec<u8> {
    let _ = stream.write_all(request).await;
    let mut response = Vec::new();
    let _ = timeout(LIMIT, stream.read_to_end(&mut response)).await.unwrap();
    response
}

async fn is_served(server: &Server, certificate: &Certificate) -> bool {
    let stream = connect(server, certificate, "localhost").await.unwrap();
    exchange(stream, REQUEST).await.ends_with(b"\r\nencrypted")
}

#[tokio::test]
async fn a_client_that_trusts_the_authority_is_served() {
    let certificate = certificate();
    let server = serve(Server::builder().tls(certificate.clone())).await;
    assert!(server.url().starts_with("https://127.0.0.1:"));
    for name in [
        "localhost",
        "127.0.0.1",
        "::1",
        "host.docker.internal",
        "pool.test",
    ] {
        let stream = connect(&server, &certificate, name).await.unwrap();
        let response = exchange(stream, REQUEST).await;
        assert!(response.ends_with(b"\r\nencrypted"), "{name}");
    }
}

#[tokio::test]
async fn another_authority_or_name_is_not_trusted() {
    let certificate = certificate();
    let server = serve(Server::builder().tls(certificate.clone())).await;
    let other = Certificate::for_this_machine(["pool.test"]).unwrap();
    for (trusted, name) in [
        (&other, "localhost"),
        (&certificate, "example.com"),
        (&certificate, "10.0.0.1"),
    ] {
        let error = connect(&server, trusted, name).await.unwrap_err();
        assert!(
            error.to_string().contains("invalid peer certificate"),
            "{name}: {error}"
        );
    }
    assert!(is_served(&server, &certificate).await);
}

#[tokio::test]
async fn plain_http_reaches_the_handler_marked_as_such() {
    let certificate = certificate();
    let server = serve(Server::builder().tls(certificate.clone())).await;
    let stream = TcpStream::connect(server.address()).await.unwrap();
    assert!(exchange(stream, REQUEST).await.ends_with(b"\r\nplain"));
    assert!(is_served(&server, &certificate).await);
}

#[tokio::test]
async fn garbage_instead_of_a_handshake_ends_the_connection() {
    let certificate = certificate();
    let server = serve(Server::builder().tls(certificate.clone())).await;
    // A record that is longer than any may be, the hello of SSL 2, zeros, and text.
    let mut broken = vec![0x16, 3, 1, 0xff, 0xff];
    broken.resize(70_000, 7);
    for garbage in [
        broken.as_slice(),
        &[0x80, 46, 1, 3, 1],
        b"\0\0\0\0\0",
        b"hello\r\n\r\n",
    ] {
        let stream = TcpStream::connect(server.address()).await.unwrap();
        let response = exchange(stream, garbage).await;
        // At most an alert, which is a record of the type 21.
        assert!(response.first().is_none_or(|first| *first == 21), "{response:?}");
    }
    assert!(is_served(&server, &certificate).await);
}

#[tokio::test]
async fn a_slow_handshake_ends_and_frees_its_place() {
    let certificate = certificate();
    let settings = Server::builder()
        .tls(certificate.clone())
        .header_timeout(Duration::from_millis(100))
        .max_connections(1);
    let server = serve(settings).await;
    for beginning in [&b""[..], &[0x16, 3, 1, 2, 0, 1]] {
        let mut slow = TcpStream::connect(server.address()).await.unwrap();
        slow.write_all(beginning).await.unwrap();
        // The only place is taken until the slow client is disconnected.
        assert!(is_served(&server, &certificate).await);
        let mut rest = Vec::new();
        let _ = timeout(LIMIT, slow.read_to_end(&mut rest)).await.unwrap();
        assert!(rest.is_empty(), "{rest:?}");
    }
}

#[tokio::test]
async fn an_open_connection_keeps_its_place() {
    let certificate = certificate();
    let server = serve(Server::builder().tls(certificate.clone()).max_connections(1)).await;
    let open = connect(&server, &certificate, "localhost").await.unwrap();
    let waiting = connect(&server, &certificate, "localhost");
    tokio::pin!(waiting);
    assert!(timeout(Duration::from_millis(200), &mut waiting).await.is_err());
    drop(open);
    assert!(timeout(LIMIT, waiting).await.unwrap().is_ok());
}
