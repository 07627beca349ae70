//! What stands in a VPC as the requirement of a plan.

use std::collections::BTreeMap;

use eksnet::{
    instance::BUILTIN,
    inventory::{Inventory, Places, read_snapshot},
    plan::{ObservedRequirement, Requirement, Role, observed_requirement},
    simulate::{HeldRange, Standing, Used, check_from, observe, parse},
};
use serde_json::Value;

use crate::{
    folder::Folder,
    run::{command, root},
};

fn eksnet(arguments: &[&str]) -> Vec<u8> {
    command(arguments).current_dir(root()).output().unwrap().stdout
}

/// The example as the audit counts it, and as a snapshot.
fn example(from: &str) -> (Value, Inventory) {
    let audit = serde_json::from_slice(&eksnet(&["audit", "--from", from, "-o", "json"])).unwrap();
    let snapshot: Places<Inventory> =
        read_snapshot(eksnet(&["snapshot", "--from", from]).as_slice()).unwrap();
    (audit, snapshot.list.into_iter().next().unwrap())
}

fn standing(inventory: &Inventory) -> Standing {
    let start = observe(inventory, &BUILTIN, false).unwrap();
    let layout = check_from(&parse("version: 1").unwrap(), &start, &BUILTIN, false).unwrap();
    Standing::new(&start, &layout)
}

fn held(used: &Used) -> u32 {
    match used {
        Used::Count(count) => *count,
        Used::Fragments(fragments) => fragments.count,
        Used::List(list) => list
            .iter()
            .map(|range| match range {
                HeldRange::Address(_) => 1,
                HeldRange::Prefix(_) => 16,
            })
            .sum(),
    }
}

/// What others hold and what the nodes and control planes hold is what the audit counts.
#[test]
fn what_others_hold_stays_and_no_node_is_in_it() {
    let (audit, inventory) = example("examples/vpc-prod");
    let standing = standing(&inventory);
    let ObservedRequirement { requirement, assumed } = observed_requirement(&standing);
    let mut auto_mode = 0;
    for subnet in &requirement.vpc.subnets {
        let row = audit["subnets"].as_array().unwrap();
        let row = row.iter().find(|row| row["subnet_id"] == *subnet.name).unwrap();
        let owners: BTreeMap<&str, u64> = row["owners"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (row["kind"].as_str().unwrap(), row["addresses"].as_u64().unwrap()))
            .collect();
        let nodes = ["node", "pod", "pod-prefix", "trunk", "branch-pod", "control-plane"];
        let of_nodes: u64 = nodes.iter().filter_map(|kind| owners.get(kind)).sum();
        let used = row["used"].as_u64().unwrap();
        let held = u64::from(held(&subnet.used));
        // Three nodes of EKS Auto Mode are others to the VPC CNI.
        assert!(held >= used - of_nodes && held <= used, "{}: {held} {owners:?}", subnet.name);
        auto_mode += held - (used - of_nodes);
        let usable = row["usable"].as_u64().unwrap();
        assert_eq!(u64::from(u32::try_from(subnet.cidr.size()).unwrap()) - 5, usable);
        assert_eq!(subnet.tags.get("Name").map(String::as_str), row["name"].as_str());
    }
    assert!(auto_mode > 0 && auto_mode < 500, "{auto_mode}");
    assert!(assumed.iter().any(|text| text.starts_with("addresses of others stay in use: ")));
}

#[test]
fn groups_run_on_with_their_pods() {
    let (_, inventory) = example("examples/vpc-prod");
    let of = standing(&inventory);
    let ObservedRequirement { requirement, .. } = observed_requirement(&of);
    for (group, seen) in requirement.groups.iter().zip(&of.groups) {
        assert!(seen.pods_told, "{}", group.name);
        assert_eq!((group.pods.peak, group.nodes_now), (seen.pods.max(1), Some(seen.nodes)));
        let per_node = group.pods_per_node.unwrap();
        assert!(group.pods.peak.div_ceil(per_node) <= seen.nodes, "no more nodes than there are");
    }
    // Custom networking: nodes and pods have subnets of their own.
    let roles: Vec<Role> = requirement.vpc.subnets.iter().map(|subnet| subnet.role).collect();
    assert!(roles.contains(&Role::Node) || roles.contains(&Role::NodeAndPod), "{roles:?}");
    assert_eq!(requirement.zones.len(), 3);
}

#[test]
fn without_kubectl_pods_are_assumed_and_that_is_said() {
    let folder = Folder::example("plan-from-assumed");
    let (_, inventory) = example(folder.from());
    let standing = standing(&inventory);
    let ObservedRequirement { assumed, .. } = observed_requirement(&standing);
    assert!(standing.groups.iter().all(|group| !group.pods_told));
    assert!(assumed.iter().any(|text| text.contains("kubectl's pods are not available")));
    assert!(assumed.iter().any(|text| text.contains("aws-node was not given")));
}

/// What was observed can be written as a file, and reads back as it.
#[test]
fn an_observed_requirement_is_a_file() {
    let (_, inventory) = example("examples/vpc-prod");
    let ObservedRequirement { requirement, .. } = observed_requirement(&standing(&inventory));
    let text = serde_json::to_string(&requirement).unwrap();
    assert_eq!(eksnet::plan::parse_requirement(&text).unwrap(), requirement);
    let over: Requirement = requirement.overlaid("version: 1").unwrap();
    assert_eq!(over, requirement);
}
