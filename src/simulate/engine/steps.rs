//! What steps do at once; time goes by afterwards.

use std::net::Ipv4Addr;

use super::{
    result::{LayoutFailure, Reason, Shortage, SubnetShort},
    run::Engine,
    spread::leaving,
    world::Refusal,
};
use crate::{
    cni::Discovery,
    ipam::PoolMode,
    simulate::{
        MOST_NODES,
        layout::{Factor, Group},
        settings::InForce,
    },
};

/// Free addresses that an upgrade asks for in each cluster subnet.
const UPGRADE_ADDRESSES: u32 = 5;

impl Engine<'_> {
    /// Other holders take their addresses.
    pub(super) fn others(&mut self) {
        for (subnet, addresses) in &self.layout.others {
            let placed = (0..*addresses).take_while(|_| self.world.take_one(*subnet).is_ok());
            let placed = u64::try_from(placed.count()).unwrap_or(u64::MAX);
            if placed < u64::from(*addresses) {
                let short = (Some(*subnet), Reason::InsufficientFreeAddresses);
                self.fail(None, Shortage::Addresses, (u64::from(*addresses), placed), short);
            }
        }
        let held = self.held();
        for (subnet, held) in self.world.subnets.iter_mut().zip(held) {
            subnet.fixed = subnet.space().used() - held;
        }
    }

    /// A group gets so many nodes; the newest go first, as far as the zones stay alike.
    pub(super) fn scale(&mut self, group: usize, nodes: u32) {
        let wanted = usize::try_from(nodes).unwrap_or(usize::MAX);
        self.shrink(group, wanted);
        let missing = wanted.saturating_sub(self.members[group].len());
        self.join_all(std::iter::repeat_n(group, missing));
        // Pods of bursts belong to no node: they go where there is room.
        let pods = std::mem::take(&mut self.unscheduled[group]);
        self.burst(group, pods);
    }

    /// A group's nodes beyond so many go.
    fn shrink(&mut self, group: usize, wanted: usize) {
        let count = self.members[group].len().saturating_sub(wanted);
        if count == 0 {
            return;
        }
        let members = std::mem::take(&mut self.members[group]);
        let zone = |id: &usize| self.machines[*id].subnet.and_then(|at| self.world.zone(at));
        let zones: Vec<Option<usize>> = members.iter().map(zone).collect();
        for (id, leaves) in members.into_iter().zip(leaving(&zones, count)) {
            if leaves {
                self.unscheduled[group] += u64::from(self.machines[id].want.extra);
                self.terminate(id);
            } else {
                self.members[group].push(id);
            }
        }
    }

    /// A group gets so many times its nodes, rounded up and within its bounds. How many it has is
    /// known only now where bursts made it grow.
    pub(super) fn grow(&mut self, group: usize, factor: Factor) {
        let now = u32::try_from(self.members[group].len()).unwrap_or(u32::MAX);
        let nodes = factor.of(now);
        let Group { min, max, .. } = self.layout.groups[group];
        let nodes = u32::try_from(nodes).unwrap_or(u32::MAX).max(min.unwrap_or(0));
        self.scale(group, nodes.min(max.unwrap_or(MOST_NODES)));
    }

    /// The nodes of a zone go, all at once, and are started elsewhere; so do cross-account
    /// interfaces. Other holders stay.
    pub(super) fn lose_zone(&mut self, zone: usize) {
        self.lost_zones[zone] = true;
        let mut lost = Vec::new();
        for lists in [&self.members, &self.pooled] {
            for (group, ids) in lists.iter().enumerate() {
                for (at, id) in ids.iter().enumerate() {
                    if self.machines[*id].subnet.is_some_and(|subnet| self.is_lost(subnet)) {
                        lost.push((group, at, *id));
                    }
                }
            }
        }
        for (_, _, id) in &lost {
            self.terminate(*id);
        }
        for (group, at, id) in lost {
            let new = self.replace(id);
            let is_pooled = self.machines[new].line().is_pooled;
            let lists = if is_pooled { &mut self.pooled } else { &mut self.members };
            lists[group][at] = new;
        }
        self.replace_interfaces();
    }

    /// Nodes may come to a zone again, and interfaces that no subnet had room for. Those that wait for any
    /// subnet find it by themselves; what runs stays where it is.
    pub(super) fn restore_zone(&mut self, zone: usize) {
        self.lost_zones[zone] = false;
        let wanted = self.layout.control_plane.as_ref().map_or(0, |written| written.count);
        let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
        let new = self.interfaces(wanted.saturating_sub(self.control_plane.len()));
        self.control_plane.extend(new);
    }

    /// Cross-account interfaces of lost zones go, and come again in the control plane's other subnets:
    /// EKS replaces control plane instances that fail (EKS user guide, "Understand resilience in Amazon
    /// EKS clusters"). When it makes their interfaces is not documented; here at once, so that a layout
    /// that fits does not rest on its waiting.
    fn replace_interfaces(&mut self) {
        let held = std::mem::take(&mut self.control_plane);
        let (lost, left): (Vec<_>, Vec<_>) =
            held.into_iter().partition(|(subnet, _)| self.is_lost(*subnet));
        self.control_plane = left;
        for (subnet, address) in &lost {
            self.world.give_one(*subnet, *address);
        }
        let new = self.interfaces(lost.len());
        let all_came = new.len() == lost.len();
        self.control_plane.extend(new);
        if !all_came {
            self.fail_interfaces(self.control_plane.len());
        }
    }

    /// The control plane's subnets outside of lost zones.
    fn interface_subnets(&self) -> Vec<usize> {
        let subnets = self.layout.control_plane.iter().flat_map(|interfaces| &interfaces.subnets);
        subnets.copied().filter(|subnet| !self.is_lost(*subnet)).collect()
    }

    /// So many new cross-account interfaces as far as there is room, in turn in the control plane's
    /// subnets; a full one passes its turn to the next.
    fn interfaces(&mut self, count: usize) -> Vec<(usize, Ipv4Addr)> {
        let subnets = self.interface_subnets();
        let mut new = Vec::new();
        for turn in 0..count {
            let mut rotated = subnets.iter().cycle().skip(turn).take(subnets.len());
            let found = rotated.find_map(|subnet| {
                self.world.take_one(*subnet).ok().map(|address| (*subnet, address))
            });
            new.extend(found);
        }
        new
    }

    fn fail_interfaces(&mut self, placed: usize) {
        let Some(interfaces) = &self.layout.control_plane else { return };
        let subnet = self.interface_subnets().first().copied();
        let reason = match subnet {
            Some(_) => Reason::InsufficientFreeAddresses,
            None => Reason::NoSubnet,
        };
        let placed = u64::try_from(placed).unwrap_or(u64::MAX);
        let figures = (u64::from(interfaces.count), placed);
        self.fail(None, Shortage::Interfaces, figures, (subnet, reason));
    }

    /// An upgrade, which EKS refuses unless each cluster subnet has room: `need at least 5 IPs in each
    /// subnet` (EKS user guide, "Update existing cluster to new Kubernetes version").
    pub(super) fn upgrade_control_plane(&mut self) {
        let subnets = self.layout.control_plane.iter().flat_map(|interfaces| &interfaces.subnets);
        let free = subnets.map(|subnet| {
            let live = &mut self.world.subnets[*subnet];
            live.note_reading(PoolMode::SecondaryIp, UPGRADE_ADDRESSES);
            (*subnet, live.room())
        });
        let short: Vec<(usize, u32)> = free.filter(|(_, free)| *free < UPGRADE_ADDRESSES).collect();
        for (subnet, free) in &short {
            let figures = (UPGRADE_ADDRESSES.into(), u64::from(*free));
            let short = (Some(*subnet), Reason::ControlPlaneNeedsFive);
            self.fail(None, Shortage::FreeAddresses, figures, short);
        }
        if short.is_empty() {
            self.place_control_plane();
        }
    }

    /// New cross-account interfaces come in turn to the control plane's subnets, and the old go
    /// only when all are there.
    pub(super) fn place_control_plane(&mut self) {
        let Some(interfaces) = &self.layout.control_plane else { return };
        let wanted = usize::try_from(interfaces.count).unwrap_or(0);
        let new = self.interfaces(wanted);
        let placed = new.len();
        let gone =
            if placed == wanted { std::mem::replace(&mut self.control_plane, new) } else { new };
        for (subnet, address) in gone {
            self.world.give_one(subnet, address);
        }
        if placed < wanted {
            self.fail_interfaces(placed);
        }
    }

    /// Other CNI settings. Targets and discovery hold at once, everywhere; how pods get their
    /// addresses holds for nodes that start from now on.
    pub(super) fn set_cni(&mut self, settings: &InForce) {
        self.cni = settings.clone();
        self.world.rediscover(Discovery::new(&settings.cni));
        self.find_pools();
        for id in self.members.concat() {
            self.touch(id);
            let machine = &mut self.machines[id];
            if let Some(node) = &mut machine.node {
                node.retarget(&self.pools[machine.group][machine.kind]);
            }
        }
    }

    /// Keeps what did not fit.
    pub(super) fn fail(
        &mut self,
        group: Option<usize>,
        what: Shortage,
        (wanted, placed): (u64, u64),
        (subnet, reason): (Option<usize>, Reason),
    ) {
        self.was_short((subnet, reason));
        self.failures.push(LayoutFailure {
            step: self.world.step,
            subnet: subnet.map(|subnet| self.layout.subnets[subnet].name.to_string()),
            group: group.map(|group| self.layout.groups[group].name.to_string()),
            what,
            wanted,
            placed,
            reason,
        });
    }

    /// Keeps that a subnet left something without a place.
    pub(super) fn was_short(&mut self, (subnet, reason): Refusal) {
        let step = self.world.step;
        if let Some(short) = subnet.and_then(|subnet| self.short.get_mut(subnet)) {
            short.get_or_insert(SubnetShort { step, reason });
        }
    }
}
