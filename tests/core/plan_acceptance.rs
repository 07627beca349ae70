//! The examples of `examples/plans`: what is answered, with the numbers counted by hand.

use std::path::Path;

use eksnet::{
    instance::BUILTIN,
    network::Cidr,
    plan::{
        Allowed, Candidate, Impossible, Plan, PlannedSubnet, Requirement, Role, ZoneLoss,
        parse_requirement, plan,
    },
    simulate::{ReservationType, Target, Verdict},
};

use crate::plan_laws::{
    built, built_as_planned_it_holds, holds_by_itself, is_the_same_again, renumbers_nothing,
};

fn example(name: &str) -> Requirement {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/plans").join(format!("{name}.yaml"));
    let text = std::fs::read_to_string(&path).unwrap();
    parse_requirement(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn planned(requirement: &Requirement) -> Plan {
    plan(requirement, &BUILTIN).unwrap_or_else(|error| panic!("{error}"))
}

fn recommended(plan: &Plan) -> &Candidate {
    let why = || plan.impossible.as_ref().map(|impossible| &impossible.reason);
    plan.recommended().unwrap_or_else(|| panic!("nothing is recommended: {:?}", why()))
}

fn impossible(plan: &Plan) -> &Impossible {
    plan.impossible.as_ref().unwrap()
}

fn new(candidate: &Candidate, role: Role) -> Vec<&PlannedSubnet> {
    candidate.subnets.iter().filter(|subnet| subnet.new && subnet.role == role).collect()
}

fn lengths(subnets: &[&PlannedSubnet]) -> Vec<u8> {
    subnets.iter().map(|subnet| subnet.cidr.prefix_len()).collect()
}

fn shared(subnet: &PlannedSubnet) -> bool {
    let shared: Cidr = "100.64.0.0/10".parse().unwrap();
    shared.covers(subnet.cidr)
}

/// So many times fewer pods, nodes and addresses in use: what is simulated in moments.
fn fewer(requirement: &Requirement, times: u32) -> Requirement {
    let mut fewer = requirement.clone();
    for group in &mut fewer.groups {
        group.pods.peak = (group.pods.peak / times).max(1);
        group.pods.usual = group.pods.usual.map(|usual| (usual / times).max(1));
    }
    fewer
}

/// All laws of a plan.
fn obeys(requirement: &Requirement, plan: &Plan) {
    holds_by_itself(requirement, plan);
    is_the_same_again(requirement);
    if let Some(built) = built(requirement, plan) {
        built_as_planned_it_holds(&built);
        renumbers_nothing(&built);
    }
}

/// 75 nodes are in a zone when another is lost. With 40 pods each has three ENIs of 15 addresses beside its
/// primary one: 75 × 45 = 3,375 of a /20's 4,091, and too much for a /21's 2,043.
#[test]
fn three_nearly_full_subnets_grow_without_routable_addresses() {
    let requirement = example("01-nearly-full");
    let plan = planned(&requirement);
    assert_eq!(plan.existing.as_ref().unwrap().verdict, Verdict::Fails);
    let best = recommended(&plan);
    assert_eq!(best.figures.routable_addresses, 0);
    assert_eq!((best.node_groups[0].nodes_usual, best.node_groups[0].nodes_peak), (38, 150));
    let pods = new(best, Role::Pod);
    assert_eq!(lengths(&pods), [20, 20, 20]);
    for subnet in pods {
        assert!(shared(subnet) && subnet.peak_used == 3375, "{subnet:?}");
    }
    // The nodes stay where they are: no subnet is new but those of the pods.
    assert_eq!(best.change.subnets, 3);
    let limit = plan.candidates.iter().filter(|other| other.figures.routable_addresses > 512);
    assert!(
        limit.clone().count() > 0 && limit.into_iter().all(|other| !other.beyond_limits.is_empty())
    );
}

#[test]
fn three_nearly_full_subnets_obey_the_laws() {
    let requirement = fewer(&example("01-nearly-full"), 10);
    obeys(&requirement, &planned(&requirement));
}

/// 375 nodes. When one zone is lost, 188 are in each of the others: 188 × 45 = 8,460 is too much for a /19's
/// 8,187. When two are lost, all are in one: 375 × 45 = 16,875 is too much for a /18's 16,379.
#[test]
fn a_new_vpc_holds_15_000_pods_when_zones_are_lost() {
    for (name, len, peak, lost) in
        [("02-greenfield-lose-one", 18, 8460, 1), ("02-greenfield-lose-two", 17, 16_875, 2)]
    {
        // Two levers are enough to see it; the benchmark plans with all.
        let mut requirement = example(name);
        assert_eq!(requirement.survive.zone_loss, ZoneLoss(lost));
        requirement.allow = Some(vec![Allowed::CustomNetworking, Allowed::AddCidrBlock]);
        let plan = planned(&requirement);
        let best = recommended(&plan);
        assert_eq!(best.figures.nodes_peak, 375, "{name}");
        let pods = new(best, Role::Pod);
        assert_eq!(lengths(&pods), [len; 3], "{name}");
        assert!(pods.iter().all(|subnet| shared(subnet)), "{name}");
        assert_eq!(pods.iter().map(|subnet| subnet.peak_used).max(), Some(peak), "{name}");
        assert!(best.vpc_cidrs_added[0].primary && best.vpc_cidrs_added[0].routable, "{name}");
        // What is lost takes its control plane's subnet with it; one has to be left.
        let control_plane = new(best, Role::ControlPlane).len();
        assert_eq!(control_plane, usize::try_from(lost).unwrap() + 1, "{name}");
    }
}

#[test]
fn new_vpcs_obey_the_laws() {
    for name in ["02-greenfield-lose-one", "02-greenfield-lose-two"] {
        let requirement = fewer(&example(name), 50);
        obeys(&requirement, &planned(&requirement));
    }
}

/// Nothing of 100.64.0.0/10: 34 nodes and 50 in a zone when another is lost. With WARM_IP_TARGET 2 and
/// MINIMUM_IP_TARGET 32 a node has 32 addresses and those of three ENIs: 35 × 50 = 1,750 of a /21's 2,043.
#[test]
fn without_shared_space_pods_stay_within_rfc_1918() {
    let requirement = example("03-no-shared-space");
    let plan = planned(&requirement);
    let best = recommended(&plan);
    for candidate in &plan.candidates {
        assert!(
            !candidate.subnets.iter().any(|subnet| subnet.new && shared(subnet)),
            "{}",
            candidate.id
        );
    }
    let ten: Cidr = "10.0.0.0/8".parse().unwrap();
    assert_eq!(best.vpc_cidrs_added.len(), 1);
    assert!(ten.covers(best.vpc_cidrs_added[0].cidr));
    assert_eq!(lengths(&new(best, Role::NodeAndPod)), [21, 21, 21]);
    assert!(new(best, Role::NodeAndPod).iter().all(|subnet| subnet.peak_used == 1750));
    let smaller = fewer(&requirement, 5);
    obeys(&smaller, &planned(&smaller));
}

/// No private range is left: what is missing is said.
#[test]
fn without_any_space_the_plan_says_what_is_missing() {
    let requirement = fewer(&example("03-no-space-at-all"), 2);
    let plan = planned(&requirement);
    let impossible = impossible(&plan);
    assert!(
        impossible.reason.contains("of RFC 1918 is left that AWS lets this VPC add"),
        "{impossible:?}"
    );
    let change = impossible.smallest_change.as_ref().unwrap();
    assert!(change.text.starts_with("allow ipv6") && change.key == "allow", "{change:?}");
    holds_by_itself(&requirement, &plan);
}

/// When a zone is lost, 180 nodes are in each of the others. With 50 pods a node has 4 prefixes and a warm
/// one on one ENI: 180 × (5 × 16 + 1) = 14,580 of a /18's 16,379, which is 89 %.
#[test]
fn eighteen_thousand_pods_survive_the_loss_of_a_zone_in_the_subnets_that_are_there() {
    let requirement = example("04-zone-loss");
    let plan = planned(&requirement);
    assert_eq!(plan.existing.as_ref().unwrap().verdict, Verdict::Fits);
    let best = recommended(&plan);
    assert!(best.subnets.iter().all(|subnet| !subnet.new) && best.vpc_cidrs_added.is_empty());
    assert_eq!(best.figures.nodes_peak, 360);
    let pods: Vec<u64> =
        best.subnets.iter().filter(|s| s.role == Role::Pod).map(|s| s.peak_used).collect();
    assert_eq!(pods, [14_580; 3]);
    assert!((best.figures.tightest_use - 89.1).abs() < 0.05, "{}", best.figures.tightest_use);
}

#[test]
fn the_zone_loss_example_obeys_the_laws() {
    let requirement = fewer(&example("04-zone-loss"), 20);
    obeys(&requirement, &planned(&requirement));
}

/// With 10 pods a node of the default targets has two ENIs of 15 addresses, one of WARM_IP_TARGET 2 and
/// MINIMUM_IP_TARGET 12 has 12 and its own, and one with prefixes has two and its own.
#[test]
fn warm_targets_save_what_prefixes_do_not() {
    let requirement = example("05-warm-targets");
    let plan = planned(&requirement);
    let best = recommended(&plan);
    assert_eq!(best.id, "warm-targets");
    let targets = (best.cni.warm_ip_target, best.cni.minimum_ip_target);
    assert_eq!(targets, (Some(Target::Value(2)), Some(Target::Value(12))));
    assert_eq!(best.figures.held_addresses, 3250);
    assert_eq!(best.figures.routable_addresses, 0);
    // In a VPC without subnets each gets as much as it needs.
    let mut open = requirement.clone();
    open.vpc.subnets.clear();
    let mut calls = Vec::new();
    for (allow, held) in
        [(vec![], 7500), (vec![Allowed::WarmTargets], 3250), (vec![Allowed::Prefixes], 8250)]
    {
        open.allow = Some(allow.clone());
        let id = allow.first().map_or("plain", |lever| lever.name());
        let of = planned(&open);
        let candidate = of.candidate(id).or_else(|| of.candidates.last()).unwrap();
        assert_eq!(candidate.id, id, "{:?}", of.rejected);
        assert_eq!(candidate.figures.held_addresses, held, "{id}");
        calls.push(candidate.figures.ec2_calls_peak_minute);
    }
    assert!(calls[1] < calls[0], "fewer EC2 calls: {calls:?}");
    let smaller = fewer(&requirement, 5);
    obeys(&smaller, &planned(&smaller));
}

/// Max pods of m5.large is 29, two of which are on the host network: 12 × 27 = 324, and 19 × 27 = 513.
#[test]
fn too_few_nodes_are_told_with_the_number_that_is_enough() {
    let requirement = example("06-too-few-nodes");
    let plan = planned(&requirement);
    let Impossible { reason, smallest_change } = impossible(&plan);
    assert!(reason.starts_with("12 m5.large carry at most 324 of 500 pods"), "{reason}");
    let change = smallest_change.as_ref().unwrap();
    assert_eq!((change.key.as_str(), change.value.as_u64()), ("groups[0].max_nodes", Some(19)));
    assert_eq!(change.text, "19 nodes for group general, or allow prefixes");
    obeys(&requirement, &plan);
}

/// A /26 has 64 addresses, and 50 pods of t3.medium hold more with their nodes' warm ENIs.
#[test]
fn small_vpcs_need_a_secondary_block() {
    for (name, block) in [("07-small-vpc", "10.0.0.0/26"), ("07-two-halves", "10.0.0.0/24")] {
        let requirement = example(name);
        let plan = planned(&requirement);
        assert_eq!(plan.existing.as_ref().unwrap().verdict, Verdict::Fails, "{name}");
        let best = recommended(&plan);
        assert_eq!(best.vpc_cidrs, [block.parse().unwrap()], "{name}");
        assert_eq!(best.change.blocks, 1, "{name}");
        let pods = new(best, Role::Pod);
        assert!(pods.len() == 2 && pods.iter().all(|subnet| shared(subnet)), "{name}");
        // Without it there is no layout.
        let mut alone = requirement.clone();
        let levers = Allowed::USUAL.into_iter().filter(|lever| *lever != Allowed::AddCidrBlock);
        // Prefixes alone carry the 50 pods in what is left of the /26.
        alone.allow = Some(levers.filter(|lever| *lever != Allowed::Prefixes).collect());
        let change = impossible(&planned(&alone)).smallest_change.clone().unwrap();
        assert!(change.text.contains("add-cidr-block"), "{name}: {}", change.text);
        obeys(&requirement, &plan);
    }
}

/// A node has 4 prefixes and one address beside them, which fragments a /28: 510 blocks are 102 nodes a subnet
/// and 307 in three, by hand; a few more fit where two such addresses share a block. With a reservation
/// 124 addresses are in a /25, beside AWS's four, and 4 × 124 prefixes in the rest: 372 nodes.
#[test]
fn a_prefix_reservation_gives_more_nodes() {
    let requirement = example("08-prefix-reservations");
    let with = |nodes: u32, allow: Vec<Allowed>| {
        let mut with = requirement.clone();
        with.groups[0].pods.peak = nodes * 50;
        with.allow = Some(allow);
        planned(&with)
    };
    let fits = |plan: &Plan| plan.existing.as_ref().map(|existing| existing.verdict);
    assert_eq!(fits(&with(307, vec![])), Some(Verdict::Fits));
    let plan = planned(&requirement);
    assert_eq!(fits(&plan), Some(Verdict::Fails));
    let best = recommended(&plan);
    assert_eq!((best.id.as_str(), best.figures.nodes_peak), ("reservations", 320));
    assert!(best.subnets.iter().all(|subnet| !subnet.new));
    for subnet in best.subnets.iter().filter(|subnet| subnet.role == Role::Pod) {
        let reserved = subnet.reservations.iter().map(|part| {
            assert_eq!((part.kind, part.new), (ReservationType::Prefix, true));
            part.cidr.size()
        });
        assert_eq!(reserved.sum::<u64>(), 8192 - 128, "{subnet:?}");
    }
    assert_eq!(best.figures.pods_more, (372 - 320) * 50);
    let smaller = fewer(&requirement, 20);
    obeys(&smaller, &planned(&smaller));
}

#[test]
fn public_space_is_refused_by_its_name() {
    let requirement = example("09-public-space");
    let plan = planned(&requirement);
    let Impossible { reason, smallest_change } = impossible(&plan);
    assert!(reason.contains("172.32.0.0/16 is public address space"), "{reason}");
    let change = smallest_change.as_ref().unwrap();
    assert_eq!(change.key, "vpc.cidrs");
    assert!(change.text.starts_with("use 10.0.0.0/16 instead of 172.32.0.0/16"), "{}", change.text);
    assert!(
        plan.assumed.iter().any(|text| text.starts_with("172.32.0.0/16 is public address space"))
    );
    holds_by_itself(&requirement, &plan);
}

/// Windows nodes have 14 pods of m5.xlarge's 15 addresses of the primary ENI, in the subnets of the nodes.
#[test]
fn windows_nodes_stay_in_their_own_subnets() {
    let requirement = example("10-windows");
    let plan = planned(&requirement);
    let best = recommended(&plan);
    let windows = best.node_groups.iter().find(|group| group.name == "windows").unwrap();
    assert_eq!((windows.pods_per_node, windows.nodes_peak), (14, 5));
    assert!(windows.pod_subnets.is_empty());
    obeys(&requirement, &plan);
}

/// 40 nodes of two zones in the third's stead, each with one address.
#[test]
fn ipv6_pods_take_nothing_of_the_subnets() {
    let requirement = example("10-ipv6");
    let plan = planned(&requirement);
    let best = recommended(&plan);
    let nodes = new(best, Role::NodeAndPod);
    assert_eq!((best.figures.nodes_peak, lengths(&nodes)), (80, vec![26; 3]));
    assert_eq!(nodes.iter().map(|subnet| subnet.peak_used).max(), Some(40));
    obeys(&requirement, &plan);
}

/// 20 nodes with ten branch ENIs each, which hold an address like any other.
#[test]
fn pods_with_security_groups_hold_branch_enis() {
    let requirement = example("10-pod-security-groups");
    let plan = planned(&requirement);
    let best = recommended(&plan);
    assert_eq!(best.cni.pod_eni, Some(true));
    let group = &best.node_groups[0];
    assert_eq!(group.branch_pods_per_node, 10);
    let branches = u64::from(group.nodes_peak) * 10;
    let pods = u64::from(group.nodes_peak) * u64::from(group.pods_per_node);
    assert!(best.figures.held_addresses >= branches + pods, "{:?}", best.figures);
    obeys(&requirement, &plan);
}

/// Ten stopped instances hold what their nodes would without pods.
#[test]
fn a_warm_pool_holds_its_addresses() {
    let requirement = example("10-warm-pool");
    let plan = planned(&requirement);
    let held = |plan: &Plan| recommended(plan).figures.held_addresses;
    assert_eq!(recommended(&plan).node_groups[0].warm_pool, 10);
    let mut without = requirement.clone();
    without.groups[0].warm_pool = 0;
    // At least the address of its primary ENI each.
    assert!(held(&plan) >= held(&planned(&without)) + 10);
    obeys(&requirement, &plan);
}

/// Ten groups and ten control planes, in what the VPC has.
#[test]
fn ten_clusters_share_a_vpc() {
    let requirement = example("11-ten-clusters");
    let plan = planned(&requirement);
    let best = recommended(&plan);
    assert_eq!(best.node_groups.len(), 10);
    assert!(best.vpc_cidrs_added.is_empty());
    assert!(new(best, Role::Pod).iter().all(|subnet| shared(subnet)));
    // Ten control planes of two to four ENIs, nine of them in the middle of an upgrade.
    assert_eq!(best.others.iter().map(|other| other.addresses).sum::<u32>(), 9 * 8);
}

#[test]
fn a_few_clusters_obey_the_laws() {
    let mut requirement = fewer(&example("11-ten-clusters"), 4);
    requirement.clusters = 3;
    obeys(&requirement, &planned(&requirement));
}
