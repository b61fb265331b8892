//! A function that misbehaves, for the tests of replays. `FAKE` selects how. It implements the Lambda Runtime API itself,
//! because no runtime allows such behavior.
#![expect(clippy::print_stderr, reason = "standard error is its log")]

use std::{
    env,
    io::{self, Read, Write},
    net::TcpStream,
    process::{Command, exit},
    thread::sleep,
    time::Duration,
};

fn main() -> io::Result<()> {
    let mode = env::var("FAKE").unwrap_or_default();
    let api = env::var("AWS_LAMBDA_RUNTIME_API").unwrap_or_default();
    eprintln!("fake: {mode}");
    match mode.as_str() {
        "exit-at-start" => exit(7),
        "hang-at-start" => forever(),
        "never-asks" => {
            name_process(std::process::id())?;
            forever()
        }
        "init-error-without-words" => {
            exchange(&api, "POST", "runtime/init/error", "oops")?;
            exit(1);
        }
        "answers-for-its-parent" => {
            let path = env::var("FAKE_PATH").unwrap_or_default();
            let event = io::read_to_string(io::stdin())?;
            exchange(&api, "POST", &path, &event)?;
            exit(0);
        }
        "resets" => {
            let mut stream = TcpStream::connect(&api)?;
            write!(
                stream,
                "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nhost: {api}\r\n\r\n"
            )?;
            // What it leaves unread makes its end reset the connection.
            stream.read_exact(&mut [0])?;
            eprintln!("fake: out of memory");
            exit(101);
        }
        "slow-start" => sleep(Duration::from_secs(3)),
        "init-error" => {
            let error = r#"{"errorType": "NoTable", "errorMessage": "TABLE isn't set"}"#;
            exchange(&api, "POST", "runtime/init/error", error)?;
            exit(1);
        }
        _ => {}
    }
    let mut calls = 0;
    let mut old = String::new();
    loop {
        let (id, event) = exchange(&api, "GET", "runtime/invocation/next", "")?;
        calls += 1;
        let response = format!("runtime/invocation/{id}/response");
        let error = format!("runtime/invocation/{id}/error");
        let answer = match mode.as_str() {
            "exit-in-call" => {
                eprintln!("fake: I leave");
                exit(101);
            }
            "exit-in-second-call" if calls == 2 => exit(101),
            "abort" => std::process::abort(),
            "leave" => exit(0),
            "break-off" => {
                let mut stream = TcpStream::connect(&api)?;
                write!(
                    stream,
                    "POST /2018-06-01/{response} HTTP/1.1\r\nhost: {api}\r\ncontent-length: 100\r\n\r\n{{"
                )?;
                drop(stream);
                forever()
            }
            "hang" => forever(),
            "hang-with-a-child" => {
                let child = Command::new("sleep").arg("1000").spawn()?;
                if let Ok(file) = env::var("FAKE_CHILD") {
                    std::fs::write(file, child.id().to_string())?;
                }
                forever()
            }
            "spin" => {
                name_process(std::process::id())?;
                loop {
                    std::hint::spin_loop();
                }
            }
            "sleep" => {
                name_process(std::process::id())?;
                forever()
            }
            "fork" => {
                name_process(std::process::id())?;
                // A process of a process.
                let shell = Command::new("sh")
                    .args(["-c", "sleep 1000 & sleep 1000"])
                    .spawn()?;
                name_process(shell.id())?;
                forever()
            }
            "poll" => {
                exchange(&api, "POST", &response, &event)?;
                name_process(std::process::id())?;
                loop {
                    let _ = exchange(&api, "GET", "runtime/invocation/next", "");
                }
            }
            "tells-its-id" => {
                let file = env::var("FAKE_CHILD").unwrap_or_default();
                std::fs::write(&file, format!("{api} {id}\n"))?;
                while std::fs::exists(&file)? {
                    sleep(Duration::from_millis(5));
                }
                event
            }
            "posts-wrongly" => {
                let post = |host: &str, id: &str| {
                    let path = format!("runtime/invocation/{id}/response");
                    let status = post_from(&api, host, &path, "{}")?;
                    eprintln!("{host}, {id}: {status}");
                    io::Result::Ok(())
                };
                post("rebound.example", &id)?;
                post(&api, &format!("00000000-0000-4000-8000-{calls:012x}"))?;
                post(&api, &old)?;
                old.clone_from(&id);
                event
            }
            "answers-through-a-child" => {
                let mut child = Command::new(env::current_exe()?)
                    .env("FAKE", "answers-for-its-parent")
                    .env("FAKE_PATH", &response)
                    .stdin(std::process::Stdio::piped())
                    .spawn()?;
                if let Some(mut input) = child.stdin.take() {
                    input.write_all(event.as_bytes())?;
                }
                child.wait()?;
                continue;
            }
            "quotes-its-id" => {
                let error = format!(r#"{{"errorType": "Rejected", "errorMessage": "not you ({id})"}}"#);
                eprintln!("the id is {id}");
                exchange(&api, "POST", &format!("runtime/invocation/{id}/error"), &error)?;
                continue;
            }
            "answer-and-exit" => {
                exchange(&api, "POST", &response, &event)?;
                exit(0);
            }
            "garbage" => "\u{1b}[2J<html>".to_owned(),
            "null" => "null".to_owned(),
            "empty" => "{}".to_owned(),
            "huge" => format!("\"{}\"", "x".repeat(7 << 20)),
            "flood" => {
                let line = "flood ".repeat(100);
                for number in 0..20_000 {
                    eprintln!("{number} {line}");
                }
                "{}".to_owned()
            }
            "talks" => {
                for number in 1..=30 {
                    eprintln!("line {number}");
                }
                "{}".to_owned()
            }
            "reshapes" if calls == 2 => event.replacen(r#""version": "1""#, r#""novelty": 1"#, 1),
            "beyond-numbers" => event.replacen(r#""version": "1""#, r#""version": "1", "novelty": 1e999"#, 1),
            "counts" => event.replacen(r#""version": "1""#, &format!(r#""version": "{calls}""#), 1),
            "drops" => r#"{"response": {}}"#.to_owned(),
            "no-error-document" => {
                exchange(&api, "POST", &error, "oops")?;
                continue;
            }
            "refuses" => {
                let error_type = env::var("ERROR_TYPE").unwrap_or_else(|_| "Rejected".to_owned());
                let document = format!(r#"{{"errorType": "{error_type}", "errorMessage": "not you"}}"#);
                exchange(&api, "POST", &error, &document)?;
                continue;
            }
            "forges" => {
                let forged = r#"{"errorType": "Rejected", "errorMessage": "no\n    PASS [   0.001s] b\u001b[2J\u202e"}"#;
                exchange(&api, "POST", &error, forged)?;
                continue;
            }
            _ => event,
        };
        exchange(&api, "POST", &response, &answer)?;
    }
}

fn forever() -> ! {
    loop {
        sleep(Duration::from_secs(1000));
    }
}

/// Leaves a file with the number of a process in the directory that the test watches.
fn name_process(process: u32) -> io::Result<()> {
    let directory = env::var("FAKE_CHILD").unwrap_or_default();
    std::fs::write(format!("{directory}/{process}"), "")
}

/// The status of a request with another host name.
fn post_from(api: &str, host: &str, path: &str, body: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(api)?;
    let length = body.len();
    write!(
        stream,
        "POST /2018-06-01/{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    Ok(answer.lines().next().unwrap_or_default().to_owned())
}

/// One request on a connection of its own: the request id of the answer, and its body.
fn exchange(api: &str, method: &str, path: &str, body: &str) -> io::Result<(String, String)> {
    let mut stream = TcpStream::connect(api)?;
    let length = body.len();
    write!(
        stream,
        "{method} /2018-06-01/{path} HTTP/1.1\r\nhost: {api}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
    )?;
    // The server may refuse what is too large before it has read all of it.
    let _ = stream.write_all(body.as_bytes());
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    let id = head
        .lines()
        .find_map(|line| line.strip_prefix("lambda-runtime-aws-request-id: "));
    Ok((id.unwrap_or_default().to_owned(), body.to_owned()))
}
