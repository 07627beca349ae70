//! Reading one JSON document in a single pass: each row is turned into the model as it is read,
//! so that memory follows the rows and not the text.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize,
    de::{
        DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
        value::MapAccessDeserializer,
    },
};

use super::{
    assemble::{Answers, Recognised},
    clusters::Kind,
    ec2::{InstanceReservationJson, InterfaceJson, ReservationJson, SubnetJson, VpcJson},
    eks::{ClusterJson, GatheredJson, MemberJson},
    kubectl::{MetadataJson, Opened, SpecJson, StatusJson},
    pages::Page,
    value::{IfNames, IfObject, IfText},
};
use crate::inventory::{Interface, Subnet, Vpc};

/// Reads a document into the answers so far.
pub(super) struct Document<'a>(pub(super) &'a mut Answers);

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = Recognised;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Recognised, D::Error> {
        deserializer.deserialize_any(self)
    }
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

impl<'de> Visitor<'de> for Document<'_> {
    type Value = Recognised;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an answer of the AWS CLI or of kubectl")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Recognised, A::Error> {
        let answers = self.0;
        let mut seen = Seen::default();
        while let Some(key) = map.next_key::<String>()? {
            seen.keys = true;
            read_key(&key, &mut map, answers, &mut seen)?;
        }
        finish(answers, seen).map_err(A::Error::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Recognised, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Recognised::Unknown)
    }

    fn visit_unit<E>(self) -> Result<Recognised, E> {
        Ok(Recognised::Unknown)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Recognised, E> {
        Ok(Recognised::Unknown)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Recognised, E> {
        Ok(Recognised::Unknown)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Recognised, E> {
        Ok(Recognised::Unknown)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Recognised, E> {
        Ok(Recognised::Unknown)
    }

    fn visit_str<E>(self, _: &str) -> Result<Recognised, E> {
        Ok(Recognised::Unknown)
    }
}

fn read_key<'de, A: MapAccess<'de>>(
    key: &str,
    map: &mut A,
    answers: &mut Answers,
    seen: &mut Seen,
) -> Result<(), A::Error> {
    match key {
        "Vpcs" => {
            let page = seen.vpcs.get_or_insert_default();
            map.next_value_seed(rows(|row: VpcJson| {
                let vpc = Vpc::from(row);
                page.note(&vpc.vpc_id, Some(&vpc.vpc_id));
                answers.vpcs.push(vpc);
            }))?;
        }
        "Subnets" => {
            let page = seen.subnets.get_or_insert_default();
            map.next_value_seed(rows(|row: SubnetJson| {
                let subnet = Subnet::from(row);
                page.note(&subnet.subnet_id, Some(&subnet.vpc_id));
                answers.subnets.push(subnet);
            }))?;
        }
        "NetworkInterfaces" => {
            let page = seen.interfaces.get_or_insert_default();
            map.next_value_seed(rows(|row: InterfaceJson| {
                let interface = Interface::from(row);
                page.note(&interface.interface_id, interface.vpc_id.as_deref());
                answers.interfaces.push(interface);
            }))?;
        }
        "Reservations" => {
            let page = seen.instances.get_or_insert_default();
            map.next_value_seed(rows(|row: InstanceReservationJson| {
                let owner = row.owner_id;
                for json in row.instances.unwrap_or_default() {
                    let instance = json.read(owner.clone());
                    page.note(&instance.instance_id, instance.vpc_id.as_deref());
                    answers.instances.push(instance);
                }
            }))?;
        }
        "SubnetIpv4CidrReservations" => {
            let page = seen.reservations.get_or_insert_default();
            map.next_value_seed(rows(|row: ReservationJson| {
                page.note(&row.label(), row.subnet_id.as_deref());
                answers.add_reservation(None, &row);
            }))?;
        }
        "schema" => {
            let IfText(schema) = map.next_value()?;
            seen.snapshot |= schema.is_some_and(|schema| schema.starts_with("eksnet.snapshot/"));
        }
        "cluster" => {
            let IfObject(cluster) = map.next_value::<IfObject<ClusterJson>>()?;
            if let Some(cluster) = cluster.and_then(|cluster| cluster.read(None)) {
                seen.known = true;
                answers.clusters.add(cluster);
            }
        }
        "nodegroup" | "fargateProfile" => {
            let IfObject(member) = map.next_value::<IfObject<MemberJson>>()?;
            let kind = if key == "nodegroup" { Kind::NodeGroup } else { Kind::FargateProfile };
            if let Some(member) = member.and_then(|member| member.read(None)) {
                seen.known = true;
                answers.clusters.add_member(kind, member);
            }
        }
        "NextToken" | "nextToken" => {
            let IfText(token) = map.next_value()?;
            seen.token |= token.is_some();
        }
        "nodegroups" | "fargateProfileNames" => {
            let IfNames(names) = map.next_value()?;
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
            map.next_value::<IgnoredAny>()?;
            seen.known = true;
        }
        "kind" | "apiVersion" | "items" => read_kubectl_key(key, map, answers, seen)?,
        "metadata" | "spec" | "status" if seen.kubectl.is_object() => {
            read_kubectl_key(key, map, answers, seen)?;
        }
        other => {
            let IfObject(gathered) = map.next_value::<IfObject<GatheredJson>>()?;
            seen.known |= gathered.is_some_and(|gathered| answers.add_gathered(other, gathered));
        }
    }
    Ok(())
}

/// A key of an object of Kubernetes, or of a list of them.
fn read_kubectl_key<'de, A: MapAccess<'de>>(
    key: &str,
    map: &mut A,
    answers: &mut Answers,
    seen: &mut Seen,
) -> Result<(), A::Error> {
    match key {
        "kind" => {
            let IfText(kind) = map.next_value()?;
            seen.kubectl.kind(kind);
        }
        "apiVersion" => {
            let IfText(version) = map.next_value()?;
            seen.kubectl.version(version.as_deref());
        }
        "items" => map.next_value_seed(Items { answers, seen })?,
        "metadata" => {
            let IfObject(metadata) = map.next_value::<IfObject<MetadataJson>>()?;
            seen.kubectl.metadata(metadata);
        }
        "spec" => {
            let IfObject(spec) = map.next_value::<IfObject<SpecJson>>()?;
            seen.kubectl.spec(spec);
        }
        _ => {
            let IfObject(status) = map.next_value::<IfObject<StatusJson>>()?;
            seen.kubectl.status(status);
        }
    }
    Ok(())
}

/// The items of a list of kubectl; a cluster may be called so as well.
struct Items<'a> {
    answers: &'a mut Answers,
    seen: &'a mut Seen,
}

impl<'de> DeserializeSeed<'de> for Items<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Items<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.seen.kubectl.items(&mut list, &mut self.answers.kubectl)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let gathered = GatheredJson::deserialize(MapAccessDeserializer::new(map))?;
        self.seen.known |= self.answers.add_gathered("items", gathered);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
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
struct Rows<T, F> {
    each: F,
    row: PhantomData<T>,
}

fn rows<T, F: FnMut(T)>(each: F) -> Rows<T, F> {
    Rows { each, row: PhantomData }
}

impl<'de, T: Deserialize<'de>, F: FnMut(T)> DeserializeSeed<'de> for Rows<T, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(T)> Visitor<'de> for Rows<T, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(row) = list.next_element()? {
            (self.each)(row);
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}
