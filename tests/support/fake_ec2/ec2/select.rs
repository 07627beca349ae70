//! Picking the items of one page.

use super::super::page::Page;
use super::filter::Filter;
use super::table::{Item, Row};

/// The items of a page.
pub(super) struct Selection<'a> {
    /// What was picked.
    pub(super) hits: Vec<Hit<'a>>,
    /// The position of the next page, if there is one.
    pub(super) next: Option<usize>,
}

/// An item with the rows that were asked for.
pub(super) struct Hit<'a> {
    /// Its position among all items.
    pub(super) position: usize,
    item: &'a Item,
    rows: Vec<&'a Row>,
}

impl Hit<'_> {
    /// Writes the item.
    pub(super) fn write(&self, out: &mut String) {
        out.push_str(&self.item.open);
        for row in &self.rows {
            out.push_str(&row.xml);
        }
        out.push_str(self.item.close);
    }
}

/// Picks a page from the items at `positions`, which ascend: of each item the rows that are
/// among `ids`, if there are any, and that pass the filters.
pub(super) fn select<'a>(
    items: &'a [Item],
    positions: impl Iterator<Item = usize>,
    ids: &[&str],
    filters: &[Filter],
    page: &Page,
) -> Selection<'a> {
    let wanted = |row: &&Row| {
        (ids.is_empty() || ids.contains(&row.id.as_str()))
            && filters.iter().all(|filter| filter.passes(row))
    };
    let mut hits = Vec::new();
    for position in positions.skip_while(|position| *position < page.start) {
        let item = &items[position];
        let rows: Vec<&Row> = item.rows.iter().filter(wanted).collect();
        if rows.is_empty() {
            continue;
        }
        if hits.len() == page.size {
            return Selection { hits, next: Some(position) };
        }
        hits.push(Hit { position, item, rows });
    }
    Selection { hits, next: None }
}
