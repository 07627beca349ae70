//! Settings and paces that are less hungry: they cost no address.

use super::{change::Remedy, search::Search};
use crate::simulate::{
    Layout, PodsPerNode, Reason, Share,
    layout::{Action, RolloutPace},
    settings::InForce,
};

/// WARM_IP_TARGETs that are tried, the widest buffer first.
const WARM_IP_TARGETS: [u32; 4] = [10, 5, 2, 1];

/// The highest surge below the one that failed, else a roll-out that waits.
pub(super) fn pace<'a>(
    search: &mut Search<'_>,
    layout: &Layout<'a>,
) -> Option<(Remedy, Layout<'a>)> {
    let step = search.sought.failure.step;
    let at = usize::try_from(step).ok()?.checked_sub(1)?;
    let (_, Action::Rollout { group, pace }) = layout.steps.get(at)? else {
        return None;
    };
    let nodes = size_before(layout, *group, at);
    let (surge, unavailable) = pace.of(nodes, layout.zones_of(*group));
    // What a budget or a limit forbids is no lack of room.
    let is_budget = matches!(pace, RolloutPace::Karpenter(_));
    if matches!(search.sought.failure.reason, Reason::NodePoolLimit | Reason::DisruptionBudget) {
        return None;
    }
    let mut with = |surge: u32, unavailable: u32| {
        let mut changed = layout.clone();
        let (_, action) = changed.steps.get_mut(at)?;
        let pace = RolloutPace::Bounds {
            surge: Share::Count(surge),
            unavailable: Share::Count(unavailable),
        };
        *action = Action::Rollout { group: *group, pace };
        let remedy =
            Remedy::Pace { step, max_surge: surge, max_unavailable: unavailable, is_budget };
        search.fits(&changed).then_some((remedy, changed))
    };
    let (mut least, mut most) = (1, surge.saturating_sub(1));
    let mut found = None;
    while least <= most {
        let middle = least + (most - least) / 2;
        match with(middle, unavailable) {
            Some(fits) => {
                found = Some(fits);
                least = middle + 1;
            }
            None => most = middle - 1,
        }
    }
    // Karpenter lets no node go before its replacement is there.
    let waits = surge > 0 && !is_budget;
    found.or_else(|| waits.then(|| with(0, unavailable.max(1))).flatten())
}

/// The widest warm buffer that fits, with a minimum for the most pods a node is to run, or with the
/// one there is.
pub(super) fn warm_targets<'a>(
    search: &mut Search<'_>,
    layout: &Layout<'a>,
) -> Option<(Remedy, Layout<'a>)> {
    let reason = search.sought.failure.reason;
    if !reason.is_for_want_of_room() && reason != Reason::PoolLimit {
        return None;
    }
    let pods = most_pods(layout);
    let with_minimum = WARM_IP_TARGETS.map(|warm| (warm, Some(pods.saturating_add(warm))));
    let without = WARM_IP_TARGETS.map(|warm| (warm, None));
    with_minimum.into_iter().filter(|_| pods > 0).chain(without).find_map(|(warm, minimum)| {
        let changed = retargeted(layout, warm, minimum);
        let minimum = minimum.map(|minimum| ("minimum_ip_target", minimum));
        let settings = std::iter::once(("warm_ip_target", warm)).chain(minimum).collect();
        search.fits(&changed).then_some((Remedy::WarmTargets { settings }, changed))
    })
}

/// Prefix delegation, where the nodes' ENIs or max pods are what is short.
pub(super) fn prefix_delegation<'a>(
    search: &mut Search<'_>,
    layout: &Layout<'a>,
) -> Option<(Remedy, Layout<'a>)> {
    let reason = search.sought.failure.reason;
    if !matches!(reason, Reason::MaxPods | Reason::PoolLimit) || layout.cni.cni.prefix_delegation {
        return None;
    }
    let mut changed = layout.clone();
    let set = |in_force: &mut InForce| {
        in_force.cni.prefix_delegation = true;
        in_force.stated.prefix_delegation = true;
    };
    set(&mut changed.cni);
    for (_, action) in &mut changed.steps {
        if let Action::SetCni(cni) = action {
            set(cni);
        }
    }
    search.fits(&changed).then_some((Remedy::PrefixDelegation, changed))
}

/// A layout whose `cni` states other targets, which hold until a step states its own.
fn retargeted<'a>(layout: &Layout<'a>, warm: u32, minimum: Option<u32>) -> Layout<'a> {
    let mut changed = layout.clone();
    let mut before = layout.cni.cni.clone();
    let (mut warm_holds, mut minimum_holds) = (true, minimum.is_some());
    let mut set = |in_force: &mut InForce| {
        let cni = &mut in_force.cni;
        warm_holds &= cni.warm_ip_target == before.warm_ip_target;
        minimum_holds &= cni.minimum_ip_target == before.minimum_ip_target;
        before = cni.clone();
        if warm_holds {
            cni.warm_ip_target = Some(warm.into());
        }
        if let Some(minimum) = minimum.filter(|_| minimum_holds) {
            cni.minimum_ip_target = Some(minimum.into());
        }
    };
    set(&mut changed.cni);
    for (_, action) in &mut changed.steps {
        if let Action::SetCni(cni) = action {
            set(cni);
        }
    }
    changed
}

/// A group's nodes when a step begins.
fn size_before(layout: &Layout<'_>, group: usize, step: usize) -> u32 {
    let scaled = layout.steps.iter().take(step).rev().filter_map(|(_, action)| action.scaled());
    let scaled = scaled.into_iter().find(|(scaled, _)| *scaled == group).map(|(_, nodes)| nodes);
    scaled.unwrap_or_else(|| layout.groups.get(group).map_or(0, |group| group.nodes))
}

/// The most pods with an address of their own that a node is to run; 0 where nodes are filled.
fn most_pods(layout: &Layout<'_>) -> u32 {
    let stepped = layout.steps.iter().filter_map(|(_, action)| action.pods_set());
    let all = layout.groups.iter().map(|group| group.pods).chain(stepped);
    let counts = all.map(|pods| match pods {
        PodsPerNode::Pods(pods) => pods,
        PodsPerNode::Fill => 0,
    });
    counts.max().unwrap_or(0)
}
