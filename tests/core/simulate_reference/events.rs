//! Steps in which time goes by, and those that come from outside of the groups.

use std::{collections::BTreeSet, ops::Range};

use eksnet::{
    ipam::PoolMode,
    simulate::{Reason, RolloutLike, Share, Shortage},
};

use super::{
    ledger::{Holder, ONE, Own, Piece},
    pool::Node,
    reference::{Arrival, MOST_MS, Reference, count},
    seat::Refusal,
    settings,
};

/// How long a batch of a roll-out takes at least.
const BATCH_MS: u64 = 60_000;

/// A node and its replacement in a roll-out.
struct Pair {
    at: usize,
    old: usize,
    new: usize,
    /// Pods with an address that the old one had.
    pods: u64,
    surge: bool,
}

impl Reference<'_> {
    /// All nodes of the zone go at once and are started elsewhere, and so do cross-account interfaces;
    /// other holders stay.
    pub(crate) fn lose_zone(&mut self, zone: &str) {
        self.lost_zones.insert(zone.to_owned());
        let mut lost = Vec::new();
        for (group, its) in self.groups.iter().enumerate() {
            for (at, id) in its.members.iter().enumerate() {
                if self.machines[*id].subnet.is_some_and(|subnet| self.is_lost(subnet)) {
                    lost.push((group, at, *id));
                }
            }
        }
        for (_, _, id) in &lost {
            self.terminate(*id);
        }
        for (group, at, id) in lost {
            self.groups[group].members[at] = self.replace(id);
        }
        let held = self.ledger.holders.get(&Holder::ControlPlane).cloned().unwrap_or_default();
        let lost = held.into_iter().filter(|piece| self.is_lost(piece.subnet));
        let lost: Vec<Piece> = lost.collect();
        for piece in &lost {
            self.ledger.give_piece(Holder::ControlPlane, *piece);
        }
        if self.interfaces(Holder::ControlPlane, lost.len()) < lost.len() {
            self.fail_interfaces(Holder::ControlPlane);
        }
    }

    /// The zone is there again, for nodes to come and for interfaces that had no subnet; the rest stays.
    pub(crate) fn restore_zone(&mut self, zone: &str) {
        self.lost_zones.remove(zone);
        let wanted = self.scenario.control_plane.as_ref().map_or(0, |written| written.interfaces);
        let held = self.ledger.holders.get(&Holder::ControlPlane).map_or(0, Vec::len);
        let missing = usize::try_from(wanted).unwrap().saturating_sub(held);
        self.interfaces(Holder::ControlPlane, missing);
    }

    fn interface_subnets(&self) -> Vec<usize> {
        let written = self.scenario.control_plane.iter().flat_map(|written| &written.subnets);
        written.map(|name| self.subnet(name)).filter(|subnet| !self.is_lost(*subnet)).collect()
    }

    /// Interfaces come in turn to the subnets, a full one passing its turn on; how many came.
    fn interfaces(&mut self, holder: Holder, wanted: usize) -> usize {
        let subnets = self.interface_subnets();
        let mut came = 0;
        for turn in 0..wanted {
            for at in 0..subnets.len() {
                let subnet = subnets[(turn + at) % subnets.len()];
                if self.ledger.take(holder, subnet, ONE, Own::No).is_ok() {
                    came += 1;
                    break;
                }
            }
        }
        came
    }

    fn fail_interfaces(&mut self, holder: Holder) {
        let Some(written) = &self.scenario.control_plane else { return };
        let subnet = self.interface_subnets().first().copied();
        let reason = subnet.map_or(Reason::NoSubnet, |_| Reason::InsufficientFreeAddresses);
        let placed = self.ledger.holders.get(&holder).map_or(0, Vec::len);
        let figures = (written.interfaces.into(), count(placed));
        self.fail(None, Shortage::Interfaces, figures, (subnet, reason));
    }

    /// Refused where a subnet has fewer than five free addresses, each of which is said.
    pub(crate) fn upgrade_control_plane(&mut self) {
        let Some(written) = &self.scenario.control_plane else { return };
        let mut refused = false;
        for name in &written.subnets {
            let at = self.scenario.subnets.iter().position(|s| s.name == *name).unwrap();
            self.ledger.subnets[at].note_reading(PoolMode::SecondaryIp, 5);
            let free = self.ledger.subnets[at].open(PoolMode::SecondaryIp).len();
            if free < 5 {
                refused = true;
                let short = (Some(at), Reason::ControlPlaneNeedsFive);
                self.fail(None, Shortage::FreeAddresses, (5, count(free)), short);
            }
        }
        if !refused {
            self.place_control_plane();
        }
    }

    /// The old go only when all new are there.
    pub(crate) fn place_control_plane(&mut self) {
        let Some(written) = &self.scenario.control_plane else { return };
        let wanted = usize::try_from(written.interfaces).unwrap();
        if self.interfaces(Holder::NewControlPlane, wanted) == wanted {
            self.ledger.give(Holder::ControlPlane);
            self.ledger.hand_over(Holder::NewControlPlane, Holder::ControlPlane);
        } else {
            self.fail_interfaces(Holder::NewControlPlane);
            self.ledger.give(Holder::NewControlPlane);
        }
    }

    /// The oldest pod of one node after the other ends, and another comes there; nodes without a pod
    /// are passed over, so that the rate is kept.
    pub(crate) fn churn(&mut self, group: usize, pods_per_minute: u32, minutes: u32) {
        let members = self.groups[group].members.clone();
        self.begin_waits(group, true);
        let (mut replaced, mut turn) = (0, 0);
        for round in 1..=u64::from(minutes) * 12 {
            while (replaced + 1) * 12 <= round * u64::from(pods_per_minute) {
                replaced += 1;
                let mut ended = false;
                for _ in &members {
                    let id = members[turn % members.len()];
                    turn += 1;
                    ended = self.replace_pod(id);
                    if ended {
                        break;
                    }
                }
                // Where all wait, the one that was to come does not start.
                let waits = |id: &usize| {
                    let mut arrivals = self.arrivals.iter();
                    let waits =
                        |arrival: &Arrival| arrival.node == *id && arrival.found_ms.is_none();
                    self.machines[*id].lacking > 0 || arrivals.any(waits)
                };
                if !ended && members.iter().any(waits) {
                    let came_ms = self.now_ms;
                    self.arrivals.push(Arrival { node: usize::MAX, came_ms, found_ms: None });
                }
            }
            self.round();
        }
        self.since_ms = self.now_ms;
    }

    fn replace_pod(&mut self, id: usize) -> bool {
        let node = self.machines[id].node.as_mut();
        let ended = node.is_some_and(Node::delete_oldest);
        if ended {
            let came_ms = self.now_ms;
            self.arrivals.push(Arrival { node: id, came_ms, found_ms: None });
            self.machines[id].touched_ms = self.now_ms;
            self.place(id);
            self.changed_ms = self.changed_ms.max(self.now_ms);
        }
        ended
    }

    /// Surge and unavailable nodes, where they are not written as somebody's way of doing it has them.
    pub(crate) fn bounds(
        &self,
        group: usize,
        (surge, unavailable): (Option<Share>, Option<Share>),
        like: Option<RolloutLike>,
    ) -> (usize, usize) {
        let size = u32::try_from(self.groups[group].members.len()).unwrap();
        let part = |share: Option<Share>, otherwise: Share| {
            usize::try_from(share.unwrap_or(otherwise).of(size)).unwrap()
        };
        let (none, one) = (Share::Count(0), Share::Count(1));
        match (like, surge, unavailable) {
            (None, None, None) | (Some(RolloutLike::ManagedNodeGroup), _, _) => {
                let names = &self.scenario.node_groups[group].subnets;
                let zones = names.iter().map(|name| &self.scenario.subnets[self.subnet(name)].zone);
                (part(unavailable, one).max(2 * zones.collect::<BTreeSet<_>>().len()), 0)
            }
            (Some(RolloutLike::ManagedNodeGroupMinimal), _, _) => (0, part(unavailable, one)),
            (Some(RolloutLike::Karpenter), _, _) => (part(surge, Share::Percent(10)), 0),
            (None, _, _) => (part(surge, none), part(unavailable, none)),
        }
    }

    /// The least of Karpenter's budgets for a group, 10 % where there is none.
    pub(crate) fn budget(&self, group: usize, own: Option<Share>) -> usize {
        let size = u32::try_from(self.groups[group].members.len()).unwrap();
        let written = &self.scenario.node_groups[group].disruption_budgets;
        let all = own.map_or_else(|| written.clone(), |own| vec![own]);
        let least = all.iter().map(|share| share.of(size)).min();
        usize::try_from(least.unwrap_or(size.div_ceil(10))).unwrap()
    }

    /// Whether nodes, vCPUs or memory of a group's instances that run, and of these, are beyond its limits.
    pub(crate) fn is_beyond(&self, group: usize, more: &[usize]) -> bool {
        let written = &self.scenario.node_groups[group];
        let limits = written.limits.limits();
        let running = self.machines.iter().filter(|one| one.group == group && one.node.is_some());
        let more = more.iter().map(|id| &self.machines[*id]);
        let (mut nodes, mut thousandths, mut bytes) = (0, 0, 0);
        for machine in running.chain(more) {
            let limits = settings::types(written)[machine.kind].0;
            let memory = limits.memory_mib.unwrap();
            nodes += 1;
            thousandths += u64::from(limits.vcpus.unwrap()) * 1000;
            bytes += (memory - (memory * 3).div_ceil(40)) * 1024 * 1024;
        }
        limits.nodes.is_some_and(|most| nodes > most)
            || limits.cpu_thousandths.is_some_and(|most| thousandths > most)
            || limits.memory_bytes.is_some_and(|most| bytes > most)
    }

    /// Batch by batch: nodes that may be missing go first, then the replacements come, and the nodes
    /// that the surge is for go when their pods run on the new ones. A batch that does not come to its
    /// end stops the roll-out.
    pub(crate) fn rollout(&mut self, group: usize, surge: usize, unavailable: usize) {
        let all = self.groups[group].members.len();
        let mut start = 0;
        while start < all {
            // Each of the surge is started unless those before it are beyond a limit.
            let next = &self.groups[group].members[start..];
            let can = (0..next.len()).take_while(|count| {
                let more = usize::from(self.machines[next[*count]].node.is_none());
                !self.is_beyond(group, &next[..*count + more])
            });
            let can = can.count();
            let surge = surge.min(can);
            if surge + unavailable == 0 {
                let why = if can == 0 { Reason::NodePoolLimit } else { Reason::DisruptionBudget };
                self.fail(
                    Some(group),
                    Shortage::Replacements,
                    (count(all), count(start)),
                    (None, why),
                );
                return;
            }
            let batch = surge + unavailable;
            let pairs = self.begin_batch(group, start..all.min(start + batch), surge);
            start += batch;
            self.await_batch(&pairs);
            self.since_ms = self.now_ms;
            if !self.end_batch(group, &pairs) {
                return;
            }
        }
    }

    fn begin_batch(&mut self, group: usize, range: Range<usize>, surge: usize) -> Vec<Pair> {
        let start = range.start;
        let mut pairs = Vec::new();
        for at in range {
            let old = self.groups[group].members[at];
            let (pods, surge) = (self.placed(old), at - start < surge);
            pairs.push(Pair { at, old, new: old, pods, surge });
        }
        for pair in pairs.iter().filter(|pair| !pair.surge) {
            self.terminate(pair.old);
        }
        for pair in &mut pairs {
            pair.new = self.replace(pair.old);
            self.groups[group].members[pair.at] = pair.new;
        }
        pairs
    }

    /// Until all is done and instances have booted, or until nothing changes any more.
    fn await_batch(&mut self, pairs: &[Pair]) {
        let start_ms = self.now_ms;
        loop {
            let waited_ms = self.now_ms - start_ms;
            let done = pairs.iter().all(|pair| self.is_done(pair));
            let ends = if done { waited_ms >= BATCH_MS } else { self.is_quiet(start_ms) };
            if ends || waited_ms >= MOST_MS {
                return;
            }
            self.round();
        }
    }

    /// Whether the new node runs what the old one ran, as far as it has room.
    fn is_done(&self, pair: &Pair) -> bool {
        let new = &self.machines[pair.new];
        let most = u64::from(new.pods().min(new.room)) + u64::from(new.most_branches);
        new.is_ready() && self.placed(pair.new) >= pair.pods.min(most)
    }

    fn end_batch(&mut self, group: usize, pairs: &[Pair]) -> bool {
        self.note_units();
        let done: Vec<bool> = pairs.iter().map(|pair| self.is_done(pair)).collect();
        let short = pairs.iter().zip(&done).filter(|(_, done)| !**done);
        let all: Vec<Refusal> = short.map(|(pair, _)| self.shortage(pair.new)).collect();
        for why in &all {
            self.was_short(*why);
        }
        let why = all.first().copied();
        for (pair, done) in pairs.iter().zip(&done).filter(|(pair, _)| pair.surge) {
            if *done {
                self.terminate(pair.old);
            } else {
                self.terminate(pair.new);
                self.groups[group].members[pair.at] = pair.old;
            }
        }
        if let Some(why) = why {
            let placed = done.iter().filter(|done| **done).count();
            let figures = (count(pairs.len()), count(placed));
            self.fail(Some(group), Shortage::Replacements, figures, why);
        }
        why.is_none()
    }
}
