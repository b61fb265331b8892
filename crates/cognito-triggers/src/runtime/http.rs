//! As much of HTTP/1.1 as the Runtime API needs: one connection, and one request at a time on it.
//!
//! A request is one head and one body of known length. A reply has a length, or comes in chunks, or ends with the
//! connection; informational replies (1xx) are skipped. There is no TLS, no redirect, no compression and no pipelining: the
//! API is a server on the same machine.
//!
//! <https://www.rfc-editor.org/rfc/rfc9112>

use std::io;

use bytes::{Buf, Bytes};
use cognito_triggers_model::zeroizing::ZeroizingBuffer;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// How many bytes are received at once. The head and the event of a usual call fit.
const BUFFER: usize = 8 * 1024;

/// The longest head of a reply, and the longest line within a chunked body.
const LONGEST_HEAD: usize = 64 * 1024;

/// Memory that is reserved because a reply says that it is long, before its bytes are there.
const MOST_RESERVED: usize = 8 * 1024 * 1024;

/// A connection to the Runtime API. After an error it can't be used any more.
pub(super) struct Connection<S> {
    stream: S,
    /// What was received and hasn't been consumed. It may hold a part of an event, so it is overwritten after each reply.
    input: Vec<u8>,
}

/// The reply to a request.
pub(super) struct Reply {
    pub(super) status: u16,
    /// The status line and the headers.
    head: String,
    /// Overwritten when the last reference to it is dropped.
    pub(super) body: Bytes,
    /// Whether the connection takes a further request.
    pub(super) is_reusable: bool,
}

impl Reply {
    /// The names and values of the headers.
    pub(super) fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        headers(&self.head)
    }
}

/// Where the body of a reply ends.
#[derive(Debug, PartialEq)]
enum Body {
    Length(usize),
    Chunked,
    UntilClosed,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    /// A connection that has been opened and not used.
    pub(super) fn new(stream: S) -> Self {
        Self {
            stream,
            input: Vec::with_capacity(BUFFER),
        }
    }

    /// Sends a request whose head is complete, including its empty line.
    pub(super) async fn send(&mut self, head: &[u8], body: &[u8]) -> io::Result<()> {
        self.stream.write_all_buf(&mut Buf::chain(head, body)).await
    }

    /// Receives the reply to the request that was sent.
    ///
    /// # Errors
    /// If the connection breaks or closes within the reply, or the reply isn't HTTP/1.1. The kind is `InvalidData` then.
    pub(super) async fn receive(&mut self) -> io::Result<Reply> {
        let (head, status) = loop {
            let head = self.head().await?;
            let status = status(&head)?;
            // 100 Continue and its like announce the reply.
            if !(100..200).contains(&status) {
                break (head, status);
            }
        };
        let (body, keeps_alive) = framing(&head, status)?;
        let ends = body != Body::UntilClosed;
        let body = self.body(body).await?;
        // A reply is followed by nothing until the next request.
        let is_reusable = keeps_alive && ends && self.input.is_empty();
        self.wipe();
        Ok(Reply {
            status,
            head,
            body,
            is_reusable,
        })
    }

    /// Receives up to the empty line after the headers. The head is returned without it.
    async fn head(&mut self) -> io::Result<String> {
        let mut searched = 0;
        loop {
            let end = find(self.input.get(searched..).unwrap_or_default(), b"\r\n\r\n");
            if let Some(end) = end {
                let end = searched + end;
                let head = self.input.get(..end).unwrap_or_default();
                let head = String::from_utf8_lossy(head).into_owned();
                self.consume(end + 4);
                return Ok(head);
            }
            searched = self.input.len().saturating_sub(3);
            self.fill().await?;
        }
    }

    /// Receives the body, into a buffer that is overwritten when it is dropped.
    async fn body(&mut self, body: Body) -> io::Result<Bytes> {
        let mut bytes = ZeroizingBuffer::with_capacity(match body {
            Body::Length(0) => return Ok(Bytes::new()),
            Body::Length(length) => length.min(MOST_RESERVED),
            Body::Chunked | Body::UntilClosed => BUFFER,
        });
        match body {
            Body::Length(length) => self.take(length, &mut bytes).await?,
            Body::Chunked => self.chunks(&mut bytes).await?,
            Body::UntilClosed => loop {
                bytes.extend(&self.input);
                self.wipe();
                if self.receive_more().await? == 0 {
                    break;
                }
            },
        }
        Ok(bytes.into())
    }

    /// Moves this many bytes of the body.
    async fn take(&mut self, mut length: usize, to: &mut ZeroizingBuffer) -> io::Result<()> {
        loop {
            let part = self.input.get(..length).unwrap_or(&self.input);
            let taken = part.len();
            to.extend(part);
            self.consume(taken);
            length -= taken;
            if length == 0 {
                return Ok(());
            }
            self.fill().await?;
        }
    }

    /// Moves the chunks of the body, and drops their extensions and the trailers.
    async fn chunks(&mut self, to: &mut ZeroizingBuffer) -> io::Result<()> {
        loop {
            let line = self.line().await?;
            let size = line.split(';').next().unwrap_or_default().trim();
            let size = usize::from_str_radix(size, 16).map_err(|_| malformed("the size of a chunk"))?;
            if size == 0 {
                // Trailers, up to an empty line.
                while !self.line().await?.is_empty() {}
                return Ok(());
            }
            self.take(size, to).await?;
            if !self.line().await?.is_empty() {
                return Err(malformed("the end of a chunk"));
            }
        }
    }

    /// Receives a line within a chunked body, without its line break.
    async fn line(&mut self) -> io::Result<String> {
        loop {
            if let Some(end) = find(&self.input, b"\r\n") {
                let line = self.input.get(..end).unwrap_or_default();
                let line = String::from_utf8_lossy(line).into_owned();
                self.consume(end + 2);
                return Ok(line);
            }
            self.fill().await?;
        }
    }

    /// Receives more bytes, or fails if there are none or too many are waiting already.
    async fn fill(&mut self) -> io::Result<()> {
        if self.input.len() >= LONGEST_HEAD {
            return Err(malformed("a head or a line of more than 64 KiB"));
        }
        match self.receive_more().await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    /// Receives as much as there is and fits. Returns the number of bytes; 0 at the end of the connection.
    async fn receive_more(&mut self) -> io::Result<usize> {
        if self.input.len() == self.input.capacity() {
            self.input.reserve(BUFFER);
        }
        self.stream.read_buf(&mut self.input).await
    }

    /// Removes bytes from the front, and leaves no copy of them.
    fn consume(&mut self, length: usize) {
        if length >= self.input.len() {
            return self.wipe();
        }
        self.input.copy_within(length.., 0);
        let rest = self.input.len() - length;
        if let Some(moved) = self.input.get_mut(rest..) {
            moved.fill(0);
        }
        self.input.truncate(rest);
    }

    /// Removes all bytes, and overwrites them.
    fn wipe(&mut self) {
        self.input.fill(0);
        self.input.clear();
    }
}

/// Where the first line break, or an empty line, begins.
fn find(bytes: &[u8], line_break: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'\r', bytes).find(|at| {
        let rest = bytes.get(*at..).unwrap_or_default();
        rest.starts_with(line_break)
    })
}

/// The error for a reply in which this part isn't as expected.
fn malformed(what: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("the reply isn't HTTP/1.1: {what}"),
    )
}

/// The status code in the first line of a head.
fn status(head: &str) -> io::Result<u16> {
    let mut words = head.lines().next().unwrap_or_default().split(' ');
    words
        .next()
        .filter(|version| version.starts_with("HTTP/1."))
        .and_then(|_| words.next()?.parse().ok())
        .filter(|status| (100..1000).contains(status))
        .ok_or_else(|| malformed("its status line"))
}

/// The names and values of the headers in a head. Lines without a colon are left out.
fn headers(head: &str) -> impl Iterator<Item = (&str, &str)> {
    head.split("\r\n").skip(1).filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((name, value.trim()))
    })
}

/// Where the body ends, and whether the connection stays open after it.
///
/// Chunks win over a length, as the RFC has it. HTTP/1.0 closes the connection unless it says otherwise.
fn framing(head: &str, status: u16) -> io::Result<(Body, bool)> {
    let mut keeps_alive = !head.starts_with("HTTP/1.0");
    let mut body = Body::UntilClosed;
    for (name, value) in headers(head) {
        if name.eq_ignore_ascii_case("content-length") && body != Body::Chunked {
            let length = value.parse().map_err(|_| malformed("its content-length"))?;
            body = Body::Length(length);
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            if !value.eq_ignore_ascii_case("chunked") {
                return Err(malformed("its transfer-encoding, which isn't `chunked`"));
            }
            body = Body::Chunked;
        } else if name.eq_ignore_ascii_case("connection") {
            let says = |word| {
                value
                    .split(',')
                    .any(|said| said.trim().eq_ignore_ascii_case(word))
            };
            keeps_alive = !says("close") && (keeps_alive || says("keep-alive"));
        }
    }
    if matches!(status, 204 | 304) {
        body = Body::Length(0);
    }
    Ok((body, keeps_alive))
}

#[cfg(test)]
mod tests;
