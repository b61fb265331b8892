//! A process against Lambda's Runtime API and a collector: both are one server here, so that it knows the order.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    process::{Command, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::Duration,
};

use cognito_triggers::samples;

const TRACE: &str = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

/// The path of each request, and whether its body has the trace's id.
type Requests = Arc<Mutex<Vec<(String, bool)>>>;

#[test]
fn spans_are_sent_before_the_next_event_is_asked_for() {
    const CALLS: usize = 3;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let requests = Requests::default();
    let (done, is_done) = mpsc::channel();
    thread::spawn({
        let requests = Arc::clone(&requests);
        move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (requests, done) = (Arc::clone(&requests), done.clone());
                thread::spawn(move || serve(stream, &requests, CALLS, &done));
            }
        }
    });
    let mut function = Command::new(env!("CARGO_BIN_EXE_traced"))
        .env("AWS_LAMBDA_RUNTIME_API", &address)
        .env("AWS_LAMBDA_FUNCTION_NAME", "sign-in")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{address}"))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let ended = is_done.recv_timeout(Duration::from_secs(20));
    function.kill().unwrap();
    function.wait().unwrap();

    let requests = requests.lock().unwrap();
    assert!(ended.is_ok(), "{requests:?}");
    let mut steps = requests.iter();
    for call in 1..=CALLS {
        let what: Vec<_> = steps.by_ref().take(3).collect();
        assert!(
            what[0].0.ends_with("/invocation/next"),
            "call {call}: {requests:?}"
        );
        assert_eq!(
            what[1],
            &("/v1/traces".to_owned(), true),
            "call {call}: {requests:?}"
        );
        assert!(
            what[2].0.ends_with(&format!("/id-{call}/response")),
            "call {call}: {requests:?}"
        );
    }
}

/// Serves one connection.
fn serve(mut stream: TcpStream, requests: &Requests, calls: usize, done: &mpsc::Sender<()>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    while let Some((path, body)) = read(&mut reader) {
        let trace = [0x57, 0x59, 0xe9, 0x88, 0xbd, 0x86, 0x2e, 0x3f];
        let has_trace = body.windows(trace.len()).any(|bytes| bytes == trace);
        let is_next = path.ends_with("/next");
        let number = {
            let mut requests = requests.lock().unwrap();
            requests.push((path, has_trace));
            requests
                .iter()
                .filter(|(path, _)| path.ends_with("/next"))
                .count()
        };
        let event = samples::find("PreSignUp_SignUp", None, None).unwrap().json;
        let (headers, body) = match is_next {
            true if number > calls => {
                done.send(()).unwrap();
                return thread::sleep(Duration::from_secs(30));
            }
            true => (
                format!("Lambda-Runtime-Aws-Request-Id: id-{number}\r\nLambda-Runtime-Trace-Id: {TRACE}\r\n"),
                event,
            ),
            false => (String::new(), ""),
        };
        let reply = format!(
            "HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(reply.as_bytes()).unwrap();
    }
}

/// Reads a request: its path and its body.
fn read(reader: &mut impl BufRead) -> Option<(String, Vec<u8>)> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        match header.trim().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().ok()?
            }
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((path, body))
}
