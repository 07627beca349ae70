//! What nodes of a snapshot have beside the ENIs of the VPC CNI, and what their NodeClass says of new ones.

use std::net::Ipv4Addr;

use crate::simulate_from::{inventory, play, vpc};
use eksnet::{
    declared::read,
    instance::BUILTIN,
    inventory::{Interface, Inventory, Kubernetes, Subnet},
    plan::observed_requirement,
    simulate::{Standing, Timeline, check_from, observe, parse},
};

const GROUP: &str = "general";

/// Gives each node of a group a further ENI like its primary one.
fn with_eni(inventory: &Inventory, change: impl Fn(&mut Interface)) -> Inventory {
    let mut all = inventory.clone();
    let instances = inventory.instances.iter().flatten();
    let nodes: Vec<&str> = instances
        .filter(|instance| instance.tags.get("eks:nodegroup-name") == Some(GROUP))
        .map(|instance| &*instance.instance_id)
        .collect();
    let interfaces = all.interfaces.as_mut().unwrap();
    let is_primary = |eni: &&Interface| {
        eni.is_primary() && eni.instance_id().is_some_and(|id| nodes.contains(&id))
    };
    let primaries: Vec<Interface> = interfaces.iter().filter(is_primary).cloned().collect();
    assert_eq!(primaries.len(), 15);
    for (at, mut eni) in primaries.into_iter().enumerate() {
        eni.interface_id = format!("eni-0further{at}");
        (eni.secondary, eni.prefixes, eni.ipv6) = (Vec::new(), Vec::new(), Vec::new());
        let attachment = eni.attachment.as_mut().unwrap();
        (attachment.network_card_index, attachment.device_index) = (Some(1), Some(1));
        change(&mut eni);
        if eni.primary.is_some() {
            eni.primary = Some(free(&all.subnets, interfaces, &eni.subnet_id));
        }
        interfaces.push(eni);
    }
    all
}

/// An address of a subnet that no ENI holds.
fn free(subnets: &[Subnet], interfaces: &[Interface], subnet_id: &str) -> Ipv4Addr {
    let subnet = subnets.iter().find(|subnet| subnet.subnet_id == subnet_id).unwrap();
    let cidr = subnet.cidr.unwrap();
    let reserved = subnet.reservations.iter().flatten();
    let reserved: Vec<_> = reserved.map(|reservation| reservation.cidr).collect();
    let is_free = |address: &Ipv4Addr| {
        let holds = |eni: &Interface| {
            eni.primary == Some(*address)
                || eni.secondary.contains(address)
                || eni.prefixes.iter().any(|prefix| prefix.contains(*address))
        };
        cidr.contains(*address)
            && !reserved.iter().any(|block| block.contains(*address))
            && !interfaces.iter().any(holds)
    };
    (4..4000).map(|at| Ipv4Addr::from(u32::from(cidr.first()) + at)).find(is_free).unwrap()
}

const GROWS: &str = "version: 1\nsteps: [{scale: {group: general, nodes: 18}}]\n";

fn used(timeline: &Timeline, step: usize) -> u32 {
    timeline.steps[step].subnets.iter().map(|subnet| subnet.used).sum()
}

fn nodes(timeline: &Timeline, step: usize) -> u64 {
    let group = timeline.steps[step].groups.iter().find(|group| *group.name == *GROUP);
    group.unwrap().nodes_placed
}

fn launch_notes(inventory: &Inventory, group: &str) -> Vec<String> {
    let start = observe(inventory, &BUILTIN, false).unwrap();
    let scenario =
        parse(&format!("version: 1\nnode_groups: [{{name: general{group}}}]\n")).unwrap();
    let layout = check_from(&scenario, &start, &BUILTIN, false);
    let notes = layout.unwrap_or_else(|error| panic!("{error}")).notes().into_iter();
    notes.filter(|note| note.starts_with("general: new nodes start with")).collect()
}

/// An `efa-only` interface of another network card has no address: nothing else changes.
#[test]
fn an_efa_only_interface_takes_no_node_away() {
    let plain = inventory(&vpc());
    let efa_only = with_eni(&plain, |eni| {
        eni.interface_type = Some("efa-only".into());
        eni.primary = None;
    });
    let (plain, with) = (play(&plain, GROWS), play(&efa_only, GROWS));
    for step in [0, 1] {
        assert_eq!(used(&plain, step), used(&with, step));
        assert_eq!((nodes(&plain, step), nodes(&with, step)), ([15, 18][step], [15, 18][step]));
    }
    assert_eq!(launch_notes(&efa_only, ""), [""; 0]);
}

/// An EFA interface of another card takes an address, and new nodes have one as well.
#[test]
fn new_nodes_have_the_efa_interfaces_of_the_others() {
    let mut plain = inventory(&vpc());
    for instance in plain.instances.iter_mut().flatten() {
        if instance.tags.get("eks:nodegroup-name") == Some(GROUP) {
            // It has 4 network cards with an EFA interface each.
            instance.instance_type = Some("p4d.24xlarge".into());
        }
    }
    let efa = with_eni(&plain, |eni| eni.interface_type = Some("efa".into()));
    let few = GROWS.replace("steps", "cni: {warm_ip_target: 1, minimum_ip_target: 1}\nsteps");
    let timelines = (play(&plain, &few), play(&efa, &few));
    assert_eq!(used(&timelines.1, 0), used(&timelines.0, 0) + 15);
    assert_eq!((nodes(&timelines.0, 1), nodes(&timelines.1, 1)), (18, 18));
    assert_eq!(used(&timelines.1, 1), used(&timelines.0, 1) + 18);
    assert_eq!(
        launch_notes(&efa, ""),
        [
            "general: new nodes start with the interfaces that its nodes have: 1 interface with an address on \
          another network card; set extra_interfaces in node_groups to change this"
        ]
    );
    assert_eq!(launch_notes(&efa, ", pods_per_node: 1").len(), 1);
    assert_eq!(launch_notes(&efa, ", extra_interfaces: {unmanaged: 1}"), [""; 0]);
}

/// An ENI that the CNI does not manage takes a place of its pool and its own address.
#[test]
fn new_nodes_have_the_unmanaged_enis_of_the_others() {
    let plain = inventory(&vpc());
    let unmanaged = with_eni(&plain, |eni| {
        let tag = ("node.k8s.amazonaws.com/no_manage", "true");
        eni.tags = [tag].into_iter().collect();
        let attachment = eni.attachment.as_mut().unwrap();
        (attachment.network_card_index, attachment.device_index) = (Some(0), Some(9));
    });
    let timeline = play(&unmanaged, GROWS);
    assert_eq!(used(&timeline, 0), used(&play(&plain, GROWS), 0) + 15);
    assert_eq!(nodes(&timeline, 1), 18);
    assert_eq!(
        launch_notes(&unmanaged, ""),
        [
            "general: new nodes start with the interfaces that its nodes have: 1 ENI that the VPC CNI does not \
          manage; set extra_interfaces in node_groups to change this"
        ]
    );
    // Written, they are the same.
    let written = format!(
        "version: 1\nnode_groups: [{{name: general, extra_interfaces: {{unmanaged: 1}}}}]\n{}",
        GROWS.trim_start_matches("version: 1\n")
    );
    assert_eq!(used(&play(&unmanaged, &written), 1), used(&timeline, 1));
}

/// The example with nodes of a NodePool instead of a managed node group, and what was saved of Karpenter.
fn karpenters(objects: &str) -> Inventory {
    let mut all = inventory(&vpc());
    for instance in all.instances.iter_mut().flatten() {
        if instance.tags.get("eks:nodegroup-name") == Some(GROUP) {
            instance.tags = [("karpenter.sh/nodepool", GROUP)].into_iter().collect();
        }
    }
    let declared = read("objects.yaml", objects).unwrap_or_else(|error| panic!("{error}"));
    let told = all.kubernetes.get_or_insert_with(Kubernetes::default);
    told.node_pools = Some(declared.node_pools);
    told.ec2_node_classes = Some(declared.ec2_node_classes);
    all
}

fn pool(zone: &str) -> String {
    format!(
        "apiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: {{name: general}}\n\
         spec: {{template: {{spec: {{requirements: [{{key: topology.kubernetes.io/zone, operator: In, \
         values: ['{zone}']}}], nodeClassRef: {{name: default}}}}}}, limits: {{cpu: 6}}, \
         disruption: {{budgets: [{{nodes: '0'}}]}}}}\n"
    )
}

/// New nodes of a NodePool go to the subnets that its EC2NodeClass selects, in the zones that it admits.
#[test]
fn new_nodes_go_where_their_class_selects() {
    let plain = inventory(&vpc());
    let (fresh, zone) = ("subnet-0fresh", "eu-central-1b");
    let class = "---\napiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata: {name: default}\n\
                 spec: {subnetSelectorTerms: [{id: subnet-0fresh}, {id: subnet-0other}]}\n";
    let with_subnets = |mut all: Inventory| {
        let like = all.subnets.iter().find(|subnet| subnet.cidr.is_some()).unwrap().clone();
        for (id, zone, cidr) in
            [(fresh, zone, "10.200.0.0/24"), ("subnet-0other", "eu-central-1a", "10.200.1.0/24")]
        {
            all.subnets.push(Subnet {
                subnet_id: id.to_owned(),
                availability_zone: Some(zone.into()),
                cidr: cidr.parse().ok(),
                available: Some(251),
                reservations: Some(Vec::new()),
                tags: std::collections::BTreeMap::default(),
                ..like.clone()
            });
        }
        all
    };
    assert!(plain.subnets.iter().all(|subnet| subnet.subnet_id != fresh));
    let grows = "version: 1\nnode_groups: [{name: general, limits: {cpu: 10000}}]\n\
                 steps: [{scale: {group: general, nodes: 18}}]\n";
    let placed = |objects: &str| {
        let all = with_subnets(karpenters(objects));
        let timeline = play(&all, grows);
        assert_eq!(nodes(&timeline, 1), 18);
        let used = |id: &str| {
            let of = |step: usize| {
                let subnets = &timeline.steps[step].subnets;
                subnets.iter().find(|subnet| *subnet.name == *id).unwrap().used
            };
            (of(0), of(1) > 0)
        };
        let start = observe(&all, &BUILTIN, false).unwrap();
        let layout = check_from(&parse(grows).unwrap(), &start, &BUILTIN, false).unwrap();
        let notes = layout.notes().into_iter();
        let about =
            notes.filter(|note| note.starts_with("general: ") && note.contains("new nodes start"));
        (used(fresh), used("subnet-0other"), about.collect::<Vec<_>>())
    };
    let (fresh, other, notes) = placed(&(pool(zone) + class));
    assert_eq!((fresh, other), ((0, true), (0, false)));
    assert_eq!(
        notes,
        [
            "general: new nodes start in the subnets that EC2NodeClass default selects; set subnets in \
          node_groups to change this"
        ]
    );
    let (fresh, other, notes) = placed(&pool(zone));
    assert_eq!((fresh, other), ((0, false), (0, false)));
    assert_eq!(
        notes,
        [
            "general: its EC2NodeClass was not saved, or selects none of these subnets: new nodes start only in \
          the subnets of its nodes; set subnets in node_groups to change this"
        ]
    );
}

/// A plan says what it does not take over.
#[test]
fn a_plan_says_what_it_leaves_out_of_a_node_pool() {
    let start = observe(&karpenters(&pool("eu-central-1b")), &BUILTIN, false).unwrap();
    let layout = check_from(&parse("version: 1\n").unwrap(), &start, &BUILTIN, false).unwrap();
    let asked = observed_requirement(&Standing::new(&start, &layout));
    let said = "group general: the saved NodePool's limits (cpu 6) and disruption budgets (0) are not planned \
                with: the plan states its own, and a roll-out goes by survive.rollout.budget, or 10% without it";
    assert!(asked.assumed.iter().any(|text| text == said), "{:?}", asked.assumed);
}
