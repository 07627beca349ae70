//! What a Karpenter NodePool's limits let a group start.
//!
//! For a new node Karpenter leaves out the types that would pass a limit (karpenter
//! `pkg/controllers/provisioning/scheduling/scheduler.go`, filterByRemainingResources). A replacement in a
//! roll-out is reckoned without the node whose place it takes, and is started unless the limit is passed
//! already (`pkg/controllers/provisioning/provisioner.go`, Create): so a NodePool at its limit replaces its
//! nodes one after another.

use super::run::Engine;
use crate::simulate::layout::NodeSize;

impl Engine<'_> {
    /// What the instances of a group that run count for.
    fn usage(&self, group: usize) -> NodeSize {
        let counts = self.running[group].iter().enumerate();
        let written = &self.layout.groups[group];
        counts.fold(NodeSize::default(), |all, (kind, count)| {
            all.and(u64::from(*count), written.size_of(kind))
        })
    }

    /// Whether the limits of a group's NodePool keep an instance from being started.
    pub(super) fn is_over_limits(&self, id: usize) -> bool {
        let (group, kind) = (self.machines[id].group, self.machines[id].kind);
        let written = &self.layout.groups[group];
        if written.limits.is_unlimited() {
            return false;
        }
        let usage = self.usage(group);
        let with_it = usage.and(1, written.size_of(kind));
        written.passes_limits(if self.machines[id].is_beside { usage } else { with_it })
    }

    /// A further node that its type's size keeps from being started gets the next type by weight that the limits
    /// let through, where Karpenter would start that; whether there is one.
    pub(super) fn takes_other_type(&mut self, id: usize) -> bool {
        let machine = &self.machines[id];
        if machine.is_beside {
            return false;
        }
        let (line, kind, subnet) = (machine.line(), machine.kind, machine.subnet);
        let written = &self.layout.groups[line.group];
        let usage = self.usage(line.group);
        self.spread_mut(line).remove(kind, subnet);
        let fits = |kind| !written.passes_limits(usage.and(1, written.size_of(kind)));
        let Some(other) = self.spread(line).next_kind_of(fits) else {
            self.spread_mut(line).add(kind, subnet);
            return false;
        };
        let subnet = self.next_place(line, other);
        self.spread_mut(line).add(other, subnet);
        let machine = &mut self.machines[id];
        (machine.kind, machine.subnet) = (other, subnet);
        machine.set_room(&self.pools[line.group][other], written);
        true
    }

    /// How many of these nodes of a group can be replaced at once, as far as limits go.
    pub(super) fn replaceable(&self, group: usize, ids: &[usize]) -> usize {
        let written = &self.layout.groups[group];
        if written.limits.is_unlimited() {
            return ids.len();
        }
        let mut usage = self.usage(group);
        let started = ids.iter().take_while(|id| {
            let old = &self.machines[**id];
            let with_it = usage.and(1, written.size_of(old.kind));
            // Nothing runs whose place it could take: it is a further node.
            let starts = !written.passes_limits(if old.node.is_some() { usage } else { with_it });
            usage = with_it;
            starts
        });
        started.count()
    }

    /// An instance runs from now on.
    pub(super) fn runs(&mut self, id: usize) {
        let (group, kind) = (self.machines[id].group, self.machines[id].kind);
        if let Some(count) = self.running[group].get_mut(kind) {
            *count += 1;
        }
    }

    /// An instance that ran does no more.
    pub(super) fn runs_no_more(&mut self, id: usize) {
        let (group, kind) = (self.machines[id].group, self.machines[id].kind);
        if let Some(count) = self.running[group].get_mut(kind) {
            *count = count.saturating_sub(1);
        }
    }
}
