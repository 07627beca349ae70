//! What a step does at once.

use std::collections::BTreeSet;

use eksnet::{
    network::Random,
    simulate::{NodeGroup, PodsPerNode, Reason, RolloutLike, Scaler, Shortage, Step, Topology},
};

use super::{
    ledger::{Holder, ONE, Own},
    machine::Machine,
    reference::{Reference, count},
    settings,
};

impl Reference<'_> {
    fn group(&self, name: &str) -> usize {
        self.scenario.node_groups.iter().position(|group| group.name == name).unwrap()
    }

    pub(crate) fn subnet(&self, name: &str) -> usize {
        self.scenario.subnets.iter().position(|subnet| subnet.name == name).unwrap()
    }

    pub(crate) fn start_all(&mut self) {
        let full = Reason::InsufficientFreeAddresses;
        for other in &self.scenario.others {
            let subnet = self.subnet(&other.subnet);
            let mut take = || self.ledger.take(Holder::Other, subnet, ONE, Own::No).is_ok();
            let placed = count((0..other.addresses).take_while(|_| take()).count());
            if placed < u64::from(other.addresses) {
                let figures = (other.addresses.into(), placed);
                self.fail(None, Shortage::Addresses, figures, (Some(subnet), full));
            }
        }
        self.place_control_plane();
        let groups = self.scenario.node_groups.iter().enumerate();
        let each = |(group, written): (usize, &NodeGroup)| {
            std::iter::repeat_n(group, usize::try_from(written.nodes.unwrap()).unwrap())
        };
        let mut order: Vec<usize> = groups.flat_map(each).collect();
        if self.seed != 1 {
            // Each place from the last on is exchanged for one of those up to it.
            let mut random = Random::new(!self.seed);
            for last in (1..order.len()).rev() {
                let at = random.below(u32::try_from(last + 1).unwrap());
                order.swap(last, usize::try_from(at).unwrap());
            }
        }
        self.join_all(order);
    }

    pub(crate) fn act(&mut self, step: &Step) {
        match step {
            Step::Scale { group, nodes } => self.scale(self.group(group), *nodes),
            Step::Grow { group, factor } => {
                let group = self.group(group);
                let now = u32::try_from(self.groups[group].members.len()).unwrap();
                // The decimal number that was written, to which the float is near enough.
                let exact = f64::from(now) * factor - 1e-9;
                let whole = |nodes: &u32| f64::from(*nodes) >= exact;
                let most = self.scenario.node_groups[group].max.unwrap_or(u32::MAX);
                self.scale(group, (0..1000).find(whole).unwrap().min(most).into());
            }
            Step::Pods { group, per_node } => self.set_pods(self.group(group), *per_node),
            Step::Burst { group, pods } => self.burst_and_grow(self.group(group), *pods),
            Step::Rollout { group, max_surge, max_unavailable, budget, like } => {
                let group = self.group(group);
                let bounds = (*max_surge, *max_unavailable);
                let by_karpenter = like.or((self.is_karpenter(group) && bounds == (None, None))
                    .then_some(RolloutLike::Karpenter));
                let (surge, unavailable) = match by_karpenter {
                    Some(RolloutLike::Karpenter) if max_surge.is_none() => {
                        (self.budget(group, *budget), 0)
                    }
                    Some(_) | None => self.bounds(group, bounds, *like),
                };
                self.rollout(group, surge, unavailable);
            }
            Step::LoseZone(zone) => self.lose_zone(zone),
            Step::RestoreZone(zone) => self.restore_zone(zone),
            Step::UpgradeControlPlane {} => self.upgrade_control_plane(),
            Step::SetCni(patch) => {
                self.cni = settings::patched(&self.cni, patch);
                for id in self.groups.iter().flat_map(|group| group.members.clone()) {
                    let machine = &mut self.machines[id];
                    machine.touched_ms = self.now_ms;
                    let group = &self.scenario.node_groups[machine.group];
                    if let Some(node) = &mut machine.node {
                        node.retarget(&settings::pool(&self.cni, group, machine.kind));
                    }
                }
            }
            Step::Churn { group, pods_per_minute, minutes } => {
                self.churn(self.group(group), *pods_per_minute, *minutes);
            }
        }
    }

    pub(crate) fn is_karpenter(&self, group: usize) -> bool {
        self.scenario.node_groups[group].scaler == Some(Scaler::Karpenter)
    }

    /// A further node of a group.
    fn launch(&mut self, group: usize, base: PodsPerNode) -> usize {
        let kind = self.next_kind(group, |_| true).unwrap();
        let first = self.order(group, kind, None).first().copied();
        self.launch_at(group, kind, first, (base, 0))
    }

    /// A node where another was, or in another subnet when its zone is lost.
    pub(crate) fn replace(&mut self, old: usize) -> usize {
        let Machine { group, kind, subnet, base, extra, .. } = self.machines[old].clone();
        let home = subnet.filter(|subnet| !self.is_lost(*subnet));
        let is_karpenter = self.is_karpenter(group);
        let subnet = match home {
            Some(home) if !is_karpenter => Some(home),
            Some(_) | None => self.order(group, kind, home).first().copied(),
        };
        let replaces_running = self.machines[old].node.is_some();
        let id = self.add(group, kind, subnet, (base, extra));
        self.machines[id].replaces_running = replaces_running;
        self.start(id);
        id
    }

    fn launch_at(
        &mut self,
        group: usize,
        kind: usize,
        subnet: Option<usize>,
        pods: (PodsPerNode, u32),
    ) -> usize {
        let id = self.add(group, kind, subnet, pods);
        self.start(id);
        id
    }

    fn add(
        &mut self,
        group: usize,
        kind: usize,
        subnet: Option<usize>,
        pods: (PodsPerNode, u32),
    ) -> usize {
        let id = self.machines.len();
        let mut machine = Machine::new((group, kind, subnet), pods, self.now_ms);
        let written = &self.scenario.node_groups[group];
        machine.set_room(&settings::pool(&self.cni, written, kind), written);
        self.machines.push(machine);
        id
    }

    /// Nodes beyond so many go; the pods of bursts that they ran go where there is room.
    fn scale(&mut self, group: usize, nodes: u64) {
        while count(self.groups[group].members.len()) > nodes {
            let at = self.first_to_go(group).unwrap();
            let id = self.groups[group].members.remove(at);
            self.groups[group].unscheduled += u64::from(self.machines[id].extra);
            self.terminate(id);
        }
        let missing = nodes - count(self.groups[group].members.len());
        self.join_all(vec![group; usize::try_from(missing).unwrap()]);
        let pods = std::mem::take(&mut self.groups[group].unscheduled);
        self.burst(group, pods);
    }

    fn join_all(&mut self, groups: Vec<usize>) {
        let (mut latest_ms, returned) = (self.now_ms, self.ledger.returned);
        for group in groups {
            let id = self.launch(group, self.groups[group].base);
            self.groups[group].members.push(id);
            latest_ms = latest_ms.max(self.settle_alone(id));
        }
        self.all_came(latest_ms, returned);
    }

    fn set_pods(&mut self, group: usize, per_node: PodsPerNode) {
        self.groups[group].base = per_node;
        self.groups[group].unscheduled = 0;
        for id in self.groups[group].members.clone() {
            (self.machines[id].base, self.machines[id].extra) = (per_node, 0);
            self.settle_pods(id);
        }
    }

    pub(crate) fn settle_pods(&mut self, id: usize) {
        self.machines[id].touched_ms = self.now_ms;
        let before = self.state(id);
        self.place(id);
        if self.state(id) != before {
            self.changed_ms = self.changed_ms.max(self.now_ms);
        }
    }

    /// Pods are dealt one by one, to the Ready node that has the fewest, or to the first with room.
    fn burst(&mut self, group: usize, pods: u64) {
        let packs = self.scenario.node_groups[group].topology == Topology::Pack;
        let members = self.groups[group].members.clone();
        let mut dealt = BTreeSet::new();
        for _ in 0..pods {
            let has_room = |id: &&usize| {
                let machine = &self.machines[**id];
                machine.is_ready() && machine.pods() < machine.room
            };
            let open = members.iter().filter(has_room);
            let next = open.min_by_key(|id| if packs { 0 } else { self.machines[**id].pods() });
            match next {
                Some(id) => {
                    self.machines[*id].extra += 1;
                    self.arrives(*id);
                    dealt.insert(*id);
                }
                None => self.groups[group].unscheduled += 1,
            }
        }
        for id in dealt {
            self.settle_pods(id);
        }
    }

    /// For pods without room the group grows up to its max, as an autoscaler makes it.
    fn burst_and_grow(&mut self, group: usize, pods: u64) {
        self.begin_waits(group, false);
        self.burst(group, pods);
        let most = u64::from(self.scenario.node_groups[group].max.unwrap_or(0));
        let (mut latest_ms, returned) = (self.now_ms, self.ledger.returned);
        while self.groups[group].unscheduled > 0 && count(self.groups[group].members.len()) < most {
            let id = self.launch(group, PodsPerNode::Pods(0));
            self.groups[group].members.push(id);
            let machine = &mut self.machines[id];
            machine.extra =
                machine.room.min(u32::try_from(self.groups[group].unscheduled).unwrap());
            let extra = machine.extra;
            self.groups[group].unscheduled -= u64::from(extra);
            if extra == 0 {
                break;
            }
            for _ in 0..extra {
                self.arrives(id);
            }
            self.settle_pods(id);
            latest_ms = latest_ms.max(self.settle_alone(id));
        }
        self.all_came(latest_ms, returned);
    }
}
