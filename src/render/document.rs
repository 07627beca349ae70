//! What a person is shown, before it is a table or Markdown.

use std::fmt::Display;

/// What a text says by its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing.
    Plain,
    /// All is well.
    Good,
    /// Look here.
    Warn,
    /// Act.
    Bad,
    /// Of less weight.
    Dim,
    /// Of more weight.
    Strong,
}

/// A text with a tone. It is not escaped: renderers do that, each for its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The text.
    pub text: String,
    /// Its tone.
    pub tone: Tone,
}

impl Cell {
    /// A text.
    pub fn new(text: impl Display) -> Self {
        Self { text: text.to_string(), tone: Tone::Plain }
    }

    /// A value that may be unknown, which shows as nothing here and as a dash in tables.
    pub fn maybe(value: Option<impl Display>) -> Self {
        Self::new(value.map(|value| value.to_string()).unwrap_or_default())
    }

    /// The same text in a tone.
    #[must_use]
    pub fn toned(self, tone: Tone) -> Self {
        Self { tone, ..self }
    }
}

/// A column's title and side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its title.
    pub title: &'static str,
    /// Whether it holds numbers, which stand to the right.
    pub numeric: bool,
}

/// Rows under columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grid {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, each as long as the columns.
    pub rows: Vec<Vec<Cell>>,
}

impl Grid {
    /// A grid without rows; a title that begins with `#` is of a numeric column.
    #[must_use]
    pub fn new(titles: &[&'static str]) -> Self {
        let columns = titles
            .iter()
            .map(|title| match title.strip_prefix('#') {
                Some(title) => Column { title, numeric: true },
                None => Column { title, numeric: false },
            })
            .collect();
        Self { columns, rows: Vec::new() }
    }

    /// Adds a row.
    pub fn push(&mut self, row: Vec<Cell>) {
        self.rows.push(row);
    }
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading(String),
    /// A table.
    Grid(Grid),
    /// A line of text.
    Line(Cell),
    /// A line of text with what to do about it.
    Advice(Cell, Cell),
    /// Lines in a fixed-width font, as they are.
    Fixed(Vec<String>),
}

/// What a person is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// Its parts in order.
    pub blocks: Vec<Block>,
}

impl Document {
    /// Adds a heading.
    pub fn heading(&mut self, text: impl Display) {
        self.blocks.push(Block::Heading(text.to_string()));
    }

    /// Adds a table.
    pub fn grid(&mut self, grid: Grid) {
        self.blocks.push(Block::Grid(grid));
    }

    /// Adds a line.
    pub fn line(&mut self, cell: Cell) {
        self.blocks.push(Block::Line(cell));
    }
}
