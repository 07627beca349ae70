//! Connections and the threads that serve them.

use std::io;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use super::http::Requests;
use super::service::Service;

/// A listening socket with a thread that accepts connections, and a thread for each of them.
pub(super) struct Server {
    address: SocketAddr,
    stopping: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts to listen on a free port of the loopback interface.
    pub(super) fn start(service: &Arc<Service>) -> Self {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port on 127.0.0.1");
        let address = listener.local_addr().expect("a bound socket has an address");
        let stopping = Arc::new(AtomicBool::new(false));
        let accepting = thread::spawn({
            let service = Arc::clone(service);
            let stopping = Arc::clone(&stopping);
            move || accept(&listener, &service, &stopping)
        });
        Self { address, stopping, accepting: Some(accepting) }
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    /// Ends the accepting thread, which ends the others.
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::SeqCst);
        // The thread waits in `accept` and looks at the flag only after a connection.
        drop(TcpStream::connect(self.address));
        if let Some(accepting) = self.accepting.take() {
            // A panic over there was reported there; a second one here would hide the first.
            drop(accepting.join());
        }
    }
}

/// Accepts connections until told to stop, then closes them all and waits for their threads.
fn accept(listener: &TcpListener, service: &Arc<Service>, stopping: &AtomicBool) {
    let mut open: Vec<(TcpStream, JoinHandle<()>)> = Vec::new();
    for stream in listener.incoming() {
        if stopping.load(Ordering::SeqCst) {
            break;
        }
        open.retain(|(_, thread)| !thread.is_finished());
        if let Ok((kept, stream)) = stream.and_then(|stream| Ok((stream.try_clone()?, stream))) {
            let service = Arc::clone(service);
            // A client that goes away in the middle of a call is no concern of the server's.
            open.push((kept, thread::spawn(move || drop(serve(stream, &service)))));
        }
    }
    for (stream, thread) in open {
        drop(stream.shutdown(Shutdown::Both));
        drop(thread.join());
    }
}

/// Answers the requests of one connection, one after the other.
fn serve(mut stream: TcpStream, service: &Service) -> io::Result<()> {
    let mut requests = Requests::new(stream.try_clone()?);
    while let Some(request) = requests.next()? {
        let answer = service.answer(&request);
        if answer.broken_off {
            return answer.reply.send_half(&mut stream);
        }
        answer.reply.send(&mut stream)?;
    }
    Ok(())
}
