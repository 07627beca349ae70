//! The search: every combination of levers gets its sizes and its places, side by side, and what holds is
//! judged with every seed and ranked.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{
    answer::{Candidate, Rejected, SearchSummary},
    asked::Asked,
    candidate::{blocks_after, candidate, levers_of},
    draft::{Choice, Draft, DraftSubnet, PodSpace, build},
    figures::{calls, change, longest_wait, taken},
    judge::{Judged, Tally},
    levers::{self, Levers, PodSide, combinations},
    limits::beyond,
    place::{Placed, place},
    rank::{Merits, why_after},
    requirement::{Allowed, Role},
    size::{SEEDS, Sized, Unsized, grow, shrink, sized},
    targets,
};

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Ranked.
    pub(super) candidates: Vec<Candidate>,
    pub(super) rejected: Vec<Rejected>,
    pub(super) search: SearchSummary,
}

/// Layouts that hold, ranked, and those that do not.
pub(super) fn search(asked: &Asked<'_>) -> Found {
    let all = combinations(asked);
    let explored: Vec<Explored<'_>> =
        all.par_iter().map(|levers| explore(asked, *levers)).collect();
    let mut found = Found::default();
    found.search.complete = true;
    found.search.candidates = u64::try_from(all.len()).unwrap_or(u64::MAX);
    let mut holding: BTreeMap<String, Holding<'_>> = BTreeMap::new();
    for explored in explored {
        found.search.simulations += explored.simulations;
        found.rejected.extend(explored.rejected);
        for new in explored.holding {
            let id = levers::id(&new.levers);
            match holding.get(&id) {
                Some(known) if known.estimate <= new.estimate => {}
                Some(_) | None => {
                    holding.insert(id, new);
                }
            }
        }
    }
    let (holding, rejected) = undominated(holding);
    found.rejected.extend(rejected);
    let judged: Vec<(Result<Candidate, Rejected>, u64)> = holding
        .into_par_iter()
        .map(|(id, holding)| {
            let tally = Tally::default();
            let result = confirmed(asked, &holding, &tally);
            let rejected = |reason| Rejected { id, levers: holding.levers.clone(), reason };
            (result.map_err(rejected), tally.count())
        })
        .collect();
    for (result, simulations) in judged {
        found.search.simulations += simulations;
        match result {
            Ok(candidate) => found.candidates.push(candidate),
            Err(rejected) => found.rejected.push(rejected),
        }
    }
    ranked(&mut found);
    found
}

/// Whether a layout that can be recommended is there to be found: one that holds with every seed, has
/// something to spare and is within the limits. Counts the simulations.
pub(super) fn is_possible(asked: &Asked<'_>, simulations: &mut u64) -> bool {
    let all = combinations(asked);
    let explored: Vec<Explored<'_>> =
        all.par_iter().map(|levers| explore(asked, *levers)).collect();
    *simulations += explored.iter().map(|explored| explored.simulations).sum::<u64>();
    let mut holding: Vec<Holding<'_>> =
        explored.into_iter().flat_map(|explored| explored.holding).collect();
    holding.sort_by(|a, b| (a.estimate, &a.levers).cmp(&(b.estimate, &b.levers)));
    let tally = Tally::default();
    let found = holding.iter().filter(|holding| !holding.estimate.tight).any(|holding| {
        confirmed(asked, holding, &tally).is_ok_and(|candidate| is_recommended(&candidate))
    });
    *simulations += tally.count();
    found
}

/// Whether a candidate can be recommended.
pub(super) fn is_recommended(candidate: &Candidate) -> bool {
    candidate.tight.is_empty() && candidate.beyond_limits.is_empty()
}

/// Puts candidates in their order; those that another is at least as good as in every respect go.
fn ranked(found: &mut Found) {
    found.candidates.sort_by(|a, b| (Merits::of(a), &a.id).cmp(&(Merits::of(b), &b.id)));
    let mut kept: Vec<Candidate> = Vec::new();
    for candidate in std::mem::take(&mut found.candidates) {
        match kept.iter().find(|better| Merits::of(better).dominates(&Merits::of(&candidate))) {
            Some(better) => found.rejected.push(Rejected {
                id: candidate.id,
                levers: candidate.levers,
                reason: format!("it holds, and {} is at least as good in every figure", better.id),
            }),
            None => kept.push(candidate),
        }
    }
    let first = kept.first().cloned();
    for candidate in kept.iter_mut().skip(1) {
        candidate.why_not_first = first.as_ref().map(|first| why_after(first, candidate));
    }
    found.candidates = kept;
    found.rejected.sort_by(|a, b| a.id.cmp(&b.id).then_with(|| a.reason.cmp(&b.reason)));
    found.rejected.dedup_by(|a, b| a.id == b.id);
    let ids: Vec<&String> = found.candidates.iter().map(|candidate| &candidate.id).collect();
    found.rejected.retain(|rejected| !ids.contains(&&rejected.id));
}

/// A layout that holds with the first seed.
struct Holding<'a> {
    /// With provisional places, in which sizes can change.
    draft: Draft<'a>,
    placed: Placed<'a>,
    space: PodSpace,
    levers: Vec<Allowed>,
    estimate: Merits,
}

/// What a layout is compared by before it is judged with every seed.
fn estimated(asked: &Asked<'_>, sized: &Sized<'_>, placed: &Placed<'_>) -> Merits {
    let takes = taken(asked, placed);
    let merits = Merits {
        tight: !sized.judged.tight().is_empty(),
        beyond: false,
        routable: takes.routable,
        change: change(asked, &placed.draft, &placed.added),
        addresses: takes.addresses,
        calls: sized.judged.runs.iter().map(calls).max().unwrap_or(0),
        nodes: placed.draft.groups.iter().map(|group| u64::from(group.peak)).sum(),
        wait_s: longest_wait(asked, &placed.draft).unwrap_or(u64::MAX),
    };
    Merits { beyond: !beyond(asked, &merits, blocks_after(placed)).is_empty(), ..merits }
}

/// Those that no other is at least as good as, and why the others go. Of two that are alike the first stays.
fn undominated(
    holding: BTreeMap<String, Holding<'_>>,
) -> (Vec<(String, Holding<'_>)>, Vec<Rejected>) {
    let mut all: Vec<(String, Holding<'_>)> = holding.into_iter().collect();
    all.sort_by(|a, b| (a.1.estimate, &a.0).cmp(&(b.1.estimate, &b.0)));
    let mut kept: Vec<(String, Holding<'_>)> = Vec::new();
    let mut rejected = Vec::new();
    for (id, next) in all {
        match kept.iter().find(|(_, better)| better.estimate.dominates(&next.estimate)) {
            Some((better, _)) => rejected.push(Rejected {
                id,
                levers: next.levers,
                reason: format!("it holds, and {better} is at least as good in every figure"),
            }),
            None => kept.push((id, next)),
        }
    }
    (kept, rejected)
}

/// What became of one combination.
struct Explored<'a> {
    holding: Vec<Holding<'a>>,
    rejected: Vec<Rejected>,
    simulations: u64,
}

fn explore<'a>(asked: &Asked<'a>, levers: Levers) -> Explored<'a> {
    let tally = Tally::default();
    let mut explored = Explored { holding: Vec::new(), rejected: Vec::new(), simulations: 0 };
    // Discovery works with the primary ENI, and without it where its subnet's tag can say so.
    let can_leave = levers.pod_side == PodSide::Discovered && asked.excludes_subnets();
    let beside = if can_leave { &[false, true][..] } else { &[false][..] };
    let mut reasons: Vec<String> = Vec::new();
    for beside_primary in beside.iter().copied() {
        match layouts(asked, levers, beside_primary, &tally) {
            Ok(sized) => {
                for sized in sized {
                    match places(asked, &sized) {
                        Ok(holding) => explored.holding.extend(holding),
                        Err(reason) => reasons.push(reason),
                    }
                }
            }
            Err(reason) => reasons.push(reason),
        }
    }
    if explored.holding.is_empty() {
        let list = levers.list(asked);
        let reason = reasons.into_iter().next().unwrap_or_default();
        explored.rejected.push(Rejected { id: levers::id(&list), levers: list, reason });
    }
    explored.simulations = tally.count();
    explored
}

/// Sizes of a combination: with the existing subnets as far as they do, and with new ones where they are
/// short.
fn layouts<'a>(
    asked: &Asked<'a>,
    levers: Levers,
    beside_primary: bool,
    tally: &Tally,
) -> Result<Vec<Sized<'a>>, String> {
    let mut choice = Choice { beside_primary, ..Choice::first(asked, levers) };
    let mut found: Vec<Sized<'a>> = Vec::new();
    let mut reason = None;
    // Each time a zone more has new subnets, so that it ends.
    loop {
        let mut draft = build(asked, levers, &choice)?;
        if levers.warm_targets {
            targets::set(asked, &mut draft)?;
        }
        let wanting = match sized(asked, draft.clone(), tally) {
            Ok(sized) if sized.judged.tight().is_empty() => {
                found.push(sized);
                return Ok(found);
            }
            Ok(sized) => {
                let names = sized.judged.wanting();
                let all = 0..sized.draft.subnets.len();
                let at = all.filter(|at| names.contains(&sized.draft.subnets[*at].name)).collect();
                if found.is_empty() {
                    found.push(sized);
                }
                at
            }
            Err(Unsized { reason: why, wanting }) => {
                reason.get_or_insert(why);
                wanting
            }
        };
        if !widen(asked, (&levers, &draft), &mut choice, &wanting) {
            break;
        }
    }
    match (found.is_empty(), reason) {
        (true, reason) => Err(reason.unwrap_or_else(|| "no layout was found".to_owned())),
        (false, _) => Ok(found),
    }
}

/// Gives new subnets to what was short; whether there was anything to give.
fn widen(
    asked: &Asked<'_>,
    (levers, draft): (&Levers, &Draft<'_>),
    choice: &mut Choice,
    wanting: &[usize],
) -> bool {
    let before = choice.clone();
    for subnet in wanting.iter().filter_map(|at| draft.subnets.get(*at)) {
        let Some(zone) = asked.zones().iter().position(|zone| *zone == subnet.zone) else {
            continue;
        };
        if subnet.new {
            continue;
        }
        if subnet.role.takes_nodes() {
            choice.new_nodes.insert(zone);
            choice.moved_nodes.insert(zone);
        }
        if subnet.role == Role::Pod && levers.pod_side != PodSide::Nodes {
            choice.new_pods.insert(zone);
        }
    }
    let hosts = |at: &usize| draft.control_plane.contains(at);
    if *choice == before && wanting.iter().any(hosts) {
        choice.new_control_plane = true;
    }
    *choice != before
}

/// A layout in each of the places that it can have.
fn places<'a>(asked: &Asked<'a>, sized: &Sized<'a>) -> Result<Vec<Holding<'a>>, String> {
    let draft = &sized.draft;
    let moves = |s: &DraftSubnet| s.new && (s.role == Role::Pod || draft.levers.unroutable_nodes);
    let has_new_pods = draft.subnets.iter().any(moves) && !asked.space.blocks.is_empty()
        || draft.subnets.iter().any(|s| s.new && s.role == Role::Pod);
    let mut spaces = Vec::new();
    if has_new_pods {
        spaces.push(PodSpace::InVpc);
        if asked.may(Allowed::AddCidrBlock) {
            spaces.push(PodSpace::Added);
        }
    }
    if !draft.levers.unroutable_nodes || spaces.is_empty() {
        spaces.push(PodSpace::WithNodes);
    }
    let mut found: Vec<Holding<'a>> = Vec::new();
    let mut reason = None;
    for space in spaces {
        match place(asked, draft, space) {
            Ok(placed) => {
                let estimate = estimated(asked, sized, &placed);
                let levers = levers_of(asked, &placed);
                found.push(Holding { draft: draft.clone(), placed, space, levers, estimate });
                if space == PodSpace::InVpc {
                    // Nothing else takes as little.
                    break;
                }
            }
            Err(why) => reason = Some(why),
        }
    }
    if found.is_empty() { Err(reason.unwrap_or_default()) } else { Ok(found) }
}

/// A layout judged with every seed; what is short with one of them becomes larger.
fn confirmed(asked: &Asked<'_>, holding: &Holding<'_>, tally: &Tally) -> Result<Candidate, String> {
    let grown =
        grow(asked, holding.draft.clone(), (1..=SEEDS, tally)).map_err(|none| none.reason)?;
    // What became larger together need not all be larger.
    let grown = if grown.draft.subnets == holding.draft.subnets {
        grown
    } else {
        shrink(asked, grown, tally).map_err(|none| none.reason)?
    };
    let Sized { draft, judged } = grown;
    let judged = whole(asked, &draft, judged, tally)?;
    let resized = draft.subnets != holding.draft.subnets;
    let placed =
        if resized { place(asked, &draft, holding.space)? } else { holding.placed.clone() };
    Ok(candidate(asked, &placed, &judged, tally))
}

/// The judgement with every seed, where it ended with one that is tight.
fn whole(
    asked: &Asked<'_>,
    draft: &Draft<'_>,
    judged: Judged,
    tally: &Tally,
) -> Result<Judged, String> {
    use super::{
        draft::scenario,
        judge::{Stops, judge},
    };
    if u64::try_from(judged.runs.len()).is_ok_and(|runs| runs == SEEDS) {
        return Ok(judged);
    }
    let judged = judge(asked, &scenario(asked, draft), (1..=SEEDS, Stops::Failing), tally)?;
    if judged.fits() { Ok(judged) } else { Err(judged.reason().unwrap_or_default()) }
}
