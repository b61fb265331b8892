//! The server's side of one HTTP/1.1 connection.
//!
//! It receives requests one after the other and sends each reply with a single write, so that the time of a call isn't the
//! server's.

use std::io;

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// The longest request: a head, and an answer as long as Lambda allows.
const LONGEST: usize = 7 * 1024 * 1024;

/// A connection of a function. Its buffers are kept from request to request.
pub(super) struct Connection<S> {
    stream: S,
    input: Vec<u8>,
    output: Vec<u8>,
    closes: bool,
}

/// A request of a function: where it goes and what it posts. The method and the other headers aren't needed.
#[derive(Debug, PartialEq)]
pub(super) struct Request {
    pub(super) path: String,
    pub(super) body: Vec<u8>,
    /// Whether it is the last one on its connection: it has the header `connection: close`, or is HTTP/1.0 without
    /// `keep-alive`.
    closes: bool,
}

impl Connection<TcpStream> {
    /// Waits for a connection, which sends small packets at once.
    pub(super) async fn accept(listener: &TcpListener) -> io::Result<Self> {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        Ok(Self::new(stream))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    fn new(stream: S) -> Self {
        Self {
            stream,
            input: Vec::with_capacity(16 * 1024),
            output: Vec::new(),
            closes: false,
        }
    }

    /// Whether the function asked for the connection to be closed after the reply to its last request.
    pub(super) fn closes(&self) -> bool {
        self.closes
    }

    /// Receives a request; `None` if the connection has been closed. No byte is lost if this is dropped.
    ///
    /// # Errors
    /// Fails if the connection breaks, or the request isn't HTTP/1.1 or is longer than any answer that Lambda takes.
    pub(super) async fn receive(&mut self) -> io::Result<Option<Request>> {
        loop {
            if let Some((request, length)) = parse(&self.input)? {
                self.input.drain(..length);
                self.closes = request.closes;
                return Ok(Some(request));
            }
            if self.input.len() > LONGEST {
                return Err(io::Error::other("a request of more than 7 MiB"));
            }
            if self.stream.read_buf(&mut self.input).await? == 0 {
                return Ok(None);
            }
        }
    }

    /// Sends a reply with one write.
    pub(super) async fn send(&mut self, head: &str, body: &[u8]) -> io::Result<()> {
        self.output.clear();
        self.output.extend(head.as_bytes());
        self.output.extend(body);
        self.stream.write_all(&self.output).await
    }
}

/// The request at the start of the bytes, and its length. `None` if it isn't complete.
///
/// # Errors
/// Fails if it isn't HTTP/1.1 with a body of known length or in chunks.
fn parse(bytes: &[u8]) -> io::Result<Option<(Request, usize)>> {
    let Some(end) = find(bytes, b"\r\n\r\n") else {
        return Ok(None);
    };
    let (head, body) = bytes.split_at(end + 4);
    let head = String::from_utf8_lossy(head);
    let mut lines = head.split("\r\n");
    let request_line = lines.next().unwrap_or_default();
    let path = request_line.split(' ').nth(1);
    let path = path
        .ok_or_else(|| io::Error::other("a request without a path"))?
        .to_owned();
    let headers = lines.filter_map(|line| line.split_once(':'));
    // Unless it says `keep-alive`, a client of HTTP/1.0 waits for the end of the connection.
    let (mut length, mut closes) = (Some(0), request_line.ends_with(" HTTP/1.0"));
    for (name, value) in headers {
        if name.eq_ignore_ascii_case("content-length") {
            let value = value.trim().parse();
            length = Some(value.map_err(|_| io::Error::other("a request with an invalid content-length"))?);
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            length = None;
        } else if name.eq_ignore_ascii_case("connection") {
            let mut options = value.split(',');
            closes = options.any(|option| option.trim().eq_ignore_ascii_case("close"));
        }
    }
    let parsed = match length {
        Some(length) => body.get(..length).map(|body| (body.to_vec(), length)),
        None => unchunk(body)?,
    };
    Ok(parsed.map(|(body, length)| (Request { path, body, closes }, end + 4 + length)))
}

/// A body in chunks, and how long it was. `None` if it isn't complete.
///
/// # Errors
/// Fails if the size of a chunk is no hexadecimal number.
fn unchunk(bytes: &[u8]) -> io::Result<Option<(Vec<u8>, usize)>> {
    let mut body = Vec::new();
    let mut rest = bytes;
    while let Some(end) = find(rest, b"\r\n") {
        let (line, chunk) = rest.split_at(end);
        let size = String::from_utf8_lossy(line);
        let size = size.split(';').next().unwrap_or_default().trim();
        let size =
            usize::from_str_radix(size, 16).map_err(|_| io::Error::other("a chunk with an invalid size"))?;
        let Some((chunk, next)) = chunk.get(2..).and_then(|chunk| chunk.split_at_checked(size)) else {
            return Ok(None);
        };
        let Some(next) = next.strip_prefix(b"\r\n") else {
            return Ok(None);
        };
        if size == 0 {
            return Ok(Some((body, bytes.len() - next.len())));
        }
        body.extend(chunk);
        rest = next;
    }
    Ok(None)
}

/// Where a pattern begins.
fn find(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    bytes.windows(pattern.len()).position(|window| window == pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(path: &str, body: &str) -> Request {
        Request {
            path: path.to_owned(),
            body: body.into(),
            closes: false,
        }
    }

    #[test]
    fn a_request_is_complete_with_its_last_byte() {
        for (text, expected) in [
            ("GET /next HTTP/1.1\r\nhost: x\r\n\r\n", request("/next", "")),
            (
                "POST /r HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
                request("/r", "{}"),
            ),
            (
                "POST /r HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n1;a=b\r\n}\r\n0\r\n\r\n",
                request("/r", "{}"),
            ),
        ] {
            for end in 0..text.len() {
                assert_eq!(parse(&text.as_bytes()[..end]).unwrap(), None, "{end}");
            }
            let more = format!("{text}GET");
            assert_eq!(parse(more.as_bytes()).unwrap(), Some((expected, text.len())));
        }
    }

    #[test]
    fn a_function_may_ask_for_the_end_of_its_connection() {
        for (value, closes) in [("close", true), ("TE, Close", true), ("keep-alive", false)] {
            let text = format!("GET /next HTTP/1.1\r\nConnection: {value}\r\n\r\n");
            let (request, _) = parse(text.as_bytes()).unwrap().unwrap();
            assert_eq!(request.closes, closes, "{value}");
        }
        for (headers, closes) in [("", true), ("connection: keep-alive\r\n", false)] {
            let text = format!("GET /next HTTP/1.0\r\n{headers}\r\n");
            let (request, _) = parse(text.as_bytes()).unwrap().unwrap();
            assert_eq!(request.closes, closes, "{headers}");
        }
    }

    #[test]
    fn an_odd_request_is_an_error() {
        for text in [
            "POST /r HTTP/1.1\r\ncontent-length: x\r\n\r\n",
            "POST /r HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nx\r\n",
            "POST\r\n\r\n",
        ] {
            parse(text.as_bytes()).unwrap_err();
        }
    }
}
