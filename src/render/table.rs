//! A document for a terminal.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use comfy_table::{Attribute, CellAlignment, Color, Table, presets};

use super::{Block, Cell, Document, Grid, Tone, escape};

/// Whether colour is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Styling {
    /// Text alone.
    Plain,
    /// ANSI colours.
    Colour,
}

/// Writes a document as aligned columns.
///
/// # Errors
/// When the writer fails.
pub fn write_table(document: &Document, styling: Styling, out: &mut dyn Write) -> io::Result<()> {
    for (at, block) in document.blocks.iter().enumerate() {
        match block {
            Block::Heading(text) => {
                if at > 0 {
                    writeln!(out)?;
                }
                let text = escape::terminal(text);
                writeln!(out, "{}", styled(&text, Tone::Strong, styling))?;
            }
            Block::Grid(grid) => writeln!(out, "{}", grid_lines(grid, styling))?,
            Block::Line(cell) => {
                let text = escape::terminal(&cell.text);
                writeln!(out, "{}", styled(&text, cell.tone, styling))?;
            }
            Block::Advice(what, hint) => {
                let (text, advice) = (escape::terminal(&what.text), escape::terminal(&hint.text));
                writeln!(out, "{}", styled(&text, what.tone, styling))?;
                writeln!(out, "  {}", styled(&advice, hint.tone, styling))?;
            }
            Block::Fixed(lines) => {
                for line in lines {
                    writeln!(out, "{}", escape::terminal(line))?;
                }
            }
        }
    }
    Ok(())
}

fn grid_lines(grid: &Grid, styling: Styling) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    match styling {
        Styling::Plain => table.force_no_tty(),
        Styling::Colour => {
            // Whether colour is wanted is decided already; crossterm would ask NO_COLOR again.
            crossterm::style::force_color_output(true);
            table.enforce_styling()
        }
    };
    table.set_header(grid.columns.iter().map(|column| {
        let cell = Cell::new(column.title).toned(Tone::Strong);
        table_cell(&cell, column.numeric)
    }));
    for row in &grid.rows {
        let columns = grid.columns.iter();
        table.add_row(row.iter().zip(columns).map(|(cell, column)| {
            let dash = Cell::new("-").toned(Tone::Dim);
            table_cell(if cell.text.is_empty() { &dash } else { cell }, column.numeric)
        }));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.trim_fmt()
}

fn table_cell(cell: &Cell, numeric: bool) -> comfy_table::Cell {
    let side = if numeric { CellAlignment::Right } else { CellAlignment::Left };
    let shown = comfy_table::Cell::new(escape::terminal(&cell.text)).set_alignment(side);
    match cell.tone {
        Tone::Plain => shown,
        Tone::Good => shown.fg(Color::Green),
        Tone::Warn => shown.fg(Color::Yellow),
        Tone::Bad => shown.fg(Color::Red),
        Tone::Dim => shown.add_attribute(Attribute::Dim),
        Tone::Strong => shown.add_attribute(Attribute::Bold),
    }
}

fn styled(text: &str, tone: Tone, styling: Styling) -> String {
    if styling == Styling::Plain {
        return text.to_owned();
    }
    let style = match tone {
        Tone::Plain => return text.to_owned(),
        Tone::Good => AnsiColor::Green.on_default(),
        Tone::Warn => AnsiColor::Yellow.on_default(),
        Tone::Bad => AnsiColor::Red.on_default(),
        Tone::Dim => Style::new().dimmed(),
        Tone::Strong => Style::new().bold(),
    };
    format!("{style}{text}{style:#}")
}
