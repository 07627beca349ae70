//! Time goes by: rounds of 5 s in which every node that can still change makes its pass, in a
//! fixed order, until nothing changes any more. Nodes at rest are left out, so that they cost
//! nothing.

use std::{collections::BTreeSet, net::Ipv4Addr};

use super::{
    karpenter::Karpenter,
    machine::{Machine, Pooled, ROUND_MS},
    meter::{CallMeter, WaitMeter},
    result::{LayoutFailure, StepResult, SubnetShort, Timeline},
    spread::Spread,
    tight::Tightness,
    world::World,
};
use crate::{
    cni::Discovery,
    ipam::PoolSettings,
    network::Random,
    simulate::{
        Layout, PodsPerNode,
        layout::{Action, Group},
        settings::InForce,
    },
};

/// The most simulated time that waiting for one step, or for one batch of a roll-out, takes, in
/// seconds: what still changes then never settles.
pub const MOST_SECONDS_PER_STEP: u64 = 3_600;

/// How old nodes that are there before the start are, in milliseconds: older than any of ipamd's timers.
pub(super) const AGE_MS: u64 = 600_000;
/// ipamd's longest timer (120 s) and two passes: what has not changed for longer does not by itself.
pub(super) const QUIET_MS: u64 = 120_000 + 2 * ROUND_MS;

/// The seed with which groups start in the order in which they are written.
const AS_WRITTEN: u64 = 1;

/// A layout under way.
pub(in crate::simulate) struct Engine<'a> {
    pub(super) layout: &'a Layout<'a>,
    pub(super) cni: InForce,
    /// Those of each group's nodes that start now.
    pub(super) own_cni: Vec<InForce>,
    /// Pool settings for nodes that start now, by group and type.
    pub(super) pools: Vec<Vec<PoolSettings>>,
    pub(super) world: World,
    pub(super) machines: Vec<Machine>,
    /// Each group's nodes, oldest first.
    pub(super) members: Vec<Vec<usize>>,
    /// Pods of each group's new nodes.
    pub(super) base: Vec<PodsPerNode>,
    /// Pods of bursts that no node has room for, by group.
    pub(super) unscheduled: Vec<u64>,
    /// The instances of each group's warm pool.
    pub(super) pooled: Vec<Vec<usize>>,
    /// Where each group's nodes are, and the instances of its warm pool.
    pub(super) spreads: Vec<Spread>,
    pub(super) pool_spreads: Vec<Spread>,
    pub(super) lost_zones: Vec<bool>,
    pub(super) control_plane: Vec<(usize, Ipv4Addr)>,
    /// Nodes that can still change.
    pub(super) active: Vec<usize>,
    pub(super) now_ms: u64,
    pub(super) changed_ms: u64,
    /// Since when it has to be quiet for the step to end.
    pub(super) since_ms: u64,
    pub(super) karpenter: Karpenter,
    /// Instances that run, by group and type.
    pub(super) running: Vec<Vec<u32>>,
    /// What waits while pods come to a group.
    pub(super) waiting: Option<(usize, WaitMeter)>,
    /// Draws the order in which the groups' nodes come, where it is not as written.
    pub(super) order: Option<Random>,
    pub(super) meter: CallMeter,
    pub(in crate::simulate) failures: Vec<LayoutFailure>,
    /// What groups were short of at the end of the last step.
    pub(super) lasting: Vec<LayoutFailure>,
    /// When each subnet first left something without a place.
    pub(super) short: Vec<Option<SubnetShort>>,
    pub(super) tight: Tightness,
    /// The most network address units at the end of a step or of a roll-out's batch.
    pub(super) most_units: u64,
    pub(super) most_units_step: u32,
    pub(super) steps: Vec<StepResult>,
    next_step: u32,
    /// Whether steps leave results.
    pub(in crate::simulate) keeps_results: bool,
    /// Work done so far: passes of nodes, and turns of their pods.
    pub(in crate::simulate) work: u64,
    /// When more is done, time stands still.
    pub(in crate::simulate) most_work: u64,
}

/// Plays a layout; the seed decides where EC2 puts addresses, and in which order the groups' nodes come:
/// seed 1 takes them as they are written. The same seed gives the same result.
#[must_use]
pub fn run(layout: &Layout<'_>, seed: u64) -> Timeline {
    let mut engine = Engine::new(layout, seed);
    engine.begin();
    for (name, action) in &layout.steps {
        engine.step(name, |engine| engine.act(action));
    }
    engine.finish()
}

impl<'a> Engine<'a> {
    pub(in crate::simulate) fn new(layout: &'a Layout<'a>, seed: u64) -> Self {
        let mut engine = Self {
            layout,
            cni: layout.cni.clone(),
            own_cni: Vec::new(),
            pools: Vec::new(),
            world: World::new(layout, Discovery::new(&layout.cni.cni), seed),
            machines: Vec::new(),
            members: layout.groups.iter().map(|_| Vec::new()).collect(),
            base: layout.groups.iter().map(|group| group.pods).collect(),
            unscheduled: layout.groups.iter().map(|_| 0).collect(),
            pooled: layout.groups.iter().map(|_| Vec::new()).collect(),
            spreads: spreads(layout, false),
            pool_spreads: spreads(layout, true),
            lost_zones: layout.zones.iter().map(|_| false).collect(),
            control_plane: Vec::new(),
            active: Vec::new(),
            now_ms: if layout.live.is_empty() { 0 } else { AGE_MS },
            changed_ms: 0,
            since_ms: 0,
            karpenter: Karpenter::new(layout.subnets.len()),
            running: layout.groups.iter().map(|group| vec![0; group.types.len()]).collect(),
            waiting: None,
            order: (seed != AS_WRITTEN).then(|| Random::new(!seed)),
            meter: CallMeter::default(),
            failures: Vec::new(),
            lasting: Vec::new(),
            short: layout.subnets.iter().map(|_| None).collect(),
            tight: Tightness::default(),
            most_units: 0,
            most_units_step: 0,
            steps: Vec::new(),
            next_step: 0,
            keeps_results: true,
            work: 0,
            most_work: u64::MAX,
        };
        engine.find_pools();
        engine
    }

    /// Step 0.
    pub(in crate::simulate) fn begin(&mut self) {
        let layout = self.layout;
        self.step("start", |engine| {
            engine.adopt();
            engine.world.strew(&layout.subnets);
            engine.others();
            if layout.control_plane_held.is_empty() {
                engine.place_control_plane();
            }
            engine.join_first();
            engine.fill_pools();
        });
    }

    pub(super) fn find_pools(&mut self) {
        let groups = || self.layout.groups.iter();
        self.own_cni = groups().map(|group| self.cni.of_group(group.network())).collect();
        let pools = |(group, cni): (&Group<'_>, &InForce)| {
            cni.pools(self.layout.catalogue, (&group.types, &group.shown), group.max_pods)
        };
        self.pools = groups().zip(&self.own_cni).map(pools).collect();
    }

    pub(in crate::simulate) fn act(&mut self, action: &Action) {
        match action {
            Action::Scale { group, nodes } => self.scale(*group, *nodes),
            Action::Grow { group, factor, .. } => self.grow(*group, *factor),
            Action::Pods { group, per_node } => self.set_pods(*group, *per_node),
            Action::Burst { group, pods } => self.burst_and_grow(*group, *pods),
            Action::Rollout { group, pace } => self.rollout(*group, *pace),
            Action::LoseZone(zone) => self.lose_zone(*zone),
            Action::RestoreZone(zone) => self.restore_zone(*zone),
            Action::UpgradeControlPlane => self.upgrade_control_plane(),
            Action::SetCni(settings) => self.set_cni(settings),
            Action::Churn { group, pods_per_minute, minutes } => {
                self.churn(*group, *pods_per_minute, *minutes);
            }
        }
    }

    pub(in crate::simulate) fn step(&mut self, name: &str, act: impl FnOnce(&mut Self)) {
        let index = self.next_step;
        self.next_step += 1;
        self.world.begin_step(index);
        let start_ms = self.now_ms;
        self.meter.begin_step(start_ms);
        (self.changed_ms, self.since_ms) = (start_ms, start_ms);
        act(self);
        let settled = self.settle();
        self.stop_pools();
        let waits = self.end_waits();
        debug_assert!(self.adds_up(), "what holders hold is not what is used");
        self.note_shortage();
        self.note_units();
        if self.keeps_results {
            self.note_tight();
            let result = self.result(index, name, settled, start_ms);
            self.steps.push(StepResult { waits, ..result });
        }
    }

    /// Keeps the most network address units.
    pub(super) fn note_units(&mut self) {
        let units = self.world.address_units();
        if units > self.most_units {
            (self.most_units, self.most_units_step) = (units, self.world.step);
        }
    }

    /// Whether each subnet's used addresses are those that its holders hold: none is lost, and none
    /// was given to two.
    fn adds_up(&self) -> bool {
        let held = self.world.subnets.iter().zip(self.held());
        held.into_iter().all(|(subnet, held)| subnet.space().used() == subnet.fixed + held)
    }

    /// What nodes and the control plane hold, by subnet.
    pub(super) fn held(&self) -> Vec<u32> {
        let mut held: Vec<u32> = self.world.subnets.iter().map(|_| 0).collect();
        for machine in &self.machines {
            machine.holdings.add_to(&mut held);
        }
        for (subnet, _) in &self.control_plane {
            held[*subnet] += 1;
        }
        held
    }

    /// Whether more work was done than is to be.
    pub(in crate::simulate) fn is_spent(&self) -> bool {
        self.work > self.most_work
    }

    /// Rounds until nothing changes any more; whether that came.
    pub(super) fn settle(&mut self) -> bool {
        let start_ms = self.now_ms;
        loop {
            if self.is_quiet(self.since_ms) {
                return true;
            }
            if self.is_spent() || self.now_ms - start_ms >= MOST_SECONDS_PER_STEP * 1000 {
                return false;
            }
            self.round();
        }
    }

    /// Whether nothing can change any more since some moment.
    pub(super) fn is_quiet(&self, since_ms: u64) -> bool {
        let last_ms = self.changed_ms.max(since_ms);
        let is_gone = |id: &usize| self.machines[*id].gone;
        let cool_down_ms = u64::from(self.cni.cni.cool_down_seconds) * 1000 + 2 * ROUND_MS;
        let quiet_ms = QUIET_MS.max(cool_down_ms);
        self.active.iter().all(is_gone) || self.now_ms.saturating_sub(last_ms) > quiet_ms
    }

    /// One round of passes.
    pub(super) fn round(&mut self) {
        self.karpenter.looks_again();
        let mut active = std::mem::take(&mut self.active);
        active.sort_unstable();
        self.work += 1 + u64::try_from(active.len()).unwrap_or(u64::MAX);
        for id in &active {
            self.pass(*id);
        }
        self.now_ms += ROUND_MS;
        active.retain(|id| {
            let stays = !self.is_at_rest(*id);
            self.machines[*id].active = stays;
            stays
        });
        self.active = active;
    }

    /// A node is looked at again from now on.
    pub(super) fn touch(&mut self, id: usize) {
        let now_ms = self.now_ms;
        let machine = &mut self.machines[id];
        machine.touched_ms = now_ms;
        machine.catch_up(now_ms);
        if !machine.active {
            machine.active = true;
            self.active.push(id);
        }
    }

    /// Whether a node's further passes can do nothing: all its timers have run out since its last
    /// call, and it asks for nothing. One that waits for room is never at rest.
    pub(super) fn is_at_rest(&self, id: usize) -> bool {
        let machine = &self.machines[id];
        if machine.gone || machine.pooled == Some(Pooled::Stopped) {
            return true;
        }
        let Some(node) = machine.node.as_ref().filter(|node| node.is_ready()) else {
            return false;
        };
        let called_ms = machine.born_ms + node.last_call_ms();
        let since_ms = machine.touched_ms.max(called_ms);
        // A trunk and branch ENIs are asked for without a call of the node's own.
        let waits = match node.trunk_index() {
            Some(_) => machine.holdings.branches() < machine.most_branches,
            None => node.settings().pod_eni && node.attached() < node.settings().enis,
        };
        let quiet_ms = node.longest_timer_ms() + 2 * ROUND_MS;
        !waits && self.now_ms.saturating_sub(since_ms) > quiet_ms
    }
}

/// How the groups' nodes are spread, or the instances of their warm pools.
fn spreads(layout: &Layout<'_>, are_pooled: bool) -> Vec<Spread> {
    let mut others: Vec<BTreeSet<usize>> = layout.groups.iter().map(|_| BTreeSet::new()).collect();
    for node in layout.live.iter().filter(|node| node.is_pooled == are_pooled) {
        if let Some(others) = others.get_mut(node.group) {
            others.insert(node.subnet);
        }
    }
    let groups = layout.groups.iter().zip(others);
    groups.map(|(group, others)| Spread::new(group, others.into_iter(), &layout.subnets)).collect()
}
