//! How subnets stand.

use super::{percent::Percent, thresholds::Thresholds};
use crate::{audit::count::SubnetCount, finding::Severity};

/// How a subnet stands against the thresholds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// The number that decides is not available.
    Unknown,
    /// Below the thresholds.
    Ok,
    /// At or over the warning threshold.
    Warning,
    /// At or over the critical threshold.
    Critical,
}

impl Status {
    /// The status's name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

impl Status {
    /// The worse of it and of what was found: what is only worth knowing leaves it as it is.
    #[must_use]
    pub fn with(self, worst: Option<Severity>) -> Self {
        self.max(match worst {
            Some(Severity::Critical) => Self::Critical,
            Some(Severity::Warning) => Self::Warning,
            Some(Severity::Info) | None => Self::Unknown,
        })
    }
}

impl Thresholds {
    /// How a subnet stands against them. What the ENIs show is a floor: if that alone is critical, more
    /// cannot help.
    #[must_use]
    pub fn status(&self, subnet: &SubnetCount) -> Status {
        let (Some(floor), Some(usable)) = (subnet.used, subnet.usable) else {
            return Status::Unknown;
        };
        let reached = |bar: Percent| bar.is_reached(subnet.held.unwrap_or(floor), usable);
        if reached(self.critical_at) {
            Status::Critical
        } else if subnet.held.is_none() {
            Status::Unknown
        } else if reached(self.warn_at) {
            Status::Warning
        } else {
            Status::Ok
        }
    }
}
