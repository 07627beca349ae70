//! Connections and the threads that serve them.

use std::io;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::http::Requests;
use super::service::{Delivery, Service};

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
    let mut open: Vec<(Weak<TcpStream>, JoinHandle<()>)> = Vec::new();
    for stream in listener.incoming() {
        if stopping.load(Ordering::SeqCst) {
            break;
        }
        open.retain(|(_, thread)| !thread.is_finished());
        if let Ok(stream) = stream {
            let (service, stream) = (Arc::clone(service), Arc::new(stream));
            // Weak, so that a connection is closed when its thread is done with it.
            let kept = Arc::downgrade(&stream);
            // A client that goes away in the middle of a call is no concern of the server's.
            open.push((kept, thread::spawn(move || drop(serve(&stream, &service)))));
        }
    }
    for (stream, thread) in open {
        if let Some(stream) = stream.upgrade() {
            drop(stream.shutdown(Shutdown::Both));
        }
        drop(thread.join());
    }
}

/// Answers the requests of one connection, one after the other.
fn serve(stream: &Arc<TcpStream>, service: &Service) -> io::Result<()> {
    let mut requests = Requests::new(Arc::clone(stream));
    while let Some(request) = requests.next()? {
        let answer = service.answer(&request);
        match answer.delivery {
            Delivery::Whole => answer.reply.send(stream)?,
            Delivery::Part(count, framing) => {
                answer.reply.send_part(stream, count, framing)?;
            }
            Delivery::Drops => return answer.reply.drip(stream),
            Delivery::Closed => return stream.shutdown(Shutdown::Both),
            Delivery::Reset => return reset(stream),
            // Until the other side goes away.
            Delivery::Never => drop(requests.next()?),
        }
    }
    Ok(())
}

/// Ends a connection so that the other side reads an error in place of an end.
fn reset(stream: &TcpStream) -> io::Result<()> {
    socket2::SockRef::from(stream).set_linger(Some(Duration::ZERO))
}
