//! Nodes that are there before the start: the settings each lives under, and the pods it has.

use super::resolved::{Group, LiveNode, PlacedSubnet, PodSide};
use crate::{
    cni::{CniSettings, Discovery},
    instance::Catalogue,
    ipam::{ADDRESSES_PER_PREFIX, PoolMode, PoolSettings, SeenKind, steady_state},
    simulate::{
        MaxPods, Observed, PodsPerNode,
        observed::{EniConfigSubnet, ObservedNode},
        settings::InForce,
    },
};

/// What live nodes are read from.
pub(super) struct LiveSources<'a> {
    pub(super) start: &'a Observed,
    pub(super) cni: &'a InForce,
    pub(super) subnets: &'a [PlacedSubnet],
    pub(super) catalogue: &'a Catalogue,
}

impl Observed {
    /// The CNI's settings as the nodes show them: whether they hold prefixes, whether their pods live
    /// in other subnets, whether they have trunks. What does not show is as in the shipped manifest. What
    /// kubectl told comes first.
    pub(super) fn cni(&self, subnets: &[PlacedSubnet]) -> InForce {
        let mut in_force = InForce::default();
        let cni = &mut in_force.cni;
        let count = |mode| self.nodes.iter().filter(|node| node.mode == Some(mode)).count();
        cni.prefix_delegation = count(PoolMode::Prefix) > count(PoolMode::SecondaryIp);
        cni.pod_eni = self.nodes.iter().any(has_trunk);
        let zones = subnets.iter().map(|subnet| subnet.zone).max().map_or(0, |last| last + 1);
        let mut by_zone: Vec<Option<usize>> = (0..zones).map(|_| None).collect();
        let mut beside = 0;
        for node in &self.nodes {
            let Some(own) = subnets.get(node.subnet) else { continue };
            if is_excluded(cni, own) {
                continue;
            }
            if let (Some(pods), Some(entry)) = (node.pods_beside(), by_zone.get_mut(own.zone)) {
                *entry = Some(pods);
                beside += 1;
            }
        }
        if beside * 2 > self.nodes.len() {
            in_force.set_pod_subnets(Some(by_zone));
        }
        if let Some(stated) = &self.cni {
            stated.apply(&mut in_force, |zone| {
                let at = self.subnets.iter().position(|subnet| subnet.zone == zone)?;
                subnets.get(at).map(|subnet| subnet.zone)
            });
        }
        in_force
    }
}

/// Whether a subnet's tags keep pods off its nodes' primary ENIs.
fn is_excluded(cni: &CniSettings, subnet: &PlacedSubnet) -> bool {
    let discovery = Discovery::new(cni);
    discovery.excludes_primary(discovery.standing(&subnet.tags)) == Some(true)
}

fn has_trunk(node: &ObservedNode) -> bool {
    node.enis.iter().any(|eni| eni.kind == SeenKind::Trunk)
}

/// What the nodes of each group show of how pods get their addresses.
pub(super) fn show(
    start: &Observed,
    cni: &CniSettings,
    subnets: &[PlacedSubnet],
    groups: &mut [Group<'_>],
) {
    let zones = subnets.iter().map(|subnet| subnet.zone + 1).max().unwrap_or(0);
    for group in groups.iter_mut() {
        group.shown.by_zone = vec![None; zones];
    }
    for node in &start.nodes {
        let (Some(group), Some(own)) = (groups.get_mut(node.group), subnets.get(node.subnet))
        else {
            continue;
        };
        let unmanaged = node.unmanaged();
        let fewest = group.shown.unmanaged.get_or_insert(unmanaged);
        *fewest = unmanaged.min(*fewest);
        if let Some(told) = node.max_pods {
            let of_type = group.shown.max_pods.entry(node.instance_type.clone());
            let all = of_type.or_insert(Some(told));
            *all = all.filter(|pods| *pods == told);
        }
        // A node that holds nothing for pods shows nothing.
        let Some(mode) = node.mode else { continue };
        group.shown.prefix_delegation.add(mode == PoolMode::Prefix);
        if is_excluded(cni, own) {
            continue;
        }
        let beside = node.pods_beside();
        group.shown.custom_networking.add(beside.is_some());
        if let (Some(pods), Some(entry)) = (beside, group.shown.by_zone.get_mut(own.zone)) {
            *entry = Some(pods);
        }
    }
}

/// The nodes under the settings each of them shows, and each group's pods where they were not written:
/// the most that the nodes' addresses and the targets allow.
pub(super) fn nodes(seen: &LiveSources<'_>, groups: &mut [Group<'_>]) -> Vec<LiveNode> {
    let mut nodes: Vec<LiveNode> =
        seen.start.nodes.iter().filter_map(|node| live(node, seen, groups)).collect();
    for (at, group) in groups.iter_mut().enumerate() {
        let of_group = || nodes.iter().filter(|node| node.group == at && !node.is_pooled);
        let count = u32::try_from(of_group().count()).unwrap_or(u32::MAX).max(1);
        if group.assumed.pods {
            let pods: u32 = of_group()
                .map(|node| match node.pods {
                    PodsPerNode::Pods(pods) => pods,
                    PodsPerNode::Fill => 0,
                })
                .sum();
            group.pods = PodsPerNode::Pods(pods.div_ceil(count));
        }
        if group.assumed.branch_pods {
            let branches: usize = of_group().map(|node| node.branches.len()).sum();
            group.branch_pods = u32::try_from(branches).unwrap_or(u32::MAX).div_ceil(count);
        }
    }
    nodes.sort_by_key(|node| node.group);
    nodes
}

fn live(node: &ObservedNode, seen: &LiveSources<'_>, groups: &[Group<'_>]) -> Option<LiveNode> {
    let cni = seen.cni;
    let group = groups.get(node.group)?;
    let kind = group.types.iter().position(|(of, _)| of.instance_type == node.instance_type)?;
    let (limits, _) = group.types.get(kind)?;
    let excluded = is_excluded(&cni.cni, seen.subnets.get(node.subnet)?);
    let beside = node.pods_beside();
    let mut shown = cni.clone();
    if let Some(mode) = node.mode {
        shown.cni.prefix_delegation = mode == PoolMode::Prefix;
        // Pods beside a primary ENI that tags keep from pods show nothing.
        shown.cni.custom_networking = beside.is_some() && (!excluded || cni.cni.custom_networking);
    }
    // A settled node that needs a trunk has one.
    shown.cni.pod_eni = has_trunk(node);
    let max_pods = match (group.max_pods, node.max_pods) {
        (MaxPods::Auto, Some(pods)) => MaxPods::Pods(pods),
        (written, _) => written,
    };
    let mut settings = shown.own_pool(seen.catalogue, limits, max_pods);
    settings.primary_excluded = excluded && !settings.custom_networking;
    settings.unmanaged = node.unmanaged();
    let held = held(&settings, node);
    if max_pods == MaxPods::Auto {
        // Growth stops at max pods, so it is above what there was before the last ENI or prefix came.
        let last = match settings.mode {
            PoolMode::SecondaryIp => settings.slots_per_eni(),
            PoolMode::Prefix => ADDRESSES_PER_PREFIX,
        };
        settings.max_pods = settings.max_pods.max((held + 1).saturating_sub(last));
    }
    let own_zone = seen.subnets.get(node.subnet)?.zone;
    let pod_side = match (settings.custom_networking, node.eni_config) {
        (false, _) => PodSide::Discovered,
        (true, EniConfigSubnet::Fits(subnet)) => PodSide::EniConfig(subnet),
        (true, EniConfigSubnet::Misfit) => PodSide::Missing,
        (true, EniConfigSubnet::Unseen) => {
            let of_zone = || cni.pod_subnets()?.get(own_zone).copied().flatten();
            beside.or_else(of_zone).map_or(PodSide::Missing, PodSide::EniConfig)
        }
    };
    let room = settings.max_pods.saturating_sub(group.host_network_pods);
    let pods = if node.is_pooled {
        PodsPerNode::Pods(0)
    } else if group.assumed.pods {
        PodsPerNode::Pods(node.pods.unwrap_or_else(|| most_pods(&settings, held, room)))
    } else {
        group.pods
    };
    Some(LiveNode {
        group: node.group,
        is_pooled: node.is_pooled,
        kind,
        subnet: node.subnet,
        pod_side,
        settings,
        pods,
        pods_told: node.pods.is_some(),
        enis: node.enis.clone(),
        branches: node.branches.clone(),
    })
}

/// Addresses for pods that a node holds.
fn held(settings: &PoolSettings, node: &ObservedNode) -> u32 {
    let on_card = node.enis.iter().filter(|eni| eni.on_card && eni.is_pool());
    let slots = on_card.map(|eni| match settings.mode {
        PoolMode::SecondaryIp => eni.secondary.len(),
        PoolMode::Prefix => eni.prefixes.len(),
    });
    let slots = u32::try_from(slots.sum::<usize>()).unwrap_or(u32::MAX);
    slots.saturating_mul(settings.addresses_per_slot())
}

/// The most pods with which a node would hold no more than it was seen to hold. What cannot be told
/// from the steady state counts as in use: a plan has to hold for the worst.
fn most_pods(settings: &PoolSettings, held: u32, room: u32) -> u32 {
    let most = held.min(room);
    if settings.frozen {
        return most;
    }
    let fits =
        |pods: &u32| steady_state(settings, *pods).is_none_or(|steady| steady.addresses <= held);
    (0..=most).rev().find(fits).unwrap_or(most)
}
