//! The JSON that leaves the program: types of their own, versioned, in a fixed order. Fields are
//! added and never renamed.

pub mod audit;
mod finding;
pub mod limits;
pub mod maxpods;
pub mod node;
mod usage;

use std::io::{self, Write};

use serde::Serialize;

/// Writes a document as indented JSON with a line end.
///
/// # Errors
/// When the writer fails.
pub fn write_json<T: Serialize>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}
