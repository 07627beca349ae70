//! Plans of requirements that are alike.

use eksnet::{
    instance::BUILTIN,
    network::Cidr,
    plan::{ExistingSubnet, Plan, PodCount, RequiredGroup, Requirement, plan},
    render::json::write_json,
    simulate::{Reservation, Used, Verdict},
};

fn bytes(requirement: &Requirement, threads: usize) -> Vec<u8> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let plan = pool.install(|| plan(requirement, &BUILTIN)).unwrap();
    let mut out = Vec::new();
    write_json(&plan, &mut out).unwrap();
    for candidate in &plan.candidates {
        write_json(&candidate.scenario, &mut out).unwrap();
    }
    out
}

/// The same requirement has the same answer to the byte, on one thread and on two.
pub(crate) fn is_the_same_again(requirement: &Requirement) {
    let (one, two) = (bytes(requirement, 1), bytes(requirement, 2));
    assert!(one == two, "other bytes on two threads");
}

/// Whether something is recommended stays so in larger blocks, and with fewer pods.
pub(crate) fn more_space_and_fewer_pods_do_no_harm(requirement: &Requirement) {
    let mut larger = requirement.clone();
    for block in &mut larger.vpc.cidrs {
        *block = Cidr::containing(block.first(), block.prefix_len().max(18) - 2).unwrap();
    }
    let mut fewer = requirement.clone();
    for group in &mut fewer.groups {
        group.pods.peak = group.pods.peak.div_ceil(2);
        group.pods.usual = group.pods.usual.map(|usual| usual.div_ceil(2));
    }
    for (what, easier) in [("larger blocks", larger), ("half the pods", fewer)] {
        let again = plan(&easier, &BUILTIN).unwrap_or_else(|error| panic!("{what}: {error}"));
        let told = again.impossible.map(|why| why.reason);
        assert!(again.recommended.is_some(), "{what}: {told:?}");
    }
}

/// The requirement once the recommended layout is built.
pub(crate) fn built(requirement: &Requirement, plan: &Plan) -> Option<Requirement> {
    let best = plan.recommended()?;
    let mut built = requirement.clone();
    built.cluster = plan.requirement.cluster.clone();
    built.vpc.cidrs.extend(best.vpc_cidrs_added.iter().map(|block| block.cidr));
    for subnet in &best.subnets {
        let reservations = subnet.reservations.iter();
        let reservations =
            reservations.map(|r| Reservation { cidr: r.cidr, kind: r.kind }).collect();
        let now = ExistingSubnet {
            name: subnet.name.clone(),
            zone: subnet.zone.clone(),
            cidr: subnet.cidr,
            used: Used::default(),
            role: subnet.role,
            reservations,
            tags: subnet.tags.clone(),
        };
        match built.vpc.subnets.iter_mut().find(|known| known.name == subnet.name) {
            Some(known) => *known = ExistingSubnet { used: known.used.clone(), ..now },
            None => built.vpc.subnets.push(now),
        }
    }
    for (group, types) in built.groups.iter_mut().zip(&best.node_groups) {
        group.instance_types.clone_from(&types.instance_types);
        group.choose = None;
    }
    built.cni = best.cni.clone();
    Some(built)
}

/// What is built as planned holds as it stands, and nothing more is planned.
pub(crate) fn built_as_planned_it_holds(built: &Requirement) {
    let again = plan(built, &BUILTIN).unwrap();
    let existing = again.existing.clone().unwrap();
    assert_eq!((existing.verdict, existing.tight), (Verdict::Fits, false), "{existing:?}");
    let best = again.recommended().unwrap();
    assert!(best.subnets.iter().all(|subnet| !subnet.new), "{}", best.summary);
}

/// What comes later: twice the pods, another group, another zone.
fn later(built: &Requirement) -> Vec<(&'static str, Requirement)> {
    let mut pods = built.clone();
    for group in &mut pods.groups {
        group.pods.peak *= 2;
    }
    let mut group = built.clone();
    group.groups.push(RequiredGroup {
        name: "later".to_owned(),
        pods: PodCount { usual: None, peak: 30 },
        instance_types: vec!["m5.large".to_owned()],
        pods_per_node: Some(6),
        host_network_pods: 2,
        ..RequiredGroup::default()
    });
    let mut zone = built.clone();
    zone.zones.push("eu-west-1d".to_owned());
    vec![("twice the pods", pods), ("another group", group), ("another zone", zone)]
}

/// What is added later moves nothing that was built. Gives the plans.
pub(crate) fn renumbers_nothing(built: &Requirement) -> Vec<Plan> {
    let mut plans = Vec::new();
    for (what, asked) in later(built) {
        let again = plan(&asked, &BUILTIN).unwrap_or_else(|error| panic!("{what}: {error}"));
        for candidate in &again.candidates {
            for known in &built.vpc.subnets {
                let now = candidate.subnets.iter().find(|subnet| subnet.name == known.name);
                let now = now
                    .unwrap_or_else(|| panic!("{what}, {}: {} is gone", candidate.id, known.name));
                assert_eq!((now.cidr, now.new), (known.cidr, false), "{what}, {}", candidate.id);
            }
        }
        plans.push(again);
    }
    plans
}
