//! The moment in the name of a saved set of responses, which do not say when they were saved.

use std::path::Path;

use jiff::{Timestamp, civil, tz::TimeZone};

/// What a name says of the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Dated {
    /// Nothing.
    Not,
    /// This moment; with how the name writes it.
    At(Timestamp, String),
    /// Something that may be a moment and is not taken for one, for this reason.
    Unclear(String),
}

impl Dated {
    /// What the last part of a path says.
    pub(super) fn of(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let found = dates(&name);
        match found.as_slice() {
            [] => Self::Not,
            [(date, rest)] => moment(date, rest),
            [(one, _), (other, _), ..] => {
                Self::Unclear(format!("its name has two dates, {one} and {other}"))
            }
        }
    }

    /// What is said of a moment that a name gives.
    pub(super) fn said(path: &Path, written: &str) -> String {
        format!("{}: dated by its name: {written}", path.display())
    }
}

/// Letters of a date, `2026-11-01`.
const DATE: usize = 10;

/// What looks like a date, each with what stands after it.
fn dates(name: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(date) = name.get(from..from + DATE).or_else(|| skip(name, &mut from)) {
        let before = name.get(..from).unwrap_or_default();
        let rest = name.get(from + DATE..).unwrap_or_default();
        let is_digit = |letter: char| letter.is_ascii_digit();
        if looks_like_a_date(date) && !before.ends_with(is_digit) && !rest.starts_with(is_digit) {
            found.push((date, rest));
            from += DATE;
        } else {
            from += 1;
        }
    }
    found
}

/// The next ten bytes that are whole letters; `None` at the end.
fn skip<'a>(name: &'a str, from: &mut usize) -> Option<&'a str> {
    while *from + DATE < name.len() {
        *from += 1;
        if let Some(date) = name.get(*from..*from + DATE) {
            return Some(date);
        }
    }
    None
}

fn looks_like_a_date(text: &str) -> bool {
    let digits = "dddd-dd-dd".bytes().zip(text.bytes());
    digits.into_iter().all(|(kind, byte)| match kind {
        b'd' => byte.is_ascii_digit(),
        _ => byte == kind,
    })
}

/// The moment of a date and of the time that may stand after it.
fn moment(date: &str, rest: &str) -> Dated {
    let unclear =
        |text: &str| Dated::Unclear(format!("{text} in its name is not a date or time in UTC"));
    let Ok(day) = date.parse::<civil::Date>() else { return unclear(date) };
    let (time, written) = match clock(rest) {
        Clock::None => (civil::Time::midnight(), date.to_owned()),
        Clock::Time(time, length) => {
            (time, format!("{date}{}", rest.get(..length).unwrap_or_default()))
        }
        Clock::Wrong(length) => {
            return unclear(&format!("{date}{}", rest.get(..length).unwrap_or_default()));
        }
    };
    match TimeZone::UTC.to_zoned(day.to_datetime(time)) {
        Ok(moment) => Dated::At(moment.timestamp(), written),
        Err(_) => unclear(date),
    }
}

/// A time of the day after a date, and how many letters it takes.
enum Clock {
    None,
    Time(civil::Time, usize),
    Wrong(usize),
}

/// `T100000Z`, `T10-00`, `_10:00:00` and the like. Only after a `T` digits have to be a time: after anything
/// else they may count files.
fn clock(rest: &str) -> Clock {
    let is_time = rest.starts_with(['T', 't']);
    if !is_time && !rest.starts_with(['_', ' ']) {
        return Clock::None;
    }
    let body = rest.get(1..).unwrap_or_default();
    let (mut numbers, mut length) = (Vec::new(), 0);
    while numbers.len() < 3 {
        let left = body.get(length..).unwrap_or_default();
        let skipped = usize::from(!numbers.is_empty() && left.starts_with(['-', ':', '.']));
        let Some(number) = left.get(skipped..skipped + 2).filter(|two| is_number(two)) else {
            break;
        };
        numbers.extend(number.parse::<i8>());
        length += skipped + 2;
    }
    let left = body.get(length..).unwrap_or_default();
    let time = match numbers.as_slice() {
        [hour, minute] => civil::Time::new(*hour, *minute, 0, 0).ok(),
        [hour, minute, second] => civil::Time::new(*hour, *minute, *second, 0).ok(),
        _ => None,
    };
    // An offset from UTC would be another moment; a sign may also part the time from a name.
    let is_offset = |left: &str| {
        let digits = left.strip_prefix(['+', '-']).unwrap_or_default();
        let digits = digits.replacen(':', "", 1);
        digits.get(..4).is_some_and(is_number)
            && !digits.get(4..).is_some_and(|rest| rest.starts_with(|it: char| it.is_ascii_digit()))
    };
    if time.is_some() && (left.starts_with('+') || (is_time && is_offset(left))) {
        let end = left.find('.').unwrap_or(left.len());
        return Clock::Wrong(1 + length + end);
    }
    let is_whole = !left.starts_with(|letter: char| letter.is_ascii_digit());
    match time.filter(|_| is_whole) {
        Some(time) => Clock::Time(time, 1 + length + usize::from(left.starts_with(['Z', 'z']))),
        None if is_time && body.starts_with(|letter: char| letter.is_ascii_digit()) => {
            let digits = body.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(body.len());
            Clock::Wrong(1 + digits.max(length))
        }
        None => Clock::None,
    }
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str) -> String {
        match Dated::of(Path::new(name)) {
            Dated::Not => "-".to_owned(),
            Dated::At(at, written) => format!("{at} {written}"),
            Dated::Unclear(why) => why,
        }
    }

    #[test]
    fn names_with_one_moment_are_dated() {
        for (name, moment) in [
            ("answers-2026-11-01", "2026-11-01T00:00:00Z 2026-11-01"),
            ("history/2026-11-01.json", "2026-11-01T00:00:00Z 2026-11-01"),
            ("a/2026-11-01T100203Z/", "2026-11-01T10:02:03Z 2026-11-01T100203Z"),
            ("2026-11-01T10-02.json", "2026-11-01T10:02:00Z 2026-11-01T10-02"),
            ("x_2026-11-01_10:02:03", "2026-11-01T10:02:03Z 2026-11-01_10:02:03"),
            ("2026-11-01T1002-prod", "2026-11-01T10:02:00Z 2026-11-01T1002"),
            ("2026-11-01T1002", "2026-11-01T10:02:00Z 2026-11-01T1002"),
            ("2026-11-01-2.json", "2026-11-01T00:00:00Z 2026-11-01"),
            ("2026-11-01_7.json", "2026-11-01T00:00:00Z 2026-11-01"),
            ("ä2026-11-01ö", "2026-11-01T00:00:00Z 2026-11-01"),
            ("2026-11-01Ticket", "2026-11-01T00:00:00Z 2026-11-01"),
            ("2024-02-29", "2024-02-29T00:00:00Z 2024-02-29"),
        ] {
            assert_eq!(of(name), moment, "{name}");
        }
    }

    #[test]
    fn what_is_no_moment_is_not_taken_for_one() {
        for (name, said) in [
            ("", "-"),
            (
                "2026-11-04T101500+0200.json",
                "2026-11-04T101500+0200 in its name is not a date or time in UTC",
            ),
            (
                "2026-11-04T10:15:00-05:00",
                "2026-11-04T10:15:00-05:00 in its name is not a date or time in UTC",
            ),
            ("monday.json", "-"),
            ("2026-11.json", "-"),
            ("12026-11-01", "-"),
            ("2026-11-011", "-"),
            ("2026_11_01", "-"),
            ("ääääääää", "-"),
            ("2026-13-40", "2026-13-40 in its name is not a date or time in UTC"),
            ("2026-02-29.json", "2026-02-29 in its name is not a date or time in UTC"),
            ("2026-11-01T2560", "2026-11-01T2560 in its name is not a date or time in UTC"),
            ("2026-11-01T10", "2026-11-01T10 in its name is not a date or time in UTC"),
            ("2026-11-01-to-2026-11-08", "its name has two dates, 2026-11-01 and 2026-11-08"),
        ] {
            assert_eq!(of(name), said, "{name}");
        }
    }
}
