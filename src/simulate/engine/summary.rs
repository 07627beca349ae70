//! Figures at the end of a step and at the end of all.

use super::{
    machine::Machine,
    result::{
        GroupState, LayoutFailure, Reason, Shortage, StepResult, SubnetState, SubnetSummary,
        Timeline, Verdict,
    },
    run::Engine,
    world::Refusal,
};
use crate::network::Full;

impl Engine<'_> {
    fn group_state(&self, group: usize) -> GroupState {
        let mut state = GroupState {
            name: self.layout.groups[group].name.clone(),
            nodes_wanted: 0,
            nodes_placed: 0,
            pods_wanted: self.unscheduled[group],
            pods_placed: 0,
        };
        for id in &self.members[group] {
            let machine = &self.machines[*id];
            state.nodes_wanted += 1;
            state.nodes_placed += u64::from(machine.is_ready());
            state.pods_wanted += machine.all_wanted();
            state.pods_placed += machine.placed();
        }
        state
    }

    /// Keeps what the groups are short of, unless they were short of the same before.
    pub(super) fn note_shortage(&mut self) {
        let events = self.failures.len();
        for group in 0..self.members.len() {
            self.note_short_subnets(group);
            self.note_short_pool(group);
            let state = self.group_state(group);
            let first = |pick: &dyn Fn(&Machine) -> bool| {
                let mut members = self.members[group].iter().map(|id| &self.machines[*id]);
                members.find(|machine| pick(machine)).map(Machine::shortage)
            };
            if state.nodes_placed < state.nodes_wanted {
                let short = first(&|machine| !machine.is_ready());
                let figures = (state.nodes_wanted, state.nodes_placed);
                let short = short.unwrap_or((None, Reason::NoSubnet));
                self.fail(Some(group), Shortage::Nodes, figures, short);
            } else if state.pods_placed < state.pods_wanted {
                let short = first(&|machine| machine.placed() < machine.all_wanted());
                let figures = (state.pods_wanted, state.pods_placed);
                let short = short.unwrap_or((None, Reason::MaxPods));
                self.fail(Some(group), Shortage::Pods, figures, short);
            } else if let Some(figures) = self.host_shortage(group) {
                let short = (None, Reason::MaxPods);
                self.fail(Some(group), Shortage::HostNetworkPods, figures, short);
            }
        }
        let now = self.failures.split_off(events);
        let is_known = |failure: &&LayoutFailure| self.lasting.iter().any(|old| failure.lasts(old));
        self.failures.extend(now.iter().filter(|failure| !is_known(failure)).cloned());
        self.lasting = now;
    }

    /// Keeps each subnet that left one of a group's nodes, or pods of one, without a place.
    fn note_short_subnets(&mut self, group: usize) {
        let members = self.members[group].iter().map(|id| &self.machines[*id]);
        let short = members.filter(|one| !one.is_ready() || one.placed() < one.all_wanted());
        let all: Vec<Refusal> = short.map(Machine::shortage).collect();
        for refusal in all {
            self.was_short(refusal);
        }
    }

    /// A group's host-network pods and those that max pods leaves room for, if they are fewer.
    fn host_shortage(&self, group: usize) -> Option<(u64, u64)> {
        let members = self.members[group].iter().map(|id| &self.machines[*id]);
        let short: u64 = members.map(|machine| u64::from(machine.host_short)).sum();
        let nodes = u64::try_from(self.members[group].len()).unwrap_or(u64::MAX);
        let wanted = nodes * u64::from(self.layout.groups[group].host_network_pods);
        (short > 0).then(|| (wanted, wanted.saturating_sub(short)))
    }

    pub(super) fn result(
        &mut self,
        index: u32,
        name: &str,
        settled: bool,
        start_ms: u64,
    ) -> StepResult {
        let [ec2_calls, ec2_calls_at_most] = self.meter.take_step();
        let states = self.layout.subnets.iter().zip(&self.world.subnets);
        StepResult {
            index,
            name: name.to_owned(),
            seconds: self.changed_ms.saturating_sub(start_ms) / 1000,
            settled,
            groups: (0..self.members.len()).map(|group| self.group_state(group)).collect(),
            subnets: states
                .map(|(placed, live)| SubnetState {
                    name: placed.name.clone(),
                    used: live.space().used(),
                    peak_used: live.step_peak,
                    free: live.space().free(),
                    assignable_prefixes: live.open_prefixes(),
                })
                .collect(),
            ec2_calls,
            ec2_calls_at_most,
            waits: None,
            peak_calls_per_minute: 0,
        }
    }

    /// What hung on a reading, subnet by subnet.
    fn reading_notes(&self) -> Vec<String> {
        let (does, other) = match self.layout.full {
            Full::Stop => ("the simulation assumes that EC2 then refuses", true),
            Full::GoOn => ("the simulation assumes that EC2 then continues there", false),
        };
        let placed = self.layout.subnets.iter().zip(&self.world.subnets);
        let parts = placed.flat_map(|(placed, live)| {
            let prefixes = live.decided.prefixes.then_some(
                "the prefix reservation has too few free /28 blocks, but the rest of the subnet \
                 has more",
            );
            let addresses = live.decided.addresses.then_some(
                "too few addresses are free outside the prefix reservation, but the reservation \
                 has more",
            );
            [prefixes, addresses].into_iter().flatten().map(|what| (&placed.name, what))
        });
        let notes = parts.map(|(name, what)| {
            format!(
                "{name}: {what}; {does} (sources disagree); set prefix_reservation_fallback: \
                 {other} to simulate the other behavior"
            )
        });
        notes.collect()
    }

    pub(super) fn finish(mut self) -> Timeline {
        let peaks = self.meter.peaks();
        for (step, peak) in self.steps.iter_mut().zip(&peaks) {
            step.peak_calls_per_minute = *peak;
        }
        let placed = self.layout.subnets.iter().zip(&self.world.subnets);
        let subnets = placed
            .zip(&self.short)
            .map(|((placed, live), short)| SubnetSummary {
                short: *short,
                name: placed.name.to_string(),
                zone: self.layout.zones[placed.zone].clone(),
                cidr: placed.cidr,
                usable: live.space().usable(),
                peak_used: live.peak,
                peak_step: live.peak_step,
                min_free: live.space().usable().saturating_sub(live.peak),
                min_assignable_prefixes: live.least_prefixes,
            })
            .collect();
        Timeline {
            notes: self.reading_notes(),
            verdict: if self.failures.is_empty() { Verdict::Fits } else { Verdict::Fails },
            failures: self.failures,
            tight: self.tight.into_reasons(),
            peak_calls_per_minute: peaks.into_iter().max().unwrap_or(0),
            most_address_units: self.most_units,
            most_units_step: self.most_units_step,
            steps: self.steps,
            subnets,
        }
    }
}
