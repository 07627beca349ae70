//! The rows of a long list read side by side. The text is cut into blocks where a row seems to end: at
//! the last place of a block that looks as the border of the list's first rows did. Each block is read
//! for itself, and it was cut rightly when the one before it was rows and nothing else to its last
//! byte; where one was not, the rest is read in turn, as if it had not been cut. So a wrong cut costs
//! time and nothing else.

use std::{
    collections::BTreeMap,
    io,
    num::NonZero,
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

use memchr::memmem::FinderRev;
use serde::de::DeserializeOwned;

use super::{line_column::LineColumn, plain};
use crate::json::Strict;

/// Readers at most: the text itself is read by one at a time.
const MOST_READERS: usize = 8;
/// Blocks that a row is looked for in before it is left to be read in turn.
const LONGEST: usize = 8;

/// How many may read side by side here.
pub(super) fn readers() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get).min(MOST_READERS)
}

/// A text from after a row on.
pub(super) struct Rest<'a, S> {
    pub(super) source: &'a mut S,
    /// How much is read at once.
    pub(super) piece: usize,
    /// What was read and not yet taken.
    pub(super) held: Vec<u8>,
    /// Whether the source has no more, or failed.
    pub(super) ended: bool,
    pub(super) failed: Option<io::Error>,
}

/// How a row's end looks up to the next one's first key; `None` if it does not stand there whole.
pub(super) fn border(rest: &[u8]) -> Option<Vec<u8>> {
    let next = |from: usize| {
        let rest = rest.get(from..)?;
        let white = rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
        Some((from + white, *rest.get(white)?))
    };
    let (comma, b',') = next(0)? else { return None };
    let (brace, b'{') = next(comma + 1)? else { return None };
    let (key, b'"') = next(brace + 1)? else { return None };
    // The white space of a printed text tells how deep a row lies; without, its first key has to.
    let end = if rest.get(..key)?.contains(&b'\n') {
        key
    } else {
        key + 1 + memchr::memchr(b'"', rest.get(key + 1..)?)?
    };
    Some([b"}", rest.get(..=end)?].concat())
}

/// A block of whole rows, as a reader is through with it.
struct RowBlock<T> {
    number: usize,
    bytes: Bytes,
    rows: Vec<(usize, T)>,
    /// Where the rows end.
    end: LineColumn,
}

impl<T> RowBlock<T> {
    fn done(&self) -> usize {
        self.rows.last().map_or(0, |(end, _)| *end)
    }
}

/// Memory that is used again, and how much of it is text.
#[derive(Default)]
struct Bytes {
    memory: Vec<u8>,
    length: usize,
}

impl Bytes {
    fn text(&self) -> &[u8] {
        self.memory.get(..self.length).unwrap_or_default()
    }

    fn add(&mut self, text: &[u8]) {
        let length = self.length + text.len();
        self.memory.resize(self.memory.len().max(length), 0);
        if let Some(room) = self.memory.get_mut(self.length..length) {
            room.copy_from_slice(text);
            self.length = length;
        }
    }

    /// Reads so much, or what is left; whether it ended is told.
    fn read(&mut self, source: &mut impl io::Read, more: usize) -> io::Result<bool> {
        let wanted = self.length + more;
        self.memory.resize(self.memory.len().max(wanted), 0);
        while self.length < wanted {
            let room = self.memory.get_mut(self.length..wanted).unwrap_or_default();
            match source.read(room) {
                Ok(0) => return Ok(true),
                Ok(read) => self.length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }
}

/// What the readers cut blocks from, one at a time.
struct Cutter<'a, 'b, S> {
    rest: &'b mut Rest<'a, S>,
    border: FinderRev<'b>,
    spare: Receiver<Bytes>,
    blocks: usize,
    stopped: bool,
}

impl<S: io::Read> Cutter<'_, '_, S> {
    /// The next block, with its number; `None` if there is none, or none is wanted.
    fn next(&mut self) -> Option<(usize, Bytes)> {
        if self.stopped || (self.rest.ended && self.rest.held.is_empty()) {
            return None;
        }
        let mut bytes = self.spare.recv().ok()?;
        bytes.length = 0;
        bytes.add(&self.rest.held);
        self.rest.held.clear();
        let mut end = None;
        for _ in 0..LONGEST {
            if !self.rest.ended {
                match bytes.read(self.rest.source, self.rest.piece) {
                    Ok(ended) => self.rest.ended = ended,
                    Err(error) => (self.rest.ended, self.rest.failed) = (true, Some(error)),
                }
            }
            // The brace that a row ends with is its own.
            end = self.border.rfind(bytes.text()).map(|found| found + 1);
            if self.rest.ended || end.is_some() {
                break;
            }
        }
        if let Some(end) = end.filter(|_| !self.rest.ended) {
            self.rest.held.extend_from_slice(bytes.text().get(end..).unwrap_or_default());
            bytes.length = end;
        }
        self.blocks += 1;
        Some((self.blocks - 1, bytes))
    }
}

/// Gives the rows to a function in their order, which may refuse one, and returns the place after the
/// last. What is not rows, and what comes after it, is held in the rest.
///
/// # Errors
/// The function's, with the place after that row.
pub(super) fn rows<S: io::Read + Send, T: DeserializeOwned + Send>(
    rest: &mut Rest<'_, S>,
    border: &[u8],
    (readers, start): (usize, LineColumn),
    each: &mut impl FnMut(T) -> Result<(), String>,
) -> Result<LineColumn, (String, LineColumn)> {
    let (spare, spares) = channel();
    for _ in 0..=2 * readers {
        // The other end is there.
        let _ = spare.send(Bytes::default());
    }
    let border = FinderRev::new(border);
    let cutter = Mutex::new(Cutter { rest, border, spare: spares, blocks: 0, stopped: false });
    let mut taken = BlockReader { each, place: start, spare: Some(spare), left: Vec::new() };
    let refused = thread::scope(|scope| {
        let (sender, blocks) = channel();
        for _ in 0..readers {
            let (sender, cutter) = (sender.clone(), &cutter);
            let started = thread::Builder::new().spawn_scoped(scope, move || read(cutter, &sender));
            // Those that could be started do it; without any the text is read in turn.
            drop(started);
        }
        drop(sender);
        taken.in_order(&blocks)
    });
    let BlockReader { place, mut left, .. } = taken;
    let Cutter { rest, .. } = cutter.into_inner().unwrap_or_else(PoisonError::into_inner);
    left.extend_from_slice(&rest.held);
    rest.held = left;
    refused.map(|()| place).map_err(|message| (message, place))
}

/// Cuts blocks and reads their rows until there is none.
fn read<S: io::Read, T: DeserializeOwned>(
    cutter: &Mutex<Cutter<'_, '_, S>>,
    sender: &Sender<RowBlock<T>>,
) {
    loop {
        let cut = cutter.lock().unwrap_or_else(PoisonError::into_inner).next();
        let Some((number, bytes)) = cut else { return };
        let rows = rows_of(bytes.text());
        let mut block = RowBlock { number, bytes, rows, end: LineColumn { line: 0, column: 0 } };
        let done = block.done();
        block.end = block.end.after(block.bytes.text().get(..done).unwrap_or_default());
        if done < block.bytes.length {
            cutter.lock().unwrap_or_else(PoisonError::into_inner).stopped = true;
        }
        if sender.send(block).is_err() {
            return;
        }
    }
}

/// The rows that a block begins with, a comma before each, with where they end.
fn rows_of<T: DeserializeOwned>(text: &[u8]) -> Vec<(usize, T)> {
    let mut rows = Vec::new();
    let mut at = 0;
    loop {
        let next = |from: usize| {
            let rest = text.get(from..).unwrap_or_default();
            let white = rest.iter().position(|b| !matches!(b, b' ' | b'\n' | b'\t' | b'\r'))?;
            Some((from + white, *rest.get(white)?))
        };
        let Some((comma, b',')) = next(at) else { return rows };
        let Some((brace, b'{')) = next(comma + 1) else { return rows };
        let rest = text.get(brace..).unwrap_or_default();
        let read = plain::object(rest).or_else(|| {
            let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<Strict<T>>();
            let Strict(row) = values.next()?.ok()?;
            Some((row, values.byte_offset()))
        });
        let Some((row, length)) = read else { return rows };
        at = brace + length;
        rows.push((at, row));
    }
}

/// What was taken of the blocks so far.
struct BlockReader<'a, F> {
    each: &'a mut F,
    place: LineColumn,
    /// Memory goes back to the readers until something is left.
    spare: Option<Sender<Bytes>>,
    left: Vec<u8>,
}

impl<F> BlockReader<'_, F> {
    fn in_order<T>(&mut self, blocks: &Receiver<RowBlock<T>>) -> Result<(), String>
    where
        F: FnMut(T) -> Result<(), String>,
    {
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        for block in blocks {
            waiting.insert(block.number, block);
            while let Some(block) = waiting.remove(&next) {
                next += 1;
                if let Err(message) = self.take(block) {
                    self.spare = None;
                    return Err(message);
                }
            }
        }
        Ok(())
    }

    fn take<T>(&mut self, block: RowBlock<T>) -> Result<(), String>
    where
        F: FnMut(T) -> Result<(), String>,
    {
        let Some(spare) = &self.spare else {
            self.left.extend_from_slice(block.bytes.text());
            return Ok(());
        };
        let done = block.done();
        for (end, row) in block.rows {
            let refused = (self.each)(row);
            if refused.is_err() {
                self.place = self.place.after(block.bytes.text().get(..end).unwrap_or_default());
                return refused;
            }
        }
        self.place = self.place.then(block.end);
        if done < block.bytes.length {
            self.left.extend_from_slice(block.bytes.text().get(done..).unwrap_or_default());
            self.spare = None;
        } else {
            // The readers may be through.
            let _ = spare.send(block.bytes);
        }
        Ok(())
    }
}
