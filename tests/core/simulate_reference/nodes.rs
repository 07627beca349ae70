//! Nodes start, make their passes and go; pods come to them.

use std::collections::BTreeMap;

use eksnet::{
    ipam::{Calls, StartError},
    simulate::{Reason, Scaler},
};

use super::{
    ledger::{Holder, ONE, Own, Piece},
    machine::Machine,
    pool::Node,
    reference::{ROUND_MS, Reference},
    seat::{PodSide, Refusal, Seat, Site},
    settings,
};

/// When a node that could not start is tried again.
const RETRY_MS: u64 = 60_000;
/// What the VPC resource controller calls for a branch ENI.
const BRANCH_CALLS: [&str; 3] =
    ["CreateNetworkInterface", "CreateNetworkInterfacePermission", "AssociateTrunkInterface"];

/// What can be seen of a node to change.
type State = (BTreeMap<Holder, Vec<Piece>>, u32, bool);

impl Reference<'_> {
    pub(crate) fn state(&self, id: usize) -> State {
        let machine = &self.machines[id];
        (self.ledger.of_node(id), machine.assigned(), machine.is_ready())
    }

    /// An instance is launched in the subnet of its turn, or else in the first that has an address for it;
    /// where none has, it waits where its turn was.
    pub(crate) fn start(&mut self, id: usize) {
        let Machine { group, kind, subnet, .. } = self.machines[id];
        self.machines[id].retry_ms = self.now_ms + RETRY_MS;
        let beyond = if self.machines[id].replaces_running { vec![] } else { vec![id] };
        if self.is_beyond(group, &beyond) {
            if beyond.is_empty() || !self.takes_other_type(id) {
                self.machines[id].site.refused = Some((None, Reason::NodePoolLimit));
                return;
            }
            return self.start(id);
        }
        if let Some(first) = subnet
            && self.start_in(id, first)
        {
            return;
        }
        let refused = match subnet {
            Some(_) => self.machines[id].site.refused,
            None => None,
        };
        let others =
            if self.scenario.node_groups[group].scaler == Some(Scaler::None) && subnet.is_some() {
                Vec::new()
            } else {
                self.order(group, kind, subnet)
            };
        for other in others.into_iter().filter(|other| Some(*other) != subnet) {
            self.machines[id].subnet = Some(other);
            if self.start_in(id, other) {
                return;
            }
        }
        self.machines[id].subnet = subnet;
        self.machines[id].site.refused = refused.or_else(|| Some(self.nowhere(group)));
    }

    /// Another type for a further node, among those that pass no limit with it: as if it were not there yet.
    fn takes_other_type(&mut self, id: usize) -> bool {
        let Machine { group, kind: old, .. } = self.machines[id];
        let written = &self.scenario.node_groups[group];
        let fitting: Vec<usize> = (0..settings::types(written).len())
            .filter(|kind| {
                self.machines[id].kind = *kind;
                !self.is_beyond(group, &[id])
            })
            .collect();
        self.machines[id].kind = old;
        self.machines[id].gone = true;
        let next = self.next_kind(group, |kind| fitting.contains(&kind));
        let next = next.map(|kind| (kind, self.order(group, kind, None).first().copied()));
        self.machines[id].gone = false;
        let Some((kind, subnet)) = next else { return false };
        let pool = settings::pool(&self.cni, written, kind);
        let machine = &mut self.machines[id];
        (machine.kind, machine.subnet) = (kind, subnet);
        machine.set_room(&pool, written);
        true
    }

    /// Why a node has no subnet to wait in: the first that is not lost refused others, or all are lost.
    fn nowhere(&self, group: usize) -> Refusal {
        let left = self.subnets_of(group).into_iter().find(|subnet| !self.is_lost(*subnet));
        left.map_or((None, Reason::NoSubnet), |subnet| {
            (Some(subnet), Reason::InsufficientFreeAddresses)
        })
    }

    /// An instance is launched in a subnet; whether that had an address for it.
    fn start_in(&mut self, id: usize, own: usize) -> bool {
        let Machine { group, kind, .. } = self.machines[id];
        let now_ms = self.now_ms;
        if self.scenario.node_groups[group].scaler == Some(Scaler::Karpenter) {
            let written = &self.scenario.node_groups[group];
            let pools = (0..settings::types(written).len())
                .map(|kind| settings::pool(&self.cni, written, kind).max_pods);
            self.karpenter.starts(&self.ledger, own, pools.min().unwrap());
        }
        let group = &self.scenario.node_groups[group];
        let mut pool = settings::pool(&self.cni, group, kind);
        let written = &self.scenario.subnets[own];
        let pods = match (&self.cni.custom_networking, settings::is_custom(&self.cni)) {
            (Some(by_zone), true) => {
                match group.pod_subnets.get(&written.zone).or(by_zone.get(&written.zone)) {
                    Some(name) => PodSide::EniConfig(self.subnet(name)),
                    None => PodSide::Missing,
                }
            }
            (Some(_) | None, _) => PodSide::Discovered,
        };
        // A primary ENI in a subnet that is tagged out of use carries no pod.
        pool.primary_excluded = pods == PodSide::Discovered
            && settings::discovers(&self.cni)
            && !settings::takes_enis(&self.cni, &written.tags, true);
        let machine = &mut self.machines[id];
        machine.set_room(&pool, group);
        machine.site = Site { own, pods, ..Site::default() };
        let (node, started) = Node::start(pool, &mut self.seat(id));
        if started == Err(StartError::NoAddressForNode) {
            self.karpenter.refused(own, now_ms);
            return false;
        }
        let machine = &mut self.machines[id];
        machine.node = Some(node);
        machine.born_ms = now_ms;
        (machine.counted, machine.paused_steps) = (Calls::default(), 0);
        self.changed_ms = self.changed_ms.max(now_ms);
        self.place(id);
        self.count_calls(id);
        true
    }

    fn seat(&mut self, id: usize) -> Seat<'_> {
        let site = &mut self.machines[id].site;
        Seat { ledger: &mut self.ledger, cni: &self.cni, id, site }
    }

    /// A node's pass, or another try of a start that failed.
    pub(crate) fn pass(&mut self, id: usize) {
        let now_ms = self.now_ms;
        if self.machines[id].gone {
            return;
        }
        if self.machines[id].node.is_none() && now_ms >= self.machines[id].retry_ms {
            self.start(id);
        }
        let before = self.state(id);
        let Some(mut node) = self.machines[id].node.take() else { return };
        if !node.is_ready() {
            // Its passes only take time; its daemon is restarted now and then.
            node.pass(&mut self.seat(id));
            if now_ms >= self.machines[id].retry_ms {
                self.machines[id].retry_ms = now_ms + RETRY_MS;
                node.start_again(&mut self.seat(id));
            }
        } else if self.machines[id].born_ms + node.now_ms() <= now_ms {
            // Not when the last pass, which freed an ENI, is still under way.
            node.pass(&mut self.seat(id));
        }
        self.machines[id].node = Some(node);
        self.place_at(id, now_ms + ROUND_MS);
        self.count_calls(id);
        if self.state(id) != before {
            self.changed_ms = now_ms + ROUND_MS;
        }
    }

    /// Brings pods to what is scheduled, as far as there are addresses, then branch ENIs.
    pub(crate) fn place(&mut self, id: usize) {
        self.place_at(id, self.now_ms);
    }

    fn place_at(&mut self, id: usize, at_ms: u64) {
        let machine = &mut self.machines[id];
        let scheduled = machine.pods().min(machine.room);
        let Some(node) = machine.node.as_mut().filter(|node| node.is_ready()) else { return };
        let mut found = 0;
        while node.counts().assigned < scheduled && node.add_pod() {
            found += 1;
        }
        while node.counts().assigned > scheduled && node.delete_newest() {}
        for _ in 0..found {
            if machine.lacking > 0 {
                machine.lacking -= 1;
            } else if let Some(arrival) = self
                .arrivals
                .iter_mut()
                .find(|arrival| arrival.node == id && arrival.found_ms.is_none())
            {
                // Nobody waits on a node that is not there yet.
                arrival.came_ms = arrival.came_ms.max(machine.born_ms);
                arrival.found_ms = Some(at_ms);
            }
        }
        let subnet = machine.site.trunk_subnet();
        while let Some(subnet) = subnet.filter(|_| self.lacks_branch(id)) {
            let taken = self.ledger.take(Holder::Branches(id), subnet, ONE, Own::No);
            self.machines[id].site.branch_refused = taken.err().map(|why| (Some(subnet), why));
            if taken.is_err() {
                break;
            }
            for operation in BRANCH_CALLS {
                self.add_calls(operation, 1);
            }
        }
        self.check_pods(id);
    }

    fn count_calls(&mut self, id: usize) {
        let machine = &mut self.machines[id];
        let Some(node) = &machine.node else { return };
        let further = std::mem::take(&mut machine.site.further_creates);
        let unasked = std::mem::take(&mut machine.site.unasked_creates);
        let calls = *node.calls();
        let before = std::mem::replace(&mut machine.counted, calls);
        let creates = calls.api.alloc_eni - before.api.alloc_eni;
        let creates = if node.settings().custom_networking { 0 } else { creates };
        // A node counts as v1.23 with discovery does, which looks tags up for each ENI it sets up.
        // Else a new ENI's subnet is looked up only to discover it, or since v1.22 for the tag 0.
        let looks_up = (settings::version(&self.cni) >= (22, 0), settings::discovers(&self.cni));
        for (operation, new) in calls.ec2.since(&before.ec2) {
            let new = match (operation, looks_up) {
                ("DescribeSubnets", (true, false) | (false, true)) => creates,
                ("DescribeSubnets", (false, false)) => 0,
                ("CreateNetworkInterface", _) => new - unasked,
                (_, _) => new,
            };
            self.add_calls(operation, u64::from(new));
        }
        self.add_calls("CreateNetworkInterface", further);
        let machine = &mut self.machines[id];
        let Some(node) = &machine.node else { return };
        if node.last_no_room_ms() != machine.no_room_ms {
            machine.no_room_ms = node.last_no_room_ms();
            let errors: BTreeMap<_, _> = calls.ec2_errors.since(&before.ec2_errors).collect();
            let failed = |operation| u64::from(errors.get(operation).copied().unwrap_or(0));
            let creates = failed("CreateNetworkInterface");
            let custom = node.settings().custom_networking;
            let describes = if custom || looks_up == (false, false) { 0 } else { creates };
            machine.in_vain = vec![
                ("AssignPrivateIpAddresses", failed("AssignPrivateIpAddresses")),
                ("CreateNetworkInterface", creates + further - u64::from(unasked)),
                ("DescribeSubnets", describes),
            ];
            // Another code is known for single addresses alone.
            let why = machine.site.refused;
            if !why
                .is_some_and(|(at, why)| at.is_some() && why == Reason::InsufficientFreeAddresses)
            {
                machine.in_vain.clear();
            }
        }
        let steps = u64::from(node.paused_steps() - machine.paused_steps);
        machine.paused_steps = node.paused_steps();
        for (operation, calls) in machine.in_vain.clone() {
            self.add_again(operation, steps * calls);
        }
    }

    /// Everything that a node holds goes back with it.
    pub(crate) fn terminate(&mut self, id: usize) {
        let holders: Vec<Holder> = self.ledger.of_node(id).into_keys().collect();
        for holder in holders {
            self.ledger.give(holder);
        }
        let machine = &mut self.machines[id];
        (machine.node, machine.gone) = (None, true);
        self.changed_ms = self.changed_ms.max(self.now_ms);
    }
}
