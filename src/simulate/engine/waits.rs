//! How long pods wait for an address: those that come in place of others, as an address that was freed
//! rests before it serves again, and those that come all at once.

use super::{
    meter::{Never, WaitMeter},
    result::{Reason, Shortage, Waits},
    run::Engine,
};

impl Engine<'_> {
    /// Pods are about to come to a group: those without an address wait already, and are not counted.
    pub(super) fn begin_waits(&mut self, group: usize, never: Never) {
        self.waiting = Some((group, WaitMeter { never, ..WaitMeter::default() }));
        for id in &self.members[group] {
            let machine = &mut self.machines[*id];
            let lacking = machine.scheduled().saturating_sub(machine.assigned());
            machine.waiting = (0..lacking).map(|_| None).collect();
        }
    }

    /// Pods come to a node, and may have to wait.
    pub(super) fn awaits(&mut self, id: usize, pods: u32) {
        let now_ms = self.now_ms;
        if let Some((_, waiting)) = &mut self.waiting {
            waiting.waits.started += u64::from(pods);
            self.machines[id].waiting.extend((0..pods).map(|_| Some(now_ms)));
        }
    }

    /// A pod's turn comes while all pods of its group wait.
    pub(super) fn finds_all_waiting(&mut self, group: usize) {
        let mut members = self.members[group].iter().map(|id| &self.machines[*id]);
        if members.any(|machine| !machine.waiting.is_empty())
            && let Some((_, waiting)) = &mut self.waiting
        {
            waiting.waits.started += 1;
            waiting.waits.never += 1;
        }
    }

    /// So many of a node's pods got an address at a moment.
    pub(super) fn got_addresses(&mut self, id: usize, count: u32, at_ms: u64) {
        let machine = &mut self.machines[id];
        let Some((_, waiting)) = &mut self.waiting else { return };
        for _ in 0..count {
            let Some(since) = machine.waiting.pop_front() else { return };
            // On a node that still waits for an address itself no pod waits yet.
            let since_ms = since.map(|since_ms| since_ms.max(machine.born_ms));
            let waited_ms = since_ms.map_or(0, |since_ms| at_ms.saturating_sub(since_ms));
            waiting.waits.waited += u64::from(waited_ms > 0);
            waiting.longest_ms = waiting.longest_ms.max(waited_ms);
            let most_ms = self.layout.max_wait.map(|seconds| seconds.saturating_mul(1000));
            waiting.late += u64::from(most_ms.is_some_and(|most_ms| waited_ms > most_ms));
        }
    }

    /// What the step showed; it fails when pods waited longer than they may, or when pods in place of
    /// others never started.
    pub(super) fn end_waits(&mut self) -> Option<Waits> {
        let (group, WaitMeter { mut waits, mut late, longest_ms, never }) = self.waiting.take()?;
        for id in &self.members[group] {
            let left = std::mem::take(&mut self.machines[*id].waiting);
            waits.never += left.into_iter().flatten().map(|_| 1).sum::<u64>();
        }
        waits.waited += waits.never;
        waits.longest_s = longest_ms / 1000;
        let in_time = waits.started.saturating_sub(late + waits.never);
        late += match never {
            Never::Fails => waits.never,
            Never::IsShort => 0,
        };
        if late > 0 {
            let figures = (waits.started, in_time);
            self.fail(Some(group), Shortage::PodStarts, figures, (None, Reason::WaitedTooLong));
        }
        Some(waits)
    }
}
