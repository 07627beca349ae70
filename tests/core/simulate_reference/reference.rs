//! Time, and what is written down of it. Every node makes its pass in every round.

use std::collections::{BTreeMap, BTreeSet};

use eksnet::{
    ipam::PoolMode,
    simulate::{
        Cni, GroupState, LayoutFailure, PodsPerNode, Reason, Scenario, Shortage, StepResult,
        SubnetShort, SubnetState, SubnetSummary, Timeline, Verdict, Waits,
    },
};

use super::{ledger::Ledger, machine::Machine, seat::Refusal, spread::Karpenter};

pub(crate) const ROUND_MS: u64 = 5_000;
/// ipamd's longest timer and two passes.
pub(crate) const QUIET_MS: u64 = 130_000;
/// What still changes then never settles.
pub(crate) const MOST_MS: u64 = 3_600_000;

/// A group under way.
pub(crate) struct Group {
    pub(crate) members: Vec<usize>,
    pub(crate) base: PodsPerNode,
    /// Pods of bursts that no node has room for.
    pub(crate) unscheduled: u64,
}

/// A pod that came.
pub(crate) struct Arrival {
    pub(crate) node: usize,
    pub(crate) came_ms: u64,
    pub(crate) found_ms: Option<u64>,
}

impl Arrival {
    fn waited_ms(&self) -> Option<u64> {
        Some(self.found_ms? - self.came_ms)
    }
}

pub(crate) struct Reference<'a> {
    pub(crate) scenario: &'a Scenario,
    pub(crate) seed: u64,
    pub(crate) cni: Cni,
    pub(crate) ledger: Ledger,
    pub(crate) machines: Vec<Machine>,
    pub(crate) groups: Vec<Group>,
    pub(crate) lost_zones: BTreeSet<String>,
    pub(crate) now_ms: u64,
    pub(crate) changed_ms: u64,
    /// Since when it has to be quiet for the step to end.
    pub(crate) since_ms: u64,
    pub(crate) karpenter: Karpenter,
    calls: BTreeMap<&'static str, u64>,
    /// Calls that nodes make beside them where they do not pause.
    again: BTreeMap<&'static str, u64>,
    /// The group whose pods come, whether each must find an address, and when each that came found one.
    pub(crate) watched: Option<(usize, bool)>,
    pub(crate) arrivals: Vec<Arrival>,
    /// When each step began.
    begins_ms: Vec<u64>,
    /// All calls by when they were made.
    calls_by_ms: BTreeMap<u64, u64>,
    most_units: usize,
    most_units_step: u32,
    failures: Vec<LayoutFailure>,
    lasting: Vec<LayoutFailure>,
    short: BTreeMap<usize, SubnetShort>,
    steps: Vec<StepResult>,
}

/// Plays a scenario as `eksnet::simulate::run` does.
pub(crate) fn simulate(scenario: &Scenario, seed: u64) -> Timeline {
    let groups = scenario.node_groups.iter().map(|group| Group {
        members: Vec::new(),
        base: group.pods_per_node.unwrap_or_default(),
        unscheduled: 0,
    });
    let mut reference = Reference {
        scenario,
        seed,
        cni: super::settings::at_start(scenario),
        ledger: Ledger::new(scenario, seed),
        machines: Vec::new(),
        groups: groups.collect(),
        lost_zones: BTreeSet::new(),
        now_ms: 0,
        changed_ms: 0,
        since_ms: 0,
        karpenter: Karpenter::default(),
        calls: BTreeMap::new(),
        again: BTreeMap::new(),
        watched: None,
        arrivals: Vec::new(),
        begins_ms: Vec::new(),
        calls_by_ms: BTreeMap::new(),
        most_units: 0,
        most_units_step: 0,
        failures: Vec::new(),
        lasting: Vec::new(),
        short: BTreeMap::new(),
        steps: Vec::new(),
    };
    reference.step("start", Reference::start_all);
    for step in &scenario.steps {
        reference.step(step.key(), |reference| reference.act(step));
    }
    reference.finish()
}

pub(crate) fn count(len: usize) -> u64 {
    u64::try_from(len).unwrap()
}

pub(crate) fn small(len: usize) -> u32 {
    u32::try_from(len).unwrap()
}

impl Reference<'_> {
    fn step(&mut self, name: &str, act: impl FnOnce(&mut Self)) {
        let index = u32::try_from(self.steps.len()).unwrap();
        self.ledger.begin_step(index);
        let start_ms = self.now_ms;
        (self.changed_ms, self.since_ms) = (start_ms, start_ms);
        act(self);
        let settle_ms = self.now_ms;
        while !self.is_quiet(self.since_ms) && self.now_ms - settle_ms < MOST_MS {
            self.round();
        }
        let settled = self.is_quiet(self.since_ms);
        let waits = self.waits();
        self.note_shortage();
        self.note_units();
        let mut at_most = self.calls.clone();
        for (operation, more) in std::mem::take(&mut self.again) {
            *at_most.entry(operation).or_default() += more;
        }
        let subnets = self.ledger.subnets.iter().map(|subnet| SubnetState {
            name: subnet.written.name.as_str().into(),
            used: small(subnet.used.len()),
            peak_used: small(subnet.step_peak),
            free: small(subnet.free().len()),
            assignable_prefixes: small(subnet.open(PoolMode::Prefix).len()),
        });
        self.steps.push(StepResult {
            index,
            name: name.to_owned(),
            seconds: (self.changed_ms - start_ms) / 1000,
            settled,
            groups: (0..self.groups.len()).map(|group| self.group_state(group)).collect(),
            subnets: subnets.collect(),
            ec2_calls: std::mem::take(&mut self.calls),
            ec2_calls_at_most: at_most,
            waits,
            peak_calls_per_minute: 0,
        });
        self.begins_ms.push(start_ms);
    }

    /// Whether no node can change any more, or none has for longer than any timer runs.
    pub(crate) fn is_quiet(&self, since_ms: u64) -> bool {
        (0..self.machines.len()).all(|id| self.is_at_rest(id))
            || self.now_ms - self.changed_ms.max(since_ms) > QUIET_MS
    }

    pub(crate) fn round(&mut self) {
        self.karpenter.look_again();
        for id in 0..self.machines.len() {
            let rests = self.is_at_rest(id);
            let before = (self.state(id), self.machines[id].counted);
            self.pass(id);
            let after = (self.state(id), self.machines[id].counted);
            assert!(!rests || after == before, "node {id} is at rest, and changes or calls");
        }
        self.now_ms += ROUND_MS;
    }

    /// A node is at rest when all timers have run out since its last call and since something
    /// happened to it, and it waits for no room: not for its pool, which would call, nor for its
    /// trunk or branch ENIs, which call nothing in vain.
    pub(crate) fn is_at_rest(&self, id: usize) -> bool {
        let machine = &self.machines[id];
        if machine.gone {
            return true;
        }
        let Some(node) = machine.node.as_ref().filter(|node| node.is_ready()) else { return false };
        let called_ms = machine.born_ms + node.last_call_ms();
        !self.lacks_trunk(id)
            && !self.lacks_branch(id)
            && self.now_ms.saturating_sub(machine.touched_ms.max(called_ms)) > QUIET_MS
    }

    /// Network address units: a delegated prefix is one, as a single address is.
    pub(crate) fn note_units(&mut self) {
        let units = self.ledger.holders.values().map(Vec::len).sum();
        if units > self.most_units {
            (self.most_units, self.most_units_step) = (units, self.ledger.step);
        }
    }

    pub(crate) fn add_again(&mut self, operation: &'static str, calls: u64) {
        if calls > 0 {
            *self.again.entry(operation).or_default() += calls;
        }
    }

    /// Pods are about to come. Those that lack an address already come before them.
    pub(crate) fn begin_waits(&mut self, group: usize, must_find: bool) {
        self.watched = Some((group, must_find));
        for id in &self.groups[group].members {
            let machine = &self.machines[*id];
            self.machines[*id].lacking =
                machine.pods().min(machine.room).saturating_sub(machine.assigned());
        }
    }

    /// A pod comes to a node.
    pub(crate) fn arrives(&mut self, node: usize) {
        if self.watched.is_some() {
            self.arrivals.push(Arrival { node, came_ms: self.now_ms, found_ms: None });
        }
    }

    /// How long the pods waited that came in place of others, or all at once.
    fn waits(&mut self) -> Option<Waits> {
        let (group, must_find) = self.watched.take()?;
        let arrivals = std::mem::take(&mut self.arrivals);
        let waited: Vec<u64> = arrivals.iter().filter_map(Arrival::waited_ms).collect();
        let never = count(arrivals.iter().filter(|arrival| arrival.found_ms.is_none()).count());
        if never > 0 && must_find {
            let figures = (count(arrivals.len()), count(arrivals.len()) - never);
            self.fail(Some(group), Shortage::PodStarts, figures, (None, Reason::WaitedTooLong));
        }
        Some(Waits {
            started: count(arrivals.len()),
            waited: never + count(waited.iter().filter(|ms| **ms > 0).count()),
            longest_s: waited.iter().max().map_or(0, |ms| ms / 1000),
            never,
        })
    }

    pub(crate) fn add_calls(&mut self, operation: &'static str, calls: u64) {
        if calls > 0 {
            *self.calls.entry(operation).or_default() += calls;
            *self.calls_by_ms.entry(self.now_ms).or_default() += calls;
        }
    }

    fn group_state(&self, group: usize) -> GroupState {
        let name = self.scenario.node_groups[group].name.as_str().into();
        let Group { members, unscheduled, .. } = &self.groups[group];
        let ready = members.iter().filter(|id| self.machines[**id].is_ready());
        GroupState {
            name,
            nodes_wanted: count(members.len()),
            nodes_placed: count(ready.count()),
            pods_wanted: unscheduled + members.iter().map(|id| self.wanted(*id)).sum::<u64>(),
            pods_placed: members.iter().map(|id| self.placed(*id)).sum(),
        }
    }

    /// Groups short of nodes or else of pods, each by what its first such node says; what a group was
    /// short of before, and no less, is said once.
    fn note_shortage(&mut self) {
        let events = self.failures.len();
        self.note_short_groups();
        let now = self.failures.split_off(events);
        for failure in &now {
            let same = |old: &&LayoutFailure| {
                let about = |f: &LayoutFailure| {
                    (f.subnet.clone(), f.group.clone(), format!("{:?} {:?}", f.what, f.reason))
                };
                about(old) == about(failure)
            };
            let missing = |f: &LayoutFailure| f.wanted - f.placed;
            let before = self.lasting.iter().find(same).map_or(0, missing);
            if missing(failure) > before {
                self.failures.push(failure.clone());
            }
        }
        self.lasting = now;
    }

    fn note_short_groups(&mut self) {
        for group in 0..self.groups.len() {
            let state = self.group_state(group);
            for id in self.groups[group].members.clone() {
                if !self.machines[id].is_ready() || self.placed(id) < self.wanted(id) {
                    self.was_short(self.shortage(id));
                }
            }
            let short = |id: &&usize| {
                if state.nodes_placed < state.nodes_wanted {
                    !self.machines[**id].is_ready()
                } else {
                    self.placed(**id) < self.wanted(**id)
                }
            };
            let first = self.groups[group].members.iter().find(short);
            let why = first.map_or((None, Reason::MaxPods), |id| self.shortage(*id));
            if state.nodes_placed < state.nodes_wanted {
                let figures = (state.nodes_wanted, state.nodes_placed);
                self.fail(Some(group), Shortage::Nodes, figures, why);
            } else if state.pods_placed < state.pods_wanted {
                let figures = (state.pods_wanted, state.pods_placed);
                self.fail(Some(group), Shortage::Pods, figures, why);
            } else {
                let host =
                    u64::from(self.scenario.node_groups[group].host_network_pods.unwrap_or(2));
                let of = |id: &usize| u64::from(self.machines[*id].host_short);
                let short: u64 = self.groups[group].members.iter().map(of).sum();
                if short > 0 {
                    let wanted = host * state.nodes_wanted;
                    let figures = (wanted, wanted - short);
                    self.fail(Some(group), Shortage::HostNetworkPods, figures, why);
                }
            }
        }
    }

    pub(crate) fn fail(
        &mut self,
        group: Option<usize>,
        what: Shortage,
        (wanted, placed): (u64, u64),
        (subnet, reason): Refusal,
    ) {
        self.was_short((subnet, reason));
        self.failures.push(LayoutFailure {
            step: self.ledger.step,
            subnet: subnet.map(|at| self.scenario.subnets[at].name.clone()),
            group: group.map(|at| self.scenario.node_groups[at].name.clone()),
            what,
            wanted,
            placed,
            reason,
        });
    }

    /// The first time that a subnet had no room for what was to be there in the end.
    pub(crate) fn was_short(&mut self, (subnet, reason): Refusal) {
        let step = self.ledger.step;
        if let Some(at) = subnet {
            self.short.entry(at).or_insert(SubnetShort { step, reason });
        }
    }

    /// What hung on how EC2 is read.
    fn notes(&self) -> Vec<String> {
        let goes_on = self.scenario.prefix_reservation_fallback;
        let reading = if goes_on {
            "the simulation assumes that EC2 then continues there"
        } else {
            "the simulation assumes that EC2 \
                then refuses"
        };
        let mut notes = Vec::new();
        for subnet in &self.ledger.subnets {
            for singles in &subnet.decided {
                let what = if *singles {
                    "too few addresses are free outside the prefix reservation, but the \
                     reservation has more"
                } else {
                    "the prefix reservation has too few free /28 blocks, but the rest of the \
                     subnet has more"
                };
                notes.push(format!(
                    "{}: {what}; {reading} (sources disagree); set prefix_reservation_fallback: {} \
                     to simulate the other behavior",
                    subnet.written.name, !goes_on
                ));
            }
        }
        notes
    }

    fn finish(mut self) -> Timeline {
        let subnets = self.ledger.subnets.iter().enumerate().map(|(at, subnet)| SubnetSummary {
            short: self.short.get(&at).copied(),
            name: subnet.written.name.clone(),
            zone: subnet.written.zone.clone(),
            cidr: subnet.written.cidr,
            usable: small(subnet.usable.len()),
            peak_used: small(subnet.peak),
            peak_step: subnet.peak_step,
            min_free: small(subnet.usable.len() - subnet.peak),
            min_assignable_prefixes: small(
                subnet.least_prefixes.min(subnet.open(PoolMode::Prefix).len()),
            ),
        });
        let minute =
            |ms: u64| self.calls_by_ms.range(ms..ms + 60_000).map(|(_, calls)| calls).sum::<u64>();
        // A minute belongs to the last step that began until its first call.
        let step_of = |ms: &u64| self.begins_ms.iter().rposition(|begin| begin <= ms).unwrap();
        for ms in self.calls_by_ms.keys() {
            let peak = &mut self.steps[step_of(ms)].peak_calls_per_minute;
            *peak = minute(*ms).max(*peak);
        }
        Timeline {
            verdict: if self.failures.is_empty() { Verdict::Fits } else { Verdict::Fails },
            subnets: subnets.collect(),
            notes: self.notes(),
            peak_calls_per_minute: self.calls_by_ms.keys().map(|ms| minute(*ms)).max().unwrap_or(0),
            most_address_units: count(self.most_units),
            most_units_step: self.most_units_step,
            failures: self.failures,
            // What is tight is held against hand counts.
            tight: Vec::new(),
            steps: self.steps,
        }
    }
}
