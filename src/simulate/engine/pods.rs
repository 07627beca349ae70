//! Pods come to nodes and go.

use super::run::Engine;
use crate::simulate::PodsPerNode;

/// What the VPC resource controller calls for a branch ENI (amazon-vpc-resource-controller-k8s,
/// `pkg/provider/branch`).
const BRANCH_CALLS: [&str; 3] =
    ["CreateNetworkInterface", "CreateNetworkInterfacePermission", "AssociateTrunkInterface"];

impl Engine<'_> {
    /// Brings a node's pods to what is scheduled on it, as far as there are addresses; whether
    /// anything changed.
    pub(super) fn place(&mut self, id: usize) -> bool {
        self.work += 1;
        let machine = &mut self.machines[id];
        let scheduled = machine.scheduled();
        let Some(node) = machine.node.as_mut().filter(|node| node.is_ready()) else {
            return false;
        };
        let before = node.counts().assigned;
        if before < scheduled {
            node.add_pods(scheduled - before);
        }
        for _ in scheduled..before {
            node.delete_newest();
        }
        let mut changed = node.counts().assigned != before;
        if node.trunk_index().is_some() {
            let machine = &mut self.machines[id];
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
        self.burst(group, pods);
        let most = self.layout.groups[group].max.unwrap_or(0);
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        while self.unscheduled[group] > 0 && self.members[group].len() < most {
            let id = self.launch(group, PodsPerNode::Pods(0));
            self.members[group].push(id);
            let machine = &mut self.machines[id];
            if machine.room == 0 {
                break;
            }
            let left = u32::try_from(self.unscheduled[group]).unwrap_or(u32::MAX);
            machine.want.extra = left.min(machine.room);
            self.unscheduled[group] -= u64::from(machine.want.extra);
            self.settle_pods(id);
        }
    }

    /// Pods come at once and spread evenly over the Ready nodes that have room.
    pub(super) fn burst(&mut self, group: usize, pods: u64) {
        let mut left = pods;
        let mut open: Vec<(usize, u32)> = self.members[group]
            .iter()
            .filter(|id| self.machines[**id].is_ready())
            .map(|id| (*id, self.machines[*id].room.saturating_sub(self.machines[*id].wanted())))
            .filter(|(_, room)| *room > 0)
            .collect();
        let mut touched = Vec::new();
        while left > 0 && !open.is_empty() {
            let nodes = u64::try_from(open.len()).unwrap_or(u64::MAX);
            let share = u32::try_from((left / nodes).max(1)).unwrap_or(u32::MAX);
            for (id, room) in &mut open {
                let gets = share.min(*room).min(u32::try_from(left).unwrap_or(u32::MAX));
                self.machines[*id].want.extra += gets;
                *room -= gets;
                left -= u64::from(gets);
                touched.push(*id);
            }
            open.retain(|(_, room)| *room > 0);
        }
        self.unscheduled[group] = self.unscheduled[group].saturating_add(left);
        touched.sort_unstable();
        touched.dedup();
        for id in touched {
            self.settle_pods(id);
        }
    }
}
