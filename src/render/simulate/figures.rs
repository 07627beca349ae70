//! Figures and steps as text.

use crate::simulate::{Figure, Simulated};

/// A step by its index and name.
pub(in crate::render) fn step_text(simulated: &Simulated, index: u32) -> String {
    let step = simulated.steps.iter().find(|step| step.index == index);
    step.map_or_else(|| index.to_string(), |step| format!("{index} {}", step.name))
}

/// A figure, or where the runs differ the middle one with both ends.
pub(in crate::render) fn text(figure: Figure) -> String {
    match figure {
        Figure::One(value) => value.to_string(),
        Figure::Spread { worst, median, best } if worst == best => median.to_string(),
        Figure::Spread { worst, median, best } => format!("{median} ({best}..{worst})"),
    }
}

/// The figure a layout has to stand up to.
pub(in crate::render) fn worst(figure: Figure) -> u64 {
    match figure {
        Figure::One(value) | Figure::Spread { worst: value, .. } => value,
    }
}
