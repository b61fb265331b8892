use std::{
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::ReadBuf;

use super::*;

/// A connection that brings the bytes in pieces of one size and then ends.
struct Pieces {
    bytes: Vec<u8>,
    size: usize,
    sent: Vec<u8>,
}

impl AsyncRead for Pieces {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        to: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let length = self.size.min(to.remaining()).min(self.bytes.len());
        to.put_slice(&self.bytes[..length]);
        self.bytes.drain(..length);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Pieces {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.sent.extend(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

fn connection(bytes: &[u8], size: usize) -> Connection<Pieces> {
    let (bytes, sent) = (bytes.to_vec(), Vec::new());
    Connection::new(Pieces { bytes, size, sent })
}

/// Receives one reply, in pieces of several sizes, which must make no difference.
async fn receive(bytes: &str) -> io::Result<Reply> {
    for size in 1..bytes.len() {
        let in_pieces = connection(bytes.as_bytes(), size).receive().await;
        let whole = connection(bytes.as_bytes(), usize::MAX).receive().await;
        match (in_pieces, whole) {
            (Ok(one), Ok(other)) => {
                assert_eq!(
                    (one.status, &one.head, &one.body),
                    (other.status, &other.head, &other.body)
                );
            }
            (Err(one), Err(other)) => assert_eq!(one.to_string(), other.to_string()),
            _ => panic!("in pieces of {size} it is another reply"),
        }
    }
    connection(bytes.as_bytes(), usize::MAX).receive().await
}

#[tokio::test]
async fn a_request_is_sent_as_it_is() {
    let mut connection = connection(b"", 1);
    connection.send(b"POST /x HTTP/1.1\r\n\r\n", b"{}").await.unwrap();
    assert_eq!(connection.stream.sent, b"POST /x HTTP/1.1\r\n\r\n{}");
}

#[tokio::test]
async fn a_body_ends_where_its_head_says() {
    const BODY: &str = r#"{"triggerSource":"PreSignUp_SignUp"}"#;
    for (framing, sent, reusable) in [
        ("Content-Length: 36\r\n", BODY.to_owned(), true),
        (
            "content-length:36\r\nconnection: Close\r\n",
            BODY.to_owned(),
            false,
        ),
        ("Connection: close\r\n", BODY.to_owned(), false),
        (
            "transfer-encoding: chunked\r\n",
            format!("24\r\n{BODY}\r\n0\r\n\r\n"),
            true,
        ),
        (
            "Transfer-Encoding: Chunked\r\ncontent-length: 3\r\n",
            format!(
                "1;x=y\r\n{{\r\n023\r\n{}\r\n000\r\nx-trailer: 1\r\n\r\n",
                &BODY[1..]
            ),
            true,
        ),
    ] {
        let reply = receive(&format!("HTTP/1.1 200 OK\r\nX-Id:  5f1c \r\n{framing}\r\n{sent}")).await;
        let reply = reply.expect(framing);
        assert_eq!((reply.status, &*reply.body), (200, BODY.as_bytes()), "{framing}");
        assert_eq!(reply.headers().next(), Some(("X-Id", "5f1c")));
        assert_eq!(reply.is_reusable, reusable, "{framing}");
    }
}

#[tokio::test]
async fn a_reply_may_have_no_body_or_be_announced() {
    let accepted = receive("HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n")
        .await
        .unwrap();
    assert_eq!(
        (accepted.status, accepted.body.len(), accepted.is_reusable),
        (202, 0, true)
    );
    let none = receive("HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
    assert_eq!((none.status, none.is_reusable), (204, true));
    let announced = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 413 \r\ncontent-length: 1\r\n\r\n.";
    let announced = receive(announced).await.unwrap();
    assert_eq!((announced.status, &*announced.body), (413, b".".as_slice()));
    let old = receive("HTTP/1.0 200 OK\r\ncontent-length: 1\r\n\r\n.")
        .await
        .unwrap();
    assert!(!old.is_reusable);
}

#[tokio::test]
async fn bytes_after_a_reply_end_the_connection() {
    let reply = "HTTP/1.1 202 Accepted\r\ncontent-length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n";
    let reply = connection(reply.as_bytes(), usize::MAX).receive().await.unwrap();
    assert!(!reply.is_reusable);
}

#[tokio::test]
async fn what_is_no_reply_is_an_error() {
    for (bytes, error) in [
        ("HTTP/1.1 200 OK\r\ncontent-le", "unexpected end of file"),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}",
            "unexpected end of file",
        ),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}",
            "unexpected end of file",
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
            "its content-length",
        ),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n",
            "its transfer-encoding",
        ),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nx\r\n",
            "the size of a chunk",
        ),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{}\r\n",
            "the end of a chunk",
        ),
        ("HTTP/2 200\r\n\r\n", "its status line"),
        ("HTTP/1.1 20\r\n\r\n", "its status line"),
        ("SSH-2.0-x\r\n\r\n", "its status line"),
    ] {
        let found = receive(bytes).await.map(|reply| reply.status).expect_err(bytes);
        assert!(found.to_string().contains(error), "{bytes:?}: {found}");
    }
    let endless = format!("HTTP/1.1 200 OK\r\nx: {}", "x".repeat(LONGEST_HEAD));
    let endless = connection(endless.as_bytes(), 4096).receive().await.map(|_| ());
    assert!(endless.unwrap_err().to_string().contains("more than 64 KiB"));
}

#[tokio::test]
async fn events_of_all_sizes_arrive_through_one_small_buffer() {
    for length in [1, BUFFER - 60, BUFFER, 3 * BUFFER, 6 * 1024 * 1024] {
        let body = "s".repeat(length);
        let chunks = [&body[..length / 3], &body[length / 3..]];
        let chunks = chunks.iter().filter(|chunk| !chunk.is_empty());
        let chunks: String = chunks
            .map(|chunk| format!("{:x}\r\n{chunk}\r\n", chunk.len()))
            .collect();
        for reply in [
            format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}"),
            format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{chunks}0\r\n\r\n"),
        ] {
            let mut connection = connection(reply.as_bytes(), usize::MAX);
            let reply = connection.receive().await.unwrap();
            assert!(reply.body == body.as_bytes() && reply.is_reusable);
            assert!(connection.input.is_empty() && connection.input.capacity() <= 2 * BUFFER);
        }
    }
}
