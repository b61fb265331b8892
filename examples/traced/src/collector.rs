//! A client for a collector on this machine.
//!
//! The exporter's own clients need reqwest or hyper and TLS, which is more than the rest of the function. A collector beside
//! the function listens on loopback, without TLS.

use std::{
    future::{Future, ready},
    io::{self, Read, Write},
    net::{TcpStream, ToSocketAddrs},
    pin::Pin,
    time::Duration,
};

use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};

/// How long connecting, writing and reading may take, each. A collector beside the function answers at once.
const LIMIT: Duration = Duration::from_secs(1);

/// One connection for each request. It blocks, which is fine in the thread of the batch processor.
#[derive(Debug)]
pub(crate) struct Collector;

impl HttpClient for Collector {
    fn send_bytes<'client, 'future>(
        &'client self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'future>>
    where
        'client: 'future,
    {
        Box::pin(ready(send(&request).map_err(HttpError::from)))
    }
}

/// Sends a request, and returns the status of its answer.
fn send(request: &Request<Bytes>) -> io::Result<Response<Bytes>> {
    let uri = request.uri();
    let (Some("http"), Some(host)) = (uri.scheme_str(), uri.host()) else {
        let message = format!("{uri}: this client only knows http://");
        return Err(io::Error::new(io::ErrorKind::Unsupported, message));
    };
    let port = uri.port_u16().unwrap_or(80);
    let mut addresses = (host.trim_matches(['[', ']']), port).to_socket_addrs()?;
    let address = addresses.next().ok_or(io::ErrorKind::AddrNotAvailable)?;
    let mut stream = TcpStream::connect_timeout(&address, LIMIT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.set_write_timeout(Some(LIMIT))?;

    let mut message = format!(
        "{} {} HTTP/1.1\r\nhost: {host}:{port}\r\n",
        request.method(),
        uri.path()
    )
    .into_bytes();
    for (name, value) in request.headers() {
        message.extend(name.as_str().as_bytes());
        message.extend(b": ");
        message.extend(value.as_bytes());
        message.extend(b"\r\n");
    }
    let length = request.body().len();
    write!(message, "content-length: {length}\r\nconnection: close\r\n\r\n")?;
    message.extend(request.body());
    stream.write_all(&message)?;

    // The status is all that the exporter wants to know.
    let mut reply = [0; 64];
    let read = stream.read(&mut reply)?;
    let text = String::from_utf8_lossy(reply.get(..read).unwrap_or_default());
    let status = text.split(' ').nth(1).unwrap_or_default();
    Response::builder()
        .status(status)
        .body(Bytes::new())
        .map_err(|_| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                "the collector doesn't answer with HTTP",
            )
        })
}
