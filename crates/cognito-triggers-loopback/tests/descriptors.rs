//! A server whose process has no file descriptor left waits for one instead of spinning. The limit applies to the whole process,
//! so this is the only test of its file.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::{fs::File, time::Duration};

use bytes::Bytes;
use cognito_triggers_loopback::server::Server;
use http_body_util::Full;
use hyper::Response;
use rustix::{
    process::{Resource, Rlimit, getrlimit, setrlimit},
    time::{ClockId, clock_gettime},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::sleep,
};

/// The processor time of this process so far.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

/// Opens files until no descriptor is left.
fn all_descriptors() -> Vec<File> {
    std::iter::from_fn(|| File::open("/dev/null").ok()).collect()
}

#[tokio::test]
async fn a_server_without_descriptors_waits() {
    let server = Server::start(|_| async { Response::new(Full::new(Bytes::from_static(b"served"))) })
        .await
        .unwrap();
    let maximum = getrlimit(Resource::Nofile).maximum;
    let current = Some(64);
    setrlimit(Resource::Nofile, Rlimit { current, maximum }).unwrap();
    let mut files = all_descriptors();
    // One descriptor for the client. The server has none for its side of the connection.
    files.pop();
    let mut client = TcpStream::connect(server.address()).await.unwrap();
    client
        .write_all(b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")
        .await
        .unwrap();

    let before = cpu_time();
    sleep(Duration::from_secs(1)).await;
    let used = cpu_time() - before;
    assert!(used < Duration::from_millis(100), "{used:?} of a second");

    drop(files);
    let mut response = String::new();
    client.read_to_string(&mut response).await.unwrap();
    assert!(response.ends_with("served"), "{response}");
}
