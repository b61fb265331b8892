//! `cargo cognito pool` as a running process, with a client.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, ChildStdout, Command, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};

/// A pool that runs until it is interrupted.
pub(crate) struct Pool {
    child: Child,
    lines: BufReader<ChildStdout>,
    address: String,
    first: String,
}

impl Pool {
    /// Starts the command, which has to have `--format json`.
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        lines.read_line(&mut first).unwrap();
        let (_, rest) = first.split_once("\"endpoint\":\"http").unwrap();
        let (_, rest) = rest.split_once("://").unwrap();
        let address = rest.split('"').next().unwrap().to_owned();
        Self {
            child,
            lines,
            address,
            first,
        }
    }

    /// The first line of standard output, which has the endpoint.
    pub(crate) fn first_line(&self) -> &str {
        &self.first
    }

    /// Host and port.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Calls an operation, and returns status and body.
    pub(crate) fn call(&self, operation: &str, input: &str) -> (u16, String) {
        call(&self.address, operation, input)
    }

    /// The next line of standard output.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line
    }

    /// The memory of the process, in KiB. Linux only.
    #[cfg(target_os = "linux")]
    pub(crate) fn memory_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    /// Interrupts the command, and returns its exit code and what it printed to standard error.
    pub(crate) fn interrupt(mut self) -> (Option<i32>, String) {
        kill_process(Pid::from_child(&self.child), Signal::INT).unwrap();
        let mut stderr = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut stderr)
            .unwrap();
        (self.child.wait().unwrap().code(), stderr)
    }
}

impl Drop for Pool {
    /// Ends the pool of a test that failed.
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

/// Sends a request as an AWS client does, and returns status and body.
pub(crate) fn call(address: &str, operation: &str, input: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/x-amz-json-1.1\r\n\
         X-Amz-Target: AWSCognitoIdentityProviderService.{operation}\r\nContent-Length: {}\r\n\r\n{input}",
        input.len()
    )
    .unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    (head[9..12].parse().unwrap(), body.to_owned())
}
