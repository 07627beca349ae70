//! The sets of targets among which the search looks.

use std::collections::BTreeSet;

use super::{
    figures::WarmGroup,
    targets::{WarmTargets, is_prefix},
};
use crate::{ipam::ADDRESSES_PER_PREFIX, simulate::Target};

/// The smallest WARM_IP_TARGET that is proposed. An address that was freed rests for 30 s and counts as
/// available meanwhile, so that a node with one warm address has none when a second pod is replaced.
pub const LEAST_WARM_IP: u32 = 2;

/// Up to here every WARM_IP_TARGET is tried, up to the next every fourth, and then every sixteenth.
const EACH: u32 = 32;
const EVERY_FOURTH: u32 = 128;

/// Every set of targets that the search looks at for some groups: WARM_ENI_TARGET and WARM_PREFIX_TARGET
/// by themselves, and WARM_IP_TARGET with and without MINIMUM_IP_TARGET up to what serves the most pods
/// from the start on.
#[must_use]
pub fn warm_grid(groups: &[WarmGroup]) -> Vec<WarmTargets> {
    let Some(first) = groups.first() else { return Vec::new() };
    let in_force = WarmTargets::of(&first.settings);
    let most = groups.iter().map(|group| group.most_pods).max().unwrap_or(0);
    let whole = |wanted: bool, most: u32, otherwise: Target| {
        if wanted {
            (1..=most.max(1)).map(|count| Target::Value(count.into())).collect()
        } else {
            vec![otherwise]
        }
    };
    let (prefixes, singles) = (any(groups, true), any(groups, false));
    let carriers = groups.iter().map(|group| group.settings.carriers()).max().unwrap_or(0);
    let warm_enis = whole(singles, carriers, in_force.warm_eni_target);
    let most_prefixes = most.div_ceil(ADDRESSES_PER_PREFIX) + 1;
    let warm_prefixes = whole(prefixes, most_prefixes, in_force.warm_prefix_target);
    let mut grid = Vec::new();
    for warm_eni_target in warm_enis {
        grid.extend(warm_prefixes.iter().map(|warm_prefix_target| WarmTargets {
            warm_eni_target,
            warm_ip_target: Target::Unset,
            minimum_ip_target: Target::Unset,
            warm_prefix_target: *warm_prefix_target,
        }));
    }
    let minimums = minimums(most + LEAST_WARM_IP, singles);
    for warm_ip in warm_ips(groups, most) {
        grid.extend(minimums.iter().map(|minimum_ip_target| WarmTargets {
            warm_ip_target: Target::Value(warm_ip.into()),
            minimum_ip_target: *minimum_ip_target,
            ..in_force
        }));
    }
    grid
}

fn any(groups: &[WarmGroup], prefix: bool) -> bool {
    groups.iter().any(|group| is_prefix(&group.settings) == prefix)
}

/// WARM_IP_TARGETs, those among them that serve a group's burst at once.
fn warm_ips(groups: &[WarmGroup], most: u32) -> BTreeSet<u32> {
    let step = |warm_ip: &u32| {
        *warm_ip <= EACH
            || (*warm_ip <= EVERY_FOURTH && warm_ip.is_multiple_of(4))
            || warm_ip.is_multiple_of(16)
    };
    let bursts = groups.iter().map(|group| group.most_pods.saturating_sub(group.usual_pods));
    let all = (LEAST_WARM_IP..=most.max(LEAST_WARM_IP)).filter(step);
    all.chain(bursts.filter(|burst| *burst >= LEAST_WARM_IP)).collect()
}

/// MINIMUM_IP_TARGETs; of whole prefixes each once.
fn minimums(most: u32, singles: bool) -> Vec<Target> {
    let last = most.next_multiple_of(ADDRESSES_PER_PREFIX);
    let all = (1..=last).filter(|minimum| {
        if singles { *minimum <= most } else { minimum.is_multiple_of(ADDRESSES_PER_PREFIX) }
    });
    let set = all.map(|minimum| Target::Value(minimum.into()));
    std::iter::once(Target::Unset).chain(set).collect()
}
