//! From what the search is made for to the answer.

use super::{
    answer::{WarmPlan, WarmPlanGroup, WarmSaving, WarmVerdict},
    figures::{WarmBounds, WarmChoice, WarmFigures, WarmGroup, figures_with},
    search::{WarmSearch, warm_targets},
    sources::{WarmNodeGroup, WarmSources},
    targets::{WarmTargets, harm},
};
use crate::{finding::counted, simulate::Target};

/// The command that sets variables of the daemonset.
const SET_ENV: &str = "kubectl set env daemonset/aws-node -n kube-system";

/// The answer for some nodes within some bounds.
#[must_use]
pub fn warm_plan(sources: &WarmSources, bounds: &WarmBounds) -> WarmPlan {
    let all = sources.all();
    if all.is_empty() {
        return nothing(sources, bounds);
    }
    let found = warm_targets(&all, bounds);
    let now = found.in_force.targets;
    let other = found.best.filter(|best| best.targets != now);
    let sum = |of: fn(&WarmGroup) -> u64| all.iter().map(of).sum();
    let set = |from: &WarmTargets, to: &WarmTargets| vec![set_env(&from.changed_to(to))];
    WarmPlan {
        verdict: match (found.best, other) {
            (_, Some(_)) => WarmVerdict::Change,
            (Some(_), None) => WarmVerdict::Keep,
            (None, None) => WarmVerdict::OutOfBounds,
        },
        nodes: sum(|group| group.nodes.into()),
        pods: sum(|group| u64::from(group.nodes) * u64::from(group.usual_pods)),
        in_force: Some(found.in_force),
        harm: all.iter().find_map(|group| harm(&group.settings)),
        best: found.best,
        saves: found.best.map(|best| saving(&found.in_force.figures, &best.figures)),
        commands: other.map(|best| set(&now, &best.targets)).unwrap_or_default(),
        back: other.map(|best| set(&best.targets, &now)).unwrap_or_default(),
        addon_configuration: other.map(|best| addon(&now.changed_to(&best.targets))),
        bounds: found.bounds,
        groups: sources.groups.iter().map(|group| of_group(group, &found, bounds)).collect(),
        finalists: found.finalists,
        left_out: sources.left_out.clone(),
        held_now: sources.held_now,
        assumed: [sources.assumed.clone(), assumed(&all, found.best.as_ref())].concat(),
    }
}

fn nothing(sources: &WarmSources, bounds: &WarmBounds) -> WarmPlan {
    WarmPlan {
        verdict: WarmVerdict::CannotTell,
        nodes: 0,
        pods: 0,
        in_force: None,
        harm: None,
        best: None,
        saves: None,
        commands: Vec::new(),
        back: Vec::new(),
        addon_configuration: None,
        bounds: *bounds,
        finalists: Vec::new(),
        groups: Vec::new(),
        left_out: sources.left_out.clone(),
        held_now: sources.held_now,
        assumed: sources.assumed.clone(),
    }
}

/// A group under the best targets for all, and under its own.
fn of_group(group: &WarmNodeGroup, found: &WarmSearch, bounds: &WarmBounds) -> WarmPlanGroup {
    let own = warm_targets(&group.nodes, bounds);
    let best = found.best.and_then(|best| {
        let figures = figures_with(&group.nodes, &best.targets)?;
        Some(WarmChoice { targets: best.targets, figures })
    });
    let is_better = |own: &WarmChoice| {
        best.is_none_or(|best| own.figures.addresses_usual < best.figures.addresses_usual)
    };
    let own_best = own.best.filter(is_better);
    WarmPlanGroup {
        name: group.name.clone(),
        nodes: group.nodes.iter().map(|kind| u64::from(kind.nodes)).sum(),
        pods: group
            .nodes
            .iter()
            .map(|kind| u64::from(kind.nodes) * u64::from(kind.usual_pods))
            .sum(),
        most_pods: group.nodes.iter().map(|kind| kind.most_pods).max().unwrap_or(0),
        in_force: own.in_force,
        best,
        own_best,
        own_saves: own_best
            .zip(best)
            .map(|(own, best)| saving(&best.figures, &own.figures).addresses_usual),
    }
}

fn saving(before: &WarmFigures, after: &WarmFigures) -> WarmSaving {
    let less = |before: u64, after: u64| {
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        number(before) - number(after)
    };
    WarmSaving {
        addresses_usual: less(before.addresses_usual, after.addresses_usual),
        addresses_most: less(before.addresses_most, after.addresses_most),
    }
}

/// The command that sets variables, and takes away those that are not to be set.
fn set_env(changes: &[(&'static str, Target)]) -> String {
    let words = changes.iter().map(|(name, target)| match target {
        Target::Value(value) => format!("{name}={value}"),
        Target::Unset => format!("{name}-"),
    });
    let words: Vec<String> = words.collect();
    format!("{SET_ENV} {}", words.join(" "))
}

/// The variables as configuration values of the add-on; one that is not to be set is empty there, which
/// ipamd reads as not set.
fn addon(changes: &[(&'static str, Target)]) -> String {
    let words = changes.iter().map(|(name, target)| match target {
        Target::Value(value) => format!("\"{name}\":\"{value}\""),
        Target::Unset => format!("\"{name}\":\"\""),
    });
    let words: Vec<String> = words.collect();
    format!("{{\"env\":{{{}}}}}", words.join(","))
}

fn assumed(all: &[WarmGroup], best: Option<&WarmChoice>) -> Vec<String> {
    let most = all.iter().map(|group| group.most_pods).max().unwrap_or(0);
    let mut texts = vec![
        format!(
            "a node has at most as many pods as the fullest node of its group (at most {}), and they \
             arrive at once: on a new node, or beside its pods of today",
            counted(most, "pod", "pods")
        ),
        "subnets have free addresses, and nodes are fresh: a node that ran more pods before may hold more \
         addresses"
            .to_owned(),
    ];
    if best.is_some_and(|best| best.targets.warm_ip_target != Target::Unset) {
        texts.push(
            "with WARM_IP_TARGET each pod that starts or ends beyond MINIMUM_IP_TARGET can cost an EC2 \
             call on its node"
                .to_owned(),
        );
    }
    texts
}
