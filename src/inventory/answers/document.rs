//! Reading one JSON document in a single pass: each row is turned into the model as it is read,
//! so that memory follows the rows and not the text. Keys may come in any order.

use std::{fmt, io::Read};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Visitor},
};
use serde_json::Value;

use super::{
    assemble::{Answers, Recognised},
    clusters::MemberKind,
    ec2::{
        DescribedSubnet, InstanceJson, InstanceReservationJson, InterfaceJson, ReservationJson,
        ScaledInstanceJson, VpcJson,
    },
    eks::{ClusterJson, GatheredJson, MemberJson},
    known,
    kubectl::{ObjectJson, Opened},
    pages::Page,
    row::{Keys, RowKind},
    value::{If, IfNames, IfObject, IfText},
};
use crate::{
    instance::DescribedType,
    inventory::{
        Interface, Operation, Subnet, Vpc, Word,
        feed::{Feed, ReadError},
    },
    json,
};

/// Reads an object at the top: an answer by its keys, or a row that stands alone.
pub(super) fn read_object<S: Read + Send>(
    feed: &mut Feed<S>,
    answers: &mut Answers,
) -> Result<Recognised, ReadError> {
    let mut seen = DocumentPages::default();
    match feed.look_near::<Keys>()?.and_then(|keys| keys.row()) {
        None | Some(RowKind::Object) => {
            feed.took(b'{')?;
            while let Some(key) = feed.key(!seen.keys)? {
                seen.keys = true;
                read_key(&key, feed, answers, &mut seen)?;
            }
        }
        Some(row) => seen.read_row(row, feed, answers)?,
    }
    finish(answers, seen).map_err(|message| feed.refused(&message))
}

/// An interface, made of its JSON where that is read.
#[derive(Deserialize)]
#[serde(from = "InterfaceJson")]
struct Filed(Interface);

impl From<InterfaceJson> for Filed {
    fn from(row: InterfaceJson) -> Self {
        Self(row.into())
    }
}

/// The pages that a document holds, by kind of row.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each says something else about the document")]
pub(super) struct DocumentPages {
    vpcs: Option<Page>,
    subnets: Option<Page>,
    interfaces: Option<Page>,
    instances: Option<Page>,
    reservations: Option<Page>,
    names: Option<MemberKind>,
    kubectl: Opened,
    /// What may be the parts of an object of Kubernetes, whose kind comes after them.
    parts: Vec<(String, Value)>,
    known: bool,
    not_needed: bool,
    keys: bool,
    token: bool,
    snapshot: bool,
    /// Rows of a bare list that lack keys of a whole row.
    partial: usize,
}

impl DocumentPages {
    /// Notes a row that cannot be told.
    pub(super) fn partial(&mut self) {
        self.partial += 1;
    }

    fn vpc(&mut self, row: VpcJson, answers: &mut Answers) {
        let vpc = Vpc::from(row);
        self.vpcs.get_or_insert_default().note(&vpc.vpc_id, Some(&vpc.vpc_id));
        answers.vpcs.push(vpc);
    }

    fn subnet(&mut self, row: DescribedSubnet, answers: &mut Answers) {
        answers.withheld.extend(row.no_count());
        let subnet = Subnet::from(row);
        self.subnets.get_or_insert_default().note(&subnet.subnet_id, Some(&subnet.vpc_id));
        answers.subnets.push(subnet);
    }

    fn interface(&mut self, interface: Interface, answers: &mut Answers) {
        let page = self.interfaces.get_or_insert_default();
        page.note(&interface.interface_id, interface.vpc_id.as_deref());
        answers.interfaces.push(interface);
    }

    fn instance(&mut self, row: InstanceJson, owner: Option<Word>, answers: &mut Answers) {
        let instance = row.read(owner);
        let page = self.instances.get_or_insert_default();
        page.note(&instance.instance_id, instance.vpc_id.as_deref());
        answers.instances.push(instance);
    }

    fn started(&mut self, row: InstanceReservationJson, answers: &mut Answers) {
        for json in row.instances.unwrap_or_default() {
            self.instance(json, row.owner_id.clone(), answers);
        }
    }

    fn reservation(&mut self, row: &ReservationJson, answers: &mut Answers) {
        let page = self.reservations.get_or_insert_default();
        page.note(&row.label(), row.subnet_id.as_deref());
        answers.add_reservation(None, row);
    }

    fn instance_type(&mut self, row: DescribedType, answers: &mut Answers) {
        self.known = true;
        answers.instance_types.push(row);
    }

    /// What Auto Scaling says of instances. Without a page some are told by state and tags.
    fn scaled<S: Read + Send>(
        &mut self,
        feed: &mut Feed<S>,
        answers: &mut Answers,
    ) -> Result<(), ReadError> {
        self.known = true;
        let each = |ScaledInstanceJson { instance_id, lifecycle_state }| {
            answers.lifecycles.extend(instance_id.zip(lifecycle_state));
        };
        rows(feed, each).map(|_| ())
    }

    fn cluster(&mut self, cluster: ClusterJson, answers: &mut Answers) {
        if let Some(cluster) = cluster.read(None) {
            self.known = true;
            answers.clusters.add(cluster);
        }
    }

    fn member(&mut self, kind: MemberKind, member: MemberJson, answers: &mut Answers) {
        if let Some(member) = member.read(None) {
            self.known = true;
            answers.clusters.add_member(kind, member);
        }
    }

    /// Reads a row that stands alone.
    pub(super) fn read_row<S: Read + Send>(
        &mut self,
        row: RowKind,
        feed: &mut Feed<S>,
        answers: &mut Answers,
    ) -> Result<(), ReadError> {
        match row {
            RowKind::Vpc => self.vpc(feed.value()?, answers),
            RowKind::Subnet => self.subnet(feed.value()?, answers),
            RowKind::Interface => {
                let Filed(interface) = feed.value()?;
                self.interface(interface, answers);
            }
            RowKind::Instance => self.instance(feed.value()?, None, answers),
            RowKind::Instances => self.started(feed.value()?, answers),
            RowKind::Reservation => self.reservation(&feed.value()?, answers),
            RowKind::InstanceType => self.instance_type(feed.value()?, answers),
            RowKind::Cluster => self.cluster(feed.value()?, answers),
            RowKind::Member(kind) => self.member(kind, feed.value()?, answers),
            RowKind::Object => {
                let object: ObjectJson = feed.value()?;
                let taken = self.kubectl.item(object, &mut answers.kubectl);
                taken.map_err(|message| feed.refused(&message))?;
            }
        }
        Ok(())
    }
}

fn read_key<S: Read + Send>(
    key: &str,
    feed: &mut Feed<S>,
    answers: &mut Answers,
    seen: &mut DocumentPages,
) -> Result<(), ReadError> {
    match key {
        "Vpcs" => {
            seen.vpcs.get_or_insert_default();
            if !rows(feed, |row| seen.vpc(row, answers))? {
                answers.null_list(Operation::DescribeVpcs, key);
            }
        }
        "Subnets" => {
            seen.subnets.get_or_insert_default();
            if !rows(feed, |row| seen.subnet(row, answers))? {
                answers.null_list(Operation::DescribeSubnets, key);
            }
        }
        "NetworkInterfaces" => {
            seen.interfaces.get_or_insert_default();
            // Made what it is by those who read it side by side.
            if !rows(feed, |Filed(interface)| seen.interface(interface, answers))? {
                answers.null_list(Operation::DescribeNetworkInterfaces, key);
            }
        }
        "Reservations" => {
            seen.instances.get_or_insert_default();
            if !rows(feed, |row| seen.started(row, answers))? {
                answers.null_list(Operation::DescribeInstances, key);
            }
        }
        "SubnetIpv4CidrReservations" => {
            seen.reservations.get_or_insert_default();
            if !rows(feed, |row| seen.reservation(&row, answers))? {
                answers.null_list(Operation::GetSubnetCidrReservations, key);
            }
        }
        "InstanceTypes" => {
            rows(feed, |row| seen.instance_type(row, answers))?;
        }
        "AutoScalingInstances" => seen.scaled(feed, answers)?,
        "schema" => {
            let If(schema) = feed.value::<IfText>()?;
            seen.snapshot |= schema.is_some_and(|schema| schema.starts_with("eksnet.snapshot/"));
        }
        "cluster" => {
            if let IfObject(Some(cluster)) = feed.value()? {
                seen.cluster(cluster, answers);
            }
        }
        "nodegroup" | "fargateProfile" => {
            let kind =
                if key == "nodegroup" { MemberKind::NodeGroup } else { MemberKind::FargateProfile };
            if let IfObject(Some(member)) = feed.value()? {
                seen.member(kind, member, answers);
            }
        }
        "NextToken" | "nextToken" => {
            let If(token) = feed.value::<IfText>()?;
            seen.token |= token.is_some_and(|token| !token.is_empty());
        }
        "nodegroups" | "fargateProfileNames" => {
            let If(names) = feed.value::<IfNames>()?;
            if let Some(names) = names {
                let groups = key == "nodegroups";
                let kind = if groups { MemberKind::NodeGroup } else { MemberKind::FargateProfile };
                seen.known = true;
                seen.names = Some(kind);
                answers.clusters.add_names(kind, names);
            }
        }
        // Known, and of no use here.
        "SubnetIpv6CidrReservations" => {
            feed.pass()?;
            seen.known = true;
        }
        "kind" => {
            let If(kind) = feed.value::<IfText>()?;
            seen.kubectl.kind(kind);
        }
        "apiVersion" => {
            let If(version) = feed.value::<IfText>()?;
            seen.kubectl.version(version);
        }
        "items" if feed.peek()? == Some(b'[') => {
            seen.kubectl.items(feed, &mut answers.kubectl)?;
        }
        // What they are is told by a kind that may come after them.
        "metadata" | "spec" | "status" => {
            let value = feed.value()?;
            seen.parts.push((key.to_owned(), value));
        }
        other => {
            seen.not_needed |= known::is_answer(other);
            if feed.peek()? == Some(b'[') {
                // A list may be long, and none is needed.
                answers.no_answer(other);
                return feed.pass();
            }
            // A name of a gathered file, or a key of something else.
            let IfObject(gathered) = feed.value::<IfObject<GatheredJson>>()?;
            match gathered {
                Some(gathered) => seen.known |= answers.add_gathered(other, gathered),
                None => answers.no_answer(other),
            }
        }
    }
    Ok(())
}

/// Closes a document.
pub(super) fn finish(answers: &mut Answers, mut seen: DocumentPages) -> Result<Recognised, String> {
    let token = seen.token;
    for (key, value) in std::mem::take(&mut seen.parts) {
        if seen.kubectl.is_object() {
            seen.kubectl.part(&key, value).map_err(|error| error.to_string())?;
        } else {
            // A cluster may be called so as well.
            let gathered = json::from_value(value).map_err(|error| error.to_string())?;
            let IfObject(gathered): IfObject<GatheredJson> = gathered;
            seen.known |= gathered.is_some_and(|gathered| answers.add_gathered(&key, gathered));
        }
    }
    let is_object = seen.kubectl.is_object();
    let kubectl = seen.kubectl.close(&mut answers.kubectl)?;
    let mut known = seen.known || kubectl == Some(true);
    if let Some(listing) = seen.names.filter(|_| token) {
        answers.clusters.cut(listing);
    }
    let of_lists = [
        (&seen.vpcs, Operation::DescribeVpcs),
        (&seen.subnets, Operation::DescribeSubnets),
        (&seen.interfaces, Operation::DescribeNetworkInterfaces),
        (&seen.instances, Operation::DescribeInstances),
        (&seen.reservations, Operation::GetSubnetCidrReservations),
    ];
    for (_, operation) in of_lists.iter().filter(|(page, _)| page.is_some() && seen.partial > 0) {
        answers.partial_rows(*operation, seen.partial);
    }
    let kinds = [
        (seen.vpcs, &mut answers.vpc_pages),
        (seen.subnets, &mut answers.subnet_pages),
        (seen.interfaces, &mut answers.interface_pages),
        (seen.instances, &mut answers.instance_pages),
        (seen.reservations, &mut answers.reservation_pages),
    ];
    for (page, pages) in kinds {
        if let Some(page) = page {
            known = true;
            pages.add(page, token);
        }
    }
    if seen.snapshot && known {
        // Its rows were taken in before its schema came.
        return Err("the file is marked as a snapshot but also holds AWS CLI output".to_owned());
    }
    Ok(if seen.snapshot {
        Recognised::Snapshot
    } else if known {
        Recognised::Known
    } else if kubectl.is_none() || !seen.keys {
        Recognised::Empty
    } else if is_object || seen.not_needed {
        Recognised::NotNeeded
    } else {
        Recognised::Unknown
    })
}

/// A list whose rows go to a function as they are read; whether it was there is told, and not null.
fn rows<S: Read + Send, T: DeserializeOwned + Send>(
    feed: &mut Feed<S>,
    each: impl FnMut(T),
) -> Result<bool, ReadError> {
    if feed.peek()? == Some(b'[') {
        return feed.list(each).map(|()| true);
    }
    feed.value().map(|NoList| false)
}

/// What may stand in a list's place: null.
struct NoList;

impl<'de> Deserialize<'de> for NoList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl Visitor<'_> for NoList {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }
}
