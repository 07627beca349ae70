//! Reading one JSON document in a single pass: each row is turned into the model as it is read,
//! so that memory follows the rows and not the text.

use std::{collections::BTreeSet, fmt, marker::PhantomData};

use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::{
    assemble::{Answers, Recognised},
    ec2::{InstanceReservationJson, InterfaceJson, ReservationJson, SubnetJson, VpcJson},
    eks::{ClusterJson, GatheredJson, MemberJson},
    value::{IfNames, IfObject},
};
use crate::inventory::{Instance, Interface, Subnet, Vpc};

/// Reads a document into the answers so far.
pub(super) struct Document<'a>(pub(super) &'a mut Answers);

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = Recognised;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Recognised, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// The VPCs that the rows of a document name, by kind of row.
#[derive(Default)]
struct Seen {
    vpcs: Option<BTreeSet<String>>,
    subnets: Option<BTreeSet<String>>,
    interfaces: Option<BTreeSet<String>>,
    instances: Option<BTreeSet<String>>,
    known: bool,
    keys: bool,
    token: bool,
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = Recognised;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an AWS CLI answer")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Recognised, A::Error> {
        let answers = self.0;
        let mut seen = Seen::default();
        while let Some(key) = map.next_key::<String>()? {
            seen.keys = true;
            read_key(&key, &mut map, answers, &mut seen)?;
        }
        Ok(finish(answers, seen))
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
            let vpcs = seen.vpcs.get_or_insert_default();
            map.next_value_seed(rows(|row: VpcJson| {
                let vpc = Vpc::from(row);
                vpcs.insert(vpc.vpc_id.clone());
                answers.vpcs.push(vpc);
            }))?;
        }
        "Subnets" => {
            let vpcs = seen.subnets.get_or_insert_default();
            map.next_value_seed(rows(|row: SubnetJson| {
                let subnet = Subnet::from(row);
                vpcs.insert(subnet.vpc_id.clone());
                answers.subnets.push(subnet);
            }))?;
        }
        "NetworkInterfaces" => {
            let vpcs = seen.interfaces.get_or_insert_default();
            map.next_value_seed(rows(|row: InterfaceJson| {
                let interface = Interface::from(row);
                note_vpc(vpcs, interface.vpc_id.as_deref());
                answers.interfaces.push(interface);
            }))?;
        }
        "Reservations" => {
            let vpcs = seen.instances.get_or_insert_default();
            map.next_value_seed(rows(|row: InstanceReservationJson| {
                for instance in row.instances.unwrap_or_default() {
                    let instance = Instance::from(instance);
                    note_vpc(vpcs, instance.vpc_id.as_deref());
                    answers.instances.push(instance);
                }
            }))?;
        }
        "SubnetIpv4CidrReservations" => {
            seen.known = true;
            answers.reservation_file = true;
            map.next_value_seed(rows(|row: ReservationJson| answers.add_reservation(None, &row)))?;
        }
        "cluster" => {
            let IfObject(cluster) = map.next_value::<IfObject<ClusterJson>>()?;
            if let Some(cluster) = cluster.and_then(|cluster| cluster.read(None)) {
                seen.known = true;
                answers.add_cluster(cluster);
            }
        }
        "nodegroup" | "fargateProfile" => {
            let IfObject(member) = map.next_value::<IfObject<MemberJson>>()?;
            if let Some(member) = member {
                seen.known = true;
                answers.add_member(key == "nodegroup", member);
            }
        }
        "NextToken" | "nextToken" => seen.token = map.next_value::<Option<IgnoredAny>>()?.is_some(),
        "nodegroups" | "fargateProfileNames" => {
            let IfNames(names) = map.next_value()?;
            if let Some(names) = names {
                seen.known = true;
                answers.add_names(key == "nodegroups", names);
            }
        }
        // Known, and of no use here.
        "SubnetIpv6CidrReservations" => {
            map.next_value::<IgnoredAny>()?;
            seen.known = true;
        }
        other => {
            let IfObject(gathered) = map.next_value::<IfObject<GatheredJson>>()?;
            seen.known |= gathered.is_some_and(|gathered| answers.add_gathered(other, gathered));
        }
    }
    Ok(())
}

fn note_vpc(vpcs: &mut BTreeSet<String>, vpc: Option<&str>) {
    if let Some(vpc) = vpc.filter(|vpc| !vpcs.contains(*vpc)) {
        vpcs.insert(vpc.to_owned());
    }
}

fn finish(answers: &mut Answers, seen: Seen) -> Recognised {
    let token = seen.token;
    let mut known = seen.known;
    let kinds = [
        (seen.vpcs, &mut answers.vpc_pages),
        (seen.subnets, &mut answers.subnet_pages),
        (seen.interfaces, &mut answers.interface_pages),
        (seen.instances, &mut answers.instance_pages),
    ];
    for (vpcs, pages) in kinds {
        if let Some(vpcs) = vpcs {
            known = true;
            pages.add(vpcs, token);
        }
    }
    match (known, seen.keys) {
        (true, _) => Recognised::Known,
        (false, true) => Recognised::Unknown,
        (false, false) => Recognised::Empty,
    }
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
