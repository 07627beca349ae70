//! One zone's node or pod subnets nearly full while another zone's have space.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Claim, Facts, hints::look_at_each};
use crate::{
    audit::{
        count::{SubnetCount, SubnetNodes},
        standards::{Field, Thresholds, Tunable},
    },
    cni::{Discovery, Standing},
    finding::{Finding, Severity, listed, thousands},
    inventory::OwnerKind,
};

pub(super) const CHECK: Check = Check {
    id: "zone-imbalance",
    about: "one zone's node or pod subnets are nearly full while another zone's have space",
    claim: |_| {
        Claim::of(
            "has one zone nearly full and space in another",
            "have one zone nearly full and space in another",
        )
        .about("VPC", "VPCs")
    },
    severities: &[Severity::Warning],
    tunables: &[
        Tunable {
            name: "full",
            about: "percent of a zone's addresses in use from which it is nearly full",
            field: Field::Percent(|bars| &mut bars.zone_full),
        },
        Tunable {
            name: "empty",
            about: "percent up to which another zone has space",
            field: Field::Percent(|bars| &mut bars.zone_empty),
        },
    ],
    run,
};

/// What a subnet is for: nodes may run in it, or it has addresses for pods of nodes that run elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Nodes,
    Pods,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Self::Nodes => "node",
            Self::Pods => "pod",
        }
    }
}

/// A zone's subnets of one role, added up.
#[derive(Debug, Clone, Default)]
struct Zone<'a> {
    usable: u64,
    held: u64,
    /// Addresses that EC2 can assign by itself, at most.
    room: u64,
    /// Whether it may be fewer.
    is_bound: bool,
    /// Those that it can assign one by one.
    singles: u64,
    /// Free ones that EC2 does not assign by itself.
    explicit_free: u64,
    /// What nodes and their pods hold of it.
    moving: u64,
    /// What of that is no delegated prefix.
    moving_singles: u64,
    subnets: BTreeSet<&'a str>,
}

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let discovery = Discovery::seen(facts.aws_node());
    let offered: BTreeSet<&str> = facts
        .inventory
        .subnets
        .iter()
        .filter(|subnet| discovery.standing(&subnet.tags) == Standing::Offered)
        .map(|subnet| subnet.subnet_id.as_str())
        .collect();
    let Some(nodes) = &facts.node_subnets else { return Vec::new() };
    let mut groups: BTreeMap<(&str, Role), BTreeMap<&str, Zone<'_>>> = BTreeMap::new();
    for subnet in facts.subnets {
        let (Some(zone), Some((usable, held))) =
            (&subnet.availability_zone, subnet.usable.zip(subnet.held))
        else {
            continue;
        };
        let its = nodes.get(subnet.subnet_id.as_str());
        let Some(role) = role(its, offered.contains(subnet.subnet_id.as_str())) else { continue };
        let zone = groups.entry((&subnet.vpc_id, role)).or_default().entry(zone).or_default();
        zone.usable += u64::from(usable);
        zone.held += u64::from(held);
        let room = subnet.room_at_most();
        zone.is_bound |= subnet.room().is_none();
        zone.room += room.map_or(0, |room| u64::from(room.addresses));
        zone.singles += room.map_or(0, |room| u64::from(room.singles));
        zone.explicit_free += subnet.explicit_free.map_or(0, u64::from);
        zone.moving += moving(subnet, &SINGLES) + moving(subnet, &[OwnerKind::PodPrefix]);
        zone.moving_singles += moving(subnet, &SINGLES);
        zone.subnets.insert(&subnet.subnet_id);
    }
    let bars = &facts.settings.bars;
    groups.iter().flat_map(|((vpc, role), zones)| findings(vpc, *role, zones, bars)).collect()
}

fn role(nodes: Option<&SubnetNodes<'_>>, offered: bool) -> Option<Role> {
    match nodes {
        Some(nodes) if !nodes.running.is_empty() => Some(Role::Nodes),
        Some(_) => Some(Role::Pods),
        None => offered.then_some(Role::Pods),
    }
}

/// Who takes addresses one by one elsewhere when the zone is lost.
const SINGLES: [OwnerKind; 4] =
    [OwnerKind::Node, OwnerKind::Pod, OwnerKind::Trunk, OwnerKind::BranchPod];

/// Addresses that owners of these kinds take elsewhere when the zone is lost.
fn moving(subnet: &SubnetCount, kinds: &[OwnerKind]) -> u64 {
    let owners = subnet.all_owners().into_iter().flatten();
    let theirs = owners.filter(|(kind, _)| kinds.contains(kind));
    theirs.map(|(_, count)| u64::from(count.addresses)).sum()
}

fn findings(
    vpc: &str,
    role: Role,
    zones: &BTreeMap<&str, Zone<'_>>,
    bars: &Thresholds,
) -> Vec<Finding> {
    let full = |zone: &Zone<'_>| bars.zone_full.is_reached_by(zone.held, zone.usable);
    let empty =
        |zone: &Zone<'_>| !full(zone) && !bars.zone_empty.is_passed_by(zone.held, zone.usable);
    let roomy: Vec<&str> =
        zones.iter().filter(|(_, zone)| empty(zone)).map(|(name, _)| *name).collect();
    if roomy.is_empty() {
        return Vec::new();
    }
    let full_ones = zones.iter().filter(|(_, zone)| full(zone));
    full_ones.map(|(name, zone)| finding((vpc, role), (name, zone), zones, &roomy)).collect()
}

fn finding(
    (vpc, role): (&str, Role),
    (name, zone): (&str, &Zone<'_>),
    zones: &BTreeMap<&str, Zone<'_>>,
    roomy: &[&str],
) -> Finding {
    let others = || zones.iter().filter(|(other, _)| **other != name);
    let room: u64 = others().map(|(_, zone)| zone.room).sum();
    let is_bound = others().any(|(_, zone)| zone.is_bound);
    let at_most = if is_bound { "at most " } else { "" };
    let known = |number: u64| (!is_bound).then_some(number);
    let explicit_free: u64 = others().map(|(_, zone)| zone.explicit_free).sum();
    let reserved = match explicit_free {
        0 => String::new(),
        some => format!(" and {} more in explicit reservations", thousands(some)),
    };
    let singles: u64 = others().map(|(_, zone)| zone.singles).sum();
    let verdict = if room < zone.moving {
        ", too few".to_owned()
    } else if singles < zone.moving_singles {
        format!(
            ", too few: {} of them are needed one by one, and {} are outside reservations",
            thousands(zone.moving_singles),
            thousands(singles)
        )
    } else {
        String::new()
    };
    let role_name = role.name();
    CHECK
        .finding(Severity::Warning, vpc)
        .message(format!(
            "{vpc}: the {role_name} subnets of {name} have {} of {} addresses in use, \
             while {} have space; if {name} is lost, its nodes and pods \
             need {} addresses in the other zones, which have {at_most}{} \
             free{reserved}{verdict}",
            thousands(zone.held),
            thousands(zone.usable),
            listed(roomy),
            thousands(zone.moving),
            thousands(room),
        ))
        .hint(format!(
            "spread the nodes evenly over zones (topologySpreadConstraints, an Auto \
             Scaling group's zones), or add a {role_name} subnet in {name}"
        ))
        .command(look_at_each(zone.subnets.iter().copied(), "--owners"))
        .detail(format!("{role_name}@{name}"))
        .with("availability_zone", name)
        .with("role", role_name)
        .with("subnets", zone.subnets.iter().copied().collect::<Vec<_>>())
        .with("used", zone.held)
        .with("usable", zone.usable)
        .with("empty_zones", roomy.to_vec())
        .with("addresses_to_move", zone.moving)
        .with("free_in_other_zones", known(room))
        .with("single_addresses_to_move", zone.moving_singles)
        .with("single_free_in_other_zones", known(singles))
        .with("explicit_free_in_other_zones", known(explicit_free))
}
