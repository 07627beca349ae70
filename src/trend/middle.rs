//! The middle of values, and how far they lie from it.

/// The middle of values, or half-way between the two; `None` of none.
pub(super) fn middle(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    median(&values)
}

/// The same of sorted values.
pub(super) fn median(sorted: &[f64]) -> Option<f64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = *sorted.get((sorted.len() - 1) / 2)?;
    Some(f64::midpoint(lower, upper))
}

/// The standard deviation of the normal distribution that has this median absolute deviation.
const NORMAL: f64 = 1.4826;

/// How far values of several groups lie from the middle of their own group, as a standard deviation that
/// a few odd ones do not move; `None` of none.
pub(super) fn spread(groups: &[Vec<f64>]) -> Option<f64> {
    let mut apart = Vec::new();
    for group in groups {
        let Some(level) = middle(group.clone()) else { continue };
        apart.extend(group.iter().map(|value| (value - level).abs()));
    }
    Some(NORMAL * middle(apart)?)
}
