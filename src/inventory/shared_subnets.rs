//! What several accounts see of one subnet, counted once. A subnet shared over RAM is listed to its
//! owner and to each participant; who looks with several of them sees the ENIs of each.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Instance, Interface, Inventory, Operation, Selected, Subnet, Vpc, account_of};

/// Inventories with what is selected of each, no subnet in two of them. Those of one region that have
/// a subnet in common become one when all of them saw ENIs and instances; otherwise the subnet stays
/// with the one that saw more, the earlier one if neither did.
#[must_use]
pub fn fused(parts: Vec<(Inventory, Selected)>) -> Vec<(Inventory, Selected)> {
    let mut kept: Vec<(Inventory, Selected)> = Vec::new();
    for mut part in parts {
        let whole = seen(&part.0) == WHOLE;
        let joins = |other: &(Inventory, Selected), part: &(Inventory, Selected)| {
            whole && seen(&other.0) == WHOLE && !common(other, part).is_empty()
        };
        while let Some(at) = kept.iter().position(|other| joins(other, &part)) {
            part = join(kept.remove(at), part);
        }
        for other in &mut kept {
            let twice = common(other, &part);
            let less = if seen(&other.0) >= seen(&part.0) { &mut part.1 } else { &mut other.1 };
            less.subnets.retain(|id, _| !twice.contains(id));
        }
        kept.push(part);
    }
    kept
}

/// Whether ENIs and instances are available, the more telling ones first.
fn seen(inventory: &Inventory) -> (bool, bool) {
    (inventory.interfaces.is_some(), inventory.instances.is_some())
}

const WHOLE: (bool, bool) = (true, true);

/// The selected subnets that both have.
fn common(one: &(Inventory, Selected), other: &(Inventory, Selected)) -> BTreeSet<String> {
    if one.0.source.region != other.0.source.region {
        return BTreeSet::new();
    }
    let its = other.1.subnets.keys();
    its.filter(|id| one.1.subnets.contains_key(*id)).cloned().collect()
}

fn join(one: (Inventory, Selected), other: (Inventory, Selected)) -> (Inventory, Selected) {
    let ((mut all, mut selected), (more, also)) = (one, other);
    for subnet in more.subnets {
        match all.subnets.iter_mut().find(|known| known.subnet_id == subnet.subnet_id) {
            Some(known) => fill_subnet(known, subnet),
            None => all.subnets.push(subnet),
        }
    }
    let mut vpcs = all.vpcs.take();
    for vpc in more.vpcs.into_iter().flatten() {
        let list = vpcs.get_or_insert_default();
        match list.iter_mut().find(|known| known.vpc_id == vpc.vpc_id) {
            Some(known) => fill_vpc(known, vpc),
            None => list.push(vpc),
        }
    }
    all.vpcs = vpcs;
    merge_interfaces(all.interfaces.get_or_insert_default(), more.interfaces.unwrap_or_default());
    merge_instances(all.instances.get_or_insert_default(), more.instances.unwrap_or_default());
    for cluster in more.clusters {
        if !all.clusters.iter().any(|known| known.key() == cluster.key()) {
            all.clusters.push(cluster);
        }
    }
    all.other_subnets.extend(more.other_subnets);
    all.other_networks.extend(more.other_networks);
    all.withheld.extend(more.withheld);
    // What one account was refused another one may have told.
    let told: BTreeSet<&str> = all
        .subnets
        .iter()
        .filter(|subnet| subnet.reservations.is_some())
        .map(|subnet| subnet.subnet_id.as_str())
        .collect();
    all.withheld.retain(|row| {
        row.operation != Operation::GetSubnetCidrReservations.name()
            || row.subnet_id.as_deref().is_none_or(|id| !told.contains(id))
    });
    let same = all.source.account.take().filter(|its| more.source.account.as_ref() == Some(its));
    all.source.account = same.or_else(|| all.interfaces.as_deref().and_then(account_of));
    for (id, because) in also.subnets {
        selected.subnets.entry(id).or_default().extend(because);
    }
    selected.withheld.extend(also.withheld);
    (all.in_order(), selected)
}

/// Of an ENI that both see the later reading holds, which is no contradiction: each account reads at a
/// moment of its own. Tags are shown to its owner alone.
fn merge_interfaces(known: &mut Vec<Interface>, more: Vec<Interface>) {
    let at: HashMap<String, usize> =
        known.iter().enumerate().map(|(at, eni)| (eni.interface_id.clone(), at)).collect();
    for eni in more {
        match at.get(&eni.interface_id).and_then(|at| known.get_mut(*at)) {
            Some(same) if same.tags.iter().count() > eni.tags.iter().count() => {
                let tags = std::mem::take(&mut same.tags);
                *same = Interface { tags, ..eni };
            }
            Some(same) => *same = eni,
            None => known.push(eni),
        }
    }
}

/// The later reading of an instance holds, as of an ENI.
fn merge_instances(known: &mut Vec<Instance>, more: Vec<Instance>) {
    let again: HashSet<&str> = more.iter().map(|instance| instance.instance_id.as_str()).collect();
    known.retain(|instance| !again.contains(instance.instance_id.as_str()));
    known.extend(more);
}

/// Tags are shown to the owner of a shared subnet alone, so that the one that has more is the owner's.
fn fill_subnet(known: &mut Subnet, other: Subnet) {
    known.available = known.available.or(other.available);
    if known.reservations.is_none() {
        known.reservations = other.reservations;
    }
    if known.tags.len() < other.tags.len() {
        known.tags = other.tags;
    }
}

fn fill_vpc(known: &mut Vpc, other: Vpc) {
    if known.tags.len() < other.tags.len() {
        known.tags = other.tags;
    }
    if known.cidrs.len() < other.cidrs.len() {
        known.cidrs = other.cidrs;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::inventory::{Selection, select};

    fn seen_by(account: &str, secondary: &[&str], tags: &Value) -> (Inventory, Selected) {
        let inventory: Inventory = serde_json::from_value(json!({
            "source": {"kind": "live", "region": "eu-west-1", "account": account,
                "captured_at": null, "caller": account},
            "vpcs": null, "instances": [], "clusters": [], "withheld": [],
            "subnets": [{"subnet_id": "subnet-1", "vpc_id": "vpc-1", "owner_id": "1"}],
            "interfaces": [{"interface_id": "eni-1", "subnet_id": "subnet-1", "owner_id": "2",
                "primary": "10.0.0.10", "secondary": secondary, "tags": tags}],
        }))
        .unwrap();
        let selected = select(&inventory, &Selection::default()).unwrap();
        (inventory, selected)
    }

    #[test]
    fn two_accounts_that_see_an_eni_at_two_moments_do_not_contradict() {
        let owner = seen_by("1", &["10.0.0.11"], &json!({}));
        let participant = seen_by("2", &[], &json!({"Name": "node"}));
        for parts in [[owner.clone(), participant.clone()], [participant, owner]] {
            let fused = fused(parts.to_vec());
            let [(inventory, _)] = fused.as_slice() else { panic!("{} places", fused.len()) };
            assert_eq!(inventory.withheld, []);
            let enis = inventory.interfaces.as_deref().unwrap_or_default();
            assert_eq!(enis.len(), 1);
            assert!(enis.iter().all(|eni| eni.tags.contains_key("Name")));
        }
    }
}
