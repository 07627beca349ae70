//! Stopped instances: those of an Auto Scaling group are its warm pool, others are instances, and none is a
//! node. Counted by hand.

use eksnet::{
    audit::Questions,
    cni::parse_changes,
    instance::BUILTIN,
    inventory::{Kubernetes, KubernetesNode, OwnerKind},
    plan::observed_requirement,
    simulate::{Standing, Timeline, Verdict, check_from, observe, parse, run},
};

use crate::checks::world::{World, tags};

const CLUSTER: (&str, &str) = ("eks:cluster-name", "c");
const GROUP: (&str, &str) = ("eks:nodegroup-name", "g");
const SCALED: (&str, &str) = ("aws:autoscaling:groupName", "eks-g-1");

/// i-1 runs with ten addresses; i-2, of the same group, is stopped with ten and an EFA interface; i-3 is
/// stopped with five and in no group.
fn world() -> World {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24");
    world.node(("i-1", 0), "subnet-1", ("10.0.0.10", 9), &[]);
    world.node(("i-2", 0), "subnet-1", ("10.0.0.30", 9), &[]);
    world.node(("i-2", 1), "subnet-1", ("10.0.0.50", 0), &[]);
    world.node(("i-3", 0), "subnet-1", ("10.0.0.60", 4), &[]);
    let interfaces = world.inventory.interfaces.as_mut().unwrap();
    interfaces[2].interface_type = Some("efa".into());
    let instances = world.inventory.instances.as_mut().unwrap();
    instances[0].tags = tags(&[CLUSTER, GROUP, SCALED]).into();
    for (at, own) in [(1, &[CLUSTER, GROUP, SCALED][..]), (2, &[CLUSTER])] {
        instances[at].state = Some("stopped".into());
        instances[at].tags = tags(own).into();
    }
    world
}

#[test]
fn addresses_of_stopped_instances_have_owners_of_their_own() {
    let world = world();
    let report = world.report();
    let owners = |kind| {
        let owner = report.subnets[0].owners.as_ref().unwrap().get(&kind);
        owner.map_or((0, 0), |owner| (owner.interfaces, owner.addresses))
    };
    assert_eq!(owners(OwnerKind::Node), (1, 1));
    assert_eq!(owners(OwnerKind::Pod), (1, 9));
    // Its EFA interface is the pool's too.
    assert_eq!(owners(OwnerKind::WarmPool), (2, 11));
    assert_eq!(owners(OwnerKind::Instance), (1, 5));
    assert_eq!(report.subnets[0].used, Some(26));
    // One that is stopped is asked for nothing as a node: its pool neither grows nor shrinks.
    let nodes: Vec<&str> =
        report.nodes.iter().flatten().map(|node| node.instance_id.as_str()).collect();
    assert_eq!(nodes, ["i-1"]);
    let asked = [("prefix".to_owned(), parse_changes("prefix").unwrap())];
    let report = world.judged(Questions { what_if: &asked, ..Questions::default() });
    let what_if = &report.what_if.as_ref().unwrap()[0];
    assert!(what_if.nodes + what_if.nodes_left_out <= 1);
    assert!(report.notes.iter().any(|note| note.contains("11 addresses")), "{:?}", report.notes);
}

/// What the group itself says goes before state and tags, and without it the audit says that it infers.
#[test]
fn a_group_says_what_is_in_its_warm_pool() {
    let pooled = |state: &str, lifecycle: Option<&str>, has_joined: bool| {
        let mut world = world();
        let instance = &mut world.inventory.instances.as_mut().unwrap()[1];
        instance.state = Some(state.into());
        instance.lifecycle = lifecycle.map(Into::into);
        let node = KubernetesNode {
            name: "n".into(),
            instance_id: Some("i-2".into()),
            allocatable_pods: None,
            labels: tags(&[]),
            annotations: tags(&[]),
            unschedulable: false,
        };
        let nodes = has_joined.then(|| vec![node]);
        world.inventory.kubernetes = Some(Kubernetes { nodes, ..Kubernetes::default() });
        let report = world.report();
        let owners = report.subnets[0].owners.as_ref().unwrap();
        let addresses = |kind| owners.get(&kind).map_or(0, |owner| owner.addresses);
        let is_inferred = report.notes.iter().any(|note| note.contains("(inferred; the output of"));
        (addresses(OwnerKind::WarmPool), addresses(OwnerKind::Instance), is_inferred)
    };
    assert_eq!(pooled("stopped", None, false), (11, 5, true));
    assert_eq!(pooled("stopped", Some("Warmed:Stopped"), false), (11, 5, false));
    assert_eq!(pooled("stopped", Some("Warmed:Hibernated"), false), (11, 5, false));
    assert_eq!(pooled("stopped", Some("Standby"), false).0, 0);
    assert_eq!(pooled("running", Some("Warmed:Running"), false), (11, 5, false));
    assert_eq!(pooled("running", Some("Warmed:Running"), true), (0, 5, false));
    assert_eq!(pooled("running", Some("InService"), false), (0, 5, false));
}

/// Auto Scaling's tag is enough, and one that is on its way there is there.
#[test]
fn what_makes_a_warm_pool() {
    let pooled = |state: &str, own: &[(&str, &str)]| {
        let mut world = world();
        let instance = &mut world.inventory.instances.as_mut().unwrap()[1];
        instance.state = Some(state.into());
        instance.tags = tags(own).into();
        let owners = world.report().subnets[0].owners.clone().unwrap();
        owners.get(&OwnerKind::WarmPool).map_or(0, |owner| owner.addresses)
    };
    assert_eq!(pooled("stopping", &[SCALED]), 11);
    assert_eq!(pooled("stopped", &[CLUSTER, GROUP]), 11);
    assert_eq!(pooled("running", &[CLUSTER, GROUP, SCALED]), 0);
    assert_eq!(pooled("stopped", &[CLUSTER]), 0);
}

fn play(scenario: &str) -> Timeline {
    let inventory = world().inventory.in_order();
    let start = observe(&inventory, &BUILTIN, false).unwrap();
    let layout = check_from(&parse(scenario).unwrap(), &start, &BUILTIN, false).unwrap();
    run(&layout, 1)
}

/// They are no nodes and keep what they hold; a roll-out replaces them after the nodes, with what a node
/// without pods holds.
#[test]
fn a_simulation_starts_with_the_warm_pool_that_is_there() {
    let inventory = world().inventory.in_order();
    let start = observe(&inventory, &BUILTIN, false).unwrap();
    assert!(
        start.notes.iter().any(|note| note.starts_with("1 instance of an Auto Scaling group")),
        "{start:?}"
    );
    let steps =
        "version: 1\nnode_groups: [{name: g, pods_per_node: 0}]\nsteps: [{rollout: {group: g}}]";
    let timeline = play(steps);
    assert_eq!(timeline.verdict, Verdict::Fits);
    assert_eq!(timeline.steps[0].groups[0].nodes_wanted, 1);
    assert_eq!(timeline.steps[0].subnets[0].used, 26);
    // The EFA interface is nothing that a new instance is launched with unless it is written.
    assert_eq!(timeline.steps[1].subnets[0].used, 10 + 10 + 5);
}

/// A stopped instance of a group whose instances are no nodes is no node group; of one that runs nodes, it is
/// in that group's warm pool without a tag of its own.
#[test]
fn a_warm_pool_of_no_nodes_is_not_simulated() {
    let groups = |own: &[(&str, &str)], running: &[(&str, &str)]| {
        let mut world = world();
        let instances = world.inventory.instances.as_mut().unwrap();
        instances[0].tags = tags(running).into();
        instances[2].tags = tags(own).into();
        world.inventory.interfaces.as_mut().unwrap()[0].description = "aws-K8S-i-1".into();
        let inventory = world.inventory.in_order();
        let start = observe(&inventory, &BUILTIN, false).unwrap();
        let layout = check_from(&parse("version: 1").unwrap(), &start, &BUILTIN, false).unwrap();
        let groups = Standing::new(&start, &layout).groups;
        groups.into_iter().map(|group| (group.name, group.warm_pool)).collect::<Vec<_>>()
    };
    let web = ("aws:autoscaling:groupName", "web");
    assert_eq!(groups(&[web], &[CLUSTER, GROUP, SCALED]), [("g".to_owned(), 1)]);
    assert_eq!(
        groups(&[web, CLUSTER], &[CLUSTER, GROUP, SCALED]),
        [("g".to_owned(), 1), ("web".to_owned(), 1)]
    );
    assert_eq!(groups(&[web], &[web]), [("g".to_owned(), 1), ("web".to_owned(), 1)]);
}

#[test]
fn a_plan_takes_over_the_size_of_the_warm_pool() {
    let inventory = world().inventory.in_order();
    let start = observe(&inventory, &BUILTIN, false).unwrap();
    let layout = check_from(&parse("version: 1").unwrap(), &start, &BUILTIN, false).unwrap();
    let standing = Standing::new(&start, &layout);
    let group = &standing.groups[0];
    assert_eq!((group.name.as_str(), group.nodes, group.warm_pool), ("g", 1, 1));
    assert_eq!(
        observed_requirement(&standing).assumed[0],
        "group g: 0 pods on 1 node, the most that the addresses of the nodes allow, because kubectl's pods \
         are not available; planned with 1 pod, so that it has a node (pods_per_node sets another \
         number); 1 stopped instance in its warm pool as today"
    );
    // Without a node nobody says how many pods one has.
    let mut inventory = inventory;
    inventory.instances.as_mut().unwrap()[0].state = Some("stopped".into());
    let start = observe(&inventory, &BUILTIN, false).unwrap();
    let layout = check_from(&parse("version: 1").unwrap(), &start, &BUILTIN, false).unwrap();
    let standing = Standing::new(&start, &layout);
    assert_eq!(
        observed_requirement(&standing).assumed[0],
        "group g: no node runs; planned with 1 pod, so that it has a node (pods_per_node sets another \
         number); 2 stopped instances in its warm pool as today"
    );
}
