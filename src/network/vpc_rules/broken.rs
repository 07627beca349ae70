//! A rule that is broken: what it is about, how it is said, and what to do.

use super::ranges::fits_reversed;
use crate::network::Cidr;

/// A rule of AWS for VPCs that is broken, or nearly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrokenVpcRule {
    /// A block is too large or too small.
    Size {
        /// The block.
        cidr: Cidr,
        /// The shortest prefix that would do.
        shortest: u8,
        /// The longest prefix that would do.
        longest: u8,
    },
    /// A block has addresses that no VPC can have.
    Impossible {
        /// The block.
        cidr: Cidr,
        /// The range they are of.
        range: Cidr,
    },
    /// A block shares addresses with one before it.
    Overlap {
        /// The block.
        cidr: Cidr,
        /// The first that it overlaps.
        other: Cidr,
    },
    /// A block is of a range that a VPC with this primary block cannot add.
    Restricted {
        /// The block.
        cidr: Cidr,
        /// The range.
        range: Cidr,
        /// The VPC's primary block.
        primary: Cidr,
    },
    /// A block is of a range that can be added only before any block of a wider one.
    TooLate {
        /// The block.
        cidr: Cidr,
        /// The range.
        range: Cidr,
        /// The wider range.
        within: Cidr,
        /// The first block of the wider range that comes before.
        earlier: Cidr,
    },
    /// More IPv4 blocks than the default quota, which can be raised.
    ManyCidrs {
        /// How many.
        count: usize,
        /// The default quota.
        quota: usize,
        /// What it can be raised to.
        most: usize,
    },
    /// More IPv4 blocks than the quota can be raised to.
    TooManyCidrs {
        /// How many.
        count: usize,
        /// What the quota can be raised to.
        most: usize,
    },
    /// Network address units near the default quota.
    NearUnits {
        /// How many.
        units: u64,
        /// The default quota.
        quota: u64,
        /// What it can be raised to.
        most: u64,
    },
    /// More network address units than the default quota, which can be raised.
    ManyUnits {
        /// How many.
        units: u64,
        /// The default quota.
        quota: u64,
        /// What it can be raised to.
        most: u64,
    },
    /// More network address units than the quota can be raised to.
    TooManyUnits {
        /// How many.
        units: u64,
        /// What the quota can be raised to.
        most: u64,
    },
}

impl BrokenVpcRule {
    /// Whether AWS refuses what breaks it, unless a quota was raised that by default forbids it. More
    /// blocks than the default quota are often granted, so that they are none.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        match self {
            Self::Size { .. }
            | Self::Impossible { .. }
            | Self::Overlap { .. }
            | Self::Restricted { .. }
            | Self::TooLate { .. }
            | Self::TooManyCidrs { .. }
            | Self::ManyUnits { .. }
            | Self::TooManyUnits { .. } => true,
            Self::ManyCidrs { .. } | Self::NearUnits { .. } => false,
        }
    }

    /// Network address units and how many there may be, where it is about them.
    #[must_use]
    pub fn units(&self) -> Option<(u64, u64)> {
        match *self {
            Self::NearUnits { units, quota, .. } | Self::ManyUnits { units, quota, .. } => {
                Some((units, quota))
            }
            Self::TooManyUnits { units, most } => Some((units, most)),
            Self::Size { .. }
            | Self::Impossible { .. }
            | Self::Overlap { .. }
            | Self::Restricted { .. }
            | Self::TooLate { .. }
            | Self::ManyCidrs { .. }
            | Self::TooManyCidrs { .. } => None,
        }
    }

    /// What is the case, with the values: a lower-case fragment.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::Size { cidr, shortest, longest } => {
                format!(
                    "{cidr} cannot be a VPC CIDR block: a block must be a /{shortest} to \
                         /{longest}"
                )
            }
            Self::Impossible { cidr, range } => {
                format!("{cidr} cannot be a VPC CIDR block: no VPC can use addresses of {range}")
            }
            Self::Overlap { cidr, other } => format!("{cidr} overlaps {other}"),
            Self::Restricted { cidr, range, primary } => format!(
                "{cidr} cannot be added to a VPC whose primary block is {primary}: AWS accepts no \
                 block of {range} there"
            ),
            Self::TooLate { cidr, range, within, earlier } => format!(
                "{cidr} cannot be added after {earlier}: AWS accepts no block of {range} once the \
                 VPC has a block of {within}"
            ),
            Self::ManyCidrs { count, quota, .. } => {
                format!("{count} IPv4 blocks exceed the default quota of {quota} per VPC")
            }
            Self::TooManyCidrs { count, most } => {
                format!("{count} IPv4 blocks exceed the maximum of {most} per VPC")
            }
            Self::NearUnits { units, quota, .. } => {
                format!(
                    "{units} network address units are near the default quota of {quota} per \
                         VPC"
                )
            }
            Self::ManyUnits { units, quota, .. } => format!(
                "{units} network address units exceed the default quota of {quota} per VPC: unless \
                 the quota was raised, EC2 returns NetworkAddressUsageLimitExceeded"
            ),
            Self::TooManyUnits { units, most } => format!(
                "{units} network address units exceed the maximum of {most} per VPC: EC2 returns \
                 NetworkAddressUsageLimitExceeded"
            ),
        }
    }

    /// What to do.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Size { cidr, shortest, .. } if cidr.prefix_len() < *shortest => {
                format!("use /{shortest} blocks inside it, as many as needed")
            }
            Self::Size { longest, .. } => format!("use a block of /{longest} or larger"),
            Self::Impossible { .. } => {
                "use a block of RFC 1918 (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16) or of \
                 100.64.0.0/10"
                    .to_owned()
            }
            Self::Overlap { .. } => "remove or move one of the two blocks".to_owned(),
            Self::Restricted { cidr, range, primary } if fits_reversed(*range, *primary) => {
                format!("create the VPC with {cidr} as its primary block and add {primary} to it")
            }
            Self::Restricted { .. } => {
                "use a block of 100.64.0.0/10, which can be added to any VPC".to_owned()
            }
            Self::TooLate { range, within, .. } => format!(
                "use a block of 10.0.0.0/8 outside {range}: a block inside it must be added before \
                 any other block of {within}"
            ),
            Self::ManyCidrs { most, .. } => format!(
                "ask AWS to raise the quota \"IPv4 CIDR blocks per VPC\" (maximum {most}), or use \
                 fewer and larger blocks"
            ),
            Self::TooManyCidrs { .. } => "use fewer and larger blocks, or a second VPC".to_owned(),
            Self::NearUnits { most, .. } => format!(
                "ask AWS to raise the quota (maximum {most}) before the VPC grows; the CloudWatch \
                 metric NetworkAddressUsage shows AWS's own count"
            ),
            Self::ManyUnits { most, .. } => format!(
                "ask AWS to raise the quota (maximum {most}), or spread the workload over more VPCs"
            ),
            Self::TooManyUnits { .. } => "spread the workload over more VPCs".to_owned(),
        }
    }
}
