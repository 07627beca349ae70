//! What a layout takes and what it leaves.

use super::{
    answer::{Change, Figures},
    asked::{Asked, AskedGroup},
    draft::{Draft, DraftGroup, INTERFACES, scenario},
    judge::{Judged, Stops, Tally, judge},
    place::Placed,
    requirement::Role,
    size::SEEDS,
    variables::{changes, settings as settings_of},
};
use crate::{
    ipam::{BurstInput, burst},
    plan::answer::AddedBlock,
    simulate::{Timeline, check},
};

/// What new subnets take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) routable: u64,
    pub(super) addresses: u64,
}

pub(super) fn taken(asked: &Asked<'_>, placed: &Placed<'_>) -> Taken {
    let mut taken = Taken::default();
    for subnet in placed.draft.subnets.iter().filter(|subnet| subnet.new) {
        taken.addresses += subnet.cidr.size();
        if placed.is_routable(asked, subnet.cidr) {
            taken.routable += subnet.cidr.size();
        }
    }
    taken
}

/// What a layout changes of what runs.
pub(super) fn change(asked: &Asked<'_>, draft: &Draft<'_>, added: &[AddedBlock]) -> Change {
    let mut change = Change {
        blocks: count(added.iter().filter(|block| !block.primary)),
        subnets: count(draft.subnets.iter().filter(|subnet| subnet.new)),
        settings: settings(asked, draft),
        ..Change::default()
    };
    for group in &asked.groups {
        let Some(planned) = draft.groups.iter().find(|planned| planned.of == group.at) else {
            continue;
        };
        change.types += u32::from(draft.levers.other_types);
        let is_there = group.written.nodes_now.is_some_and(|nodes| nodes > 0);
        change.max_pods += u32::from(is_there && has_other_max_pods(asked, group, planned));
        let replaced = group.written.nodes_now.filter(|_| replaces(asked, draft, planned));
        change.nodes += replaced.unwrap_or(0);
    }
    change
}

fn has_other_max_pods(asked: &Asked<'_>, group: &AskedGroup<'_>, planned: &DraftGroup<'_>) -> bool {
    let today = super::levers::Levers::none(asked);
    let before = super::asked::node_pods(
        asked.catalogue,
        (group, if group.types.is_empty() { &planned.types } else { &group.types }),
        &asked.requirement.cni,
        today.mode(asked, group.written.os, asked.beside_primary_today()),
    );
    let before = group.written.max_pods_now.or(before.ok().map(|before| before.max_pods));
    before.is_some_and(|before| before != planned.pods.max_pods)
}

/// Whether nodes of a group that run have to be replaced: ENIConfigs, prefixes, IPv6, types and max pods take
/// effect on new nodes alone.
pub(super) fn replaces(asked: &Asked<'_>, draft: &Draft<'_>, planned: &DraftGroup<'_>) -> bool {
    let today = super::levers::Levers::none(asked);
    let moves = draft.levers.pod_side != today.pod_side && !draft.pods_of.is_empty();
    let switched = draft.levers.prefixes || draft.levers.ipv6 || draft.levers.other_types;
    let group = asked.groups.iter().find(|group| group.at == planned.of);
    moves || switched || group.is_some_and(|group| has_other_max_pods(asked, group, planned))
}

/// Settings of the VPC CNI that are not as today.
fn settings(asked: &Asked<'_>, draft: &Draft<'_>) -> u32 {
    let before = settings_of(&asked.requirement.cni, asked.custom_today());
    let after = settings_of(&draft.cni, !draft.pods_of.is_empty());
    // The label goes with custom networking.
    let of_its_own = |change: &&String| !change.starts_with("ENI_CONFIG_LABEL_DEF");
    let variables = count(changes(&before, &after).iter().filter(of_its_own));
    let windows = asked.requirement.cni.windows != draft.cni.windows;
    let ipv6 = asked.requirement.cni.ipv6 != draft.cni.ipv6;
    variables + u32::from(windows) + u32::from(ipv6)
}

fn count(all: impl Iterator) -> u32 {
    u32::try_from(all.count()).unwrap_or(u32::MAX)
}

/// The figures of a layout that was judged with all seeds.
pub(super) fn figures(
    asked: &Asked<'_>,
    placed: &Placed<'_>,
    judged: &Judged,
    tally: &Tally,
) -> Figures {
    let draft = &placed.draft;
    let takes = taken(asked, placed);
    let tightest = tightest(draft, judged);
    let more = pods_more(asked, placed, judged, tally);
    Figures {
        routable_addresses: takes.routable,
        addresses: takes.addresses,
        held_addresses: judged.runs.iter().map(|run| held(asked, draft, run)).max().unwrap_or(0),
        nodes_peak: draft.groups.iter().map(|group| u64::from(group.peak)).sum(),
        cidr_blocks: u64::try_from(draft.blocks.len()).unwrap_or(u64::MAX),
        ec2_calls_peak_minute: judged.runs.iter().map(calls).max().unwrap_or(0),
        longest_pod_wait_s: longest_wait(asked, draft).map(|wait| wait.max(waited(judged))),
        tightest_subnet: tightest.as_ref().map(|(name, _)| name.clone()),
        tightest_use: tightest.map_or(0.0, |(_, tenths)| f64::from(tenths) / 10.0),
        assignable_prefixes_min: prefixes(asked, draft, judged),
        pods_more: more,
        months: months(asked, more),
    }
}

/// The most addresses that the nodes' interfaces hold at one time. While nodes are replaced, old and new ones
/// hold theirs; when a zone is lost, the old ones do not.
fn held(asked: &Asked<'_>, draft: &Draft<'_>, run: &Timeline) -> u64 {
    let used = draft.subnets.iter().map(|subnet| subnet.used.addresses()).sum::<u64>();
    let others = scenario(asked, draft).others;
    let others: u64 = others.iter().map(|other| u64::from(other.addresses)).sum();
    let own = if draft.control_plane.is_empty() { 0 } else { u64::from(INTERFACES) };
    let in_step = |step: &crate::simulate::StepResult| {
        let replaces = step.name == "rollout";
        let of = |subnet: &crate::simulate::SubnetState| {
            u64::from(if replaces { subnet.peak_used } else { subnet.used })
        };
        step.subnets.iter().map(of).sum::<u64>()
    };
    let most = run.steps.iter().map(in_step).max().unwrap_or(0);
    most.saturating_sub(used + others + own)
}

/// The most EC2 calls in a minute, from the first event on.
pub(super) fn calls(run: &Timeline) -> u64 {
    run.steps.iter().skip(1).map(|step| step.peak_calls_per_minute).max().unwrap_or(0)
}

/// The longest wait of a pod on a fresh node that gets all its pods at once, which is how pods come where a
/// group grows or a zone is lost.
pub(super) fn longest_wait(asked: &Asked<'_>, draft: &Draft<'_>) -> Option<u64> {
    let scenario = scenario(asked, draft);
    let layout = check(&scenario, asked.catalogue, true).ok()?;
    let mut longest = 0;
    for (group, pools) in draft.groups.iter().zip(layout.pools()) {
        for settings in pools {
            let input = BurstInput {
                settings,
                nodes: 1,
                node_subnet_free: None,
                pod_subnet_free: None,
                free_blocks: None,
                pods_per_node: group.pods.pods,
            };
            longest = longest.max(burst(&input).wait_s?);
        }
    }
    Some(longest)
}

/// The longest wait that a run measured: of the pods of a burst on the settled usual nodes.
fn waited(judged: &Judged) -> u64 {
    let steps = judged.runs.iter().flat_map(|run| &run.steps);
    steps.filter_map(|step| step.waits).map(|waits| waits.longest_s).max().unwrap_or(0)
}

/// The subnet with the highest use, in tenths of a percent, rounded up.
fn tightest(draft: &Draft<'_>, judged: &Judged) -> Option<(String, u32)> {
    let of = |at: usize| {
        let subnet = judged.runs.first()?.subnets.get(at)?;
        // What the layout puts nothing into is not its matter.
        let before = draft.subnets.get(at)?.used.addresses();
        let touched = u64::from(judged.peak_used(at)) > before;
        let used = u64::from(judged.peak_used(at)) * 1000;
        let tenths = used.div_ceil(u64::from(subnet.usable).max(1));
        touched.then(|| (u32::try_from(tenths).unwrap_or(1000), subnet.name.clone()))
    };
    let all = (0..draft.subnets.len()).filter_map(of);
    all.max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1))).map(|(tenths, name)| (name, tenths))
}

fn prefixes(asked: &Asked<'_>, draft: &Draft<'_>, judged: &Judged) -> Option<u64> {
    if !draft.levers.delegates(asked) {
        return None;
    }
    let gives = |at: &usize| {
        let subnet = draft.subnets.get(*at);
        subnet.is_some_and(|subnet| match subnet.role {
            Role::Pod => true,
            Role::NodeAndPod => draft.pods_of.is_empty(),
            Role::Node | Role::ControlPlane | Role::Other => false,
        })
    };
    let least = |at: usize| {
        let runs = judged.runs.iter().filter_map(move |run| run.subnets.get(at));
        runs.map(|subnet| u64::from(subnet.min_assignable_prefixes)).min()
    };
    (0..draft.subnets.len()).filter(gives).filter_map(least).min()
}

/// How many more pods than at the peak still fit, every group growing alike: a number near what the fullest
/// subnet has room for, then so many more or fewer until one more step does not fit with the first seed; and
/// of those the most that fit with every seed.
fn pods_more(asked: &Asked<'_>, placed: &Placed<'_>, judged: &Judged, tally: &Tally) -> u64 {
    let groups = &placed.draft.groups;
    let peak: u64 = groups.iter().map(|group| pods(group.peak, group)).sum();
    let fits = |thousandths: u64, seeds: u64| {
        let mut more = placed.draft.clone();
        for group in &mut more.groups {
            let nodes = u32::try_from(u64::from(group.peak) * thousandths / 1000).ok()?;
            let most = asked.groups.get(group.of).and_then(|group| group.written.max_nodes);
            if most.is_some_and(|most| nodes > most) {
                return None;
            }
            group.grown = nodes.max(group.peak);
        }
        let scenario = scenario(asked, &more);
        let judged = judge(asked, &scenario, (1..=seeds, Stops::Failing), tally).ok()?;
        let pods: u64 = more.groups.iter().map(|group| pods(group.grown, group)).sum();
        judged.fits().then(|| pods.saturating_sub(peak))
    };
    // Fewer than a node more is no more.
    let step = groups.iter().map(|group| 1000_u64.div_ceil(u64::from(group.peak.max(1)))).min();
    let step = step.unwrap_or(1).max(1);
    // The growth fits already.
    let grown =
        groups.iter().map(|group| thousandths(group.grown, group.peak)).min().unwrap_or(1000);
    let more =
        groups.iter().map(|group| pods(group.grown, group)).sum::<u64>().saturating_sub(peak);
    let mut enough = grown.min(MOST_THOUSANDTHS);
    let mut too_many = None;
    let mut stride = step;
    let mut next = (grown * room(placed, judged) / 1000).clamp(enough + 1, MOST_THOUSANDTHS);
    while too_many.is_none_or(|most| most - enough > step) && enough < MOST_THOUSANDTHS {
        if fits(next, 1).is_some() {
            enough = next;
        } else {
            too_many = Some(next);
        }
        next = match too_many {
            None => (next + stride).min(MOST_THOUSANDTHS),
            Some(most) => enough.midpoint(most),
        };
        stride *= 2;
    }
    let (least, mut most) = (grown.min(MOST_THOUSANDTHS), enough);
    if let Some(all) = fits(most, SEEDS) {
        return all.max(more);
    }
    // With some seed fewer fit.
    let (mut enough, mut found) = (least, more);
    while most - enough > step {
        let middle = enough.midpoint(most);
        match fits(middle, SEEDS) {
            Some(more) => (enough, found) = (middle, more.max(found)),
            None => most = middle,
        }
    }
    found
}

/// Where a search for more pods ends: 64 times those at the peak.
const MOST_THOUSANDTHS: u64 = 64_000;

fn thousandths(part: u32, of: u32) -> u64 {
    u64::from(part) * 1000 / u64::from(of.max(1))
}

/// How many times what the layout takes its fullest subnet has room for, in thousandths.
fn room(placed: &Placed<'_>, judged: &Judged) -> u64 {
    let of = |at: usize| {
        let summary = judged.runs.first()?.subnets.get(at)?;
        let before = placed.draft.subnets.get(at)?.used.addresses();
        let takes =
            u64::from(judged.peak_used(at)).checked_sub(before).filter(|takes| *takes > 0)?;
        Some((u64::from(summary.usable).saturating_sub(before)) * 1000 / takes)
    };
    let nodes = |at: &usize| {
        placed.draft.subnets.get(*at).is_some_and(|subnet| match subnet.role {
            Role::Node | Role::NodeAndPod | Role::Pod => true,
            Role::ControlPlane | Role::Other => false,
        })
    };
    (0..placed.draft.subnets.len()).filter(nodes).filter_map(of).min().unwrap_or(1000)
}

fn pods(nodes: u32, group: &DraftGroup<'_>) -> u64 {
    u64::from(nodes) * u64::from(group.pods.pods)
}

/// Months until there are so many more pods than at the peak, at a constant rate of growth, in tenths rounded
/// down.
fn months(asked: &Asked<'_>, more: u64) -> Option<f64> {
    let growth = asked.requirement.growth.filter(|growth| growth.factor > 1.0)?;
    let clusters = u64::from(asked.requirement.clusters);
    let peak: u64 = asked.groups.iter().map(|group| u64::from(group.peak())).sum();
    let peak = u32::try_from(peak * clusters).ok()?;
    let times = f64::from(u32::try_from(more).ok()?) / f64::from(peak) + 1.0;
    let months = growth.over.months() * times.ln() / growth.factor.ln();
    Some((months * 10.0).floor() / 10.0)
}
