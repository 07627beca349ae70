//! Pod subnets of EKS Auto Mode: a NodeClass that selects some needs one in each zone of its nodes, with
//! room in it. Nodes of a zone without one are Ready, and their pods stay in ContainerCreating (EKS user
//! guide, "Create a Node Class", awsdocs/amazon-eks-user-guide #1088).

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Check, Claim, Facts,
    hints::{look_at, other},
    unseen::may_select_unseen,
};
use crate::{
    audit::count::SubnetCount,
    declared::{AutoNodeClass, SubnetTerm},
    finding::{Command, Finding, Severity, Word, listed},
    inventory::{Subnet, Withheld},
};

pub(super) const CHECK: Check = Check {
    id: "auto-mode-pod-subnet",
    about: "a NodeClass of EKS Auto Mode has no pod subnet with room in a zone of its nodes",
    claim: |_| {
        Claim::of(
            "has no pod subnet with room for nodes of EKS Auto Mode",
            "have no pod subnet with room for nodes of EKS Auto Mode",
        )
    },
    severities: &[Severity::Critical],
    tunables: &[],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let kubernetes = facts.inventory.kubernetes.iter();
    let classes = kubernetes.flat_map(|told| told.node_classes.iter().flatten());
    // With pages of subnets missing, one that is not there may be on them.
    if facts.inventory.withheld.iter().any(Withheld::is_of_all_subnets) {
        return Vec::new();
    }
    classes
        .filter(|class| !class.pod_subnets.is_empty())
        .flat_map(|class| of_class(facts, class))
        .collect()
}

/// The zones of a class's nodes in which its pods get no address.
fn of_class(facts: &Facts<'_>, class: &AutoNodeClass) -> Vec<Finding> {
    let audited: BTreeMap<&str, &SubnetCount> =
        facts.subnets.iter().map(|subnet| (subnet.subnet_id.as_str(), subnet)).collect();
    let pods = by_zone(&facts.inventory.subnets, &class.pod_subnets);
    let nodes = by_zone(&facts.inventory.subnets, &class.subnets);
    let mut found = Vec::new();
    for ((vpc, zone), own) in nodes {
        // A pod subnet may be among those that the audit leaves out.
        if may_select_unseen(facts, &class.pod_subnets, vpc) {
            continue;
        }
        // Of what is not audited nothing is said.
        let Some(own) = own.iter().find_map(|id| audited.get(id)) else { continue };
        match pods.get(&(vpc, zone)) {
            None => found.push(without(class, own, (zone, &zones_of(&pods, vpc)))),
            Some(of_zone) => {
                let counts: Vec<&SubnetCount> =
                    of_zone.iter().filter_map(|id| audited.get(id).copied()).collect();
                if counts.len() == of_zone.len() && counts.iter().all(|count| is_full(count)) {
                    found.extend(counts.first().map(|first| full(class, first, zone)));
                }
            }
        }
    }
    found
}

/// Ids of subnets by VPC and zone.
type Zones<'a> = BTreeMap<(&'a str, &'a str), Vec<&'a str>>;

/// The subnets that terms select.
fn by_zone<'a>(subnets: &'a [Subnet], terms: &[SubnetTerm]) -> Zones<'a> {
    let mut zones = Zones::new();
    for subnet in subnets {
        let cidr = subnet.cidr.map(|cidr| cidr.to_string());
        let is_selected =
            terms.iter().any(|term| term.selects(&subnet.subnet_id, cidr.as_deref(), &subnet.tags));
        if let (true, Some(zone)) = (is_selected, subnet.availability_zone.as_deref()) {
            let of_zone = zones.entry((subnet.vpc_id.as_str(), zone)).or_default();
            of_zone.push(&subnet.subnet_id);
        }
    }
    zones
}

fn zones_of<'a>(pods: &Zones<'a>, vpc: &str) -> BTreeSet<&'a str> {
    pods.keys().filter(|(its, _)| *its == vpc).map(|(_, zone)| *zone).collect()
}

/// Whether EC2 can assign neither an address nor a prefix there, as far as is known.
fn is_full(subnet: &SubnetCount) -> bool {
    subnet.room_at_most().is_some_and(|room| room.addresses == 0)
        && subnet.prefixes_at_most().is_none_or(|prefixes| prefixes == 0)
}

/// To see what the class selects.
fn show(class: &AutoNodeClass) -> Option<Command> {
    let get = Word::Own("kubectl get nodeclasses.eks.amazonaws.com");
    other(&[get, Word::Name(&class.name), Word::Own("-o yaml")])
}

/// What terms select by, in words.
fn terms(class: &AutoNodeClass) -> String {
    let each = class.pod_subnets.iter().map(|term| {
        let tags = term.tags.iter().map(|(key, value)| format!("{key}={value}"));
        let all: Vec<String> =
            term.id.iter().cloned().chain(term.cidr.iter().cloned()).chain(tags).collect();
        all.join(" and ")
    });
    each.collect::<Vec<_>>().join(", or ")
}

/// `elsewhere`: the zones that have a pod subnet.
fn without(
    class: &AutoNodeClass,
    nodes: &SubnetCount,
    (zone, elsewhere): (&str, &BTreeSet<&str>),
) -> Finding {
    let others = if elsewhere.is_empty() {
        "no zone has one".to_owned()
    } else {
        let have = if elsewhere.len() == 1 { "has" } else { "have" };
        format!("{} {have} one", listed(elsewhere))
    };
    CHECK
        .finding(Severity::Critical, &nodes.subnet_id)
        .message(format!(
            "{}: NodeClass {} starts nodes there, and its podSubnetSelectorTerms select no subnet of {zone} \
             ({others}): pods get no address, \"failed to assign an IP address to container\"",
            nodes.label(),
            class.name,
        ))
        .hint(format!(
            "create a subnet for pods in {zone} that its terms select ({}), or take {} out of its \
             subnetSelectorTerms",
            terms(class),
            nodes.subnet_id
        ))
        .command(show(class))
        .detail(format!("{}@{zone}", class.name))
        .with("node_class", class.name.as_str())
        .with("availability_zone", zone)
        .with("zones_with_pod_subnet", elsewhere.iter().copied().collect::<Vec<_>>())
}

fn full(class: &AutoNodeClass, pods: &SubnetCount, zone: &str) -> Finding {
    CHECK
        .finding(Severity::Critical, &pods.subnet_id)
        .message(format!(
            "{}: NodeClass {} has no other pod subnet in {zone}, and this one has no room: pods on new \
             nodes get no address, \"failed to assign an IP address to container\"",
            pods.label(),
            class.name
        ))
        .hint(format!("create a further subnet for pods in {zone} that its terms select ({})", terms(class)))
        .command(look_at(&pods.subnet_id, "--owners"))
        .detail(format!("{}@{zone} full", class.name))
        .with("node_class", class.name.as_str())
        .with("availability_zone", zone)
}
