//! The plan itself.

use super::{
    answer::{Candidate, Existing, Needed, Plan},
    asked::{Asked, AskedGroup, understand},
    draft::{Choice, build, scenario},
    error::PlanError,
    impossible::impossible,
    judge::{Stops, Tally, judge},
    levers::Levers,
    requirement::Requirement,
    search::{is_recommended, search},
    size::SEEDS,
};
use crate::{
    finding::counted,
    instance::Catalogue,
    simulate::{Verdict, check},
};

/// Layouts that hold what must run, ranked. Side by side on the threads of the pool that it is called in; the
/// same requirement gives the same plan on any number of them.
///
/// # Errors
/// When a value of the requirement cannot be, or two contradict each other.
pub fn plan(requirement: &Requirement, catalogue: &Catalogue) -> Result<Plan, PlanError> {
    let asked = understand(requirement, catalogue)?;
    refused(&asked)?;
    let mut assumed = asked.assumed.clone();
    let tally = Tally::default();
    let existing = existing(&asked, &tally);
    if existing.is_none() {
        assumed.push("no subnet exists: there is no layout of today to judge".to_owned());
    }
    let mut found = search(&asked);
    found.search.simulations += tally.count();
    if let Some(first) = found.candidates.first() {
        assumed.extend(of_nodes(&asked, first));
    }
    let recommended = found
        .candidates
        .first()
        .filter(|first| is_recommended(first))
        .map(|first| first.id.clone());
    let impossible = recommended.is_none().then(|| {
        let mut simulations = 0;
        let impossible = impossible(&asked, &found, &mut simulations);
        found.search.simulations += simulations;
        impossible
    });
    Ok(Plan {
        requirement: asked.requirement,
        existing,
        candidates: found.candidates,
        recommended,
        impossible,
        rejected: found.rejected,
        assumed,
        needed: Vec::<Needed>::new(),
        search: found.search,
    })
}

/// What no layout could have, since a scenario refuses it: contradictions of groups and CNI settings.
fn refused(asked: &Asked<'_>) -> Result<(), PlanError> {
    let named = asked.requirement.cni.custom_networking.iter().flatten();
    for (zone, name) in named {
        let known = asked.existing().iter().any(|subnet| subnet.name == *name);
        if !known {
            let message = format!("no subnet of vpc.subnets is named `{name}`");
            return Err(PlanError::new(format!("cni.custom_networking.{zone}"), message));
        }
    }
    let levers = Levers::none(asked);
    let Ok(draft) = build(asked, levers, &Choice::first(asked, levers)) else { return Ok(()) };
    let refused = check(&scenario(asked, &draft), asked.catalogue, true).err();
    match refused {
        None => Ok(()),
        Some(error) => Err(PlanError::new("requirement", error.to_string())),
    }
}

/// How many pods the nodes of the first candidate run, where the requirement leaves it open or asks for more.
fn of_nodes(asked: &Asked<'_>, candidate: &Candidate) -> Vec<String> {
    let planned = |group: &AskedGroup<'_>| {
        candidate.node_groups.iter().find(|planned| planned.of == group.written.name)
    };
    let of = |group: &AskedGroup<'_>| {
        let (written, planned) = (&group.written, planned(group)?);
        let carried = counted(planned.pods_per_node, "pod", "pods");
        match written.pods_per_node {
            Some(pods) if pods > planned.pods_per_node => Some(format!(
                "group {}: pods_per_node is {pods}, and a node of {} carries {carried}",
                written.name, candidate.id
            )),
            None if written.pod.is_none() => Some(format!(
                "group {}: pods_per_node is not set: {carried} on a node, as many as max pods allows in {}",
                written.name, candidate.id
            )),
            Some(_) | None => None,
        }
    };
    asked.groups.iter().filter_map(of).collect()
}

/// What becomes of today's subnets and settings under the requirement.
fn existing(asked: &Asked<'_>, tally: &Tally) -> Option<Existing> {
    if asked.existing().is_empty() {
        return None;
    }
    let fails = |reason: String| Existing {
        verdict: Verdict::Fails,
        tight: false,
        first_failure: Some(reason),
    };
    let draft = match build(asked, Levers::none(asked), &Choice::default()) {
        Ok(draft) => draft,
        Err(reason) => return Some(fails(reason)),
    };
    let scenario = scenario(asked, &draft);
    let judged = match judge(asked, &scenario, (1..=SEEDS, Stops::Failing), tally) {
        Ok(judged) => judged,
        Err(reason) => return Some(fails(reason)),
    };
    if let Some(reason) = judged.reason() {
        return Some(fails(reason));
    }
    let tight = judged.tight();
    Some(Existing {
        verdict: Verdict::Fits,
        tight: !tight.is_empty(),
        first_failure: tight.into_iter().next().map(|tight| tight.text),
    })
}
