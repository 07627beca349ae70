//! Warm pools: stopped instances of a group, which keep their ENIs and addresses as EC2 counts them. Each
//! is started like a node without pods, and holds from then on what it then held.
//!
//! What Amazon EC2 Auto Scaling and EKS do to a pool is read so that no address is forgotten: it is there
//! from the start, keeps its size, is filled up elsewhere when a zone is lost, and is replaced after the
//! nodes in a roll-out, at their pace.

use super::{
    machine::{Line, Machine, Pooled, Want},
    result::Shortage,
    run::Engine,
};
use crate::simulate::PodsPerNode;

impl Engine<'_> {
    /// The groups' pools are filled.
    pub(super) fn fill_pools(&mut self) {
        let mut latest_ms = self.now_ms;
        let returned = self.world.returned;
        for (group, written) in self.layout.groups.iter().enumerate() {
            for _ in 0..written.warm_pool {
                if self.is_spent() {
                    break;
                }
                let line = Line { group, is_pooled: true };
                let kind = self.spread(line).next_kind();
                let subnet = self.next_place(line, kind);
                let want = Want { base: PodsPerNode::Pods(0), extra: 0, branches: 0 };
                let id = self.launch_at(line, want, (subnet, kind));
                self.pooled[group].push(id);
                latest_ms = latest_ms.max(self.settle_alone(id));
            }
        }
        self.all_came(latest_ms, returned);
    }

    /// The instances of the pools that came up in a step are stopped, and take and give nothing any more.
    pub(super) fn stop_pools(&mut self) {
        for id in self.pooled.concat() {
            let machine = &mut self.machines[id];
            if machine.is_ready() {
                machine.pooled = Some(Pooled::Stopped);
            }
        }
    }

    /// Keeps what a group's pool is short of.
    pub(super) fn note_short_pool(&mut self, group: usize) {
        let pool = self.pooled[group].iter().map(|id| &self.machines[*id]);
        let short: Vec<_> = pool.filter(|one| !one.is_ready()).map(Machine::shortage).collect();
        let count = |len: usize| u64::try_from(len).unwrap_or(u64::MAX);
        let wanted = count(self.pooled[group].len());
        for refusal in &short {
            self.was_short(*refusal);
        }
        if let Some(first) = short.first() {
            let figures = (wanted, wanted.saturating_sub(count(short.len())));
            self.fail(Some(group), Shortage::PooledInstances, figures, *first);
        }
    }
}
