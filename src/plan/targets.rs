//! Warm targets of a draft: those with which its nodes hold the fewest addresses.

use super::{
    asked::{Asked, understand},
    draft::{Choice, Draft, DraftGroup, build, scenario},
    error::PlanError,
    levers::Levers,
    requirement::Requirement,
    warm::{WarmBounds, WarmGroup, WarmNodeGroup, WarmSources, WarmTargets, warm_targets},
};
use crate::{
    instance::Catalogue,
    ipam::PoolSettings,
    simulate::{Target, check},
};

/// The zone of nodes for which none is named.
const ANY_ZONE: &str = "any";

/// Sets the targets of a draft.
///
/// # Errors
/// In words, when none hold fewer addresses than those in force.
pub(super) fn set(asked: &Asked<'_>, draft: &mut Draft<'_>) -> Result<(), String> {
    let groups = node_groups(asked, draft, |group| group.grown)?;
    let groups: Vec<WarmGroup> = groups.into_iter().flat_map(|group| group.nodes).collect();
    let bounds = warm_bounds(&asked.requirement);
    let found = warm_targets(&groups, &bounds);
    let before = found.in_force.targets;
    let best = found.best.filter(|best| best.targets != before);
    let best =
        best.ok_or("no other warm targets hold fewer addresses without more waiting or calls")?;
    let changed = |after: fn(&WarmTargets) -> Target, now: Option<Target>| {
        let after_target = after(&best.targets);
        if after_target == after(&before) { now } else { Some(after_target) }
    };
    let cni = &mut draft.cni;
    cni.warm_eni_target = changed(|targets| targets.warm_eni_target, cni.warm_eni_target);
    cni.warm_ip_target = changed(|targets| targets.warm_ip_target, cni.warm_ip_target);
    cni.minimum_ip_target = changed(|targets| targets.minimum_ip_target, cni.minimum_ip_target);
    cni.warm_prefix_target = changed(|targets| targets.warm_prefix_target, cni.warm_prefix_target);
    Ok(())
}

/// What the search for warm targets is made for where nothing runs yet: the nodes for the usual pods of a
/// requirement, with today's settings and without any other lever.
///
/// # Errors
/// When a value of the requirement cannot be, or its nodes cannot run its pods.
pub fn warm_sources(
    requirement: &Requirement,
    catalogue: &Catalogue,
) -> Result<WarmSources, PlanError> {
    let mut requirement = requirement.clone();
    if requirement.zones.is_empty() {
        // Nodes are alike in all zones.
        requirement.zones.push(ANY_ZONE.to_owned());
    }
    let asked = understand(&requirement, catalogue)?;
    let levers = Levers::none(&asked);
    let groups = build(&asked, levers, &Choice::first(&asked, levers))
        .and_then(|draft| node_groups(&asked, &draft, |group| group.usual));
    let groups = groups.map_err(|reason| PlanError::new("groups", reason))?;
    Ok(WarmSources::planned(groups))
}

/// The bounds of a requirement for warm targets.
#[must_use]
pub fn warm_bounds(requirement: &Requirement) -> WarmBounds {
    WarmBounds {
        pod_wait_s: requirement.limits.pod_wait_s,
        ec2_calls_per_minute: requirement.limits.ec2_calls_per_minute,
    }
}

/// The nodes of a draft. Types of a group have as many nodes each.
fn node_groups(
    asked: &Asked<'_>,
    draft: &Draft<'_>,
    nodes: fn(&DraftGroup<'_>) -> u32,
) -> Result<Vec<WarmNodeGroup>, String> {
    let scenario = scenario(asked, draft);
    let layout = check(&scenario, asked.catalogue, true).map_err(|error| error.to_string())?;
    let of = |(group, pools): (&DraftGroup<'_>, Vec<PoolSettings>)| {
        let types = u32::try_from(pools.len()).unwrap_or(u32::MAX).max(1);
        let (each, more) = (nodes(group) / types, nodes(group) % types);
        let pods = group.pods.pods;
        let kind = |(at, settings): (u32, PoolSettings)| WarmGroup {
            settings,
            nodes: each + u32::from(at < more),
            usual_pods: pods,
            most_pods: pods,
        };
        WarmNodeGroup { name: group.name.clone(), nodes: (0..).zip(pools).map(kind).collect() }
    };
    Ok(draft.groups.iter().zip(layout.pools()).map(of).collect())
}
