//! One node under some targets: what it holds by the closed form, the least that its pods wait, and by the
//! stepped model what they do wait and what it calls.

use super::targets::is_prefix;
use crate::ipam::{CountedSubnets, Node, PoolSettings, steady_state};

/// What has not changed for so long has settled: ipamd's longest timer where subnets have room, the 60 s
/// after which an ENI may go, and two passes.
const QUIET_MS: u64 = 70_000;
/// What still changes after so long never settles.
const LONGEST_MS: u64 = 3_600_000;
/// One pass, in seconds.
const PASS_S: u64 = 5;

/// Addresses that a settled node takes of its subnets for so many pods that came one at a time, its ENIs'
/// own included; `None` where no closed form holds, which is so of targets that never settle.
pub(super) fn held(settings: &PoolSettings, pods: u32) -> Option<u32> {
    let steady = steady_state(settings, pods)?;
    Some(steady.addresses + steady.carriers_used + beside(settings))
}

/// Addresses of ENIs that carry no pods: a primary ENI that does not, and the trunk.
fn beside(settings: &PoolSettings) -> u32 {
    let trunk = settings.pod_eni && settings.enis.saturating_sub(settings.unmanaged) > 1;
    u32::from(!settings.primary_carries()) + u32::from(trunk)
}

/// The least that the last of a node's pods waits, in seconds: nothing that EC2 assigns is lost, and each
/// pass asks for as much as it ever may.
pub(super) fn least_wait_s(settings: &PoolSettings, pods: (u32, u32)) -> u64 {
    let (usual, most) = pods;
    let settled = steady_state(settings, usual).map_or(u32::MAX, |steady| steady.addresses);
    let passes = |mut addresses: u32| {
        let mut passes = 0;
        while addresses < most {
            addresses = addresses.saturating_add(most_growth(settings, addresses));
            passes += 1;
        }
        passes
    };
    PASS_S * u64::max(passes(most_growth(settings, 0)), passes(settled))
}

/// The most addresses that one step adds to a pool whose addresses are all in use; at least one.
fn most_growth(settings: &PoolSettings, addresses: u32) -> u32 {
    let unit = settings.addresses_per_slot();
    let eni = settings.slots_per_eni().saturating_mul(unit);
    let wanted = match settings.ip_targets() {
        Some((warm, minimum)) => warm.max(minimum.saturating_sub(addresses)),
        None if is_prefix(settings) => settings.warm().saturating_mul(unit),
        None => eni,
    };
    wanted.next_multiple_of(unit).clamp(1, eni.max(1))
}

/// A node, simulated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlayedNode {
    /// EC2 calls from its start until it has settled with its usual pods, which came at once.
    pub(super) start_calls: u32,
    /// EC2 calls of the burst to the most pods, by milliseconds since the pods came.
    pub(super) burst_calls: Vec<(u64, u32)>,
    /// The longest that a pod waits in seconds: of the burst, and of the most pods at once on a node that
    /// has just started. `None`: one never gets an address.
    pub(super) wait_s: Option<u64>,
    /// Addresses for the usual and the most pods at the end.
    pub(super) held: (u32, u32),
}

/// Simulates a node with its usual pods and with the most, its subnets having room.
pub(super) fn play(settings: &PoolSettings, (usual, most): (u32, u32)) -> PlayedNode {
    let mut run = Run::start(settings);
    let first = run.pods_come(usual);
    let start_calls = run.node.calls().ec2.total();
    let held_usual = run.held();
    let (fresh, burst, burst_calls) = if most > usual {
        run.calls.clear();
        let burst = run.pods_come(most - usual);
        (Run::start(settings).all_served(most), burst, std::mem::take(&mut run.calls))
    } else {
        (first, Some(0), Vec::new())
    };
    PlayedNode {
        start_calls,
        burst_calls,
        wait_s: fresh.zip(burst).map(|(fresh, burst)| fresh.max(burst) / 1000),
        held: (held_usual, run.held()),
    }
}

/// A node under way.
struct Run {
    node: Node,
    subnets: CountedSubnets,
    /// Calls by milliseconds since the last pods came.
    calls: Vec<(u64, u32)>,
}

impl Run {
    fn start(settings: &PoolSettings) -> Self {
        let mut subnets = CountedSubnets::new(None, None);
        let (node, _) = Node::start(settings.clone(), &mut subnets);
        Self { node, subnets, calls: Vec::new() }
    }

    /// Pods come at once, and passes go on until all has settled; milliseconds until the last pod has an
    /// address, if all get one.
    fn pods_come(&mut self, pods: u32) -> Option<u64> {
        let start_ms = self.node.now_ms();
        let waited_ms = self.all_served(pods);
        while self.goes_on(start_ms) {
            self.pass(start_ms);
        }
        waited_ms
    }

    /// Pods come at once, and passes go on until each has an address or all has settled; milliseconds until
    /// the last has one, if all get one.
    fn all_served(&mut self, pods: u32) -> Option<u64> {
        let start_ms = self.node.now_ms();
        let mut left = pods - self.node.add_pods(pods);
        while left > 0 && self.goes_on(start_ms) {
            self.pass(start_ms);
            left -= self.node.add_pods(left);
        }
        (left == 0).then_some(self.node.now_ms() - start_ms)
    }

    /// Whether passes may still change something.
    fn goes_on(&self, start_ms: u64) -> bool {
        let now_ms = self.node.now_ms();
        let quiet_ms = now_ms - self.node.last_change_ms().max(start_ms);
        self.node.is_ready() && quiet_ms < QUIET_MS && now_ms - start_ms < LONGEST_MS
    }

    fn pass(&mut self, start_ms: u64) {
        let now_ms = self.node.now_ms();
        let called = self.node.calls().ec2.total();
        self.node.pass(&mut self.subnets);
        let calls = self.node.calls().ec2.total() - called;
        if calls > 0 {
            self.calls.push((now_ms - start_ms, calls));
        }
    }

    fn held(&self) -> u32 {
        self.node.counts().addresses + self.node.counts().enis
    }
}
