//! Columns as data: one list of a row's fields gives its table, its wide table, its Markdown and its
//! CSV, in one order.

use super::{Cell, Column, Grid, Role};

/// Who is shown a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// Everybody.
    Always,
    /// Wide tables and CSV.
    Wide,
    /// CSV alone.
    Csv,
    /// People alone.
    People,
}

/// How a field is read off its row.
type Read<T> = Box<dyn Fn(&T) -> Cell>;

/// One field of a row.
pub(super) struct Field<T: ?Sized> {
    /// Its name in CSV: its path in the JSON document, with underscores between the parts.
    json: &'static str,
    /// Its title for people; a title that begins with `#` is of numbers.
    title: &'static str,
    shown: Shown,
    /// When narrow tables leave it out, and what it says about its row; see [`Column`].
    rank: u8,
    role: Role,
    value: Read<T>,
    /// What people see instead of the value.
    words: Option<Read<T>>,
}

impl<T: ?Sized> Field<T> {
    /// A field that everybody is shown.
    pub(super) fn new(
        json: &'static str,
        title: &'static str,
        value: impl Fn(&T) -> Cell + 'static,
    ) -> Self {
        let (rank, role) = (1, Role::Fact);
        Self { json, title, shown: Shown::Always, rank, role, value: Box::new(value), words: None }
    }

    /// A field of CSV alone.
    pub(super) fn csv(json: &'static str, value: impl Fn(&T) -> Cell + 'static) -> Self {
        Self { shown: Shown::Csv, ..Self::new(json, json, value) }
    }

    /// A field of people's tables alone, made of what other fields say.
    pub(super) fn people(title: &'static str, value: impl Fn(&T) -> Cell + 'static) -> Self {
        Self { shown: Shown::People, ..Self::new("", title, value) }
    }

    /// The same field, which plain tables leave out.
    pub(super) fn wide(self) -> Self {
        Self { shown: Shown::Wide, ..self }
    }

    /// The same field, which narrow tables leave out before those of a lower rank; 0 stays.
    pub(super) fn rank(self, rank: u8) -> Self {
        Self { rank, ..self }
    }

    /// The same field, which is an id or a name.
    pub(super) fn role(self, role: Role) -> Self {
        Self { role, ..self }
    }

    /// The same field in other words for people.
    pub(super) fn in_words(self, words: impl Fn(&T) -> Cell + 'static) -> Self {
        Self { words: Some(Box::new(words)), ..self }
    }
}

/// How much of a row people are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    /// What matters most.
    Plain,
    /// Everything.
    Wide,
}

/// The rows as people see them: what plain tables hold first, then what wide ones add.
pub(super) fn table<'a, T: ?Sized + 'a>(
    fields: &[Field<T>],
    rows: impl IntoIterator<Item = &'a T>,
    width: Width,
) -> Grid {
    let plain = fields.iter().filter(|field| matches!(field.shown, Shown::Always | Shown::People));
    let wide = fields.iter().filter(|field| width == Width::Wide && field.shown == Shown::Wide);
    let fields: Vec<&Field<T>> = plain.chain(wide).collect();
    let column = |field: &&Field<T>| Column {
        role: field.role,
        rank: field.rank,
        ..Column::new(field.title)
    };
    let mut grid = Grid::of(fields.iter().map(column).collect());
    for row in rows {
        let cell = |field: &&Field<T>| field.words.as_ref().unwrap_or(&field.value)(row);
        grid.push(fields.iter().map(cell).collect());
    }
    grid
}

/// The rows as CSV has them, under the names of the JSON document.
pub(super) fn csv<'a, T: ?Sized + 'a>(
    fields: &[Field<T>],
    rows: impl IntoIterator<Item = &'a T>,
) -> Grid {
    let fields: Vec<&Field<T>> =
        fields.iter().filter(|field| field.shown != Shown::People).collect();
    let columns = fields.iter().map(|field| Column::new(field.json));
    let mut grid = Grid::of(columns.collect());
    for row in rows {
        grid.push(fields.iter().map(|field| (field.value)(row)).collect());
    }
    grid
}
