//! From answers to an inventory.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read,
};

use serde::de::DeserializeSeed;
use serde_json::Deserializer;

use super::{
    document::Document,
    ec2::ReservationJson,
    eks::{GatheredJson, MemberJson, members},
    pages::Pages,
};
use crate::inventory::{
    Cluster, Instance, Interface, Inventory, NodeSubnets, Reservation, Source, SourceKind, Subnet,
    Vpc, Withheld, account_of, region_of_zone,
};

/// What a document turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recognised {
    /// An answer that was taken in.
    Known,
    /// An empty object, which says nothing of its kind.
    Empty,
    /// JSON of another kind, which was passed over.
    Unknown,
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
    pub(super) reservation_file: bool,
    reservations: BTreeMap<String, Vec<Reservation>>,
    clusters: BTreeMap<String, Cluster>,
    node_groups: BTreeMap<String, Vec<NodeSubnets>>,
    profiles: BTreeMap<String, Vec<NodeSubnets>>,
    withheld: BTreeSet<Withheld>,
    /// Names of the listings that were read: of node groups and of Fargate profiles.
    group_names: Option<BTreeSet<String>>,
    profile_names: Option<BTreeSet<String>>,
    /// Subnets of which a reservation could not be read.
    unread: BTreeSet<String>,
    /// Whether a reservation did not say which subnet it is in.
    unplaced: bool,
}

impl Answers {
    /// Takes in a text of one JSON document or several in a row (pages appended to one file).
    ///
    /// # Errors
    /// When it is not JSON, or an answer holds a value that the audit needs and that cannot be
    /// read; the message holds line and column.
    pub fn read_slice(&mut self, text: &[u8]) -> Result<Recognised, serde_json::Error> {
        self.read_all(Deserializer::from_slice(text))
    }

    /// The same from a reader, for files too large to hold in memory.
    ///
    /// # Errors
    /// As [`Self::read_slice`], and when reading fails.
    pub fn read_stream(&mut self, source: impl Read) -> Result<Recognised, serde_json::Error> {
        self.read_all(Deserializer::from_reader(source))
    }

    fn read_all<'de, R: serde_json::de::Read<'de>>(
        &mut self,
        mut documents: Deserializer<R>,
    ) -> Result<Recognised, serde_json::Error> {
        let mut recognised = Document(self).deserialize(&mut documents)?;
        while documents.end().is_err() {
            let next = Document(self).deserialize(&mut documents)?;
            if next == Recognised::Known {
                recognised = next;
            }
        }
        Ok(recognised)
    }

    /// Takes in an empty object by the name of its file.
    pub fn read_empty(&mut self, file_name: &str) -> Recognised {
        if file_name == "subnet-cidr-reservations.json" {
            self.reservation_file = true;
            return Recognised::Known;
        }
        if file_name == "clusters.json" { Recognised::Known } else { Recognised::Unknown }
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
            self.withhold(RESERVATIONS, &format!("{subnet}: {}", row.unknown()));
            self.unread.insert(subnet.to_owned());
        }
    }

    pub(super) fn add_cluster(&mut self, cluster: Cluster) {
        self.clusters.insert(cluster.name.clone(), cluster);
    }

    /// Takes in a listing of names. It does not say whose they are.
    pub(super) fn add_names(&mut self, node_groups: bool, names: Vec<String>) {
        let listed = if node_groups { &mut self.group_names } else { &mut self.profile_names };
        listed.get_or_insert_default().extend(names);
    }

    pub(super) fn add_member(&mut self, node_group: bool, member: MemberJson) {
        let Some(cluster) = member.cluster_name.clone() else { return };
        let Some(member) = member.read(None) else { return };
        let members =
            if node_group { self.node_groups.entry(cluster) } else { self.profiles.entry(cluster) };
        members.or_default().push(member);
    }

    /// Takes in what stands under a name in a gathered file. Whether it was an answer is told.
    pub(super) fn add_gathered(&mut self, name: &str, gathered: GatheredJson) -> bool {
        let mut known = false;
        if let Some(rows) = &gathered.reservations {
            known = true;
            self.reservation_file = true;
            for row in rows {
                self.add_reservation(Some(name), row);
            }
            if gathered.next_token.is_some() {
                self.withhold(RESERVATIONS, &format!("{name}: {LEFT_AT_TOKEN}"));
                self.unread.insert(name.to_owned());
            }
        }
        let cluster = gathered.cluster.and_then(|filed| filed.0).and_then(|c| c.read(Some(name)));
        if let Some(cluster) = cluster {
            known = true;
            let filed = cluster.name.clone();
            if let Some(groups) = members(gathered.nodegroups) {
                self.node_groups.entry(filed.clone()).or_default().extend(groups);
            }
            let profiles = members(gathered.fargate_profiles).unwrap_or_default();
            self.profiles.entry(filed).or_default().extend(profiles);
            self.add_cluster(cluster);
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
        let interfaces = self
            .complete("DescribeNetworkInterfaces", "network-interfaces", |a| &a.interface_pages);
        let instances = self.complete("DescribeInstances", "instances", |a| &a.instance_pages);
        if self.subnet_pages.unfinished() {
            self.withhold("DescribeSubnets", LEFT_AT_TOKEN);
        }
        if !self.reservation_file {
            self.withhold(RESERVATIONS, "no subnet-cidr-reservations answer is there");
        }
        let placed = self.reservation_file && !self.unplaced;
        for subnet in &mut self.subnets {
            let seen = placed && !self.unread.contains(&subnet.subnet_id);
            let reservations = self.reservations.get(&subnet.subnet_id).cloned();
            subnet.reservations = seen.then(|| reservations.unwrap_or_default());
        }
        let clusters = self.clusters();
        let region = region(&self.subnets);
        let account = account_of(&self.interfaces);
        Ok(Inventory {
            source: Source { kind: SourceKind::AwsCli, region, account, captured_at: None },
            vpcs: self.vpc_pages.any().then_some(self.vpcs),
            subnets: self.subnets,
            interfaces: interfaces.then_some(self.interfaces),
            instances: instances.then_some(self.instances),
            clusters,
            withheld: self.withheld.into_iter().collect(),
        }
        .in_order())
    }

    fn withhold(&mut self, operation: &str, reason: &str) {
        self.withheld
            .insert(Withheld { operation: operation.to_owned(), reason: reason.to_owned() });
    }

    fn complete(&mut self, operation: &str, file: &str, pages: impl Fn(&Self) -> &Pages) -> bool {
        let reason = match (pages(self).any(), pages(self).unfinished()) {
            (true, false) => return true,
            (true, true) => LEFT_AT_TOKEN.to_owned(),
            (false, _) => format!("no {file} answer is there"),
        };
        self.withhold(operation, &reason);
        false
    }

    fn clusters(&mut self) -> Vec<Cluster> {
        let mut clusters = std::mem::take(&mut self.clusters);
        for (name, cluster) in &mut clusters {
            cluster.node_groups = self.node_groups.remove(name).map(in_order);
            cluster.fargate_profiles = in_order(self.profiles.remove(name).unwrap_or_default());
        }
        let mut clusters: Vec<Cluster> = clusters.into_values().collect();
        // With several clusters nothing says whose listing it is.
        if let [cluster] = clusters.as_mut_slice() {
            if let Some(names) = self.group_names.take() {
                let there = cluster.node_groups.get_or_insert_default();
                cluster.undescribed.extend(missing("node group", names, there));
            }
            let names = self.profile_names.take().unwrap_or_default();
            let missing = missing("Fargate profile", names, &cluster.fargate_profiles);
            cluster.undescribed.extend(missing);
        }
        clusters
    }
}

/// The listed names that nothing describes.
fn missing(what: &str, names: BTreeSet<String>, there: &[NodeSubnets]) -> Vec<String> {
    let unseen = names.into_iter().filter(|name| !there.iter().any(|member| member.name == *name));
    unseen.map(|name| format!("{what} {name}")).collect()
}

fn in_order(mut members: Vec<NodeSubnets>) -> Vec<NodeSubnets> {
    members.sort();
    members.dedup();
    members
}

const RESERVATIONS: &str = "GetSubnetCidrReservations";
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
