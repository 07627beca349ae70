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
    writer.write_record(grid.columns.iter().map(|column| column.title))?;
    for row in &grid.rows {
        writer.write_record(row.iter().map(|cell| escape::csv(&cell.text).into_owned()))?;
    }
    writer.flush()
}
