//! One id that was read several times: in overlapping pages, or in several files.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    mem,
};

use super::many::many;
use crate::inventory::{
    Instance, Interface, NamedEnis, Operation, Subnet, Vpc, Withheld,
    order::{arrange, in_order},
};

/// Rows that were read several times and differ: the id of each, and all their readings.
pub(super) struct Twice<T> {
    readings: Vec<T>,
    ids: Vec<String>,
}

impl<T> Twice<T> {
    /// What is not available, then.
    pub(super) fn row(&self, operation: Operation, what: &str) -> Option<Withheld> {
        (!self.ids.is_empty()).then(|| Withheld::new(operation, differing(what, &self.ids)))
    }
}

impl Twice<Vpc> {
    /// Forgets the blocks of the VPCs whose readings tell of different ones.
    pub(super) fn forget_blocks(&self, vpcs: &mut [Vpc]) {
        for vpc in vpcs {
            let mut others = self.readings.iter().filter(|other| other.vpc_id == vpc.vpc_id);
            if others.any(|other| other.cidrs != vpc.cidrs) {
                vpc.cidrs.clear();
            }
        }
    }
}

impl Twice<Interface> {
    /// The same for each subnet that a reading names: nothing of it can be counted.
    pub(super) fn of_subnets(self) -> Vec<Withheld> {
        let mut subnets: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for eni in self.readings {
            subnets.entry(eni.subnet_id.to_string()).or_default().push(eni.interface_id);
        }
        let row = |(subnet, ids): (String, Vec<String>)| {
            let operation = Operation::DescribeNetworkInterfaces;
            Withheld::of_subnet(operation, &subnet, differing("ENIs", &ids))
        };
        subnets.into_iter().map(row).collect()
    }
}

fn differing(what: &str, ids: &[String]) -> String {
    let ids = many(ids.iter().map(String::as_str));
    format!("{what} are listed twice with different content: {ids}")
}

/// Sorts by key; of several with one key the last read stays, and those that differ from it are
/// answered. A snapshot's lists are in order already.
pub(super) fn last_wins<T: Clone>(
    list: &mut Vec<T>,
    key: impl Fn(&T) -> &String,
    is_alike: impl Fn(&T, &T) -> bool,
) -> Twice<T> {
    let mut twice = Twice { readings: Vec::new(), ids: Vec::new() };
    if list.is_sorted_by(|a, b| key(a) < key(b)) {
        return twice;
    }
    let order = in_order(&list.iter().map(|row| key(row).as_str()).collect::<Vec<_>>());
    let (mut kept, mut stays): (Option<&T>, _) = (None, vec![true; list.len()]);
    for at in &order {
        let Some(row) = list.get(*at) else { continue };
        let Some(kept) = kept.filter(|kept| key(kept) == key(row)) else {
            kept = Some(row);
            continue;
        };
        if !is_alike(row, kept) {
            twice.ids.push(key(row).clone());
            twice.readings.extend([row.clone(), kept.clone()]);
        }
        if let Some(stays) = stays.get_mut(*at) {
            *stays = false;
        }
    }
    arrange(list, order.clone());
    let mut stays = order.into_iter().map(|at| stays.get(at).copied().unwrap_or(true));
    list.retain(|_| stays.next().unwrap_or(true));
    twice
}

/// Lets each reading of an instance name the ENIs of all its readings: one that names fewer shows no lost row.
pub(super) fn share_names(instances: &mut [Instance]) {
    if instances.is_sorted_by(|a, b| a.instance_id < b.instance_id) {
        return;
    }
    let mut readings: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, instance) in instances.iter().enumerate() {
        readings.entry(&instance.instance_id).or_default().push(at);
    }
    let mut shared: Vec<(usize, Option<NamedEnis>)> = Vec::new();
    for places in readings.into_values().filter(|places| places.len() > 1) {
        let again = places.iter().filter_map(|at| instances.get(*at));
        let named = NamedEnis::all_of(again.filter_map(|instance| instance.interfaces.as_ref()));
        shared.extend(places.into_iter().map(|at| (at, named.clone())));
    }
    for (at, named) in shared {
        if let Some(instance) = instances.get_mut(at).filter(|_| named.is_some()) {
            instance.interfaces = named;
        }
    }
}

/// Sorts subnets by id and makes one of each that was read several times: what one reading lacks another
/// one may have, and what they say differently is not known.
pub(super) fn merge_subnets(subnets: &mut Vec<Subnet>) -> Vec<Withheld> {
    if subnets.is_sorted_by(|a, b| a.subnet_id < b.subnet_id) {
        return Vec::new();
    }
    let mut differing: BTreeMap<String, BTreeSet<SubnetField>> = BTreeMap::new();
    subnets.sort_by(|a, b| a.subnet_id.cmp(&b.subnet_id));
    subnets.dedup_by(|later, kept| {
        let is_again = later.subnet_id == kept.subnet_id;
        if is_again {
            let fields = merge(kept, later);
            if !fields.is_empty() {
                differing.entry(kept.subnet_id.clone()).or_default().extend(fields);
            }
        }
        is_again
    });
    let mut rows = Vec::new();
    for subnet in subnets {
        if let Some(fields) = differing.get(&subnet.subnet_id) {
            rows.extend(unsure(subnet, fields));
        }
    }
    rows
}

/// What two readings of a subnet may say differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum SubnetField {
    Vpc,
    Cidr,
    Available,
    Zone,
    Owner,
    Ipv6Native,
    Tags,
    Reservations,
}

impl SubnetField {
    /// EC2's name of it.
    fn name(self) -> &'static str {
        match self {
            Self::Vpc => "VpcId",
            Self::Cidr => "CidrBlock",
            Self::Available => "AvailableIpAddressCount",
            Self::Zone => "AvailabilityZone",
            Self::Owner => "OwnerId",
            Self::Ipv6Native => "Ipv6Native",
            Self::Tags => "Tags",
            Self::Reservations => "SubnetIpv4CidrReservations",
        }
    }
}

/// Fills in what the earlier reading lacks; in what they differ is answered.
fn merge(kept: &mut Subnet, later: &mut Subnet) -> Vec<SubnetField> {
    for list in [&mut kept.reservations, &mut later.reservations].into_iter().flatten() {
        list.sort();
        list.dedup();
    }
    let fields = [
        (SubnetField::Vpc, kept.vpc_id != later.vpc_id),
        (SubnetField::Cidr, differ(&mut kept.cidr, &mut later.cidr)),
        (SubnetField::Available, differ(&mut kept.available, &mut later.available)),
        (SubnetField::Zone, differ(&mut kept.availability_zone, &mut later.availability_zone)),
        (SubnetField::Owner, differ(&mut kept.owner_id, &mut later.owner_id)),
        (SubnetField::Ipv6Native, differ(&mut kept.ipv6_native, &mut later.ipv6_native)),
        (SubnetField::Tags, kept.tags != later.tags),
        (SubnetField::Reservations, differ(&mut kept.reservations, &mut later.reservations)),
    ];
    kept.vpc_id = mem::take(&mut later.vpc_id);
    kept.tags = mem::take(&mut later.tags);
    fields.into_iter().filter_map(|(field, differs)| differs.then_some(field)).collect()
}

/// Whether two readings both say something, and not the same; what one of them lacks is filled in.
fn differ<T: PartialEq>(kept: &mut Option<T>, later: &mut Option<T>) -> bool {
    if kept.is_none() {
        *kept = later.take();
    }
    later.is_some() && kept != later
}

/// Forgets what readings say differently, and says so.
fn unsure(subnet: &mut Subnet, fields: &BTreeSet<SubnetField>) -> Vec<Withheld> {
    for field in fields {
        match field {
            // A subnet is in a VPC and has tags: the later reading holds.
            SubnetField::Vpc | SubnetField::Tags => {}
            SubnetField::Cidr => subnet.cidr = None,
            SubnetField::Available => subnet.available = None,
            SubnetField::Zone => subnet.availability_zone = None,
            SubnetField::Owner => subnet.owner_id = None,
            SubnetField::Ipv6Native => subnet.ipv6_native = None,
            SubnetField::Reservations => subnet.reservations = None,
        }
    }
    let row = |operation: Operation, names: Vec<&str>| {
        let reason = format!("listed twice, with different {}", names.join(", "));
        (!names.is_empty()).then(|| Withheld::of_subnet(operation, &subnet.subnet_id, reason))
    };
    let (reserved, own): (Vec<SubnetField>, Vec<SubnetField>) =
        fields.iter().partition(|field| **field == SubnetField::Reservations);
    let names = |fields: Vec<SubnetField>| fields.into_iter().map(SubnetField::name).collect();
    let rows = [
        row(Operation::DescribeSubnets, names(own)),
        row(Operation::GetSubnetCidrReservations, names(reserved)),
    ];
    rows.into_iter().flatten().collect()
}
