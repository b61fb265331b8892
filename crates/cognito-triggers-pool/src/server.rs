//! The listener on loopback.

mod api;
mod body;
mod dev;
mod origin;
mod pages;
mod well_known;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use self::body::{Answer, insert, text_answer};
use crate::service::Service;

/// How long a client may take to send the header of a request.
const SLOWEST_HEADER: Duration = Duration::from_secs(30);

/// Accepts connections until the task is aborted, which ends them all.
pub(crate) async fn serve(listener: TcpListener, service: Arc<Service>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, most likely: wait for some to come back.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        let service = service.clone();
        connections.spawn(async move {
            let answer = service_fn(|request| answer(request, &service));
            // A connection that the client breaks off needs no report.
            let _ = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(SLOWEST_HEADER)
                // A client that has said everything may close its half, and still wants the answer.
                .half_close(true)
                .serve_connection(TokioIo::new(stream), answer)
                .await;
        });
    }
}

/// Finds who answers a request: by its host name, then by its path.
async fn answer(request: Request<Incoming>, service: &Arc<Service>) -> Result<Answer, Infallible> {
    if !origin::is_local_host(request.headers(), &service.options.hosts) {
        let text = "This host name isn't one of the local user pool. Use 127.0.0.1 or localhost.\n";
        return Ok(text_answer(StatusCode::FORBIDDEN, text));
    }
    if request.method() == Method::POST && origin::is_of_the_web(request.headers(), &service.options.hosts) {
        let text = "Pages of the web may not call the local user pool: it checks no signature. Serve the page from \
                    localhost or a private address.\n";
        return Ok(text_answer(StatusCode::FORBIDDEN, text));
    }
    let path = request.uri().path();
    if path.starts_with("/_dev/") {
        return Ok(dev::answer(request, service).await);
    }
    let mut answer = match (request.method(), path) {
        (&Method::OPTIONS, _) => text_answer(StatusCode::OK, ""),
        (&Method::POST, "/") => api::answer(request, service).await,
        (&Method::GET, path) if well_known::is_well_known(path) => well_known::answer(service, path).await,
        (&Method::GET, "/confirmUser") => pages::confirm_user(&request, service).await,
        _ => text_answer(
            StatusCode::NOT_FOUND,
            "The local user pool answers POST requests at / and the development endpoints below /_dev/.\n",
        ),
    };
    allow_any_origin(answer.headers_mut());
    Ok(answer)
}

/// Lets pages of other origins call the API, as Cognito does. Those of the web were refused before.
fn allow_any_origin(headers: &mut header::HeaderMap) {
    insert(headers, "access-control-allow-origin", "*");
    // A browser doesn't count Authorization among all headers.
    insert(headers, "access-control-allow-headers", "*, Authorization");
    insert(headers, "access-control-allow-methods", "GET, POST, OPTIONS");
    let exposed = "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date";
    insert(headers, "access-control-expose-headers", exposed);
    insert(headers, "access-control-max-age", "172800");
}
