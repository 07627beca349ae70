//! Karpenter in a simulation: which subnet a node goes to, disruption budgets and limits.

use eksnet::{
    instance::BUILTIN,
    simulate::{CheckError, Layout, LayoutFailure, Reason, Shortage, Timeline, check, parse, run},
};

fn checked(text: &str) -> Result<Layout<'static>, CheckError> {
    let scenario = parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    check(&scenario, &BUILTIN, false)
}

fn simulated(text: &str) -> Timeline {
    run(&checked(text).unwrap_or_else(|error| panic!("{error}\n{text}")), 1)
}

/// 40 nodes of m5.large over a /26 and a /20 of one zone.
fn two_subnets(group: &str) -> String {
    format!(
        "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets:\n\
         - {{name: small, zone: a, cidr: 10.0.1.0/26}}\n\
         - {{name: large, zone: a, cidr: 10.0.16.0/20}}\nnode_groups:\n\
         - {{name: g, instance_type: m5.large, subnets: [small, large], nodes: 40, {group}}}\n"
    )
}

/// A settled m5.large with 9 pods has two ENIs of 10 addresses: 20. 40 of them are 800, and the /20 has
/// 4,091, which is more than the /26's 59 until the last of them is there: not one goes to the /26. An Auto
/// Scaling group takes the two subnets in turn: the /26 would have to hold 20 nodes, and 400 addresses.
#[test]
fn forty_nodes_over_a_26_and_a_20_of_one_zone_fit() {
    for start in ["start: grown", "start: at_once"] {
        let played = simulated(&(two_subnets("scaler: karpenter, pods_per_node: 9") + start));
        assert!(played.failures.is_empty(), "{start}: {:?}", played.failures);
        let used: Vec<u32> = played.steps[0].subnets.iter().map(|subnet| subnet.used).collect();
        assert_eq!(used, [0, 800], "{start}");
    }
    let played = simulated(&two_subnets("scaler: none, pods_per_node: 9"));
    assert!(!played.failures.is_empty());
}

/// The /24 has 251 free, and EC2 counts 123 available: a /25 is reserved for prefixes. The /25 has 123 as well
/// and less when a node of 10 is there; so they take turns, and a subnet that is reserved as a whole is
/// last.
#[test]
fn what_is_reserved_for_prefixes_ranks_last() {
    let text = |reserved: &str| {
        format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets:\n\
             - {{name: reserved, zone: a, cidr: 10.0.0.0/24, \
             reservations: [{{cidr: {reserved}, type: prefix}}]}}\n\
             - {{name: plain, zone: a, cidr: 10.0.1.0/25}}\nnode_groups:\n\
             - {{name: g, instance_type: m5.large, subnets: [reserved, plain], nodes: 4, \
             scaler: karpenter}}\n"
        )
    };
    let used = |reserved: &str| {
        let played = simulated(&text(reserved));
        assert!(played.failures.is_empty(), "{:?}", played.failures);
        played.steps[0].subnets.iter().map(|subnet| subnet.used).collect::<Vec<_>>()
    };
    assert_eq!(used("10.0.0.128/25"), [20, 20]);
    assert_eq!(used("10.0.0.0/24"), [0, 40]);
}

#[test]
fn zones_are_said_to_be_assumed_alike() {
    let notes = |rest: &str| {
        let text = format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets:\n\
             - {{name: a, zone: y, cidr: 10.0.0.0/24}}\n- {{name: b, zone: z, cidr: 10.0.1.0/24}}\n\
             node_groups:\n- {{name: g, instance_type: m5.large, subnets: [a, b], nodes: 4, {rest}}}\n"
        );
        checked(&text).unwrap().notes()
    };
    assert_eq!(
        notes("scaler: karpenter"),
        ["g: Karpenter does not balance zones, price and capacity choose them; the nodes are \
             assumed to be spread evenly over 2 zones, as a topology spread of their pods does; set \
             zone_share to simulate another split"]
    );
    assert!(notes("scaler: karpenter, zone_share: {y: 0.8}").is_empty());
    assert!(notes("scaler: asg").is_empty());
}

/// 20 nodes of m5.large in a /22, rolled out.
fn rolled(group: &str, step: &str) -> Timeline {
    let text = format!(
        "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets:\n\
         - {{name: n, zone: a, cidr: 10.0.0.0/22}}\n\
         cni: {{warm_eni_target: 0, warm_ip_target: 1}}\nnode_groups:\n\
         - {{name: g, instance_type: m5.large, subnets: [n], nodes: 20, scaler: karpenter{group}}}\n\
         steps:\n- rollout: {{group: g{step}}}\n"
    );
    simulated(&text)
}

/// The peak and the time tell how many came at once.
#[test]
fn a_roll_out_goes_by_the_least_budget() {
    let most = |group: &str, step: &str| {
        let played = rolled(group, step);
        assert!(played.failures.is_empty(), "{group}{step}: {:?}", played.failures);
        let seconds = played.steps[1].seconds;
        (played.subnets[0].peak_used, seconds)
    };
    let one = most("", ", budget: 1");
    let two = most("", ", budget: 2");
    let four = most("", ", budget: 4");
    assert!(one < two && two.0 < four.0 && two.1 > four.1, "{one:?} {two:?} {four:?}");
    // Karpenter's own budget is a tenth, rounded up: 2 of 20.
    assert_eq!(most("", ""), two);
    assert_eq!(most(", disruption_budgets: [20%]", ""), four);
    assert_eq!(most(", disruption_budgets: [20%, 2, 100%]", ""), two);
    assert_eq!(most(", disruption_budgets: [1]", ", budget: 20%"), four);
    assert_eq!(most(", disruption_budgets: [1]", ", like: karpenter"), one);
}

#[test]
fn a_budget_of_0_blocks_and_says_so() {
    for (group, step) in [(", disruption_budgets: [10%, 0]", ""), ("", ", budget: 0%")] {
        let played = rolled(group, step);
        let [failure] = played.failures.as_slice() else { panic!("{:?}", played.failures) };
        let expected = LayoutFailure {
            step: 1,
            subnet: None,
            group: Some("g".into()),
            what: Shortage::Replacements,
            wanted: 20,
            placed: 0,
            reason: Reason::DisruptionBudget,
        };
        assert_eq!(*failure, expected, "{group}{step}");
    }
}

/// An m5.large has 2 vCPUs and, as Karpenter counts, 8192 - 615 = 7577 MiB: 5 are 10 vCPUs and 37,885 MiB.
#[test]
fn nodes_beyond_a_limit_are_not_started_and_the_limit_is_named() {
    let text = |limits: &str| two_subnets(&format!("scaler: karpenter, limits: {{{limits}}}"));
    for limits in [
        "nodes: 5",
        "cpu: 10",
        "cpu: '11.9'",
        "memory: 37885Mi",
        "memory: 38Gi, cpu: 1k",
        "cpu: 10000m",
    ] {
        let played = simulated(&text(limits));
        let [failure] = played.failures.as_slice() else { panic!("{:?}", played.failures) };
        assert_eq!(
            (failure.what, failure.wanted, failure.placed),
            (Shortage::Nodes, 40, 5),
            "{limits}"
        );
        assert_eq!((failure.reason, &failure.subnet), (Reason::NodePoolLimit, &None), "{limits}");
        let used: u32 = played.steps[0].subnets.iter().map(|subnet| subnet.used).sum();
        assert_eq!(used, 50, "{limits}");
    }
    let played = simulated(&text("memory: 37884Mi"));
    assert_eq!(played.failures[0].placed, 4);
    assert!(simulated(&text("nodes: 40, cpu: 80")).failures.is_empty());
}

/// A roll-out starts no node that the limits kept from starting: nothing runs whose place it could take.
#[test]
fn a_roll_out_starts_no_further_node_beyond_a_limit() {
    for (limits, most) in [("nodes: 0", 0), ("nodes: 5", 5), ("cpu: 11", 5), ("cpu: 79", 39)] {
        let group = format!("scaler: karpenter, disruption_budgets: ['10%'], limits: {{{limits}}}");
        let steps = "steps:\n- rollout: {group: g}\n- rollout: {group: g, budget: 2}\n";
        let played = simulated(&(two_subnets(&group) + steps));
        let nodes: Vec<u64> = played.steps.iter().map(|step| step.groups[0].nodes_placed).collect();
        assert_eq!(nodes, [most; 3], "{limits}");
        assert!(played.failures.iter().all(|it| it.reason == Reason::NodePoolLimit), "{limits}");
    }
}

/// Karpenter leaves out only the types that would pass a limit: 2 + 16 + 2 and another 16 vCPUs are beyond 30,
/// and 2 + 16 + 2 + 2 = 22 are not. With 9 no m5.4xlarge starts at all, and four m5.large do.
#[test]
fn a_limit_leaves_smaller_types() {
    let text = |limits: &str, more: &str| {
        let types = "instance_types: [{type: m5.large}, {type: m5.4xlarge}]";
        let group = format!("scaler: karpenter, nodes: 4, limits: {{{limits}}}");
        let text = two_subnets(&group).replace("instance_type: m5.large", types);
        text.replace("nodes: 40, ", "") + more
    };
    let fits = |limits: &str, more: &str| simulated(&text(limits, more)).failures;
    for limits in ["cpu: 30", "cpu: 22", "cpu: 9", "memory: 40Gi"] {
        assert_eq!(fits(limits, ""), [], "{limits}");
    }
    let failures = fits("cpu: 7", "");
    assert_eq!((failures[0].placed, failures[0].reason), (3, Reason::NodePoolLimit));
    let scaled = "steps:\n- scale: {group: g, nodes: 8}\n- scale: {group: g, nodes: 9}\n";
    let failures = fits("cpu: 44", scaled);
    assert_eq!((failures.len(), failures[0].step, failures[0].placed), (1, 2, 8), "2 x 18 + 4 x 2");
}

/// A NodePool's own forms, and what it refuses.
#[test]
fn budgets_are_written_as_in_a_node_pool() {
    let budgets = |text: &str| checked(&two_subnets(&format!("scaler: karpenter, {text}")));
    assert!(budgets("disruption_budgets: ['0', '5', '100%']").is_ok());
    let error = budgets("disruption_budgets: ['101%']").unwrap_err();
    assert!(error.to_string().ends_with("a budget is at most 100%, not 101%"), "{error}");
    let played = rolled(", disruption_budgets: ['0']", "");
    assert_eq!(played.failures[0].reason, Reason::DisruptionBudget);
}

#[test]
fn nodes_come_when_others_go_and_leave_room_below_the_limit() {
    let steps = "steps:\n- scale: {group: g, nodes: 3}\n- scale: {group: g, nodes: 5}\n";
    let played = simulated(&(two_subnets("scaler: karpenter, limits: {nodes: 5}") + steps));
    let failures: Vec<u32> = played.failures.iter().map(|failure| failure.step).collect();
    assert_eq!(failures, [0]);
    assert_eq!(played.steps[2].groups[0].nodes_placed, 5);
}

/// At the limit one replacement is started beyond it, and the next when its old node is gone; over the limit
/// none is.
#[test]
fn a_pool_at_its_limit_is_replaced_node_by_node() {
    let at_limit = rolled(", limits: {nodes: 20}", ", budget: 50%");
    assert!(at_limit.failures.is_empty(), "{:?}", at_limit.failures);
    let by_one = rolled("", ", budget: 1");
    assert_eq!(at_limit.steps[1].seconds, by_one.steps[1].seconds);
    assert_eq!(at_limit.subnets, by_one.subnets);
    let below = rolled(", limits: {nodes: 23}", ", budget: 50%");
    assert_eq!(below.subnets, rolled("", ", budget: 4").subnets);
}

/// The /26 has room for 4 nodes' pods or so, and Karpenter leaves it out for three minutes once it refused: what
/// it refused is still the reason, and no zone is lost.
#[test]
fn a_replacement_without_a_place_is_refused_by_the_subnet_and_not_by_lost_zones() {
    let failures = |steps: &str| {
        let text = format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets:\n\
             - {{name: a, zone: z, cidr: 10.0.1.0/26}}\nnode_groups:\n\
             - {{name: g, instance_type: m5.large, subnets: [a], nodes: 10, pods_per_node: 9, \
             scaler: karpenter}}\nsteps:\n{steps}"
        );
        let played = simulated(&text);
        let seen = played.failures.iter();
        seen.map(|failure| (failure.step, failure.subnet.clone(), failure.reason)).collect()
    };
    let full = |step| (step, Some("a".to_owned()), Reason::InsufficientFreeAddresses);
    let rolled: Vec<_> = failures("- rollout: {group: g}\n");
    assert_eq!(rolled, [full(0), full(1)]);
    let lost: Vec<_> = failures("- lose_zone: z\n");
    assert!(lost.contains(&(1, None, Reason::NoSubnet)), "{lost:?}");
}

#[test]
fn what_is_karpenters_alone_is_refused_elsewhere() {
    let error = |group: &str, step: &str| {
        let steps = if step.is_empty() { String::new() } else { format!("steps:\n- {step}\n") };
        checked(&(two_subnets(group) + &steps)).unwrap_err().to_string()
    };
    let rollout = |rest: &str| format!("rollout: {{group: g, {rest}}}");
    assert_eq!(
        error("limits: {nodes: 5}", ""),
        "node_groups.g.limits: only a Karpenter NodePool has them: set scaler: karpenter"
    );
    assert_eq!(
        error("scaler: asg, disruption_budgets: [1]", ""),
        "node_groups.g.disruption_budgets: only a Karpenter NodePool has them: set scaler: karpenter"
    );
    assert_eq!(
        error("scaler: asg", &rollout("budget: 1")),
        "steps[0].rollout.budget: budget is Karpenter's: set scaler: karpenter in the group, or like: \
         karpenter"
    );
    assert_eq!(
        error("scaler: karpenter", &rollout("budget: 1, max_surge: 1")),
        "steps[0].rollout: budget takes the place of max_surge and max_unavailable"
    );
    for own in ["max_unavailable: 3", "max_surge: 1, max_unavailable: 1"] {
        assert_eq!(
            error("scaler: karpenter", &rollout(own)),
            "steps[0].rollout: Karpenter has no max_unavailable: max_surge is its budget"
        );
    }
    for (key, own) in [
        ("budget", "budget: 120%"),
        ("max_surge", "max_surge: 120%"),
        ("max_surge", "like: karpenter, max_surge: 120%"),
    ] {
        let text = format!("steps[0].rollout.{key}: a budget is at most 100%, not 120%");
        assert_eq!(error("scaler: karpenter", &rollout(own)), text);
    }
    let wrong = two_subnets("scaler: karpenter, limits: {memory: 5GB}");
    let told = parse(&wrong).unwrap_err().to_string();
    assert!(told.ends_with("`5GB` is not a quantity, such as 1000, 500m or 64Gi"), "{told}");
}
