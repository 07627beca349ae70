//! A moto server of this test's own.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, ChildStdout, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use super::venv::Venv;

/// How long the server may take until it answers.
const STARTS_WITHIN: Duration = Duration::from_mins(1);
/// What the server says meanwhile.
const LOG: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/moto-server.log");

/// A running server. It ends when this is dropped, and also when this process is killed: then its
/// standard input closes.
pub(crate) struct Server {
    child: Child,
    endpoint: String,
}

impl Server {
    /// Starts a server and waits until it answers.
    pub(crate) fn start(venv: &Venv) -> Self {
        let log = File::create(Path::new(LOG)).expect("cannot make the server's log");
        let mut command = venv.python("serve.py");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log);
        let child = command.spawn().expect("cannot start the server");
        // From here on a panic ends the server.
        let mut server = Self { child, endpoint: String::new() };
        let output = server.child.stdout.take().expect("its output is piped");
        let port = first_line(output).and_then(|line| line.trim().parse::<u16>().ok());
        let port = port.unwrap_or_else(|| {
            let log = fs::read_to_string(LOG).unwrap_or_default();
            panic!("moto's server ended, or did not answer within {STARTS_WITHIN:?}:\n{log}")
        });
        server.endpoint = format!("http://127.0.0.1:{port}");
        server
    }

    /// Where it answers.
    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A server that is gone already needs no ending.
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

/// The first line of an output, if it comes in time. Reading cannot be given up, so a thread does
/// it; it ends with the server.
fn first_line(output: ChildStdout) -> Option<String> {
    let (told, heard) = mpsc::channel();
    thread::spawn(move || {
        let mut line = String::new();
        if BufReader::new(output).read_line(&mut line).is_ok() {
            let _late = told.send(line);
        }
    });
    heard.recv_timeout(STARTS_WITHIN).ok()
}
