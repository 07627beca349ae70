//! What AWS asks of a VPC: of its IPv4 blocks, each and together, and of how much may lie in it.
//!
//! Only what the blocks themselves tell is judged. A route that already leads into a block, a peered
//! VPC and a Direct Connect gateway can make AWS refuse it too (VPC user guide, "VPC CIDR blocks").

mod broken;
mod ranges;

use std::ops::RangeInclusive;

pub use broken::BrokenVpcRule;

use super::{Cidr, space::LARGEST_ALLOWED};
use ranges::{IMPOSSIBLE, PRIVATE, RFC_1918, TEN_FIFTEEN, TEN_SIXTEEN, restricted};

/// The prefix lengths of a VPC's block (VPC user guide, "VPC CIDR blocks").
pub const VPC_BLOCK_LENGTHS: RangeInclusive<u8> = 16..=28;
/// IPv4 blocks a VPC may have, the primary one among them (Amazon VPC quotas, "VPC and subnets").
pub const CIDR_QUOTA: usize = 5;
/// What that quota can be raised to (same place).
const MOST_CIDRS: usize = 50;
/// Network address units a VPC may have (VPC user guide, "Network Address Usage for your VPC").
const UNIT_QUOTA: u64 = 64_000;
/// What that quota can be raised to (same place).
const MOST_UNITS: u64 = 256_000;
/// Units from which the quota is near: 80 percent of it, as the threshold of subnets that warns.
const NEAR_UNITS: u64 = UNIT_QUOTA / 100 * 80;

/// The rules that a VPC's IPv4 blocks break: the primary one first, the others in the order in which
/// they are added. Blocks larger than /16 count as legal, down to /8, if `allow_large` is set.
///
/// Sizes come first, then ranges that no VPC can have, overlaps, blocks that cannot be added, and the
/// number of blocks; within a rule in the order of the blocks, each of which breaks a rule once at
/// most. Nothing is said of a list without a block.
#[must_use]
pub fn broken_vpc_rules(cidrs: &[Cidr], allow_large: bool) -> Vec<BrokenVpcRule> {
    let shortest = if allow_large { LARGEST_ALLOWED } else { *VPC_BLOCK_LENGTHS.start() };
    let added =
        || cidrs.iter().enumerate().map(|(at, cidr)| (cidrs.get(..at).unwrap_or(&[]), *cidr));
    let sizes = cidrs.iter().filter_map(|cidr| size(*cidr, shortest));
    let impossible = cidrs.iter().filter_map(|cidr| impossible(*cidr));
    let overlaps = added().filter_map(|(earlier, cidr)| overlap(earlier, cidr));
    let additions = added().filter_map(|(earlier, cidr)| addition(earlier, cidr));
    sizes.chain(impossible).chain(overlaps).chain(additions).chain(number(cidrs.len())).collect()
}

/// Whether a block has addresses that belong to somebody on the internet: AWS takes it, and what is
/// behind those addresses cannot be reached from the VPC any more. 172.32.0.0/16 is taken for private
/// in the wild, and is not.
#[must_use]
pub fn is_public_space(cidr: Cidr) -> bool {
    !PRIVATE.iter().any(|range| range.covers(cidr)) && impossible(cidr).is_none()
}

/// Whether a block lies in one of the three ranges of RFC 1918.
#[must_use]
pub fn is_rfc_1918(cidr: Cidr) -> bool {
    RFC_1918.iter().any(|range| range.covers(cidr))
}

fn size(cidr: Cidr, shortest: u8) -> Option<BrokenVpcRule> {
    let longest = *VPC_BLOCK_LENGTHS.end();
    let broken = BrokenVpcRule::Size { cidr, shortest, longest };
    (!(shortest..=longest).contains(&cidr.prefix_len())).then_some(broken)
}

fn impossible(cidr: Cidr) -> Option<BrokenVpcRule> {
    let range = IMPOSSIBLE.into_iter().find(|range| range.overlaps(cidr))?;
    Some(BrokenVpcRule::Impossible { cidr, range })
}

fn overlap(earlier: &[Cidr], cidr: Cidr) -> Option<BrokenVpcRule> {
    let other = earlier.iter().copied().find(|other| other.overlaps(cidr))?;
    Some(BrokenVpcRule::Overlap { cidr, other })
}

/// Whether a block can be added to a VPC that has others already. A range is met by a block that has
/// one address of it: blocks of /16 and smaller lie in one range, larger ones may reach into several.
fn addition(earlier: &[Cidr], cidr: Cidr) -> Option<BrokenVpcRule> {
    let primary = *earlier.first()?;
    let range = restricted(primary).iter().copied().find(|range| range.overlaps(cidr));
    if let Some(range) = range {
        return Some(BrokenVpcRule::Restricted { cidr, range, primary });
    }
    // This one row of the table speaks of any block that the VPC has, and not of the primary one: so
    // 10.0.0.0/16 may come before 10.1.0.0/16 and not after it.
    let earlier = earlier.iter().copied().find(|earlier| TEN_FIFTEEN.overlaps(*earlier))?;
    let broken = BrokenVpcRule::TooLate { cidr, range: TEN_SIXTEEN, within: TEN_FIFTEEN, earlier };
    TEN_SIXTEEN.overlaps(cidr).then_some(broken)
}

fn number(count: usize) -> Option<BrokenVpcRule> {
    let (quota, most) = (CIDR_QUOTA, MOST_CIDRS);
    if count > most {
        Some(BrokenVpcRule::TooManyCidrs { count, most })
    } else {
        (count > quota).then_some(BrokenVpcRule::ManyCidrs { count, quota, most })
    }
}

/// Network address units of addresses and of delegated prefixes: one each, so that a prefix counts
/// once and not 16 times (VPC user guide, "Network Address Usage for your VPC").
#[must_use]
pub fn network_address_units(addresses: u64, prefixes: u64) -> u64 {
    addresses.saturating_add(prefixes)
}

/// What so many network address units in a VPC break, or are near to break: from 80 percent of the
/// default quota on.
#[must_use]
pub fn broken_unit_rule(units: u64) -> Option<BrokenVpcRule> {
    let (quota, most) = (UNIT_QUOTA, MOST_UNITS);
    if units > most {
        Some(BrokenVpcRule::TooManyUnits { units, most })
    } else if units > quota {
        Some(BrokenVpcRule::ManyUnits { units, quota, most })
    } else {
        (units >= NEAR_UNITS).then_some(BrokenVpcRule::NearUnits { units, quota, most })
    }
}
