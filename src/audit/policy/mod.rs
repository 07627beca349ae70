//! What an audit is held against: the bars, and a policy file's say in checks and findings.

mod checks;
mod fail_on;
mod file;
mod ignore;
mod rules;
mod tunable;

use std::{fmt, str::FromStr};

use jiff::civil::Date;

pub use fail_on::{FailOn, FailOnError};
pub use file::{parse_policy, policy_schema};
pub use ignore::{Ignore, Target};
pub use rules::{Changes, Override, Policy};
pub use tunable::{Field, Tunable};

use super::forecast::History;
use crate::instance::Catalogue;

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

/// What an audit is held against.
#[derive(Debug, Clone)]
pub struct Settings<'a> {
    /// The bars.
    pub bars: Bars,
    /// Whether subnets larger than /16 are accepted.
    pub allow_large: bool,
    /// The limits of instance types.
    pub catalogue: &'a Catalogue,
    /// Earlier readings to forecast from.
    pub history: Option<&'a History>,
    /// What a policy file says of checks and findings.
    pub policy: &'a Policy,
    /// The day of the audit, which rows of the policy expire by.
    pub today: Date,
}

impl<'a> Settings<'a> {
    /// Settings for the counts alone: plain bars, no history, and a policy without rows, to which the
    /// day is all the same.
    #[must_use]
    pub fn counting(catalogue: &'a Catalogue, policy: &'a Policy, allow_large: bool) -> Self {
        Self {
            bars: Bars::default(),
            allow_large,
            catalogue,
            history: None,
            policy,
            today: Date::ZERO,
        }
    }
}

/// The bars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars {
    /// Part of a subnet's usable addresses in use from which it is a warning.
    pub warn_at: Percent,
    /// The part from which it is critical.
    pub critical_at: Percent,
    /// Fewer free addresses than this are critical.
    pub min_free: Option<u32>,
    /// Fewer assignable prefixes than this are critical.
    pub min_prefixes: Option<u32>,
    /// Single addresses that EC2 can assign below which it is a warning.
    pub single_addresses: u32,
    /// Fragmentation score from which it is worth knowing, where prefixes are in use.
    pub fragmentation_info: Percent,
    /// The score from which it is a warning.
    pub fragmentation_warn: Percent,
    /// Prefixes each node may ask for at once; `None`: its warm prefix target, or 1.
    pub warm_prefixes: Option<u32>,
    /// Nodes that come at once, for which prefixes are kept.
    pub surge_nodes: u32,
    /// Available addresses, by EC2's count, up to which a prefix reservation hides a subnet's space.
    pub hidden_at: u32,
    /// Free addresses that a cluster's upgrade needs in each of its subnets.
    pub upgrade_addresses: u32,
    /// Free addresses that are recommended in each subnet of a cluster.
    pub cluster_addresses: u32,
    /// Free addresses that a load balancer wants in each of its subnets.
    pub load_balancer_addresses: u32,
    /// Part of a zone's addresses in use from which it is nearly full.
    pub zone_full: Percent,
    /// The part up to which another zone has space.
    pub zone_empty: Percent,
    /// Part of a subnet's usable addresses that nodes hold warm beyond their targets from which it is a
    /// warning.
    pub warm_waste: Percent,
}

impl Default for Bars {
    fn default() -> Self {
        Self {
            warn_at: Percent::whole(80),
            critical_at: Percent::whole(90),
            min_free: None,
            min_prefixes: None,
            // What a load balancer, the hungriest of the usual ones, asks for at once.
            single_addresses: 8,
            // The bands of AWS's own script (awslabs/aws-support-tools, subnet_frag.py): medium from
            // 50, high from 75.
            fragmentation_info: Percent::whole(50),
            fragmentation_warn: Percent::whole(75),
            warm_prefixes: None,
            surge_nodes: 1,
            hidden_at: 15,
            // "need at least 5 IPs in each subnet" is what EKS answers otherwise (aws/containers-roadmap
            // #1693).
            upgrade_addresses: 5,
            // EKS user guide, "Amazon EKS networking requirements for VPC and subnets".
            cluster_addresses: 16,
            // Elastic Load Balancing user guide, "Subnets for your Application Load Balancer".
            load_balancer_addresses: 8,
            zone_full: Percent::whole(80),
            zone_empty: Percent::whole(50),
            warm_waste: Percent::whole(10),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
