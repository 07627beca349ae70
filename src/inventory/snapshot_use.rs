//! What of a snapshot's ENIs and instances tells how much of its subnets is in use. A year of snapshots is
//! read for a forecast, and most of their bytes are names, descriptions and tags.

use std::{io, net::Ipv4Addr};

use serde::{Deserialize, de::IgnoredAny};

use super::{
    EniTags, Instance, Interface, Inventory, Places, Word,
    feed::ReadError,
    network_interface::read_addresses,
    snapshot_read::{self, Rows},
};
use crate::network::Cidr;

/// Reads of a snapshot file only what tells how much of its subnets is in use; the rest is passed over
/// and `None` or empty.
///
/// # Errors
/// As [`read_snapshot`](super::read_snapshot), but for values that are passed over.
pub fn read_snapshot_use(source: impl io::Read + Send) -> Result<Places<Inventory>, ReadError> {
    snapshot_read::read::<InUse>(source)
}

/// What is in use, and by whose ENIs and instances.
pub(super) struct InUse;

impl Rows for InUse {
    type Interface = EniUse;
    type Instance = InstanceUse;
    const WHOLE: bool = false;
}

/// An [`Interface`] with its addresses and its owner; the keys are those of the whole, so that an unknown
/// one is refused here too.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "keys are named that are passed over")]
pub(super) struct EniUse {
    interface_id: String,
    subnet_id: Word,
    owner_id: Option<Word>,
    primary: Option<Ipv4Addr>,
    #[serde(default, deserialize_with = "read_addresses")]
    secondary: Vec<Ipv4Addr>,
    #[serde(default)]
    prefixes: Vec<Cidr>,
    #[serde(default)]
    vpc_id: IgnoredAny,
    #[serde(default)]
    requester_id: IgnoredAny,
    #[serde(default)]
    requester_managed: IgnoredAny,
    interface_type: Option<Word>,
    #[serde(default)]
    description: IgnoredAny,
    #[serde(default)]
    status: IgnoredAny,
    #[serde(default)]
    attachment: IgnoredAny,
    #[serde(default)]
    ipv6: IgnoredAny,
    #[serde(default)]
    ipv6_prefixes: IgnoredAny,
    #[serde(default)]
    tags: IgnoredAny,
}

impl From<EniUse> for Interface {
    fn from(eni: EniUse) -> Self {
        Self {
            interface_id: eni.interface_id,
            subnet_id: eni.subnet_id,
            vpc_id: None,
            owner_id: eni.owner_id,
            requester_id: None,
            requester_managed: false,
            interface_type: eni.interface_type,
            description: String::new(),
            status: None,
            attachment: None,
            primary: eni.primary,
            secondary: eni.secondary,
            prefixes: eni.prefixes,
            ipv6: Vec::new(),
            ipv6_prefixes: Vec::new(),
            tags: EniTags::default(),
        }
    }
}

/// An [`Instance`] with its owner.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "keys are named that are passed over")]
pub(super) struct InstanceUse {
    instance_id: String,
    owner_id: Option<Word>,
    #[serde(default)]
    instance_type: IgnoredAny,
    #[serde(default)]
    state: IgnoredAny,
    #[serde(default)]
    lifecycle: IgnoredAny,
    #[serde(default)]
    vpc_id: IgnoredAny,
    #[serde(default)]
    subnet_id: IgnoredAny,
    #[serde(default)]
    availability_zone: IgnoredAny,
    #[serde(default)]
    interfaces: IgnoredAny,
    #[serde(default)]
    tags: IgnoredAny,
}

impl From<InstanceUse> for Instance {
    fn from(instance: InstanceUse) -> Self {
        Self {
            instance_id: instance.instance_id,
            owner_id: instance.owner_id,
            instance_type: None,
            state: None,
            lifecycle: None,
            vpc_id: None,
            subnet_id: None,
            availability_zone: None,
            interfaces: None,
            tags: EniTags::default(),
        }
    }
}
