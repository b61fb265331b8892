//! The beginning of a connection at a port that speaks HTTPS.

use std::{sync::Arc, time::Duration};

use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig, server::TlsStream};

/// A connection after its first bytes.
pub(crate) enum Accepted {
    Encrypted(Box<TlsStream<TcpStream>>),
    /// The client speaks HTTP without TLS.
    Plain(TcpStream),
}

/// Completes the handshake. `None` if the client sends something else, or not enough within the time limit.
///
/// A request in plain HTTP begins with a letter, and TLS with the number 22. Plain HTTP is passed on, so that the client gets
/// an answer that says what is wrong instead of an alert that it can't read.
pub(crate) async fn accept(
    config: Arc<ServerConfig>,
    stream: TcpStream,
    limit: Duration,
) -> Option<Accepted> {
    let accepted = async {
        let mut first = [0];
        if stream.peek(&mut first).await.ok()? == 0 {
            return None;
        }
        if first.iter().all(u8::is_ascii_uppercase) {
            return Some(Accepted::Plain(stream));
        }
        let stream = TlsAcceptor::from(config).accept(stream).await.ok()?;
        Some(Accepted::Encrypted(Box::new(stream)))
    };
    timeout(limit, accepted).await.ok().flatten()
}
