//! Nodes start, make their passes and go.

use super::{
    machine::{Line, Machine, Pooled, ROUND_MS, Want},
    result::Reason,
    run::Engine,
    seat::Seat,
    world::Holdings,
};
use crate::{
    ipam::{Calls, Node, PoolRules, StartError},
    simulate::{PodsPerNode, Scaler, layout::PodSide},
};

/// When a node that could not start is tried again, in milliseconds: about what an Auto Scaling
/// group and a restarted daemon take.
const RETRY_MS: u64 = 60_000;

impl Engine<'_> {
    /// A further node of a group.
    pub(super) fn launch(&mut self, group: usize, base: PodsPerNode) -> usize {
        let want = Want { base, extra: 0, branches: self.layout.groups[group].branch_pods };
        let line = Line::of_nodes(group);
        let kind = self.spread(line).next_kind();
        let subnet = self.next_place(line, kind);
        self.launch_at(line, want, (subnet, kind))
    }

    /// A node where another was, of the same type and with its pods. What is written of branch pods holds from then on.
    pub(super) fn replace(&mut self, old: usize) -> usize {
        let Machine { kind, subnet, mut want, .. } = self.machines[old];
        let line = self.machines[old].line();
        let written = &self.layout.groups[line.group];
        if !written.assumed.branch_pods && !line.is_pooled {
            want.branches = written.branch_pods;
        }
        let subnet = self.place_of(line, kind, subnet);
        let is_beside = self.machines[old].node.is_some();
        let id = self.prepare(line, want, (subnet, kind));
        self.machines[id].is_beside = is_beside;
        self.start(id);
        id
    }

    /// An instance is launched in a subnet, of a type of the group's.
    pub(super) fn launch_at(
        &mut self,
        line: Line,
        want: Want,
        place: (Option<usize>, usize),
    ) -> usize {
        let id = self.prepare(line, want, place);
        self.start(id);
        id
    }

    /// An instance that is launched next.
    fn prepare(&mut self, line: Line, want: Want, (subnet, kind): (Option<usize>, usize)) -> usize {
        let id = self.join((line, kind, subnet), want);
        let settings = &self.pools[line.group][kind];
        self.machines[id].set_room(settings, &self.layout.groups[line.group]);
        self.touch(id);
        self.machines[id].retry_ms = self.now_ms + RETRY_MS;
        id
    }

    /// A machine that is not running yet.
    pub(super) fn join(&mut self, place: (Line, usize, Option<usize>), want: Want) -> usize {
        let id = self.machines.len();
        let (line, kind, subnet) = place;
        self.machines.push(Machine::new(place, want, self.now_ms));
        self.spread_mut(line).add(kind, subnet);
        id
    }

    /// An instance is launched in a subnet; whether that had an address for it.
    pub(super) fn start_in(&mut self, id: usize, subnet: usize) -> bool {
        let machine = &mut self.machines[id];
        match self.layout.groups[machine.group].scaler {
            Scaler::Karpenter => {
                // It reckons with the fewest pods that a type of the group takes.
                let pods = self.pools[machine.group].iter().map(|pool| pool.max_pods).min();
                self.karpenter.starts(&self.world, subnet, pods.unwrap_or(0));
            }
            Scaler::ManagedNodeGroup | Scaler::Asg | Scaler::None => {}
        }
        let own = &self.own_cni[machine.group];
        let of_zone =
            |by_zone: &[Option<usize>]| by_zone.get(self.world.zone(subnet)?).copied().flatten();
        let pod_side = match (own.pod_subnets(), own.is_auto_mode()) {
            (None, false) => PodSide::Discovered,
            (None, true) => PodSide::Own,
            (Some(by_zone), is_auto_mode) => {
                let none = if is_auto_mode { PodSide::NoPodSubnet } else { PodSide::Missing };
                of_zone(by_zone).map_or(none, PodSide::EniConfig)
            }
        };
        let mut settings = self.pools[machine.group][machine.kind].clone();
        machine.set_room(&settings, &self.layout.groups[machine.group]);
        // A new node keeps the places that the group's nodes show to be taken, unless more is written.
        let shown = self.layout.groups[machine.group].shown.unmanaged.unwrap_or(0);
        settings.unmanaged = settings.unmanaged.max(shown);
        // Tags are the daemon's to look at, and it does not where pods have a subnet of their own.
        settings.primary_excluded = settings.rules == PoolRules::Ipamd
            && !settings.custom_networking
            && self.world.excludes_primary(subnet);
        machine.holdings = Holdings::new(subnet, pod_side);
        let mut seat = Seat { world: &mut self.world, holdings: &mut machine.holdings };
        let (node, started) = Node::start(settings, &mut seat);
        machine.born_ms = self.now_ms;
        (machine.counted, machine.paused_steps) = (Calls::default(), 0);
        match started {
            Err(StartError::NoAddressForNode | StartError::NoRoomForLaunch) => {
                let full = Reason::InsufficientFreeAddresses;
                let why = machine.holdings.refused.map_or(full, |(_, why)| why);
                self.karpenter.refused(subnet, why, self.now_ms);
                return false;
            }
            Err(StartError::EmptyPool) | Ok(()) => machine.node = Some(node),
        }
        self.runs(id);
        self.changed_ms = self.changed_ms.max(self.now_ms);
        self.place(id);
        self.count_calls(id);
        true
    }

    /// A node's pass, after another try of a start that failed.
    pub(super) fn pass(&mut self, id: usize) {
        let now_ms = self.now_ms;
        let machine = &self.machines[id];
        if machine.gone || machine.pooled == Some(Pooled::Stopped) {
            return;
        }
        // Its first pass is in this round too, so that its time is the round's from then on.
        if machine.node.is_none() && now_ms >= machine.retry_ms {
            self.machines[id].retry_ms = now_ms + RETRY_MS;
            self.start(id);
        }
        let machine = &mut self.machines[id];
        let Some(node) = &mut machine.node else { return };
        let mut seat = Seat { world: &mut self.world, holdings: &mut machine.holdings };
        let mut changed = false;
        if node.is_ready() {
            // A pass that freed an ENI takes longer than a round.
            if machine.born_ms + node.now_ms() > now_ms {
                return;
            }
            let before_ms = node.last_change_ms();
            node.pass(&mut seat);
            changed |= node.last_change_ms() != before_ms;
        } else {
            node.skip(1);
            if now_ms >= machine.retry_ms {
                machine.retry_ms = now_ms + RETRY_MS;
                changed |= node.start_again(&mut seat);
            }
        }
        changed |= self.place_at(id, now_ms + ROUND_MS);
        self.count_calls(id);
        if changed {
            self.changed_ms = now_ms + ROUND_MS;
        }
    }

    /// An instance is terminated, and everything it holds goes back.
    pub(super) fn terminate(&mut self, id: usize) {
        let machine = &mut self.machines[id];
        self.world.give_all(&mut machine.holdings);
        let ran = machine.node.take().is_some();
        let (line, kind, subnet) = (machine.line(), machine.kind, machine.subnet);
        if !std::mem::replace(&mut machine.gone, true) {
            self.spread_mut(line).remove(kind, subnet);
        }
        if ran {
            self.runs_no_more(id);
        }
        self.changed_ms = self.changed_ms.max(self.now_ms);
    }
}
