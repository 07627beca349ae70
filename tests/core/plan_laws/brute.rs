//! Every layout of a small grid, judged by simulating it: none comes before the one that is planned.

use eksnet::{
    instance::BUILTIN,
    plan::{Plan, WarmBounds, WarmGroup, parse_requirement, plan, warm_targets},
    simulate::{Scenario, Target, Verdict, check, parse, run},
};

/// What layouts are ranked by once they hold with something to spare: routable addresses; then the change,
/// which is new blocks, new subnets and changed settings; then addresses. Other warm targets are one setting:
/// how many of them change is the matter of their own search.
type Rank = (u64, u32, u32, u32, u64);

fn rank_of(plan: &Plan) -> Option<(Rank, &str)> {
    let best = plan.recommended()?;
    let (figures, change) = (&best.figures, &best.change);
    assert_eq!((change.types, change.nodes, change.max_pods), (0, 0, 0));
    let cni = &best.cni;
    let warm =
        [cni.warm_eni_target, cni.warm_ip_target, cni.minimum_ip_target, cni.warm_prefix_target];
    let warm = u32::try_from(warm.into_iter().flatten().count()).unwrap();
    let settings = change.settings + 1 - warm.max(1);
    let rank =
        (figures.routable_addresses, change.blocks, change.subnets, settings, figures.addresses);
    Some((rank, &best.id))
}

/// Where pods have their addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pods {
    WithNodes,
    Discovered,
    /// And the primary ENI gives none.
    DiscoveredAlone,
    Named,
}

/// One point of the grid.
#[derive(Debug, Clone, Copy)]
struct Point {
    pods: Pods,
    prefixes: bool,
    /// Whether warm targets are those that their own search finds.
    warm: bool,
    node_len: u8,
    /// The size of the pods' subnet, and whether it is in a block that is added.
    pod_subnet: Option<(u8, bool)>,
}

impl Point {
    /// Pods that t3.medium carries: 3 ENIs with 5 secondary addresses each, max pods 110 with prefixes. Two
    /// of max pods are on the host network.
    fn carries(self) -> u32 {
        match (self.pods, self.prefixes) {
            (_, true) => 108,
            (Pods::WithNodes | Pods::Discovered, false) => 15,
            (Pods::DiscoveredAlone | Pods::Named, false) => 10,
        }
    }

    fn text(self, pods: u32, per_node: Option<u32>) -> Option<String> {
        let carries = self.carries();
        let per_node = per_node.unwrap_or(carries);
        if per_node > carries {
            return None;
        }
        let nodes = pods.div_ceil(per_node);
        let node_tags = if self.pods == Pods::DiscoveredAlone { "0" } else { "1" };
        let node = format!(
            "10.0.0.0/{}, tags: {{kubernetes.io/role/cni: \"{node_tags}\"}}",
            self.node_len
        );
        let mut vpc = "10.0.0.0/24".to_owned();
        let mut subnets = format!("- {{name: n, zone: z, cidr: {node}}}\n");
        if let Some((len, added)) = self.pod_subnet {
            let first = if added { "100.64.0.0" } else { "10.0.0.128" };
            vpc += if added { ", 100.64.0.0/20" } else { "" };
            subnets = format!(
                "{subnets}- {{name: p, zone: z, cidr: {first}/{len}, \
                 tags: {{kubernetes.io/role/cni: \"1\"}}}}\n"
            );
        }
        let custom = if self.pods == Pods::Named { ", custom_networking: {z: p}" } else { "" };
        let prefixes = self.prefixes;
        Some(format!(
            "version: 1\nvpc: {{cidrs: [{vpc}]}}\nsubnets:\n{subnets}\
             cni: {{prefix_delegation: {prefixes}{custom}}}\n\
             node_groups: [{{name: g, instance_type: t3.medium, scaler: asg, subnets: [n], nodes: {nodes}, max: {nodes}, \
             max_pods: {}, pods_per_node: {per_node}}}]\n\
             steps: [{{pods: {{group: g, per_node: {per_node}}}}}]\n",
            carries + 2
        ))
    }

    fn rank(self) -> Rank {
        let size = |len: u8| 1_u64 << (32 - len);
        let mut rank: Rank = (size(self.node_len), 0, 1, u32::from(self.warm), size(self.node_len));
        rank.3 += u32::from(self.prefixes) + u32::from(self.pods == Pods::Named);
        if let Some((len, added)) = self.pod_subnet {
            rank.0 += if added { 0 } else { size(len) };
            rank.1 += u32::from(added);
            rank.2 += 1;
            rank.4 += size(len);
        }
        rank
    }
}

fn grid(add_block: bool) -> Vec<Point> {
    let mut all = Vec::new();
    let sides = [Pods::WithNodes, Pods::Discovered, Pods::DiscoveredAlone, Pods::Named];
    for (pods, prefixes) in sides.iter().flat_map(|pods| [(*pods, false), (*pods, true)]) {
        for (warm, node_len) in
            [false, true].into_iter().flat_map(|warm| (24..=28).map(move |len| (warm, len)))
        {
            let mut point =
                |pod_subnet| all.push(Point { pods, prefixes, warm, node_len, pod_subnet });
            if pods == Pods::WithNodes {
                point(None);
                continue;
            }
            // Both have to be in the VPC's /24.
            (25..=28).filter(|_| node_len > 24).for_each(|len| point(Some((len, false))));
            (23..=28).filter(|_| add_block).for_each(|len| point(Some((len, true))));
        }
    }
    all
}

/// The scenario with the warm targets that their own search finds; `None` where it finds no others.
fn with_warm_targets(mut scenario: Scenario, pods: u32) -> Option<Scenario> {
    let layout = check(&scenario, &BUILTIN, false).ok()?;
    let nodes = u32::try_from(scenario.node_groups[0].nodes?).ok()?;
    let pools = layout.pools().into_iter().flatten();
    let group = |settings| WarmGroup { settings, nodes, usual_pods: pods, most_pods: pods };
    let found = warm_targets(&pools.map(group).collect::<Vec<_>>(), &WarmBounds::default());
    let (before, best) = (found.in_force.targets, found.best?.targets);
    let set = |is: Target, was: Target| (is != was).then_some(is);
    let cni = &mut scenario.cni;
    cni.warm_eni_target = set(best.warm_eni_target, before.warm_eni_target);
    cni.warm_ip_target = set(best.warm_ip_target, before.warm_ip_target);
    cni.minimum_ip_target = set(best.minimum_ip_target, before.minimum_ip_target);
    cni.warm_prefix_target = set(best.warm_prefix_target, before.warm_prefix_target);
    (best != before).then_some(scenario)
}

/// The best of the grid that holds with every seed and is not tight.
fn best_of_grid(pods: u32, per_node: Option<u32>, add_block: bool) -> Option<(Rank, String)> {
    let mut points = grid(add_block);
    points.sort_by_key(|point| point.rank());
    points.into_iter().find_map(|point| {
        let text = point.text(pods, per_node)?;
        let scenario = parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let carried = per_node.unwrap_or(point.carries());
        let scenario = if point.warm { with_warm_targets(scenario, carried)? } else { scenario };
        let layout = check(&scenario, &BUILTIN, false).ok()?;
        let holds = (1..=20).all(|seed| {
            let run = run(&layout, seed);
            run.verdict == Verdict::Fits && run.tight.is_empty()
        });
        holds.then(|| (point.rank(), format!("{text}{:?}", scenario.cni)))
    })
}

#[test]
fn no_layout_of_a_small_grid_comes_before_the_planned_one() {
    let levers = "warm-targets, prefixes, subnet-discovery, custom-networking";
    for pods in [20, 30, 47] {
        for per_node in [None, Some(4), Some(10)] {
            for add_block in [false, true] {
                let added = if add_block { ", add-cidr-block" } else { "" };
                let per = per_node.map_or(String::new(), |per| format!(", pods_per_node: {per}"));
                let text = format!(
                    "version: 1\nvpc: {{cidrs: [10.0.0.0/24]}}\nzones: [z]\n\
                     cluster: {{control_plane: false}}\n\
                     groups: [{{name: g, pods: {{peak: {pods}}}, instance_types: [t3.medium], \
                     scaler: asg{per}}}]\n\
                     allow: [{levers}{added}]\n"
                );
                let requirement = parse_requirement(&text).unwrap();
                let plan = plan(&requirement, &BUILTIN).unwrap();
                let planned = rank_of(&plan);
                let found = best_of_grid(pods, per_node, add_block);
                let Some((best, by)) = found else { continue };
                let Some((rank, id)) = planned else {
                    panic!("{text}nothing is planned, and this holds:\n{by}");
                };
                assert!(rank <= best, "{text}{id} has {rank:?}, and this {best:?}:\n{by}");
            }
        }
    }
}
