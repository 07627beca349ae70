//! Candidates made by hand: one of each kind that a plan can have, and one with hostile names.

use std::collections::BTreeMap;

use eksnet::{
    density::Os,
    network::Cidr,
    plan::{
        AddedBlock, Allowed, Candidate, Change, Figures, GroupOs, LimitedBy, Plan,
        PlannedControlPlane, PlannedGroup, PlannedOther, PlannedReservation, PlannedSubnet, Role,
        SearchSummary, WorkKind, WorkStep, parse_requirement,
    },
    render::plan::PlanAnswer,
    simulate::{
        Cni, ControlPlane, NodeGroup, Other, PodsPerNode, Reservation, ReservationType, Scaler,
        Scenario, Step, Subnet, Target, Verdict, Vpc, WindowsCni,
    },
};

const ZONES: [&str; 3] = ["a", "b", "c"];

pub(super) fn cidr(text: &str) -> Cidr {
    text.parse().unwrap()
}

fn zone(letter: &str) -> String {
    format!("eu-west-1{letter}")
}

/// A subnet of a zone, named `NAME-LETTER`.
fn subnet(name: &str, letter: &str, block: &str, role: Role) -> PlannedSubnet {
    PlannedSubnet {
        name: format!("{name}-{letter}"),
        zone: zone(letter),
        cidr: cidr(block),
        role,
        new: true,
        routable: !block.starts_with("100."),
        tags: BTreeMap::new(),
        reservations: Vec::new(),
        peak_used: 10,
        usable: 100,
        min_assignable_prefixes: 0,
    }
}

/// The blocks of three zones, one subnet each.
fn three(name: &str, blocks: [&str; 3], role: Role) -> Vec<PlannedSubnet> {
    ZONES.iter().zip(blocks).map(|(letter, block)| subnet(name, letter, block, role)).collect()
}

pub(super) fn group(name: &str, instance_type: &str, max_pods: u32) -> PlannedGroup {
    PlannedGroup {
        name: name.into(),
        of: name.into(),
        instance_type: instance_type.into(),
        instance_types: vec![instance_type.into()],
        scaler: Scaler::ManagedNodeGroup,
        os: GroupOs::Linux,
        nodes_usual: 6,
        nodes_peak: 9,
        nodes_grown: 12,
        max_pods,
        pods_per_node: 10,
        limited_by: LimitedBy::PodsPerNode,
        host_network_pods: 2,
        branch_pods_per_node: 0,
        warm_pool: 0,
        subnets: ZONES.map(|letter| format!("nodes-{letter}")).to_vec(),
        pod_subnets: BTreeMap::new(),
        replaced: false,
    }
}

pub(super) fn step(kind: WorkKind, what: &str) -> WorkStep {
    WorkStep {
        kind,
        what: what.into(),
        new_nodes: kind == WorkKind::ReplaceNodes,
        max_pods_change: false,
        risk: "none".into(),
        check: "see below".into(),
        back: "see below".into(),
    }
}

/// A candidate with nodes in three subnets of 10.0.0.0/16, and nothing else.
fn plain() -> Candidate {
    let blocks = ["10.0.32.0/22", "10.0.36.0/22", "10.0.40.0/22"];
    let control = ["10.0.48.0/28", "10.0.48.16/28", "10.0.48.32/28"];
    let mut subnets = three("nodes", blocks, Role::NodeAndPod);
    subnets.extend(three("control", control, Role::ControlPlane));
    Candidate {
        id: "plain".into(),
        summary: "New subnets in the VPC's own block.".into(),
        levers: Vec::new(),
        vpc_cidrs: vec![cidr("10.0.0.0/16")],
        vpc_cidrs_added: Vec::new(),
        subnets,
        cni: Cni::default(),
        node_groups: vec![group("general", "m6i.2xlarge", 58)],
        control_plane: Some(PlannedControlPlane {
            subnets: ZONES.map(|letter| format!("control-{letter}")).to_vec(),
            interfaces: 2,
        }),
        others: vec![PlannedOther {
            subnet: "nodes-a".into(),
            addresses: 8,
            what: "load balancers".into(),
        }],
        figures: Figures {
            routable_addresses: 3120,
            addresses: 3120,
            held_addresses: 500,
            nodes_peak: 9,
            cidr_blocks: 1,
            ec2_calls_peak_minute: 20,
            longest_pod_wait_s: Some(5),
            tightest_subnet: Some("nodes-a".into()),
            tightest_use: 40.0,
            assignable_prefixes_min: None,
            pods_more: 100,
            months: None,
        },
        verdict: Verdict::Fits,
        tight: Vec::new(),
        beyond_limits: Vec::new(),
        change: Change::default(),
        work: vec![
            step(WorkKind::Subnets, "Create 6 subnets"),
            step(WorkKind::ControlPlane, "Move the control plane"),
            step(WorkKind::NodeGroups, "Create the node group"),
            step(WorkKind::ReplaceNodes, "Replace the nodes"),
        ],
        notes: Vec::new(),
        why_not_first: None,
        scenario: Scenario::default(),
    }
}

fn custom_networking(candidate: &mut Candidate) {
    let added = AddedBlock { cidr: cidr("100.64.0.0/16"), primary: false, routable: false };
    candidate.vpc_cidrs_added.push(added);
    let blocks = ["100.64.0.0/19", "100.64.32.0/19", "100.64.64.0/19"];
    candidate.subnets.extend(three("pods", blocks, Role::Pod));
    let zones: BTreeMap<String, String> =
        ZONES.iter().map(|letter| (zone(letter), format!("pods-{letter}"))).collect();
    candidate.cni.custom_networking = Some(zones.clone());
    candidate.cni.warm_ip_target = Some(Target::Value(2));
    candidate.cni.minimum_ip_target = Some(Target::Value(12));
    for group in &mut candidate.node_groups {
        group.pod_subnets = zones.clone();
        group.max_pods = 44;
    }
    candidate.id = "warm-targets+custom-networking+add-cidr-block".into();
    candidate.levers = vec![Allowed::WarmTargets, Allowed::CustomNetworking, Allowed::AddCidrBlock];
    candidate.work.insert(0, step(WorkKind::CidrBlocks, "Add 100.64.0.0/16"));
    candidate.work.insert(2, step(WorkKind::EniConfigs, "Create the ENIConfigs"));
    candidate.work.insert(3, step(WorkKind::CniSettings, "Switch custom networking on"));
}

fn prefixes(candidate: &mut Candidate) {
    candidate.cni.prefix_delegation = Some(true);
    candidate.cni.warm_prefix_target = Some(Target::Value(1));
    for subnet in candidate.subnets.iter_mut().filter(|subnet| subnet.role == Role::NodeAndPod) {
        let half = subnet.cidr.parts(23).last().unwrap();
        let kind = ReservationType::Prefix;
        subnet.reservations = vec![PlannedReservation { cidr: half, kind, new: true }];
    }
    for group in &mut candidate.node_groups {
        group.max_pods = 110;
    }
    candidate.id = "prefixes+reservations".into();
    candidate.levers = vec![Allowed::Prefixes, Allowed::Reservations];
    candidate.work.insert(1, step(WorkKind::Reservations, "Reserve blocks for prefixes"));
    candidate.work.insert(2, step(WorkKind::CniSettings, "Switch prefix delegation on"));
}

/// Existing subnets of nodes, new ones for pods that are found by tags.
fn discovery(candidate: &mut Candidate) {
    candidate.subnets.extend(three(
        "pods",
        ["10.0.64.0/20", "10.0.80.0/20", "10.0.96.0/20"],
        Role::Pod,
    ));
    for subnet in &mut candidate.subnets {
        if subnet.role == Role::Pod {
            subnet.tags.insert("kubernetes.io/role/cni".into(), "1".into());
        } else if subnet.role == Role::NodeAndPod {
            subnet.new = false;
            subnet.tags.insert("kubernetes.io/role/cni".into(), "0".into());
            subnet.tags.insert("team".into(), "a".into());
        }
    }
    candidate.subnets[0].name = "subnet-0123456789abcdef0".into();
    candidate.node_groups[0].subnets[0] = "subnet-0123456789abcdef0".into();
    candidate.others[0].subnet = "subnet-0123456789abcdef0".into();
    candidate.id = "subnet-discovery".into();
    candidate.levers = vec![Allowed::SubnetDiscovery];
    candidate.work.insert(1, step(WorkKind::SubnetTags, "Tag the nodes' subnets"));
}

fn windows(candidate: &mut Candidate) {
    let mut group = group("win", "m5.xlarge", 14);
    group.os = GroupOs::Windows;
    group.host_network_pods = 0;
    candidate.node_groups.push(group);
    candidate.cni.windows = Some(WindowsCni {
        prefix_delegation: Some(true),
        warm_prefix_target: Some(Target::Value(1)),
        ..WindowsCni::default()
    });
    candidate.work.push(step(WorkKind::WindowsSettings, "Switch Windows support on"));
}

fn new_vpc(candidate: &mut Candidate) {
    candidate.vpc_cidrs.clear();
    let primary = AddedBlock { cidr: cidr("10.0.0.0/16"), primary: true, routable: true };
    candidate.vpc_cidrs_added.insert(0, primary);
    candidate.work.insert(0, step(WorkKind::Vpc, "Create the VPC"));
}

fn ipv6(candidate: &mut Candidate) {
    new_vpc(candidate);
    candidate.id = "ipv6".into();
    candidate.levers = vec![Allowed::Ipv6];
    candidate.cni.ipv6 = Some(true);
    candidate.node_groups[0].max_pods = 110;
}

fn pod_eni(candidate: &mut Candidate) {
    candidate.cni.pod_eni = Some(true);
    candidate.node_groups[0].branch_pods_per_node = 5;
    candidate.node_groups[0].max_pods = 44;
    candidate.work.push(step(WorkKind::CniSettings, "Switch security groups for pods on"));
}

fn scalers(candidate: &mut Candidate) {
    candidate.node_groups[0].scaler = Scaler::Karpenter;
    candidate.node_groups[0].instance_types = vec!["m6i.2xlarge".into(), "m6i.4xlarge".into()];
    let mut pool = group("batch", "c7g.4xlarge", 234);
    pool.scaler = Scaler::Asg;
    pool.warm_pool = 3;
    candidate.node_groups.push(pool);
    let mut mixed = group("mixed", "m5.large", 20);
    mixed.scaler = Scaler::Asg;
    mixed.instance_types.push("m5a.large".into());
    candidate.node_groups.push(mixed);
}

/// Three equal clusters that share the subnets.
fn clusters(candidate: &mut Candidate) {
    custom_networking(candidate);
    let one = candidate.node_groups[0].clone();
    let groups =
        (1..=3).map(|number| PlannedGroup { name: format!("general-{number}"), ..one.clone() });
    candidate.node_groups = groups.collect();
}

/// Names that are text to no format.
pub(super) const HOSTILE: &str = "a\"b'${x}%{if}\n<c>`|\\ $(touch x); {{d}}";

fn hostile(candidate: &mut Candidate) {
    let name = |letter: &str| format!("{HOSTILE}{letter}");
    for (subnet, letter) in candidate.subnets.iter_mut().zip(ZONES) {
        subnet.name = name(letter);
        subnet.tags.insert("a \"b\" ${c}".into(), HOSTILE.into());
    }
    candidate.subnets[1].new = false;
    candidate.subnets[1].tags = BTreeMap::from([("a \"b\" ${c}".into(), HOSTILE.into())]);
    candidate.node_groups[0].subnets = ZONES.map(name).to_vec();
    candidate.node_groups[0].name = HOSTILE.into();
    candidate.node_groups[0].max_pods = 50;
    candidate.others[0].subnet = name("a");
    candidate.cni.cluster_name = Some(HOSTILE.into());
    candidate.summary = HOSTILE.into();
    for step in &mut candidate.work {
        step.what = HOSTILE.into();
    }
    candidate.work.push(step(WorkKind::SubnetTags, "Tag"));
    candidate.work.push(step(WorkKind::CniSettings, "Set"));
}

/// What is simulated of a candidate.
fn scenario(candidate: &Candidate) -> Scenario {
    let added = candidate.vpc_cidrs_added.iter().map(|block| block.cidr);
    let subnets = candidate.subnets.iter().map(|subnet| Subnet {
        name: subnet.name.clone(),
        zone: subnet.zone.clone(),
        cidr: subnet.cidr,
        used: eksnet::simulate::Used::default(),
        tags: subnet.tags.clone(),
        reservations: subnet
            .reservations
            .iter()
            .map(|reservation| Reservation { cidr: reservation.cidr, kind: reservation.kind })
            .collect(),
    });
    let groups = candidate.node_groups.iter().map(|group| NodeGroup {
        name: group.name.clone(),
        instance_type: Some(group.instance_type.clone()),
        subnets: group.subnets.clone(),
        nodes: Some(group.nodes_usual.into()),
        max_pods: eksnet::simulate::MaxPods::Pods(group.max_pods),
        pods_per_node: Some(PodsPerNode::Pods(group.pods_per_node)),
        scaler: Some(group.scaler),
        os: match group.os {
            GroupOs::Linux => Os::Linux,
            GroupOs::Windows => Os::Windows,
        },
        ..NodeGroup::default()
    });
    let others = candidate.others.iter().map(|other| Other {
        subnet: other.subnet.clone(),
        addresses: other.addresses,
        what: other.what.clone(),
    });
    Scenario {
        vpc: Some(Vpc { cidrs: candidate.vpc_cidrs.iter().copied().chain(added).collect() }),
        subnets: subnets.collect(),
        cni: candidate.cni.clone(),
        node_groups: groups.collect(),
        control_plane: candidate.control_plane.as_ref().map(|planned| ControlPlane {
            subnets: planned.subnets.clone(),
            interfaces: planned.interfaces,
        }),
        others: others.collect(),
        steps: vec![Step::LoseZone(zone("a"))],
        ..Scenario::default()
    }
}

const REQUIREMENT: &str = "
version: 1
vpc:
  cidrs: [10.0.0.0/16]
  subnets:
    - {name: subnet-0123456789abcdef0, zone: eu-west-1a, cidr: 10.0.32.0/22, tags: {team: a}}
    - {name: nodes-b, zone: eu-west-1b, cidr: 10.0.36.0/22}
zones: [eu-west-1a, eu-west-1b, eu-west-1c]
cluster: {service_cidr: 172.20.0.0/16}
survive: {rollout: {max_unavailable: 33%, budget: 2}}
groups: [{name: general, pods: {peak: 60}, instance_types: [m6i.2xlarge]}]
cni: {warm_eni_target: 0, max_eni: 3}
";

/// A plan with one candidate, made from the plain one.
fn plan(change: impl FnOnce(&mut Candidate)) -> PlanAnswer {
    let mut candidate = plain();
    change(&mut candidate);
    candidate.scenario = scenario(&candidate);
    let plan = Plan {
        requirement: parse_requirement(REQUIREMENT).unwrap(),
        existing: None,
        recommended: Some(candidate.id.clone()),
        candidates: vec![candidate],
        impossible: None,
        rejected: Vec::new(),
        assumed: Vec::new(),
        needed: Vec::new(),
        search: SearchSummary::default(),
    };
    PlanAnswer { plan, chosen: None, withheld: Vec::new() }
}

/// Every kind, with a name.
pub(super) fn plans() -> Vec<(&'static str, PlanAnswer)> {
    let mut three = plan(clusters);
    three.plan.requirement.clusters = 3;
    vec![
        ("plain", plan(|_| ())),
        ("custom-networking", plan(custom_networking)),
        ("prefixes", plan(prefixes)),
        ("discovery", plan(discovery)),
        ("windows", plan(windows)),
        ("ipv6", plan(ipv6)),
        ("pod-eni", plan(pod_eni)),
        ("scalers", plan(scalers)),
        ("clusters", three),
        (
            "new-vpc",
            plan(|candidate| {
                custom_networking(candidate);
                new_vpc(candidate);
            }),
        ),
        ("hostile", plan(hostile)),
    ]
}
