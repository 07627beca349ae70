//! What one more node of a group takes, subnet by subnet.
//!
//! It is the node as it settles, with what it keeps warm: once something happens to a layout, nodes go and
//! others come, and each takes its warm pool before the next. Of what stands at the start it is the least that
//! runs the node's pods, since a node without its warm pool is Ready and is found by its unmet target; in
//! prefix mode it is the settled node there too, as what comes in whole blocks does not come in parts.

use std::collections::BTreeMap;

use super::run::Engine;
use crate::{
    ipam::{
        ADDRESSES_PER_PREFIX, CountedSubnets, Node, PoolMode, PoolRules, PoolSettings, steady_state,
    },
    simulate::PodsPerNode,
};

/// Passes after which a node that no form tells of has what it takes.
const PASSES: u32 = 60;

/// What one more node takes from one subnet.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Take {
    pub(super) addresses: u32,
    pub(super) prefixes: u32,
}

impl Take {
    fn of_slots(mode: PoolMode, slots: u32) -> Self {
        match mode {
            PoolMode::SecondaryIp => Self { addresses: slots, prefixes: 0 },
            PoolMode::Prefix => Self { addresses: 0, prefixes: slots },
        }
    }

    /// An ENI with its slots.
    fn of_eni(mode: PoolMode, slots: u32) -> Self {
        let slots = Self::of_slots(mode, slots);
        Self { addresses: slots.addresses.saturating_add(1), ..slots }
    }

    fn add(&mut self, other: Self) {
        self.addresses = self.addresses.saturating_add(other.addresses);
        self.prefixes = self.prefixes.saturating_add(other.prefixes);
    }

    fn most(&mut self, other: Self) {
        self.addresses = self.addresses.max(other.addresses);
        self.prefixes = self.prefixes.max(other.prefixes);
    }
}

impl Engine<'_> {
    /// What one more node of a group takes, by subnet, whichever of the group's subnets it goes to.
    pub(super) fn next_node(&self, group: usize) -> BTreeMap<usize, Take> {
        let kind = self.spreads[group].next_kind();
        let settings = &self.pools[group][kind];
        let own = self.layout.groups[group].subnets.iter().copied();
        let mut takes: BTreeMap<usize, Take> = BTreeMap::new();
        for own in own.filter(|subnet| !self.is_lost(*subnet)) {
            for (subnet, take) in self.takes(group, settings, own) {
                takes.entry(subnet).or_default().most(take);
            }
        }
        takes
    }

    /// What a node in a subnet takes there, and where its further ENIs go.
    fn takes(&self, group: usize, settings: &PoolSettings, own: usize) -> BTreeMap<usize, Take> {
        let written = &self.layout.groups[group];
        let settings = PoolSettings {
            primary_excluded: settings.rules == PoolRules::Ipamd
                && !settings.custom_networking
                && self.world.excludes_primary(own),
            ..settings.clone()
        };
        let most = settings.max_pods.saturating_sub(written.host_network_pods);
        let pods = match self.base[group] {
            PodsPerNode::Pods(pods) => pods.min(most),
            PodsPerNode::Fill => most.saturating_sub(written.branch_pods),
        };
        let slots = self.slots(&settings, pods);
        let per_eni = settings.slots_per_eni();
        let (launched, other) = settings.launched.on_primary(settings.mode);
        let room = per_eni.saturating_sub(other);
        let on_primary = if settings.primary_carries() { slots.min(room) } else { 0 };
        let mut of_own = Take::of_eni(settings.mode, on_primary.max(launched));
        of_own.add(Take::of_slots(settings.mode.other(), other));
        let (addresses, prefixes) = settings.launched.beside();
        of_own.add(Take { addresses, prefixes });
        let mut takes = BTreeMap::from([(own, of_own)]);
        // A trunk and branch ENIs lie with the instance, or where the ENIConfig says.
        let apart = written.branch_pods + u32::from(settings.pod_eni);
        let beside = self.own_cni[group]
            .pod_subnets()
            .map_or(Some(own), |by_zone| by_zone.get(self.world.zone(own)?).copied().flatten());
        if let Some(beside) = beside {
            let take = Take { addresses: apart, prefixes: 0 };
            takes.entry(beside).or_default().add(take);
        }
        let mut left = slots - on_primary;
        if left == 0 || per_eni == 0 {
            return takes;
        }
        let candidates = match self.own_cni[group].pod_subnets() {
            Some(_) => beside.into_iter().collect(),
            None if self.own_cni[group].is_auto_mode() => vec![own],
            None => self.world.discovered(own),
        };
        while left > 0 {
            let eni = Take::of_eni(settings.mode, left.min(per_eni));
            left -= left.min(per_eni);
            let Some(subnet) = self.emptiest(&candidates, &takes) else { break };
            takes.entry(subnet).or_default().add(eni);
        }
        takes
    }

    /// The subnet with most room as it was at the worst moment, less what the node has taken so far: where
    /// discovery puts a further ENI. Of several that are alike the first.
    fn emptiest(&self, candidates: &[usize], takes: &BTreeMap<usize, Take>) -> Option<usize> {
        let room = |subnet: &usize| {
            let less = takes.get(subnet).copied().unwrap_or_default();
            let room = self.world.subnets.get(*subnet).map_or(0, |live| live.step_room);
            let prefixes = i64::from(less.prefixes) * i64::from(ADDRESSES_PER_PREFIX);
            i64::from(room) - i64::from(less.addresses) - prefixes
        };
        candidates.iter().rev().copied().max_by_key(room)
    }

    /// Slots for so many pods: with those that are warm, or only the least.
    fn slots(&self, settings: &PoolSettings, pods: u32) -> u32 {
        let least = pods.min(settings.most_addresses()).div_ceil(settings.addresses_per_slot());
        match (settings.rules, settings.mode) {
            (PoolRules::Ipamd, PoolMode::SecondaryIp) if self.world.step == 0 => least,
            (
                PoolRules::Ipamd | PoolRules::Windows(_) | PoolRules::AutoMode | PoolRules::Ipv6,
                _,
            ) => {
                let settled = steady_state(settings, pods).map(|steady| steady.slots);
                settled.unwrap_or_else(|| most_slots(settings, pods)).max(least)
            }
        }
    }
}

/// The most slots that a node with so many pods ever holds, its subnets having room.
fn most_slots(settings: &PoolSettings, pods: u32) -> u32 {
    let mut subnets = CountedSubnets::new(None, None);
    let (mut node, _) = Node::start(settings.clone(), &mut subnets);
    let mut most = node.counts().prefixes;
    for _ in 0..PASSES {
        node.add_pods(pods.saturating_sub(node.counts().assigned));
        node.pass(&mut subnets);
        most = most.max(node.counts().prefixes);
    }
    most
}
