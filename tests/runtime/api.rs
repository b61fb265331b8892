//! A Runtime API that follows a script, and a function that it calls.

use std::{
    io::{BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::requests::{memory_kib, read};

/// What the API does with a request.
pub(crate) enum Reply {
    /// It sends this HTTP response: status, headers, body.
    Answer(String),
    /// It never answers.
    Hold,
    /// It closes the connection.
    Close,
}

impl Reply {
    pub(crate) fn status(status: u16) -> Self {
        Self::body(status, r#"{"errorMessage":"x"}"#)
    }

    pub(crate) fn body(status: u16, body: &str) -> Self {
        Self::with_headers(status, "", body)
    }

    pub(crate) fn event(id: &str, event: &str) -> Self {
        let headers =
            format!("Lambda-Runtime-Aws-Request-Id: {id}\r\nLambda-Runtime-Deadline-Ms: 9999999999999\r\n");
        Self::with_headers(200, &headers, event)
    }

    fn with_headers(status: u16, headers: &str, body: &str) -> Self {
        let length = body.len();
        Self::Answer(format!(
            "HTTP/1.1 {status} X\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
        ))
    }
}

/// A request that the API received.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) body: String,
    pub(crate) held: bool,
}

impl Request {
    pub(crate) fn is_next(&self) -> bool {
        self.path.ends_with("/invocation/next")
    }
}

/// The API. Its script gets each request with its number, which counts the calls of `/next` and all others separately.
pub(crate) struct Api {
    address: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

type Script = dyn Fn(&Request, usize) -> Reply + Send + Sync;

impl Api {
    pub(crate) fn start(script: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::start_for(usize::MAX, script)
    }

    /// An API that takes so many connections, and refuses all later ones.
    pub(crate) fn start_for(
        connections: usize,
        script: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (log, script): (_, Arc<Script>) = (Arc::clone(&requests), Arc::new(script));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok).take(connections) {
                let (log, script) = (Arc::clone(&log), Arc::clone(&script));
                thread::spawn(move || serve(stream, &log, &*script));
            }
        });
        Self { address, requests }
    }

    /// An API at an address where nothing listens.
    pub(crate) fn closed() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Self {
            address: listener.local_addr().unwrap().to_string(),
            requests: Arc::default(),
        }
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// Waits until the requests so far are as expected. Returns false if they aren't after 20 seconds.
    pub(crate) fn wait(&self, expected: impl Fn(&[Request]) -> bool) -> bool {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(20) {
            if expected(&self.requests.lock().unwrap()) {
                return true;
            }
            thread::sleep(Duration::from_millis(5));
        }
        false
    }
}

fn serve(stream: TcpStream, log: &Mutex<Vec<Request>>, script: &Script) {
    let mut writer = stream.try_clone().unwrap();
    let mut reader = BufReader::new(stream);
    while let Some((path, body)) = read(&mut reader) {
        let mut request = Request {
            path,
            body,
            held: false,
        };
        let reply = {
            let mut log = log.lock().unwrap();
            let alike = log.iter().filter(|known| known.is_next() == request.is_next());
            let reply = script(&request, alike.count() + 1);
            request.held = matches!(reply, Reply::Hold);
            log.push(request);
            reply
        };
        match reply {
            Reply::Answer(text) if writer.write_all(text.as_bytes()).is_ok() => {}
            Reply::Hold => loop {
                thread::park();
            },
            _ => return,
        }
    }
}

/// The process of the function. It is killed when it is dropped.
pub(crate) struct Function {
    child: Child,
    /// What it prints. It is read from the start on, because the process waits while a pipe is full.
    stdout: Option<JoinHandle<String>>,
}

/// How the process ended.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Function {
    pub(crate) fn start(api: &Api, settings: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_functions"))
            .env("FUNCTION", "runtime")
            .env("AWS_LAMBDA_RUNTIME_API", &api.address)
            .env("AWS_LAMBDA_FUNCTION_NAME", "example")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let stdout = Some(thread::spawn(move || {
            let mut text = String::new();
            stdout.read_to_string(&mut text).unwrap();
            text
        }));
        Self { child, stdout }
    }

    pub(crate) fn lives(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    pub(crate) fn terminate(&self) {
        self.signal("-TERM");
    }

    /// Sends a signal, as `kill` names it: `-TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    /// Waits for the end of the process, for at most 20 seconds.
    pub(crate) fn end(mut self) -> Ended {
        let (stdout, mut stderr) = (self.stdout.take().unwrap(), self.child.stderr.take().unwrap());
        let start = Instant::now();
        while self.lives() {
            assert!(start.elapsed() < Duration::from_secs(20), "the process goes on");
            thread::sleep(Duration::from_millis(5));
        }
        let mut errors = String::new();
        stderr.read_to_string(&mut errors).unwrap();
        Ended {
            code: self.child.wait().unwrap().code(),
            stdout: stdout.join().unwrap(),
            stderr: errors,
        }
    }

    /// The memory of the process in KiB.
    pub(crate) fn memory_kib(&self) -> u64 {
        memory_kib(self.child.id())
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
