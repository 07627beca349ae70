//! Warm targets of a draft: those with which its nodes hold the fewest addresses.

use super::{
    asked::Asked,
    draft::{Draft, scenario},
    requirement::GroupOs,
    warm::{WarmBounds, WarmGroup, WarmTargets, warm_targets},
};
use crate::{
    ipam::PoolSettings,
    simulate::{Target, check},
};

/// Sets the targets of a draft.
///
/// # Errors
/// In words, when none hold fewer addresses than those in force.
pub(super) fn set(asked: &Asked<'_>, draft: &mut Draft<'_>) -> Result<(), String> {
    let scenario = scenario(asked, draft);
    let layout = check(&scenario, asked.catalogue, true).map_err(|error| error.to_string())?;
    let mut groups: Vec<WarmGroup> = Vec::new();
    for (group, pools) in draft.groups.iter().zip(layout.pools()) {
        let os = asked.requirement.groups.get(group.of).map_or(GroupOs::Linux, |group| group.os);
        // Windows nodes are told by a ConfigMap of their own.
        if os == GroupOs::Linux {
            groups.extend(pools.into_iter().map(|settings| of(settings, group)));
        }
    }
    let limits = &asked.requirement.limits;
    let bounds = WarmBounds {
        pod_wait_s: limits.pod_wait_s,
        ec2_calls_per_minute: limits.ec2_calls_per_minute,
    };
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

fn of(settings: PoolSettings, group: &super::draft::DraftGroup<'_>) -> WarmGroup {
    WarmGroup {
        settings,
        nodes: group.grown,
        usual_pods: group.pods.pods,
        most_pods: group.pods.pods,
    }
}
