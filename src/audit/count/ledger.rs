//! One subnet's addresses counted: who holds them, what is free, what EC2 says.

use std::collections::BTreeMap;

use super::subnet::{OwnerCount, SubnetCount};
use crate::{
    inventory::{EniPart, Holder, LookedUpEni, Looker, OwnerKind, Subnet, Withheld},
    network::{AddressSpace, SpaceError},
};

/// A subnet while its interfaces are counted.
pub(super) struct Ledger<'a> {
    subnet: &'a Subnet,
    /// `None` for an IPv6-only subnet.
    space: Option<AddressSpace>,
    owners: BTreeMap<OwnerKind, OwnerCount>,
    other_descriptions: BTreeMap<String, u32>,
    leaked: BTreeMap<String, u32>,
    withheld: Vec<Withheld>,
}

/// What of the inventory is available.
#[derive(Debug, Clone, Copy)]
pub(super) struct AvailableLists {
    pub(super) interfaces: bool,
    pub(super) instances: bool,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(subnet: &'a Subnet, allow_large: bool) -> Result<Self, SpaceError> {
        let (space, withheld) = match subnet.cidr {
            Some(cidr) => {
                let (space, withheld) = subnet.space(cidr, allow_large)?;
                (Some(space), withheld)
            }
            None => (None, Vec::new()),
        };
        Ok(Self {
            subnet,
            space,
            owners: BTreeMap::new(),
            other_descriptions: BTreeMap::new(),
            leaked: BTreeMap::new(),
            withheld,
        })
    }

    /// Counts an ENI's addresses. One that cannot be the subnet's is not counted, and said; one
    /// seen on two ENIs counts for the first.
    pub(super) fn count(&mut self, told: &LookedUpEni<'_>) {
        let LookedUpEni { eni: interface, holder, .. } = *told;
        let Some(space) = &mut self.space else { return };
        let (mut primary, mut secondary, mut prefixes) = (0, 0, 0);
        let errors = interface.take_from(space, |part, new| {
            *match part {
                EniPart::Primary => &mut primary,
                EniPart::Secondary => &mut secondary,
                EniPart::Prefix => &mut prefixes,
            } += new;
        });
        self.withheld.extend(errors);
        let all = primary + secondary + prefixes;
        let (of_one, of_node);
        let found: &[(OwnerKind, u32)] = match holder {
            Holder::Kind(kind) => {
                of_one = [(kind, all)];
                &of_one
            }
            Holder::Node => {
                of_node = [
                    (OwnerKind::Node, primary),
                    (OwnerKind::Pod, secondary),
                    (OwnerKind::PodPrefix, prefixes),
                ];
                &of_node
            }
        };
        if holder == Holder::Kind(OwnerKind::LeakedEni) {
            self.leaked.insert(interface.interface_id.clone(), all);
        }
        for &(kind, addresses) in found.iter().filter(|(_, addresses)| *addresses > 0) {
            let owner = self.owners.entry(kind).or_default();
            owner.interfaces += 1;
            owner.addresses += addresses;
            if kind == OwnerKind::Other {
                *self.other_descriptions.entry(interface.description.clone()).or_default() +=
                    addresses;
            }
        }
    }

    /// The subnet's report, and what was withheld on the way.
    pub(super) fn close(
        self,
        seen: AvailableLists,
        looker: &Looker<'a>,
    ) -> (SubnetCount, Vec<Withheld>) {
        let subnet = self.subnet;
        let space = self.space.as_ref();
        let counted = space.filter(|_| seen.interfaces);
        let reserved = counted.filter(|_| subnet.reservations.is_some());
        let assignable = reserved.map(AddressSpace::assignable_prefixes);
        let blocks28 = counted.map(AddressSpace::block_counts);
        let Reconciled { unexplained, shared_by, held } = reconciled(subnet, counted, looker);
        let report = SubnetCount {
            subnet_id: subnet.subnet_id.clone(),
            name: subnet.name().map(ToOwned::to_owned),
            vpc_id: subnet.vpc_id.clone(),
            availability_zone: subnet.availability_zone.clone(),
            cidr: subnet.cidr,
            lacks_cidr: false,
            total: space.map(AddressSpace::total),
            usable: space.map(AddressSpace::usable),
            used: counted.map(AddressSpace::used),
            free: counted.map(AddressSpace::free),
            reserved_free: reserved.map(AddressSpace::reserved_free),
            explicit_free: reserved.map(AddressSpace::explicit_free),
            available_reported: space.and(subnet.available),
            unexplained,
            held,
            map: counted.map(|space| space.block_states().collect()).unwrap_or_default(),
            fragmentation_score: blocks28
                .zip(assignable)
                .and_then(|(blocks, assignable)| blocks.fragmentation_score(assignable)),
            blocks28,
            assignable_prefixes: assignable,
            assignable_prefixes_in_reservation: reserved
                .map(AddressSpace::assignable_prefixes_in_reservation),
            owners: counted.is_some().then_some(self.owners),
            other_descriptions: self.other_descriptions,
            leaked: self.leaked,
            shared_by: shared_by.map(ToOwned::to_owned),
            selected_by: std::collections::BTreeSet::new(),
        };
        (report, self.withheld)
    }
}

/// The ENIs' count held against EC2's.
pub(super) struct Reconciled<'a> {
    unexplained: Option<i64>,
    shared_by: Option<&'a str>,
    pub(super) held: Option<u32>,
}

/// Holds the ENIs' count, where there is one, against EC2's. In a shared subnet EC2 counts what is
/// invisible here, so what is held is the most that either shows, and unknown when EC2's side is.
pub(super) fn reconciled<'a>(
    subnet: &'a Subnet,
    counted: Option<&AddressSpace>,
    looker: &Looker<'a>,
) -> Reconciled<'a> {
    let used = counted.map(AddressSpace::used);
    let reserved = counted.filter(|_| subnet.reservations.is_some());
    let (mut unexplained, mut by_ec2) = (None, None);
    if let Some((space, available)) = reserved.zip(subnet.available) {
        let (usable, reserved_free) = (space.usable(), space.reserved_free());
        unexplained = Some(space.unexplained(available));
        by_ec2 = Some(usable.saturating_sub(reserved_free).saturating_sub(available));
    }
    let shared_by = looker.sharer(subnet, unexplained);
    let held = match shared_by {
        Some(_) => used.zip(by_ec2).map(|(used, by_ec2)| used.max(by_ec2)),
        None => used,
    };
    Reconciled { unexplained, shared_by, held }
}
