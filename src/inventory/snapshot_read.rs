//! Reading a snapshot file a row at a time, as answers are read.

use std::{fmt::Display, io, mem};

use serde::{Deserialize, Deserializer, de::DeserializeOwned, de::Error as _};

use super::{
    Cluster, Instance, Interface, Inventory, Kubernetes, KubernetesNode, KubernetesPod, Places,
    SNAPSHOT_SCHEMA, Subnet, Vpc, Withheld,
    feed::{Feed, ReadError},
};
use crate::json;

/// Checked while it is read, so that another version is named before its unknown keys are.
struct SnapshotSchema;

impl<'de> Deserialize<'de> for SnapshotSchema {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let schema = String::deserialize(deserializer)?;
        if schema == SNAPSHOT_SCHEMA {
            return Ok(Self);
        }
        Err(D::Error::custom(format!("the schema is `{schema}`, not `{SNAPSHOT_SCHEMA}`")))
    }
}

/// Reads a snapshot file.
///
/// # Errors
/// When it is malformed, has an unknown key or is of another version, with line and column. When the
/// source fails.
pub fn read_snapshot(source: impl io::Read + Send) -> Result<Places<Inventory>, ReadError> {
    read::<Whole>(source)
}

/// What is read of an inventory's long lists.
pub(super) trait Rows {
    type Interface: DeserializeOwned + Into<Interface> + Send;
    type Instance: DeserializeOwned + Into<Instance> + Send;
    /// Whether the other lists are read, or passed over.
    const WHOLE: bool;
}

/// Everything.
struct Whole;

impl Rows for Whole {
    type Interface = Interface;
    type Instance = Instance;
    const WHOLE: bool = true;
}

pub(super) fn read<R: Rows>(source: impl io::Read + Send) -> Result<Places<Inventory>, ReadError> {
    // A snapshot of which little is read is one of many.
    let mut feed = if R::WHOLE { Feed::new(source) } else { Feed::alone(source) };
    let (mut schema, mut inventory) = (None, None);
    let (mut source, mut places, mut unseen) = (None, None, None);
    feed.object("a snapshot", |feed, key| match key {
        "schema" => once(feed, &mut schema, key, Feed::value::<SnapshotSchema>),
        "inventory" => once(feed, &mut inventory, key, read_inventory::<_, R>),
        "source" => once(feed, &mut source, key, Feed::value),
        "places" => once(feed, &mut places, key, read_places::<_, R>),
        "withheld" => once(feed, &mut unseen, key, rows::<_, Withheld, _>),
        other => {
            Err(unknown(feed, other, &["schema", "inventory", "source", "places", "withheld"]))
        }
    })?;
    let SnapshotSchema = needed(&feed, schema, "schema")?;
    if feed.peek()?.is_some() {
        return Err(feed.unexpected("", "trailing characters"));
    }
    let (Some(places), None) = (places.flatten(), &inventory) else {
        return Ok(Places::one(needed(&feed, inventory, "inventory")?.in_order()));
    };
    Ok(Places {
        source: needed(&feed, source, "source")?,
        list: places.into_iter().map(Inventory::in_order).collect(),
        unseen: needed(&feed, unseen.flatten(), "withheld")?,
        is_several: true,
        notes: Vec::new(),
    })
}

fn read_places<S: io::Read + Send, R: Rows>(
    feed: &mut Feed<S>,
) -> Result<Option<Vec<Inventory>>, ReadError> {
    if feed.peek()? != Some(b'[') {
        return feed.value();
    }
    let (mut first, mut places) = (feed.took(b'[')?, Vec::new());
    while feed.element(mem::take(&mut first))? {
        places.push(read_inventory::<_, R>(feed)?);
    }
    Ok(Some(places))
}

fn read_inventory<S: io::Read + Send, R: Rows>(feed: &mut Feed<S>) -> Result<Inventory, ReadError> {
    const KEYS: [&str; 10] = [
        "source",
        "vpcs",
        "subnets",
        "other_subnets",
        "other_networks",
        "interfaces",
        "instances",
        "clusters",
        "kubernetes",
        "withheld",
    ];
    let (mut source, mut vpcs, mut subnets, mut interfaces) = (None, None, None, None);
    let (mut instances, mut clusters, mut kubernetes, mut withheld) = (None, None, None, None);
    let (mut other_subnets, mut other_networks) = (None, None);
    feed.object("an inventory", |feed, key| match key {
        "source" => once(feed, &mut source, key, Feed::value),
        "subnets" => once(feed, &mut subnets, key, rows::<_, Subnet, _>),
        "other_subnets" => once(feed, &mut other_subnets, key, Feed::value),
        "other_networks" => once(feed, &mut other_networks, key, Feed::value),
        "interfaces" => once(feed, &mut interfaces, key, rows::<_, R::Interface, _>),
        "instances" => once(feed, &mut instances, key, rows::<_, R::Instance, _>),
        "withheld" => once(feed, &mut withheld, key, rows::<_, Withheld, _>),
        "vpcs" if R::WHOLE => once(feed, &mut vpcs, key, rows::<_, Vpc, _>),
        "clusters" if R::WHOLE => once(feed, &mut clusters, key, rows::<_, Cluster, _>),
        "kubernetes" if R::WHOLE => once(feed, &mut kubernetes, key, read_kubernetes),
        "vpcs" => once(feed, &mut vpcs, key, |feed| feed.pass().map(|()| None)),
        "clusters" => once(feed, &mut clusters, key, |feed| feed.pass().map(|()| Some(Vec::new()))),
        "kubernetes" => once(feed, &mut kubernetes, key, |feed| feed.pass().map(|()| None)),
        other => Err(unknown(feed, other, &KEYS)),
    })?;
    Ok(Inventory {
        source: needed(feed, source, "source")?,
        vpcs: vpcs.flatten(),
        subnets: needed(feed, subnets.flatten(), "subnets")?,
        other_subnets: other_subnets.unwrap_or_default(),
        other_networks: other_networks.unwrap_or_default(),
        interfaces: interfaces.flatten(),
        instances: instances.flatten(),
        clusters: needed(feed, clusters.flatten(), "clusters")?,
        kubernetes: kubernetes.flatten(),
        withheld: needed(feed, withheld.flatten(), "withheld")?,
    })
}

fn read_kubernetes<S: io::Read + Send>(
    feed: &mut Feed<S>,
) -> Result<Option<Kubernetes>, ReadError> {
    if feed.peek()? != Some(b'{') {
        return feed.value();
    }
    // Its long lists a row at a time, the rest by its own form.
    let (mut nodes, mut pods) = (None, None);
    let mut rest = serde_json::Map::new();
    feed.object("Kubernetes data", |feed, key| match key {
        "nodes" => once(feed, &mut nodes, key, rows::<_, KubernetesNode, _>),
        "pods" => once(feed, &mut pods, key, rows::<_, KubernetesPod, _>),
        other => {
            rest.insert(other.to_owned(), feed.value()?);
            Ok(())
        }
    })?;
    let rest = json::from_value::<Kubernetes>(rest.into());
    let rest = rest.map_err(|error| feed.refused(&error.to_string()))?;
    Ok(Some(Kubernetes { nodes: nodes.flatten(), pods: pods.flatten(), ..rest }))
}

/// A list, row by row; null is none.
fn rows<S: io::Read + Send, T: DeserializeOwned + Into<U> + Send, U>(
    feed: &mut Feed<S>,
) -> Result<Option<Vec<U>>, ReadError> {
    if feed.peek()? != Some(b'[') {
        let rows = feed.value::<Option<Vec<T>>>()?;
        return Ok(rows.map(|rows| rows.into_iter().map(T::into).collect()));
    }
    let mut rows = Vec::new();
    feed.list(|row: T| rows.push(row.into()))?;
    Ok(Some(rows))
}

/// Reads a key's value, which may be there once.
fn once<S: io::Read + Send, T>(
    feed: &mut Feed<S>,
    slot: &mut Option<T>,
    key: &str,
    read: impl FnOnce(&mut Feed<S>) -> Result<T, ReadError>,
) -> Result<(), ReadError> {
    if slot.is_some() {
        return Err(feed.refused(&format!("duplicate field `{key}`")));
    }
    *slot = Some(read(feed)?);
    Ok(())
}

fn needed<S: io::Read + Send, T>(
    feed: &Feed<S>,
    slot: Option<T>,
    key: &str,
) -> Result<T, ReadError> {
    slot.ok_or_else(|| feed.refused(&format!("missing field `{key}`")))
}

fn unknown<S: io::Read + Send>(feed: &Feed<S>, key: impl Display, keys: &[&str]) -> ReadError {
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    feed.refused(&format!("unknown field `{key}`, expected one of {}", keys.join(", ")))
}
