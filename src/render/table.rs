//! A document for a terminal.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use anstyle::{AnsiColor, Style};

use super::{
    Block, Cell, Document, Grid, Screen, Styling, Tone,
    figures::grouped,
    fit::{GAP, fit, shortened, width, wrapped},
};

/// The least room for a text beside what it is about, unless the text is shorter.
const HANGING: usize = 40;
/// How far such a text is set in that has less.
const UNDER: usize = 4;

/// Writes a document as aligned columns.
///
/// # Errors
/// When the writer fails.
pub fn write_table(document: &Document, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let mut hidden = Vec::new();
    for (at, block) in document.blocks.iter().enumerate() {
        match block {
            Block::Heading(text) => {
                if at > 0 {
                    writeln!(out)?;
                }
                write_text(text, Tone::Strong, screen, out)?;
            }
            Block::Grid(grid) => write_grid(grid, screen, &mut hidden, out)?,
            Block::Line(cell) => write_text(&cell.text, cell.tone, screen, out)?,
            Block::Hanging(head, cell) => write_hanging(head, cell, screen, out)?,
            Block::Advice(what, hint) => {
                write_text(&what.text, what.tone, screen, out)?;
                write_text(&format!("  {}", hint.text), hint.tone, screen, out)?;
            }
            Block::Command(command) => {
                writeln!(out, "  {}{}", screen.text("→ "), screen.text(command))?;
            }
            Block::Fixed(lines) => {
                for line in lines {
                    write_fixed(line, screen, out)?;
                }
            }
        }
    }
    if !hidden.is_empty() {
        let text = format!("hidden: {} (-o wide shows all columns)", hidden.join(", "));
        write_text(&text, Tone::Dim, screen, out)?;
    }
    Ok(())
}

/// A line of text, or several where it is longer than the screen is wide.
fn write_text(text: &str, tone: Tone, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    for line in wrapped(&screen.text(text), screen.width) {
        writeln!(out, "{}", styled(&line, tone, screen.styling))?;
    }
    Ok(())
}

/// A text behind what it is about, or under it where the screen has little room beside that.
fn write_hanging(head: &str, cell: &Cell, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let (head, text) = (screen.text(head), screen.text(&cell.text));
    let beside = width(&head);
    let room = screen.width.map(|all| all.saturating_sub(beside));
    let fits = room.is_none_or(|room| room >= HANGING.min(width(&text)));
    let (indent, first) = if fits { (beside, &*head) } else { (UNDER, "") };
    let mut line = first.to_owned();
    if !fits && !head.trim().is_empty() {
        writeln!(out, "{}", styled(head.trim_end(), cell.tone, screen.styling))?;
    }
    let room = screen.width.map(|all| all.saturating_sub(indent));
    for text in wrapped(&text, room) {
        let blanks = indent.saturating_sub(width(&line));
        line.push_str(&" ".repeat(blanks));
        line.push_str(text.trim_start());
        writeln!(out, "{}", styled(line.trim_end(), cell.tone, screen.styling))?;
        line.clear();
    }
    Ok(())
}

/// A line of signs of which each stands for something: cut into several where it is too long.
fn write_fixed(line: &str, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let text = screen.text(line);
    let Some(limit) = screen.width.filter(|limit| width(&text) > *limit && text.is_ascii()) else {
        return writeln!(out, "{text}");
    };
    let signs = text.trim_start_matches(' ');
    let indent = text.len() - signs.len();
    for part in signs.as_bytes().chunks(limit.saturating_sub(indent).max(1)) {
        writeln!(out, "{:indent$}{}", "", String::from_utf8_lossy(part))?;
    }
    Ok(())
}

/// Draws a table; the titles of columns that had no room are added to `hidden`, each once.
fn write_grid(
    grid: &Grid,
    screen: Screen,
    hidden: &mut Vec<&'static str>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let with_titles = grid.titled && screen.headers;
    let mut texts = texts(grid, screen);
    let fitted = fit(&grid.columns, with_titles, &mut texts, screen.width);
    for (at, column) in grid.columns.iter().enumerate() {
        let is_new = !fitted.columns.contains(&at) && !hidden.contains(&column.title);
        if is_new && !column.title.is_empty() {
            hidden.push(column.title);
        }
    }
    let mut drawn = String::new();
    if with_titles {
        let titles = fitted.columns.iter().zip(&fitted.widths).filter_map(|(at, width)| {
            let column = grid.columns.get(*at)?;
            Some(Drawn {
                text: column.title,
                tone: Tone::Strong,
                width: *width,
                right: column.numeric,
            })
        });
        draw(titles, screen, &mut drawn);
        writeln!(out, "{drawn}")?;
    }
    let mut under = grid.under.iter().peekable();
    for (index, (row, texts)) in grid.rows.iter().zip(&texts).enumerate() {
        drawn.clear();
        let cells = fitted.columns.iter().zip(&fitted.widths).filter_map(|(at, width)| {
            let (cell, text) = (row.get(*at)?, texts.get(*at)?);
            let tone = if cell.text.is_empty() { Tone::Dim } else { cell.tone };
            let right = grid.columns.get(*at)?.numeric;
            Some(Drawn { text, tone, width: *width, right })
        });
        draw(cells, screen, &mut drawn);
        writeln!(out, "{drawn}")?;
        while let Some((_, line)) = under.next_if(|(at, _)| *at == index) {
            write_text(&line.text, line.tone, screen, out)?;
        }
    }
    Ok(())
}

/// The cells as the screen shows them.
fn texts<'a>(grid: &'a Grid, screen: Screen) -> Vec<Vec<Cow<'a, str>>> {
    let text = |cell: &'a Cell, numeric: bool| match screen.text(&cell.text) {
        Cow::Borrowed("") => Cow::Borrowed("-"),
        Cow::Borrowed(text) if numeric => grouped(text),
        Cow::Owned(text) if numeric => Cow::Owned(grouped(&text).into_owned()),
        text @ (Cow::Borrowed(_) | Cow::Owned(_)) => text,
    };
    let row = |row: &'a Vec<Cell>| {
        row.iter().zip(&grid.columns).map(|(cell, column)| text(cell, column.numeric)).collect()
    };
    grid.rows.iter().map(row).collect()
}

/// A cell in its place.
struct Drawn<'a> {
    text: &'a str,
    tone: Tone,
    width: usize,
    /// Whether it stands to the right.
    right: bool,
}

/// Adds a row's cells to a line, without blanks at its end.
fn draw<'a>(cells: impl Iterator<Item = Drawn<'a>>, screen: Screen, line: &mut String) {
    let mut blanks = 0;
    for (at, cell) in cells.enumerate() {
        let text = shortened(cell.text, cell.width);
        // The ellipsis is ours, and has its ASCII form as well.
        let text = screen.text(&text);
        let left = cell.width.saturating_sub(width(&text));
        blanks += if at > 0 { GAP } else { 0 };
        let before = blanks + if cell.right { left } else { 0 };
        if text.trim().is_empty() {
            blanks += cell.width;
            continue;
        }
        line.extend(std::iter::repeat_n(' ', before));
        line.push_str(&styled(&text, cell.tone, screen.styling));
        blanks = if cell.right { 0 } else { left };
    }
}

/// A text in the colour of its tone.
pub(super) fn styled(text: &str, tone: Tone, styling: Styling) -> Cow<'_, str> {
    if styling == Styling::Plain {
        return Cow::Borrowed(text);
    }
    let style = match tone {
        Tone::Plain => return Cow::Borrowed(text),
        Tone::Good => AnsiColor::Green.on_default(),
        Tone::Warn => AnsiColor::Yellow.on_default(),
        Tone::Bad => AnsiColor::Red.on_default(),
        Tone::Dim => Style::new().dimmed(),
        Tone::Strong => Style::new().bold(),
    };
    Cow::Owned(format!("{style}{text}{style:#}"))
}
