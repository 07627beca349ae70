//! From answers to an inventory.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    clusters::Clusters,
    ec2::ReservationJson,
    eks::{GatheredJson, MembersJson},
    known::{Call, call_of, subnet_in},
    kubectl::Objects,
    pages::{Page, Pages},
    value::If,
};
use crate::{
    instance::DescribedType,
    inventory::{
        AwsNode, AwsNodeMetrics, Instance, Interface, Inventory, Kubernetes, Operation,
        Reservation, Source, SourceKind, Subnet, Vpc, Withheld, Word, account_of, region_of_zone,
    },
};

/// What a document turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recognised {
    /// An answer that was taken in.
    Known,
    /// An empty object or list, which says nothing of its kind.
    Empty,
    /// No text at all, or null: an answer that is not there, as a shell leaves it when a call was
    /// refused.
    Absent,
    /// An answer of a call that nothing here needs.
    NotNeeded,
    /// A text of another kind, which was passed over.
    Unknown,
    /// A snapshot, which is read another way.
    Snapshot,
}

/// Why answers make no inventory.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswersError {
    /// No file holds subnets.
    #[error("no output of `aws ec2 describe-subnets` was found")]
    NoSubnets,
    /// The file that is to hold them is empty, or holds an error.
    #[error("no output of `aws ec2 describe-subnets` was found: {0}")]
    SubnetsAbsent(String),
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
    pub(super) instance_types: Vec<DescribedType>,
    /// What Auto Scaling says of instances, by id.
    pub(super) lifecycles: BTreeMap<String, Word>,
    pub(super) reservations: BTreeMap<String, Vec<Reservation>>,
    /// Names that gathered reservations stand under.
    pub(super) filed: BTreeSet<String>,
    /// Subnets that a file of reservations is named after; `None` once one is not.
    reserved_by_name: Option<BTreeSet<String>>,
    /// Answers that are there as empty files.
    pub(super) absent: BTreeSet<Operation>,
    /// Whether gathered reservations, or an empty file of them, were read.
    gathered_reservations: bool,
    pub(super) withheld: BTreeSet<Withheld>,
    /// Subnets of which a reservation could not be read.
    unread: BTreeSet<String>,
    /// Whether a reservation did not say which subnet it is in.
    unplaced: bool,
}

impl Answers {
    /// What a file turned out to be, with what its name tells.
    pub(super) fn settle(
        &mut self,
        file_name: &str,
        found: Recognised,
        pages_before: usize,
    ) -> Recognised {
        if self.reservation_pages.len() > pages_before {
            match (subnet_in(file_name), &mut self.reserved_by_name) {
                (Some(subnet), Some(named)) => {
                    named.insert(subnet.to_owned());
                }
                (Some(subnet), named) if pages_before == 0 => {
                    *named = Some(BTreeSet::from([subnet.to_owned()]));
                }
                (_, named) => *named = None,
            }
        }
        match found {
            Recognised::Empty => self.read_empty(file_name),
            Recognised::Absent => {
                self.read_absent(file_name);
                found
            }
            Recognised::Unknown => {
                self.unknown_file(file_name);
                found
            }
            Recognised::Known | Recognised::NotNeeded | Recognised::Snapshot => found,
        }
    }

    /// Takes in an empty object or list by the name of its file.
    fn read_empty(&mut self, file_name: &str) -> Recognised {
        match file_name {
            "subnet-cidr-reservations.json" => self.gathered_reservations = true,
            "clusters.json" => {}
            "network-interfaces.json" => self.interface_pages.add(Page::default(), false),
            "instances.json" => self.instance_pages.add(Page::default(), false),
            "vpcs.json" => self.vpc_pages.add(Page::default(), false),
            other if self.kubectl.empty(other) => {}
            other => {
                self.unknown_file(other);
                return Recognised::Unknown;
            }
        }
        Recognised::Known
    }

    /// Notes that an answer is not there, by the name of its file.
    fn read_absent(&mut self, file_name: &str) {
        let reason = format!("{file_name} is empty: the call failed or was not made");
        self.is_absent(file_name, call_of(file_name), reason);
    }

    /// Notes that the answer of a call is not there.
    pub(super) fn is_absent(&mut self, file_name: &str, call: Call, reason: String) {
        let row = match (call, subnet_in(file_name)) {
            (Call::Aws(RESERVATIONS), Some(subnet)) => {
                return self.unread(subnet, reason);
            }
            (Call::Aws(operation), _) => {
                self.absent.insert(operation);
                Withheld::new(operation, reason)
            }
            (Call::Nodes, _) => Withheld::of_command("kubectl get nodes", reason),
            (Call::Pods, _) => Withheld::of_command("kubectl get pods", reason),
            (Call::EniConfigs, _) => Withheld::of_command("kubectl get eniconfigs", reason),
            (Call::NodeClasses, _) => {
                Withheld::of_command("kubectl get nodeclasses.eks.amazonaws.com", reason)
            }
            (Call::NodePools, _) => Withheld::of_command("kubectl get nodepools", reason),
            (Call::Ec2NodeClasses, _) => Withheld::of_command("kubectl get ec2nodeclasses", reason),
            (Call::DaemonSet, _) => Withheld::of_command(AwsNode::COMMAND, reason),
            (Call::Metrics, _) => Withheld::of_command(AwsNodeMetrics::COMMAND, reason),
            (Call::Other, _) => Withheld::of_command(file_name, reason),
        };
        self.kubectl.absent(call);
        self.withheld.insert(row);
    }

    /// The limits of instance types that were among the answers.
    pub fn take_instance_types(&mut self) -> Vec<DescribedType> {
        std::mem::take(&mut self.instance_types)
    }

    /// What Auto Scaling says of instances, by id, for an inventory of these answers or another.
    pub fn take_lifecycles(&mut self) -> BTreeMap<String, Word> {
        std::mem::take(&mut self.lifecycles)
    }

    /// What Kubernetes told, where these answers hold no subnets of their own: others tell where an
    /// ENIConfig's pods would go.
    #[must_use]
    pub fn into_kubernetes(self, subnets: &[Subnet]) -> (Option<Kubernetes>, Vec<Withheld>) {
        let (kubernetes, missing) = self.kubectl.into_kubernetes(subnets);
        (kubernetes, self.withheld.into_iter().chain(missing).collect())
    }

    /// Whether subnets are among the answers.
    #[must_use]
    pub fn has_subnets(&self) -> bool {
        self.subnet_pages.any()
    }

    pub(super) fn add_reservation(&mut self, filed: Option<&str>, row: &ReservationJson) {
        let own = row.subnet_id.as_deref().filter(|id| !id.is_empty());
        let Some(subnet) = own.or(filed) else {
            self.unplaced = true;
            self.withhold(RESERVATIONS, "a reservation does not state its subnet");
            return;
        };
        if let Some(other) = filed.filter(|filed| *filed != subnet) {
            let reason = format!("a reservation of {subnet} is filed under {other}");
            self.unread(other, reason.clone());
            self.unread(subnet, reason);
        }
        self.filed.insert(subnet.to_owned());
        if let Some(reservation) = row.read() {
            self.reservations.entry(subnet.to_owned()).or_default().push(reservation);
        } else {
            self.unread(subnet, row.unknown());
        }
    }

    /// Notes that the reservations of a subnet are not all there.
    pub(super) fn unread(&mut self, subnet: &str, reason: String) {
        if subnet.is_empty() {
            // That a subnet has no id is told of itself.
            return;
        }
        self.withheld.insert(Withheld::of_subnet(RESERVATIONS, subnet, reason));
        self.unread.insert(subnet.to_owned());
    }

    /// Takes in what stands under a name in a gathered file. Whether it was an answer is told.
    pub(super) fn add_gathered(&mut self, name: &str, gathered: GatheredJson) -> bool {
        let mut known = false;
        if let Some(rows) = &gathered.reservations {
            known = true;
            self.gathered_reservations = true;
            self.filed.insert(name.to_owned());
            if rows.is_none() {
                self.no_answer(name);
            }
            for row in rows.iter().flatten() {
                self.add_reservation(Some(name), row);
            }
            if matches!(gathered.next_token, Some(If(Some(_)))) {
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
        if !known {
            self.no_answer(name);
        }
        known
    }

    /// The inventory, with what is missing withheld.
    ///
    /// # Errors
    /// When no answer holds subnets.
    pub fn into_inventory(mut self) -> Result<Inventory, AnswersError> {
        if !self.subnet_pages.any() {
            let absent = self.absent.contains(&Operation::DescribeSubnets);
            let is_its = |row: &&Withheld| row.operation == Operation::DescribeSubnets.name();
            let why = self.withheld.iter().find(is_its).filter(|_| absent);
            return Err(why.map_or(AnswersError::NoSubnets, |row| {
                AnswersError::SubnetsAbsent(row.reason.clone())
            }));
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
            let is_told = |row: &Withheld| {
                row.operation == Operation::DescribeSubnets.name()
                    && row.subnet_id.as_deref() == Some(&subnet.subnet_id)
            };
            let is_bare = subnet.cidr.is_some() && subnet.available.is_none();
            if is_bare && !self.withheld.iter().any(is_told) {
                let reason = "the response has no AvailableIpAddressCount".to_owned();
                let operation = Operation::DescribeSubnets;
                self.withheld.insert(Withheld::of_subnet(operation, &subnet.subnet_id, reason));
            }
        }
        let region = region(&self.subnets);
        let account = account_of(&self.interfaces).or_else(|| self.running_account());
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
            other_subnets: BTreeSet::new(),
            other_networks: BTreeMap::new(),
            interfaces: interfaces.then_some(self.interfaces),
            instances: instances.then_some(self.instances),
            clusters: self.clusters.into_list(),
            kubernetes,
            withheld: self.withheld.into_iter().collect(),
        }
        .in_order())
    }

    /// The account that all instances belong to, where no ENI names its own.
    fn running_account(&self) -> Option<String> {
        if self.interfaces.iter().any(|eni| eni.owner_id.is_some()) {
            return None;
        }
        let owners = self.instances.iter().filter_map(|instance| instance.owner_id.as_deref());
        let owners: BTreeSet<&str> = owners.collect();
        owners.first().filter(|_| owners.len() == 1).map(|owner| (*owner).to_owned())
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
        if self.absent.contains(&operation) {
            return false;
        }
        let reason = match (pages.any(), pages.unfinished()) {
            (true, false) => return true,
            (true, true) => LEFT_AT_TOKEN.to_owned(),
            (false, _) => format!("no output of `aws ec2 describe-{file}` was saved"),
        };
        self.withhold(operation, &reason);
        false
    }

    /// Whether it is known which reservations each subnet has, but for the unread ones.
    fn place_reservations(&mut self) -> bool {
        if self.absent.contains(&RESERVATIONS) {
            return false;
        }
        if !self.gathered_reservations && !self.reservation_pages.any() {
            if self.subnets.iter().all(|subnet| self.unread.contains(&subnet.subnet_id)) {
                return false;
            }
            self.withhold(
                RESERVATIONS,
                "no output of `aws ec2 get-subnet-cidr-reservations` was \
                saved",
            );
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
        self.misfiled_reservations();
        if let Some(named) = self.reserved_by_name.take().filter(|_| !self.gathered_reservations) {
            let told = |id: &String| named.contains(id) || self.reservations.contains_key(id);
            let untold: Vec<String> = self
                .subnets
                .iter()
                .map(|subnet| subnet.subnet_id.clone())
                .filter(|id| !told(id) && !self.unread.contains(id))
                .collect();
            for subnet in untold {
                self.unread(&subnet, "no output for this subnet was saved".to_owned());
            }
        }
        !self.unplaced
    }
}

pub(super) const RESERVATIONS: Operation = Operation::GetSubnetCidrReservations;
const LEFT_AT_TOKEN: &str = "the output ends at a NextToken: the last page is missing";

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
