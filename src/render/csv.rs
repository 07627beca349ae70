//! A grid as CSV.

use std::io::{self, Write};

use super::{Grid, escape};

/// Writes a grid as CSV (RFC 4180, `\n` line ends) that a spreadsheet can open without a formula
/// being run.
///
/// # Errors
/// When the writer fails.
pub fn write_csv(grid: &Grid, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    if grid.titled {
        writer.write_record(grid.columns.iter().map(|column| column.title)).map_err(unwrapped)?;
    }
    for row in &grid.rows {
        let cells = row.iter().map(|cell| escape::csv(&cell.text).into_owned());
        writer.write_record(cells).map_err(unwrapped)?;
    }
    writer.flush()
}

/// The writer's own error, so that a closed pipe is still known as one.
fn unwrapped(error: csv::Error) -> io::Error {
    if error.is_io_error()
        && let csv::ErrorKind::Io(error) = error.into_kind()
    {
        return error;
    }
    io::Error::other("a row of another length")
}
