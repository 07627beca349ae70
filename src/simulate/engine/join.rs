//! Nodes come to groups: one after another, each settled before the next, or all at one moment.

use super::{
    machine::ROUND_MS,
    run::{Engine, MOST_SECONDS_PER_STEP, QUIET_MS},
};
use crate::{network::Random, simulate::Start};

impl Engine<'_> {
    /// The groups' nodes that are to be there from the start on: group after group as they are written, or
    /// as the seed draws them.
    pub(super) fn join_first(&mut self) {
        let mut order = Vec::new();
        for (group, written) in self.layout.groups.iter().enumerate() {
            let nodes = usize::try_from(written.nodes).unwrap_or(usize::MAX);
            let missing = nodes.saturating_sub(self.members[group].len());
            order.extend(std::iter::repeat_n(group, missing));
        }
        if let Some(random) = &mut self.order {
            shuffle(&mut order, random);
        }
        if !order.is_empty() && !self.machines.is_empty() {
            // Nodes that were there before are as they are at rest.
            self.settle();
        }
        self.join_all(order);
    }

    /// A node for each of these groups, with the pods of a new node.
    pub(super) fn join_all(&mut self, groups: impl IntoIterator<Item = usize>) {
        let mut latest_ms = self.now_ms;
        let returned = self.world.returned;
        for group in groups {
            if self.is_spent() {
                break;
            }
            let id = self.launch(group, self.base[group]);
            self.members[group].push(id);
            latest_ms = latest_ms.max(self.settle_alone(id));
        }
        self.all_came(latest_ms, returned);
    }

    /// Where nodes come one after another: time goes by for one that has just come, until it is at rest or
    /// only waits; when that was. The nodes come at the same moment all the same, so that what is counted
    /// in time is as they ask together, and what is taken in space is as they ask in turn.
    pub(super) fn settle_alone(&mut self, id: usize) -> u64 {
        let start_ms = self.now_ms;
        match self.layout.start {
            Start::AtOnce => return start_ms,
            Start::Grown => {}
        }
        self.karpenter.looks_again();
        let others_changed_ms = std::mem::replace(&mut self.changed_ms, start_ms);
        loop {
            self.work += 1;
            self.pass(id);
            self.now_ms += ROUND_MS;
            if self.is_at_rest(id) {
                self.machines[id].active = false;
                // It came last, so it stands last.
                if self.active.last() == Some(&id) {
                    self.active.pop();
                }
                break;
            }
            let waits = self.now_ms.saturating_sub(self.changed_ms) > QUIET_MS;
            let endless = self.now_ms - start_ms >= MOST_SECONDS_PER_STEP * 1000;
            if waits || endless || self.is_spent() {
                break;
            }
        }
        self.changed_ms = self.changed_ms.max(others_changed_ms);
        std::mem::replace(&mut self.now_ms, start_ms)
    }

    /// Time is the same for all again. Those that wait have another chance if anything was given back.
    pub(super) fn all_came(&mut self, latest_ms: u64, returned: u64) {
        self.now_ms = latest_ms;
        for id in &self.active {
            let machine = &mut self.machines[*id];
            // For those that have not come just now it stood still meanwhile.
            machine.waits_on(latest_ms);
            machine.catch_up(latest_ms);
            machine.touched_ms = latest_ms;
        }
        if self.world.returned > returned {
            self.since_ms = latest_ms;
        }
    }
}

/// Every order is as likely as any other.
fn shuffle(order: &mut [usize], random: &mut Random) {
    for last in (1..order.len()).rev() {
        let count = u32::try_from(last + 1).unwrap_or(u32::MAX);
        let at = usize::try_from(random.below(count)).unwrap_or(last);
        order.swap(last, at);
    }
}
