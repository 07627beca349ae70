//! Where a series changes its pace: a bend, told from a step and from noise.

use super::{
    days::{Day, rests},
    middle::spread,
    slope::slopes,
};

/// Days with a reading without which the pace on one side of a bend cannot be told.
const LEAST: usize = 7;
/// How far the bend has to lead away from the pace before it, in units of the noise. It is the noise of
/// a count that wanders, too: a bend that is searched for is found in any such series.
const AWAY: f64 = 5.0;
/// The part of the larger one by which two paces have to differ, to be worth a second line.
const OTHER: f64 = 0.1;
/// Days over which a step may go: a roll-out takes some.
const STEPS: [f64; 2] = [0.1, 3.0];

/// The days since the pace changed for the last time, all of which go one pace; `None` if it did not.
pub(super) fn since_change(days: &[Day]) -> Option<&[Day]> {
    let mut since = changed(days)?;
    while let Some(later) = changed(since) {
        since = later;
    }
    Some(since)
}

/// The days from the clearest bend on, if it is one.
fn changed(days: &[Day]) -> Option<&[Day]> {
    let (before, after) = days.split_at(bend(days)?);
    let earlier = slopes(&[before.to_vec()])?.middle;
    let later = slopes(&[after.to_vec()])?;
    let apart = (later.middle - earlier).abs();
    if (later.low <= earlier && earlier <= later.high)
        || apart < OTHER * later.middle.abs().max(earlier.abs())
    {
        return None;
    }
    // What lies far back may have had a pace of its own.
    let near = before.get(before.len().saturating_sub(2 * after.len())..)?;
    let near = rests(near, slopes(&[near.to_vec()])?.middle);
    let noise = spread(&[near, rests(after, later.middle)])?;
    let length = after.last()?.time - after.first()?.time;
    (apart * length >= AWAY * noise).then_some(after)
}

/// The day from which on days go another pace than before, if a bend describes them better than a step
/// in a line does, one of a moment or of some days. Both have as many parameters, a level, a slope, how
/// much changes and when, so that the smaller sum of squares is the better description.
fn bend(days: &[Day]) -> Option<usize> {
    let about = About::line(days);
    let from = |at: usize| days.get(at).map_or(0.0, |day| day.time);
    let bent = |at: usize| (at, about.explained(days, |time| (time - from(at)).max(0.0)));
    let (at, bent) =
        (LEAST..=days.len().checked_sub(LEAST)?).map(bent).max_by(|a, b| a.1.total_cmp(&b.1))?;
    let stepped = |at: usize| {
        let of = |width: &f64| {
            about.explained(days, |time| (1.0 - (from(at) - time) / width).clamp(0.0, 1.0))
        };
        STEPS.iter().map(of).fold(0.0, f64::max)
    };
    (bent > (1..days.len()).map(stepped).fold(0.0, f64::max)).then_some(at)
}

/// Days about their least-squares line.
struct About {
    count: f64,
    center: f64,
    /// The sum of squares of their times about the center.
    times: f64,
    rests: Vec<f64>,
}

impl About {
    fn line(days: &[Day]) -> Self {
        let count = days.iter().map(|_| 1.0).sum::<f64>();
        let center = days.iter().map(|day| day.time).sum::<f64>() / count;
        let mean = days.iter().map(|day| day.value).sum::<f64>() / count;
        let times: f64 = days.iter().map(|day| (day.time - center).powi(2)).sum();
        let products: f64 = days.iter().map(|day| (day.time - center) * (day.value - mean)).sum();
        let slope = if times > 0.0 { products / times } else { 0.0 };
        let rest = |day: &Day| day.value - mean - slope * (day.time - center);
        Self { count, center, times, rests: days.iter().map(rest).collect() }
    }

    /// How much smaller the sum of squares gets when a shape is added to the line.
    fn explained(&self, days: &[Day], shape: impl Fn(f64) -> f64) -> f64 {
        let (mut sum, mut on_time, mut squares, mut on_rests) = (0.0, 0.0, 0.0, 0.0);
        for (day, rest) in days.iter().zip(&self.rests) {
            let x = shape(day.time);
            sum += x;
            on_time += x * (day.time - self.center);
            squares += x * x;
            on_rests += x * rest;
        }
        // The part of the shape that is no line itself.
        let own = squares - sum * sum / self.count - on_time * on_time / self.times;
        if own > 1e-9 * squares { on_rests * on_rests / own } else { 0.0 }
    }
}
