//! Each kind of change is looked for in its turn, and has its share of the work.

use super::{
    change::Remedy,
    further, reservation,
    search::{Kind, Play, Search, Sought},
    settings,
};
use crate::simulate::Layout;

/// Work of the whole search: what takes two or three seconds.
const MOST_WORK: u64 = 12_000_000;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedies {
    /// Changes that make the layout fit, the smallest first.
    pub list: Vec<Remedy>,
    /// Whether every search came to its end, so that what is not in the list was not to be found.
    pub complete: bool,
}

/// Changes that make a layout fit with every seed, the smallest first: another pace of the roll-out
/// that failed costs nothing, other warm targets and prefix delegation are settings, a reservation is one call,
/// and a further subnet has to be built. Of each kind the smallest that was found; none when the work
/// became too much, or nothing of the kind helps.
#[must_use]
pub fn remedies(layout: &Layout<'_>, sought: &Sought<'_>, play: &Play<'_>) -> Remedies {
    const KINDS: [Kind; 5] = [
        |search, layout| settings::pace(search, layout),
        |search, layout| settings::warm_targets(search, layout),
        |search, layout| settings::prefix_delegation(search, layout),
        |search, layout| reservation::prefix_reservations(search, layout),
        |search, layout| further::further_subnets(search, layout),
    ];
    // Several seeds are verified side by side.
    let mut left = if sought.seeds.len() > 1 { 2 * MOST_WORK } else { MOST_WORK };
    let mut found = Remedies { list: Vec::new(), complete: true };
    for (kind, kinds) in KINDS.into_iter().zip((1..=5).rev()) {
        // What one kind leaves is there for the next.
        let share = left / kinds;
        let mut search =
            Search { sought, play, tried: sought.failing.clone(), left: share, complete: true };
        found.list.extend(search.verified(layout, kind));
        found.complete &= search.complete;
        left -= share - search.left;
    }
    found
}
