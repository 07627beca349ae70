//! A simulation that starts from what was observed: the subnets are as the audit counts them, and
//! nodes go on from what they hold.

use std::{collections::BTreeMap, sync::LazyLock};

use crate::run::{command, root};
use eksnet::{
    declared::{NodePool, read},
    instance::BUILTIN,
    inventory::{Inventory, Kubernetes, read_snapshot},
    network::ReservationKind,
    simulate::{
        ObserveError, Remedy, Sought, Timeline, Verdict, check_from, observe, parse, remedies, run,
        trial,
    },
};
use serde_json::Value;

use crate::folder::Folder;

fn eksnet(arguments: &[&str]) -> Vec<u8> {
    command(arguments).current_dir(root()).output().unwrap().stdout
}

/// The example without kubectl's files: what does not show is guessed.
static EXAMPLE: LazyLock<[String; 2]> =
    LazyLock::new(|| ["--from".to_owned(), Folder::example("simulate-from").from().to_owned()]);

fn on_example(arguments: &[&str]) -> Vec<u8> {
    let example = EXAMPLE.iter().map(String::as_str);
    eksnet(&arguments.iter().copied().chain(example).collect::<Vec<_>>())
}

/// The example's VPC with the most subnets.
pub(super) fn vpc() -> String {
    let audit: Value = serde_json::from_slice(&on_example(&["audit", "-o", "json"])).unwrap();
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for subnet in audit["subnets"].as_array().unwrap() {
        *count.entry(subnet["vpc_id"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    count.into_iter().max_by_key(|(_, subnets)| *subnets).unwrap().0
}

pub(super) fn inventory(vpc: &str) -> Inventory {
    read_snapshot(on_example(&["snapshot", "--vpc", vpc]).as_slice()).unwrap().list.remove(0)
}

pub(super) fn play(inventory: &Inventory, scenario: &str) -> Timeline {
    let start = observe(inventory, &BUILTIN, false).unwrap_or_else(|error| panic!("{error}"));
    let scenario = parse(scenario).unwrap();
    let layout = check_from(&scenario, &start, &BUILTIN, false).unwrap();
    run(&layout, 1)
}

#[test]
fn nothing_changes_when_nothing_happens() {
    let vpc = vpc();
    let inventory = inventory(&vpc);
    let timeline = play(&inventory, "version: 1\n");
    let has_reservation = |id: &str| {
        let subnet = inventory.subnets.iter().find(|subnet| subnet.subnet_id == id).unwrap();
        subnet.reservations.iter().flatten().any(|r| r.kind == ReservationKind::Prefix)
    };
    let mut fewer = 0;
    let arguments = ["audit", "-o", "json", "--vpc", &vpc];
    let audit: Value = serde_json::from_slice(&on_example(&arguments)).unwrap();
    for subnet in audit["subnets"].as_array().unwrap() {
        let id = subnet["subnet_id"].as_str().unwrap();
        if subnet["used"].is_null() {
            continue;
        }
        let played = timeline.steps[0].subnets.iter().find(|s| *s.name == *id).unwrap();
        assert_eq!(subnet["used"], played.used, "{id}");
        // The audit counts blocks outside of a prefix reservation too, from which EC2 takes none.
        if has_reservation(id) {
            let all = subnet["assignable_prefixes"].as_u64();
            assert!(all >= Some(played.assignable_prefixes.into()), "{id}");
            fewer += u32::from(all > Some(played.assignable_prefixes.into()));
        } else {
            assert_eq!(subnet["assignable_prefixes"], played.assignable_prefixes, "{id}");
        }
    }
    assert!(fewer > 0);
    let calls: u64 = timeline.steps[0].ec2_calls.values().sum();
    assert_eq!((timeline.first_failure(), calls), (None, 0));
}

/// Zones of the example, with a subnet for pods in each.
fn pods_elsewhere(inventory: &Inventory) -> String {
    let mut zones: Vec<&str> =
        inventory.subnets.iter().filter_map(|subnet| subnet.availability_zone.as_deref()).collect();
    zones.sort_unstable();
    zones.dedup();
    let subnets: Vec<String> = zones
        .iter()
        .zip([0, 64, 128, 192])
        .map(|(zone, net)| {
            format!("- {{name: new-{zone}, zone: {zone}, cidr: 100.99.{net}.0/18}}\n")
        })
        .collect();
    let map: Vec<String> = zones.iter().map(|zone| format!("{zone}: new-{zone}")).collect();
    let (subnets, map) = (subnets.concat(), map.join(", "));
    format!(
        "version: 1\nvpc: {{cidrs: [100.99.0.0/16]}}\nsubnets:\n{subnets}\
         node_groups: [{{name: general, pods_per_node: 15, branch_pods_per_node: 0}}]\n\
         steps:\n\
         - set_cni: {{prefix_delegation: true, custom_networking: {{{map}}}}}\n\
         - rollout: {{group: general, max_unavailable: 100%}}\n"
    )
}

/// Fifteen nodes give back all they hold but an address each, and take prefixes elsewhere.
#[test]
fn a_move_of_pods_is_played_on_the_subnets_as_they_are() {
    let inventory = inventory(&vpc());
    let timeline = play(&inventory, &pods_elsewhere(&inventory));
    assert_eq!(timeline.verdict, Verdict::Fits, "{:?}", timeline.first_failure());
    let used = |step: usize, new: bool| -> u32 {
        let subnets = timeline.steps[step].subnets.iter();
        subnets.filter(|s| s.name.starts_with("new-") == new).map(|subnet| subnet.used).sum()
    };
    assert_eq!((used(0, true), used(1, true)), (0, 0));
    let groups = |step: usize| {
        let general = |g: &&eksnet::simulate::GroupState| &*g.name == "general";
        timeline.steps[step].groups.iter().find(general).unwrap().clone()
    };
    assert_eq!(groups(2).nodes_placed, 15);
    // What the nodes held for pods is free again, and each has its own address, one for its trunk and
    // two prefixes for 15 pods elsewhere.
    assert_eq!(groups(2).pods_placed, 15 * 15);
    assert!(used(2, false) + 300 < used(0, false), "{} {}", used(0, false), used(2, false));
    assert_eq!(used(2, true), 15 * (2 + 2 * 16));
}

#[test]
fn what_cannot_be_a_start_is_refused() {
    let whole = inventory(&vpc());
    let refused = |change: &dyn Fn(&mut Inventory)| {
        let mut inventory = whole.clone();
        change(&mut inventory);
        observe(&inventory, &BUILTIN, false).err()
    };
    assert_eq!(refused(&|_| {}), None);
    let unseen = |operation| Some(ObserveError::Unseen { operation });
    assert_eq!(refused(&|i| i.interfaces = None), unseen("DescribeNetworkInterfaces"));
    assert_eq!(refused(&|i| i.instances = None), unseen("DescribeInstances"));
    assert_eq!(refused(&|i| i.subnets.clear()), Some(ObserveError::NoSubnet));
    let other = refused(&|i| i.subnets[0].vpc_id = "vpc-other".to_owned());
    assert!(matches!(other, Some(ObserveError::SeveralVpcs(vpcs)) if vpcs.len() == 2));
    let unknown = refused(&|i| {
        for instance in i.instances.iter_mut().flatten() {
            instance.instance_type = Some("m5.larg".into());
        }
    });
    let text = unknown.map(|error| error.to_string()).unwrap_or_default();
    assert!(text.contains("is of type `m5.larg`, whose limits are unknown"), "{text}");
}

#[test]
fn a_group_that_is_there_is_not_written_anew() {
    let inventory = inventory(&vpc());
    let start = observe(&inventory, &BUILTIN, false).unwrap();
    let refused = |group: &str| {
        let scenario = parse(&format!("version: 1\nnode_groups: [{{name: {group}}}]\n")).unwrap();
        check_from(&scenario, &start, &BUILTIN, false).err().map(|error| error.to_string())
    };
    assert_eq!(refused("general, pods_per_node: 3, max: 30"), None);
    insta::assert_snapshot!(
        [
            "general, nodes: 3",
            "general, instance_type: m5.large",
            "general, max: 3",
            "general, os: windows",
            "new",
            "new, nodes: 3, instance_type: m5.large"
        ]
        .map(|group| refused(group).unwrap_or_default())
        .join("\n"),
        @r"
    node_groups.general: the group exists in the snapshot with 15 nodes: use a scale step to change the number
    node_groups.general: the group exists in the snapshot: its instance types are those observed
    node_groups.general: 15 nodes are above the group's max 3
    node_groups.general.os: the group exists in the snapshot with Linux nodes
    node_groups.new: nodes is required: the number of nodes at the start
    node_groups.new.subnets: at least one subnet is required
    "
    );
}

#[test]
fn the_ip_family_of_a_cluster_that_is_there_stays() {
    let start = observe(&inventory(&vpc()), &BUILTIN, false).unwrap();
    let scenario = parse("version: 1\ncni: {ipv6: true, custom_networking: {}}\n").unwrap();
    let error = check_from(&scenario, &start, &BUILTIN, false).err().unwrap();
    insta::assert_snapshot!(error, @"cni.ipv6: the pods of the snapshot's nodes have IPv4 addresses, and the IP family of a cluster cannot be changed");
}

/// A group that is there gets a warm pool, and its new nodes ENIConfigs of their own.
#[test]
fn a_group_that_is_there_gets_further_keys() {
    let inventory = inventory(&vpc());
    let used = |timeline: &Timeline, step: usize| -> u32 {
        timeline.steps[step].subnets.iter().map(|subnet| subnet.used).sum()
    };
    let plain = play(&inventory, "version: 1\n");
    let text = "version: 1\nnode_groups: [{name: general, warm_pool: 3}]\n";
    let pooled = play(&inventory, text);
    assert_eq!(group(&pooled, 0, "general"), group(&plain, 0, "general"));
    // Each has an ENI of 10 or 30 addresses, and one for its trunk.
    let more = used(&pooled, 0) - used(&plain, 0);
    assert_eq!(more, 31 + 31 + 11);
    let start = observe(&inventory, &BUILTIN, false).unwrap();
    let notes =
        check_from(&parse(text).unwrap(), &start, &BUILTIN, false).unwrap().notes().join("\n");
    assert!(notes.contains("from the start, beside those of the snapshot;"), "{notes}");
    // The nodes show their pods beside their primary ENIs; those that come now have a subnet for them.
    let steps = "steps: [{scale: {group: general, nodes: 18}}]\n";
    let apart = play(
        &inventory,
        &format!(
            "version: 1\nvpc: {{cidrs: [100.65.0.0/16]}}\nsubnets: [{{name: own-a, zone: eu-central-1a, \
             cidr: 100.65.0.0/24}}, {{name: own-b, zone: eu-central-1b, cidr: 100.65.1.0/24}}, \
             {{name: own-c, zone: eu-central-1c, cidr: 100.65.2.0/24}}]\n\
             node_groups: [{{name: general, pod_subnets: {{eu-central-1a: own-a, eu-central-1b: own-b, \
             eu-central-1c: own-c}}}}]\n{steps}"
        ),
    );
    let own = |step: usize| -> u32 {
        let subnets = apart.steps[step].subnets.iter();
        subnets.filter(|subnet| subnet.name.starts_with("own-")).map(|subnet| subnet.used).sum()
    };
    assert_eq!(own(0), 0);
    assert!(own(1) >= 30, "{}", own(1));
}

/// The example with kubectl's files beside the others.
fn told_inventory() -> Inventory {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/vpc-prod");
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    for from in [root.clone(), root.join("kubernetes")] {
        for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
            if entry.path().is_file() {
                std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
            }
        }
    }
    let snapshot = eksnet(&["snapshot", "--from", folder.path().to_str().unwrap()]);
    read_snapshot(snapshot.as_slice()).unwrap().list.remove(0)
}

/// Pods, max pods and the CNI's variables are taken from kubectl where it told them, and not guessed.
#[test]
fn what_kubectl_told_is_not_guessed() {
    let inventory = told_inventory();
    let truth: Value = serde_json::from_slice(
        &std::fs::read(
            std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("examples/vpc-prod/expected/kubernetes.json"),
        )
        .unwrap(),
    )
    .unwrap();
    let mut counted: BTreeMap<&str, u64> = BTreeMap::new();
    for instance in inventory.instances.iter().flatten() {
        if let Some(group) = instance.tags.get("eks:nodegroup-name") {
            let its = &truth[&instance.instance_id];
            let pods = its["pods"].as_u64().unwrap() + its["branch_pods"].as_u64().unwrap();
            *counted.entry(group).or_default() += pods;
        }
    }
    assert_eq!(counted.len(), 2);
    // Pods that are on a node and wait for an address are wanted too, and get one of the warm ones.
    let kubernetes = inventory.kubernetes.as_ref().unwrap();
    let instances: BTreeMap<&str, &eksnet::inventory::Instance> =
        inventory.instances.iter().flatten().map(|i| (i.instance_id.as_str(), i)).collect();
    let group_of: BTreeMap<&str, &str> = kubernetes
        .nodes
        .iter()
        .flatten()
        .filter_map(|node| {
            let instance = instances.get(node.instance_id.as_deref()?)?;
            Some((node.name.as_str(), instance.tags.get("eks:nodegroup-name")?))
        })
        .collect();
    for pod in kubernetes.pods.iter().flatten() {
        let waits = pod.ip.is_none() && !pod.host_network && !pod.branch_eni;
        let group = pod.node_name.as_deref().and_then(|name| group_of.get(name));
        if let Some(group) = group.filter(|_| waits) {
            *counted.get_mut(group).unwrap() += 1;
        }
    }
    let timeline = play(&inventory, "version: 1\n");
    for (name, pods) in counted {
        let group = timeline.steps[0].groups.iter().find(|group| &*group.name == name).unwrap();
        assert_eq!(group.pods_placed, pods, "{name}");
    }
    let start = observe(&inventory, &BUILTIN, false).unwrap();
    let notes =
        |text: &str| check_from(&parse(text).unwrap(), &start, &BUILTIN, false).unwrap().notes();
    insta::assert_snapshot!(notes("version: 1\n").join("\n"), @r#"
    new nodes have prefix delegation on and custom networking on, as set in the daemonset aws-node or the key cni; so are the warm targets
    burst: new nodes have the max pods of the group's nodes, not of the formula: m5.large 29, not 110; set max_pods to change this
    general: new nodes have the max pods of the group's nodes, not of the formula: c5.large 29, not 110; c6i.2xlarge 58, not 110; m5.large 29, not 110; m5.xlarge 58, not 110; m6i.large 29, not 110; set max_pods to change this
    ungrouped: new nodes have the max pods of the group's nodes, not of the formula: m5.large 29, not 110; set max_pods to change this
    harbour-prod/ungrouped: new nodes have the max pods of the group's nodes, not of the formula: m5.4xlarge 234, not 110; set max_pods to change this
    "#);
    // What a scenario states still comes first.
    let off = notes("version: 1\ncni: {prefix_delegation: false, custom_networking: {}}\n");
    assert!(off[0].contains("prefix delegation off and custom networking off"), "{off:?}");
}

/// A variable that stands elsewhere is not taken for absent: then all is as observed on the nodes.
#[test]
fn variables_that_stand_elsewhere_are_not_read() {
    let mut inventory = told_inventory();
    if let Some(aws_node) = inventory.kubernetes.as_mut().and_then(|k| k.aws_node.as_mut()) {
        aws_node.hidden.insert("WARM_IP_TARGET".to_owned());
    }
    let start = observe(&inventory, &BUILTIN, false).unwrap();
    let layout = check_from(&parse("version: 1\n").unwrap(), &start, &BUILTIN, false).unwrap();
    assert!(layout.notes()[0].contains("as observed on the nodes"), "{:?}", layout.notes());
}

/// The played group of a name at the end of a step.
fn group(timeline: &Timeline, step: usize, name: &str) -> eksnet::simulate::GroupState {
    let groups = &timeline.steps[step].groups;
    groups.iter().find(|group| &*group.name == name).unwrap().clone()
}

/// Nodes of `dense` hold prefixes and those of `general` single addresses: each group's new nodes go on as
/// its own do, unless the settings are stated.
#[test]
fn new_nodes_are_as_their_groups_own() {
    let inventory = inventory(&vpc());
    let prefixes_of_three_more = |text: &str, name: &str| {
        let steps = |nodes: u32| {
            let step = format!("steps: [{{scale: {{group: {name}, nodes: {nodes}}}}}]");
            play(&inventory, &format!("version: 1\n{text}{step}\n"))
        };
        let now = u32::try_from(group(&steps(1), 0, name).nodes_wanted).unwrap();
        let timeline = steps(now + 3);
        let units =
            timeline.steps[1].subnets.iter().map(|subnet| u64::from(subnet.used)).sum::<u64>();
        // A prefix is one unit of its sixteen addresses.
        (units - timeline.most_address_units) / 15
    };
    let before = prefixes_of_three_more("", "general");
    assert!(prefixes_of_three_more("", "dense") > before);
    let on = "cni: {prefix_delegation: true}\n";
    assert!(prefixes_of_three_more(on, "general") > before);
    let off = "cni: {prefix_delegation: false}\n";
    assert_eq!(prefixes_of_three_more(off, "dense"), before);
    let start = observe(&inventory, &BUILTIN, false).unwrap();
    let notes = |text: &str| {
        let notes = check_from(&parse(text).unwrap(), &start, &BUILTIN, false).unwrap().notes();
        notes
            .into_iter()
            .filter(|note| !note.contains("pods are not available"))
            .collect::<Vec<_>>()
    };
    insta::assert_snapshot!(notes("version: 1\n").join("\n"), @r#"
    new nodes have prefix delegation off and custom networking on, as observed on the nodes or set in the key cni; nodes do not show warm targets, so the defaults of the VPC CNI manifest are used unless the key cni sets them
    burst: new nodes have prefix delegation on, like all nodes of the group
    burst: new nodes have custom networking off, like all nodes of the group
    dense: new nodes have prefix delegation on, like all nodes of the group
    general: new nodes have custom networking off, like all nodes of the group
    "#);
    let stated = "version: 1\ncni: {prefix_delegation: true, custom_networking: {}}\n";
    assert_eq!(notes(stated).len(), 1);
}

/// Where a group's nodes differ, its new ones are as most of all nodes, and that is said.
#[test]
fn a_group_whose_nodes_differ_goes_with_most() {
    let mut inventory = inventory(&vpc());
    let mut tags = inventory.instances.iter_mut().flatten().map(|instance| &mut instance.tags);
    let tags = tags.find(|tags| tags.get("eks:nodegroup-name") == Some("dense")).unwrap();
    let renamed = |(key, value)| (key, if value == "dense" { "general" } else { value });
    *tags = tags.iter().map(renamed).collect();
    let start = observe(&inventory, &BUILTIN, false).unwrap();
    let layout = check_from(&parse("version: 1\n").unwrap(), &start, &BUILTIN, false).unwrap();
    let notes = layout.notes();
    let note = notes.iter().find(|note| note.contains("differ in prefix delegation")).unwrap();
    insta::assert_snapshot!(note, @r#"general: its nodes differ in prefix delegation (1 on, 15 off); new nodes have it off, like most nodes; set the key cni to change this"#);
}

/// A saved NodePool or NodeClass says what a group of a scenario has to say itself.
#[test]
fn limits_budgets_and_pod_subnets_that_were_saved_are_said_to_be_unused() {
    let mut inventory = inventory(&vpc());
    let declared = read(
        "objects.yaml",
        "apiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: {name: general}\n\
         spec: {template: {spec: {requirements: [], nodeClassRef: {name: default}}}, \
         limits: {cpu: '100'}, disruption: {budgets: [{nodes: '1'}]}}\n---\n\
         apiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: {name: plain}\n\
         spec: {template: {spec: {requirements: [], nodeClassRef: {name: default}}}, \
         disruption: {budgets: [{nodes: 10%}]}}\n---\n\
         apiVersion: eks.amazonaws.com/v1\nkind: NodeClass\nmetadata: {name: pods}\n\
         spec: {podSubnetSelectorTerms: [{tags: {kind: pod}}]}\n",
    );
    let declared = declared.unwrap_or_else(|error| panic!("{error}"));
    let told = inventory.kubernetes.get_or_insert_with(Kubernetes::default);
    told.node_pools = Some(declared.node_pools);
    told.node_classes = Some(declared.auto_node_classes);
    let start = observe(&inventory, &BUILTIN, false).unwrap();
    let notes = |group: &str, steps: &str| {
        let text = format!("version: 1\nnode_groups: [{group}]\nsteps: [{steps}]\n");
        let layout = check_from(&parse(&text).unwrap(), &start, &BUILTIN, false);
        layout.unwrap_or_else(|error| panic!("{error}")).unused_notes(&start)
    };
    let rollout = "{rollout: {group: fresh}}";
    let id = &inventory.subnets.iter().find(|subnet| subnet.cidr.is_some()).unwrap().subnet_id;
    let karpenter = format!(
        "{{name: fresh, scaler: karpenter, instance_type: m5.large, subnets: [{id}], nodes: 1}}"
    );
    let karpenter = karpenter.as_str();
    assert_eq!(
        notes(karpenter, rollout),
        ["NodePool general: its limits and budgets are not used: set limits and \
          disruption_budgets in node_groups"]
    );
    assert_eq!(
        notes(karpenter, ""),
        ["NodePool general: its limits are not used: set limits in node_groups"]
    );
    let rollout = "{rollout: {group: general}}";
    let stated =
        "{name: general, scaler: karpenter, limits: {cpu: 100}, disruption_budgets: ['1']}";
    assert!(notes(stated, rollout).is_empty());
    assert!(notes("{name: general}", rollout).is_empty());
    // A group of the NodePool's name takes them over.
    assert!(notes("{name: general, scaler: karpenter}", rollout).is_empty());
    let auto = format!(
        "{{name: new, auto_mode: true, instance_type: m5.large, subnets: [{id}], nodes: 1, \
         limits: {{cpu: 100}}}}"
    );
    assert_eq!(
        notes(&auto, ""),
        ["NodeClass pods: its podSubnetSelectorTerms are not used: set pod_subnets in node_groups"]
    );
}

/// Nodes with Karpenter's tag are started and replaced by Karpenter, whatever else a scenario sets of them, and
/// under the limits and budgets of their NodePool where that was saved.
#[test]
fn nodes_of_a_node_pool_stay_karpenters() {
    let text = String::from_utf8(on_example(&["snapshot", "--vpc", &vpc()])).unwrap();
    let tagged = text.replace("\"eks:nodegroup-name\"", "\"karpenter.sh/nodepool\"");
    assert_ne!(text, tagged);
    let inventory = read_snapshot(tagged.as_bytes()).unwrap().list.remove(0);
    let notes = |inventory: &Inventory, group: &str| {
        let start = observe(inventory, &BUILTIN, false).unwrap();
        let text = format!(
            "version: 1\nnode_groups: [{group}]\nsteps: [{{rollout: {{group: general}}}}]\n"
        );
        let layout = check_from(&parse(&text).unwrap(), &start, &BUILTIN, false);
        let layout = layout.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(layout.unused_notes(&start), [""; 0]);
        let all = layout.notes().into_iter();
        all.filter(|note| note.starts_with("general: the ")).collect::<Vec<_>>()
    };
    let own = "general: the rollout has Karpenter's default budget of 10 %; set disruption_budgets in the \
               group, or budget in the step, to change this";
    for group in ["", "{name: general}", "{name: general, pods_per_node: 15}"] {
        assert_eq!(notes(&inventory, group), [own], "{group}");
    }
    assert_eq!(notes(&inventory, "{name: general, scaler: managed_node_group}"), [""; 0]);
    let with = |node_pools: Vec<NodePool>| {
        let told = inventory.kubernetes.clone().unwrap_or_default();
        let kubernetes = Some(Kubernetes { node_pools: Some(node_pools), ..told });
        Inventory { kubernetes, ..inventory.clone() }
    };
    let pool = |disruption: &str| {
        let text = format!(
            "apiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: {{name: general}}\n\
             spec: {{template: {{spec: {{requirements: [], nodeClassRef: {{name: default}}}}}}, \
             limits: {{cpu: 100500m, memory: 64Gi, nodes: 3}}, disruption: {{budgets: [{disruption}]}}}}\n"
        );
        read("pool.yaml", &text).unwrap_or_else(|error| panic!("{error}")).node_pools
    };
    let limits = "general: the limits of the saved NodePool hold: cpu 100500m, memory 64Gi, nodes 3; set \
                  limits in node_groups to change this";
    let budgets = |budgets: &str| {
        format!(
            "general: the rollout has the disruption budgets of the saved NodePool: {budgets}; set \
             disruption_budgets in the group, or budget in the step, to change this"
        )
    };
    let night = "{nodes: '0', schedule: '0 9 * * *', duration: 8h}";
    let uncounted = " (those with a schedule or for other reasons than drift do not count)";
    for (disruption, said) in [
        ("{nodes: '0'}", "0".to_owned()),
        (&format!("{{nodes: 20%}}, {{nodes: '5'}}, {night}"), format!("20%, 5{uncounted}")),
        (night, format!("100%{uncounted}")),
    ] {
        let inventory = with(pool(disruption));
        let expected = [limits.to_owned(), budgets(&said)];
        assert_eq!(notes(&inventory, ""), expected);
        let stated = "{name: general, limits: {nodes: 90}, disruption_budgets: ['1']}";
        assert_eq!(notes(&inventory, stated), [""; 0]);
    }
    // Two of one name that differ are of two clusters: which one is meant is not known.
    let several = with([pool("{nodes: '0'}"), pool("{nodes: '1'}")].concat());
    let start = observe(&several, &BUILTIN, false).unwrap();
    let layout = check_from(&parse("version: 1\n").unwrap(), &start, &BUILTIN, false).unwrap();
    assert_eq!(layout.unused_notes(&start).len(), 2);
}

/// A roll-out runs the pods that the old nodes ran, branch pods too, and no more.
#[test]
fn a_rollout_wants_no_more_pods_than_before() {
    let inventory = inventory(&vpc());
    for name in ["dense", "general"] {
        let step = format!("steps: [{{rollout: {{group: {name}, max_unavailable: 1}}}}]");
        let timeline = play(&inventory, &format!("version: 1\n{step}\n"));
        let wanted = |step| group(&timeline, step, name).pods_wanted;
        assert_eq!(wanted(1), wanted(0), "{name}");
    }
}

/// A further subnet for an observed VPC lies in its free space: not where a subnet is that the selection left
/// out, nor where one of the start is.
#[test]
fn a_further_subnet_keeps_clear_of_all_subnets_of_the_vpc() {
    let scenario = parse("version: 1\nsteps: [{scale: {group: burst, nodes: 40}}]\n").unwrap();
    let all = inventory(&vpc());
    let mut part = all.clone();
    // Nothing is in it.
    part.subnets.retain(|subnet| subnet.cidr != "100.64.48.0/24".parse().ok());
    assert!(part.subnets.len() < all.subnets.len());
    let start = observe(&part, &BUILTIN, false).unwrap().beside(&all.subnets);
    let layout = check_from(&scenario, &start, &BUILTIN, false).unwrap();
    let failure = run(&layout, 1).first_failure().cloned().unwrap();
    let sought = Sought { failure: &failure, failing: vec![1], seeds: vec![1] };
    let found = remedies(&layout, &sought, &|layout, seeds, most_work| {
        seeds.iter().map(|seed| trial(layout, *seed, most_work)).collect()
    });
    let further = found.list.iter().find_map(|remedy| match remedy {
        Remedy::FurtherSubnets { subnets, .. } => Some(subnets.clone()),
        Remedy::Pace { .. }
        | Remedy::WarmTargets { .. }
        | Remedy::PrefixDelegation
        | Remedy::PrefixReservations { .. } => None,
    });
    let further = further.unwrap_or_else(|| panic!("{failure:?} {found:?}"));
    for subnet in further {
        let taken = all.subnets.iter().filter_map(|subnet| subnet.cidr);
        assert_eq!(taken.filter(|taken| taken.overlaps(subnet.cidr)).count(), 0, "{subnet:?}");
    }
}

/// Without a scenario what is there is simulated as it stands.
#[test]
fn a_start_needs_no_scenario() {
    let vpc = vpc();
    let alone = on_example(&["simulate", "--vpc", &vpc, "-o", "json"]);
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.yaml");
    std::fs::write(&empty, "version: 1\n").unwrap();
    let written = on_example(&["simulate", empty.to_str().unwrap(), "--vpc", &vpc, "-o", "json"]);
    assert_eq!(String::from_utf8(alone).unwrap(), String::from_utf8(written).unwrap());
}

/// Notes of `simulate --from` on the example: 209 blocks of harbour-pods-eu-central-1b are assignable (the
/// audit's number), of which 90 lie inside its reservation for prefixes; and where the model starts with
/// other addresses than were observed, the note says which and why, with thousands apart.
#[test]
fn the_start_is_held_against_what_an_audit_counts() {
    let notes = |more: &[&str]| -> Vec<String> {
        let run = [&["simulate", "--from", "examples/vpc-prod", "-o", "json"], more].concat();
        let answer: Value = serde_json::from_slice(&eksnet(&run)).unwrap();
        let notes = answer["notes"].as_array().unwrap();
        notes.iter().map(|note| note.as_str().unwrap().to_owned()).collect()
    };
    let all = notes(&[]);
    let inside = "subnet-070e5b5268f189e4d: 209 /28 blocks are assignable, 90 of them inside its \
                  prefix reservation";
    assert_eq!(all.iter().filter(|note| note.contains("prefix reservation")).count(), 1);
    assert!(all.iter().any(|note| note.starts_with(inside)), "{all:?}");
    let start = "the snapshot holds 3,361 addresses, the model starts with 2,873: nodes were allowed to \
                 return warm addresses";
    assert!(all.iter().any(|note| note == start), "{all:?}");
}
