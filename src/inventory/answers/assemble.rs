//! From answers to an inventory.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    clusters::Clusters,
    ec2::ReservationJson,
    eks::{GatheredJson, MembersJson},
    kubectl::Objects,
    pages::Pages,
    value::IfText,
};
use crate::inventory::{
    Instance, Interface, Inventory, Operation, Reservation, Source, SourceKind, Subnet, Vpc,
    Withheld, account_of, region_of_zone,
};

/// What a document turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recognised {
    /// An answer that was taken in.
    Known,
    /// An empty object or list, which says nothing of its kind.
    Empty,
    /// JSON of another kind, which was passed over.
    Unknown,
    /// A snapshot, which is read another way.
    Snapshot,
}

/// Why answers make no inventory.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswersError {
    /// No file holds subnets.
    #[error("no answer of `aws ec2 describe-subnets` is there")]
    NoSubnets,
}

/// Answers read so far.
#[derive(Debug, Default)]
pub struct Answers {
    pub(super) vpcs: Vec<Vpc>,
    pub(super) subnets: Vec<Subnet>,
    pub(super) interfaces: Vec<Interface>,
    pub(super) instances: Vec<Instance>,
    pub(super) vpc_pages: Pages,
    pub(super) subnet_pages: Pages,
    pub(super) interface_pages: Pages,
    pub(super) instance_pages: Pages,
    pub(super) reservation_pages: Pages,
    pub(super) clusters: Clusters,
    pub(super) kubectl: Objects,
    reservations: BTreeMap<String, Vec<Reservation>>,
    /// Whether gathered reservations, or an empty file of them, were read.
    gathered_reservations: bool,
    withheld: BTreeSet<Withheld>,
    /// Subnets of which a reservation could not be read.
    unread: BTreeSet<String>,
    /// Whether a reservation did not say which subnet it is in.
    unplaced: bool,
}

impl Answers {
    /// Takes in an empty object or list by the name of its file.
    pub fn read_empty(&mut self, file_name: &str) -> Recognised {
        if file_name == "subnet-cidr-reservations.json" {
            self.gathered_reservations = true;
            return Recognised::Known;
        }
        if file_name == "clusters.json" || self.kubectl.empty(file_name) {
            Recognised::Known
        } else {
            Recognised::Unknown
        }
    }

    pub(super) fn add_reservation(&mut self, subnet: Option<&str>, row: &ReservationJson) {
        let Some(subnet) = row.subnet_id.as_deref().or(subnet) else {
            self.unplaced = true;
            self.withhold(RESERVATIONS, "a reservation does not say which subnet it is in");
            return;
        };
        if let Some(reservation) = row.read() {
            self.reservations.entry(subnet.to_owned()).or_default().push(reservation);
        } else {
            self.unread(subnet, row.unknown());
        }
    }

    /// Notes that the reservations of a subnet are not all there.
    fn unread(&mut self, subnet: &str, reason: String) {
        self.withheld.insert(Withheld::of_subnet(RESERVATIONS, subnet, reason));
        self.unread.insert(subnet.to_owned());
    }

    /// Takes in what stands under a name in a gathered file. Whether it was an answer is told.
    pub(super) fn add_gathered(&mut self, name: &str, gathered: GatheredJson) -> bool {
        let mut known = false;
        if let Some(rows) = &gathered.reservations {
            known = true;
            self.gathered_reservations = true;
            for row in rows.iter().flatten() {
                self.add_reservation(Some(name), row);
            }
            if matches!(gathered.next_token, Some(IfText(Some(_)))) {
                self.unread(name, LEFT_AT_TOKEN.to_owned());
            }
        }
        let cluster = gathered.cluster.and_then(|filed| filed.0).and_then(|c| c.read(Some(name)));
        if let Some(cluster) = cluster {
            known = true;
            let groups = gathered.nodegroups.and_then(MembersJson::read);
            let profiles = gathered.fargate_profiles.and_then(MembersJson::read);
            self.clusters.add_with(cluster, groups, profiles);
        }
        known
    }

    /// The inventory, with what is missing withheld.
    ///
    /// # Errors
    /// When no answer holds subnets.
    pub fn into_inventory(mut self) -> Result<Inventory, AnswersError> {
        if !self.subnet_pages.any() {
            return Err(AnswersError::NoSubnets);
        }
        let interfaces = self.complete(Operation::DescribeNetworkInterfaces);
        let instances = self.complete(Operation::DescribeInstances);
        for (operation, unfinished) in [
            (Operation::DescribeSubnets, self.subnet_pages.unfinished()),
            (Operation::DescribeVpcs, self.vpc_pages.unfinished()),
        ] {
            if unfinished {
                self.withhold(operation, LEFT_AT_TOKEN);
            }
        }
        let objects = std::mem::take(&mut self.kubectl);
        let (kubernetes, missing) = objects.into_kubernetes(&self.subnets);
        self.withheld.extend(missing);
        let placed = self.place_reservations();
        for subnet in &mut self.subnets {
            let seen = placed && !self.unread.contains(&subnet.subnet_id);
            let reservations = self.reservations.get(&subnet.subnet_id).cloned();
            subnet.reservations = seen.then(|| reservations.unwrap_or_default());
        }
        let region = region(&self.subnets);
        let account = account_of(&self.interfaces);
        Ok(Inventory {
            source: Source {
                kind: SourceKind::AwsCli,
                region,
                account,
                captured_at: None,
                caller: None,
            },
            vpcs: self.vpc_pages.any().then_some(self.vpcs),
            subnets: self.subnets,
            interfaces: interfaces.then_some(self.interfaces),
            instances: instances.then_some(self.instances),
            clusters: self.clusters.into_list(),
            kubernetes,
            withheld: self.withheld.into_iter().collect(),
        }
        .in_order())
    }

    fn withhold(&mut self, operation: Operation, reason: &str) {
        self.withheld.insert(Withheld::new(operation, reason.to_owned()));
    }

    /// Whether a kind of answer is there to its last page; what is not is withheld.
    fn complete(&mut self, operation: Operation) -> bool {
        let (pages, file) = if operation == Operation::DescribeInstances {
            (&self.instance_pages, "instances")
        } else {
            (&self.interface_pages, "network-interfaces")
        };
        let reason = match (pages.any(), pages.unfinished()) {
            (true, false) => return true,
            (true, true) => LEFT_AT_TOKEN.to_owned(),
            (false, _) => format!("no {file} answer is there"),
        };
        self.withhold(operation, &reason);
        false
    }

    /// Whether it is known which reservations each subnet has, but for the unread ones.
    fn place_reservations(&mut self) -> bool {
        if !self.gathered_reservations && !self.reservation_pages.any() {
            self.withhold(RESERVATIONS, "no subnet-cidr-reservations answer is there");
            return false;
        }
        if let Some(subnets) = self.reservation_pages.unfinished_keys() {
            if subnets.is_empty() {
                self.withhold(RESERVATIONS, LEFT_AT_TOKEN);
                return false;
            }
            for subnet in subnets {
                self.unread(&subnet, LEFT_AT_TOKEN.to_owned());
            }
        }
        !self.unplaced
    }
}

const RESERVATIONS: Operation = Operation::GetSubnetCidrReservations;
const LEFT_AT_TOKEN: &str = "the answer was left at a NextToken: its last page is not there";

/// The only region that the subnets' zones name.
fn region(subnets: &[Subnet]) -> Option<String> {
    let mut regions = subnets
        .iter()
        .filter_map(|subnet| region_of_zone(subnet.availability_zone.as_deref()?))
        .collect::<BTreeSet<_>>()
        .into_iter();
    let first = regions.next()?;
    regions.next().is_none().then(|| first.to_owned())
}
