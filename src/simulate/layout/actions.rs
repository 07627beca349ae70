//! Steps with their names resolved. How many nodes a group has is followed through the steps, as far as
//! no burst makes it grow, so that what cannot be simulated is refused before.

use super::{
    names::{CheckError, Names, PlaceNames, bounded, nodes, value},
    nodepool,
    pace::{Budget, RolloutPace},
    resolved::{Action, Group},
    shares,
};
use crate::simulate::{RolloutLike, Scaler, Share, Step, settings::InForce};

/// The most pods that one churn step replaces.
const MOST_REPLACED: u64 = 10_000_000;
/// The longest churn: the simulated time that one step may take.
const MOST_MINUTES: u32 = 60;

pub(super) struct KnownNames<'a> {
    pub(super) places: PlaceNames<'a>,
    pub(super) groups: &'a Names,
    /// What starts each group's nodes, and with which disruption budget.
    pub(super) pools: &'a [(Scaler, Budget)],
}

pub(super) fn actions(
    steps: &[Step],
    known: &KnownNames<'_>,
    groups: &[Group<'_>],
    cni: &InForce,
) -> Result<Vec<(&'static str, Action)>, CheckError> {
    let mut counts: Vec<u32> = groups.iter().map(|group| group.nodes).collect();
    let mut cni = cni.clone();
    let mut actions = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let place = format!("steps[{at}].{}", step.key());
        let action = action(step, &place, known, &mut counts, &mut cni)?;
        if let Some((group, nodes)) = action.scaled()
            && let Some(group) = groups.get(group)
        {
            bounded(&place, group, nodes)?;
        }
        let all = groups.iter().zip(&counts).map(|(group, count)| group.most(*count)).sum();
        nodes(&place, all)?;
        actions.push((step.key(), action));
    }
    Ok(actions)
}

fn action(
    step: &Step,
    place: &str,
    known: &KnownNames<'_>,
    counts: &mut [u32],
    cni: &mut InForce,
) -> Result<Action, CheckError> {
    let find = |group: &str| known.groups.find(place, group);
    Ok(match step {
        Step::Scale { group, nodes: wanted } => {
            let (group, nodes) = (find(group)?, nodes(place, *wanted)?);
            keep(counts, group, nodes);
            Action::Scale { group, nodes }
        }
        Step::Grow { group, factor } => {
            let group = find(group)?;
            let now = counts.get(group).copied().unwrap_or(0);
            let factor = shares::factor(&format!("{place}.factor"), *factor, 1000.0)?;
            let nodes = nodes(place, factor.of(now))?;
            keep(counts, group, nodes);
            Action::Grow { group, factor, nodes }
        }
        Step::Pods { group, per_node } => Action::Pods { group: find(group)?, per_node: *per_node },
        Step::Burst { group, pods } => Action::Burst { group: find(group)?, pods: *pods },
        Step::Rollout { group, max_surge, max_unavailable, budget, like } => {
            let group = find(group)?;
            let bounds = (*max_surge, *max_unavailable);
            let own = known.pools.get(group).copied();
            let speed = match budget {
                Some(budget) => by_budget(place, *budget, bounds, (own, *like))?,
                None => paced(place, bounds, own, *like)?,
            };
            Action::Rollout { group, pace: speed }
        }
        Step::LoseZone(zone) => Action::LoseZone(known.places.zones.find(place, zone)?),
        Step::RestoreZone(zone) => Action::RestoreZone(known.places.zones.find(place, zone)?),
        Step::UpgradeControlPlane {} => Action::UpgradeControlPlane,
        Step::SetCni(patch) => {
            if patch.ipv6.is_some() {
                let reason = "the IP family of a cluster cannot be changed";
                return Err(value(format!("{place}.ipv6"), reason));
            }
            cni.apply(patch, place, &known.places)?;
            Action::SetCni(Box::new(cni.clone()))
        }
        Step::Churn { group, pods_per_minute, minutes } => {
            let pods = u64::from(*pods_per_minute) * u64::from(*minutes);
            if *minutes > MOST_MINUTES || pods > MOST_REPLACED {
                let reason = format!(
                    "{pods} pods in {minutes} minutes: at most {MOST_REPLACED} in {MOST_MINUTES} can be simulated"
                );
                return Err(value(place, reason));
            }
            Action::Churn {
                group: find(group)?,
                pods_per_minute: *pods_per_minute,
                minutes: *minutes,
            }
        }
    })
}

fn keep(counts: &mut [u32], group: usize, nodes: u32) {
    if let Some(count) = counts.get_mut(group) {
        *count = nodes;
    }
}

/// A roll-out by a disruption budget of its own, which is Karpenter's alone.
fn by_budget(
    place: &str,
    budget: Share,
    bounds: (Option<Share>, Option<Share>),
    (own, like): (Option<(Scaler, Budget)>, Option<RolloutLike>),
) -> Result<RolloutPace, CheckError> {
    if bounds != (None, None) {
        return Err(value(place, "budget takes the place of max_surge and max_unavailable"));
    }
    let scaler = own.map(|(scaler, _)| scaler);
    let is_karpenter = match like {
        Some(RolloutLike::Karpenter) => true,
        Some(RolloutLike::ManagedNodeGroup | RolloutLike::ManagedNodeGroupMinimal) => false,
        None => scaler == Some(Scaler::Karpenter),
    };
    if !is_karpenter {
        let reason =
            "budget is Karpenter's: set scaler: karpenter in the group, or like: karpenter";
        return Err(value(format!("{place}.budget"), reason));
    }
    Ok(RolloutPace::Karpenter(nodepool::budget(&format!("{place}.budget"), &[budget])?))
}

/// The bounds of a roll-out, those that are not written as somebody's way of doing it has them.
fn paced(
    place: &str,
    (surge, unavailable): (Option<Share>, Option<Share>),
    own: Option<(Scaler, Budget)>,
    like: Option<RolloutLike>,
) -> Result<RolloutPace, CheckError> {
    let none = Share::Count(0);
    let budget = own.map_or(Budget::of_all(&[]), |(_, budget)| budget);
    let by_itself = match own {
        Some((Scaler::Karpenter, _)) => Some(RolloutLike::Karpenter),
        Some((Scaler::ManagedNodeGroup | Scaler::Asg | Scaler::None, _)) | None => None,
    };
    let like = like.or(by_itself);
    if (like, surge, unavailable) == (Some(RolloutLike::Karpenter), None, None) {
        return Ok(RolloutPace::Karpenter(budget));
    }
    if let (Some(RolloutLike::Karpenter), Some(surge), None) = (like, surge, unavailable)
        && surge.of(100) > 0
    {
        return Ok(RolloutPace::Karpenter(nodepool::budget(
            &format!("{place}.max_surge"),
            &[surge],
        )?));
    }
    let bounds = match (like, surge, unavailable) {
        (None, None, None) | (Some(RolloutLike::ManagedNodeGroup), None, _) => {
            return Ok(RolloutPace::Managed {
                unavailable: unavailable.unwrap_or(Share::Count(1)),
            });
        }
        (None, surge, unavailable) => (surge.unwrap_or(none), unavailable.unwrap_or(none)),
        (Some(RolloutLike::ManagedNodeGroupMinimal), None, unavailable) => {
            (none, unavailable.unwrap_or(Share::Count(1)))
        }
        (Some(RolloutLike::Karpenter), surge, None) => (surge.unwrap_or(none), none),
        (
            Some(RolloutLike::ManagedNodeGroup | RolloutLike::ManagedNodeGroupMinimal),
            Some(_),
            _,
        ) => {
            return Err(value(place, "a managed node group has no max_surge: set max_unavailable"));
        }
        (Some(RolloutLike::Karpenter), _, Some(_)) => {
            return Err(value(place, "Karpenter has no max_unavailable: max_surge is its budget"));
        }
    };
    if bounds.0.of(100) == 0 && bounds.1.of(100) == 0 {
        let reason = "max_surge and max_unavailable are both 0: no node can be replaced";
        return Err(value(place, reason));
    }
    Ok(RolloutPace::Bounds { surge: bounds.0, unavailable: bounds.1 })
}
