//! How much days hang together: what is there today is mostly there tomorrow. Such days tell less
//! than as many that do not, and a slope's interval has to be wider.

use super::{days::Day, middle::middle};

/// The most that one day is taken to tell of the next, so that the factor stays finite.
const MOST: f64 = 0.95;
/// The one-sided 95 % point of the normal distribution: below it in units of `1 / √n` a correlation
/// may be chance.
const CHANCE: f64 = 1.645;

/// The factor by which the variance is larger than that of independent days, 1 or more: `(1 + r) /
/// (1 − r)` for a correlation `r` of each day with the next, about the line, when it is more than
/// chance (S. Yue, C. Y. Wang, "The Mann-Kendall test modified by effective sample size to detect
/// trend in serially correlated hydrological series", Water Resources Management 18, 2004, for a
/// first-order process). Each class has a level of its own.
pub(super) fn factor(classes: &[Vec<Day>], slope: f64) -> f64 {
    let mut rests: Vec<(i64, f64)> = Vec::new();
    for class in classes {
        let rest = |day: &Day| (day.number, day.value - slope * day.time);
        let of_class: Vec<(i64, f64)> = class.iter().map(rest).collect();
        let level = middle(of_class.iter().map(|(_, rest)| *rest).collect()).unwrap_or_default();
        rests.extend(of_class.into_iter().map(|(number, rest)| (number, rest - level)));
    }
    rests.sort_by_key(|(number, _)| *number);
    let Ok(count) = u32::try_from(rests.len()).map(f64::from) else { return 1.0 };
    let mean = rests.iter().map(|(_, rest)| rest).sum::<f64>() / count;
    let rests: Vec<f64> = rests.into_iter().map(|(_, rest)| rest - mean).collect();
    let squares: f64 = rests.iter().map(|rest| rest * rest).sum();
    let products: f64 = rests.iter().zip(rests.iter().skip(1)).map(|(a, b)| a * b).sum();
    let correlation = products / squares;
    // Not so either when there is no rest at all, and the correlation no number.
    if correlation * count.sqrt() > CHANCE {
        let correlation = correlation.min(MOST);
        (1.0 + correlation) / (1.0 - correlation)
    } else {
        1.0
    }
}
