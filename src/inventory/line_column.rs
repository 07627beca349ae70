//! Places in a text, as errors tell them.

use memchr::{memchr_iter, memrchr};

/// A place in a text: the line, and the bytes of it that lie before.
#[derive(Debug, Clone, Copy)]
pub(super) struct LineColumn {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl LineColumn {
    /// The place after more bytes.
    pub(super) fn after(self, bytes: &[u8]) -> Self {
        let lines = memchr_iter(b'\n', bytes).count();
        match memrchr(b'\n', bytes) {
            Some(last) => Self { line: self.line + lines, column: bytes.len() - last - 1 },
            None => Self { column: self.column + bytes.len(), ..self },
        }
    }

    /// The place after a text whose end lies so far from its beginning.
    pub(super) fn then(self, end: Self) -> Self {
        let column = if end.line == 0 { self.column + end.column } else { end.column };
        Self { line: self.line + end.line, column }
    }
}
