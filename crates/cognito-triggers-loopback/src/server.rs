//! An HTTP/1.1 server on loopback: one accept loop for every service of this project.
//!
//! It speaks plain HTTP, or HTTPS with [`Builder::tls`], and keeps connections open. A handler reads a body with a limit of its own, for instance with
//! [`body::read`](crate::body::read), and checks with [`origin`](crate::origin) that no web page calls. The server isn't
//! meant for other machines.

use std::{
    convert::Infallible,
    error::Error,
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use hyper::{
    Request, Response,
    body::{Body, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
    time::sleep,
};

#[cfg(feature = "tls")]
use crate::{
    certificate::Certificate,
    tls::{self, Accepted},
};

/// The wait after a failed `accept`, which mostly means that the process has no file descriptor left. An immediate retry
/// would fail again and keep a processor busy.
const ACCEPT_RETRY: Duration = Duration::from_millis(50);

/// How many connections a server has open at once by default.
const MAX_CONNECTIONS: usize = 1_000;

/// How long a client may take for the handshake of TLS if there is no timeout for headers.
#[cfg(feature = "tls")]
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(30);

/// The connection that a request came on. The server adds it to the extensions of every request.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Connection {
    /// The client's address.
    pub peer: SocketAddr,
    /// Whether the client speaks TLS. A server with [`Builder::tls`] also passes on requests of clients that don't, so that
    /// the handler can answer what is wrong.
    pub is_encrypted: bool,
    /// Whether the client is a process of this machine.
    pub is_of_this_machine: bool,
    is_trusted: Arc<AtomicBool>,
}

impl Connection {
    /// `local` is the server's address. A client with the same one is on this machine.
    fn new(peer: SocketAddr, local: Option<IpAddr>, is_encrypted: bool) -> Self {
        let address = peer.ip().to_canonical();
        Self {
            peer,
            is_encrypted,
            is_of_this_machine: address.is_loopback()
                || local.is_some_and(|local| local.to_canonical() == address),
            is_trusted: Arc::default(),
        }
    }

    /// Whether a handler has called [`trust`](Self::trust) for an earlier request of the connection.
    pub fn is_trusted(&self) -> bool {
        self.is_trusted.load(Ordering::Relaxed)
    }

    /// Remembers who the client is for the further requests of the connection, so that a handler looks it up once.
    pub fn trust(&self) {
        self.is_trusted.store(true, Ordering::Relaxed);
    }
}

/// A running server. Dropping it closes the port and all connections.
///
/// ```
/// use cognito_triggers_loopback::server::Server;
/// use http_body_util::Full;
/// use hyper::{Response, body::Bytes};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let server = Server::start(|request| async move {
///     let text = format!("{} {}", request.method(), request.uri().path());
///     Response::new(Full::new(Bytes::from(text)))
/// })
/// .await?;
/// assert!(server.address().ip().is_loopback());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    scheme: &'static str,
    accept_loop: JoinHandle<()>,
}

impl Server {
    /// Returns the settings of a server, to change them.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Serves `handler` on a free port of 127.0.0.1, with the default settings.
    ///
    /// The server runs as a task of the current Tokio runtime. `handler` is called once for each request; calls of
    /// different connections run at the same time.
    ///
    /// # Errors
    /// Fails if no port is free.
    ///
    /// # Panics
    /// Panics outside a Tokio runtime.
    pub async fn start<H, F, B>(handler: H) -> io::Result<Self>
    where
        H: Fn(Request<Incoming>) -> F + Clone + Send + 'static,
        F: Future<Output = Response<B>> + Send + 'static,
        B: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        Self::builder().serve(listener, handler)
    }

    /// The address that the server listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The server's URL without a path, such as `http://127.0.0.1:49152`. With [`Builder::tls`] it begins with `https:`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accept_loop.abort();
    }
}

/// The settings of a [`Server`].
///
/// ```
/// use std::time::Duration;
///
/// use cognito_triggers_loopback::server::Server;
/// use http_body_util::Full;
/// use hyper::{Response, body::Bytes};
/// use tokio::net::TcpListener;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let listener = TcpListener::bind("127.0.0.1:0").await?;
/// let server = Server::builder()
///     .header_timeout(Duration::from_secs(30))
///     .serve(listener, |_request| async { Response::new(Full::new(Bytes::from("served"))) })?;
/// assert!(server.url().starts_with("http://127.0.0.1:"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Builder {
    header_timeout: Option<Duration>,
    half_close: bool,
    max_connections: usize,
    #[cfg(feature = "tls")]
    certificate: Option<Certificate>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            header_timeout: None,
            half_close: false,
            max_connections: MAX_CONNECTIONS,
            #[cfg(feature = "tls")]
            certificate: None,
        }
    }
}

impl Builder {
    /// Closes a connection whose next request header doesn't arrive completely within this time.
    ///
    /// The time starts with the connection and with the end of each response, so an idle connection is closed too.
    /// Without a timeout, a connection stays open until the client closes it.
    pub fn header_timeout(mut self, timeout: Duration) -> Self {
        self.header_timeout = Some(timeout);
        self
    }

    /// Answers a client that closes its sending half after the request. Without this setting, the server treats such a
    /// connection as closed and drops the handler's future.
    pub fn half_close(mut self) -> Self {
        self.half_close = true;
        self
    }

    /// Sets how many connections are open at once. The default is 1,000. Further ones wait in the socket's queue until one
    /// ends.
    ///
    /// At least one connection is served, so 0 means 1.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.max_connections = connections.max(1);
        self
    }

    /// Speaks HTTPS with this certificate.
    ///
    /// A handshake that isn't complete within the [header timeout](Self::header_timeout), or else 30 seconds, ends the
    /// connection, which counts as open meanwhile. Requests in plain HTTP reach the handler too:
    /// [`Connection::is_encrypted`] tells them apart.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, certificate: Certificate) -> Self {
        self.certificate = Some(certificate);
        self
    }

    /// The scheme of the server's URL: `http`, or `https` after [`tls`](Self::tls).
    #[must_use]
    pub fn scheme(&self) -> &'static str {
        #[cfg(feature = "tls")]
        if self.certificate.is_some() {
            return "https";
        }
        "http"
    }

    /// Serves `handler` on a socket that is already bound.
    ///
    /// The server runs as a task of the current Tokio runtime. `handler` is called once for each request; calls of
    /// different connections run at the same time.
    ///
    /// # Errors
    /// Fails if the socket's address can't be read.
    ///
    /// # Panics
    /// Panics outside a Tokio runtime.
    pub fn serve<H, F, B>(self, listener: TcpListener, handler: H) -> io::Result<Server>
    where
        H: Fn(Request<Incoming>) -> F + Clone + Send + 'static,
        F: Future<Output = Response<B>> + Send + 'static,
        B: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
    {
        Ok(Server {
            address: listener.local_addr()?,
            scheme: self.scheme(),
            accept_loop: tokio::spawn(self.accept(listener, handler)),
        })
    }

    /// Accepts connections until the task is aborted. Aborting it also drops the set of the connections' tasks.
    async fn accept<H, F, B>(self, listener: TcpListener, handler: H)
    where
        H: Fn(Request<Incoming>) -> F + Clone + Send + 'static,
        F: Future<Output = Response<B>> + Send + 'static,
        B: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
    {
        let max_connections = self.max_connections;
        let settings = Arc::new(self);
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept(), if connections.len() < max_connections => match accepted {
                    Ok((stream, peer)) => {
                        connections.spawn(serve(Arc::clone(&settings), stream, peer, handler.clone()));
                    }
                    Err(_) => sleep(ACCEPT_RETRY).await,
                },
                Some(_) = connections.join_next() => {}
            }
        }
    }

    /// HTTP/1.1 with these settings.
    fn http(&self) -> http1::Builder {
        let mut http = http1::Builder::new();
        http.half_close(self.half_close)
            .timer(TokioTimer::new())
            .header_read_timeout(self.header_timeout);
        http
    }
}

/// Serves one connection, with or without TLS.
async fn serve<H, F, B>(settings: Arc<Builder>, stream: TcpStream, peer: SocketAddr, handler: H)
where
    H: Fn(Request<Incoming>) -> F,
    F: Future<Output = Response<B>>,
    B: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + 'static,
{
    // A small response must not wait until more data fills a packet.
    let _ = stream.set_nodelay(true);
    let local = stream.local_addr().ok().map(|address| address.ip());
    let connection = |is_encrypted| Connection::new(peer, local, is_encrypted);
    let http = settings.http();
    #[cfg(feature = "tls")]
    if let Some(certificate) = &settings.certificate {
        let limit = settings.header_timeout.unwrap_or(HANDSHAKE_TIMEOUT);
        match tls::accept(certificate.config(), stream, limit).await {
            Some(Accepted::Encrypted(stream)) => serve_http(http, stream, connection(true), handler).await,
            Some(Accepted::Plain(stream)) => serve_http(http, stream, connection(false), handler).await,
            None => {}
        }
        return;
    }
    serve_http(http, stream, connection(false), handler).await;
}

/// Serves the requests of a connection until the client closes it.
async fn serve_http<S, H, F, B>(http: http1::Builder, stream: S, connection: Connection, handler: H)
where
    S: AsyncRead + AsyncWrite + Unpin,
    H: Fn(Request<Incoming>) -> F,
    F: Future<Output = Response<B>>,
    B: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + 'static,
{
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(connection.clone());
        let response = handler(request);
        async move { Ok::<_, Infallible>(response.await) }
    });
    // An error means that the client ended the connection early, which a server doesn't have to report.
    let _ = http.serve_connection(TokioIo::new(stream), service).await;
}
