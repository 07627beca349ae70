//! The JSON that leaves the program: types of their own, versioned, in a fixed order. Fields are
//! added and never renamed.

pub mod audit;
mod baseline;
pub mod diff;
pub mod doctor;
mod escaped;
mod finding;
mod forecast;
mod ignored;
pub mod limits;
pub mod maxpods;
pub mod node;
pub mod plan;
pub mod plan_warm;
pub mod simulate;
mod usage;
pub mod version;
mod yaml;

use std::io::{self, Write};

pub use yaml::write_yaml;

use escaped::Escaped;
use serde::Serialize;
use serde_json::{
    Serializer,
    ser::{CompactFormatter, Formatter, PrettyFormatter},
};

/// Writes a document as indented JSON with a line end.
///
/// # Errors
/// When the writer fails.
pub fn write_json<T: Serialize>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    written(value, Escaped(PrettyFormatter::new()), out)
}

/// Writes a value as a line of JSON.
///
/// # Errors
/// When the writer fails.
pub fn write_json_line<T: Serialize>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    written(value, Escaped(CompactFormatter), out)
}

fn written<T: Serialize>(
    value: &T,
    formatter: impl Formatter,
    out: &mut dyn Write,
) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, formatter))?;
    writeln!(out)
}

/// What was passed over and what is dated by its name; `None` if nothing was or is.
fn notes<'a>(passed_over: &'a [String], dated: Option<&'a str>) -> Option<Vec<&'a str>> {
    let all: Vec<&str> = passed_over.iter().map(String::as_str).chain(dated).collect();
    (!all.is_empty()).then_some(all)
}

/// A number to a fraction of 1, and never a negative 0.
pub(super) fn rounded(number: f64, steps: f64) -> f64 {
    (number * steps).round() / steps + 0.0
}
