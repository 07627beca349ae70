//! One trial: a layout simulated up to its first failure, for at most so much work.

use crate::simulate::{Layout, LayoutFailure, engine::Engine};

/// Addresses of subnets that are copied in the time of one unit of work.
const ADDRESSES_PER_UNIT: u64 = 16_384;

/// What a trial showed, and what it cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// What did not fit first, as far as it was simulated.
    pub failure: Option<LayoutFailure>,
    /// Work that was done, in passes of nodes; the same wherever it is done.
    pub work: u64,
    /// Whether it was left off because the work was too much: then nothing is known of it.
    pub cut: bool,
}

impl Trial {
    /// Whether it was simulated to its end and all fits.
    #[must_use]
    pub fn fits(&self) -> bool {
        !self.cut && self.failure.is_none()
    }
}

/// Plays a layout with a seed up to the end of the first step in which something does not fit, or until
/// more than `most_work` was done.
#[must_use]
pub fn trial(layout: &Layout<'_>, seed: u64, most_work: u64) -> Trial {
    let mut engine = Engine::new(layout, seed);
    engine.keeps_results = false;
    let sizes = layout.subnets.iter().map(|subnet| subnet.cidr.size());
    engine.work = sizes.sum::<u64>() / ADDRESSES_PER_UNIT;
    engine.most_work = most_work;
    engine.begin();
    for (name, action) in &layout.steps {
        if !engine.failures.is_empty() || engine.is_spent() {
            break;
        }
        engine.step(name, |engine| engine.act(action));
    }
    // A failure that shows after the simulation was left off is none: things were still under way.
    let cut = engine.is_spent();
    Trial { failure: engine.failures.into_iter().next().filter(|_| !cut), work: engine.work, cut }
}
