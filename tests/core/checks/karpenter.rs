//! What Karpenter's objects and EC2's counts tell together.

use std::collections::BTreeMap;

use eksnet::{
    declared::read,
    finding::Finding,
    inventory::{Kubernetes, KubernetesNode},
    network::ReservationKind,
};

use super::world::{World, tags};

const RANK: &str = "karpenter-subnet-rank";
const OVER: &str = "max-pods-over-nodepool";

impl World {
    /// Objects of a manifest, as kubectl told them.
    fn declares(&mut self, text: &str) {
        let declared = read("objects.yaml", text).unwrap_or_else(|error| panic!("{error}"));
        let told = self.inventory.kubernetes.get_or_insert_with(Kubernetes::default);
        told.node_pools = Some(declared.node_pools).filter(|pools| !pools.is_empty());
        told.ec2_node_classes = Some(declared.ec2_node_classes);
    }
}

fn class(spec: &str) -> String {
    format!(
        "---\napiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata: {{name: default}}\n\
         spec: {{{spec}}}\n"
    )
}

fn pool(requirements: &str) -> String {
    format!(
        "---\napiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: {{name: general}}\n\
         spec: {{template: {{spec: {{nodeClassRef: {{name: default, kind: EC2NodeClass}}, \
         requirements: [{requirements}]}}}}}}\n"
    )
}

/// Zone a has a /24 with `held` addresses in use, and a /24 of which 224 are reserved for prefixes and the other
/// 27 are free.
fn zone(held: u32) -> World {
    let mut world = World::new();
    world.subnet("subnet-1", "a", "10.0.0.0/24").available = Some(251 - held);
    world.hold("subnet-1", "10.0.0.4", held);
    world.subnet("subnet-2", "a", "10.0.1.0/24").available = Some(27);
    for cidr in ["10.0.1.32/27", "10.0.1.64/26", "10.0.1.128/25"] {
        world.reserve(cidr, ReservationKind::Prefix);
    }
    world.inventory.subnets[1].available = Some(28);
    world
}

fn line(finding: &Finding) -> String {
    format!("{} {}: {}", finding.severity.name(), finding.resource, finding.message)
}

/// 201 of 251 are 80.1 %: the warning threshold. 50 are left, and by EC2's count 28 in the other subnet, which
/// has 223 usable addresses in 13 whole blocks of its reservations and two that AWS's addresses break.
#[test]
fn a_nearly_full_subnet_that_comes_first_is_told_with_the_one_that_has_space() {
    let mut world = zone(201);
    world.declares(&class("subnetSelectorTerms: [{id: subnet-1}, {id: subnet-2}]"));
    let found = world.of(RANK);
    let lines: Vec<String> = found.iter().map(line).collect();
    assert_eq!(
        lines,
        [
            "warning subnet-1: subnet-1: Karpenter (EC2NodeClass default) takes it for the next node in a, \
             although only 50 addresses are available: the other subnet of the zone has no more by EC2's \
             count; the NodePools are not available: one that starts nodes of the EC2NodeClass in this zone is \
             assumed",
            "info subnet-2: subnet-2: Karpenter (EC2NodeClass default) takes it after subnet-1, which has 50 \
             available: by EC2's count it has 28, although prefixes from its reservation make 236; the NodePools are \
             not available: one that starts nodes of the EC2NodeClass in this zone is assumed",
        ]
    );
    assert!(found[0].hint.starts_with("make the prefix reservation of the other subnet smaller"));
    // Below the threshold the hidden space alone is worth knowing.
    let mut world = zone(100);
    world.declares(&class("subnetSelectorTerms: [{id: subnet-1}, {id: subnet-2}]"));
    let found = world.lines(RANK);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("info subnet-2: "), "{found:?}");
    // One that has more by EC2's count comes first anyway.
    let mut world = zone(20);
    world.declares(&class("subnetSelectorTerms: [{id: subnet-1}, {id: subnet-2}]"));
    assert!(world.of(RANK).len() <= 1);
}

#[test]
fn the_subnets_are_those_that_the_class_selects() {
    let mut world = zone(201);
    world.inventory.subnets[0].tags = tags(&[("tier", "nodes")]);
    world.declares(&class("subnetSelectorTerms: [{tags: {tier: '*'}}]"));
    let found = world.of(RANK);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].message.contains("it is the only subnet of the zone that it may take;"));
    assert_eq!(
        found[0].hint,
        "add a subnet in a and let the EC2NodeClass's subnetSelectorTerms select it"
    );
    // Another that has more is named.
    world.subnet("subnet-3", "a", "10.0.2.0/24").available = Some(251);
    let hint = &world.of(RANK)[0].hint;
    assert!(
        hint.ends_with("select another subnet of the zone that has more space: subnet-3"),
        "{hint}"
    );
    world.declares(&class("subnetSelectorTerms: [{id: subnet-3}]"));
    assert!(world.of(RANK).is_empty());
}

/// A NodePool of the class has to admit the zone; without NodePools a node of the class shows that one does.
#[test]
fn only_zones_of_its_node_pools_are_ranked() {
    let mut world = zone(201);
    let class = class("subnetSelectorTerms: [{id: subnet-1}, {id: subnet-2}]");
    let in_zone = |operator: &str, zone: &str| {
        pool(&format!(
            "{{key: topology.kubernetes.io/zone, operator: {operator}, values: [{zone}]}}"
        ))
    };
    for (text, found) in [
        (pool(""), 2),
        (in_zone("In", "a"), 2),
        (in_zone("In", "b"), 0),
        (in_zone("NotIn", "a"), 0),
        (pool("").replace("name: default", "name: other"), 0),
        (pool("").replace("kind: EC2NodeClass", "group: eks.amazonaws.com, kind: NodeClass"), 0),
    ] {
        world.declares(&(text.clone() + &class));
        let lines = world.lines(RANK);
        assert_eq!(lines.len(), found, "{text}: {lines:?}");
        assert!(!lines.iter().any(|line| line.contains("assumed")), "{lines:?}");
    }
    world.declares(&class);
    let told = world.inventory.kubernetes.as_mut().unwrap();
    let of_class =
        [("karpenter.k8s.aws/ec2nodeclass", "default"), ("topology.kubernetes.io/zone", "a")];
    let mut node = KubernetesNode {
        name: "n".to_owned(),
        instance_id: None,
        allocatable_pods: None,
        labels: tags(&of_class),
        annotations: BTreeMap::new(),
        unschedulable: false,
    };
    told.nodes = Some(vec![node.clone()]);
    assert!(!world.lines(RANK)[0].contains("assumed"));
    node.labels.remove("karpenter.k8s.aws/ec2nodeclass");
    world.inventory.kubernetes.as_mut().unwrap().nodes = Some(vec![node]);
    let end = "; no node is of the EC2NodeClass, and the NodePools are not available: one that starts such \
               nodes in this zone is assumed";
    assert!(world.lines(RANK)[0].ends_with(end), "{:?}", world.lines(RANK));
}

/// A tag's value with a `*` in it is a filter of EC2.
#[test]
fn wildcards_select_as_ec2_does() {
    let mut world = zone(201);
    world.inventory.subnets[0].tags = tags(&[("tier", "nodes-1")]);
    world.inventory.subnets[1].tags = tags(&[("tier", "pods-1")]);
    for (term, found) in [("nodes-*", 1), ("nodes-?", 1), ("*-1", 2), ("nodes", 0)] {
        world.declares(&class(&format!("subnetSelectorTerms: [{{tags: {{tier: '{term}'}}}}]")));
        assert_eq!(world.of(RANK).len(), found, "{term}");
    }
}

/// What is left out, or has no count, may come first.
#[test]
fn the_rank_is_not_known_where_a_subnet_of_the_zone_is_not() {
    let tagged = class("subnetSelectorTerms: [{tags: {tier: nodes}}]");
    let mut world = zone(201);
    world.inventory.subnets[0].tags = tags(&[("tier", "nodes")]);
    world.inventory.subnets[1].tags = tags(&[("tier", "nodes")]);
    world.declares(&tagged);
    world.inventory.subnets[1].available = None;
    assert!(world.of(RANK).is_empty(), "{:?}", world.lines(RANK));
    world.inventory.subnets[1].available = Some(28);
    assert_eq!(world.of(RANK).len(), 2);
    world.inventory.keep_subnets(|id| id == "subnet-1");
    assert!(world.of(RANK).is_empty(), "{:?}", world.lines(RANK));
    // By its id it is known not to be one that is left out.
    world.declares(&class("subnetSelectorTerms: [{id: subnet-1}]"));
    assert_eq!(world.of(RANK).len(), 1);
    // A subnet of another VPC is no other choice.
    let mut world = zone(201);
    world.inventory.subnets[1].vpc_id = "vpc-2".to_owned();
    world.declares(&class("subnetSelectorTerms: [{id: subnet-1}, {id: subnet-2}]"));
    let found = world.lines(RANK);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("it is the only subnet of the zone that it may take;"), "{found:?}");
}

#[test]
fn without_classes_tags_tell_and_then_nodes() {
    let mut world = zone(201);
    assert!(world.of(RANK).is_empty(), "nothing says that Karpenter is there");
    for subnet in &mut world.inventory.subnets {
        subnet.tags = tags(&[("karpenter.sh/discovery", "prod")]);
    }
    let found = world.lines(RANK);
    assert_eq!(found.len(), 2, "{found:?}");
    let by = "Karpenter (the tag karpenter.sh/discovery=prod, without EC2NodeClasses)";
    assert!(found.iter().all(|line| line.contains(by)), "{found:?}");
    let mut world = zone(180);
    world.node(("i-1", 0), "subnet-1", ("10.0.0.190", 20), &[]);
    world.node(("i-2", 0), "subnet-2", ("10.0.1.10", 0), &[]);
    let instances = world.inventory.instances.as_mut().unwrap();
    instances[0].tags = tags(&[("karpenter.sh/nodepool", "general")]).into();
    world.inventory.subnets[0].available = Some(50);
    // One alone has no rank.
    assert!(world.of(RANK).is_empty());
    world.inventory.instances.as_mut().unwrap()[1].tags =
        tags(&[("karpenter.sh/nodepool", "general")]).into();
    let found = world.lines(RANK);
    let by = "Karpenter (where nodes of NodePool general are, without EC2NodeClasses)";
    assert!(found.len() == 2 && found[0].contains(by), "{found:?}");
}

const SMALL: &str = "{key: karpenter.k8s.aws/instance-family, operator: In, values: [t3]}, \
     {key: karpenter.k8s.aws/instance-size, operator: NotIn, values: [2xlarge, xlarge]}";

/// With secondary addresses: t3.nano and micro 4, small 11, medium 17, large 35 (3 × 11 + 2).
#[test]
fn one_max_pods_is_held_against_every_type_of_the_pool() {
    let mut world = World::new();
    world.cni("v1.23.1", &[]);
    world.declares(&(pool(SMALL) + &class("kubelet: {maxPods: 17}")));
    let found = world.of(OVER);
    assert_eq!(
        found.iter().map(line).collect::<Vec<_>>(),
        [
            "warning general: NodePool general: maxPods 17 of EC2NodeClass default holds for all 5 instance \
             types that it may start, and 3 carry fewer pods: t3.nano, t3.micro, t3.small; the lowest is \
             t3.nano with 4"
        ]
    );
    let command = found[0].command.as_ref().map(|command| format!("{command:?}")).unwrap();
    assert!(command.contains("t3.nano t3.micro t3.small"), "{command}");
    world.declares(&(pool(SMALL) + &class("kubelet: {maxPods: 4}")));
    assert!(world.of(OVER).is_empty());
    // An expression that keeps to what each type carries.
    world.declares(&(pool(SMALL) + &class("kubelet: {maxPods: 'min(110, max_pods)'}")));
    assert!(world.of(OVER).is_empty());
    // 2 a vCPU: 4 on each, since a t3.nano has 2. Bottlerocket has no such setting.
    let by_core = "kubelet: {maxPods: 17, podsPerCore: 2}";
    world.declares(&(pool(SMALL) + &class(by_core)));
    assert!(world.of(OVER).is_empty());
    let alias = "amiSelectorTerms: [{alias: bottlerocket@latest}]";
    world.declares(&(pool(SMALL) + &class(&format!("{alias}, {by_core}"))));
    assert_eq!(world.of(OVER).len(), 1);
}

/// A flag in the user data of AL2023 reaches the kubelet behind Karpenter's number; a Custom class's own kubelet
/// does not reach it.
#[test]
fn the_user_data_counts_too() {
    let mut world = World::new();
    world.cni("v1.23.1", &[]);
    let data = |kubelet: &str| {
        format!(
            "userData: \"apiVersion: node.eks.aws/v1alpha1\\nkind: NodeConfig\\nspec: {{kubelet: {{{kubelet}}}}}\\n\""
        )
    };
    world.declares(&(pool(SMALL) + &class(&data("flags: [--max-pods=17]"))));
    let found = world.of(OVER);
    let message = &found[0].message;
    assert!(
        message.starts_with(
            "NodePool general: --max-pods in the user data: 17 of EC2NodeClass default holds for all"
        ),
        "{message}"
    );
    let custom = "amiFamily: Custom, kubelet: {maxPods: 17}";
    world.declares(&(pool(SMALL) + &class(custom)));
    assert!(world.of(OVER).is_empty());
    world
        .declares(&(pool(SMALL) + &class(&format!("{custom}, {}", data("config: {maxPods: 17}")))));
    assert_eq!(world.of(OVER).len(), 1);
}

/// Without a number an expression still decides whether a node starts, and a number has no expression to correct.
#[test]
fn what_starts_no_node_is_told_with_its_own_remedy() {
    let mut world = World::new();
    world.cni("v1.23.1", &[]);
    for (kubelet, what, hint) in [
        ("kubeReserved: {memory: '1/0'}", "division by zero", "correct the expression"),
        ("maxPods: 0", "max pods 0: no pod fits on a node", "set maxPods to 1 or more"),
    ] {
        world.declares(&(pool(SMALL) + &class(&format!("kubelet: {{{kubelet}}}"))));
        let found = world.of(OVER);
        let [finding] = found.as_slice() else { panic!("{kubelet}: {found:?}") };
        assert!(finding.message.contains(what), "{}", finding.message);
        assert!(finding.hint.starts_with(hint), "{}", finding.hint);
    }
    // 9 prefixes on the primary ENI leave 2 ENIs of 9 slots: 20 pods of a m5.large.
    let large = "{key: node.kubernetes.io/instance-type, operator: In, values: [m5.large]}";
    world.declares(&(pool(large) + &class("ipPrefixCount: 9, kubelet: {maxPods: 29}")));
    let found = world.of(OVER);
    assert!(found[0].message.ends_with("the lowest is m5.large with 20"), "{}", found[0].message);
    world.declares(&(pool(large) + &class("ipPrefixCount: 9, kubelet: {maxPods: 20}")));
    assert!(world.of(OVER).is_empty());
}

/// A t3.nano has 2 ENIs of 2 addresses: (2 − 1) × (2 − 1) × 16 + 2 are 18, and 2 × (2 − 1) + 2 are carried.
#[test]
fn an_expression_is_held_against_every_type_too() {
    let mut world = World::new();
    world.cni("v1.23.1", &[]);
    let of = |text: &str| pool(SMALL) + &class(&format!("kubelet: {{maxPods: '{text}'}}"));
    world.declares(&of("min(250, ((default_enis - 1) * (ips_per_eni - 1)) * 16 + 2)"));
    let found = world.of(OVER);
    assert_eq!(
        found.iter().map(line).collect::<Vec<_>>(),
        [
            "warning general: NodePool general: maxPods as an expression of EC2NodeClass default holds for all 5 \
             instance types that it may start, and 5 carry fewer pods: t3.nano, t3.micro, t3.small, t3.medium, \
             t3.large; the lowest is t3.nano with 4"
        ]
    );
    assert_eq!(found[0].evidence["lowest_takes"], 18);
    // One that Karpenter refuses, and one without a value, keep every node from starting.
    for (text, why) in [
        ("min(110, default_eni)", "Karpenter has no variable `default_eni` (at column 10)"),
        ("max_pods / 0", "division by zero"),
    ] {
        world.declares(&of(text));
        let lines = world.lines(OVER);
        let begin = "warning general: NodePool general: no pod of it can run: ";
        assert!(lines.len() == 1 && lines[0].starts_with(begin), "{lines:?}");
        assert!(lines[0].contains(why), "{lines:?}");
    }
}

/// An EFA-only interface of the class takes one of a p5.48xlarge's two ENIs: 49 + 2 are left of 2 × 49 + 2.
#[test]
fn interfaces_of_the_class_take_enis() {
    let fast = "{key: node.kubernetes.io/instance-type, operator: In, values: [p5.48xlarge]}";
    let interfaces =
        "networkInterfaces: [{networkCardIndex: 0, deviceIndex: 1, interfaceType: efa-only}]";
    let mut world = World::new();
    world.cni("v1.23.1", &[]);
    world.declares(&(pool(fast) + &class("kubelet: {maxPods: 100}")));
    assert!(world.of(OVER).is_empty());
    world.declares(&(pool(fast) + &class(&format!("kubelet: {{maxPods: 100}}, {interfaces}"))));
    assert!(world.lines(OVER)[0].ends_with("the lowest is p5.48xlarge with 51"));
}

/// All c5 and m5 types but the largest carry fewer than 300; the command names five of them.
#[test]
fn a_command_for_some_of_the_types_says_so() {
    let mut world = World::new();
    world.cni("v1.23.1", &[]);
    let families = "{key: karpenter.k8s.aws/instance-family, operator: In, values: [c5, m5]}";
    world.declares(&(pool(families) + &class("kubelet: {maxPods: 300}")));
    let found = world.of(OVER);
    let hint = &found[0].hint;
    assert!(hint.contains("; the command shows 5 of 1"), "{hint}");
    assert!(
        hint.ends_with("`eksnet maxpods --nodepool FILE` with the NodePool's manifest all"),
        "{hint}"
    );
}

#[test]
fn the_mode_in_effect_counts_and_an_assumed_one_is_told() {
    let large =
        "{key: node.kubernetes.io/instance-type, operator: In, values: [m5.large, m4.large]}";
    let objects = pool(large) + &class("kubelet: {maxPods: 110}");
    let of = |environment: &[(&str, &str)]| {
        let mut world = World::new();
        world.cni("v1.23.1", environment);
        world.declares(&objects);
        world.lines(OVER)
    };
    let prefix = of(&[("ENABLE_PREFIX_DELEGATION", "true")]);
    // An m4.large is no Nitro type: 20 pods whatever is set.
    assert!(
        prefix.len() == 1
            && prefix[0]
                .ends_with("1 carries fewer pods: m4.large; the lowest is m4.large with 20"),
        "{prefix:?}"
    );
    let single = of(&[]);
    assert!(single[0].contains("2 carry fewer pods: m4.large, m5.large"), "{single:?}");
    assert!(of(&[("ENABLE_IPv6", "true")]).is_empty());
    let mut world = World::new();
    world.declares(&objects);
    let assumed = world.lines(OVER);
    assert!(assumed[0].starts_with("info general: "), "{assumed:?}");
    assert!(
        assumed[0].ends_with(
            "the settings of aws-node are not available: secondary-IP mode is assumed; custom networking, \
             ENABLE_POD_ENI or MAX_ENI would leave fewer pods"
        ),
        "{assumed:?}"
    );
}

fn types(names: &str) -> String {
    format!("{{key: node.kubernetes.io/instance-type, operator: In, values: [{names}]}}")
}

/// An m5.large with Windows has the 9 addresses of its primary ENI, whatever the Linux daemonset's settings are.
#[test]
fn windows_has_settings_of_its_own() {
    let mut world = World::new();
    world.cni("v1.23.1", &[("ENABLE_PREFIX_DELEGATION", "true")]);
    let alias = "amiSelectorTerms: [{alias: windows2022@latest}]";
    world.declares(
        &(pool(&types("m5.large")) + &class(&format!("{alias}, kubelet: {{maxPods: 110}}"))),
    );
    let found = world.of(OVER);
    assert_eq!(
        found.iter().map(line).collect::<Vec<_>>(),
        [
            "info general: NodePool general: maxPods 110 of EC2NodeClass default holds for the 1 instance type that \
             it may start, and 1 carries fewer pods: m5.large; the lowest is m5.large with 9; Windows nodes go by \
             the ConfigMap amazon-vpc-cni, which is not available: secondary-IP mode is assumed, which carries the \
             fewest pods"
        ]
    );
    assert!(found[0].plain_command().unwrap().ends_with("m5.large --os windows"));
    assert_eq!(found[0].evidence["assumed"], true);
}

/// With custom networking an m5.large carries 2 × 9 + 2; Karpenter's max_pods is 3 × 9 + 2, and with one reserved ENI
/// the same 20.
#[test]
fn reserved_enis_are_assumed_where_an_expression_goes_by_them() {
    let mut world = World::new();
    world.cni("v1.23.1", &[("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "true")]);
    let found = |world: &mut World, text: &str| {
        world.declares(
            &(pool(&types("m5.large")) + &class(&format!("kubelet: {{maxPods: {text}}}"))),
        );
        world.lines(OVER).remove(0)
    };
    let line = found(&mut world, "'max_pods'");
    let end = "Karpenter's RESERVED_ENIS is not available and assumed to be 0; with 1, as Karpenter's \
               documentation sets it for custom networking, none of these types carries fewer";
    assert!(line.starts_with("info ") && line.ends_with(end), "{line}");
    // A number, or an expression of other variables, is too high whatever is reserved.
    for text in ["29", "'29'"] {
        let line = found(&mut world, text);
        assert!(line.starts_with("warning ") && !line.contains("RESERVED_ENIS"), "{line}");
    }
}

/// Of a type that the NodePool may not start at all nothing is told to lower.
#[test]
fn types_that_may_not_be_in_the_pool_are_left_out() {
    let mut world = World::new();
    world.cni("v1.23.1", &[]);
    let gpu = |operator: &str| {
        format!("{{key: karpenter.k8s.aws/instance-gpu-name, operator: {operator}}}")
    };
    let found = |world: &mut World, names: &str, operator: &str| {
        let requirements = format!("{}, {}", types(names), gpu(operator));
        world.declares(&(pool(&requirements) + &class("kubelet: {maxPods: 200}")));
        world.of(OVER).remove(0)
    };
    // A general-purpose type has no GPU.
    let both = found(&mut world, "m5.large, g4ad.xlarge, m99.large", "DoesNotExist");
    assert_eq!(
        line(&both),
        "warning general: NodePool general: maxPods 200 of EC2NodeClass default holds for the 1 instance type that it \
         may start, and 1 carries fewer pods: m5.large; the lowest is m5.large with 29; 1 more type, of which 1 \
         carries fewer, is left out: the table of types cannot answer whether they meet \
         karpenter.k8s.aws/instance-gpu-name; not judged, since the table of types does not have it: m99.large"
    );
    assert!(both.hint.starts_with("set maxPods to the lowest, 29"), "{both:?}");
    // Whichever of all types the NodePool admits, it carries fewer; not so where one of them carries as many.
    let all = found(&mut world, "g4ad.xlarge", "DoesNotExist");
    assert!(line(&all).starts_with("warning "), "{all:?}");
    let unsure = found(&mut world, "g4ad.xlarge, m5.24xlarge", "Exists");
    assert!(line(&unsure).starts_with("warning "), "{unsure:?}");
    let unsure = found(&mut world, "g4ad.xlarge, m5.24xlarge", "DoesNotExist");
    let begin = "info general: NodePool general: maxPods 200 of EC2NodeClass default is more than 1 instance type \
                 would carry: g4ad.xlarge; the table of types cannot answer whether the NodePool admits them";
    assert!(line(&unsure).starts_with(begin), "{unsure:?}");
    assert!(unsure.hint.starts_with("name instance types or families"), "{unsure:?}");
}

/// 0 on one type of two: Karpenter starts the other.
#[test]
fn a_type_that_takes_no_pod_is_no_outage() {
    let mut world = World::new();
    world.cni("v1.23.1", &[]);
    let expression = class("kubelet: {maxPods: 'max_pods - 4'}");
    world.declares(&(pool(&types("t3.nano, m5.large")) + &expression));
    assert_eq!(world.lines(OVER), Vec::<String>::new());
    world.declares(&(pool(&types("t3.nano")) + &expression));
    assert!(world.lines(OVER)[0].contains("no pod of it can run"), "{:?}", world.lines(OVER));
    world.declares(&(pool(&types("m5.large")) + &class("kubelet: {maxPods: 0}")));
    let found = world.of(OVER);
    assert!(found[0].hint.starts_with("set maxPods to 1 or more"), "{found:?}");
}
