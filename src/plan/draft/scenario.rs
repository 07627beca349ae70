//! The scenario of a draft: the usual day, the peak, the growth, then each event. Zones are lost last.

use std::collections::BTreeMap;

use super::{
    build::provisional_block,
    groups::DraftGroup,
    reserve::reserved,
    shape::{Draft, DraftSubnet, INTERFACES},
};
use crate::{
    network::Cidr,
    plan::{
        asked::{Asked, AskedGroup},
        requirement::{GroupOs, RequiredRollout},
    },
    simulate::{
        Cni, ControlPlane, MaxPods, NodeGroup, Other, PodsPerNode, Reservation, ReservationType,
        RolloutLike, Scaler, Scenario, Share, Start, Step, Subnet, Vpc, WeightedType,
    },
};

/// What is simulated of a draft.
pub(in crate::plan) fn scenario(asked: &Asked<'_>, draft: &Draft<'_>) -> Scenario {
    let name = |at: &usize| draft.subnets.get(*at).map(|subnet| subnet.name.clone());
    let custom: BTreeMap<String, String> =
        draft.pods_of.iter().filter_map(|(zone, at)| Some((zone.clone(), name(at)?))).collect();
    let has_control_plane = asked.requirement.cluster.control_plane;
    Scenario {
        version: 1,
        vpc: Some(Vpc { cidrs: blocks(asked, draft) }),
        subnets: draft.subnets.iter().map(subnet).collect(),
        cni: Cni { custom_networking: (!custom.is_empty()).then_some(custom), ..draft.cni.clone() },
        prefix_reservation_fallback: false,
        start: Start::Grown,
        node_groups: draft.groups.iter().map(|group| node_group(asked, draft, group)).collect(),
        control_plane: has_control_plane.then(|| ControlPlane {
            subnets: draft.control_plane.iter().filter_map(name).collect(),
            interfaces: INTERFACES,
        }),
        others: others(asked, draft),
        steps: steps(asked, draft),
    }
}

/// The VPC's blocks; while subnets have provisional places, the block of those too.
fn blocks(asked: &Asked<'_>, draft: &Draft<'_>) -> Vec<Cidr> {
    let provisional = provisional_block(&asked.space.blocks);
    let is_provisional = |block: &Cidr| draft.subnets.iter().any(|s| block.covers(s.cidr));
    draft.blocks.iter().copied().chain(provisional.filter(is_provisional)).collect()
}

fn subnet(draft: &DraftSubnet) -> Subnet {
    let there =
        draft.reservations.iter().map(|(cidr, kind)| Reservation { cidr: *cidr, kind: *kind });
    let new = draft.singles.map(|singles| reserved(draft.cidr, singles)).unwrap_or_default();
    let new = new.into_iter().map(|cidr| Reservation { cidr, kind: ReservationType::Prefix });
    Subnet {
        name: draft.name.clone(),
        zone: draft.zone.clone(),
        cidr: draft.cidr,
        used: draft.used.clone(),
        tags: draft.tags.clone(),
        reservations: there.chain(new).collect(),
    }
}

/// The subnets that nodes start in.
pub(in crate::plan) fn node_subnets<'a>(
    draft: &'a Draft<'_>,
) -> impl Iterator<Item = &'a DraftSubnet> {
    draft.subnets.iter().filter(|subnet| subnet.role.takes_nodes())
}

fn node_group(asked: &Asked<'_>, draft: &Draft<'_>, group: &DraftGroup<'_>) -> NodeGroup {
    let written = asked.requirement.groups.get(group.of).cloned().unwrap_or_default();
    let names: Vec<String> =
        group.types.iter().map(|limits| limits.instance_type.to_string()).collect();
    let (one, several) = match names.as_slice() {
        [one] => (Some(one.clone()), Vec::new()),
        several => (None, several.to_vec()),
    };
    let windows = written.os == GroupOs::Windows;
    NodeGroup {
        name: group.name.clone(),
        instance_type: one,
        instance_types: several
            .into_iter()
            .map(|instance_type| WeightedType { instance_type, weight: 1 })
            .collect(),
        subnets: node_subnets(draft).map(|subnet| subnet.name.clone()).collect(),
        nodes: Some(group.usual.into()),
        max: Some(group.grown.max(group.usual)),
        max_pods: MaxPods::Pods(group.pods.max_pods),
        pods_per_node: Some(PodsPerNode::Pods(group.pods.pods)),
        host_network_pods: (!windows).then_some(written.host_network_pods),
        branch_pods_per_node: (written.branch_pods_per_node > 0)
            .then_some(written.branch_pods_per_node),
        scaler: (written.scaler != Scaler::default()).then_some(written.scaler),
        os: written.os,
        warm_pool: written.warm_pool,
        ..NodeGroup::default()
    }
}

/// Other holders, and the control planes of the other clusters: each with its ENIs and those that an upgrade
/// makes before the old ones go.
fn others(asked: &Asked<'_>, draft: &Draft<'_>) -> Vec<Other> {
    let name = |at: usize| draft.subnets.get(at).map(|subnet| subnet.name.clone());
    let mut all: Vec<Other> = draft
        .others
        .iter()
        .filter_map(|(at, addresses, what)| {
            Some(Other { subnet: name(*at)?, addresses: *addresses, what: what.clone() })
        })
        .collect();
    let further = asked.requirement.clusters.saturating_sub(1);
    let subnets = u32::try_from(draft.control_plane.len()).unwrap_or(u32::MAX);
    if further > 0 && subnets > 0 && asked.requirement.cluster.control_plane {
        let each = (further * 2 * INTERFACES).div_ceil(subnets);
        let what = "control planes of the other clusters";
        all.extend(draft.control_plane.iter().filter_map(|at| {
            Some(Other { subnet: name(*at)?, addresses: each, what: what.to_owned() })
        }));
    }
    all
}

fn steps(asked: &Asked<'_>, draft: &Draft<'_>) -> Vec<Step> {
    let survive = &asked.requirement.survive;
    let mut steps = Vec::new();
    if let Some(pods) = survive.burst {
        // They come on the settled usual nodes of the group with the most pods; what stays afterwards is the
        // pods of a usual day.
        let most = draft.groups.iter().rev().max_by_key(|group| group.peak * group.pods.pods);
        if let Some(group) = most {
            let per_node = |pods: u32| Step::Pods {
                group: group.name.clone(),
                per_node: PodsPerNode::Pods(pods),
            };
            // Nodes that are not full take pods of the burst before others start.
            let usual = asked.groups.get(group.of).map_or(0, AskedGroup::usual);
            let each = (usual / group.usual.max(1)).clamp(1, group.pods.pods);
            steps.extend((each < group.pods.pods).then(|| per_node(each)));
            steps.push(Step::Burst { group: group.name.clone(), pods: pods.into() });
            steps.push(per_node(group.pods.pods));
        }
    }
    let scale = |group: &DraftGroup<'_>, nodes: u32| Step::Scale {
        group: group.name.clone(),
        nodes: nodes.into(),
    };
    let to_peak = draft.groups.iter().filter(|group| group.peak != group.usual);
    steps.extend(to_peak.map(|group| scale(group, group.peak)));
    let to_grown = draft.groups.iter().filter(|group| group.grown != group.peak);
    steps.extend(to_grown.map(|group| scale(group, group.grown)));
    if let Some(rollout) = &survive.rollout {
        steps.extend(draft.groups.iter().map(|group| roll_out(asked, group, rollout)));
    }
    if survive.upgrade && asked.requirement.cluster.control_plane {
        steps.push(Step::UpgradeControlPlane {});
    }
    // Nodes do not go back to a zone by themselves: what comes after its loss would not begin with the
    // settled layout.
    let zones: Vec<String> = asked.zones().to_vec();
    for lost in sets(&zones, survive.zone_loss.0) {
        steps.extend(lost.iter().cloned().map(Step::LoseZone));
        steps.extend(lost.iter().cloned().map(Step::RestoreZone));
    }
    if steps.is_empty() {
        // Whether there is something to spare shows after the start.
        steps.extend(draft.groups.iter().map(|group| Step::Pods {
            group: group.name.clone(),
            per_node: PodsPerNode::Pods(group.pods.pods),
        }));
    }
    steps
}

fn roll_out(asked: &Asked<'_>, group: &DraftGroup<'_>, rollout: &RequiredRollout) -> Step {
    let scaler = asked.requirement.groups.get(group.of).map_or(Scaler::default(), |g| g.scaler);
    // A managed node group surges by itself: twice its zones (EKS user guide, "Understand each phase of node
    // updates").
    let zones = u32::try_from(asked.zones().len()).unwrap_or(u32::MAX);
    let own = zones.saturating_mul(2);
    let surge = rollout.max_surge.map(|surge| {
        let less = scaler == Scaler::ManagedNodeGroup && surge.of(group.grown) < own;
        if less { Share::Count(own) } else { surge }
    });
    let group = group.name.clone();
    match scaler {
        Scaler::Karpenter => Step::Rollout {
            group,
            max_surge: None,
            max_unavailable: None,
            budget: rollout.budget,
            like: Some(RolloutLike::Karpenter),
        },
        Scaler::ManagedNodeGroup | Scaler::Asg | Scaler::None => Step::Rollout {
            group,
            max_surge: surge,
            max_unavailable: rollout.max_unavailable,
            budget: None,
            like: None,
        },
    }
}

/// All sets of so many zones, in the order of the zones.
fn sets(zones: &[String], size: u32) -> Vec<Vec<String>> {
    if size == 0 {
        return Vec::new();
    }
    let mut all = Vec::new();
    for (at, first) in zones.iter().enumerate() {
        let rest = zones.get(at + 1..).unwrap_or(&[]);
        if size == 1 {
            all.push(vec![first.clone()]);
        } else {
            all.extend(sets(rest, size - 1).into_iter().map(|mut set| {
                set.insert(0, first.clone());
                set
            }));
        }
    }
    all
}
