//! Combinations of levers: what a layout does differently from today.

use super::{asked::Asked, requirement::Allowed};
use crate::{
    density::Addressing,
    plan::{asked::Mode, requirement::GroupOs},
};

/// Where pods have their addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PodSide {
    /// In the subnets of their nodes.
    Nodes,
    /// In subnets of their own, which the VPC CNI finds by their tags.
    Discovered,
    /// In subnets of their own, which ENIConfigs name.
    EniConfigs,
}

/// A combination.
#[expect(clippy::struct_excessive_bools, reason = "each is a lever that is pulled or not")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Levers {
    pub(super) pod_side: PodSide,
    /// Prefix delegation, where it is off today.
    pub(super) prefixes: bool,
    pub(super) warm_targets: bool,
    pub(super) reservations: bool,
    pub(super) other_types: bool,
    pub(super) ipv6: bool,
    pub(super) unroutable_nodes: bool,
}

impl Levers {
    /// Today's layout.
    pub(super) fn none(asked: &Asked<'_>) -> Self {
        let pod_side = if asked.custom_today() { PodSide::EniConfigs } else { PodSide::Nodes };
        Self {
            pod_side,
            prefixes: false,
            warm_targets: false,
            reservations: false,
            other_types: false,
            ipv6: false,
            unroutable_nodes: false,
        }
    }

    /// Whether nodes take prefixes.
    pub(super) fn delegates(self, asked: &Asked<'_>) -> bool {
        !self.is_ipv6(asked) && (self.prefixes || asked.prefixes_today())
    }

    pub(super) fn is_ipv6(self, asked: &Asked<'_>) -> bool {
        self.ipv6 || asked.ipv6_today()
    }

    /// How the pods of a group's nodes have their addresses; `beside_primary` for a primary ENI that
    /// gives none.
    pub(super) fn mode(self, asked: &Asked<'_>, os: GroupOs, beside_primary: bool) -> Mode {
        let addressing = match (os, self.is_ipv6(asked)) {
            (GroupOs::Linux, true) => Addressing::Ipv6,
            (GroupOs::Windows, _) if self.windows_delegates(asked) => Addressing::Prefix,
            (GroupOs::Linux, false) if self.delegates(asked) => Addressing::Prefix,
            (GroupOs::Windows, _) | (GroupOs::Linux, false) => Addressing::SecondaryIp,
        };
        // A Windows node has its primary ENI alone, whatever the VPC CNI is told.
        Mode { addressing, beside_primary: beside_primary && os == GroupOs::Linux }
    }

    /// Whether Windows nodes take prefixes.
    pub(super) fn windows_delegates(self, asked: &Asked<'_>) -> bool {
        self.prefixes || asked.windows_prefixes_today()
    }

    /// Those that are used, in the order of their names in an id; a block that is added comes later.
    pub(super) fn list(self, asked: &Asked<'_>) -> Vec<Allowed> {
        let is_used = |lever: &Allowed| match lever {
            Allowed::WarmTargets => self.warm_targets,
            Allowed::Prefixes => self.prefixes,
            Allowed::SubnetDiscovery => self.pod_side == PodSide::Discovered,
            Allowed::CustomNetworking => {
                self.pod_side == PodSide::EniConfigs && !asked.custom_today()
            }
            Allowed::Reservations => self.reservations,
            Allowed::OtherTypes => self.other_types,
            Allowed::Ipv6 => self.ipv6,
            Allowed::UnroutableNodes => self.unroutable_nodes,
            Allowed::AddCidrBlock | Allowed::PublicSpace => false,
        };
        Allowed::ALL.into_iter().filter(is_used).collect()
    }
}

/// The id of levers.
pub(super) fn id(levers: &[Allowed]) -> String {
    if levers.is_empty() {
        return "plain".to_owned();
    }
    // Where pods are comes first: it is what people name a layout by.
    let first = |lever: &&Allowed| match lever {
        Allowed::SubnetDiscovery | Allowed::CustomNetworking => 0,
        Allowed::WarmTargets
        | Allowed::Prefixes
        | Allowed::Reservations
        | Allowed::AddCidrBlock
        | Allowed::OtherTypes
        | Allowed::Ipv6
        | Allowed::UnroutableNodes
        | Allowed::PublicSpace => 1,
    };
    let mut sorted: Vec<&Allowed> = levers.iter().collect();
    sorted.sort_by_key(|lever| (first(lever), **lever));
    sorted.into_iter().map(|lever| lever.name()).collect::<Vec<_>>().join("+")
}

/// All sensible combinations of what is allowed, today's layout first.
pub(super) fn combinations(asked: &Asked<'_>) -> Vec<Levers> {
    let today = Levers::none(asked);
    let only_windows = asked.groups.iter().all(|group| group.written.os == GroupOs::Windows);
    let mut sides = vec![today.pod_side];
    // Pods of Windows nodes, and IPv6 pods, take nothing of a pod subnet.
    let can_move = !asked.custom_today() && !only_windows;
    if can_move && asked.may(Allowed::SubnetDiscovery) && asked.discovers() {
        sides.push(PodSide::Discovered);
    }
    if can_move && asked.may(Allowed::CustomNetworking) {
        sides.push(PodSide::EniConfigs);
    }
    let both = |is_allowed: bool| if is_allowed { &[false, true][..] } else { &[false][..] };
    let can_prefix = asked.may(Allowed::Prefixes) && !asked.prefixes_today() && asked.any_nitro();
    let mut all = Vec::new();
    for other_types in both(asked.may(Allowed::OtherTypes)).iter().copied() {
        for unroutable_nodes in both(asked.may(Allowed::UnroutableNodes)).iter().copied() {
            let levers = Levers { other_types, unroutable_nodes, ..today };
            if asked.ipv6_today() {
                all.push(levers);
                continue;
            }
            for pod_side in &sides {
                let levers = Levers { pod_side: *pod_side, ..levers };
                all.extend(modes(asked, levers, both(can_prefix)));
            }
            if asked.may(Allowed::Ipv6) {
                all.push(Levers { ipv6: true, ..levers });
            }
        }
    }
    all.sort_by_key(|levers| levers.list(asked).len());
    all
}

/// The same with and without prefixes, reservations for them, and other warm targets.
fn modes(asked: &Asked<'_>, levers: Levers, prefixes: &[bool]) -> Vec<Levers> {
    let mut all = Vec::new();
    for prefixes in prefixes.iter().copied() {
        let levers = Levers { prefixes, ..levers };
        let can_reserve = levers.delegates(asked) && asked.may(Allowed::Reservations);
        for reservations in [false, true].into_iter().filter(|on| !on || can_reserve) {
            for warm_targets in
                [false, true].into_iter().filter(|on| !on || asked.may(Allowed::WarmTargets))
            {
                all.push(Levers { warm_targets, reservations, ..levers });
            }
        }
    }
    all
}
