//! Pods come to nodes and go.

use super::{meter::Never, run::Engine};
use crate::simulate::{PodsPerNode, Topology};

/// What the VPC resource controller calls for a branch ENI (amazon-vpc-resource-controller-k8s,
/// `pkg/provider/branch`).
const BRANCH_CALLS: [&str; 3] =
    ["CreateNetworkInterface", "CreateNetworkInterfacePermission", "AssociateTrunkInterface"];

impl Engine<'_> {
    /// Brings a node's pods to what is scheduled on it, as far as there are addresses; whether
    /// anything changed.
    pub(super) fn place(&mut self, id: usize) -> bool {
        self.place_at(id, self.now_ms)
    }

    /// The same, where pods that wait have their addresses at a moment.
    pub(super) fn place_at(&mut self, id: usize, at_ms: u64) -> bool {
        self.work += 1;
        let machine = &mut self.machines[id];
        let scheduled = machine.scheduled();
        let Some(node) = machine.node.as_mut().filter(|node| node.is_ready()) else {
            return false;
        };
        let before = node.counts().assigned;
        node.add_pods(scheduled.saturating_sub(before));
        for _ in scheduled..before {
            node.delete_newest();
        }
        let after = node.counts().assigned;
        let mut changed = after != before;
        self.got_addresses(id, after.saturating_sub(before), at_ms);
        let machine = &mut self.machines[id];
        if machine.node.as_ref().is_some_and(|node| node.trunk_index().is_some()) {
            while machine.holdings.branches() < machine.most_branches {
                if !self.world.take_branch(&mut machine.holdings) {
                    break;
                }
                changed = true;
                for operation in BRANCH_CALLS {
                    self.meter.add(self.now_ms, operation, 1);
                }
            }
        }
        changed
    }

    /// Each node of a group gets so many pods; those of bursts are among them.
    pub(super) fn set_pods(&mut self, group: usize, per_node: PodsPerNode) {
        self.base[group] = per_node;
        self.unscheduled[group] = 0;
        for id in self.members[group].clone() {
            let want = &mut self.machines[id].want;
            want.base = per_node;
            want.extra = 0;
            self.settle_pods(id);
        }
    }

    fn settle_pods(&mut self, id: usize) {
        self.touch(id);
        if self.place(id) {
            self.changed_ms = self.changed_ms.max(self.now_ms);
        }
    }

    /// Pods come at once; for those without room the group grows, as far as it may by itself.
    pub(super) fn burst_and_grow(&mut self, group: usize, pods: u64) {
        self.begin_waits(group, Never::IsShort);
        self.burst(group, pods);
        let most = self.layout.groups[group].max.unwrap_or(0);
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let (mut latest_ms, returned) = (self.now_ms, self.world.returned);
        while self.unscheduled[group] > 0 && self.members[group].len() < most && !self.is_spent() {
            let id = self.launch(group, PodsPerNode::Pods(0));
            self.members[group].push(id);
            let machine = &mut self.machines[id];
            if machine.room == 0 {
                break;
            }
            let left = u32::try_from(self.unscheduled[group]).unwrap_or(u32::MAX);
            machine.want.extra = left.min(machine.room);
            let pods = machine.want.extra;
            self.unscheduled[group] -= u64::from(pods);
            self.awaits(id, pods);
            self.settle_pods(id);
            latest_ms = latest_ms.max(self.settle_alone(id));
        }
        self.all_came(latest_ms, returned);
    }

    /// Pods come at once to the Ready nodes that have room, as the group's topology says.
    pub(super) fn burst(&mut self, group: usize, pods: u64) {
        let ready = self.members[group].iter().filter(|id| self.machines[**id].is_ready());
        let open: Vec<OpenNode> = ready
            .map(|id| {
                let machine = &self.machines[*id];
                OpenNode { id: *id, pods: machine.wanted(), most: machine.room }
            })
            .filter(|open| open.pods < open.most)
            .collect();
        let gets = match self.layout.groups[group].topology {
            Topology::Spread => spread(&open, pods),
            Topology::Pack => packed(&open, pods),
        };
        let placed: u64 = gets.iter().map(|gets| u64::from(*gets)).sum();
        let left = pods.saturating_sub(placed);
        self.unscheduled[group] = self.unscheduled[group].saturating_add(left);
        for (open, gets) in open.iter().zip(gets).filter(|(_, gets)| *gets > 0) {
            self.machines[open.id].want.extra += gets;
            self.awaits(open.id, gets);
            self.settle_pods(open.id);
        }
    }
}

/// A node with room for further pods.
struct OpenNode {
    id: usize,
    pods: u32,
    most: u32,
}

impl OpenNode {
    /// Pods it takes until it has so many.
    fn up_to(&self, level: u32) -> u32 {
        level.min(self.most).saturating_sub(self.pods)
    }
}

/// What each node gets when pod after pod goes to the node with the fewest, of several the first: as
/// kube-scheduler spreads them over nodes that are alike.
fn spread(open: &[OpenNode], pods: u64) -> Vec<u32> {
    let taken = |level| open.iter().map(|open| u64::from(open.up_to(level))).sum::<u64>();
    let (mut level, mut beyond) =
        (0, open.iter().map(|open| open.most).max().unwrap_or(0).saturating_add(1));
    while beyond - level > 1 {
        let middle = level + (beyond - level) / 2;
        if taken(middle) <= pods {
            level = middle;
        } else {
            beyond = middle;
        }
    }
    let mut left = pods - taken(level);
    let gets = open.iter().map(|open| {
        let gets = open.up_to(level);
        let more = open.up_to(level.saturating_add(1)) > gets && left > 0;
        left -= u64::from(more);
        gets + u32::from(more)
    });
    gets.collect()
}

/// What each node gets when each is filled before the next.
fn packed(open: &[OpenNode], pods: u64) -> Vec<u32> {
    let mut left = pods;
    let gets = open.iter().map(|open| {
        let gets = u32::try_from(left).unwrap_or(u32::MAX).min(open.most - open.pods);
        left -= u64::from(gets);
        gets
    });
    gets.collect()
}
