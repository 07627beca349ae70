//! From what was observed to what is counted.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    ledger::{AvailableLists, Ledger},
    node_subnets::{SubnetNodes, node_subnets, on_nodes},
    nodes::{NodeCount, nodes},
    subnet::SubnetCount,
};
use crate::{
    inventory::{
        EniLookup, Inventory, Known, LookedUpEni, Looker, Operation, Places, Selected, Source,
        Subnet, Withheld, beside,
    },
    network::{SUBNET_LENGTHS, SpaceError},
};

/// Why subnets cannot be counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("subnet {subnet_id}: {error}")]
pub struct CountError {
    /// The subnet.
    pub subnet_id: String,
    /// What is wrong with its network.
    pub error: SpaceError,
    /// Whether it is larger than ordinary accounts have.
    pub is_larger: bool,
}

/// What was observed in one or several places, counted. Each place is counted by itself, so that what is
/// not available in one of them says nothing of another.
pub struct Counted<'a> {
    /// Where the numbers come from.
    pub source: Source,
    /// The places.
    pub places: Vec<PlaceCount<'a>>,
    /// What is not available of whole places.
    pub unseen: Vec<Withheld>,
    /// Whether places are told apart.
    pub is_several: bool,
    /// What was passed over.
    pub notes: Vec<String>,
}

/// One place, counted: a region as an account sees it, or several that share subnets.
pub struct PlaceCount<'a> {
    /// What was observed.
    pub inventory: &'a Inventory,
    /// Whose ENIs are whose.
    pub known: Known<'a>,
    /// What that tells of each ENI.
    pub(in crate::audit) told: EniLookup<'a>,
    /// Subnets by VPC, zone and network; IPv6-only ones last.
    pub subnets: Vec<SubnetCount>,
    /// Kubernetes nodes with ENIs in the subnets, sorted by id; `None` when instances or ENIs are not
    /// available.
    pub nodes: Option<Vec<NodeCount>>,
    /// The nodes of each subnet that has some; `None` when they are not available.
    pub(in crate::audit) node_subnets: Option<BTreeMap<&'a str, SubnetNodes<'a>>>,
    /// What is not available.
    pub withheld: BTreeSet<Withheld>,
}

impl<'a> Counted<'a> {
    /// Counts the selected subnets of every place with all interfaces in them.
    ///
    /// # Errors
    /// When a subnet's network cannot be one: larger than /16 unless that is allowed, or smaller than
    /// /28.
    pub fn of(places: &'a Places, allow_large: bool) -> Result<Self, CountError> {
        let place = |(inventory, selected): &'a (Inventory, Selected)| {
            PlaceCount::new(inventory, selected, allow_large)
        };
        Ok(Self {
            source: places.source.clone(),
            places: places.list.iter().map(place).collect::<Result<_, _>>()?,
            unseen: places.unseen.clone(),
            is_several: places.is_several,
            notes: places.notes.clone(),
        })
    }

    /// The counted subnets of every place.
    pub fn subnets(&self) -> impl Iterator<Item = &SubnetCount> + Clone {
        self.places.iter().flat_map(|place| &place.subnets)
    }

    /// The nodes of every place, sorted, each once; `None` when those of a place are not available.
    #[must_use]
    pub fn nodes(&self) -> Option<BTreeMap<&str, &NodeCount>> {
        let mut all = BTreeMap::new();
        for place in &self.places {
            all.extend(place.nodes.as_ref()?.iter().map(|node| (node.instance_id.as_str(), node)));
        }
        Some(all)
    }

    /// What is not available, as it is shown.
    #[must_use]
    pub fn withheld(&self) -> Vec<Withheld> {
        let of_place =
            |place: &PlaceCount<'_>| self.shown(place, place.withheld.iter().cloned().collect());
        let mut rows: Vec<Withheld> = self.places.iter().flat_map(of_place).collect();
        rows.extend(self.unseen.iter().cloned());
        rows.sort();
        rows.dedup();
        rows
    }

    /// Rows of a place as they are shown: gathered, and with the place where several are told apart.
    pub(in crate::audit) fn shown(
        &self,
        place: &PlaceCount<'_>,
        rows: BTreeSet<Withheld>,
    ) -> Vec<Withheld> {
        let rows = gathered(rows);
        if !self.is_several {
            return rows;
        }
        let place = place.inventory.source.place();
        rows.into_iter().map(|row| row.at(&place)).collect()
    }
}

impl<'a> PlaceCount<'a> {
    /// Counts one place.
    ///
    /// # Errors
    /// As [`Counted::of`].
    pub fn new(
        inventory: &'a Inventory,
        selected: &Selected,
        allow_large: bool,
    ) -> Result<Self, CountError> {
        let subnets = wanted(inventory, selected);
        let mut ledgers = ledgers(&subnets, allow_large)?;
        let known = Known::new(inventory);
        let told = EniLookup::new(inventory, &known);
        let at: HashMap<&str, usize> =
            subnets.iter().enumerate().map(|(at, s)| (s.subnet_id.as_str(), at)).collect();
        // The place of each of the inventory's subnets among those that are counted.
        let of_list = inventory.subnets.iter();
        let at: Vec<Option<usize>> =
            of_list.map(|subnet| at.get(subnet.subnet_id.as_str()).copied()).collect();
        let place = |eni: &LookedUpEni<'_>| eni.of_subnet(&at).flatten();
        let doubted = inventory.doubted();
        let seen = AvailableLists {
            interfaces: inventory.interfaces.is_some(),
            instances: inventory.instances.is_some(),
        };
        let of_nodes = || {
            let is_seen = seen.interfaces
                && seen.instances
                && subnets.iter().all(|subnet| !doubted.contains(subnet.subnet_id.as_str()));
            let on_nodes = is_seen.then(|| on_nodes(&told, |eni| place(eni).is_some()));
            let nodes = on_nodes.as_ref().map(|enis| nodes(inventory, enis));
            (nodes, on_nodes.as_ref().map(|enis| node_subnets(enis)))
        };
        let ((nodes, node_subnets), ()) = beside(told.enis.len(), of_nodes, || {
            for eni in &told.enis {
                if let Some(ledger) = place(eni).and_then(|at| ledgers.get_mut(at)) {
                    ledger.count(eni);
                }
            }
        });
        let looker = Looker::of(inventory);
        let mut withheld: BTreeSet<Withheld> = inventory.withheld.iter().cloned().collect();
        withheld.extend(selected.withheld.iter().cloned());
        let mut counts = Vec::with_capacity(ledgers.len());
        for (subnet, ledger) in subnets.iter().zip(ledgers) {
            let is_sure = !doubted.contains(subnet.subnet_id.as_str());
            let seen = AvailableLists { interfaces: seen.interfaces && is_sure, ..seen };
            let (mut count, missing) = ledger.close(seen, &looker);
            withheld.extend(missing);
            count.lacks_cidr = subnet.cidr.is_none()
                && withheld.iter().any(|row| {
                    row.operation == Operation::DescribeSubnets.name()
                        && row.subnet_id.as_ref() == Some(&subnet.subnet_id)
                });
            let owner = count.shared_by.as_deref().filter(|_| count.may_hide());
            withheld.extend(owner.map(|owner| invisible(subnet, owner)));
            if let Some(because) = selected.subnets.get(&subnet.subnet_id) {
                count.selected_by.clone_from(because);
            }
            counts.push(count);
        }
        Ok(Self { inventory, told, subnets: counts, nodes, node_subnets, known, withheld })
    }
}

/// The selected subnets in the order they are shown in.
pub(super) fn wanted<'a>(inventory: &'a Inventory, selected: &Selected) -> Vec<&'a Subnet> {
    let all = inventory.subnets.iter();
    let mut subnets: Vec<&Subnet> =
        all.filter(|subnet| selected.subnets.contains_key(&subnet.subnet_id)).collect();
    subnets.sort_by(|a, b| {
        let zone = |s: &'a Subnet| s.availability_zone.as_deref();
        let key = |s: &&'a Subnet| {
            (s.cidr.is_none(), s.vpc_id.as_str(), zone(s), s.cidr, s.subnet_id.as_str())
        };
        key(a).cmp(&key(b))
    });
    subnets
}

fn ledgers<'a>(subnets: &[&'a Subnet], allow_large: bool) -> Result<Vec<Ledger<'a>>, CountError> {
    let ledger = |subnet: &&'a Subnet| {
        Ledger::new(subnet, allow_large).map_err(|error| refused(subnet, error))
    };
    subnets.iter().map(ledger).collect()
}

/// The error of a subnet whose network cannot be one.
pub(super) fn refused(subnet: &Subnet, error: SpaceError) -> CountError {
    let is_larger = subnet.cidr.is_some_and(|cidr| cidr.prefix_len() < *SUBNET_LENGTHS.start());
    CountError { subnet_id: subnet.subnet_id.clone(), error, is_larger }
}

/// What is not visible of a shared subnet.
fn invisible(subnet: &Subnet, owner: &str) -> Withheld {
    let reason = format!(
        "{} is shared by account {owner}: interfaces of other accounts are not visible",
        subnet.subnet_id
    );
    Withheld::new(Operation::DescribeNetworkInterfaces, reason)
}

/// The rows that are shown: those about single subnets gathered by what they say, since a policy
/// that refuses a call refuses it for every subnet.
fn gathered(rows: BTreeSet<Withheld>) -> Vec<Withheld> {
    let mut subnets: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let mut shown = Vec::new();
    for row in rows {
        match row.subnet_id {
            Some(id) => subnets.entry((row.operation, row.reason)).or_default().push(id),
            None => shown.push(row),
        }
    }
    for ((operation, reason), ids) in subnets {
        let these = match ids.as_slice() {
            [one] => one.clone(),
            many => format!("{} subnets", many.len()),
        };
        shown.push(Withheld {
            operation,
            reason: format!("{these}: {reason}"),
            subnet_id: None,
            place: None,
        });
    }
    shown.sort();
    shown
}
