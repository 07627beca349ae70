//! Node groups of a draft: types, pods of a node, and how many nodes that makes.

use crate::{
    finding::{counted, thousands},
    instance::InstanceLimits,
    plan::{
        asked::{Asked, AskedGroup, NodePods, node_pods, other_types},
        levers::{Levers, PodSide},
        requirement::GroupOs,
    },
    simulate::{Cni, Scaler},
};

/// The most nodes of a plan: what can be simulated often enough to search.
const MOST_NODES: u64 = 20_000;

/// A node group.
#[derive(Debug, Clone)]
pub(in crate::plan) struct DraftGroup<'a> {
    pub(in crate::plan) name: String,
    /// The group of the requirement.
    pub(in crate::plan) of: usize,
    pub(in crate::plan) types: Vec<&'a InstanceLimits>,
    pub(in crate::plan) pods: NodePods,
    pub(in crate::plan) usual: u32,
    pub(in crate::plan) peak: u32,
    pub(in crate::plan) grown: u32,
}

/// The groups of each cluster. With several clusters a group's name has the cluster's number.
///
/// # Errors
/// In words, when nodes of a group cannot run its pods.
pub(super) fn groups<'a>(
    asked: &Asked<'a>,
    levers: Levers,
    cni: &Cni,
    beside_primary: bool,
) -> Result<Vec<DraftGroup<'a>>, String> {
    let mut groups = Vec::new();
    for group in &asked.groups {
        let drafted = of_group(asked, levers, (group, cni), beside_primary)?;
        if beside_primary {
            managed_max_pods(asked, levers, (group, cni), &drafted)?;
        }
        groups.push(drafted);
    }
    let nodes: u64 = groups.iter().map(|group| u64::from(group.grown)).sum();
    let clusters = asked.requirement.clusters;
    if nodes * u64::from(clusters) > MOST_NODES {
        return Err(format!(
            "{} nodes: at most {} can be planned",
            thousands(nodes * u64::from(clusters)),
            thousands(MOST_NODES)
        ));
    }
    if clusters == 1 {
        return Ok(groups);
    }
    let of_cluster = |number: u32| {
        let named = move |group: &DraftGroup<'a>| DraftGroup {
            name: format!("{}-{number}", group.name),
            ..group.clone()
        };
        groups.iter().map(named).collect::<Vec<_>>()
    };
    Ok((1..=clusters).flat_map(of_cluster).collect())
}

fn of_group<'a>(
    asked: &Asked<'a>,
    levers: Levers,
    (group, cni): (&AskedGroup<'a>, &Cni),
    beside_primary: bool,
) -> Result<DraftGroup<'a>, String> {
    let mode = levers.mode(asked, group.written.os, beside_primary);
    let with = |types: Vec<&'a InstanceLimits>| {
        let pods = node_pods(asked.catalogue, (group, &types), cni, mode)?;
        let nodes = |number: u64| u32::try_from(number.div_ceil(u64::from(pods.pods)));
        let too_many = |_| "more nodes than can be counted".to_owned();
        Ok::<_, String>(DraftGroup {
            name: group.written.name.clone(),
            of: group.at,
            usual: nodes(group.usual().into()).map_err(too_many)?.max(1),
            peak: nodes(group.peak().into()).map_err(too_many)?,
            grown: nodes(asked.growth.of(group.peak())).map_err(too_many)?,
            types,
            pods,
        })
    };
    if levers.other_types {
        let others = other_types(group, asked.catalogue).into_iter();
        let mut fitting = others.filter_map(|limits| with(vec![limits]).ok());
        return fitting.find(|tried| within(group, tried).is_ok()).ok_or_else(|| {
            format!("no other type of its family carries the pods of group {}", group.written.name)
        });
    }
    if group.types.is_empty() {
        return chosen(group, &with);
    }
    let found = with(group.types.clone())?;
    within(group, &found).map(|()| found)
}

/// A managed node group without a custom AMI sets max pods by the formula of the CNI's mode. It knows
/// custom networking, and not a primary ENI that its subnet's tag leaves out: pods would be scheduled for
/// which there is no address.
fn managed_max_pods(
    asked: &Asked<'_>,
    levers: Levers,
    (group, cni): (&AskedGroup<'_>, &Cni),
    draft: &DraftGroup<'_>,
) -> Result<(), String> {
    let written = &group.written;
    let managed = written.scaler == Scaler::ManagedNodeGroup && written.os == GroupOs::Linux;
    if !managed || levers.pod_side != PodSide::Discovered {
        return Ok(());
    }
    let mode = levers.mode(asked, written.os, false);
    let set = node_pods(asked.catalogue, (group, &draft.types), cni, mode)?.max_pods;
    if set <= draft.pods.max_pods {
        return Ok(());
    }
    Err(format!(
        "a managed node group without a custom AMI sets max pods to {set}, and beside the primary ENI \
         the nodes of group {} have addresses for {}",
        written.name, draft.pods.max_pods
    ))
}

/// Of the types that may be chosen the one whose nodes are the fewest addresses' owners: the fewest nodes,
/// of those the smallest.
fn chosen<'a>(
    group: &AskedGroup<'a>,
    with: &dyn Fn(Vec<&'a InstanceLimits>) -> Result<DraftGroup<'a>, String>,
) -> Result<DraftGroup<'a>, String> {
    let tried = group.choice.iter().map(|limits| with(vec![*limits]));
    let (fit, reasons): (Vec<_>, Vec<_>) = tried.partition(Result::is_ok);
    let fit = fit.into_iter().flatten().filter(|draft| within(group, draft).is_ok());
    let size = |draft: &DraftGroup<'a>| draft.types.first().map(|limits| limits.vcpus);
    let best = fit.min_by_key(|draft| (draft.grown, size(draft)));
    best.ok_or_else(|| {
        let first = reasons.into_iter().find_map(Result::err);
        first.unwrap_or_else(|| {
            format!("no type within the bounds of group {} carries its pods", group.written.name)
        })
    })
}

/// Whether a group's nodes are within its bound.
fn within(group: &AskedGroup<'_>, draft: &DraftGroup<'_>) -> Result<(), String> {
    let Some(most) = group.written.max_nodes.filter(|most| draft.grown > *most) else {
        return Ok(());
    };
    let names: Vec<&str> = draft.types.iter().map(|limits| limits.instance_type.as_ref()).collect();
    let carried = u64::from(most) * u64::from(draft.pods.pods);
    let wanted = u64::from(draft.grown) * u64::from(draft.pods.pods);
    let pods = asked_pods(group, draft);
    Err(format!(
        "{} {} carry at most {} of {} of group {}: {} are needed",
        thousands(most),
        names.join(", "),
        thousands(carried),
        counted(pods.min(wanted), "pod", "pods"),
        group.written.name,
        counted(draft.grown, "node", "nodes"),
    ))
}

fn asked_pods(group: &AskedGroup<'_>, draft: &DraftGroup<'_>) -> u64 {
    let peak = u64::from(group.peak());
    if draft.grown > draft.peak {
        u64::from(draft.grown) * u64::from(draft.pods.pods)
    } else {
        peak
    }
}
