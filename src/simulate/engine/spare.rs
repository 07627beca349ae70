//! What is to spare at the end of a step: for the nodes' warm targets, for one more node, and of each
//! subnet.

use std::collections::BTreeMap;

use super::{
    result::{TightKind, TightReason},
    run::Engine,
};
use crate::{
    finding::counted,
    ipam::{PoolMode, PoolRules},
    simulate::layout::MOST_MARGIN,
};

impl Engine<'_> {
    /// Keeps where there is nothing to spare now, or was at the worst moment of the step.
    pub(super) fn note_tight(&mut self) {
        self.note_unmet_targets();
        if self.layout.margin < MOST_MARGIN {
            self.note_prefix_fallback();
            self.note_next_nodes();
            self.note_margin();
        }
    }

    /// Nodes whose pool is below its target, by group and the subnet that refused.
    fn note_unmet_targets(&mut self) {
        let mut unmet: BTreeMap<(usize, Option<usize>), u64> = BTreeMap::new();
        for (group, members) in self.members.iter().enumerate() {
            for machine in members.iter().chain(&self.pooled[group]).map(|id| &self.machines[*id]) {
                let node = machine.node.as_ref().filter(|node| node.is_below_target());
                if let Some((subnet, _)) = machine.holdings.refused.filter(|_| node.is_some()) {
                    *unmet.entry((group, subnet)).or_default() += 1;
                }
            }
        }
        for ((group, subnet), nodes) in unmet {
            let name = &self.layout.groups[group].name;
            let whose = if nodes == 1 { "its" } else { "their" };
            let place = match subnet {
                Some(subnet) => {
                    format!(
                        "{} has too few free addresses or /28 blocks",
                        self.layout.subnets[subnet].name
                    )
                }
                None => "no subnet has room".to_owned(),
            };
            let text = format!(
                "{} of group {name} cannot reach {whose} warm target: {place}",
                counted(nodes, "node", "nodes"),
            );
            self.tight_at(TightKind::WarmTargetUnmet, subnet, Some(group), (nodes, text));
        }
    }

    /// Nodes of EKS Auto Mode that hold single addresses in place of prefixes, by group and subnet.
    fn note_prefix_fallback(&mut self) {
        let mut fallen: BTreeMap<(usize, usize), u64> = BTreeMap::new();
        for (group, members) in self.members.iter().enumerate() {
            for machine in members.iter().map(|id| &self.machines[*id]) {
                let Some(node) = &machine.node else { continue };
                let settings = node.settings();
                if settings.rules != PoolRules::AutoMode || settings.mode != PoolMode::Prefix {
                    continue;
                }
                let single = machine.holdings.enis.iter().find(|eni| eni.single_addresses() > 0);
                if let Some(eni) = single {
                    *fallen.entry((group, eni.subnet)).or_default() += 1;
                }
            }
        }
        for ((group, subnet), nodes) in fallen {
            let text = format!(
                "{} of group {} took single addresses: {} had no free /28",
                counted(nodes, "node", "nodes"),
                self.layout.groups[group].name,
                self.layout.subnets[subnet].name
            );
            let kind = TightKind::PrefixFallback;
            self.tight_at(kind, Some(subnet), Some(group), (nodes, text));
        }
    }

    /// Subnets without room for one more node of the groups that use them.
    fn note_next_nodes(&mut self) {
        let groups = 0..self.members.len();
        for group in groups.filter(|group| !self.members[*group].is_empty()).collect::<Vec<_>>() {
            let name = &self.layout.groups[group].name;
            for (subnet, take) in self.next_node(group) {
                let live = &self.world.subnets[subnet];
                let (room, blocks) = (live.step_room, live.step_prefixes);
                let place = &self.layout.subnets[subnet].name;
                if room < take.addresses {
                    let text = format!(
                        "{place} has room for {}: one more node of group {name} needs {}",
                        counted(room, "more address", "more addresses"),
                        take.addresses
                    );
                    let kind = TightKind::NextEniRefused;
                    self.tight_at(kind, Some(subnet), Some(group), (room.into(), text));
                }
                if blocks < take.prefixes {
                    let text = format!(
                        "{place} has {} left: one more node of group {name} needs {}",
                        counted(blocks, "assignable /28 prefix", "assignable /28 prefixes"),
                        take.prefixes
                    );
                    let kind = TightKind::LastPrefixes;
                    self.tight_at(kind, Some(subnet), Some(group), (blocks.into(), text));
                }
            }
        }
    }

    /// Subnets of which more was in use than the margin allows.
    fn note_margin(&mut self) {
        let waiting = self.waiting();
        for (subnet, waiting) in waiting.into_iter().enumerate() {
            let live = &self.world.subnets[subnet];
            let usable = u64::from(live.space().usable());
            let used = u64::from(live.step_peak.saturating_sub(waiting));
            // What the layout does not touch is not its matter.
            if live.step_peak <= live.fixed || used * 100 <= usable * u64::from(self.layout.margin)
            {
                continue;
            }
            let percent = (used * 100).div_ceil(usable);
            let text = format!(
                "{}: {percent}% of its addresses are in use, not counting those that wait for pods: \
                 the margin is {}%",
                self.layout.subnets[subnet].name, self.layout.margin
            );
            self.tight_at(TightKind::Margin, Some(subnet), None, (percent, text));
        }
    }

    /// Addresses in the nodes' pools that no pod holds, by subnet.
    fn waiting(&self) -> Vec<u32> {
        let mut waiting: Vec<u32> = self.world.subnets.iter().map(|_| 0).collect();
        for machine in self.members.iter().flatten().map(|id| &self.machines[*id]) {
            let Some(node) = &machine.node else { continue };
            let pools = node.addresses_by_eni().zip(node.pods_by_eni());
            // An instance has ENIs beside those of the pool, such as EFA's.
            for (id, (addresses, pods)) in node.eni_ids().zip(pools) {
                let held = machine.holdings.enis.iter().find(|eni| eni.id == id);
                if let Some(eni) = held {
                    waiting[eni.subnet] += addresses.saturating_sub(pods);
                }
            }
        }
        waiting
    }

    fn tight_at(
        &mut self,
        kind: TightKind,
        subnet: Option<usize>,
        group: Option<usize>,
        (value, text): (u64, String),
    ) {
        let reason = TightReason {
            kind,
            subnet: subnet.map(|subnet| self.layout.subnets[subnet].name.to_string()),
            group: group.map(|group| self.layout.groups[group].name.to_string()),
            value,
            step: self.world.step,
            text,
        };
        self.tight.add(reason);
    }
}
