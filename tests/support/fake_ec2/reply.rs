//! An HTTP answer, and how it goes out.

use std::io::{self, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::Duration;

use super::behavior::Framing;

/// Between two drops of an answer that drips.
const BETWEEN_DROPS: Duration = Duration::from_millis(50);

/// An answer ready to be sent.
pub(super) struct Reply {
    /// The HTTP status.
    pub(super) status: u16,
    /// The form of the body.
    pub(super) content_type: &'static str,
    /// The name of the error for clients that look there, as EKS's do.
    pub(super) error_type: Option<&'static str>,
    /// The body.
    pub(super) body: Vec<u8>,
}

impl Reply {
    /// Sends the answer and leaves the connection open.
    ///
    /// Head and body go out in one write: two would wait for each other's acknowledgement and
    /// cost every call some 40 milliseconds.
    pub(super) fn send(&self, mut stream: &TcpStream) -> io::Result<()> {
        let length = format!("Content-Length: {}", self.body.len());
        let mut message = self.head(&length).into_bytes();
        message.extend_from_slice(&self.body);
        stream.write_all(&message)
    }

    /// Sends so many bytes of the body, and closes the connection where HTTP does not say that they
    /// are all.
    pub(super) fn send_part(
        &self,
        mut stream: &TcpStream,
        count: usize,
        framing: Framing,
    ) -> io::Result<()> {
        let part = &self.body[..count.min(self.body.len())];
        let length = match framing {
            Framing::Right => format!("Content-Length: {}", part.len()),
            Framing::OfTheWhole => format!("Content-Length: {}", self.body.len()),
            Framing::Chunked => "Transfer-Encoding: chunked".to_owned(),
            Framing::Unsaid => "Connection: close".to_owned(),
        };
        let mut message = self.head(&length).into_bytes();
        if framing == Framing::Chunked {
            message.extend_from_slice(format!("{:x}\r\n", part.len()).as_bytes());
        }
        message.extend_from_slice(part);
        if framing == Framing::Chunked {
            message.extend_from_slice(b"\r\n");
        }
        stream.write_all(&message)?;
        if framing == Framing::Right { Ok(()) } else { stream.shutdown(Shutdown::Both) }
    }

    /// Sends a drop now and then, for as long as anybody listens.
    pub(super) fn drip(&self, mut stream: &TcpStream) -> io::Result<()> {
        stream.write_all(self.head("Transfer-Encoding: chunked").as_bytes())?;
        for byte in self.body.iter().chain(std::iter::repeat(&b' ')) {
            stream.write_all(&[b'1', b'\r', b'\n', *byte, b'\r', b'\n'])?;
            thread::sleep(BETWEEN_DROPS);
        }
        Ok(())
    }

    fn head(&self, length: &str) -> String {
        let error = self
            .error_type
            .map(|error| format!("x-amzn-errortype: {error}\r\n"))
            .unwrap_or_default();
        format!(
            "HTTP/1.1 {} {}\r\nContent-Type: {}\r\n{length}\r\n{error}\r\n",
            self.status,
            reason(self.status),
            self.content_type,
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
