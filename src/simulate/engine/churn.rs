//! Pods replaced one after the other.

use super::{machine::ROUND_MS, meter::Never, run::Engine};

/// Milliseconds in a minute.
const MINUTE_MS: u64 = 60_000;

impl Engine<'_> {
    /// Replaces a group's pods at a rate, node by node in turn of those that have any: the oldest pod
    /// of a node ends, and another one comes there. Where all pods of the group wait for an address, none
    /// ends, and the one that was to come does not start.
    pub(super) fn churn(&mut self, group: usize, pods_per_minute: u32, minutes: u32) {
        self.begin_waits(group, Never::Fails);
        let members = self.members[group].clone();
        let rounds = u64::from(minutes) * (MINUTE_MS / ROUND_MS);
        let mut turn = members.iter().cycle();
        for round in 0..rounds {
            // The whole rate is kept up, whatever a round's share of it is.
            let due = |rounds: u64| rounds * u64::from(pods_per_minute) * ROUND_MS / MINUTE_MS;
            for _ in due(round)..due(round + 1) {
                // A node without a pod passes its turn on.
                let mut round = turn.by_ref().take(members.len());
                match round.find(|id| self.machines[**id].assigned() > 0) {
                    Some(id) => self.replace_pod(*id),
                    None => self.finds_all_waiting(group),
                }
            }
            self.round();
            if self.is_spent() {
                return;
            }
        }
        self.since_ms = self.now_ms;
    }

    fn replace_pod(&mut self, id: usize) {
        self.touch(id);
        if let Some(node) = &mut self.machines[id].node
            && node.delete_oldest()
        {
            self.awaits(id, 1);
            self.place(id);
            self.changed_ms = self.changed_ms.max(self.now_ms);
        }
    }
}
