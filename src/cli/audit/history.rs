//! `--history` as typed.

use std::{path::PathBuf, str::FromStr};

use clap::Args;

/// What a forecast is made from.
#[derive(Debug, Clone, Args)]
pub struct HistoryArgs {
    /// Forecast when subnets run out, from a directory of snapshots
    ///
    /// The directory can also hold saved output of `aws cloudwatch get-metric-data` with eksnet's metrics.
    #[arg(help_heading = "Forecast", long, value_name = "DIR")]
    pub history: Option<PathBuf>,
    /// A subnet that runs out within this time is a finding: 30d, 6w
    #[arg(
        help_heading = "Forecast",
        long,
        value_name = "TIME",
        default_value = "30d",
        hide_short_help = true,
        requires = "history"
    )]
    pub horizon: HorizonArg,
}

/// A time to look ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HorizonArg {
    /// Its days.
    pub days: u32,
}

impl FromStr for HorizonArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = || "a horizon is days or weeks, such as 30d or 6w".to_owned();
        let (number, unit) = match (text.strip_suffix('d'), text.strip_suffix('w')) {
            (Some(number), _) => (number, 1),
            (None, Some(number)) => (number, 7),
            (None, None) => return Err(wanted()),
        };
        if !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wanted());
        }
        let number: u32 = number.parse().map_err(|_| wanted())?;
        number.checked_mul(unit).map(|days| Self { days }).ok_or_else(wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn horizons() {
        for (text, days) in [("30d", 30), ("6w", 42), ("0d", 0)] {
            assert_eq!(text.parse(), Ok(HorizonArg { days }), "{text}");
        }
        for text in ["", "d", "30", "1m", "-1d", "+1d", "1.5d", "4294967295w", "30 d"] {
            assert!(text.parse::<HorizonArg>().is_err(), "{text}");
        }
    }
}
