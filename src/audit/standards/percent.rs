//! Percentages that are compared exactly.

use std::{fmt, str::FromStr};

/// A percentage from 0 to 100 in hundredths, so that comparing with it is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(u32);

/// Why a text is no percentage.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a percentage from 0 to 100 with at most two decimals")]
pub struct PercentError(String);

impl Percent {
    /// A whole percentage, 100 at most.
    #[must_use]
    pub const fn whole(percent: u32) -> Self {
        Self(if percent > 100 { 100 } else { percent } * 100)
    }

    /// Whether `part` of `whole` is at or over it, unrounded.
    #[must_use]
    pub fn is_reached(self, part: u32, whole: u32) -> bool {
        self.is_reached_by(u64::from(part), u64::from(whole))
    }

    /// The least part of `whole` that is at or over it.
    #[must_use]
    pub fn reached_at(self, whole: u32) -> u32 {
        let part = (u64::from(self.0) * u64::from(whole)).div_ceil(10_000);
        // A hundred percent at most, so no more than the whole.
        u32::try_from(part).unwrap_or(whole)
    }

    /// Whether `part` of `whole` is over it, unrounded.
    #[must_use]
    pub fn is_passed_by(self, part: u64, whole: u64) -> bool {
        u128::from(part) * 10_000 > u128::from(self.0) * u128::from(whole)
    }

    /// The same as [`Self::is_reached`], of sums over subnets.
    #[must_use]
    pub fn is_reached_by(self, part: u64, whole: u64) -> bool {
        u128::from(part) * 10_000 >= u128::from(self.0) * u128::from(whole)
    }
}

/// A part of a whole in whole percent for people, `85%`: rounded, but never to all or to nothing while that is
/// not so, and never over a threshold that is not reached or below one that is.
#[must_use]
pub fn whole_percent(part: u64, whole: u64, thresholds: &[Percent]) -> String {
    if whole == 0 {
        return "0%".to_owned();
    }
    let (hundred, of) = (u128::from(part) * 100, u128::from(whole));
    let (floor, rounded) = (hundred / of, (hundred * 2 + of) / (of * 2));
    if rounded == 0 && part > 0 {
        return "<1%".to_owned();
    }
    let is_true = |percent: u128| {
        let same = |threshold: &Percent| {
            (percent * 100 >= u128::from(threshold.0)) == threshold.is_reached_by(part, whole)
        };
        (percent < 100 || part >= whole) && thresholds.iter().all(same)
    };
    match [rounded, floor, floor + 1].into_iter().find(|percent| is_true(*percent)) {
        Some(percent) => format!("{percent}%"),
        // Between two whole numbers with a threshold at each side.
        None => format!("{floor}.{}%", hundred * 10 / of % 10),
    }
}

impl FromStr for Percent {
    type Err = PercentError;

    fn from_str(text: &str) -> Result<Self, PercentError> {
        let error = || PercentError(text.to_owned());
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(decimals) || decimals.len() > 2 {
            return Err(error());
        }
        let hundredths: u32 = format!("{whole}{decimals:0<2}").parse().map_err(|_| error())?;
        if hundredths > 10_000 {
            return Err(error());
        }
        Ok(Self(hundredths))
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(f, "{whole}"),
            (whole, part) if part % 10 == 0 => write!(f, "{whole}.{}", part / 10),
            (whole, part) => write!(f, "{whole}.{part:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_percents_cross_no_threshold() {
        let usual = [Percent::whole(80), Percent::whole(90)];
        for (part, whole, shown) in [
            (863, 1019, "85%"),
            (0, 251, "0%"),
            // Some is used, some is free.
            (1, 65_531, "<1%"),
            (251, 251, "100%"),
            (996, 1000, "99%"),
            (65_530, 65_531, "99%"),
            // 79.6 % and 89.99 % have not reached 80 and 90.
            (796, 1000, "79%"),
            (8999, 10_000, "89%"),
            (800, 1000, "80%"),
            (0, 0, "0%"),
        ] {
            assert_eq!(whole_percent(part, whole, &usual), shown, "{part} of {whole}");
        }
        // 87.4 % has not reached 87.4999, nor 87.6 % fallen below 87.5.
        let half = ["87.5".parse::<Percent>().unwrap()];
        assert_eq!(whole_percent(876, 1000, &half), "88%");
        assert_eq!(whole_percent(874, 1000, &half), "87%");
        let tight = [Percent::whole(80), "80.3".parse::<Percent>().unwrap()];
        assert_eq!(whole_percent(8049, 10_000, &tight), "81%");
        let both = ["80.1".parse::<Percent>().unwrap(), "80.9".parse::<Percent>().unwrap()];
        assert_eq!(whole_percent(805, 1000, &both), "80.5%");
    }

    #[test]
    fn percentages_are_exact() {
        for (text, shown) in [("80", "80"), ("87.5", "87.5"), ("0", "0"), ("99.95", "99.95")] {
            assert_eq!(text.parse::<Percent>().unwrap().to_string(), shown);
        }
        for text in ["101", "-1", "", ".", "5.", ".5", "1.234", "1e2", "80%", "100.01"] {
            assert!(text.parse::<Percent>().is_err(), "{text}");
        }
        assert!(Percent::whole(80).is_reached(8, 10));
        assert!(!Percent::whole(80).is_reached(79_999, 100_000));
        for (percent, whole, part) in [(80, 1019, 816), (100, 251, 251), (0, 251, 0), (90, 11, 10)]
        {
            assert_eq!(Percent::whole(percent).reached_at(whole), part, "{percent} of {whole}");
        }
    }
}
