//! Reading HTTP/1.1 requests from a connection that is kept open.
//!
//! A ready-made server would do, but for `Options::fail_after`: none of the small ones can break
//! a connection off in the middle of an answer.

use std::io::{self, Read};
use std::net::TcpStream;
use std::sync::Arc;

/// A request, read whole.
pub(super) struct Request {
    /// The method, such as `POST`.
    pub(super) method: String,
    /// The path with its query.
    pub(super) target: String,
    /// The body; empty if there is none.
    pub(super) body: Vec<u8>,
    /// The scope of its signature, `KEY/DATE/REGION/SERVICE/aws4_request`; empty if it has none.
    pub(super) scope: String,
}

/// What the head of a request says.
struct Head {
    method: String,
    target: String,
    scope: String,
    /// The length of the head itself.
    length: usize,
    /// The length of the body that follows it.
    body_length: usize,
}

/// The reading side of a connection.
pub(super) struct Requests {
    stream: Arc<TcpStream>,
    /// What has arrived and belongs to no request yet.
    waiting: Vec<u8>,
}

impl Requests {
    /// Reads requests from `stream`.
    pub(super) fn new(stream: Arc<TcpStream>) -> Self {
        Self { stream, waiting: Vec::new() }
    }

    /// The next request; none when the client has closed the connection.
    pub(super) fn next(&mut self) -> io::Result<Option<Request>> {
        let head = loop {
            if let Some(head) = parse_head(&self.waiting)? {
                break head;
            }
            if !self.fill()? {
                return Ok(None);
            }
        };
        let end = head.length + head.body_length;
        while self.waiting.len() < end {
            if !self.fill()? {
                return Ok(None);
            }
        }
        let body = self.waiting[head.length..end].to_vec();
        self.waiting.drain(..end);
        Ok(Some(Request { method: head.method, target: head.target, body, scope: head.scope }))
    }

    /// Reads some more; false at the end of the stream.
    fn fill(&mut self) -> io::Result<bool> {
        let mut buffer = [0; 8192];
        let count = (&*self.stream).read(&mut buffer)?;
        self.waiting.extend_from_slice(&buffer[..count]);
        Ok(count > 0)
    }
}

/// The head of the request that `bytes` begin with; none if it is not complete yet.
fn parse_head(bytes: &[u8]) -> io::Result<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(length) = request.parse(bytes).map_err(invalid)? else {
        return Ok(None);
    };
    let mut body_length = 0;
    let mut scope = String::new();
    for header in request.headers.iter() {
        if header.name.eq_ignore_ascii_case("content-length") {
            let text = std::str::from_utf8(header.value).map_err(invalid)?;
            body_length = text.trim().parse().map_err(invalid)?;
        } else if header.name.eq_ignore_ascii_case("authorization") {
            let text = std::str::from_utf8(header.value).map_err(invalid)?;
            let credential = text.split_once("Credential=").map(|(_, rest)| rest);
            let end = |rest: &str| rest.split(',').next().map(str::to_owned);
            scope = credential.and_then(end).unwrap_or_default();
        } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
            return Err(invalid("a body without a length is not supported"));
        }
    }
    Ok(Some(Head {
        method: request.method.unwrap_or_default().to_owned(),
        target: request.path.unwrap_or_default().to_owned(),
        scope,
        length,
        body_length,
    }))
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
