//! Taking requests, and giving the answers of the operations.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use cognito_triggers_kms::testing::LocalKey;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::operations::run;
use super::wire::Refusal;

/// More than any request needs: the biggest ciphertext of KMS has 6,144 bytes.
const LONGEST_REQUEST: usize = 64 * 1024;

static REQUESTS: AtomicU64 = AtomicU64::new(1);

pub(super) async fn serve(listener: TcpListener, keys: Arc<[LocalKey]>) {
    // Connections end with this task.
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, most likely: wait for some to come back.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        let keys = keys.clone();
        connections.spawn(async move {
            let service = service_fn(|request| answer(request, &keys));
            // A connection that the client breaks off is the client's affair.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(request: Request<Incoming>, keys: &[LocalKey]) -> Result<Response<Full<Bytes>>, Infallible> {
    let result = match read(request).await {
        Ok((target, body)) => run(&target, &body, keys),
        Err(refusal) => Err(refusal),
    };
    let (status, body) = match result {
        Ok(body) => (200, body),
        Err(refusal) => (refusal.status(), refusal.into_body()),
    };
    let mut response = Response::new(Full::from(body.to_string()));
    *response.status_mut() = status.try_into().unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/x-amz-json-1.1"),
    );
    let id = REQUESTS.fetch_add(1, Ordering::Relaxed);
    if let Ok(id) = HeaderValue::from_str(&format!("00000000-0000-4000-8000-{id:012x}")) {
        headers.insert("x-amzn-requestid", id);
    }
    Ok(response)
}

/// The operation that is called, and its input.
async fn read(request: Request<Incoming>) -> Result<(String, Bytes), Refusal> {
    let target = request
        .headers()
        .get("x-amz-target")
        .and_then(|target| target.to_str().ok());
    let target = target.map(str::to_owned).ok_or_else(|| {
        Refusal::new(
            "UnknownOperationException",
            "the header X-Amz-Target is missing: this is a KMS",
        )
    })?;
    let body = Limited::new(request.into_body(), LONGEST_REQUEST)
        .collect()
        .await
        .map_err(|error| {
            Refusal::new(
                "SerializationException",
                format!("the request can't be read: {error}"),
            )
        })?;
    Ok((target, body.to_bytes()))
}
