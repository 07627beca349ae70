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

impl Tone {
    /// The sign that says the same as the colour, for those who see none.
    #[must_use]
    pub fn sign(self) -> Option<char> {
        match self {
            Self::Good => Some('✔'),
            Self::Warn => Some('▲'),
            Self::Bad => Some('✖'),
            Self::Plain | Self::Dim | Self::Strong => None,
        }
    }
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

    /// The same text in a tone, behind the tone's sign: colour never says something alone.
    #[must_use]
    pub fn marked(self, tone: Tone) -> Self {
        let text = match tone.sign() {
            Some(sign) => format!("{sign} {}", self.text),
            None => self.text,
        };
        Self { text, tone }
    }
}

/// What a column says about its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// One of many things.
    #[default]
    Fact,
    /// Its id, which a narrow table leaves out where a name stands for it.
    Id,
    /// Its name, in whose place a row without one has its id where the id's column is left out.
    Name,
}

/// A column's title, side and weight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its title.
    pub title: &'static str,
    /// Whether it holds numbers, which stand to the right.
    pub numeric: bool,
    /// What it says about its row.
    pub role: Role,
    /// What a narrow table leaves out first: the highest, of equal ones the last; before them columns that
    /// say the same of every row. 0 stays, and is cut at last.
    pub rank: u8,
}

impl Column {
    /// A column by its title, numeric if the title begins with `#`.
    #[must_use]
    pub fn new(title: &'static str) -> Self {
        let (title, numeric) = match title.strip_prefix('#') {
            Some(title) => (title, true),
            None => (title, false),
        };
        Self { title, numeric, role: Role::Fact, rank: 1 }
    }
}

/// Rows under columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grid {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, each as long as the columns.
    pub rows: Vec<Vec<Cell>>,
    /// Lines that stand under a row, with the row's index, in the order of the rows.
    pub under: Vec<(usize, Cell)>,
    /// Whether the titles are shown.
    pub titled: bool,
}

impl Grid {
    /// A grid without rows; a title that begins with `#` is of a numeric column. Narrow tables leave out
    /// the last columns first, unless told otherwise, and keep the first.
    #[must_use]
    pub fn new(titles: &[&'static str]) -> Self {
        let mut grid = Self::of(titles.iter().map(|title| Column::new(title)).collect());
        if let Some(first) = grid.columns.first_mut() {
            first.rank = 0;
        }
        grid
    }

    /// A grid without rows, of these columns.
    #[must_use]
    pub fn of(columns: Vec<Column>) -> Self {
        Self { columns, titled: true, ..Self::default() }
    }

    /// The same grid without a line of titles.
    #[must_use]
    pub fn untitled(self) -> Self {
        Self { titled: false, ..self }
    }

    /// The same grid, whose columns have these ranks.
    #[must_use]
    pub fn ranked(mut self, ranks: &[u8]) -> Self {
        for (column, rank) in self.columns.iter_mut().zip(ranks) {
            column.rank = *rank;
        }
        self
    }

    /// The same grid, in which the first of two columns is an id and the second its name.
    #[must_use]
    pub fn named(mut self, id: &str, name: &str) -> Self {
        for column in &mut self.columns {
            if column.title == id {
                column.role = Role::Id;
            } else if column.title == name {
                column.role = Role::Name;
            }
        }
        self
    }

    /// Adds a row.
    pub fn push(&mut self, row: Vec<Cell>) {
        self.rows.push(row);
    }

    /// Adds a line under the last row.
    pub fn line_under(&mut self, line: Cell) {
        self.under.push((self.rows.len().saturating_sub(1), line));
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
    /// A text behind what it is about: lines after its first begin below it, and where there is little
    /// room beside what it is about, it stands under that.
    Hanging(String, Cell),
    /// A line of text with what to do about it.
    Advice(Cell, Cell),
    /// A command to run, which no line break cuts apart.
    Command(String),
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
