//! Bar charts as SVG: the geometry, in whole pixels and tenths, so that it is the same everywhere.

use std::fmt::{self, Display};

/// Height of a chart.
pub(super) const HEIGHT: u32 = 150;
/// Where the bars begin, right of the scale.
pub(super) const LEFT: u32 = 44;
/// The height of the limit.
pub(super) const TOP: u32 = 10;
/// The height of zero.
pub(super) const FLOOR: u32 = 130;

/// Room for all bars, unless they would be too thin or too wide.
const PLOT: u32 = 204;
const WIDEST_SLOT: u32 = 40;
const THINNEST_SLOT: u32 = 6;
/// Room for a label of three digits.
const LABEL: u32 = 22;

/// A length in tenths of a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tenths(u64);

impl Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

/// A value to draw: what is in use at the end of a step, and at most.
#[derive(Debug, Clone)]
pub(super) struct Value {
    /// The label under it.
    pub(super) label: u32,
    /// In words.
    pub(super) about: String,
    /// Within the peak.
    pub(super) used: u64,
    /// The most.
    pub(super) peak: u64,
    /// Whether it was short here.
    pub(super) short: bool,
}

/// A chart that can be written down.
#[derive(Debug)]
pub(super) struct Chart<'a> {
    pub(super) title: &'a str,
    pub(super) about: String,
    pub(super) limit: u64,
    pub(super) width: u32,
    pub(super) bars: Vec<Bar>,
}

/// A step's bar: the peak, and what is in use in front of it.
#[derive(Debug)]
pub(super) struct Bar {
    pub(super) label: u32,
    pub(super) about: String,
    pub(super) short: bool,
    pub(super) labelled: bool,
    pub(super) middle: u32,
    pub(super) parts: [Part; 2],
}

/// A rectangle.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) class: &'static str,
    pub(super) x: Tenths,
    pub(super) y: Tenths,
    pub(super) width: Tenths,
    pub(super) height: Tenths,
}

impl<'a> Chart<'a> {
    pub(super) fn new(title: &'a str, about: String, limit: u64, values: Vec<Value>) -> Self {
        let count = u32::try_from(values.len()).unwrap_or(u32::MAX).max(1);
        let slot = (PLOT / count).clamp(THINNEST_SLOT, WIDEST_SLOT);
        // Labels stand where there is room for them.
        let every = LABEL.div_ceil(slot);
        let bars = values.into_iter().zip(0_u32..).map(|(value, at)| Bar {
            label: value.label,
            short: value.short,
            labelled: at % every == 0,
            middle: LEFT + at * slot + slot / 2,
            parts: [
                part("bar-peak", (at, slot), 8, share(value.peak, limit)),
                part("bar-used", (at, slot), 5, share(value.used, limit)),
            ],
            about: value.about,
        });
        Self { title, about, limit, width: LEFT + count * slot + 4, bars: bars.collect() }
    }
}

/// The height of a value against the limit; what there is of it is never invisible.
fn share(value: u64, limit: u64) -> u64 {
    let all = u64::from(FLOOR - TOP) * 10;
    let height = (value.saturating_mul(all) / limit.max(1)).min(all);
    if value > 0 { height.max(5) } else { 0 }
}

/// A rectangle in the middle of a slot that takes so many tenths of its width.
fn part(class: &'static str, (at, slot): (u32, u32), tenths: u32, height: u64) -> Part {
    let width = slot * tenths;
    let x = (LEFT + at * slot) * 10 + (slot * 10 - width) / 2;
    Part {
        class,
        x: Tenths(x.into()),
        y: Tenths((u64::from(FLOOR) * 10).saturating_sub(height)),
        width: Tenths(width.into()),
        height: Tenths(height),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(used: u64, peak: u64) -> Value {
        Value { label: 0, about: String::new(), used, peak, short: false }
    }

    fn drawn(values: Vec<Value>) -> Vec<String> {
        let chart = Chart::new("a", String::new(), 250, values);
        let parts = chart.bars.iter().flat_map(|bar| &bar.parts);
        parts.map(|p| format!("{},{} {}x{}", p.x, p.y, p.width, p.height)).collect()
    }

    #[test]
    fn bars_stand_on_the_floor_and_end_at_the_limit() {
        let one = drawn(vec![value(125, 250)]);
        assert_eq!(one, ["48.0,10.0 32.0x120.0", "54.0,70.0 20.0x60.0"]);
        let two = drawn(vec![value(0, 1), value(0, 999)]);
        assert_eq!(two[0], "48.0,129.5 32.0x0.5");
        assert_eq!(two[1], "54.0,130.0 20.0x0.0");
        assert_eq!(two[2], "88.0,10.0 32.0x120.0");
    }

    #[test]
    fn many_bars_are_thin_and_labelled_now_and_then() {
        let chart = Chart::new("a", String::new(), 9, vec![value(1, 1); 100]);
        assert_eq!(chart.width, 44 + 600 + 4);
        assert_eq!(chart.bars.iter().filter(|bar| bar.labelled).count(), 25);
    }
}
