//! Reading one JSON document in a single pass: each row is turned into the model as it is read,
//! so that memory follows the rows and not the text.

use std::{fmt, io::Read};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Visitor},
};

use super::{
    assemble::{Answers, Recognised},
    clusters::Kind,
    ec2::{InstanceReservationJson, InterfaceJson, ReservationJson, SubnetJson, VpcJson},
    eks::{ClusterJson, GatheredJson, MemberJson},
    feed::{Feed, ReadError},
    kubectl::{MetadataJson, Opened, SpecJson, StatusJson},
    pages::Page,
    value::{IfNames, IfObject, IfText},
};
use crate::inventory::{Interface, Subnet, Vpc};

impl Answers {
    /// Takes in a text of one JSON document or several in a row (pages appended to one file). It is
    /// read in pieces, so that a file may be larger than memory.
    ///
    /// # Errors
    /// When it is not JSON, or an answer holds a value that the audit needs and that cannot be
    /// read; the message holds line and column. When the source fails.
    pub fn read(&mut self, source: impl Read) -> Result<Recognised, ReadError> {
        let mut feed = Feed::new(source);
        let mut recognised = read_document(&mut feed, self)?;
        while feed.peek()?.is_some() {
            let next = read_document(&mut feed, self)?;
            if next == Recognised::Known {
                recognised = next;
            }
        }
        Ok(recognised)
    }
}

/// Reads a document into the answers so far.
fn read_document<S: Read>(
    feed: &mut Feed<S>,
    answers: &mut Answers,
) -> Result<Recognised, ReadError> {
    if !feed.took(b'{')? {
        feed.pass()?;
        return Ok(Recognised::Unknown);
    }
    let mut seen = Seen::default();
    while let Some(key) = feed.key(!seen.keys)? {
        seen.keys = true;
        read_key(&key, feed, answers, &mut seen)?;
    }
    finish(answers, seen).map_err(|message| feed.refused(&message))
}

/// The pages that a document holds, by kind of row.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each tells another thing of the document")]
struct Seen {
    vpcs: Option<Page>,
    subnets: Option<Page>,
    interfaces: Option<Page>,
    instances: Option<Page>,
    reservations: Option<Page>,
    names: Option<Kind>,
    kubectl: Opened,
    known: bool,
    keys: bool,
    token: bool,
    snapshot: bool,
}

fn read_key<S: Read>(
    key: &str,
    feed: &mut Feed<S>,
    answers: &mut Answers,
    seen: &mut Seen,
) -> Result<(), ReadError> {
    match key {
        "Vpcs" => {
            let page = seen.vpcs.get_or_insert_default();
            rows(feed, |row: VpcJson| {
                let vpc = Vpc::from(row);
                page.note(&vpc.vpc_id, Some(&vpc.vpc_id));
                answers.vpcs.push(vpc);
            })?;
        }
        "Subnets" => {
            let page = seen.subnets.get_or_insert_default();
            rows(feed, |row: SubnetJson| {
                let subnet = Subnet::from(row);
                page.note(&subnet.subnet_id, Some(&subnet.vpc_id));
                answers.subnets.push(subnet);
            })?;
        }
        "NetworkInterfaces" => {
            let page = seen.interfaces.get_or_insert_default();
            rows(feed, |row: InterfaceJson| {
                let interface = Interface::from(row);
                page.note(&interface.interface_id, interface.vpc_id.as_deref());
                answers.interfaces.push(interface);
            })?;
        }
        "Reservations" => {
            let page = seen.instances.get_or_insert_default();
            rows(feed, |row: InstanceReservationJson| {
                let owner = row.owner_id;
                for json in row.instances.unwrap_or_default() {
                    let instance = json.read(owner.clone());
                    page.note(&instance.instance_id, instance.vpc_id.as_deref());
                    answers.instances.push(instance);
                }
            })?;
        }
        "SubnetIpv4CidrReservations" => {
            let page = seen.reservations.get_or_insert_default();
            rows(feed, |row: ReservationJson| {
                page.note(&row.label(), row.subnet_id.as_deref());
                answers.add_reservation(None, &row);
            })?;
        }
        "schema" => {
            let IfText(schema) = feed.value()?;
            seen.snapshot |= schema.is_some_and(|schema| schema.starts_with("eksnet.snapshot/"));
        }
        "cluster" => {
            let IfObject(cluster) = feed.value::<IfObject<ClusterJson>>()?;
            if let Some(cluster) = cluster.and_then(|cluster| cluster.read(None)) {
                seen.known = true;
                answers.clusters.add(cluster);
            }
        }
        "nodegroup" | "fargateProfile" => {
            let IfObject(member) = feed.value::<IfObject<MemberJson>>()?;
            let kind = if key == "nodegroup" { Kind::NodeGroup } else { Kind::FargateProfile };
            if let Some(member) = member.and_then(|member| member.read(None)) {
                seen.known = true;
                answers.clusters.add_member(kind, member);
            }
        }
        "NextToken" | "nextToken" => {
            let IfText(token) = feed.value()?;
            seen.token |= token.is_some();
        }
        "nodegroups" | "fargateProfileNames" => {
            let IfNames(names) = feed.value()?;
            if let Some(names) = names {
                let groups = key == "nodegroups";
                let kind = if groups { Kind::NodeGroup } else { Kind::FargateProfile };
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
        "kind" | "apiVersion" | "items" => read_kubectl_key(key, feed, answers, seen)?,
        "metadata" | "spec" | "status" if seen.kubectl.is_object() => {
            read_kubectl_key(key, feed, answers, seen)?;
        }
        // A list may be long, and none is needed.
        _ if feed.peek()? == Some(b'[') => feed.pass()?,
        other => read_gathered(other, feed, answers, seen)?,
    }
    Ok(())
}

/// A name of a gathered file, or a key of something else.
fn read_gathered<S: Read>(
    name: &str,
    feed: &mut Feed<S>,
    answers: &mut Answers,
    seen: &mut Seen,
) -> Result<(), ReadError> {
    let IfObject(gathered) = feed.value::<IfObject<GatheredJson>>()?;
    seen.known |= gathered.is_some_and(|gathered| answers.add_gathered(name, gathered));
    Ok(())
}

/// A key of an object of Kubernetes, or of a list of them.
fn read_kubectl_key<S: Read>(
    key: &str,
    feed: &mut Feed<S>,
    answers: &mut Answers,
    seen: &mut Seen,
) -> Result<(), ReadError> {
    match key {
        "kind" => {
            let IfText(kind) = feed.value()?;
            seen.kubectl.kind(kind);
        }
        "apiVersion" => {
            let IfText(version) = feed.value()?;
            seen.kubectl.version(version.as_deref());
        }
        "items" if feed.peek()? == Some(b'[') => {
            seen.kubectl.items(feed, &mut answers.kubectl)?;
        }
        // A cluster may be called so as well.
        "items" => read_gathered(key, feed, answers, seen)?,
        "metadata" => {
            let IfObject(metadata) = feed.value::<IfObject<MetadataJson>>()?;
            seen.kubectl.metadata(metadata);
        }
        "spec" => {
            let IfObject(spec) = feed.value::<IfObject<SpecJson>>()?;
            seen.kubectl.spec(spec);
        }
        _ => {
            let IfObject(status) = feed.value::<IfObject<StatusJson>>()?;
            seen.kubectl.status(status);
        }
    }
    Ok(())
}

fn finish(answers: &mut Answers, seen: Seen) -> Result<Recognised, String> {
    let token = seen.token;
    let kubectl = seen.kubectl.close(&mut answers.kubectl)?;
    let mut known = seen.known || kubectl == Some(true);
    if let Some(listing) = seen.names.filter(|_| token) {
        answers.clusters.cut(listing);
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
    let said = seen.keys && kubectl.is_some();
    Ok(match (seen.snapshot, known, said) {
        (true, _, _) => Recognised::Snapshot,
        (false, true, _) => Recognised::Known,
        (false, false, true) => Recognised::Unknown,
        (false, false, false) => Recognised::Empty,
    })
}

/// A list whose rows go to a function as they are read; null is an empty list.
fn rows<S: Read, T: DeserializeOwned>(
    feed: &mut Feed<S>,
    each: impl FnMut(T),
) -> Result<(), ReadError> {
    if feed.peek()? == Some(b'[') {
        return feed.list(each);
    }
    feed.value().map(|NoList| ())
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
