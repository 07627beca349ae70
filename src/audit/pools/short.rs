//! What a subnet has too few of, when the nodes in it are replaced by others.

use std::collections::BTreeSet;

use super::model::Taken;
use crate::{
    audit::{count::SubnetCount, drain::Subnets},
    ipam::ADDRESSES_PER_PREFIX,
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
    /// Addresses that the subnet has too few for that, all others in it staying: what EC2 can assign
    /// decides, and where prefixes are asked for whole /28 blocks. `None` when that could not be seen.
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
}

/// What nodes take of a subnet, now and when fresh ones stand in their place.
#[derive(Debug, Default)]
pub(super) struct Change<'a> {
    pub(super) now: Taken,
    pub(super) then: Taken,
    /// The nodes, by instance.
    pub(super) nodes: BTreeSet<&'a str>,
}

impl Change<'_> {
    pub(super) fn row(&self, subnet: &SubnetCount, blocks: &Subnets<'_>) -> WhatIfSubnet {
        let short = self.short(subnet, blocks);
        WhatIfSubnet {
            subnet_id: subnet.subnet_id.clone(),
            held: self.now.addresses(),
            would_hold: self.then.addresses(),
            short: short.map(|(addresses, _)| addresses),
            short_prefixes: short.map(|(_, prefixes)| prefixes),
        }
    }

    /// Addresses that are short, and the /28 blocks among them. The nodes' own addresses count as given
    /// back, though a fresh node may come before the old one goes: so this is the least.
    fn short(&self, subnet: &SubnetCount, blocks: &Subnets<'_>) -> Option<(u32, u32)> {
        let room = subnet.room()?;
        let more = |then: u32, now: u32| then.saturating_sub(now);
        let prefixes = if self.then.prefixes > self.now.prefixes {
            let given_back = blocks.given_back(&subnet.subnet_id, &self.nodes)?;
            let open = subnet.assignable_prefixes?.saturating_add(given_back);
            more(self.then.prefixes, open)
        } else {
            0
        };
        let singles = more(more(self.then.singles, self.now.singles), room.singles);
        let all = more(more(self.then.addresses(), self.now.addresses()), room.addresses);
        let parts = prefixes.saturating_mul(ADDRESSES_PER_PREFIX).saturating_add(singles);
        Some((parts.max(all), prefixes))
    }
}
