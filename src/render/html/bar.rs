//! A bar in parts: each a share of the whole, to scale, in whole units, so that it is the same everywhere.

/// The width of a bar, in its own units.
pub(super) const WIDTH: u64 = 1000;

/// A part of a bar.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BarPart {
    /// The class that gives it its colour.
    pub(super) class: String,
    pub(super) about: String,
    pub(super) x: u64,
    pub(super) width: u64,
}

/// Parts side by side. What is there is never invisible: it is a unit wide at least.
pub(super) fn bar(whole: u64, parts: impl Iterator<Item = (String, String, u64)>) -> Vec<BarPart> {
    let (mut x, mut sum) = (0, 0_u64);
    let shown = parts.filter(|(_, _, size)| *size > 0);
    shown
        .map(|(class, about, size)| {
            sum = sum.saturating_add(size);
            let end = place(sum, whole).max(x + 1).min(WIDTH);
            let part = BarPart { class, about, x, width: end - x.min(end) };
            x = end;
            part
        })
        .collect()
}

/// Where a number lies on a bar.
pub(super) fn place(number: u64, whole: u64) -> u64 {
    let at = u128::from(number) * u128::from(WIDTH) / u128::from(whole.max(1));
    u64::try_from(at).unwrap_or(WIDTH).min(WIDTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn widths(whole: u64, sizes: &[u64]) -> Vec<(u64, u64)> {
        let parts = sizes.iter().map(|size| (String::new(), String::new(), *size));
        bar(whole, parts).iter().map(|part| (part.x, part.width)).collect()
    }

    #[test]
    fn parts_are_to_scale_and_never_invisible() {
        assert_eq!(widths(200, &[50, 100]), [(0, 250), (250, 500)]);
        assert_eq!(widths(65_536, &[1, 0, 65_535]), [(0, 1), (1, 999)]);
        assert_eq!(widths(10, &[10, 5]), [(0, 1000), (1000, 0)]);
        assert_eq!(widths(0, &[]), []);
    }
}
