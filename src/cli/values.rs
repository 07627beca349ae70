//! Values with a form of their own.

use std::{str::FromStr, time::Duration};

use clap::ValueEnum;

/// An inclusive range of whole numbers: `A..B`, `A..`, `..B` or `A`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IntRange {
    /// The least, if there is one.
    pub least: Option<u32>,
    /// The most, if there is one.
    pub most: Option<u32>,
}

/// How a range is written.
const FORMS: &str = "a range is 50.., ..110, 50..110, or 50 for exactly 50";

impl IntRange {
    /// The one number that lies in the range, if it is one.
    #[must_use]
    pub fn exactly(self) -> Option<u32> {
        self.least.filter(|_| self.least == self.most)
    }

    /// Whether a number lies in the range.
    #[must_use]
    pub fn contains(self, number: u32) -> bool {
        self.least.is_none_or(|least| least <= number)
            && self.most.is_none_or(|most| number <= most)
    }
}

impl FromStr for IntRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |part: &str| -> Result<Option<u32>, String> {
            if part.is_empty() {
                return Ok(None);
            }
            part.parse().map(Some).map_err(|_| format!("`{part}` is not a whole number: {FORMS}"))
        };
        let range = if let Some((least, most)) = text.split_once("..") {
            let most = most.strip_prefix('=').unwrap_or(most);
            Self { least: number(least)?, most: number(most)? }
        } else {
            let exact = number(text)?;
            Self { least: exact, most: exact }
        };
        if range.least.is_none() && range.most.is_none() {
            return Err(FORMS.to_owned());
        }
        if range.least.zip(range.most).is_some_and(|(least, most)| least > most) {
            return Err("its first number is above its last".to_owned());
        }
        Ok(range)
    }
}

/// A time: seconds, or a number with `ms`, `s`, `m` or `h`, such as `90`, `30s` or `2m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DurationArg(pub Duration);

impl DurationArg {
    /// The shortest time: a single call takes some of it.
    const LEAST: Duration = Duration::from_secs(1);
    /// The longest: a day.
    const MOST: Duration = Duration::from_hours(24);
    /// The units, each with its milliseconds.
    const UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)];
}

impl FromStr for DurationArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let unit = if unit.is_empty() { "s" } else { unit };
        let unit = Self::UNITS.iter().find(|(name, _)| *name == unit);
        let (Some((_, unit)), false) = (unit, number.is_empty()) else {
            return Err(
                "a time is a whole number of seconds, or one with ms, s, m or h: 90, 30s, 2m"
                    .to_owned(),
            );
        };
        // More digits than fit are more than a day.
        let number: u64 = number.parse().unwrap_or(u64::MAX);
        let time = Duration::from_millis(number.saturating_mul(*unit));
        if time < Self::LEAST {
            return Err("the shortest is 1s".to_owned());
        }
        if time > Self::MOST {
            return Err("the longest is 24h".to_owned());
        }
        Ok(Self(time))
    }
}

/// A processor architecture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ArchArg {
    /// 64-bit x86
    #[value(name = "x86_64", alias = "amd64")]
    X86_64,
    /// 64-bit Arm (Graviton)
    #[value(name = "arm64", alias = "aarch64")]
    Arm64,
}

impl ArchArg {
    /// EC2's name of it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let rows = [
            ("2..8", Some(2), Some(8)),
            ("2..=8", Some(2), Some(8)),
            ("2..", Some(2), None),
            ("..8", None, Some(8)),
            ("4", Some(4), Some(4)),
        ];
        for (text, least, most) in rows {
            assert_eq!(text.parse(), Ok(IntRange { least, most }), "{text}");
        }
        for text in ["", "..", "a..b", "8..2", "-1..4", "1...4"] {
            assert!(text.parse::<IntRange>().is_err(), "{text}");
        }
    }

    #[test]
    fn times() {
        for (text, seconds) in
            [("90", 90), ("30s", 30), ("2m", 120), ("1000ms", 1), ("24h", 86_400)]
        {
            assert_eq!(text.parse(), Ok(DurationArg(Duration::from_secs(seconds))), "{text}");
        }
        for text in
            ["", "s", "-1", "1.5s", "2 m", "2M", "1d", "0", "999ms", "25h", "99999999999999999999"]
        {
            assert!(text.parse::<DurationArg>().is_err(), "{text}");
        }
    }
}
