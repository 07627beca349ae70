//! The slope of Theil and Sen with its interval, over classes of days that are paired among
//! themselves alone.

use super::{days::Day, middle::median};

/// A slope and its interval of 95 %, per day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Slopes {
    pub(super) middle: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

/// The square of 1.959964, the two-sided 95 % point of the normal distribution.
const SQUARE_OF_Z: f64 = 3.841_459;

/// The slope; `None` when there are too few pairs for an interval of 95 %.
///
/// The interval's ends are the slopes of rank `(N − C) / 2` from either side, where `N` is the
/// number of pairs and `C = 1.96 √Var(S)`. The variance of Kendall's S is
/// `n (n − 1) (2n + 5) / 18`, summed over the classes. Ties would make it less: they are not taken
/// off, so that the interval is rather too wide.
pub(super) fn slopes(classes: &[Vec<Day>]) -> Option<Slopes> {
    let (all, variance) = pairs(classes)?;
    let rank = rank(all.len(), variance)?;
    between(&all, rank)
}

/// The slope of days that hang together, by the factor by which their variance is larger than that
/// of days that do not. When it is so large that no rank is left, the interval is that of all pairs
/// and contains 0.
pub(super) fn slopes_of_dependent(classes: &[Vec<Day>], factor: f64) -> Option<Slopes> {
    let (all, variance) = pairs(classes)?;
    if let Some(rank) = rank(all.len(), variance * factor) {
        return between(&all, rank);
    }
    let whole = between(&all, 0)?;
    Some(Slopes { low: whole.low.min(0.0), high: whole.high.max(0.0), ..whole })
}

/// The slopes of all pairs, sorted, and the variance of S.
fn pairs(classes: &[Vec<Day>]) -> Option<(Vec<f64>, f64)> {
    let mut all = Vec::new();
    let mut variance = 0.0;
    for class in classes {
        for (at, earlier) in class.iter().enumerate() {
            let later = class.iter().skip(at + 1);
            all.extend(later.map(|day| (day.value - earlier.value) / (day.time - earlier.time)));
        }
        let n = f64::from(u32::try_from(class.len()).ok()?);
        variance += n * (n - 1.0) * (2.0 * n + 5.0) / 18.0;
    }
    all.sort_by(f64::total_cmp);
    Some((all, variance))
}

/// How many slopes lie outside the interval on either side; `None` if not even one may.
fn rank(pairs: usize, variance: f64) -> Option<usize> {
    let spread = (SQUARE_OF_Z * variance).sqrt();
    let pairs = u32::try_from(pairs).ok()?;
    let rank = (1..=pairs / 2).rev().find(|rank| f64::from(pairs - 2 * rank) >= spread)?;
    usize::try_from(rank - 1).ok()
}

fn between(all: &[f64], rank: usize) -> Option<Slopes> {
    Some(Slopes {
        middle: median(all)?,
        low: all.get(rank).copied()?,
        high: all.iter().rev().nth(rank).copied()?,
    })
}
