//! What stands at the head of every page: what was looked at, and the answer.

use super::text;

/// The head of a page.
#[derive(Debug)]
pub(super) struct Head {
    /// The command, such as `audit`.
    pub(super) command: &'static str,
    /// What was looked at.
    pub(super) subject: String,
    /// Where and when, in a few words each.
    pub(super) facts: Vec<String>,
    /// The answer.
    pub(super) verdict: VerdictBand,
}

/// The answer in a sentence, and what belongs to it.
#[derive(Debug)]
pub(super) struct VerdictBand {
    pub(super) grade: Grade,
    pub(super) sentence: String,
    pub(super) more: Vec<String>,
}

/// How bad it is. Never shown by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grade {
    Good,
    Info,
    Warning,
    Critical,
    Unknown,
}

impl Grade {
    /// The class that gives it its colour.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Good => "is-good",
            Self::Info => "is-info",
            Self::Warning => "is-warning",
            Self::Critical => "is-critical",
            Self::Unknown => "is-unknown",
        }
    }

    /// Its mark.
    pub(super) fn mark(self) -> &'static str {
        match self {
            Self::Good => "✔",
            Self::Info => "ℹ",
            Self::Warning => "▲",
            Self::Critical => "✖",
            Self::Unknown => "?",
        }
    }
}

/// A number that decides, large.
#[derive(Debug)]
pub(super) struct Tile {
    pub(super) label: &'static str,
    pub(super) value: String,
    pub(super) note: String,
    pub(super) grade: Grade,
}

impl Head {
    /// The title of the window and of the printed page: the subject and the day.
    pub(super) fn title(&self, day: Option<&str>) -> String {
        let subject = text(&self.subject);
        let parts = [Some(subject.as_str()), day, Some("eksnet")].into_iter().flatten();
        format!("{} {}", parts.collect::<Vec<_>>().join(" · "), self.command)
    }

    /// The program's version.
    #[expect(
        clippy::unused_self,
        reason = "templates ask the head for what stands at the foot as well"
    )]
    pub(super) fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}
