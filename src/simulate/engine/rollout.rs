//! A group's nodes replaced, batch by batch.

use super::{
    result::{Reason, Shortage},
    run::{Engine, MOST_SECONDS_PER_STEP},
};
use crate::simulate::layout::RolloutPace;

/// How long a batch takes at least, in milliseconds: an instance's boot.
const BATCH_MS: u64 = 60_000;

/// An old node and its replacement.
struct Pair {
    /// Where the group keeps it.
    at: usize,
    old: usize,
    new: usize,
    /// Pods with an address that the old one had.
    pods: u64,
    /// Whether the old one goes only when the new one runs its pods.
    surge: bool,
}

impl Engine<'_> {
    /// Replaces every node of a group. In each batch the nodes that may be missing go first, their
    /// replacements and the surge come, and the nodes the surge is for go when their pods run on
    /// the new ones. A batch that does not come to its end stops the roll-out: new nodes whose old
    /// ones still run are taken back. The instances of a warm pool follow in the same way.
    pub(super) fn rollout(&mut self, group: usize, pace: RolloutPace) {
        if !self.replace_all(group, pace) {
            return;
        }
        std::mem::swap(&mut self.members[group], &mut self.pooled[group]);
        self.replace_all(group, pace);
        std::mem::swap(&mut self.members[group], &mut self.pooled[group]);
    }

    /// Replaces what a group has of nodes; whether it came to its end.
    fn replace_all(&mut self, group: usize, pace: RolloutPace) -> bool {
        let all = self.members[group].len();
        let size = u32::try_from(all).unwrap_or(u32::MAX);
        let (surge, unavailable) = pace.of(size, self.layout.zones_of(group));
        let count = |nodes: u32| usize::try_from(nodes).unwrap_or(all);
        let (surge, unavailable) = (count(surge), count(unavailable));
        let mut next = 0;
        while next < all {
            let wanted = next..next.saturating_add(surge.max(1)).min(all);
            let open = self.replaceable(group, &self.members[group][wanted]);
            let surge = surge.min(open);
            if surge + unavailable == 0 {
                let why = if open == 0 { Reason::NodePoolLimit } else { Reason::DisruptionBudget };
                self.fail_rollout(group, next, why);
                return false;
            }
            let until = next.saturating_add(surge.saturating_add(unavailable)).min(all);
            let pairs = self.begin_batch(group, next..until, surge);
            self.await_batch(&pairs);
            self.since_ms = self.now_ms;
            if !self.end_batch(group, &pairs) {
                return false;
            }
            next = until;
        }
        true
    }

    /// Keeps that nothing more of a group may be replaced.
    fn fail_rollout(&mut self, group: usize, placed: usize, why: Reason) {
        let count = |len: usize| u64::try_from(len).unwrap_or(u64::MAX);
        let wanted = count(self.members[group].len());
        self.fail(Some(group), Shortage::Replacements, (wanted, count(placed)), (None, why));
    }

    fn begin_batch(
        &mut self,
        group: usize,
        range: std::ops::Range<usize>,
        surge: usize,
    ) -> Vec<Pair> {
        let start = range.start;
        let mut pairs: Vec<Pair> = range
            .map(|at| {
                let old = self.members[group][at];
                let pods = self.machines[old].placed();
                Pair { at, old, new: old, pods, surge: at - start < surge }
            })
            .collect();
        for pair in pairs.iter().filter(|pair| !pair.surge) {
            self.terminate(pair.old);
        }
        for pair in &mut pairs {
            pair.new = self.replace(pair.old);
            self.members[group][pair.at] = pair.new;
        }
        pairs
    }

    fn await_batch(&mut self, pairs: &[Pair]) {
        let start_ms = self.now_ms;
        loop {
            let waited_ms = self.now_ms - start_ms;
            let done = pairs.iter().all(|pair| self.is_done(pair));
            if (done && waited_ms >= BATCH_MS)
                || waited_ms >= MOST_SECONDS_PER_STEP * 1000
                || self.is_spent()
            {
                return;
            }
            if !done && self.is_quiet(start_ms) {
                return;
            }
            self.round();
        }
    }

    /// Whether the replacement runs what the old node ran, as far as it has room for it.
    fn is_done(&self, pair: &Pair) -> bool {
        let new = &self.machines[pair.new];
        let most = u64::from(new.scheduled()) + u64::from(new.most_branches);
        new.is_ready() && new.placed() >= pair.pods.min(most)
    }

    /// Whether the whole batch came to its end.
    fn end_batch(&mut self, group: usize, pairs: &[Pair]) -> bool {
        // Old and new are there together.
        self.note_units();
        let (mut placed, mut short) = (0, None);
        for pair in pairs {
            let done = self.is_done(pair);
            if done {
                placed += 1;
            } else {
                let why = self.machines[pair.new].shortage();
                self.was_short(why);
                short.get_or_insert(why);
            }
            match (pair.surge, done) {
                (true, true) => self.terminate(pair.old),
                (true, false) => {
                    self.terminate(pair.new);
                    self.members[group][pair.at] = pair.old;
                }
                (false, _) => {}
            }
        }
        if let Some(short) = short {
            let wanted = u64::try_from(pairs.len()).unwrap_or(u64::MAX);
            self.fail(Some(group), Shortage::Replacements, (wanted, placed), short);
        }
        short.is_none()
    }
}
