//! What is to spare at the end of a step: for the nodes' warm targets, for one more node, and of each
//! subnet.
//!
//! One more node is the least that runs its pods: its instance, its ENIs, its pods' addresses. What it
//! keeps warm beside them is another matter: a node that cannot have it is Ready and runs its pods, and is
//! found by its unmet target. In prefix mode it is one more node as it settles, since what comes in whole
//! blocks does not come in parts.

use std::collections::BTreeMap;

use super::{
    result::{TightKind, TightReason},
    run::Engine,
};
use crate::{
    finding::counted,
    ipam::{PoolMode, PoolRules, PoolSettings, steady_state},
    simulate::{PodsPerNode, layout::MOST_MARGIN},
};

/// What one more node takes from one subnet.
#[derive(Debug, Clone, Copy, Default)]
struct Take {
    addresses: u32,
    prefixes: u32,
}

impl Engine<'_> {
    /// Keeps where there is nothing to spare now, or was at the worst moment of the step.
    pub(super) fn note_tight(&mut self) {
        self.note_unmet_targets();
        if self.layout.margin < MOST_MARGIN {
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

    /// What one more node of a group takes, by subnet, whichever of the group's subnets it goes to.
    fn next_node(&self, group: usize) -> BTreeMap<usize, Take> {
        let kind = self.spreads[group].next_kind();
        let settings = &self.pools[group][kind];
        let own = self.layout.groups[group].subnets.iter().copied();
        let mut takes: BTreeMap<usize, Take> = BTreeMap::new();
        for own in own.filter(|subnet| !self.is_lost(*subnet)) {
            let pods = self.pod_subnet(group, own);
            for (subnet, take) in self.takes(group, settings, (own, pods)) {
                let most = takes.entry(subnet).or_default();
                most.addresses = most.addresses.max(take.addresses);
                most.prefixes = most.prefixes.max(take.prefixes);
            }
        }
        takes
    }

    /// The subnet that a node's further ENIs go to: the ENIConfig's, or the own where discovery has no
    /// other; `None` where they go to whichever subnet has most room.
    fn pod_subnet(&self, group: usize, own: usize) -> Option<usize> {
        match self.own_cni[group].pod_subnets() {
            Some(by_zone) => by_zone.get(self.world.zone(own)?).copied().flatten(),
            None if !self.own_cni[group].by_ipamd() => Some(own),
            None => Some(own).filter(|own| self.world.discovered(*own) == [*own]),
        }
    }

    /// What a node in the first of two subnets takes there and in the other, which is its pods'.
    fn takes(
        &self,
        group: usize,
        settings: &PoolSettings,
        (own, pods): (usize, Option<usize>),
    ) -> Vec<(usize, Take)> {
        let written = &self.layout.groups[group];
        let most = settings.max_pods.saturating_sub(written.host_network_pods);
        let wanted = match self.base[group] {
            PodsPerNode::Pods(pods) => pods,
            PodsPerNode::Fill => most.saturating_sub(written.branch_pods),
        };
        let slots = wanted.div_ceil(settings.addresses_per_slot());
        let slots = match (settings.rules, settings.mode) {
            (PoolRules::Ipamd, PoolMode::SecondaryIp) => slots,
            (PoolRules::Ipamd, PoolMode::Prefix) | (PoolRules::Windows(_) | PoolRules::Ipv6, _) => {
                steady_state(settings, wanted).map_or(slots, |steady| steady.slots)
            }
        };
        let per_eni = settings.slots_per_eni();
        let on_primary = if settings.primary_carries() { slots.min(per_eni) } else { 0 };
        let beside = (slots - on_primary).min(settings.most_addresses());
        let enis = if per_eni == 0 { 0 } else { beside.div_ceil(per_eni) };
        let take = |enis: u32, slots: u32| match settings.mode {
            PoolMode::SecondaryIp => Take { addresses: enis + slots, prefixes: 0 },
            PoolMode::Prefix => Take { addresses: enis, prefixes: slots },
        };
        let mut here = take(1, on_primary);
        let mut there = take(enis, beside);
        let branches = if settings.custom_networking { &mut there } else { &mut here };
        branches.addresses += written.branch_pods;
        match pods {
            Some(pods) if pods == own => {
                here.addresses += there.addresses;
                here.prefixes += there.prefixes;
                vec![(own, here)]
            }
            Some(pods) => vec![(own, here), (pods, there)],
            None => vec![(own, here)],
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
            let unit = node.settings().addresses_per_slot();
            let pools = node.slots_by_eni().zip(node.pods_by_eni());
            for (eni, (slots, pods)) in machine.holdings.enis.iter().zip(pools) {
                waiting[eni.subnet] += (slots * unit).saturating_sub(pods);
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
