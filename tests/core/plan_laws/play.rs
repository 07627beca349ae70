//! What a plan says holds is played again, from the scenario as a file.

use std::net::Ipv4Addr;

use eksnet::{
    instance::BUILTIN,
    network::Cidr,
    plan::{Candidate, Plan},
    render::json::write_yaml,
    simulate::{ReservationType, Scenario, Simulated, Step, Timeline, Verdict, check, parse, run},
};

/// Seeds that a layout has to hold with.
pub(crate) const SEEDS: std::ops::RangeInclusive<u64> = 1..=20;

pub(super) fn play(
    scenario: &Scenario,
    seeds: std::ops::RangeInclusive<u64>,
) -> Result<Vec<Timeline>, String> {
    let layout = check(scenario, &BUILTIN, false).map_err(|error| error.to_string())?;
    let (first, runs) = (*seeds.start(), seeds.map(|seed| run(&layout, seed)).collect::<Vec<_>>());
    // What `eksnet simulate` answers: AWS may refuse the VPC, whatever finds its place in it.
    let refused = Simulated::several(&layout, &runs, first).refused;
    match refused.first() {
        Some(rule) => Err(rule.message()),
        None => Ok(runs),
    }
}

/// The scenario after a way through a file.
fn read_again(candidate: &Candidate) -> Scenario {
    let mut yaml = Vec::new();
    write_yaml(&candidate.scenario, &mut yaml).unwrap();
    let yaml = String::from_utf8(yaml).unwrap();
    let again = parse(&yaml).unwrap_or_else(|error| panic!("{error}\n{yaml}"));
    assert_eq!(again, candidate.scenario, "{yaml}");
    again
}

/// Each candidate holds what the requirement asks for, with every seed and after each event alone; the
/// recommended one has something to spare.
pub(crate) fn holds(plan: &Plan) {
    for candidate in &plan.candidates {
        let scenario = read_again(candidate);
        let named = |what: &str| format!("{}: {what}", candidate.id);
        carries(plan, candidate);
        asks(plan, &scenario);
        let runs = play(&scenario, SEEDS).unwrap_or_else(|error| panic!("{}", named(&error)));
        for run in &runs {
            assert_eq!(run.verdict, Verdict::Fits, "{}", named(&format!("{:?}", run.failures)));
        }
        let is_tight = runs.iter().any(|run| !run.tight.is_empty());
        assert_eq!(is_tight, !candidate.tight.is_empty(), "{}", named("tight"));
        if plan.recommended.as_ref() == Some(&candidate.id) {
            assert!(!is_tight, "{}", named("is recommended and tight"));
        }
        for event in events(&scenario.steps) {
            let mut alone = scenario.clone();
            for group in &mut alone.node_groups {
                group.nodes = group.max.map(u64::from);
            }
            alone.steps = event;
            let runs = play(&alone, 1..=3).unwrap_or_else(|error| panic!("{}", named(&error)));
            for run in runs {
                let told = format!("{:?}: {:?}", alone.steps, run.failures);
                assert_eq!(run.verdict, Verdict::Fits, "{}", named(&told));
            }
        }
    }
}

/// Events that come on the settled layout, each by itself.
fn events(steps: &[Step]) -> Vec<Vec<Step>> {
    let mut all: Vec<Vec<Step>> = Vec::new();
    let mut lost: Vec<Step> = Vec::new();
    for step in steps {
        match step {
            Step::LoseZone(_) => lost.push(step.clone()),
            Step::RestoreZone(_) if !lost.is_empty() => all.push(std::mem::take(&mut lost)),
            Step::Rollout { .. } | Step::UpgradeControlPlane {} => all.push(vec![step.clone()]),
            Step::RestoreZone(_)
            | Step::Scale { .. }
            | Step::Pods { .. }
            | Step::Burst { .. }
            | Step::Grow { .. }
            | Step::SetCni(_)
            | Step::Churn { .. } => {}
        }
    }
    all
}

/// The nodes carry the pods that the requirement asks for, and are no more than it allows.
fn carries(plan: &Plan, candidate: &Candidate) {
    let asked = &plan.requirement;
    let growth = asked.growth.map_or(1.0, |growth| growth.factor);
    for group in &asked.groups {
        let nodes: Vec<_> =
            candidate.node_groups.iter().filter(|nodes| nodes.of == group.name).collect();
        assert_eq!(nodes.len(), usize::try_from(asked.clusters).unwrap(), "{}", candidate.id);
        for nodes in nodes {
            let carried = |number: u32| f64::from(number) * f64::from(nodes.pods_per_node);
            let peak = f64::from(group.pods.peak);
            assert!(
                carried(nodes.nodes_usual) >= f64::from(group.pods.usual.unwrap()),
                "{nodes:?}"
            );
            assert!(carried(nodes.nodes_peak) >= peak, "{nodes:?}");
            assert!(carried(nodes.nodes_grown) >= peak * growth, "{nodes:?}");
            assert!(
                carried(nodes.nodes_grown - 1) < (peak * growth).ceil(),
                "one too many: {nodes:?}"
            );
            assert!(group.max_nodes.is_none_or(|most| nodes.nodes_grown <= most), "{nodes:?}");
            assert!(
                group.pods_per_node.is_none_or(|pods| nodes.pods_per_node <= pods),
                "{nodes:?}"
            );
            let all = nodes.pods_per_node + nodes.branch_pods_per_node + nodes.host_network_pods;
            assert!(all <= nodes.max_pods, "{nodes:?}");
        }
    }
}

/// The scenario has every event that the requirement names.
fn asks(plan: &Plan, scenario: &Scenario) {
    let survive = &plan.requirement.survive;
    let count = |is: &dyn Fn(&Step) -> bool| scenario.steps.iter().filter(|step| is(step)).count();
    let groups = scenario.node_groups.len();
    let rollouts = count(&|step| matches!(step, Step::Rollout { .. }));
    assert_eq!(rollouts, if survive.rollout.is_some() { groups } else { 0 });
    let upgrades = count(&|step| matches!(step, Step::UpgradeControlPlane {}));
    assert_eq!(upgrades, usize::from(survive.upgrade && plan.requirement.cluster.control_plane));
    let zones = plan.requirement.zones.len();
    let lost = usize::try_from(survive.zone_loss.0).unwrap();
    // Of three zones one is lost three times, two are lost in three pairs.
    let sets = [0, zones, zones * zones.saturating_sub(1) / 2][lost];
    let losses = count(&|step| matches!(step, Step::LoseZone(_)));
    assert_eq!(losses, sets * lost);
    assert_eq!(count(&|step| matches!(step, Step::RestoreZone(_))), losses);
}

/// No single new subnet of the recommended candidate can be one size smaller.
pub(crate) fn is_not_wasteful(plan: &Plan) {
    let Some(best) = plan.recommended() else { return };
    for (at, subnet) in best.subnets.iter().enumerate() {
        if !subnet.new || subnet.cidr.prefix_len() >= 28 {
            continue;
        }
        for smaller in smaller(&best.scenario, at) {
            let Ok(layout) = check(&smaller, &BUILTIN, false) else { continue };
            let holds = SEEDS.into_iter().all(|seed| {
                let run = run(&layout, seed);
                run.verdict == Verdict::Fits && run.tight.is_empty()
            });
            let now = &smaller.subnets[at];
            assert!(!holds, "{}: {} holds as {} too: {now:?}", best.id, subnet.name, now.cidr);
        }
    }
}

/// The scenario with a subnet one size smaller: its reservations cut off, and each halved with it.
fn smaller(scenario: &Scenario, at: usize) -> Vec<Scenario> {
    let whole = scenario.subnets[at].cidr;
    let half = Cidr::containing(whole.first(), whole.prefix_len() + 1).unwrap();
    let mut cut = scenario.clone();
    cut.subnets[at].cidr = half;
    let mut scaled = cut.clone();
    cut.subnets[at].reservations.retain(|reservation| half.covers(reservation.cidr));
    let base = u32::from(whole.first());
    let parts = &mut scaled.subnets[at].reservations;
    for reservation in parts.iter_mut() {
        let first = Ipv4Addr::from(base + (u32::from(reservation.cidr.first()) - base) / 2);
        reservation.cidr = Cidr::containing(first, reservation.cidr.prefix_len() + 1).unwrap();
    }
    parts.retain(|part| part.cidr.prefix_len() <= 28);
    let had = scenario.subnets[at].reservations.iter().any(|r| r.kind == ReservationType::Prefix);
    if had { vec![cut, scaled] } else { vec![cut] }
}
