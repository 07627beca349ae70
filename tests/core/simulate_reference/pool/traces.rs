//! The pool against what the genuine ipamd did: see `golden/README.md`.

use eksnet::ipam::{
    Addresses, DeleteOrder, EniId, NodeInput, NodeState, Op, Oscillation, PodEvent, Replay, Slots,
    SubnetSide,
};

use super::Node;
use crate::ipam_traces;

/// Nothing changed for so long: it has settled.
const SETTLED_MS: u64 = 120_000;
/// Still changing after so long: it never does, and this is how it went at last.
const GIVE_UP_MS: u64 = 3_600_000;
const LAST_MS: u64 = 600_000;

/// Addresses in use in the node's subnet and in the pods', and how many there are.
struct Ec2 {
    used: [u32; 2],
    all: [u32; 2],
}

impl Ec2 {
    fn take(&mut self, side: SubnetSide, addresses: u32) -> bool {
        let at = usize::from(side == SubnetSide::Pod);
        let fits = self.used[at] + addresses <= self.all[at];
        self.used[at] += if fits { addresses } else { 0 };
        fits
    }
}

impl Addresses for Ec2 {
    fn assign(&mut self, side: SubnetSide, _: EniId, slots: Slots) -> bool {
        self.take(side, slots.addresses())
    }

    fn create(&mut self, side: SubnetSide, _: EniId, slots: Slots) -> bool {
        self.take(side, slots.addresses() + 1)
    }

    fn unassign(&mut self, side: SubnetSide, _: EniId, slots: Slots) {
        self.used[usize::from(side == SubnetSide::Pod)] -= slots.addresses();
    }

    fn delete(&mut self, side: SubnetSide, _: EniId, slots: Slots) {
        self.used[usize::from(side == SubnetSide::Pod)] -= slots.addresses() + 1;
    }
}

struct Play {
    node: Node,
    ec2: Ec2,
    /// Pods without an address that try again, and those that gave up.
    pending: u32,
    failed: u32,
    failed_attempts: u32,
    /// When something last changed, from the event on.
    changed_ms: u64,
    states: Vec<NodeState>,
}

fn replay(input: &NodeInput) -> Replay {
    let all = [input.subnet_capacity, input.pod_subnet_capacity];
    let mut ec2 = Ec2 { used: [0, 0], all: all.map(|all| all.unwrap_or(u32::MAX)) };
    let (node, started) = Node::start(input.settings.clone(), &mut ec2);
    let mut play = Play {
        node,
        ec2,
        pending: 0,
        failed: 0,
        failed_attempts: 0,
        changed_ms: 0,
        states: Vec::new(),
    };
    play.note("node_init".to_owned(), 0, (false, None));
    let mut goes_on = started.is_ok();
    if goes_on {
        let ending = play.settle(0);
        goes_on = ending.0;
        play.note("init".to_owned(), 0, ending);
    }
    for (at, event) in input.events.iter().enumerate() {
        if goes_on {
            goes_on = play.event(at, event);
        }
    }
    Replay { states: play.states, init_error: started.err() }
}

impl Play {
    /// Whether the trace goes on.
    fn event(&mut self, at: usize, event: &PodEvent) -> bool {
        while event.t.is_some_and(|second| self.node.now_ms() < second * 1000) {
            self.pass();
        }
        let start_ms = self.node.now_ms();
        self.changed_ms = start_ms;
        match event.op {
            Op::Add => {
                let left = self.add(event.n);
                let where_to = if event.retry { &mut self.pending } else { &mut self.failed };
                *where_to += left;
            }
            Op::Delete => {
                for _ in 0..event.n {
                    match event.del_order {
                        DeleteOrder::Newest => self.node.delete_newest(),
                        DeleteOrder::Oldest => self.node.delete_oldest(),
                    };
                }
            }
            Op::Wait => {}
        }
        let mut ending = (false, None);
        if let Some(seconds) = event.wait {
            while self.node.now_ms() - start_ms < seconds * 1000 {
                self.pass();
            }
        } else {
            ending = self.settle(start_ms);
            self.failed += std::mem::take(&mut self.pending);
        }
        self.note(format!("event:{at}"), start_ms, ending);
        ending.0 || event.wait.is_some()
    }

    /// How many find no address.
    fn add(&mut self, pods: u32) -> u32 {
        let placed = (0..pods).take_while(|_| self.node.add_pod()).count();
        let left = pods - u32::try_from(placed).unwrap();
        self.failed_attempts += left;
        left
    }

    fn pass(&mut self) {
        let changed = self.node.pass(&mut self.ec2);
        let before = self.pending;
        self.pending = self.add(before);
        if changed || self.pending < before {
            self.changed_ms = self.node.now_ms();
        }
    }

    /// Whether it settles, and between what it moves if not.
    fn settle(&mut self, start_ms: u64) -> (bool, Option<Oscillation>) {
        let (mut enis, mut addresses) = (Vec::new(), Vec::new());
        while self.node.now_ms() - self.changed_ms < SETTLED_MS {
            if self.node.now_ms() - start_ms >= GIVE_UP_MS {
                let bounds = |of: &[u32]| [*of.iter().min().unwrap(), *of.iter().max().unwrap()];
                let moves = Oscillation { enis: bounds(&enis), addresses: bounds(&addresses) };
                return (false, Some(moves));
            }
            self.pass();
            if self.node.now_ms() - start_ms >= GIVE_UP_MS - LAST_MS {
                enis.push(self.node.counts().enis);
                addresses.push(self.node.counts().addresses);
            }
        }
        (true, None)
    }

    fn note(&mut self, at: String, start_ms: u64, ending: (bool, Option<Oscillation>)) {
        let (counts, calls) = (self.node.counts(), self.node.calls());
        self.states.push(NodeState {
            at,
            t: self.node.now_ms() / 1000,
            settled: ending.0,
            settled_after_s: (self.changed_ms - start_ms) / 1000,
            oscillation: ending.1,
            enis: counts.enis,
            per_eni: self.node.slots_by_eni().collect(),
            mixed: None,
            pods_per_eni: self.node.pods_by_eni().collect(),
            trunk_index: self.node.trunk_index(),
            pods: counts.assigned,
            addresses: counts.addresses,
            node_subnet_used: self.ec2.used[0],
            pod_subnet_used: self.ec2.used[1],
            failed_adds: self.failed,
            failed_attempts: self.failed_attempts,
            ec2: calls.ec2.by_name(),
            ec2_errors: calls.ec2_errors.by_name(),
            api: calls.api.by_name(),
            ec2_total: calls.ec2.by_name().values().sum(),
        });
    }
}

#[test]
fn every_field_of_every_trace() {
    ipam_traces::hold(replay);
}
