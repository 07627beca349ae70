//! `eksnet diff` as typed.

use std::{path::PathBuf, str::FromStr};

use clap::Args;

use super::{
    OutputFileArg,
    format::{Format, TableArgs, formats},
    headings::OUTPUT,
};

/// The arguments of `diff`; help shows the text of the command.
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:\n  eksnet diff monday.json friday.json\n  eksnet diff answers-old/ answers-new/ --old-at 2026-11-01 --new-at 2026-11-25 -o markdown"
)]
pub struct DiffArgs {
    /// The earlier side: a snapshot file, or a directory of saved AWS CLI output
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The later side
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// When OLD was captured, for saved output without a time
    ///
    /// RFC 3339, or a day (its start in UTC).
    #[arg(help_heading = "Selection", long, value_name = "TIME")]
    pub old_at: Option<MomentArg>,
    /// When NEW was captured
    #[arg(help_heading = "Selection", long, value_name = "TIME")]
    pub new_at: Option<MomentArg>,
    /// Accept subnets larger than /16, which some accounts have
    #[arg(help_heading = "Selection", long, hide_short_help = true)]
    pub allow_large_cidr: bool,
    /// Output format
    #[arg(help_heading = OUTPUT, short, long, value_parser = formats("diff"), default_value = "table", value_name = "FORMAT")]
    pub output: Format,
    /// How tables are laid out.
    #[command(flatten)]
    pub table: TableArgs,
    /// Where the output goes.
    #[command(flatten)]
    pub file: OutputFileArg,
}

/// A moment: RFC 3339, or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MomentArg(pub jiff::Timestamp);

impl FromStr for MomentArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // A day has no clock time: "2026-11-25T10:00" would otherwise be cut to its day.
        let day = || {
            let day: jiff::civil::Date =
                (!text.contains(['T', 't', ' '])).then(|| text.parse().ok())??;
            Some(day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
        };
        text.parse().ok().or_else(day).map(Self).ok_or_else(|| {
            "a moment is such as 2026-11-25T10:00:00Z, or a day such as 2026-11-25".to_owned()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        for (text, moment) in [
            ("2026-11-25T10:00:00Z", "2026-11-25T10:00:00Z"),
            ("2026-11-25T10:00:00+02:00", "2026-11-25T08:00:00Z"),
            ("2026-11-25", "2026-11-25T00:00:00Z"),
        ] {
            assert_eq!(text.parse::<MomentArg>().unwrap().0.to_string(), moment, "{text}");
        }
        for text in ["", "yesterday", "2026-13-01", "2026-11-25T10:00", "25.11.2026", "1764000000"]
        {
            assert!(text.parse::<MomentArg>().is_err(), "{text}");
        }
    }
}
