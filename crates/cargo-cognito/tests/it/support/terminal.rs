//! A pseudo-terminal, with functions to read its output and to type.

use std::{
    fs::{File, OpenOptions},
    io::{Read, Write},
    os::fd::OwnedFd,
    process::{Child, Command},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::Duration,
};

use rustix::{
    process::Pid,
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{Winsize, tcsetwinsize},
};

/// How long a test waits for something to show up.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A command that runs in a terminal of 24 lines and 80 columns.
pub(crate) struct Terminal {
    child: Child,
    keyboard: File,
    output: Receiver<Vec<u8>>,
    seen: Vec<u8>,
    /// The length of the output at the last key. Waiting looks only at the output after it.
    read: usize,
}

impl Terminal {
    pub(crate) fn new(command: Command) -> Self {
        Self::with_columns(command, 80)
    }

    /// A terminal of this width.
    pub(crate) fn with_columns(mut command: Command, columns: u16) -> Self {
        let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&terminal).unwrap();
        unlockpt(&terminal).unwrap();
        let size = Winsize {
            ws_row: 24,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&terminal, size).unwrap();
        let path = ptsname(&terminal, Vec::new()).unwrap().into_string().unwrap();
        let side = || OwnedFd::from(OpenOptions::new().read(true).write(true).open(&path).unwrap());
        let child = command
            .stdin(side())
            .stdout(side())
            .stderr(side())
            .spawn()
            .unwrap();
        // Only the command may hold the other side; otherwise reading would never reach the end.
        drop(command);
        let mut screen = File::from(terminal);
        let keyboard = screen.try_clone().unwrap();
        let (sender, output) = channel();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            // When the command has ended, reading fails.
            while let Ok(length @ 1..) = screen.read(&mut bytes) {
                let _ = sender.send(bytes[..length].to_vec());
            }
        });
        Self {
            child,
            keyboard,
            output,
            seen: Vec::new(),
            read: 0,
        }
    }

    /// The number of the process.
    pub(crate) fn id(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Reads until the output ends with this text.
    pub(crate) fn wait_for(&mut self, text: &str) {
        self.wait_until(|shown| shown.ends_with(text), text);
    }

    /// Reads until the output contains this text.
    pub(crate) fn wait_to_see(&mut self, text: &str) {
        self.wait_until(|shown| shown.contains(text), text);
    }

    fn wait_until(&mut self, is_there: impl Fn(&str) -> bool, text: &str) {
        while !is_there(&visible(&self.seen[self.read..])) {
            match self.output.recv_timeout(TIMEOUT) {
                Ok(bytes) => self.seen.extend(bytes),
                Err(_) => panic!("no `{text}` in:\n{}", visible(&self.seen)),
            }
        }
    }

    pub(crate) fn type_line(&mut self, text: &str) {
        self.type_keys(&format!("{text}\n"));
    }

    pub(crate) fn type_keys(&mut self, keys: &str) {
        self.read = self.seen.len();
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }

    /// Waits for the end of the command, and returns its output and its exit code.
    pub(crate) fn end(mut self) -> String {
        self.read_to_end();
        let code = self.child.wait().unwrap().code().unwrap();
        format!("{}─── exit code {code}\n", visible(&self.seen))
    }

    /// Everything up to the end of the command, with the sequences that set colors and no others.
    pub(crate) fn end_with_colors(mut self) -> String {
        self.read_to_end();
        self.child.wait().unwrap();
        let text = String::from_utf8(self.seen).unwrap();
        let mut parts = text.split("\u{1b}[");
        let mut shown = parts.next().unwrap().to_owned();
        for part in parts {
            let (codes, after) = part.split_at(part.find(char::is_alphabetic).unwrap());
            match after.strip_prefix('m') {
                Some(after) => shown += &format!("\u{1b}[{codes}m{after}"),
                None => shown += &after[1..],
            }
        }
        lines(&shown)
    }

    fn read_to_end(&mut self) {
        loop {
            match self.output.recv_timeout(TIMEOUT) {
                Ok(bytes) => self.seen.extend(bytes),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    panic!("the command did not end after:\n{}", visible(&self.seen))
                }
            }
        }
    }
}

/// The text on the screen, without control sequences.
fn visible(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    lines(&anstream::adapter::strip_str(&text).to_string())
}

/// A text without the lines of a progress bar, which a fast machine doesn't draw.
pub(crate) fn without_bar(shown: &str) -> String {
    let lines = shown.split_inclusive('\n');
    lines.filter(|line| !line.contains(['█', '░'])).collect()
}

/// A line for each version of a line that was overwritten.
fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    // The spaces only clear the rest of the old line.
    let lines: Vec<_> = text.split('\r').map(|line| line.trim_end_matches("  ")).collect();
    lines.join("\n")
}
