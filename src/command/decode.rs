//! Text in the encodings that people's files are in, given out as UTF-8 while it is read: UTF-8 with or
//! without a byte order mark, UTF-16 as Windows PowerShell writes it, and Windows-1252.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How much is read at once.
const CHUNK: usize = 64 * 1024;
/// How much tells the encoding.
const MARK: usize = 4;
/// Bytes that Windows-1252 gives no character to.
const NO_CHARACTER: [u8; 5] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

/// How the text is encoded, as far as was read.
enum Encoding {
    /// Nothing was read yet.
    Unknown,
    /// UTF-8; whether it was all ASCII so far, which several encodings share.
    Utf8 { ascii: bool },
    /// Another one.
    Other { name: &'static str, decoder: Decoder },
}

/// A source given out as UTF-8.
pub(super) struct Decoded<S> {
    source: S,
    encoding: Encoding,
    /// What was read and not yet decoded.
    raw: Vec<u8>,
    /// What is decoded, and how much of it was given out.
    text: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<S: Read> Decoded<S> {
    pub(super) fn new(source: S) -> Self {
        let (raw, text) = (Vec::new(), Vec::new());
        Self { source, encoding: Encoding::Unknown, raw, text, given: 0, ended: false }
    }

    /// Reads and decodes some more.
    fn go_on(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        self.read_on()?;
        self.decode()
    }

    /// Decodes what was read.
    fn decode(&mut self) -> io::Result<()> {
        if matches!(self.encoding, Encoding::Unknown) {
            if self.raw.len() < MARK && !self.ended {
                return Ok(());
            }
            self.encoding = self.begin()?;
        }
        if let Encoding::Utf8 { ascii } = self.encoding {
            self.utf8(ascii)?;
        }
        if let Encoding::Other { name, decoder } = &mut self.encoding {
            let is_unassigned = |byte: &u8| NO_CHARACTER.contains(byte);
            if *name == WINDOWS_1252.name()
                && let Some(byte) = self.raw.iter().find(|byte| is_unassigned(byte))
            {
                return Err(undecodable(&format!(
                    "byte 0x{byte:02x} is valid in neither UTF-8 nor {name}"
                )));
            }
            let room = decoder.max_utf8_buffer_length_without_replacement(self.raw.len());
            self.text.resize(room.unwrap_or_default(), 0);
            let decoded =
                decoder.decode_to_utf8_without_replacement(&self.raw, &mut self.text, self.ended);
            let (DecoderResult::InputEmpty, _, written) = decoded else {
                return Err(undecodable(&format!("not valid {name}")));
            };
            self.text.truncate(written);
            self.raw.clear();
        }
        Ok(())
    }

    /// Reads once, so that who types is answered.
    fn read_on(&mut self) -> io::Result<()> {
        let from = self.raw.len();
        self.raw.resize(from + CHUNK, 0);
        let read = loop {
            match self.source.read(self.raw.get_mut(from..).unwrap_or_default()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.raw.truncate(from + read.as_ref().map_or(0, |read| *read));
        self.ended = read? == 0;
        Ok(())
    }

    /// Reads where it is asked to, as long as that is UTF-8, which is given out as it is.
    fn straight(&mut self, buffer: &mut [u8], ascii: bool) -> io::Result<usize> {
        let held = self.raw.len();
        let (before, room) = buffer.split_at_mut_checked(held).unwrap_or_default();
        before.copy_from_slice(&self.raw);
        let read = loop {
            match self.source.read(room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        self.ended = read == 0;
        let text = buffer.get(..held + read).unwrap_or_default();
        let still = ascii && text.is_ascii();
        let valid = match str::from_utf8(if still { &[] } else { text }) {
            Ok(_) => text.len(),
            Err(error) if error.error_len().is_none() && !self.ended => error.valid_up_to(),
            Err(_) => {
                self.raw = text.to_vec();
                self.decode()?;
                return Ok(0);
            }
        };
        let (given, rest) = text.split_at_checked(valid).unwrap_or((text, &[]));
        self.raw.clear();
        self.raw.extend_from_slice(rest);
        self.encoding = Encoding::Utf8 { ascii: still || ascii && given.is_ascii() };
        Ok(valid)
    }

    /// The encoding by what the text begins with; the mark itself is dropped. JSON and YAML begin
    /// with a character of ASCII, which in UTF-16 has a zero beside it.
    fn begin(&mut self) -> io::Result<Encoding> {
        let (encoding, mark) = match self.raw.as_slice() {
            [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => {
                return Err(undecodable("the encoding UTF-32 is not supported"));
            }
            [0x1f, 0x8b, ..] => return Err(undecodable("the file is compressed (gzip)")),
            [0xef, 0xbb, 0xbf, ..] => (None, 3),
            [0xff, 0xfe, ..] => (Some(UTF_16LE), 2),
            [0xfe, 0xff, ..] => (Some(UTF_16BE), 2),
            [1..=0x7f, 0, ..] => (Some(UTF_16LE), 0),
            [0, 1..=0x7f, ..] => (Some(UTF_16BE), 0),
            _ => (None, 0),
        };
        self.raw.drain(..mark);
        Ok(encoding.map_or(Encoding::Utf8 { ascii: mark == 0 }, |encoding| Encoding::Other {
            name: encoding.name(),
            decoder: encoding.new_decoder_without_bom_handling(),
        }))
    }

    /// Gives out what is UTF-8. Where that ends, what was ASCII so far goes on as Windows-1252.
    fn utf8(&mut self, ascii: bool) -> io::Result<()> {
        let (valid, broken) = match str::from_utf8(&self.raw) {
            Ok(text) => (text.len(), false),
            Err(error) => (error.valid_up_to(), error.error_len().is_some() || self.ended),
        };
        let rest = self.raw.split_off(valid);
        let ascii = ascii && self.raw.is_ascii();
        if broken && !ascii {
            let byte = rest.first().copied().unwrap_or_default();
            return Err(undecodable(&format!(
                "the text begins as UTF-8, but byte 0x{byte:02x} is \
                not valid UTF-8"
            )));
        }
        if broken {
            // As ASCII it is the same in both.
            self.raw.extend(rest);
            self.encoding = Encoding::Other {
                name: WINDOWS_1252.name(),
                decoder: WINDOWS_1252.new_decoder_without_bom_handling(),
            };
        } else {
            std::mem::swap(&mut self.text, &mut self.raw);
            self.raw.clear();
            self.raw.extend(rest);
            self.encoding = Encoding::Utf8 { ascii };
        }
        Ok(())
    }
}

fn undecodable(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the text cannot be decoded: {what}"))
}

impl<S: Read> Read for Decoded<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && !self.ended {
            match self.encoding {
                Encoding::Utf8 { ascii } if buffer.len() >= CHUNK => {
                    self.text.clear();
                    self.given = 0;
                    let read = self.straight(buffer, ascii)?;
                    if read > 0 {
                        return Ok(read);
                    }
                }
                Encoding::Utf8 { .. } | Encoding::Unknown | Encoding::Other { .. } => {
                    self.go_on()?;
                }
            }
        }
        let mut rest = self.text.get(self.given..).unwrap_or_default();
        let read = rest.read(buffer)?;
        self.given += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decoded(bytes: &[u8]) -> Result<String, String> {
        let read = io::read_to_string(Decoded::new(bytes));
        let read = read.map_err(|error| error.to_string());
        assert_eq!(at_once(bytes), read);
        read
    }

    /// The same read into much room.
    fn at_once(bytes: &[u8]) -> Result<String, String> {
        let (mut source, mut text) = (Decoded::new(bytes), Vec::new());
        let mut room = vec![0; CHUNK + 1];
        loop {
            match source.read(&mut room).map_err(|error| error.to_string())? {
                0 => return Ok(String::from_utf8(text).unwrap()),
                read => text.extend(room.iter().take(read)),
            }
        }
    }

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
        text.encode_utf16().flat_map(bytes).collect()
    }

    proptest! {
        /// Whatever the text and wherever a chunk ends, every encoding of it reads alike.
        #[test]
        fn encodings_read_alike(text in "[{\\[][ -~äß€漢😀]{0,40}", fill in 0_usize..4) {
            let text = " ".repeat(if fill == 0 { 0 } else { CHUNK / 2 - fill }) + &text;
            for mark in ["", "\u{feff}"] {
                let marked = mark.to_owned() + &text;
                prop_assert_eq!(decoded(marked.as_bytes()), Ok(text.clone()));
                for big in [false, true] {
                    prop_assert_eq!(decoded(&utf16(&marked, big)), Ok(text.clone()));
                }
            }
        }
    }

    #[test]
    fn what_is_not_utf8_is_windows_1252() {
        let text = " ".repeat(70_000) + "B\u{fc}ro \u{20ac} \u{2013}";
        let bytes: Vec<u8> = " ".repeat(70_000).bytes().chain(*b"B\xfcro \x80 \x96").collect();
        assert_eq!(decoded(&bytes), Ok(text));
        assert_eq!(decoded(b"\xfc"), Ok("\u{fc}".to_owned()));
    }

    #[test]
    fn what_cannot_be_decoded_names_the_encoding() {
        for (bytes, encoding) in [
            (&b"{\"a\": \"\x81\"}"[..], "neither UTF-8 nor windows-1252"),
            (&b"{\"\xc3\xa9\": \"\xe9\"}"[..], "UTF-8"),
            (&b"\xef\xbb\xbf\"\xe9\"}"[..], "UTF-8"),
            (&b"\xff\xfe{\0\x00\xd8{\0"[..], "UTF-16LE"),
            (&b"\xff\xfe{\0{"[..], "UTF-16LE"),
            (&b"\xfe\xff\0"[..], "UTF-16BE"),
            (&b"\xff\xfe\0\0{\0\0\0"[..], "UTF-32"),
            (&b"\x1f\x8b\x08"[..], "gzip"),
        ] {
            let error = decoded(bytes).unwrap_err();
            assert!(error.contains(encoding), "{error}");
        }
    }

    #[test]
    fn nothing_is_nothing() {
        assert_eq!(decoded(b""), Ok(String::new()));
        assert_eq!(decoded(b"\xef\xbb\xbf"), Ok(String::new()));
    }
}
