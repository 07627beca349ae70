//! Pod subnets of EKS Auto Mode: a NodeClass that selects some needs one in each zone of its nodes, with
//! room in it. Nodes of a zone without one are Ready, and their pods stay in ContainerCreating (EKS user
//! guide, "Create a Node Class", awsdocs/amazon-eks-user-guide #1088).

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Check, Claim, Facts,
    class_use::{ClassKind, ClassUses, Starts},
    hints::{look_at, other, reservations},
    unseen::may_select_unseen,
};
use crate::{
    audit::count::SubnetCount,
    declared::{AutoNodeClass, SubnetTerm},
    finding::{Command, Finding, Severity, Word, counted, listed},
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
    severities: &[Severity::Critical, Severity::Warning],
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
    let uses = ClassUses::of(facts);
    classes
        .filter(|class| !class.pod_subnets.is_empty())
        .flat_map(|class| of_class(facts, class, &uses))
        .collect()
}

/// The zones of a class's nodes in which its pods get no address.
fn of_class(facts: &Facts<'_>, class: &AutoNodeClass, uses: &ClassUses<'_>) -> Vec<Finding> {
    let audited: BTreeMap<&str, &SubnetCount> =
        facts.subnets.iter().map(|subnet| (subnet.subnet_id.as_str(), subnet)).collect();
    let pods = by_zone(&facts.inventory.subnets, &class.pod_subnets);
    let nodes = by_zone(&facts.inventory.subnets, &class.subnets);
    let mut found = Vec::new();
    for ((vpc, zone), own) in nodes {
        let starts = uses.starts((ClassKind::AutoMode, &class.name), (vpc, zone));
        if starts == Starts::Nowhere {
            continue;
        }
        let class = UsedClass { class, starts, zone };
        // A pod subnet may be among those that the audit leaves out.
        if may_select_unseen(facts, &class.class.pod_subnets, vpc) {
            continue;
        }
        // Of what is not audited nothing is said.
        let Some(own) = own.iter().find_map(|id| audited.get(id)) else { continue };
        match pods.get(&(vpc, zone)) {
            None => found.push(class.without(own, &zones_of(&pods, vpc))),
            Some(of_zone) => {
                let counts: Vec<&SubnetCount> =
                    of_zone.iter().filter_map(|id| audited.get(id).copied()).collect();
                if counts.len() == of_zone.len()
                    && counts.iter().all(|count| count.takes_no_new_node())
                {
                    found.extend(counts.first().map(|first| class.full(first, counts.len())));
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
        if let (true, Some(zone)) = (subnet.is_selected(terms), subnet.availability_zone.as_deref())
        {
            let of_zone = zones.entry((subnet.vpc_id.as_str(), zone)).or_default();
            of_zone.push(&subnet.subnet_id);
        }
    }
    zones
}

fn zones_of<'a>(pods: &Zones<'a>, vpc: &str) -> BTreeSet<&'a str> {
    pods.keys().filter(|(its, _)| *its == vpc).map(|(_, zone)| *zone).collect()
}

/// A NodeClass in a zone of its nodes.
struct UsedClass<'a> {
    class: &'a AutoNodeClass,
    starts: Starts,
    zone: &'a str,
}

impl UsedClass<'_> {
    /// Nodes without addresses for their pods are an outage; a class that nothing is known to use is none yet.
    fn severity(&self) -> Severity {
        match self.starts {
            Starts::There | Starts::Maybe => Severity::Critical,
            Starts::Unlikely | Starts::Nowhere => Severity::Warning,
        }
    }

    fn assumed(&self) -> String {
        self.starts.assumed("the NodeClass")
    }

    /// To see what the class selects.
    fn show(&self) -> Option<Command> {
        let get = Word::Own("kubectl get nodeclasses.eks.amazonaws.com");
        other(&[get, Word::Name(&self.class.name), Word::Own("-o yaml")])
    }

    /// What its terms for pods select by, in words.
    fn terms(&self) -> String {
        let each = self.class.pod_subnets.iter().map(|term| {
            let tags = term.tags.iter().map(|(key, value)| format!("{key}={value}"));
            let all: Vec<String> =
                term.id.iter().cloned().chain(term.cidr.iter().cloned()).chain(tags).collect();
            all.join(" and ")
        });
        each.collect::<Vec<_>>().join(", or ")
    }

    /// `elsewhere`: the zones that have a pod subnet.
    fn without(&self, nodes: &SubnetCount, elsewhere: &BTreeSet<&str>) -> Finding {
        let others = if elsewhere.is_empty() {
            "no zone has one".to_owned()
        } else {
            let have = if elsewhere.len() == 1 { "has" } else { "have" };
            format!("{} {have} one", listed(elsewhere))
        };
        let (class, zone) = (self.class, self.zone);
        let starts = match self.starts {
            Starts::There => "starts nodes there",
            Starts::Maybe | Starts::Unlikely | Starts::Nowhere => "selects it for nodes",
        };
        CHECK
            .finding(self.severity(), &nodes.subnet_id)
            .message(format!(
                "{}: NodeClass {} {starts}, and its podSubnetSelectorTerms select no subnet of {zone} \
                 ({others}): pods get no address, \"failed to assign an IP address to container\"{}",
                nodes.label(),
                class.name,
                self.assumed(),
            ))
            .hint(format!(
                "create a subnet for pods in {zone} that its terms select ({}), or take {} out of its \
                 subnetSelectorTerms",
                self.terms(),
                nodes.subnet_id
            ))
            .command(self.show())
            .detail(format!("{}@{zone}", class.name))
            .with("node_class", class.name.as_str())
            .with("availability_zone", zone)
            .with("zones_with_pod_subnet", elsewhere.iter().copied().collect::<Vec<_>>())
            .with("assumed", self.starts != Starts::There)
    }

    /// The first of `count` pod subnets of the zone, none of which has room.
    fn full(&self, pods: &SubnetCount, count: usize) -> Finding {
        let (class, zone) = (self.class, self.zone);
        let others = match count {
            1 => "has no other pod subnet",
            _ => "has no pod subnet with room",
        };
        let prefixes = pods.prefixes_at_most().unwrap_or(0);
        // The blocks of a prefix reservation serve the ENIs that are there, and no new one.
        let (room, hint, command) = if prefixes > 0 {
            (
                format!(
                    "this one has {} for prefixes and no single address outside reservations, which a new \
                     node's ENI needs first",
                    counted(prefixes, "/28 block", "/28 blocks")
                ),
                "leave part of the subnet outside reservations",
                reservations(&pods.subnet_id),
            )
        } else if pods.reserved_free.is_some_and(|reserved| reserved > 0) {
            (
                "this one has no room for a new node outside reservations".to_owned(),
                "leave part of the subnet outside reservations",
                reservations(&pods.subnet_id),
            )
        } else {
            (
                "this one has no room for a new node".to_owned(),
                "see who holds the addresses",
                look_at(&pods.subnet_id, "--owners"),
            )
        };
        CHECK
            .finding(self.severity(), &pods.subnet_id)
            .message(format!(
                "{}: NodeClass {} {others} in {zone}, and {room}: pods on new nodes get no address, \"failed \
                 to assign an IP address to container\"{}",
                pods.label(),
                class.name,
                self.assumed(),
            ))
            .hint(format!(
                "{hint}, or create a further subnet for pods in {zone} that its terms select ({})",
                self.terms()
            ))
            .command(command)
            .detail(format!("{}@{zone} full", class.name))
            .with("node_class", class.name.as_str())
            .with("availability_zone", zone)
            .with("room_single", pods.room_at_most().map(|room| room.singles))
            .with("assignable_prefixes", pods.prefixes_at_most())
            .with("assumed", self.starts != Starts::There)
    }
}
