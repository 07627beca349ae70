//! Whose a subnet is. Of one that another account shares (RAM) whoever looks sees only ENIs of their own;
//! the account that owns it sees everybody's.

use std::collections::BTreeSet;

use super::{Inventory, Subnet};

/// Who looked, as far as anything shows it.
#[derive(Debug, Clone)]
pub struct Looker<'a> {
    /// The account of the credentials.
    caller: Option<&'a str>,
    /// The accounts of the ENIs and instances that can be seen.
    seen: BTreeSet<&'a str>,
}

impl<'a> Looker<'a> {
    /// Who looked at an inventory.
    #[must_use]
    pub fn of(inventory: &'a Inventory) -> Self {
        let enis = inventory.interfaces.iter().flatten().filter_map(|eni| eni.owner_id.as_deref());
        let instances = inventory.instances.iter().flatten();
        let instances = instances.filter_map(|instance| instance.owner_id.as_deref());
        Self { caller: inventory.source.caller.as_deref(), seen: enis.chain(instances).collect() }
    }

    /// Whether a subnet is known to be the looker's own, or nobody's, so that every ENI in it is seen.
    #[must_use]
    pub fn owns(&self, subnet: &Subnet) -> bool {
        subnet.owner_id.as_deref().is_none_or(|owner| match self.caller {
            Some(caller) => caller == owner,
            None => self.seen.contains(owner),
        })
    }

    /// The account that looked at a subnet, as far as anything shows it. A participant sees ENIs of their own
    /// alone, so that it is not the owner where every ENI is of one other account.
    #[must_use]
    pub fn account(&self, subnet: &'a Subnet) -> Option<&'a str> {
        let alone = self.seen.first().filter(|_| self.seen.len() == 1).copied();
        self.caller.or_else(|| {
            let owner = subnet.owner_id.as_deref()?;
            alone.or(Some(owner))
        })
    }

    /// The other account that a subnet belongs to; `None` when it is the looker's own. `unexplained` is
    /// what EC2 counts beyond the ENIs that can be seen, if that is known.
    ///
    /// Where nothing shows whose credentials looked, it is the owner as long as everything is explained:
    /// then nothing is hidden. Nor is anything hidden from someone who sees ENIs of the owner's.
    #[must_use]
    pub fn sharer(&self, subnet: &'a Subnet, unexplained: Option<i64>) -> Option<&'a str> {
        let owner = subnet.owner_id.as_deref()?;
        let is_other = match (self.caller, unexplained) {
            (Some(caller), _) => caller != owner,
            (None, Some(unexplained)) => unexplained > 0 && !self.seen.contains(owner),
            (None, None) => !self.seen.is_empty() && !self.seen.contains(owner),
        };
        is_other.then_some(owner)
    }

    /// The account whose subnet may hold ENIs that are not visible: it is another one than the looker's,
    /// and what can be seen does not explain all that EC2 counts.
    #[must_use]
    pub fn hides(&self, subnet: &'a Subnet, unexplained: Option<i64>) -> Option<&'a str> {
        self.sharer(subnet, unexplained).filter(|_| unexplained.is_none_or(|left| left > 0))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn inventory(caller: Option<&str>, eni_owners: &[&str]) -> Inventory {
        let enis: Vec<_> = eni_owners
            .iter()
            .enumerate()
            .map(|(at, owner)| {
                json!({"interface_id": format!("eni-{at}"), "subnet_id": "subnet-1",
                    "owner_id": owner})
            })
            .collect();
        serde_json::from_value(json!({
            "source": {"kind": "live", "region": null, "account": null, "captured_at": null,
                "caller": caller},
            "vpcs": null, "interfaces": enis, "instances": [], "clusters": [], "withheld": [],
            "subnets": [{"subnet_id": "subnet-1", "vpc_id": "vpc-1", "owner_id": "1"}],
        }))
        .unwrap()
    }

    #[test]
    fn whoever_looks_is_not_guessed_from_the_owners_of_enis() {
        for (caller, eni_owners, unexplained, sharer) in [
            // The owner of a shared VPC sees the participants' ENIs and has none of their own.
            (Some("1"), ["2", "3"], Some(0), None),
            (Some("1"), ["2", "3"], Some(7), None),
            (Some("2"), ["2", "2"], Some(0), Some("1")),
            (Some("2"), ["2", "2"], None, Some("1")),
            // Of saved answers: nothing is hidden while everything is explained.
            (None, ["2", "3"], Some(0), None),
            (None, ["2", "2"], Some(-1), None),
            (None, ["2", "2"], Some(1), Some("1")),
            (None, ["2", "2"], None, Some("1")),
            // Nobody but the owner sees ENIs of the owner's.
            (None, ["2", "1"], Some(1), None),
        ] {
            let inventory = inventory(caller, &eni_owners);
            let looker = Looker::of(&inventory);
            let found = looker.sharer(&inventory.subnets[0], unexplained);
            assert_eq!(found, sharer, "{caller:?} {eni_owners:?} {unexplained:?}");
        }
        for (caller, eni_owners, account) in [
            (Some("3"), &["2"][..], "3"),
            (None, &["1", "2"], "1"),
            (None, &["2", "2"], "2"),
            // Only the owner sees ENIs of several accounts.
            (None, &["2", "3"], "1"),
            (None, &[], "1"),
        ] {
            let inventory = inventory(caller, eni_owners);
            let found = Looker::of(&inventory).account(&inventory.subnets[0]);
            assert_eq!(found, Some(account), "{caller:?} {eni_owners:?}");
        }
        let alone = inventory(None, &[]);
        assert_eq!(Looker::of(&alone).sharer(&alone.subnets[0], None), None);
        assert_eq!(Looker::of(&alone).sharer(&alone.subnets[0], Some(3)), Some("1"));
    }
}
