//! A week's pattern: days by weekday, and a series without it.

use std::collections::BTreeMap;

use super::{
    days::{Day, rests},
    middle::{middle, spread},
};

/// Days that the readings have to span before a week's pattern is removed: three weeks.
const PATTERN_SPAN: i64 = 21;
/// Days that there have to be for each weekday that occurs.
const PATTERN_DAYS: usize = 3;
/// How far weekdays have to lie apart, in units of the noise, before the pattern says where the level is.
const PRONOUNCED: f64 = 2.0;

/// The days by weekday, if they span three weeks, lie less than a week apart (their median
/// distance), and each weekday that occurs does so often enough.
pub(super) fn by_weekday(days: &[Day]) -> Option<Vec<Vec<Day>>> {
    let (first, last) = (days.first()?, days.last()?);
    if last.number - first.number + 1 < PATTERN_SPAN {
        return None;
    }
    let mut apart: Vec<i64> =
        days.iter().zip(days.iter().skip(1)).map(|(a, b)| b.number - a.number).collect();
    apart.sort_unstable();
    if *apart.get(apart.len() / 2)? >= 7 {
        return None;
    }
    let classes = classes(days);
    let enough = classes.len() > 1 && days.len() >= PATTERN_DAYS * classes.len();
    enough.then_some(classes)
}

fn classes(days: &[Day]) -> Vec<Vec<Day>> {
    let mut classes: BTreeMap<i64, Vec<Day>> = BTreeMap::new();
    for day in days {
        classes.entry(day.weekday()).or_default().push(*day);
    }
    classes.into_values().collect()
}

/// The days that say where the level of a line is: those of the weekdays in the upper half of a week's
/// pattern, since a threshold is reached on those first, and all where weekdays differ by noise alone.
pub(super) fn upper(classes: &[Vec<Day>], slope: f64) -> Option<Vec<Day>> {
    let about: Vec<Vec<f64>> = classes.iter().map(|class| rests(class, slope)).collect();
    let levels: Vec<f64> = about.iter().cloned().filter_map(middle).collect();
    let (least, half) = half(&levels)?;
    let pronounced = 2.0 * (half - least) > PRONOUNCED * spread(&about)?;
    let bar = if pronounced { half } else { least };
    let high = classes.iter().zip(levels).filter(|(_, level)| *level >= bar);
    Some(high.flat_map(|(class, _)| class.iter().copied()).collect())
}

/// The least of levels, and half-way from there to the most.
fn half(levels: &[f64]) -> Option<(f64, f64)> {
    let least = levels.iter().copied().reduce(f64::min)?;
    let most = levels.iter().copied().reduce(f64::max)?;
    Some((least, f64::midpoint(least, most)))
}

/// The days as if each weekday were one in the upper half of the week's pattern. A weekday's part is how
/// far it lies above the mean of the seven days around it, in the median (the classical decomposition).
/// Those count in which every weekday has its reading, so that neither growth nor a missing day passes
/// for a pattern. Unchanged where a weekday has fewer than two such weeks.
pub(super) fn without_pattern(days: &[Day]) -> Vec<Day> {
    let Some(parts) = parts(days) else { return days.to_vec() };
    let levels: Vec<f64> = parts.values().copied().collect();
    let Some((_, half)) = half(&levels) else { return days.to_vec() };
    let top = middle(levels.into_iter().filter(|level| *level >= half).collect());
    let flat = |day: &Day| {
        let lower = top.zip(parts.get(&day.weekday())).map_or(0.0, |(top, part)| top - part);
        Day { value: day.value + lower, ..*day }
    };
    days.iter().map(flat).collect()
}

/// How far each weekday lies above its week.
fn parts(days: &[Day]) -> Option<BTreeMap<i64, f64>> {
    let weekdays = classes(days).len();
    let mut above: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
    for (at, day) in days.iter().enumerate() {
        let near = days.iter().take(at + 4).skip(at.saturating_sub(3));
        let near = near.filter(|other| (other.number - day.number).abs() <= 3);
        let week: Vec<f64> = near.map(|other| other.value).collect();
        if week.len() == weekdays {
            let mean = week.iter().sum::<f64>() / f64::from(u32::try_from(weekdays).ok()?);
            above.entry(day.weekday()).or_default().push(day.value - mean);
        }
    }
    let enough = above.len() == weekdays && above.values().all(|of| of.len() >= 2);
    let part = |(weekday, above)| Some((weekday, middle(above)?));
    enough.then(|| above.into_iter().filter_map(part).collect())
}
