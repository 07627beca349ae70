//! A link between the program and the stand-in that is slow, or that swallows answers.

use std::{
    collections::BTreeMap,
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

/// What becomes of an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer {
    /// It never comes.
    Never,
    /// It comes a byte every tenth of a second.
    Drips,
    /// It never ends.
    Endless,
    /// It comes after so many milliseconds.
    After(u64),
}

/// The link: what becomes of calls whose request holds a text, the first that fits.
pub(crate) struct Slow {
    address: SocketAddr,
    most: Arc<AtomicUsize>,
}

impl Slow {
    /// A link to `endpoint`. It stays for as long as the test program does.
    pub(crate) fn link(endpoint: &str, answers: &[(&str, Answer)]) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let upstream = endpoint.trim_start_matches("http://").to_owned();
        let answers: Vec<_> = answers.iter().map(|(text, it)| ((*text).to_owned(), *it)).collect();
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let counted = Arc::clone(&most);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (upstream, answers) = (upstream.clone(), answers.clone());
                let (now, counted) = (Arc::clone(&now), Arc::clone(&counted));
                // A client that goes away is no concern of the link's.
                thread::spawn(move || drop(serve(stream, &upstream, &answers, &(now, counted))));
            }
        });
        Self { address, most }
    }

    /// Its address.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Most calls that were under way at once.
    pub(crate) fn most_at_once(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}

type Counts = (Arc<AtomicUsize>, Arc<AtomicUsize>);

fn serve(
    mut client: TcpStream,
    upstream: &str,
    answers: &[(String, Answer)],
    (now, most): &Counts,
) -> io::Result<()> {
    let mut server = TcpStream::connect(upstream)?;
    while let Some(request) = message(&mut client)? {
        let text = String::from_utf8_lossy(&request).into_owned();
        let answer = answers.iter().find(|(part, _)| text.contains(part.as_str()));
        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        match answer.map(|(_, answer)| *answer) {
            Some(Answer::Never) => {
                // Until the client goes away.
                client.read_exact(&mut [0; 1])?;
            }
            Some(Answer::Endless) => {
                client.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
                let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
                loop {
                    client.write_all(chunk.as_bytes())?;
                }
            }
            Some(Answer::Drips) => {
                server.write_all(&request)?;
                for byte in message(&mut server)?.unwrap_or_default() {
                    client.write_all(&[byte])?;
                    thread::sleep(Duration::from_millis(100));
                }
            }
            Some(Answer::After(wait)) => {
                server.write_all(&request)?;
                let answer = message(&mut server)?.unwrap_or_default();
                thread::sleep(Duration::from_millis(wait));
                client.write_all(&answer)?;
            }
            None => {
                server.write_all(&request)?;
                client.write_all(&message(&mut server)?.unwrap_or_default())?;
            }
        }
        now.fetch_sub(1, Ordering::SeqCst);
    }
    Ok(())
}

/// A request or an answer with its body, as it is; none at the end.
fn message(stream: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let mut buffer = vec![0; 65536];
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            let headers: BTreeMap<&str, &str> =
                head.lines().filter_map(|line| line.split_once(": ")).collect();
            let body = headers.get("content-length").map_or(0, |text| text.parse().unwrap());
            while bytes.len() < end + 4 + body {
                match stream.read(&mut buffer)? {
                    0 => return Ok(None),
                    count => bytes.extend_from_slice(&buffer[..count]),
                }
            }
            return Ok(Some(bytes));
        }
        match stream.read(&mut buffer)? {
            0 => return Ok(None),
            count => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}
