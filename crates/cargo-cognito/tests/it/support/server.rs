//! An HTTP endpoint whose answers a test provides.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
};

/// Listens on a free port of loopback. `answer` makes a response of each request's body: the status line, headers if any, an
/// empty line, and the body.
pub(crate) fn serve(mut answer: impl FnMut(String) -> String + Send + 'static) -> SocketAddr {
    serve_paths(move |_, body| answer(body))
}

/// The same, for an answer that depends on the path.
pub(crate) fn serve_paths(mut answer: impl FnMut(&str, String) -> String + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            while let Some((path, body)) = request(&mut stream) {
                let text = answer(&path, body);
                let (head, body) = text.split_once("\n\n").unwrap();
                let head = head.replace('\n', "\r\n");
                let length = body.len();
                // The client may have closed the connection meanwhile.
                let _ = write!(
                    stream,
                    "HTTP/1.1 {head}\r\ncontent-length: {length}\r\n\r\n{body}"
                );
            }
        }
    });
    address
}

/// The path and the body of the next request on this connection.
fn request(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.extend(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1)?.to_owned();
    let head = head.to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))?;
    let mut body = vec![0; length.parse().unwrap()];
    stream.read_exact(&mut body).ok()?;
    Some((path, String::from_utf8(body).ok()?))
}
