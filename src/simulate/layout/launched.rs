//! What a group's nodes were seen to be launched with, which its new nodes are launched with too where the
//! scenario states no interfaces.

use super::resolved::Group;
use crate::{
    density::LaunchSettings,
    finding::counted,
    simulate::observed::{ObservedEni, ObservedNode},
};

/// What several nodes are launched with, by the reading that takes the most addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    /// The most ENIs with an address on other network cards.
    beside: u32,
    /// The most prefixes of one of those.
    prefixes: u32,
    /// The fewest ENIs of the default card that the CNI leaves alone: an ENI of the pool in its place holds
    /// more. Those with an address, and those without.
    unmanaged: (u32, u32),
    /// The most addresses of one of those.
    addresses: u32,
}

impl Seen {
    fn of(node: &ObservedNode) -> Self {
        let count = |takes: fn(&ObservedEni) -> bool| {
            let taking = node.enis.iter().filter(|eni| takes(eni));
            u32::try_from(taking.count()).unwrap_or(u32::MAX)
        };
        let most = |takes: fn(&ObservedEni) -> bool, held: fn(&ObservedEni) -> u32| {
            node.enis.iter().filter(|eni| takes(eni)).map(held).max().unwrap_or(0)
        };
        Self {
            beside: count(is_beside),
            prefixes: most(is_beside, |eni| u32::try_from(eni.prefixes.len()).unwrap_or(u32::MAX)),
            unmanaged: (
                count(is_unmanaged),
                count(|eni| eni.on_card && !eni.is_pool() && eni.primary.is_none()),
            ),
            addresses: most(is_unmanaged, ObservedEni::held),
        }
    }

    fn and(self, other: Self) -> Self {
        let (with, without) = (self.unmanaged, other.unmanaged);
        Self {
            beside: self.beside.max(other.beside),
            prefixes: self.prefixes.max(other.prefixes),
            unmanaged: (with.0.min(without.0), with.1.min(without.1)),
            addresses: self.addresses.max(other.addresses),
        }
    }
}

fn is_beside(eni: &ObservedEni) -> bool {
    !eni.on_card && eni.primary.is_some()
}

fn is_unmanaged(eni: &ObservedEni) -> bool {
    eni.on_card && !eni.is_pool() && eni.primary.is_some()
}

/// The interfaces of a group's nodes beside their primary ENI and what ipamd attached.
pub(super) fn take_over<'s>(group: &mut Group<'_>, nodes: impl Iterator<Item = &'s ObservedNode>) {
    let written = group.launch;
    let states = |launch: &LaunchSettings| {
        launch.efa > 0 || launch.efa_only > 0 || launch.unmanaged_enis > 0
    };
    let Some(seen) = nodes.map(Seen::of).reduce(Seen::and).filter(|_| !states(&written)) else {
        return;
    };
    let efa = |(limits, _): &(&_, u32)| LaunchSettings::efa_with(limits, seen.beside);
    let (unmanaged_enis, card_efa_only) = seen.unmanaged;
    let launch = LaunchSettings {
        efa: group.types.iter().map(efa).max().unwrap_or(0),
        card_efa_only,
        unmanaged_enis,
        unmanaged_addresses: if unmanaged_enis > 0 { seen.addresses } else { 1 },
        efa_prefix_count: written.efa_prefix_count.max(seen.prefixes),
        ..written
    };
    if launch == written {
        return;
    }
    let rows = [
        (
            seen.beside,
            "interface with an address on another network card",
            "interfaces with an address on other network cards",
        ),
        (
            unmanaged_enis,
            "ENI that the VPC CNI does not manage",
            "ENIs that the VPC CNI does not manage",
        ),
        (
            card_efa_only,
            "efa-only interface on the default network card",
            "efa-only interfaces on the default network card",
        ),
    ];
    let there = rows.into_iter().filter(|(count, ..)| *count > 0);
    let all: Vec<String> = there.map(|(count, one, many)| counted(count, one, many)).collect();
    (group.launch, group.launch_shown) = (launch, Some(all.join(", ")));
}
