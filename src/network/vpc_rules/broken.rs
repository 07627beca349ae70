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
                format!("{cidr} cannot be a VPC's block: a block is a /{shortest} to /{longest}")
            }
            Self::Impossible { cidr, range } => {
                format!("{cidr} cannot be a VPC's block: no VPC can have addresses of {range}")
            }
            Self::Overlap { cidr, other } => format!("{cidr} overlaps {other}"),
            Self::Restricted { cidr, range, primary } => format!(
                "{cidr} cannot be added to a VPC whose primary block is {primary}: no block of \
                 {range} can"
            ),
            Self::TooLate { cidr, range, within, earlier } => format!(
                "{cidr} cannot be added after {earlier}: no block of {range} can once the VPC has \
                 one of {within}"
            ),
            Self::ManyCidrs { count, quota, .. } => {
                format!("{count} IPv4 blocks are more than the default quota of {quota} a VPC")
            }
            Self::TooManyCidrs { count, most } => {
                format!("{count} IPv4 blocks are more than the {most} that a VPC can have")
            }
            Self::NearUnits { units, quota, .. } => {
                format!("{units} network address units are near the default quota of {quota} a VPC")
            }
            Self::ManyUnits { units, quota, .. } => format!(
                "{units} network address units are more than the default quota of {quota} a VPC: \
                 unless it was raised, EC2 answers NetworkAddressUsageLimitExceeded"
            ),
            Self::TooManyUnits { units, most } => format!(
                "{units} network address units are more than the {most} that a VPC can have: EC2 \
                 answers NetworkAddressUsageLimitExceeded"
            ),
        }
    }

    /// What to do.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Size { cidr, shortest, .. } if cidr.prefix_len() < *shortest => {
                format!("take /{shortest} blocks of it, as many as are needed")
            }
            Self::Size { longest, .. } => format!("take a block of /{longest} or larger"),
            Self::Impossible { .. } => {
                "take a block of RFC 1918 (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16) or of \
                 100.64.0.0/10"
                    .to_owned()
            }
            Self::Overlap { .. } => "leave one of them out, or move one".to_owned(),
            Self::Restricted { cidr, range, primary } if fits_reversed(*range, *primary) => {
                format!("create the VPC with {cidr} as its primary block and add {primary} to it")
            }
            Self::Restricted { .. } => {
                "take a block of 100.64.0.0/10, which can be added to any VPC".to_owned()
            }
            Self::TooLate { range, within, .. } => format!(
                "take a block of 10.0.0.0/8 outside {range}: one in it has to come before any other \
                 of {within}"
            ),
            Self::ManyCidrs { most, .. } => format!(
                "ask AWS to raise the quota \"IPv4 CIDR blocks per VPC\", to {most} at most, or take \
                 fewer and larger blocks"
            ),
            Self::TooManyCidrs { .. } => "take fewer and larger blocks, or a second VPC".to_owned(),
            Self::NearUnits { most, .. } => format!(
                "ask AWS to raise the quota, to {most} at most, before the VPC grows; the CloudWatch \
                 metric NetworkAddressUsage has AWS's own count"
            ),
            Self::ManyUnits { most, .. } => format!(
                "ask AWS to raise the quota, to {most} at most, or spread the workload over more VPCs"
            ),
            Self::TooManyUnits { .. } => "spread the workload over more VPCs".to_owned(),
        }
    }
}
