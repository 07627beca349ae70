//! Random small requirements, as their files.

use eksnet::plan::{Requirement, parse_requirement};
use proptest::prelude::*;

pub(super) const ZONES: [&str; 3] = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];

/// VPCs: their lines before the subnets, and those of the subnets of the first, second and third zone.
const VPCS: &[(&str, [&str; 3])] = &[
    ("{}", [""; 3]),
    ("\n  cidrs: [10.0.0.0/20]", [""; 3]),
    (
        "\n  cidrs: [10.0.0.0/22]\n  used: [10.0.0.0/24, 10.0.1.64/26]\n  avoid: [100.64.0.0/12, 10.0.2.0/27]",
        [""; 3],
    ),
    (
        "\n  cidrs: [10.0.0.0/22]",
        ["cidr: 10.0.0.0/25, used: 40", "cidr: 10.0.0.128/25", "cidr: 10.0.1.0/25, used: 100"],
    ),
    (
        "\n  cidrs: [192.168.0.0/24, 100.64.0.0/22]",
        [
            "cidr: 192.168.0.0/26, role: node",
            "cidr: 192.168.0.64/26, role: node",
            "cidr: 192.168.0.128/26, role: node",
        ],
    ),
    (
        "\n  cidrs: [172.16.0.0/24]\n  avoid: [100.64.0.0/10]",
        [
            "cidr: 172.16.0.0/26, used: {count: 30, seed: 5}",
            "cidr: 172.16.0.64/26",
            "cidr: 172.16.0.128/26, used: [172.16.0.130, 172.16.0.144/28]",
        ],
    ),
    ("\n  cidrs: [10.0.0.0/24]\n  used: [10.0.0.0/25]", [""; 3]),
    (
        "\n  cidrs: [10.0.0.0/21]\n  used: [10.0.4.0/23]",
        [
            "cidr: 10.0.0.0/24",
            "cidr: 10.0.1.0/28, role: control-plane",
            "cidr: 10.0.2.0/23, role: pod",
        ],
    ),
    ("\n  cidrs: [172.32.0.0/20]", [""; 3]),
];
const TYPES: [&str; 5] =
    ["[t3.medium]", "[m5.large]", "[m5.xlarge]", "[m7g.large, m6g.large]", "[c6a.2xlarge]"];
const BESIDE: [&str; 7] = [
    "",
    ", pods_per_node: 5",
    ", pods_per_node: 9, scaler: karpenter",
    ", pods_per_node: 4, scaler: asg, warm_pool: 2",
    ", pods_per_node: 6, nodes_now: 4",
    ", max_nodes: 4",
    ", pods_per_node: 8, scaler: none",
];
const EVENTS: [&str; 5] = [
    "{}",
    "{rollout: {max_surge: 50%}}",
    "{upgrade: true}",
    "{rollout: {max_surge: 1, budget: 20%}, upgrade: true}",
    "{burst: 12}",
];
const LIMITS: [&str; 5] = [
    "{}",
    "{routable_addresses: 64}",
    "{cidr_blocks: 2}",
    "{pod_wait_s: 10, ec2_calls_per_minute: 60}",
    "{addresses: 400}",
];
const ALLOWED: [&str; 6] = [
    "",
    "allow: []\n",
    "allow: [warm-targets, prefixes]\n",
    "allow: [prefixes, reservations, other-types]\n",
    "allow: [subnet-discovery, add-cidr-block, ipv6]\n",
    "allow: [custom-networking, add-cidr-block, prefixes, reservations, unroutable-nodes]\n",
];
const CNIS: [&str; 4] = [
    "{}",
    "{prefix_delegation: true}",
    "{warm_ip_target: 2, minimum_ip_target: 6}",
    "{warm_eni_target: 0}",
];
const WINDOWS: &str =
    "\n- {name: w, pods: {peak: 12}, instance_types: [m5.large], os: windows, pods_per_node: 4}";

/// What a requirement is put together from.
#[derive(Debug, Clone)]
pub(super) struct Picked {
    pub(super) zones: usize,
    pub(super) vpc: usize,
    /// Pods at the peak, the type, and what stands beside.
    pub(super) groups: Vec<(u32, usize, usize)>,
    pub(super) windows: bool,
    pub(super) lost: usize,
    pub(super) events: usize,
    pub(super) growth: bool,
    pub(super) limits: usize,
    pub(super) allowed: usize,
    pub(super) cni: usize,
}

impl Picked {
    pub(super) fn text(&self) -> String {
        let zones = &ZONES[..self.zones];
        let (vpc, subnets) = VPCS[self.vpc];
        let there = zones.iter().zip(subnets).filter(|(_, subnet)| !subnet.is_empty());
        let there: Vec<String> = there
            .map(|(zone, subnet)| format!("\n  - {{name: has-{zone}, zone: {zone}, {subnet}}}"))
            .collect();
        let subnets = if there.is_empty() {
            String::new()
        } else {
            format!("\n  subnets:{}", there.concat())
        };
        let group = |(at, (pods, of, beside)): (usize, &(u32, usize, usize))| {
            let (usual, types, beside) = (pods / 2, TYPES[*of], BESIDE[*beside]);
            format!(
                "\n- {{name: g{at}, pods: {{usual: {usual}, peak: {pods}}}, instance_types: {types}{beside}}}"
            )
        };
        let groups: Vec<String> = self.groups.iter().enumerate().map(group).collect();
        let windows = if self.windows { WINDOWS } else { "" };
        let lost = self.lost.min(self.zones - 1);
        let events = EVENTS[self.events].trim_start_matches('{');
        let comma = if events == "}" { "" } else { ", " };
        let growth = if self.growth { "growth: {factor: 1.5, over: 18mo}\n" } else { "" };
        format!(
            "version: 1\nvpc: {vpc}{subnets}\nzones: [{}]\ngroups:{}{windows}\n\
             survive: {{zone_loss: {lost}{comma}{events}\n{growth}limits: {}\n{}cni: {}\n",
            zones.join(", "),
            groups.concat(),
            LIMITS[self.limits],
            ALLOWED[self.allowed],
            CNIS[self.cni]
        )
    }

    pub(super) fn requirement(&self) -> Requirement {
        let text = self.text();
        parse_requirement(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }
}

fn groups() -> impl Strategy<Value = Vec<(u32, usize, usize)>> {
    let one = (20u32..=300, 0..TYPES.len(), 0..BESIDE.len());
    prop_oneof![3 => prop::collection::vec(one.clone(), 1), 1 => prop::collection::vec(one, 2)]
}

pub(super) fn requirements() -> impl Strategy<Value = Picked> {
    let place = (1usize..=3, 0..VPCS.len(), groups(), prop::bool::weighted(0.15));
    let events = (0usize..=2, 0..EVENTS.len(), prop::bool::weighted(0.3));
    // Without limits, and with what is usually allowed, most often.
    let bounds = (
        prop_oneof![3 => Just(0usize), 1 => 0..LIMITS.len()],
        prop_oneof![1 => Just(0usize), 1 => 0..ALLOWED.len()],
        prop_oneof![2 => Just(0usize), 1 => 0..CNIS.len()],
    );
    (place, events, bounds).prop_map(|(place, events, bounds)| {
        let (zones, vpc, groups, windows) = place;
        let (lost, events, growth) = events;
        let (limits, allowed, cni) = bounds;
        Picked { zones, vpc, groups, windows, lost, events, growth, limits, allowed, cni }
    })
}
