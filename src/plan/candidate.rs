//! A layout that was judged, as the answer shows it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    answer::{
        Candidate, PlannedControlPlane, PlannedGroup, PlannedOther, PlannedReservation,
        PlannedSubnet, PlannedTight,
    },
    asked::Asked,
    draft::{Draft, DraftGroup, DraftSubnet, INTERFACES, node_subnets, reserved, scenario},
    figures::{change, figures, replaces},
    judge::{Judged, Tally},
    levers,
    limits::beyond,
    place::Placed,
    rank::Merits,
    requirement::Allowed,
    summary::summary,
    work::work,
};
use crate::simulate::{Cni, ReservationType, Verdict};

/// The levers of a draft in its place.
pub(super) fn levers_of(asked: &Asked<'_>, placed: &Placed<'_>) -> Vec<Allowed> {
    let mut all = placed.draft.levers.list(asked);
    if placed.added.iter().any(|block| !block.primary) {
        all.push(Allowed::AddCidrBlock);
    }
    let public = |subnet: &DraftSubnet| subnet.new && crate::network::is_public_space(subnet.cidr);
    if placed.draft.subnets.iter().any(public) {
        all.push(Allowed::PublicSpace);
    }
    all.sort_unstable();
    all
}

/// A candidate; `why_not_first` comes when all are ranked.
pub(super) fn candidate(
    asked: &Asked<'_>,
    placed: &Placed<'_>,
    judged: &Judged,
    tally: &Tally,
) -> Candidate {
    let draft = &placed.draft;
    let levers = levers_of(asked, placed);
    let scenario = scenario(asked, draft);
    let custom = scenario.cni.custom_networking.clone();
    let mut candidate = Candidate {
        id: levers::id(&levers),
        summary: String::new(),
        levers,
        vpc_cidrs: asked.space.blocks.clone(),
        vpc_cidrs_added: placed.added.clone(),
        subnets: (0..draft.subnets.len()).map(|at| subnet(asked, placed, judged, at)).collect(),
        cni: Cni { custom_networking: custom, ..draft.cni.clone() },
        node_groups: draft.groups.iter().map(|group| node_group(asked, draft, group)).collect(),
        control_plane: scenario.control_plane.as_ref().map(|control_plane| PlannedControlPlane {
            subnets: control_plane.subnets.clone(),
            interfaces: INTERFACES,
        }),
        others: scenario
            .others
            .iter()
            .map(|other| PlannedOther {
                subnet: other.subnet.clone(),
                addresses: other.addresses,
                what: other.what.clone(),
            })
            .collect(),
        figures: figures(asked, placed, judged, tally),
        verdict: if judged.fits() { Verdict::Fits } else { Verdict::Fails },
        tight: judged
            .tight()
            .into_iter()
            .map(|tight| PlannedTight { kind: tight.kind, text: tight.text })
            .collect(),
        beyond_limits: Vec::new(),
        change: change(asked, draft, &placed.added),
        work: Vec::new(),
        notes: Vec::new(),
        why_not_first: None,
        scenario,
    };
    candidate.notes = notes(judged, &candidate);
    candidate.beyond_limits = beyond(asked, &Merits::of(&candidate), blocks_after(placed));
    candidate.summary = summary(asked, &candidate);
    candidate.work = work(asked, &candidate);
    candidate
}

fn subnet(asked: &Asked<'_>, placed: &Placed<'_>, judged: &Judged, at: usize) -> PlannedSubnet {
    let subnet = &placed.draft.subnets[at];
    let there = subnet.reservations.iter().map(|(cidr, kind)| PlannedReservation {
        cidr: *cidr,
        kind: *kind,
        new: false,
    });
    let new = subnet.singles.map(|singles| reserved(subnet.cidr, singles)).unwrap_or_default();
    let new = new.into_iter().map(|cidr| PlannedReservation {
        cidr,
        kind: ReservationType::Prefix,
        new: true,
    });
    let runs = || judged.runs.iter().filter_map(|run| run.subnets.get(at));
    PlannedSubnet {
        name: subnet.name.clone(),
        zone: subnet.zone.clone(),
        cidr: subnet.cidr,
        role: subnet.role,
        new: subnet.new,
        routable: placed.is_routable(asked, subnet.cidr),
        tags: subnet.tags.clone(),
        reservations: there.chain(new).collect(),
        peak_used: judged.peak_used(at).into(),
        usable: runs().map(|subnet| u64::from(subnet.usable)).next().unwrap_or(0),
        min_assignable_prefixes: runs()
            .map(|subnet| u64::from(subnet.min_assignable_prefixes))
            .min()
            .unwrap_or(0),
    }
}

fn node_group(asked: &Asked<'_>, draft: &Draft<'_>, group: &DraftGroup<'_>) -> PlannedGroup {
    let written = asked.requirement.groups.get(group.of).cloned().unwrap_or_default();
    let types: Vec<String> =
        group.types.iter().map(|limits| limits.instance_type.to_string()).collect();
    let name = |at: &usize| draft.subnets.get(*at).map(|subnet| subnet.name.clone());
    let pod_subnets: BTreeMap<String, String> =
        draft.pods_of.iter().filter_map(|(zone, at)| Some((zone.clone(), name(at)?))).collect();
    let windows = written.os == super::requirement::GroupOs::Windows;
    PlannedGroup {
        name: group.name.clone(),
        of: written.name,
        instance_type: types.first().cloned().unwrap_or_default(),
        instance_types: types,
        scaler: written.scaler,
        os: written.os,
        nodes_usual: group.usual,
        nodes_peak: group.peak,
        nodes_grown: group.grown,
        max_pods: group.pods.max_pods,
        pods_per_node: group.pods.pods,
        limited_by: group.pods.limited_by,
        host_network_pods: if windows { 0 } else { written.host_network_pods },
        branch_pods_per_node: written.branch_pods_per_node,
        warm_pool: written.warm_pool,
        subnets: node_subnets(draft).map(|subnet| subnet.name.clone()).collect(),
        pod_subnets: if windows { BTreeMap::new() } else { pod_subnets },
        replaced: replaces(asked, draft, group),
    }
}

/// The blocks of the VPC afterwards, where the layout adds any.
pub(super) fn blocks_after(placed: &Placed<'_>) -> Option<u64> {
    let blocks = u64::try_from(placed.draft.blocks.len()).ok()?;
    (!placed.added.is_empty()).then_some(blocks)
}

/// What the runs noted, each once, and why the wait is not known.
fn notes(judged: &Judged, candidate: &Candidate) -> Vec<String> {
    let noted: BTreeSet<&String> = judged.runs.iter().flat_map(|run| &run.notes).collect();
    let endless = candidate.figures.longest_pod_wait_s.is_none().then(|| {
        "with these warm targets some pods of a fresh node never get an address".to_owned()
    });
    let units = judged.unit_rule().map(|rule| format!("{}: {}", rule.message(), rule.hint()));
    noted.into_iter().cloned().chain(endless).chain(units).collect()
}
