//! A draft made of levers: which subnets are kept, which are new, and what they are for.

use std::{collections::BTreeSet, net::Ipv4Addr};

use super::{
    groups::groups,
    names,
    shape::{Draft, DraftSubnet},
};
use crate::{
    cni::ROLE_TAG,
    network::{Cidr, SUBNET_LENGTHS, usable_addresses},
    plan::{
        asked::Asked,
        levers::{Levers, PodSide},
        requirement::{ExistingSubnet, Role},
    },
    simulate::{Cni, ReservationType, Target, Used},
};

/// Which subnets a draft keeps. Zones are counted as the requirement lists them.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::plan) struct Choice {
    /// Zones with a new subnet for nodes.
    pub(in crate::plan) new_nodes: BTreeSet<usize>,
    /// Of those the zones in which nodes start in the existing subnets no more.
    pub(in crate::plan) moved_nodes: BTreeSet<usize>,
    /// Zones with a new subnet for pods.
    pub(in crate::plan) new_pods: BTreeSet<usize>,
    /// Whether the control plane has subnets of its own, which are new.
    pub(in crate::plan) new_control_plane: bool,
    /// Whether subnet discovery leaves the primary ENI out.
    pub(in crate::plan) beside_primary: bool,
}

/// Addresses of a nodes' subnet below which the control plane does not go into it: five that an upgrade
/// asks for, and its ENIs twice.
const CONTROL_PLANE_ROOM: u64 = 13;

impl Choice {
    /// What is tried first: existing subnets wherever there are any.
    pub(in crate::plan) fn first(asked: &Asked<'_>, levers: Levers) -> Self {
        let lacking = |is_kept: &dyn Fn(&ExistingSubnet) -> bool| {
            let has = |zone: &String| {
                asked.existing().iter().any(|subnet| subnet.zone == *zone && is_kept(subnet))
            };
            let zones = asked.zones().iter().enumerate();
            zones.filter(|(_, zone)| !has(zone)).map(|(at, _)| at).collect::<BTreeSet<usize>>()
        };
        let new_pods = match levers.pod_side {
            PodSide::Nodes => BTreeSet::new(),
            PodSide::Discovered | PodSide::EniConfigs => {
                lacking(&|subnet| subnet.role == Role::Pod)
            }
        };
        let new_nodes = lacking(&|subnet| subnet.role.takes_nodes());
        Self {
            moved_nodes: new_nodes.clone(),
            new_nodes,
            new_pods,
            new_control_plane: !asked.existing().iter().any(can_host_control_plane),
            beside_primary: false,
        }
    }
}

fn can_host_control_plane(subnet: &ExistingSubnet) -> bool {
    match subnet.role {
        // Where it is already, the simulation says whether there is room for an upgrade.
        Role::ControlPlane => free(subnet) > 0,
        Role::Node | Role::NodeAndPod => free(subnet) >= CONTROL_PLANE_ROOM,
        Role::Pod | Role::Other => false,
    }
}

/// Addresses of an existing subnet that nothing holds.
fn free(subnet: &ExistingSubnet) -> u64 {
    usable_addresses(subnet.cidr).saturating_sub(subnet.used.addresses())
}

/// A draft of levers.
///
/// # Errors
/// In words, when the nodes cannot run their pods.
pub(in crate::plan) fn build<'a>(
    asked: &Asked<'a>,
    levers: Levers,
    choice: &Choice,
) -> Result<Draft<'a>, String> {
    let beside_primary = match levers.pod_side {
        PodSide::EniConfigs => true,
        PodSide::Discovered => choice.beside_primary,
        PodSide::Nodes => asked.beside_primary_today(),
    };
    let cni = cni(asked, levers);
    let groups = groups(asked, levers, &cni, beside_primary)?;
    let mut draft = Draft {
        levers,
        groups,
        subnets: asked
            .existing()
            .iter()
            .map(|subnet| kept(asked, subnet, (choice, beside_primary)))
            .collect(),
        blocks: asked.space.blocks.clone(),
        cni,
        pods_of: std::collections::BTreeMap::new(),
        control_plane: Vec::new(),
        others: Vec::new(),
    };
    let node_role =
        if beside_primary && !asked.has_windows() { Role::Node } else { Role::NodeAndPod };
    let base = base(&asked.space.blocks);
    let mut add = |draft: &mut Draft<'_>, role: Role, zone: &str| {
        let slot = draft.subnets.len();
        // Of one cluster the smallest subnet holds the control plane's ENIs. One whose size is to be found
        // begins with the largest.
        let sized = role != Role::ControlPlane || asked.requirement.clusters > 1;
        let len = if sized { *SUBNET_LENGTHS.start() } else { *SUBNET_LENGTHS.end() };
        draft.subnets.push(DraftSubnet {
            name: names::name(role, zone, &draft.subnets),
            zone: zone.to_owned(),
            role,
            cidr: provisional(base, slot, len),
            new: true,
            sized,
            tags: std::collections::BTreeMap::new(),
            reservations: Vec::new(),
            singles: None,
            used: Used::default(),
        });
        slot
    };
    for (at, zone) in asked.zones().iter().enumerate() {
        if choice.new_nodes.contains(&at) {
            add(&mut draft, node_role, zone);
        }
    }
    for (at, zone) in asked.zones().iter().enumerate() {
        let new = choice.new_pods.contains(&at).then(|| add(&mut draft, Role::Pod, zone));
        let there = || {
            let is_there = |s: &DraftSubnet| !s.new && s.zone == *zone && s.role == Role::Pod;
            draft.subnets.iter().position(is_there)
        };
        if levers.pod_side == PodSide::EniConfigs {
            let named = new.or_else(|| today(asked, &draft, zone)).or_else(there);
            draft.pods_of.extend(named.map(|subnet| (zone.clone(), subnet)));
        }
    }
    if levers.pod_side == PodSide::Discovered {
        tag(&mut draft, choice);
    }
    control_plane(asked, &mut draft, choice, &mut add);
    others(asked, &mut draft)?;
    Ok(draft)
}

/// An existing subnet as the draft keeps it.
fn kept(
    asked: &Asked<'_>,
    subnet: &ExistingSubnet,
    (choice, beside_primary): (&Choice, bool),
) -> DraftSubnet {
    let zone = asked.zones().iter().position(|zone| *zone == subnet.zone);
    let is_left = zone.is_some_and(|zone| choice.moved_nodes.contains(&zone));
    // Where nodes start no more it holds what it holds.
    let role = if subnet.role.takes_nodes() && (is_left || zone.is_none()) {
        Role::Other
    } else if subnet.role == Role::NodeAndPod && beside_primary && !asked.has_windows() {
        Role::Node
    } else {
        subnet.role
    };
    DraftSubnet {
        name: subnet.name.clone(),
        zone: subnet.zone.clone(),
        role,
        cidr: subnet.cidr,
        new: false,
        sized: false,
        tags: subnet.tags.clone(),
        reservations: subnet.reservations.iter().map(|r| (r.cidr, r.kind)).collect(),
        singles: None,
        used: subnet.used.clone(),
    }
}

/// The subnet that the zone's ENIConfig names today.
fn today(asked: &Asked<'_>, draft: &Draft<'_>, zone: &str) -> Option<usize> {
    let name = asked.requirement.cni.custom_networking.as_ref()?.get(zone)?;
    draft.subnets.iter().position(|subnet| subnet.name == *name)
}

/// Tags that let subnet discovery find the pod subnets, and leave the nodes' subnets out.
fn tag(draft: &mut Draft<'_>, choice: &Choice) {
    for subnet in &mut draft.subnets {
        if subnet.role == Role::Pod {
            subnet.tags.insert(ROLE_TAG.to_owned(), "1".to_owned());
        } else if subnet.role.takes_nodes() && choice.beside_primary {
            subnet.tags.insert(ROLE_TAG.to_owned(), "0".to_owned());
        }
    }
}

fn control_plane<'a>(
    asked: &Asked<'_>,
    draft: &mut Draft<'a>,
    choice: &Choice,
    add: &mut dyn FnMut(&mut Draft<'a>, Role, &str) -> usize,
) {
    if !asked.requirement.cluster.control_plane {
        return;
    }
    // EKS asks for subnets in two zones; of so many that may be lost one more has to stay.
    let wanted = asked.requirement.survive.zone_loss.0.saturating_add(1).max(2);
    let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
    if !choice.new_control_plane {
        draft.control_plane = hosts(asked, draft);
    }
    for zone in asked.zones() {
        let covered: BTreeSet<&str> =
            draft.control_plane.iter().map(|at| draft.subnets[*at].zone.as_str()).collect();
        if covered.len() >= wanted {
            break;
        }
        if !covered.contains(zone.as_str()) {
            let at = add(draft, Role::ControlPlane, zone);
            draft.control_plane.push(at);
        }
    }
}

/// The existing subnets of the zones that the control plane is in: those for it alone, else nodes' subnets with
/// room.
fn hosts(asked: &Asked<'_>, draft: &Draft<'_>) -> Vec<usize> {
    let named = |role: Option<Role>| {
        let is_host = |subnet: &&ExistingSubnet| {
            can_host_control_plane(subnet)
                && asked.zones().contains(&subnet.zone)
                && role.is_none_or(|role| subnet.role == role)
        };
        asked.existing().iter().filter(is_host).map(|s| s.name.as_str()).collect::<Vec<_>>()
    };
    let own = named(Some(Role::ControlPlane));
    let named = if own.is_empty() { named(None) } else { own };
    let is_named = |at: &usize| {
        let subnet = draft.subnets.get(*at);
        subnet.is_some_and(|subnet| !subnet.new && named.contains(&subnet.name.as_str()))
    };
    (0..draft.subnets.len()).filter(is_named).collect()
}

/// Other holders go to a subnet for them in their zone, else to the nodes' subnet, a new one first.
fn others(asked: &Asked<'_>, draft: &mut Draft<'_>) -> Result<(), String> {
    for other in &asked.requirement.others {
        let in_zone = |at: &usize| draft.subnets.get(*at).is_some_and(|s| s.zone == other.zone);
        let rank = |at: &usize| {
            let subnet = draft.subnets.get(*at)?;
            let known = asked.existing().iter().find(|known| known.name == subnet.name);
            let is_for_others = known.is_some_and(|known| {
                known.role == Role::Other && free(known) > u64::from(other.addresses)
            });
            match subnet.role {
                _ if is_for_others => Some(0),
                Role::Node | Role::NodeAndPod => Some(if subnet.new { 1 } else { 2 }),
                Role::Pod | Role::ControlPlane | Role::Other => None,
            }
        };
        let places = (0..draft.subnets.len()).filter(in_zone);
        let best = places.filter_map(|at| Some((rank(&at)?, at))).min();
        let (_, at) = best.ok_or_else(|| {
            format!("no subnet of {} can hold the addresses of others ({})", other.zone, other.what)
        })?;
        draft.others.push((at, other.addresses, other.what.clone()));
    }
    Ok(())
}

/// Today's settings with those of the levers. Warm targets come with the search for them.
fn cni(asked: &Asked<'_>, levers: Levers) -> Cni {
    let mut cni = Cni { custom_networking: None, ..asked.requirement.cni.clone() };
    if levers.prefixes {
        cni.prefix_delegation = Some(true);
        if asked.has_windows() {
            let windows = cni.windows.get_or_insert_default();
            windows.prefix_delegation = Some(true);
        }
        // The manifest's own value: 0, the code's default, never settles.
        if cni.warm_prefix_target.is_some_and(|target| target.value().is_none_or(|value| value < 1))
        {
            cni.warm_prefix_target = Some(Target::Value(1));
        }
    }
    if levers.ipv6 {
        cni.ipv6 = Some(true);
    }
    if asked.has_branch_pods() {
        cni.pod_eni = Some(true);
    }
    cni
}

/// Provisional blocks: a /8 that the VPC has nothing of. Where a subnet lies changes nothing of what is
/// simulated in it.
fn base(blocks: &[Cidr]) -> u8 {
    let is_clear = |first: &u8| {
        let range = Cidr::containing(Ipv4Addr::new(*first, 0, 0, 0), 8);
        range.is_some_and(|range| !blocks.iter().any(|block| block.overlaps(range)))
    };
    (1..=u8::MAX).find(is_clear).unwrap_or(1)
}

/// The provisional place of a subnet.
fn provisional(base: u8, slot: usize, len: u8) -> Cidr {
    let slot = u8::try_from(slot % 256).unwrap_or_default();
    Cidr::containing(Ipv4Addr::new(base, slot, 0, 0), len)
        .unwrap_or_else(|| unreachable!("a prefix length above 32"))
}

/// Whether a block is one that the draft's provisional subnets are in.
pub(in crate::plan) fn provisional_block(blocks: &[Cidr]) -> Option<Cidr> {
    Cidr::containing(Ipv4Addr::new(base(blocks), 0, 0, 0), 8)
}

/// The reservations that a subnet has already.
pub(in crate::plan) fn has_prefix_reservation(subnet: &DraftSubnet) -> bool {
    subnet.reservations.iter().any(|(_, kind)| *kind == ReservationType::Prefix)
}
