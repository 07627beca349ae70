//! Remedies are what was tried and fits, can be done to a VPC, and are the least of their kind.

use eksnet::{
    instance::BUILTIN,
    network::Cidr,
    simulate::{
        FurtherSubnet, Layout, Purpose, Remedies, Remedy, Reservation, ReservationType, Scenario,
        Share, Sought, Step, Subnet, Target, Used, Verdict, check, parse, remedies, run, trial,
    },
};

/// Seeds that every remedy of these tests has to fit with.
const RUNS: u64 = 6;

fn read(text: &str) -> Scenario {
    parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn layout_of(scenario: &Scenario) -> Layout<'_> {
    check(scenario, &BUILTIN, false).unwrap_or_else(|error| panic!("{error}"))
}

/// What is found for a layout that is simulated with the seeds from 1 on, and tried on the first that fails.
fn with_seeds(scenario: &Scenario, runs: u64) -> Remedies {
    let layout = layout_of(scenario);
    let seeds: Vec<u64> = (1..=runs).collect();
    let failed =
        seeds.iter().find_map(|seed| Some((*seed, run(&layout, *seed).first_failure().cloned()?)));
    let Some((seed, failure)) = failed else {
        return Remedies { list: Vec::new(), complete: true };
    };
    let sought = Sought { failure: &failure, failing: vec![seed], seeds };
    remedies(&layout, &sought, &|layout, seeds, most_work| {
        seeds.iter().map(|seed| trial(layout, *seed, most_work)).collect()
    })
}

fn of(text: &str) -> Vec<Remedy> {
    let found = with_seeds(&read(text), RUNS);
    assert!(found.complete);
    found.list
}

fn fits(scenario: &Scenario) -> bool {
    (1..=RUNS).all(|seed| run(&layout_of(scenario), seed).verdict == Verdict::Fits)
}

fn texts(remedies: &[Remedy]) -> Vec<String> {
    remedies.iter().map(Remedy::text).collect()
}

/// A scenario with a remedy done to it, as a person would do it.
fn mended(scenario: &Scenario, remedy: &Remedy) -> Scenario {
    let mut mended = scenario.clone();
    match remedy {
        Remedy::Pace { step, max_surge: surge, max_unavailable: unavailable, is_budget } => {
            let at = usize::try_from(*step).unwrap() - 1;
            let Step::Rollout { max_surge, max_unavailable, budget, like, .. } =
                &mut mended.steps[at]
            else {
                panic!("{remedy:?}")
            };
            if *is_budget {
                (*max_surge, *budget) = (None, Some(Share::Count(*surge)));
                return mended;
            }
            *like = None;
            *max_surge = Some(Share::Count(*surge));
            *max_unavailable = Some(Share::Count(*unavailable));
        }
        Remedy::WarmTargets { settings } => {
            for (key, value) in settings {
                let target = Some(Target::Value((*value).into()));
                match *key {
                    "warm_ip_target" => mended.cni.warm_ip_target = target,
                    "minimum_ip_target" => mended.cni.minimum_ip_target = target,
                    other => panic!("{other}"),
                }
            }
        }
        Remedy::PrefixDelegation => mended.cni.prefix_delegation = Some(true),
        Remedy::PrefixReservations { reservations } => {
            for (name, cidr) in reservations {
                let subnet = mended.subnets.iter_mut().find(|subnet| subnet.name == *name).unwrap();
                let kind = ReservationType::Prefix;
                subnet.reservations.push(Reservation { cidr: *cidr, kind });
            }
        }
        Remedy::FurtherSubnets { vpc_blocks, subnets } => {
            mended.vpc.as_mut().unwrap().cidrs.extend(vpc_blocks);
            for subnet in subnets {
                further(&mut mended, subnet);
            }
        }
    }
    mended
}

fn further(scenario: &mut Scenario, subnet: &FurtherSubnet) {
    let FurtherSubnet { name, zone, cidr, purpose, node_groups, beside } = subnet;
    let old = scenario.subnets.iter().find(|subnet| subnet.name == *beside).unwrap();
    assert_eq!(old.zone, *zone, "an ENI is in its node's zone");
    let new = Subnet {
        name: name.clone(),
        cidr: *cidr,
        tags: purpose.tags(),
        used: Used::Count(0),
        reservations: Vec::new(),
        ..old.clone()
    };
    scenario.subnets.push(new);
    for group in scenario.node_groups.iter_mut().filter(|group| node_groups.contains(&group.name)) {
        if *purpose == Purpose::NodesInPlace {
            group.subnets.retain(|subnet| subnet != beside);
        }
        group.subnets.push(name.clone());
    }
    if *purpose == Purpose::EniConfig {
        let named = scenario.cni.custom_networking.iter_mut().flatten();
        named
            .filter(|(_, subnet)| *subnet == beside)
            .for_each(|(_, subnet)| subnet.clone_from(name));
    }
    if *purpose == Purpose::ControlPlane {
        let named = scenario.control_plane.iter_mut().flat_map(|plane| &mut plane.subnets);
        named.filter(|subnet| *subnet == beside).for_each(|subnet| subnet.clone_from(name));
    }
}

fn layout(cidr: &str, nodes: u32, pods: u32, rest: &str) -> String {
    format!(
        "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets: [{{name: a, zone: z, cidr: {cidr}}}]\n\
         node_groups: [{{name: g, instance_type: m5.large, subnets: [a], nodes: {nodes}, \
         pods_per_node: {pods}}}]\n{rest}\n"
    )
}

/// Two subnets, of which both are short of prefixes.
const TWO: &str = "version: 1
vpc: {cidrs: [10.0.0.0/16]}
subnets: [{name: a, zone: z, cidr: 10.0.0.0/25}, {name: b, zone: y, cidr: 10.0.1.0/26}]
cni: {prefix_delegation: true}
node_groups:
  - {name: g, instance_type: m5.large, subnets: [a, b], nodes: 6, pods_per_node: 20}
";

/// Pods in a subnet of their own, which is too small.
const CUSTOM: &str = "version: 1
vpc: {cidrs: [10.0.0.0/16, 100.64.0.0/16]}
subnets:
  - {name: n, zone: z, cidr: 10.0.0.0/24}
  - {name: p, zone: z, cidr: 100.64.0.0/26}
cni: {custom_networking: {z: p}}
node_groups:
  - {name: g, instance_type: m5.large, subnets: [n], nodes: 8, pods_per_node: 9}
";

/// A VPC that its one subnet fills.
const FULL: &str = "version: 1
vpc: {cidrs: [10.0.0.0/24]}
subnets: [{name: a, zone: z, cidr: 10.0.0.0/24}]
node_groups:
  - {name: g, instance_type: m5.large, subnets: [a], nodes: 20, pods_per_node: 14}
";

/// A cluster subnet with four free addresses beside six nodes.
const CLUSTER: &str = "version: 1
vpc: {cidrs: [10.0.0.0/24, 100.64.0.0/16]}
subnets:
  - {name: n, zone: z, cidr: 10.0.0.0/28}
  - {name: p, zone: z, cidr: 100.64.0.0/22}
cni: {custom_networking: {z: p}}
control_plane: {subnets: [n], interfaces: 1}
node_groups:
  - {name: g, instance_type: m5.large, subnets: [n], nodes: 6, pods_per_node: 5}
steps: [{upgrade_control_plane: {}}]
";

/// Single addresses that lie in most of a subnet's blocks, and six nodes that each want one whole.
const FRAGMENTED: &str = "version: 1
vpc: {cidrs: [10.0.0.0/16]}
subnets: [{name: a, zone: z, cidr: 10.0.0.0/24}]
cni: {prefix_delegation: true, warm_ip_target: 1, minimum_ip_target: 10}
others: [{subnet: a, addresses: 40, what: load balancers}]
node_groups:
  - {name: g, instance_type: m5.large, subnets: [a], nodes: 6, pods_per_node: 9}
";

/// Whatever is told is done to the scenario as it is told, and fits; with one of the further subnets half as
/// large it does not.
#[test]
fn what_is_told_can_be_done_and_fits() {
    let surge = layout("10.0.0.0/24", 8, 12, "steps: [{rollout: {group: g, max_surge: 33%}}]");
    let idle = layout("10.0.0.0/24", 30, 0, "");
    let pods = layout("10.0.0.0/24", 12, 10, "steps: [{pods: {group: g, per_node: 25}}]");
    let many = layout("10.0.0.0/20", 2, 40, "");
    let all = [TWO, CUSTOM, FULL, CLUSTER, FRAGMENTED, &surge, &idle, &pods, &many];
    let all = all.map(|text| (text, of(text)));
    for (text, found) in &all {
        let scenario = read(text);
        assert!(!found.is_empty(), "{text}");
        for remedy in found {
            assert!(fits(&mended(&scenario, remedy)), "{remedy:?}\n{text}");
            for smaller in smaller(remedy) {
                assert!(!fits(&mended(&scenario, &smaller)), "{smaller:?}\n{text}");
            }
        }
    }
    let told: Vec<Remedy> = all.into_iter().flat_map(|(_, found)| found).collect();
    let kind = |remedy: &Remedy| match remedy {
        Remedy::Pace { .. } => 0,
        Remedy::WarmTargets { .. } => 1,
        Remedy::PrefixDelegation => 2,
        Remedy::PrefixReservations { .. } => 3,
        Remedy::FurtherSubnets { .. } => 4,
    };
    for wanted in 0..5 {
        assert!(told.iter().any(|remedy| kind(remedy) == wanted), "{wanted} {told:#?}");
    }
    let subnets = told.iter().flat_map(|remedy| subnets_of(remedy).1);
    let purposes: Vec<Purpose> = subnets.map(|subnet| subnet.purpose).collect();
    for purpose in [Purpose::Pods, Purpose::Nodes, Purpose::EniConfig, Purpose::ControlPlane] {
        assert!(purposes.contains(&purpose), "{purpose:?} {purposes:?}");
    }
}

fn subnets_of(remedy: &Remedy) -> (&[Cidr], &[FurtherSubnet]) {
    match remedy {
        Remedy::FurtherSubnets { vpc_blocks, subnets } => (vpc_blocks, subnets),
        Remedy::Pace { .. }
        | Remedy::WarmTargets { .. }
        | Remedy::PrefixDelegation
        | Remedy::PrefixReservations { .. } => (&[], &[]),
    }
}

/// A remedy of further subnets with each of them half as large, where a subnet can be.
fn smaller(remedy: &Remedy) -> Vec<Remedy> {
    let (vpc_blocks, subnets) = subnets_of(remedy);
    let halved = |(at, subnet): (usize, &FurtherSubnet)| {
        let cidr = subnet.cidr.parts(subnet.cidr.prefix_len() + 1).next()?;
        let mut subnets = subnets.to_vec();
        subnets[at].cidr = cidr;
        let vpc_blocks = vpc_blocks.to_vec();
        (cidr.prefix_len() <= 28).then_some(Remedy::FurtherSubnets { vpc_blocks, subnets })
    };
    subnets.iter().enumerate().filter_map(halved).collect()
}

/// A VPC without free space gets a further block of the range that any VPC can add.
#[test]
fn a_full_vpc_gets_a_further_block() {
    let found = of(FULL);
    let further = found.iter().map(subnets_of).find(|(_, subnets)| !subnets.is_empty());
    let (blocks, subnets) = further.unwrap_or_else(|| panic!("{found:#?}"));
    let shared: Cidr = "100.64.0.0/16".parse().unwrap();
    assert_eq!(*blocks, [shared]);
    assert!(subnets.iter().all(|subnet| shared.covers(subnet.cidr)), "{subnets:?}");
}

/// A further subnet is in the block of the one beside it, though a smaller gap is in another.
#[test]
fn a_further_subnet_stays_in_its_block() {
    let found = of(CUSTOM);
    let subnets: Vec<&FurtherSubnet> =
        found.iter().flat_map(|remedy| subnets_of(remedy).1).collect();
    let shared: Cidr = "100.64.0.0/16".parse().unwrap();
    assert!(
        !subnets.is_empty() && subnets.iter().all(|subnet| shared.covers(subnet.cidr)),
        "{found:?}"
    );
}

/// What no subnet and no setting helps has no remedy.
#[test]
fn nothing_is_told_where_nothing_helps() {
    let text = layout("10.0.0.0/20", 2, 40, "cni: {prefix_delegation: true}")
        .replace("pods_per_node: 40", "pods_per_node: 40, max_pods: 20");
    assert_eq!(texts(&of(&text)), Vec::<String>::new());
    let stranded = layout("10.0.0.0/20", 2, 25, "cni: {minimum_ip_target: 9}");
    let found = of(&stranded);
    let first = "set WARM_IP_TARGET=10 and MINIMUM_IP_TARGET=35 on aws-node";
    assert_eq!(texts(&found).first().map(String::as_str), Some(first));
}

/// Two nodes in prefix mode beside addresses that lie elsewhere with each seed: what the first failing
/// seed needs is not enough for all.
const CHANCE: &str = "version: 1
vpc: {cidrs: [10.0.0.0/16]}
subnets: [{name: a, zone: z, cidr: 10.0.0.0/25, used: 10}]
cni: {prefix_delegation: true}
node_groups:
  - {name: g, instance_type: m5.large, subnets: [a], nodes: 2, pods_per_node: 9}
";

/// A change is told only when every run fits with it, whatever seed it was found on.
#[test]
fn a_change_fits_with_every_seed() {
    const RUNS: u64 = 60;
    let scenario = read(CHANCE);
    let found = with_seeds(&scenario, RUNS);
    assert!(found.complete);
    assert!(!found.list.is_empty());
    for remedy in &found.list {
        let mended = mended(&scenario, remedy);
        let layout = layout_of(&mended);
        let fails = |seed: &u64| run(&layout, *seed).verdict == Verdict::Fails;
        let failing: Vec<u64> = (1..=RUNS).filter(fails).collect();
        assert_eq!(failing, [0; 0], "{remedy:?}");
    }
}

/// The search ends when it becomes too much work, and says so; what it cost does not hang on the clock.
#[test]
fn a_search_that_is_cut_short_says_so() {
    let text = layout("10.0.0.0/24", 30, 0, "");
    let scenario = read(&text);
    let layout = layout_of(&scenario);
    let failure = run(&layout, 1).first_failure().cloned().unwrap_or_else(|| panic!("fits"));
    let sought = Sought { failure: &failure, failing: vec![1], seeds: vec![1] };
    let found = remedies(&layout, &sought, &|layout, seeds, most_work| {
        // As if each pass were as much work as a thousand.
        let scaled = |seed: &u64| trial(layout, *seed, most_work / 1_000_000);
        seeds.iter().map(scaled).collect()
    });
    assert_eq!(found, Remedies { list: Vec::new(), complete: false });
    let whole = trial(&layout, 1, u64::MAX);
    assert_eq!(whole.failure, Some(failure));
    assert_eq!(trial(&layout, 1, whole.work), whole);
    let cut = trial(&layout, 1, whole.work - 1);
    assert!(cut.cut && cut.failure.is_none() && !cut.fits());
}
