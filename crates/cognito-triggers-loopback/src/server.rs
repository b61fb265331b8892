//! An HTTP/1.1 server on loopback: one accept loop for every service of this project.
//!
//! It speaks plain HTTP, keeps connections open, and puts no limit on requests: a handler reads a body with a limit of its
//! own. It isn't meant for other machines.

use std::{
    convert::Infallible,
    error::Error,
    io,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use bytes::Bytes;
use hyper::{
    Request, Response,
    body::{Body, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
    time::sleep,
};

/// The wait after a failed `accept`, which mostly means that the process has no file descriptor left. An immediate retry
/// would fail again and keep a processor busy.
const ACCEPT_RETRY: Duration = Duration::from_millis(50);

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
    accept_loop: JoinHandle<()>,
}

impl Server {
    /// Serves `handler` on a free port of 127.0.0.1.
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
        Self::on(listener, handler)
    }

    /// Serves `handler` on a socket that is already bound. Use it for a fixed port.
    ///
    /// # Errors
    /// Fails if the socket's address can't be read.
    ///
    /// # Panics
    /// Panics outside a Tokio runtime.
    pub fn on<H, F, B>(listener: TcpListener, handler: H) -> io::Result<Self>
    where
        H: Fn(Request<Incoming>) -> F + Clone + Send + 'static,
        F: Future<Output = Response<B>> + Send + 'static,
        B: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
    {
        Ok(Self {
            address: listener.local_addr()?,
            accept_loop: tokio::spawn(accept(listener, handler)),
        })
    }

    /// The address that the server listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The server's URL without a path, such as `http://127.0.0.1:49152`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accept_loop.abort();
    }
}

/// Accepts connections until the task is aborted. The connections are tasks of a set that ends with this one.
async fn accept<H, F, B>(listener: TcpListener, handler: H)
where
    H: Fn(Request<Incoming>) -> F + Clone + Send + 'static,
    F: Future<Output = Response<B>> + Send + 'static,
    B: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve(stream, handler.clone()));
                }
                Err(_) => sleep(ACCEPT_RETRY).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Serves one connection until the client closes it.
async fn serve<H, F, B>(stream: TcpStream, handler: H)
where
    H: Fn(Request<Incoming>) -> F,
    F: Future<Output = Response<B>>,
    B: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + 'static,
{
    // A small response must not wait until more data fills a packet.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let response = handler(request);
        async move { Ok::<_, Infallible>(response.await) }
    });
    // An error means that the client broke the connection off, which a server doesn't have to report.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}
