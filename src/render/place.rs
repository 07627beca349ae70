//! Region and account, shown when a run looks at several of them.

use super::{Cell, Grid};
use crate::{audit::AuditReport, inventory::Place};

/// Two more columns at the end, if there are several regions or accounts. `id` is the column that says
/// what a row is about.
pub(super) fn columns(report: &AuditReport, id: usize, titles: [&'static str; 2], grid: &mut Grid) {
    if report.places.is_none() {
        return;
    }
    grid.columns.extend(Grid::new(&titles).columns);
    for row in &mut grid.rows {
        let place = row.get(id).and_then(|cell| report.place(&cell.text));
        let Place { region, account } = place.unwrap_or_default();
        row.extend([Cell::maybe(region), Cell::maybe(account)]);
    }
}
