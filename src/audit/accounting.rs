//! One subnet's addresses counted: who holds them, what is free, what EC2 says.

use std::collections::BTreeMap;

use super::{
    OwnerCount, OwnerKind, Status, SubnetReport,
    owners::{Holder, Known},
    policy::Bars,
};
use crate::{
    inventory::{Interface, Subnet, Withheld},
    network::{AddressSpace, ReservationKind, SpaceError},
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

/// What of the inventory could be seen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) interfaces: bool,
    pub(super) instances: bool,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(subnet: &'a Subnet, allow_large: bool) -> Result<Self, SpaceError> {
        let space = match subnet.cidr {
            Some(cidr) if allow_large => Some(AddressSpace::new_large(cidr)?),
            Some(cidr) => Some(AddressSpace::new(cidr)?),
            None => None,
        };
        let mut ledger = Self {
            subnet,
            space,
            owners: BTreeMap::new(),
            other_descriptions: BTreeMap::new(),
            leaked: BTreeMap::new(),
            withheld: Vec::new(),
        };
        ledger.reserve();
        Ok(ledger)
    }

    fn reserve(&mut self) {
        let Some(space) = &mut self.space else { return };
        for reservation in self.subnet.reservations.iter().flatten() {
            if let Err(error) = space.reserve(reservation.cidr, reservation.kind) {
                let reason = format!("{}: {error}: not counted", self.subnet.subnet_id);
                let operation = "GetSubnetCidrReservations".to_owned();
                self.withheld.push(Withheld { operation, reason });
            }
        }
    }

    /// Counts an ENI's addresses. One that cannot be the subnet's is not counted, and said; one
    /// seen on two ENIs counts for the first.
    pub(super) fn count(&mut self, interface: &Interface, known: &Known) {
        let Some(space) = &mut self.space else { return };
        let mut found: BTreeMap<OwnerKind, u32> = BTreeMap::new();
        let (primary, secondary, prefix) = match known.holder(interface) {
            Holder::Node => (OwnerKind::Node, OwnerKind::Pod, OwnerKind::PodPrefix),
            Holder::Kind(kind) => (kind, kind, kind),
        };
        let mut errors = Vec::new();
        let singles = interface.primary.iter().map(|address| (primary, *address));
        for (kind, address) in singles.chain(interface.secondary.iter().map(|a| (secondary, *a))) {
            match space.take(address) {
                Ok(new) => *found.entry(kind).or_default() += u32::from(new),
                Err(error) => errors.push(error),
            }
        }
        for cidr in &interface.prefixes {
            match space.take_prefix(*cidr) {
                Ok(new) => *found.entry(prefix).or_default() += new,
                Err(error) => errors.push(error),
            }
        }
        self.withheld.extend(errors.into_iter().map(|error| Withheld {
            operation: "DescribeNetworkInterfaces".to_owned(),
            reason: format!("{}: {error}: not counted", interface.interface_id),
        }));
        let all: u32 = found.values().sum();
        if known.is_leaked(interface) {
            self.leaked.insert(interface.interface_id.clone(), all);
        }
        for (kind, addresses) in found.into_iter().filter(|(_, addresses)| *addresses > 0) {
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
        seen: Seen,
        bars: &Bars,
        shared_by: Option<String>,
    ) -> (SubnetReport, Vec<Withheld>) {
        let subnet = self.subnet;
        let space = self.space.as_ref();
        let counted = space.filter(|_| seen.interfaces);
        let reserved = counted.filter(|_| subnet.reservations.is_some());
        let assignable = reserved.map(AddressSpace::assignable_prefixes);
        let blocks28 = counted.map(AddressSpace::block_counts);
        let mut report = SubnetReport {
            subnet_id: subnet.subnet_id.clone(),
            name: subnet.name().map(ToOwned::to_owned),
            vpc_id: subnet.vpc_id.clone(),
            availability_zone: subnet.availability_zone.clone(),
            cidr: subnet.cidr,
            total: space.map(AddressSpace::total),
            usable: space.map(AddressSpace::usable),
            used: counted.map(AddressSpace::used),
            free: counted.map(AddressSpace::free),
            reserved_free: reserved.map(AddressSpace::reserved_free),
            available_reported: space.and(subnet.available),
            unexplained: None,
            held: None,
            map: counted.map(|space| space.block_states().collect()).unwrap_or_default(),
            fragmentation_score: blocks28
                .zip(assignable)
                .and_then(|(blocks, assignable)| blocks.fragmentation_score(assignable)),
            blocks28,
            assignable_prefixes: assignable,
            assignable_prefixes_in_reservation: reserved
                .map(AddressSpace::assignable_prefixes_in_reservation),
            has_prefix_reservation: subnet
                .reservations
                .iter()
                .flatten()
                .any(|reservation| reservation.kind == ReservationKind::Prefix),
            owners: (counted.is_some() && seen.instances).then_some(self.owners),
            other_descriptions: self.other_descriptions,
            leaked: self.leaked,
            shared_by,
            status: Status::Unknown,
            selected_by: std::collections::BTreeSet::new(),
        };
        reconcile(&mut report);
        report.status = status(&report, bars);
        (report, self.withheld)
    }
}

/// Holds the ENIs' count against EC2's (subnets document, "Reconcile").
fn reconcile(report: &mut SubnetReport) {
    report.held = report.used;
    let (Some(used), Some(free), Some(usable)) = (report.used, report.free, report.usable) else {
        return;
    };
    let (Some(reserved_free), Some(available)) = (report.reserved_free, report.available_reported)
    else {
        return;
    };
    report.unexplained = Some(i64::from(free) - i64::from(reserved_free) - i64::from(available));
    if report.shared_by.is_some() {
        let by_ec2 = usable.saturating_sub(reserved_free).saturating_sub(available);
        report.held = Some(used.max(by_ec2));
    }
}

fn status(report: &SubnetReport, bars: &Bars) -> Status {
    let (Some(held), Some(usable)) = (report.held, report.usable) else { return Status::Unknown };
    if bars.critical_at.is_reached(held, usable) {
        Status::Critical
    } else if bars.warn_at.is_reached(held, usable) {
        Status::Warning
    } else {
        Status::Ok
    }
}
