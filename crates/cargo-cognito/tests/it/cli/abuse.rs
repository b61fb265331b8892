//! What hostile clients cost the process of the local pool.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
};

use crate::support::{Pool, TestDir};

/// Rounds until the memory has its usual size, and as many again several times.
const FIRST: usize = 2;
const MORE: usize = 6;

/// How much the memory may grow in the later rounds. One that kept a twentieth of what it gets would grow more.
const GROWTH_KIB: u64 = 16 * 1024;

#[test]
fn hostile_clients_take_bounded_memory() {
    let place = TestDir::new();
    let pool = Pool::start(place.command("pool --no-function --port 0 --format json"));
    (0..FIRST).for_each(|_| abuse(&pool));
    let early = pool.memory_kib();
    (0..MORE).for_each(|_| abuse(&pool));
    let late = pool.memory_kib();
    assert!(late < early + GROWTH_KIB, "{early} KiB, then {late} KiB");
    let (status, _) = pool.call("ListUsers", r#"{"UserPoolId":"us-east-1_localpool"}"#);
    assert_eq!(status, 200);
}

/// Some 60 MB of requests that the pool refuses, from eight clients at a time.
fn abuse(pool: &Pool) {
    thread::scope(|scope| {
        for client in 0..8 {
            scope.spawn(move || {
                let name = "n".repeat(900_000 + client);
                let inputs = [
                    format!(r#"{{"ClientId":"localclient","Username":"{name}","Password":"x"}}"#),
                    format!(r#"{{"ClientId":"localclient","{name}":1}}"#),
                    format!("[{}", "[".repeat(900_000)),
                    format!(r#"{{"AuthFlow":"{name}"#),
                ];
                for input in &inputs {
                    for operation in ["SignUp", "InitiateAuth"] {
                        let (status, body) = pool.call(operation, input);
                        assert_eq!(status, 400, "{operation}: {}", &body[..body.len().min(200)]);
                    }
                }
                for unfinished in [
                    "POST / HTTP/1.1\r\n".to_owned(),
                    format!("POST / HTTP/1.1\r\nHost: {}\r\nX-Long: {name}", pool.address()),
                    format!(
                        "POST / HTTP/1.1\r\nHost: {}\r\nContent-Length: 1000000000\r\n\r\n{name}",
                        pool.address()
                    ),
                ] {
                    let mut stream = TcpStream::connect(pool.address()).unwrap();
                    // The pool may have closed it before all is sent.
                    let _ = stream.write_all(unfinished.as_bytes());
                    let _ = stream.shutdown(std::net::Shutdown::Write);
                    let _ = stream.read_to_end(&mut Vec::new());
                }
            });
        }
    });
}
