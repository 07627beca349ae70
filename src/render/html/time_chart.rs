//! A number over time as SVG: what was read, the lines that it may reach, and the band in which it may go
//! on.

use jiff::{SignedDuration, Timestamp};

use crate::trend::Point;

/// Size of the drawing.
pub(super) const WIDTH: u32 = 320;
pub(super) const HEIGHT: u32 = 96;
/// Where the plot begins and ends, below the names of lines and above the days.
const TOP: f64 = 14.0;
pub(super) const FLOOR: u32 = 80;
/// The plot's part of time that lies ahead is at most so many times as long as what was read.
const AHEAD: f64 = 2.0;
/// Room for half a day's label beside a whole one.
const ROOM: f64 = 92.0;
/// Points that are drawn: more than that fall on one pixel.
const MOST: usize = 160;

/// A line that the number may reach.
#[derive(Debug)]
pub(super) struct ChartLevel {
    pub(super) class: &'static str,
    pub(super) name: String,
    pub(super) at: f64,
}

/// Where the number may go from its last point: when it reaches a height, at the soonest, on the line, and at
/// the latest, in days.
#[derive(Debug, Clone, Copy)]
pub(super) struct ForecastBand {
    pub(super) height: f64,
    pub(super) days: [f64; 3],
}

/// What is drawn.
pub(super) struct Series<'a> {
    pub(super) points: &'a [Point],
    /// The highest value that the plot has to hold.
    pub(super) most: f64,
    pub(super) levels: Vec<ChartLevel>,
    pub(super) band: Option<ForecastBand>,
}

/// A chart that can be written down.
#[derive(Debug)]
pub(super) struct TimeChart {
    pub(super) about: String,
    pub(super) line: String,
    pub(super) last: (String, String),
    pub(super) levels: Vec<DrawnLevel>,
    pub(super) band: Option<DrawnBand>,
    /// The first day, the last day read, and the last day drawn if that lies ahead.
    pub(super) first_day: String,
    pub(super) last_day: String,
    pub(super) end_day: Option<String>,
    /// Whether the last day read has room between the other two.
    pub(super) has_room: bool,
}

/// A level's height, and what it is called.
#[derive(Debug)]
pub(super) struct DrawnLevel {
    pub(super) class: &'static str,
    pub(super) name: String,
    pub(super) y: String,
    pub(super) text_y: String,
}

/// A band's outline, and the line in the middle of it.
#[derive(Debug)]
pub(super) struct DrawnBand {
    pub(super) outline: String,
    pub(super) middle: String,
}

/// How moments and numbers become places.
struct Scale {
    first: Timestamp,
    days: f64,
    most: f64,
}

impl Scale {
    fn x(&self, at: Timestamp) -> f64 {
        at.duration_since(self.first).as_secs_f64() / 86_400.0 / self.days * f64::from(WIDTH)
    }

    fn y(&self, value: f64) -> f64 {
        let floor = f64::from(FLOOR);
        floor - value / self.most * (floor - TOP)
    }

    fn place(&self, point: &Point) -> String {
        format!("{:.1},{:.1}", self.x(point.at), self.y(point.value))
    }
}

impl TimeChart {
    /// The chart of a series; `None` without two moments to draw.
    pub(super) fn new(about: String, series: Series<'_>) -> Option<Self> {
        let (first, last) = (series.points.first()?, series.points.last()?);
        let read = last.at.duration_since(first.at).as_secs_f64() / 86_400.0;
        if read <= 0.0 {
            return None;
        }
        let ahead = series.band.map_or(0.0, |band| {
            let [_, middle, latest] = band.days;
            // The day on the line is shown, whatever becomes of the latest one.
            latest.min((read * AHEAD).max(middle * 1.25))
        });
        let highest = series.points.iter().map(|point| point.value).fold(series.most, f64::max);
        let scale = Scale { first: first.at, days: read + ahead, most: highest.max(1.0) };
        let levels = series.levels.into_iter().map(|level| {
            let y = scale.y(level.at);
            DrawnLevel {
                class: level.class,
                name: level.name,
                y: format!("{y:.1}"),
                text_y: format!("{:.1}", y - 3.0),
            }
        });
        let now = scale.x(last.at);
        let end = after(last.at, ahead).filter(|_| ahead >= 1.0);
        Some(Self {
            about,
            line: thinned(series.points)
                .map(|point| scale.place(point))
                .collect::<Vec<_>>()
                .join(" "),
            last: (format!("{:.1}", scale.x(last.at)), format!("{:.1}", scale.y(last.value))),
            levels: levels.collect(),
            band: series.band.and_then(|band| drawn(&scale, last, band)),
            first_day: day(first.at),
            last_day: day(last.at),
            end_day: end.map(day),
            has_room: (ROOM..=f64::from(WIDTH) - ROOM).contains(&now),
        })
    }
}

/// At most so many points as can be told apart, the last among them.
fn thinned(points: &[Point]) -> impl Iterator<Item = &Point> {
    let every = points.len().div_ceil(MOST).max(1);
    let last = points.len().saturating_sub(1);
    let shown = points.iter().enumerate();
    shown.filter(move |(at, _)| (last - at).is_multiple_of(every)).map(|(_, point)| point)
}

/// The part of the plane between the soonest and the latest line, as far as the height.
fn drawn(scale: &Scale, from: &Point, band: ForecastBand) -> Option<DrawnBand> {
    let place = |days: f64| {
        let at = after(from.at, days)?;
        Some(scale.place(&Point { at, value: band.height }))
    };
    let [soonest, middle, latest] = band.days;
    let start = scale.place(from);
    Some(DrawnBand {
        outline: format!("{start} {} {}", place(soonest)?, place(latest)?),
        middle: format!("{start} {}", place(middle)?),
    })
}

/// Days beyond which nothing is drawn: far outside of the plot.
const FAR: f64 = 1e5;

fn after(at: Timestamp, days: f64) -> Option<Timestamp> {
    at.checked_add(SignedDuration::try_from_secs_f64(days.min(FAR) * 86_400.0).ok()?).ok()
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(values: &[f64]) -> Vec<Point> {
        let at = |day: usize| format!("2026-11-{:02}T00:00:00Z", day + 1).parse().unwrap();
        values.iter().enumerate().map(|(day, value)| Point { at: at(day), value: *value }).collect()
    }

    fn series(points: &[Point], band: Option<ForecastBand>) -> Series<'_> {
        Series { points, most: 100.0, levels: Vec::new(), band }
    }

    #[test]
    fn a_band_opens_from_the_last_reading_to_the_height() {
        let points = points(&[0.0, 50.0]);
        let plain = TimeChart::new(String::new(), series(&points, None)).unwrap();
        assert_eq!(plain.line, "0.0,80.0 320.0,47.0");
        assert_eq!((plain.end_day, plain.band.is_none()), (None, true));
        let band = ForecastBand { height: 100.0, days: [1.0, 1.0, 1.0] };
        let chart = TimeChart::new(String::new(), series(&points, Some(band))).unwrap();
        assert_eq!(chart.line, "0.0,80.0 160.0,47.0");
        assert_eq!(chart.band.unwrap().outline, "160.0,47.0 320.0,14.0 320.0,14.0");
        assert_eq!(chart.end_day.as_deref(), Some("2026-11-03"));
    }

    #[test]
    fn what_lies_far_ahead_does_not_crush_what_was_read() {
        let points = points(&[0.0, 50.0]);
        let band = ForecastBand { height: 100.0, days: [1.0, 1.0, 1e9] };
        let chart = TimeChart::new(String::new(), series(&points, Some(band))).unwrap();
        assert_eq!(chart.last.0, "106.7");
    }

    #[test]
    fn one_moment_is_no_chart_and_many_are_thinned() {
        assert!(TimeChart::new(String::new(), series(&points(&[1.0]), None)).is_none());
        let many = vec![Point { at: Timestamp::UNIX_EPOCH, value: 0.0 }; 730];
        let shown: Vec<&Point> = thinned(&many).collect();
        assert!(shown.len() <= MOST && shown.len() > MOST / 2, "{}", shown.len());
    }
}
