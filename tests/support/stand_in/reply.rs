//! An HTTP answer, and how it goes out.

use std::io::{self, Write};
use std::net::{Shutdown, TcpStream};

/// An answer ready to be sent.
pub(super) struct Reply {
    /// The HTTP status.
    pub(super) status: u16,
    /// The form of the body.
    pub(super) content_type: &'static str,
    /// The name of the error for clients that look there, as EKS's do.
    pub(super) error_type: Option<&'static str>,
    /// The body.
    pub(super) body: String,
}

impl Reply {
    /// Sends the answer and leaves the connection open.
    ///
    /// Head and body go out in one write: two would wait for each other's acknowledgement and
    /// cost every call some 40 milliseconds.
    pub(super) fn send(&self, stream: &mut TcpStream) -> io::Result<()> {
        let mut message = self.head().into_bytes();
        message.extend_from_slice(self.body.as_bytes());
        stream.write_all(&message)
    }

    /// Promises the whole answer, sends half of its body and closes the connection.
    pub(super) fn send_half(&self, stream: &mut TcpStream) -> io::Result<()> {
        let mut message = self.head().into_bytes();
        let body = self.body.as_bytes();
        message.extend_from_slice(&body[..body.len() / 2]);
        stream.write_all(&message)?;
        stream.shutdown(Shutdown::Both)
    }

    fn head(&self) -> String {
        let error = self
            .error_type
            .map(|error| format!("x-amzn-errortype: {error}\r\n"))
            .unwrap_or_default();
        format!(
            "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{error}\r\n",
            self.status,
            reason(self.status),
            self.content_type,
            self.body.len(),
        )
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        429 => "Too Many Requests",
        503 => "Service Unavailable",
        _ => "Other",
    }
}
