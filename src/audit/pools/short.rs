//! What a subnet has too few of, when the nodes in it are replaced by others.

use std::collections::{BTreeMap, BTreeSet};

use super::model::TakenAddresses;
use crate::{
    audit::count::SubnetCount,
    inventory::Inventory,
    ipam::ADDRESSES_PER_PREFIX,
    network::{AddressSpace, SubnetAddresses},
};

/// One subnet under other settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WhatIfSubnet {
    /// The subnet.
    pub subnet_id: String,
    /// Addresses that the nodes' ENIs hold in it.
    pub held: u32,
    /// Addresses that they would hold.
    pub would_hold: u32,
    /// Addresses that fresh nodes would hold under today's settings: what `held` loses to this is given
    /// back by replacing the nodes alone. `None` where no such nodes could be modelled.
    pub fresh: Option<u32>,
    /// Addresses that the subnet has too few for that, all others in it staying: what EC2 can assign
    /// decides, and where prefixes are asked for whole /28 blocks. `None` when that is not available.
    pub short: Option<u32>,
    /// The /28 blocks among them.
    pub short_prefixes: Option<u32>,
}

impl WhatIfSubnet {
    /// Addresses saved; negative: more are held.
    #[must_use]
    pub fn saved(&self) -> i64 {
        i64::from(self.held) - i64::from(self.would_hold)
    }

    /// Addresses saved by fresh nodes under today's settings; negative: more are held.
    #[must_use]
    pub fn saved_by_fresh_nodes(&self) -> Option<i64> {
        Some(i64::from(self.held) - i64::from(self.fresh?))
    }
}

/// What nodes take of a subnet, now and when fresh ones stand in their place.
#[derive(Debug, Default)]
pub(super) struct SubnetChange<'a> {
    pub(super) now: TakenAddresses,
    pub(super) then: TakenAddresses,
    /// Fresh nodes under today's settings.
    pub(super) fresh: TakenAddresses,
    /// Whether that of some node is not known.
    pub(super) is_fresh_unknown: bool,
    /// The nodes, by instance.
    pub(super) nodes: BTreeSet<&'a str>,
}

impl SubnetChange<'_> {
    /// The row of the subnet; `left` is what others than the nodes leave open in it.
    pub(super) fn row(&self, subnet: &SubnetCount, left: Option<&SubnetAddresses>) -> WhatIfSubnet {
        let short = left.and_then(|left| self.short(subnet, left));
        WhatIfSubnet {
            subnet_id: subnet.subnet_id.clone(),
            held: self.now.addresses(),
            would_hold: self.then.addresses(),
            fresh: (!self.is_fresh_unknown).then(|| self.fresh.addresses()),
            short: short.map(|(addresses, _)| addresses),
            short_prefixes: short.map(|(_, prefixes)| prefixes),
        }
    }

    /// Addresses that are short, and the /28 blocks among them. The nodes' own addresses count as given
    /// back, though a fresh node may come before the old one goes, and what new ENIs fragment for
    /// prefixes counts for nothing: so this is the least.
    fn short(&self, subnet: &SubnetCount, left: &SubnetAddresses) -> Option<(u32, u32)> {
        // Without the reservations, or EC2's count of a shared subnet, nothing is known.
        subnet.room()?;
        let hidden = subnet.held?.saturating_sub(subnet.used?);
        let space = left.space();
        let all = space.free().saturating_sub(space.explicit_free());
        let more = |then: u32, open: u32| then.saturating_sub(open.saturating_sub(hidden));
        let prefixes = self.then.prefixes.saturating_sub(left.open_prefixes());
        let singles = more(self.then.singles, left.room());
        let parts = prefixes.saturating_mul(ADDRESSES_PER_PREFIX).saturating_add(singles);
        Some((parts.max(more(self.then.addresses(), all)), prefixes))
    }
}

/// The subnets as EC2 assigns from them when the nodes of each change are gone from it, by id.
pub(super) fn left<'a>(
    inventory: &'a Inventory,
    changes: &BTreeMap<&str, SubnetChange<'_>>,
) -> BTreeMap<&'a str, SubnetAddresses> {
    let mut spaces: BTreeMap<&str, AddressSpace> = BTreeMap::new();
    for subnet in &inventory.subnets {
        if changes.contains_key(subnet.subnet_id.as_str())
            // How large it may be was asked when it was counted.
            && let Some((space, _)) = subnet.cidr.and_then(|cidr| subnet.space(cidr, true).ok())
        {
            spaces.insert(&subnet.subnet_id, space);
        }
    }
    for interface in inventory.interfaces.iter().flatten() {
        let id = interface.subnet_id.as_str();
        let stays = |change: &SubnetChange<'_>| {
            interface.instance_id().is_none_or(|instance| !change.nodes.contains(instance))
        };
        if changes.get(id).is_some_and(stays)
            && let Some(space) = spaces.get_mut(id)
        {
            // What is wrong with it was said when it was counted.
            let _ = interface.take_from(space, |_, _| {});
        }
    }
    spaces.into_iter().map(|(id, space)| (id, SubnetAddresses::new(space))).collect()
}
