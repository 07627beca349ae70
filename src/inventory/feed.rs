//! A JSON text read in pieces. What stands in the buffer is parsed as a slice, a value at a time; a
//! value that the buffer does not hold whole is parsed again once more was read. Memory follows the
//! largest single value, and the speed is that of a slice: byte by byte, as a reader is parsed,
//! takes three times as long. The rows of a list that is longer than a piece are read side by side.

use std::{
    io::{self, Read},
    mem,
};

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Deserializer;

use super::{
    blocks::{self, Rest},
    line_column::LineColumn,
    plain,
};
use crate::json::Strict;

/// How much is read at once: little enough to be still in the processor's cache when it is parsed,
/// and many times an interface, so that few are parsed twice.
const PIECE: usize = 512 * 1024;

/// The most bytes of a single value, which stands in memory whole: rows and keys have some thousands.
const MOST_OF_VALUE: usize = 128 * 1024 * 1024;

/// Why a text could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is not JSON, or a value that is needed cannot be read.
    #[error("{message} at line {line} column {column}")]
    Malformed {
        /// What is wrong.
        message: String,
        /// The line, from 1.
        line: usize,
        /// The bytes of that line read so far.
        column: usize,
    },
    /// The same of YAML, which says the place itself.
    #[error("{0}")]
    Yaml(String),
    /// The source failed.
    #[error(transparent)]
    Source(#[from] io::Error),
}

/// The text while it is read.
pub(in crate::inventory) struct Feed<S> {
    source: S,
    piece: usize,
    /// What was read and not yet dropped.
    buffer: Vec<u8>,
    /// How much of the buffer is done with.
    done: usize,
    /// Where the buffer begins.
    start: LineColumn,
    /// Whether the source has no more.
    ended: bool,
    /// Why it has none, to be told once what was read before is done with.
    failed: Option<io::Error>,
    /// How many may read rows side by side.
    readers: usize,
}

impl<S: Read + Send> Feed<S> {
    /// A text whose long lists are read side by side.
    pub(in crate::inventory) fn new(source: S) -> Self {
        Self::in_pieces(source, PIECE, blocks::readers())
    }

    /// A text that is read by one alone, such as one of many.
    pub(in crate::inventory) fn alone(source: S) -> Self {
        Self::in_pieces(source, PIECE, 1)
    }

    /// Reads so much at once, and rows by so many.
    pub(in crate::inventory) fn in_pieces(source: S, piece: usize, readers: usize) -> Self {
        let start = LineColumn { line: 1, column: 0 };
        let (buffer, failed) = (Vec::new(), None);
        Self { source, piece, buffer, done: 0, start, ended: false, failed, readers }
    }

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.done..).unwrap_or_default()
    }

    /// Drops what is done with and reads on: a piece, or as much again as a value has already that
    /// is longer than one.
    fn read_on(&mut self) -> Result<(), ReadError> {
        let (done, _) = self.buffer.split_at_checked(self.done).unwrap_or((&self.buffer, &[]));
        self.start = self.start.after(done);
        self.buffer.drain(..self.done);
        self.done = 0;
        if let Some(error) = self.failed.take() {
            return Err(error.into());
        }
        if self.buffer.len() > MOST_OF_VALUE {
            return Err(self.malformed("a single value is larger than 128 MiB", 0));
        }
        let more = u64::try_from(self.piece.max(self.buffer.len())).unwrap_or(u64::MAX);
        self.ended = self.source.by_ref().take(more).read_to_end(&mut self.buffer)? == 0;
        Ok(())
    }

    /// The next byte that is no white space, not taken; `None` at the end.
    pub(in crate::inventory) fn peek(&mut self) -> Result<Option<u8>, ReadError> {
        loop {
            let rest = self.rest();
            let white = rest.iter().take_while(|b| matches!(b, b' ' | b'\n' | b'\t' | b'\r'));
            let skipped = white.count();
            let next = rest.get(skipped).copied();
            self.done += skipped;
            if next.is_some() || self.ended {
                return Ok(next);
            }
            self.read_on()?;
        }
    }

    /// Whether the next byte is this one; then it is taken.
    pub(in crate::inventory) fn took(&mut self, byte: u8) -> Result<bool, ReadError> {
        let is = self.peek()? == Some(byte);
        self.done += usize::from(is);
        Ok(is)
    }

    /// The error of something else than what has to come next, in serde_json's words.
    pub(in crate::inventory) fn unexpected(&mut self, at_end: &str, otherwise: &str) -> ReadError {
        match self.peek() {
            Ok(None) => self.malformed(at_end, 0),
            Ok(Some(_)) => self.malformed(otherwise, 1),
            Err(error) => error,
        }
    }

    /// The error of something that was read just now and cannot be used.
    pub(in crate::inventory) fn refused(&self, message: &str) -> ReadError {
        self.malformed(message, 0)
    }

    fn malformed(&self, message: &str, further: usize) -> ReadError {
        let read = self.buffer.get(..self.done + further).unwrap_or(&self.buffer);
        let LineColumn { line, column } = self.start.after(read);
        ReadError::Malformed { message: message.to_owned(), line, column }
    }

    /// The next value.
    pub(in crate::inventory) fn value<T: DeserializeOwned>(&mut self) -> Result<T, ReadError> {
        let (value, length) = self.ahead()?;
        self.done += length;
        Ok(value)
    }

    /// The next value, which stays to be read again.
    pub(in crate::inventory) fn look<T: DeserializeOwned>(&mut self) -> Result<T, ReadError> {
        self.ahead().map(|(value, _)| value)
    }

    /// The next value, which stays to be read again, if it is such a one and short enough to stand in
    /// the buffer whole.
    pub(in crate::inventory) fn look_near<T: DeserializeOwned>(
        &mut self,
    ) -> Result<Option<T>, ReadError> {
        if self.rest().len() < self.piece && !self.ended {
            self.read_on()?;
        }
        let mut values = Deserializer::from_slice(self.rest()).into_iter::<Strict<T>>();
        Ok(values.next().and_then(Result::ok).map(|Strict(value)| value))
    }

    /// The next value with the bytes it takes.
    fn ahead<T: DeserializeOwned>(&mut self) -> Result<(T, usize), ReadError> {
        if self.peek()? == Some(b'{')
            && let Some(read) = plain::object(self.rest())
        {
            return Ok(read);
        }
        let mut before = None;
        loop {
            let rest = self.rest();
            let mut values = Deserializer::from_slice(rest).into_iter::<Strict<T>>();
            match values.next() {
                // A number may go on behind the buffer's end.
                Some(Ok(Strict(value))) if self.ended || values.byte_offset() < rest.len() => {
                    return Ok((value, values.byte_offset()));
                }
                None if self.ended => {
                    self.done = self.buffer.len();
                    return Err(self.malformed("EOF while parsing a value", 0));
                }
                Some(Ok(_)) | None => {}
                Some(Err(error)) if self.ended => return Err(self.placed(&error)),
                Some(Err(error)) if error.is_eof() => {}
                Some(Err(error)) => {
                    // What stands at the buffer's end may be a part of a word: an error is one when
                    // it stays the same with more to read.
                    let text = error.to_string();
                    if before.as_ref() == Some(&text) {
                        return Err(self.placed(&error));
                    }
                    before = Some(text);
                }
            }
            self.read_on()?;
        }
    }

    /// An error of a value that begins where the rest does, with its place in the whole text.
    fn placed(&self, error: &serde_json::Error) -> ReadError {
        let begins = self.start.after(self.buffer.get(..self.done).unwrap_or(&self.buffer));
        let within = format!(" at line {} column {}", error.line(), error.column());
        let text = error.to_string();
        let message = text.strip_suffix(&within).unwrap_or(&text).to_owned();
        let first = error.line() <= 1;
        ReadError::Malformed {
            message,
            line: begins.line + error.line().saturating_sub(1),
            column: error.column() + if first { begins.column } else { 0 },
        }
    }

    /// The next value, which nobody needs.
    pub(in crate::inventory) fn pass(&mut self) -> Result<(), ReadError> {
        if self.peek()? == Some(b'[') {
            // An element at a time, so that memory does not follow a long list.
            self.list(|IgnoredAny| {})
        } else {
            self.value::<IgnoredAny>().map(|IgnoredAny| ())
        }
    }

    /// A list whose elements go to a function as they are read.
    pub(in crate::inventory) fn list<T: DeserializeOwned + Send>(
        &mut self,
        mut each: impl FnMut(T),
    ) -> Result<(), ReadError> {
        self.try_list(|element| {
            each(element);
            Ok(())
        })
    }

    /// A list whose elements go to a function as they are read, which may refuse one.
    pub(in crate::inventory) fn try_list<T: DeserializeOwned + Send>(
        &mut self,
        mut each: impl FnMut(T) -> Result<(), String>,
    ) -> Result<(), ReadError> {
        self.took(b'[')?;
        let (mut first, mut read) = (true, 0);
        while self.element(mem::take(&mut first))? {
            let (value, length) = self.ahead()?;
            self.done += length;
            each(value).map_err(|message| self.refused(&message))?;
            read += length;
            if read >= self.piece && self.readers > 1 && self.side_by_side(&mut each)? {
                read = 0;
            }
        }
        Ok(())
    }

    /// Reads the rows that come after one side by side, as far as that goes; not if the border
    /// between them is not in sight.
    fn side_by_side<T: DeserializeOwned + Send>(
        &mut self,
        each: &mut impl FnMut(T) -> Result<(), String>,
    ) -> Result<bool, ReadError> {
        let Some(border) = blocks::border(self.rest()).filter(|_| !self.ended) else {
            return Ok(false);
        };
        let (done, held) = self.buffer.split_at_checked(self.done).unwrap_or((&self.buffer, &[]));
        let start = self.start.after(done);
        let mut rest = Rest {
            held: held.to_vec(),
            source: &mut self.source,
            piece: self.piece,
            ended: self.ended,
            failed: None,
        };
        let read = blocks::rows(&mut rest, &border, (self.readers, start), each);
        let Rest { held, ended, failed, .. } = rest;
        // Whoever asks for more than there is hears why.
        self.ended = ended && failed.is_none();
        (self.buffer, self.failed, self.done) = (held, failed, 0);
        match read {
            Ok(place) => self.start = place,
            Err((message, LineColumn { line, column })) => {
                return Err(ReadError::Malformed { message, line, column });
            }
        }
        Ok(true)
    }

    /// Whether a list has a further element, the comma before it taken; its end is taken. `first` is
    /// whether none came before.
    pub(in crate::inventory) fn element(&mut self, first: bool) -> Result<bool, ReadError> {
        if self.took(b']')? {
            return Ok(false);
        }
        if !first {
            if !self.took(b',')? {
                return Err(self.unexpected("EOF while parsing a list", "expected `,` or `]`"));
            }
            if self.peek()? == Some(b']') {
                return Err(self.unexpected("", "trailing comma"));
            }
        } else if self.peek()?.is_none() {
            return Err(self.unexpected("EOF while parsing a list", ""));
        }
        Ok(true)
    }

    /// An object whose keys go to a function, which reads their values.
    pub(in crate::inventory) fn object(
        &mut self,
        what: &str,
        mut each: impl FnMut(&mut Self, &str) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        if !self.took(b'{')? {
            return Err(self.unexpected("EOF while parsing a value", &format!("expected {what}")));
        }
        let mut first = true;
        while let Some(key) = self.key(mem::take(&mut first))? {
            each(self, &key)?;
        }
        Ok(())
    }

    /// The next key of an object, its colon taken too; `None` when the object ends. `first` is
    /// whether none came before.
    pub(in crate::inventory) fn key(&mut self, first: bool) -> Result<Option<String>, ReadError> {
        const ENDED: &str = "EOF while parsing an object";
        if self.took(b'}')? {
            return Ok(None);
        }
        if !first {
            if !self.took(b',')? {
                return Err(self.unexpected(ENDED, "expected `,` or `}`"));
            }
            if self.peek()? == Some(b'}') {
                return Err(self.unexpected("", "trailing comma"));
            }
        }
        if self.peek()? != Some(b'"') {
            let at_end = if first { ENDED } else { "EOF while parsing a value" };
            return Err(self.unexpected(at_end, "key must be a string"));
        }
        let key = self.value()?;
        if !self.took(b':')? {
            return Err(self.unexpected(ENDED, "expected `:`"));
        }
        Ok(Some(key))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A text walked through as a document is: objects at the top by key, lists by element.
    fn walk(text: &[u8], piece: usize, readers: usize) -> Result<Vec<String>, String> {
        let mut feed = Feed::in_pieces(text, piece, readers);
        let mut seen = Vec::new();
        let mut read = || {
            while let Some(next) = feed.peek()? {
                match next {
                    b'{' => {
                        feed.took(b'{')?;
                        let mut first = true;
                        while let Some(key) = feed.key(mem::take(&mut first))? {
                            seen.push(key);
                            if feed.peek()? == Some(b'[') {
                                feed.list(|row: serde_json::Value| seen.push(row.to_string()))?;
                            } else {
                                seen.push(feed.value::<serde_json::Value>()?.to_string());
                            }
                        }
                    }
                    b'[' => feed.list(|row: serde_json::Value| seen.push(row.to_string()))?,
                    _ => seen.push(feed.value::<serde_json::Value>()?.to_string()),
                }
            }
            Ok(())
        };
        let read: Result<(), ReadError> = read();
        read.map(|()| seen).map_err(|error| error.to_string())
    }

    const TEXT: &str = "{\n  \"a\": [ {\"b\\\"}]\": \"\\ud83d\\ude00 \u{e9}{[\"}, [1, [2.5e3]], -12, true,\n null ],\n \
                        \"c\": 1234 , \"d\": {\"e\": []}, \"f\": [] }\n";

    /// `TEXT` with some bytes cut away, doubled or changed.
    fn texts() -> impl Strategy<Value = Vec<u8>> {
        let slip = (0..TEXT.len(), prop::sample::select(&b" \n,:[]{}\"\\0x-"[..]), 0..4);
        prop::collection::vec(slip, 0..3).prop_map(|slips| {
            let mut text = TEXT.as_bytes().to_vec();
            for (at, byte, kind) in slips {
                let at = at.min(text.len().saturating_sub(1));
                match kind {
                    0 => text.truncate(at),
                    1 => text.insert(at, byte),
                    2 => text.splice(at..=at, [byte]).for_each(drop),
                    _ => text.splice(at..=at, []).for_each(drop),
                }
                if text.is_empty() {
                    text.push(byte);
                }
            }
            text
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// Wherever the pieces end, the same is read, and the same is wrong at the same place.
        #[test]
        fn pieces_of_any_size_read_alike(text in texts(), piece in 1_usize..40, readers in 1_usize..4) {
            prop_assert_eq!(walk(&text, piece, readers), walk(&text, usize::MAX, 1));
        }

        /// What serde_json refuses is refused at the same place, and nothing else is.
        #[test]
        fn what_is_malformed_is_where_serde_json_finds_it(text in texts(), piece in 1_usize..40, readers in 1_usize..4) {
            let place = |error: String| error.split_once(" at line ").unwrap().1.to_owned();
            let all = Deserializer::from_slice(&text).into_iter::<serde_json::Value>();
            let whole = all.collect::<Result<Vec<_>, _>>().map(drop);
            let whole = whole.map_err(|error| place(error.to_string()));
            prop_assert_eq!(walk(&text, piece, readers).map(drop).map_err(place), whole);
        }
    }
}
