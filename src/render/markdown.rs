//! A document as Markdown.

use std::io::{self, Write};

use super::{Block, Document, Grid, escape, figures::grouped};

/// Writes a document as Markdown, its grids as tables.
///
/// # Errors
/// When the writer fails.
pub fn write_markdown(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    let mut after_line = false;
    for (at, block) in document.blocks.iter().enumerate() {
        let is_line = matches!(
            block,
            Block::Line(_) | Block::Hanging(..) | Block::Advice(..) | Block::Command(_)
        );
        if at > 0 && !(is_line && after_line) {
            writeln!(out)?;
        }
        match block {
            Block::Heading(text) => writeln!(out, "## {}", escape::markdown(text))?,
            Block::Grid(grid) => write_grid(grid, out)?,
            Block::Line(cell) => writeln!(out, "- {}", escape::markdown(cell.text.trim_start()))?,
            Block::Hanging(head, cell) => {
                let text = format!("{head}{}", cell.text);
                writeln!(out, "- {}", escape::markdown(text.trim()))?;
            }
            Block::Advice(what, hint) => {
                writeln!(out, "- {}  ", escape::markdown(&what.text))?;
                writeln!(out, "  {}", escape::markdown(&hint.text))?;
            }
            Block::Command(command) => {
                writeln!(out, "- `{}`", escape::terminal(command).replace('`', "'"))?;
            }
            Block::Fixed(lines) => {
                writeln!(out, "```text")?;
                for line in lines {
                    writeln!(out, "{}", escape::terminal(line).replace("```", "'''"))?;
                }
                writeln!(out, "```")?;
            }
        }
        after_line = is_line;
    }
    Ok(())
}

fn write_grid(grid: &Grid, out: &mut dyn Write) -> io::Result<()> {
    let title = |title| if grid.titled { escape::markdown(title) } else { String::new() };
    let titles: Vec<_> = grid.columns.iter().map(|column| title(column.title)).collect();
    writeln!(out, "| {} |", titles.join(" | "))?;
    let rules: Vec<_> =
        grid.columns.iter().map(|c| if c.numeric { "---:" } else { "---" }).collect();
    writeln!(out, "| {} |", rules.join(" | "))?;
    for row in &grid.rows {
        let cells = row.iter().zip(&grid.columns).map(|(cell, column)| {
            let text = if column.numeric { grouped(&cell.text) } else { (&cell.text).into() };
            escape::markdown(&text)
        });
        writeln!(out, "| {} |", cells.collect::<Vec<_>>().join(" | "))?;
    }
    for (at, line) in &grid.under {
        let of = grid.rows.get(*at).and_then(|row| row.first());
        let of = of.map(|cell| escape::markdown(&cell.text)).unwrap_or_default();
        writeln!(out, "- {of}: {}", escape::markdown(line.text.trim_start()))?;
    }
    Ok(())
}
