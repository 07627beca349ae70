//! The subnets that Karpenter chooses from: those that each EC2NodeClass selects; where no classes were read,
//! those with the tag that its guides use, or else those that hold its nodes.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Facts,
    class_use::{ClassKind, ClassUses, Starts},
    unseen::{may_select_unseen, nodes_may_be_unseen},
};
use crate::{
    audit::count::SubnetCount,
    declared::{Ec2NodeClass, SubnetTerm},
    inventory::{Instance, Subnet, keys::NODE_POOL_KEY},
};

/// The tag by which Karpenter's guides find subnets.
const DISCOVERY: &str = "karpenter.sh/discovery";

/// Subnets, and who selects them.
pub(super) struct Selection<'a> {
    pub(super) by: String,
    /// Its EC2NodeClass, where that was read.
    class: Option<&'a str>,
    /// Whether that is known, and not inferred from tags or nodes.
    pub(super) is_known: bool,
    pub(super) subnets: Vec<&'a SubnetCount>,
    /// What selects them; empty where only nodes tell it.
    terms: Vec<SubnetTerm>,
}

impl Selection<'_> {
    /// Whether Karpenter starts nodes by it in a zone of a VPC.
    pub(super) fn starts(&self, uses: &ClassUses<'_>, place: (&str, &str)) -> Starts {
        self.class.map_or(Starts::There, |class| uses.starts((ClassKind::Ec2, class), place))
    }

    /// Whether it could have further subnets of a VPC, which the audit leaves out.
    pub(super) fn may_miss(&self, facts: &Facts<'_>, vpc: &str) -> bool {
        if self.terms.is_empty() {
            nodes_may_be_unseen(facts, vpc)
        } else {
            may_select_unseen(facts, &self.terms, vpc)
        }
    }
}

/// Each choice of subnets that Karpenter has, in a fixed order.
pub(super) fn selections<'a>(facts: &Facts<'a>) -> Vec<Selection<'a>> {
    let counts: BTreeMap<&str, &SubnetCount> =
        facts.subnets.iter().map(|subnet| (subnet.subnet_id.as_str(), subnet)).collect();
    let rows = || facts.inventory.subnets.iter();
    let kubernetes = facts.inventory.kubernetes.as_ref();
    if let Some(classes) = kubernetes.and_then(|told| told.ec2_node_classes.as_ref()) {
        let of_class = |class: &'a Ec2NodeClass| {
            let selected = rows().filter(|subnet| subnet.is_selected(&class.subnets));
            let by = format!("EC2NodeClass {}", class.name);
            Selection {
                by,
                class: Some(&class.name),
                is_known: true,
                subnets: counted(&counts, selected),
                terms: class.subnets.clone(),
            }
        };
        return classes.iter().map(of_class).collect();
    }
    let values: BTreeSet<&str> =
        rows().filter_map(|subnet| subnet.tags.get(DISCOVERY)).map(String::as_str).collect();
    if !values.is_empty() {
        let of_value = |value: &str| {
            let tagged = rows()
                .filter(|subnet| subnet.tags.get(DISCOVERY).map(String::as_str) == Some(value));
            let by = format!("the tag {DISCOVERY}={value}, without EC2NodeClasses");
            let tags = [(DISCOVERY.to_owned(), value.to_owned())].into();
            let terms = vec![SubnetTerm { tags, ..SubnetTerm::default() }];
            Selection { by, class: None, is_known: false, subnets: counted(&counts, tagged), terms }
        };
        return values.into_iter().map(of_value).collect();
    }
    let mut pools: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for instance in facts.inventory.instances.iter().flatten() {
        if let (Some(pool), Some(subnet)) = (pool_of(instance), instance.subnet_id.as_deref()) {
            pools.entry(pool).or_default().insert(subnet);
        }
    }
    let of_pool = |(pool, ids): (&str, BTreeSet<&str>)| {
        let theirs = rows().filter(|subnet| ids.contains(subnet.subnet_id.as_str()));
        let by = format!("where nodes of NodePool {pool} are, without EC2NodeClasses");
        let subnets = counted(&counts, theirs);
        Selection { by, class: None, is_known: false, subnets, terms: Vec::new() }
    };
    pools.into_iter().map(of_pool).collect()
}

fn pool_of(instance: &Instance) -> Option<&str> {
    instance.tags.get(NODE_POOL_KEY)
}

fn counted<'a, 's>(
    counts: &BTreeMap<&str, &'a SubnetCount>,
    subnets: impl Iterator<Item = &'s Subnet>,
) -> Vec<&'a SubnetCount> {
    subnets.filter_map(|subnet| counts.get(subnet.subnet_id.as_str()).copied()).collect()
}
