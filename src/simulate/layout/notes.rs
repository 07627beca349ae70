//! What was taken for granted, for a person to know.

use super::{
    pace::{BudgetSource, RolloutPace},
    resolved::{Assumed, Group, Layout, LiveNode},
};
use crate::{
    density::not_launched,
    finding::{counted, thousands},
    instance::InstanceLimits,
    network::Full,
    simulate::{
        MaxPods, Observed, PodsPerNode, Scaler, observed::ObservedSubnet, settings::InForce,
    },
};

impl Layout<'_> {
    /// Subnets whose free /28 blocks lie outside a reservation for prefixes as well: an audit counts all of
    /// them, and a simulation those that EC2 delegates.
    #[must_use]
    pub fn reserved_notes(&self, start: &Observed) -> Vec<String> {
        let note = |subnet: &ObservedSubnet| {
            let (all, inside) = subnet.prefixes;
            (subnet.prefix_reserved && all > inside && self.full == Full::Stop).then(|| {
                format!(
                    "{}: {} assignable, {} of them inside its prefix reservation: the model assigns \
                     prefixes from those alone, and MIN /28 counts no others; set \
                     prefix_reservation_fallback: true to use all",
                    subnet.id,
                    counted(all, "/28 block is", "/28 blocks are"),
                    thousands(inside)
                )
            })
        };
        start.subnets.iter().filter_map(note).collect()
    }

    /// Nodes of a group that were observed and whose pods are estimated.
    fn estimated(&self, group: usize) -> impl Iterator<Item = &LiveNode> {
        let is_assumed = self.groups.get(group).is_some_and(|group| group.assumed.pods);
        let nodes = self.live.iter().filter(move |node| node.group == group && !node.is_pooled);
        nodes.filter(move |node| is_assumed && !node.pods_told)
    }

    /// Whether the pods of nodes that were observed are estimated.
    #[must_use]
    pub fn estimates_pods(&self) -> bool {
        (0..self.groups.len()).any(|group| self.estimated(group).next().is_some())
    }

    /// What is written for nothing, and what was taken for granted of nodes that were observed, for a person
    /// to know.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let mut notes = self.vain.clone();
        notes.extend(self.groups.iter().filter(|group| group.warm_pool > 0).map(pool_note));
        notes.extend(self.groups.iter().flat_map(auto_mode_notes));
        for group in &self.groups {
            if let Some(shown) = &group.launch_shown {
                notes.push(format!(
                    "{}: new nodes start with the interfaces that its nodes have: {shown}; set \
                     extra_interfaces in node_groups to change this",
                    group.name
                ));
            }
            // A type for all: what differs by type is how many EFA interfaces it takes.
            let of_type = group.types.first().map(|(limits, _)| group.launch.notes(limits));
            let named = of_type.into_iter().flatten();
            notes.extend(named.map(|note| format!("{}: {note}", group.name)));
        }
        notes.extend(self.karpenter_notes());
        if !self.live.is_empty() {
            let on = |is: bool| if is { "on" } else { "off" };
            let said = if self.cni_told {
                "as set in the daemonset aws-node or the key cni; so are the warm targets"
            } else {
                "as observed on the nodes or set in the key cni; nodes do not show warm targets, \
                 so the defaults of the VPC CNI manifest are used unless the key cni sets them"
            };
            notes.push(format!(
                "new nodes have prefix delegation {} and custom networking {}, {said}",
                on(self.cni.cni.prefix_delegation),
                on(self.cni.cni.custom_networking),
            ));
            if let Some(freeze) = self.cni.cni.freeze {
                notes.push(format!(
                    "{}: the pools do not grow or shrink, and new nodes get no addresses for pods",
                    freeze.setting()
                ));
            }
            notes.extend(self.shown_notes());
        }
        for (at, group) in self.groups.iter().enumerate().filter(|(_, group)| group.assumed.pods) {
            let count = self.estimated(at).count();
            if count == 0 && self.live.iter().any(|node| node.group == at) {
                continue;
            }
            let pods: u64 = self
                .estimated(at)
                .map(|node| match node.pods {
                    PodsPerNode::Pods(pods) => u64::from(pods),
                    PodsPerNode::Fill => 0,
                })
                .sum();
            notes.push(format!(
                "{}: pods are not available and were estimated: {pods} on {}, the most that the \
                 addresses and targets allow; set pods_per_node to change this",
                group.name,
                counted(count, "node", "nodes"),
            ));
        }
        notes
    }
}

impl Layout<'_> {
    /// What is taken for granted of Karpenter's NodePools.
    fn karpenter_notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        for (at, group) in self.groups.iter().enumerate() {
            if group.scaler != Scaler::Karpenter {
                continue;
            }
            let (name, zones) = (&group.name, self.zones_of(at));
            if zones > 1 && group.zone_shares.is_empty() {
                notes.push(format!(
                    "{name}: Karpenter does not balance zones, price and capacity choose them; the \
                     nodes are assumed to be spread evenly over {zones} zones, as a topology spread \
                     of their pods does; set zone_share to simulate another split"
                ));
            }
            if let Some(subnets) = &group.of_pool.subnets
                && !self.steps.is_empty()
            {
                notes.push(format!("{name}: {subnets}; set subnets in node_groups to change this"));
            }
            if let Some(limits) = &group.of_pool.limits {
                notes.push(format!(
                    "{name}: the limits of the saved NodePool hold: {limits}; set limits in \
                     node_groups to change this"
                ));
            }
            let paces = self.steps.iter().filter_map(|(_, action)| action.pace_of(at));
            let sources: Vec<BudgetSource> = paces.filter_map(RolloutPace::budget_source).collect();
            if sources.contains(&BudgetSource::Karpenter) {
                notes.push(format!(
                    "{name}: the rollout has Karpenter's default budget of 10 %; set \
                     disruption_budgets in the group, or budget in the step, to change this"
                ));
            }
            if let Some(budgets) = &group.of_pool.budgets
                && sources.contains(&BudgetSource::NodePool)
            {
                notes.push(format!(
                    "{name}: the rollout has the disruption budgets of the saved NodePool: {budgets}; \
                     set disruption_budgets in the group, or budget in the step, to change this"
                ));
            }
            let rolls = self.steps.iter().any(|(_, action)| action.pace_of(at).is_some());
            if rolls && !group.limits.is_unlimited() {
                notes.push(format!(
                    "{name}: in a rollout a replacement is started unless the NodePool already \
                     passes a limit (inferred from Karpenter's code, not documented)"
                ));
            }
        }
        notes
    }
}

/// What is taken for granted of a warm pool.
fn pool_note(group: &Group<'_>) -> String {
    let whose =
        if group.assumed == Assumed::default() { "" } else { ", beside those of the snapshot" };
    format!(
        "{}: each of the {} of its warm pool is taken to hold the addresses of a node without pods \
         from the start{whose}; the pool keeps its size, and a roll-out replaces it after the nodes",
        group.name,
        counted(u64::from(group.warm_pool), "stopped instance", "stopped instances"),
    )
}

/// What is inferred of nodes of EKS Auto Mode, and types that it does not launch.
fn auto_mode_notes(group: &Group<'_>) -> Vec<String> {
    let Some(network) = group.auto_mode else { return Vec::new() };
    let name = &group.name;
    let stated = if network.prefixes {
        "AWS states /28 prefixes, single addresses where no /28 is left, and 16 addresses reserved on \
         each node"
    } else {
        "AWS states one address for each pod"
    };
    let mut notes = vec![format!(
        "{name}: EKS Auto Mode: {stated}; inferred: one free address beside those of the pods, 30 s of \
         rest, 120 s between requests after a refusal"
    )];
    for (limits, _) in &group.types {
        if let Some(why) = not_launched(limits) {
            notes.push(format!(
                "{name}: EKS Auto Mode does not launch {}: {why}",
                limits.instance_type
            ));
        }
    }
    notes
}

impl Layout<'_> {
    /// Groups whose new nodes are not as those of most, and groups whose nodes differ.
    fn shown_notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let on = |is: bool| if is { "on" } else { "off" };
        for group in &self.groups {
            let own = self.cni.of_group(group.network());
            let (shown, stated) = (&group.shown, self.cni.stated);
            let rows = [
                (
                    "prefix delegation",
                    shown.prefix_delegation,
                    stated.prefix_delegation,
                    own.cni.prefix_delegation,
                    self.cni.cni.prefix_delegation,
                ),
                (
                    "custom networking",
                    shown.custom_networking,
                    stated.custom_networking,
                    own.cni.custom_networking,
                    self.cni.cni.custom_networking,
                ),
            ];
            for (what, votes, stated, own, most) in rows {
                let (name, state) = (&group.name, on(own));
                if stated {
                    continue;
                }
                if votes.on > 0 && votes.off > 0 {
                    notes.push(format!(
                        "{name}: its nodes differ in {what} ({} on, {} off); new nodes have it \
                         {state}, like most nodes; set the key cni to change this",
                        votes.on, votes.off
                    ));
                } else if own != most {
                    notes.push(format!(
                        "{name}: new nodes have {what} {state}, like all nodes of the group"
                    ));
                }
            }
            notes.extend(self.max_pods_note(group, &own));
        }
        notes
    }

    /// That new nodes take as many pods as those that are there, where the formula gives another number.
    fn max_pods_note(&self, group: &Group<'_>, own: &InForce) -> Option<String> {
        if group.max_pods != MaxPods::Auto {
            return None;
        }
        let differs = |(limits, _): &(&InstanceLimits, u32)| {
            let told = group.shown.max_pods(limits)?;
            let formula = own.max_pods(self.catalogue, limits);
            (told != formula).then(|| format!("{} {told}, not {formula}", limits.instance_type))
        };
        let all: Vec<String> = group.types.iter().filter_map(differs).collect();
        (!all.is_empty()).then(|| {
            format!(
                "{}: new nodes have the max pods of the group's nodes, not of the formula: {}; set \
                 max_pods to change this",
                group.name,
                all.join("; ")
            )
        })
    }
}
