//! Further subnets beside those that are short: as small as will do, where the VPC has space for them, or
//! in a further block that AWS lets it add.

use std::sync::Arc;

use super::{
    change::{FurtherSubnet, Purpose, Remedy},
    search::{Search, TrialOutcome},
};
use crate::{
    network::{
        AddressSpace, CIDR_QUOTA, Cidr, SUBNET_LENGTHS, SubnetAddresses, free_subnet,
        further_vpc_block,
    },
    simulate::{
        Layout, LayoutFailure, Reason, Shortage,
        layout::{Action, Group, PlacedSubnet},
        settings::move_named,
    },
};

/// The prefix length of a further block of the VPC: the largest there is.
const BLOCK: u8 = 16;

/// A further subnet.
#[derive(Debug, Clone, Copy)]
struct Addition {
    /// The subnet that is short.
    beside: usize,
    purpose: Purpose,
    len: u8,
}

/// Subnet by subnet as they come short: the smallest further one with which it is short no more.
pub(super) fn further_subnets<'a>(
    search: &mut Search<'_>,
    layout: &Layout<'a>,
) -> Option<(Remedy, Layout<'a>)> {
    let mut found: Vec<Addition> = Vec::new();
    let mut failure = search.failure();
    loop {
        let at = short(layout, &found, &failure)?;
        let outcome = match found.iter_mut().find(|addition| addition.beside == at) {
            // It was enough before others came.
            Some(addition) => {
                addition.len =
                    addition.len.checked_sub(1).filter(|len| SUBNET_LENGTHS.contains(len))?;
                let (_, changed) = plan(layout, &found)?;
                search.play(&changed)
            }
            None => purposes(layout, at, &failure).into_iter().find_map(|purpose| {
                smallest(search, layout, &mut found, Addition { beside: at, purpose, len: 0 })
            })?,
        };
        match outcome {
            TrialOutcome::Fits => return plan(layout, &found),
            TrialOutcome::Fails(next) => failure = next,
            TrialOutcome::Spent => return None,
        }
    }
}

/// The smallest addition that helps its subnet, put to the others, with what then becomes of the layout.
fn smallest(
    search: &mut Search<'_>,
    layout: &Layout<'_>,
    found: &mut Vec<Addition>,
    addition: Addition,
) -> Option<TrialOutcome> {
    let mut with = |len: u8| {
        let mut all = found.clone();
        all.push(Addition { len, ..addition });
        let (_, changed) = plan(layout, &all)?;
        let outcome = search.play(&changed);
        let helps = match &outcome {
            TrialOutcome::Fits => true,
            TrialOutcome::Fails(next) => short(layout, &all, next) != Some(addition.beside),
            TrialOutcome::Spent => false,
        };
        helps.then_some(outcome)
    };
    // The largest that there is space for shows whether the purpose is the right one.
    let largest = SUBNET_LENGTHS.clone().find(|len| {
        let mut all = found.clone();
        all.push(Addition { len: *len, ..addition });
        plan(layout, &all).is_some()
    })?;
    let mut outcome = with(largest)?;
    let (mut enough, mut too_small) = (largest, *SUBNET_LENGTHS.end() + 1);
    while too_small - enough > 1 {
        let middle = enough + (too_small - enough) / 2;
        match with(middle) {
            Some(helped) => (enough, outcome) = (middle, helped),
            None => too_small = middle,
        }
    }
    found.push(Addition { len: enough, ..addition });
    Some(outcome)
}

/// The subnet that a failure is about, if more room could help it; of a further one the one it is beside.
fn short(layout: &Layout<'_>, found: &[Addition], failure: &LayoutFailure) -> Option<usize> {
    if failure.reason == Reason::NoAutoModePodSubnet {
        return unserved(layout, found, failure);
    }
    let name = failure.subnet.as_ref().filter(|_| failure.reason.is_for_want_of_room())?;
    let own = layout.subnets.iter().position(|subnet| *subnet.name == **name);
    own.or_else(|| {
        let named =
            |addition: &&Addition| free_name(layout, addition.beside).as_ref() == Some(name);
        found.iter().find(named).map(|addition| addition.beside)
    })
}

/// A node subnet in a zone without pod subnet of the group that failed for want of one.
fn unserved(layout: &Layout<'_>, found: &[Addition], failure: &LayoutFailure) -> Option<usize> {
    let name = failure.group.as_ref()?;
    let group = layout.groups.iter().find(|group| *group.name == **name)?;
    let zone = |at: usize| layout.subnets.get(at).map(|subnet| subnet.zone);
    let is_served = |at: usize| {
        let own = zone(at).and_then(|zone| group.pod_subnets.get(zone)).copied().flatten();
        let added = |addition: &Addition| {
            addition.purpose == Purpose::ZonePodSubnet && zone(addition.beside) == zone(at)
        };
        own.is_some() || found.iter().any(added)
    };
    group.subnets.iter().copied().find(|at| !is_served(*at))
}

/// What a further subnet beside one could be for, the least change first.
fn purposes(layout: &Layout<'_>, at: usize, failure: &LayoutFailure) -> Vec<Purpose> {
    let takes_nodes = layout.groups.iter().any(|group| group.subnets.contains(&at));
    let discovers = discovers(layout, at);
    match failure.what {
        Shortage::Interfaces | Shortage::FreeAddresses => vec![Purpose::ControlPlane],
        // They are where somebody put them, or wait for addresses that rest.
        Shortage::Addresses
        | Shortage::VpcBlocks
        | Shortage::AddressUnits
        | Shortage::PodStarts => Vec::new(),
        Shortage::Nodes
        | Shortage::Pods
        | Shortage::HostNetworkPods
        | Shortage::Replacements
        | Shortage::PooledInstances => {
            if failure.reason == Reason::NoAutoModePodSubnet {
                return vec![Purpose::ZonePodSubnet];
            }
            let pods_first = failure.what == Shortage::Pods;
            let all = [
                (Purpose::PodSubnet, is_pod_subnet(layout, at)),
                (Purpose::EniConfig, is_named(layout, at)),
                (Purpose::Pods, discovers && pods_first),
                (Purpose::Nodes, takes_nodes),
                (Purpose::NodesAndPods, takes_nodes && discovers),
                (Purpose::Pods, discovers && !pods_first),
                (Purpose::NodesInPlace, takes_nodes),
            ];
            all.into_iter().filter(|(_, can_be)| *can_be).map(|(purpose, _)| purpose).collect()
        }
    }
}

/// Whether nodes in the zone of a subnet find subnets for their pods by tags.
fn discovers(layout: &Layout<'_>, at: usize) -> bool {
    let zone = |subnet: &usize| layout.subnets.get(*subnet).map(|subnet| subnet.zone);
    layout.groups.iter().any(|group| {
        let is_here = group.subnets.iter().any(|own| zone(own) == zone(&at));
        is_here && layout.cni.of_group(group.network()).discovers()
    })
}

/// Whether a NodeClass of EKS Auto Mode selects a subnet for pods.
fn is_pod_subnet(layout: &Layout<'_>, at: usize) -> bool {
    let groups = layout.groups.iter().filter(|group| group.auto_mode.is_some());
    groups.flat_map(|group| &group.pod_subnets).any(|subnet| *subnet == Some(at))
}

/// Whether an ENIConfig names a subnet.
fn is_named(layout: &Layout<'_>, at: usize) -> bool {
    let stepped = layout.steps.iter().filter_map(|(_, action)| action.cni_set());
    let settings = std::iter::once(&layout.cni).chain(stepped);
    let named = settings.filter_map(|cni| cni.pod_subnets()).flatten();
    let own = |group: &Group<'_>| {
        group.shown.by_zone.iter().chain(&group.pod_subnets).copied().collect::<Vec<_>>()
    };
    let own = layout.groups.iter().filter(|group| group.auto_mode.is_none()).flat_map(own);
    named.copied().chain(own).any(|subnet| subnet == Some(at))
}

/// The layout with further subnets, and the same in words; `None` where there is no space for them, or the
/// VPC's blocks are not known.
fn plan<'a>(layout: &Layout<'a>, additions: &[Addition]) -> Option<(Remedy, Layout<'a>)> {
    let mut changed = layout.clone();
    let mut blocks = layout.vpc.blocks.clone()?;
    let known = blocks.len();
    let mut taken: Vec<Cidr> = layout.subnets.iter().map(|subnet| subnet.cidr).collect();
    taken.extend(&layout.vpc.other_subnets);
    let mut subnets = Vec::new();
    for addition in additions {
        let near = layout.subnets.get(addition.beside)?.cidr;
        let cidr = place(&mut blocks, &taken, (addition.len, near))?;
        taken.push(cidr);
        subnets.push(add(&mut changed, *addition, cidr)?);
    }
    let vpc_blocks = blocks.split_off(known);
    Some((Remedy::FurtherSubnets { vpc_blocks, subnets }, changed))
}

/// Where a subnet goes: in the block of the VPC in which the one beside it is, since routes and rules are often
/// made for a block, in another one, or in a further one.
fn place(blocks: &mut Vec<Cidr>, taken: &[Cidr], (len, near): (u8, Cidr)) -> Option<Cidr> {
    let home: Vec<Cidr> = blocks.iter().copied().filter(|block| block.covers(near)).collect();
    let own = free_subnet(&home, taken, len);
    if let Some(cidr) = own.or_else(|| free_subnet(blocks, taken, len)) {
        return Some(cidr);
    }
    // A further block that needs a quota raised first is no quick help.
    let further = further_vpc_block(blocks, &[], BLOCK).filter(|_| blocks.len() < CIDR_QUOTA)?;
    blocks.push(further);
    free_subnet(blocks, taken, len)
}

/// Puts a subnet into a layout and its purpose into effect.
fn add(layout: &mut Layout<'_>, addition: Addition, cidr: Cidr) -> Option<FurtherSubnet> {
    let Addition { beside, purpose, .. } = addition;
    let name = free_name(layout, beside)?;
    let old = layout.subnets.get(beside)?;
    let new = layout.subnets.len();
    let placed = PlacedSubnet {
        name: name.as_str().into(),
        zone: old.zone,
        cidr,
        start: Arc::new(SubnetAddresses::new(AddressSpace::new(cidr).ok()?)),
        scattered: (0, None),
        tags: purpose.tags(),
        prefix_reserved: false,
    };
    let (zone, beside_name) = (layout.zones.get(old.zone)?.clone(), old.name.to_string());
    layout.subnets.push(placed);
    let mut node_groups = Vec::new();
    if purpose.takes_nodes() {
        for group in layout.groups.iter_mut().filter(|group| group.subnets.contains(&beside)) {
            if purpose == Purpose::NodesInPlace {
                group.subnets.retain(|subnet| *subnet != beside);
            }
            group.subnets.push(new);
            node_groups.push(group.name.to_string());
        }
    }
    match purpose {
        Purpose::EniConfig | Purpose::PodSubnet => move_pods(layout, beside, new),
        Purpose::ZonePodSubnet => serve(layout, beside, new),
        Purpose::ControlPlane => {
            let cluster = layout.control_plane.iter_mut().flat_map(|plane| &mut plane.subnets);
            cluster.filter(|subnet| **subnet == beside).for_each(|subnet| *subnet = new);
        }
        Purpose::Nodes | Purpose::Pods | Purpose::NodesAndPods | Purpose::NodesInPlace => {}
    }
    Some(FurtherSubnet { name, zone, cidr, purpose, node_groups, beside: beside_name })
}

/// NodeClasses that select pod subnets, and none in the zone of a subnet, select one.
fn serve(layout: &mut Layout<'_>, beside: usize, pods: usize) {
    let Some(zone) = layout.subnets.get(beside).map(|subnet| subnet.zone) else { return };
    let groups = layout.groups.iter_mut().filter(|group| group.auto_mode.is_some());
    for own in groups.filter_map(|group| group.pod_subnets.get_mut(zone)) {
        own.get_or_insert(pods);
    }
}

/// ENIConfigs and NodeClasses name another subnet.
fn move_pods(layout: &mut Layout<'_>, from: usize, to: usize) {
    layout.cni.move_pods(from, to);
    for (_, action) in &mut layout.steps {
        if let Action::SetCni(cni) = action {
            cni.move_pods(from, to);
        }
    }
    for group in &mut layout.groups {
        move_named(&mut group.shown.by_zone, from, to);
        move_named(&mut group.pod_subnets, from, to);
    }
}

/// A name for the subnet beside another.
fn free_name(layout: &Layout<'_>, beside: usize) -> Option<String> {
    let old = &layout.subnets.get(beside)?.name;
    let is_free = |name: &String| !layout.subnets.iter().any(|subnet| *subnet.name == **name);
    (2..=u32::MAX).map(|number: u32| format!("{old}-{number}")).find(is_free)
}
