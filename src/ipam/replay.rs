//! Pod events on one node, replayed.

use super::{
    CountedSubnets, Node, NodeState, Oscillation, PoolSettings, StartError, node::PASS_MS,
    state::Ending,
};

/// Nothing changed for so long: the node has settled.
const SETTLED_MS: u64 = 120_000;
/// Still changing after so long: it never settles.
const GIVE_UP_MS: u64 = 3_600_000;
/// The last stretch before giving up, over which an oscillation is measured: several of the
/// longest cycles, which take about 67 s.
const OSCILLATION_MS: u64 = 600_000;
/// The most seconds that one event's `wait`, or the time until its `t`, counts for: one year.
pub const LONGEST_SECONDS: u64 = 365 * 24 * 3_600;

/// What happens to pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// Pods come.
    Add,
    /// Pods go.
    Delete,
    /// Nothing.
    Wait,
}

/// Which pods go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DeleteOrder {
    /// Those that came last.
    #[default]
    Newest,
    /// Those that came first.
    Oldest,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PodEvent {
    /// What happens.
    pub op: Op,
    /// To how many pods. Deleting more than there are deletes all.
    pub n: u32,
    /// Pods without an address try again at the end of every pass until the node settles.
    pub retry: bool,
    /// Which pods are deleted.
    pub del_order: DeleteOrder,
    /// Seconds that passes go on after the event, whatever changes; `None` is until the node
    /// settles. 0 is not at all. Pods that try again go on trying in the next event.
    pub wait: Option<u64>,
    /// The event is not before this second since the start; until then passes go on.
    pub t: Option<u64>,
}

/// A node and what happens on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeInput {
    /// The node.
    pub settings: PoolSettings,
    /// Addresses its own subnet can give it in all; `None` is without limit.
    pub subnet_capacity: Option<u32>,
    /// Addresses the ENIConfig's subnet can give it in all; `None` is without limit.
    pub pod_subnet_capacity: Option<u32>,
    /// Free /28 blocks of the subnet that prefixes come from; `None` is as many as its addresses make.
    pub free_blocks: Option<u32>,
    /// What happens, in order.
    pub events: Vec<PodEvent>,
}

/// What became of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// States in order; fewer than events when the node never settles.
    pub states: Vec<NodeState>,
    /// Why the node never becomes Ready.
    pub init_error: Option<StartError>,
}

/// Replays events on a fresh node. It starts and settles; after each event it settles again, or
/// runs for the event's `wait`. A node that still changes after 3,600 s ends the replay.
#[must_use]
pub fn replay(input: &NodeInput) -> Replay {
    let mut subnets = CountedSubnets::new(input.subnet_capacity, input.pod_subnet_capacity)
        .with_blocks(input.free_blocks);
    let (node, started) = Node::start(input.settings.clone(), &mut subnets);
    let mut run = ReplayState { node, subnets, pending: 0, failed: 0, states: Vec::new() };
    let start = Ending { settled: false, after_ms: 0, oscillation: None };
    run.record("node_init".to_owned(), start);
    if let Err(error) = started {
        return Replay { states: run.states, init_error: Some(error) };
    }
    let ending = run.settle();
    run.record("init".to_owned(), ending);
    if ending.settled {
        for (index, event) in input.events.iter().enumerate() {
            let ending = run.event(event);
            run.record(format!("event:{index}"), ending);
            if !ending.settled && event.wait.is_none() {
                break;
            }
        }
    }
    Replay { states: run.states, init_error: None }
}

/// A replay under way.
struct ReplayState {
    node: Node,
    subnets: CountedSubnets,
    /// Pods without an address that try again.
    pending: u32,
    /// Pods that gave up.
    failed: u32,
    states: Vec<NodeState>,
}

impl ReplayState {
    fn record(&mut self, at: String, ending: Ending) {
        let state = NodeState::record(at, &self.node, &self.subnets, ending, self.failed);
        self.states.push(state);
    }

    fn event(&mut self, event: &PodEvent) -> Ending {
        if let Some(second) = event.t {
            let now_ms = self.node.now_ms();
            let until_ms = second.saturating_mul(1000);
            self.run_for(until_ms.saturating_sub(now_ms));
        }
        match event.op {
            Op::Add => {
                let left = event.n - self.node.add_pods(event.n);
                let waiting = if event.retry { &mut self.pending } else { &mut self.failed };
                *waiting = waiting.saturating_add(left);
            }
            Op::Delete => {
                for _ in 0..event.n {
                    let any = match event.del_order {
                        DeleteOrder::Newest => self.node.delete_newest(),
                        DeleteOrder::Oldest => self.node.delete_oldest(),
                    };
                    if !any {
                        break;
                    }
                }
            }
            Op::Wait => {}
        }
        if let Some(seconds) = event.wait {
            let after_ms = self.run_for(seconds.saturating_mul(1000));
            return Ending { settled: false, after_ms, oscillation: None };
        }
        let ending = self.settle();
        self.failed = self.failed.saturating_add(self.pending);
        self.pending = 0;
        ending
    }

    /// One pass, after which pods without an address try again; when anything last changed.
    fn pass(&mut self) -> u64 {
        self.node.pass(&mut self.subnets);
        let placed = self.node.add_pods(self.pending);
        self.pending -= placed;
        if placed > 0 { self.node.now_ms() } else { self.node.last_change_ms() }
    }

    /// Passes until nothing has changed for 120 s, or until it is clear that this never comes.
    fn settle(&mut self) -> Ending {
        let start_ms = self.node.now_ms();
        let mut changed_ms = start_ms;
        let mut passed = Vec::new();
        loop {
            let now_ms = self.node.now_ms();
            let after_ms = changed_ms - start_ms;
            if now_ms - changed_ms >= SETTLED_MS {
                return Ending { settled: true, after_ms, oscillation: None };
            }
            if now_ms - start_ms >= GIVE_UP_MS {
                let oscillation = oscillation(&passed, now_ms);
                return Ending { settled: false, after_ms, oscillation };
            }
            changed_ms = changed_ms.max(self.pass());
            let counts = self.node.counts();
            passed.push((self.node.now_ms(), counts.enis, counts.addresses));
        }
    }

    /// Passes for so long; how long after the beginning something last changed.
    fn run_for(&mut self, ms: u64) -> u64 {
        let ms = ms.min(LONGEST_SECONDS * 1000);
        let start_ms = self.node.now_ms();
        let mut changed_ms = start_ms;
        while self.node.now_ms() - start_ms < ms {
            if self.is_at_rest(start_ms) {
                let left_ms = ms - (self.node.now_ms() - start_ms);
                self.node.skip(left_ms.div_ceil(PASS_MS));
                break;
            }
            changed_ms = changed_ms.max(self.pass());
        }
        changed_ms - start_ms
    }

    /// Whether passes can do nothing any more: all timers have run out since the last call and the
    /// last event, and the pass after that made no call.
    fn is_at_rest(&self, event_ms: u64) -> bool {
        let since_ms = event_ms.max(self.node.last_call_ms());
        self.pending == 0
            && self.node.now_ms() - since_ms > self.node.longest_timer_ms() + 2 * PASS_MS
    }
}

fn oscillation(passed: &[(u64, u32, u32)], now_ms: u64) -> Option<Oscillation> {
    let last = || passed.iter().filter(|(ms, ..)| now_ms - ms <= OSCILLATION_MS);
    let range =
        |of: fn(&(u64, u32, u32)) -> u32| Some([last().map(of).min()?, last().map(of).max()?]);
    Some(Oscillation { enis: range(|pass| pass.1)?, addresses: range(|pass| pass.2)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What happened until ten minutes before the end is how the node came there, and no oscillation.
    #[test]
    fn an_oscillation_is_that_of_the_last_ten_minutes() {
        let passed = [
            (5_000, 1, 9),
            (2_995_000, 5, 3),
            (3_000_000, 2, 18),
            (3_300_000, 3, 27),
            (3_595_000, 2, 20),
        ];
        let found = oscillation(&passed, GIVE_UP_MS).map(|found| (found.enis, found.addresses));
        assert_eq!(found, Some(([2, 3], [18, 27])));
    }
}
