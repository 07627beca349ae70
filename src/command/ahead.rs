//! A file read ahead of who parses it, by a thread of its own: copying a large file out of the system's
//! cache takes a good part of the time that parsing it does.

use std::{
    io::{self, Read},
    sync::mpsc::{Receiver, sync_channel},
    thread,
};

/// Bytes in a piece, and the same as the length of a reading.
const PIECE: usize = 512 * 1024;
const LENGTH: u64 = 512 * 1024;
/// Pieces that wait at most.
const WAITING: usize = 4;

/// What was read, in order.
pub(super) struct Ahead {
    pieces: Receiver<io::Result<Vec<u8>>>,
    piece: io::Cursor<Vec<u8>>,
}

impl Ahead {
    /// Begins to read.
    pub(super) fn new(mut source: impl Read + Send + 'static) -> Self {
        let (sender, pieces) = sync_channel(WAITING);
        // Ends with the source, or when nobody waits for more.
        thread::spawn(move || {
            loop {
                let mut piece = Vec::with_capacity(PIECE);
                let read = source.by_ref().take(LENGTH).read_to_end(&mut piece);
                let ends = !matches!(read, Ok(read) if read > 0);
                let sent = sender.send(read.map(|_| piece));
                if ends || sent.is_err() {
                    return;
                }
            }
        });
        Self { pieces, piece: io::Cursor::default() }
    }
}

impl Read for Ahead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.piece.read(buffer)?;
        if read > 0 || buffer.is_empty() {
            return Ok(read);
        }
        match self.pieces.recv() {
            Ok(piece) => self.piece = io::Cursor::new(piece?),
            // The last piece was empty.
            Err(_) => return Ok(0),
        }
        self.piece.read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_ahead_is_what_is_there() {
        for length in [0_usize, 1, 512 * 1024, 512 * 1024 + 1, 3_000_000] {
            let text: Vec<u8> = (0..=250_u8).cycle().take(length).collect();
            let mut read = Vec::new();
            Ahead::new(io::Cursor::new(text.clone())).read_to_end(&mut read).unwrap();
            assert!(read == text, "{length}");
        }
    }

    #[test]
    fn an_error_comes_after_what_was_read_before_it() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("broken"))
            }
        }
        let mut read = Vec::new();
        let whole = io::Cursor::new(vec![7; 512 * 1024]);
        let error = Ahead::new(whole.chain(Broken)).read_to_end(&mut read).unwrap_err();
        assert_eq!((error.to_string().as_str(), read.len()), ("broken", 512 * 1024));
    }
}
