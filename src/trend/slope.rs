//! The slope of Theil and Sen with its interval, over classes of days that are paired among
//! themselves alone.

use super::days::Day;

/// A slope and its interval of 95 %, per day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Slopes {
    pub(super) middle: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

/// The square of 1.959964, the two-sided 95 % point of the normal distribution, in millionths.
const SQUARE_OF_Z: u64 = 3_841_459;

/// The slope; `None` when there are too few pairs for an interval of 95 %.
///
/// The interval's ends are the slopes of rank `(N − C) / 2` from either side, where `N` is the
/// number of pairs and `C = 1.96 √Var(S)`. The variance of Kendall's S is
/// `n (n − 1) (2n + 5) / 18`, summed over the classes. Ties would make it less: they are not taken
/// off, so that the interval is rather too wide.
pub(super) fn slopes(classes: &[Vec<Day>]) -> Option<Slopes> {
    let mut all = Vec::new();
    let mut eighteen_variances: u64 = 0;
    for class in classes {
        for (at, earlier) in class.iter().enumerate() {
            let later = class.iter().skip(at + 1);
            all.extend(later.map(|day| (day.value - earlier.value) / (day.time - earlier.time)));
        }
        let n = u64::try_from(class.len()).ok()?;
        eighteen_variances += n * n.saturating_sub(1) * (2 * n + 5);
    }
    all.sort_by(f64::total_cmp);
    let square = (SQUARE_OF_Z * eighteen_variances).div_ceil(18_000_000);
    let root = square.isqrt();
    let spread = root + u64::from(root * root < square);
    let pairs = u64::try_from(all.len()).ok()?;
    let rank = usize::try_from(pairs.checked_sub(spread)? / 2).ok()?.checked_sub(1)?;
    Some(Slopes {
        middle: median(&all)?,
        low: all.get(rank).copied()?,
        high: all.iter().rev().nth(rank).copied()?,
    })
}

/// The middle of sorted values, or half-way between the two; `None` of none.
pub(super) fn median(sorted: &[f64]) -> Option<f64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = *sorted.get((sorted.len() - 1) / 2)?;
    Some(f64::midpoint(lower, upper))
}
