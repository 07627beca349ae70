//! Nodes that come one after another: each is alone in time until it is at rest or only waits.

use eksnet::simulate::Start;

use super::reference::{MOST_MS, QUIET_MS, ROUND_MS, Reference};

impl Reference<'_> {
    /// When a node that has just come is at rest, or only waits.
    pub(crate) fn settle_alone(&mut self, id: usize) -> u64 {
        let start_ms = self.now_ms;
        if self.scenario.start == Start::AtOnce {
            return start_ms;
        }
        self.karpenter.look_again();
        let others_changed_ms = self.changed_ms;
        self.changed_ms = start_ms;
        loop {
            self.pass(id);
            self.now_ms += ROUND_MS;
            let waits = self.now_ms.saturating_sub(self.changed_ms) > QUIET_MS;
            if self.is_at_rest(id) || waits || self.now_ms - start_ms >= MOST_MS {
                break;
            }
        }
        self.changed_ms = self.changed_ms.max(others_changed_ms);
        self.machines[id].waits = Some(!self.is_at_rest(id));
        let end_ms = self.now_ms;
        self.now_ms = start_ms;
        end_ms
    }

    /// All are there: time is the same for all again, and those that wait have another chance if anything
    /// was given back since.
    pub(crate) fn all_came(&mut self, latest_ms: u64, returned: u64) {
        for id in 0..self.machines.len() {
            let waits = self.machines[id].waits.take().unwrap_or(!self.is_at_rest(id));
            if waits {
                self.machines[id].touched_ms = latest_ms;
            }
        }
        self.now_ms = latest_ms;
        for (id, machine) in self.machines.iter_mut().enumerate() {
            if let Some(node) = &mut machine.node {
                let missed = latest_ms.saturating_sub(machine.born_ms + node.now_ms()) / ROUND_MS;
                node.skip(missed);
                // Time stood still for those that wait on it.
                let on_it = self.arrivals.iter_mut().filter(|arrival| arrival.node == id);
                for arrival in on_it.filter(|arrival| arrival.found_ms.is_none()) {
                    arrival.came_ms += missed * ROUND_MS;
                }
            }
        }
        if self.ledger.returned > returned {
            self.since_ms = latest_ms;
        }
    }
}
