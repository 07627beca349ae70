//! An elastic network interface (ENI) as it was observed.

use std::{
    fmt,
    net::{Ipv4Addr, Ipv6Addr},
};

use schemars::JsonSchema;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, SeqAccess, Visitor},
};

use super::{EniTags, Tags, Word};
use crate::network::{Cidr, read_ipv4};

/// Room for the addresses of one ENI to begin with: most have no more (the limit of m5.xlarge to
/// m5.4xlarge is 15 or 30), and a list that grows by doubling is a reader's dearest allocation.
pub(super) const USUAL_ADDRESSES: usize = 32;

/// An ENI with every address it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Interface {
    /// Its id.
    pub interface_id: String,
    /// Its subnet.
    pub subnet_id: Word,
    /// Its VPC.
    pub vpc_id: Option<Word>,
    /// The account it belongs to.
    pub owner_id: Option<Word>,
    /// Who asked for it: an account, a role or a service.
    pub requester_id: Option<Word>,
    /// Whether an AWS service manages it.
    #[serde(default)]
    pub requester_managed: bool,
    /// EC2's InterfaceType, such as `interface`, `trunk` or `nat_gateway`.
    pub interface_type: Option<Word>,
    /// Its description.
    #[serde(default)]
    pub description: String,
    /// Its status, such as `in-use` or `available`.
    pub status: Option<Word>,
    /// What it is attached to.
    pub attachment: Option<Attachment>,
    /// Its own primary IPv4 address; none in an IPv6-only subnet.
    pub primary: Option<Ipv4Addr>,
    /// Its secondary IPv4 addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[serde(deserialize_with = "read_addresses")]
    pub secondary: Vec<Ipv4Addr>,
    /// The /28 prefixes delegated to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub prefixes: Vec<Cidr>,
    /// Its IPv6 addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ipv6: Vec<Ipv6Addr>,
    /// The IPv6 /80 prefixes delegated to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ipv6_prefixes: Vec<String>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "EniTags::is_empty")]
    #[schemars(with = "Tags")]
    pub tags: EniTags,
}

impl Interface {
    /// The instance it is attached to.
    #[must_use]
    pub fn instance_id(&self) -> Option<&str> {
        self.attachment.as_ref()?.instance_id.as_deref()
    }

    /// Whether it has to be attached to an instance that it does not name, as a query that drops attachments
    /// leaves it. AWS services manage their own, and name themselves where they hold one; a branch ENI is in
    /// use by its trunk and has no attachment of its own.
    #[must_use]
    pub fn hides_instance(&self) -> bool {
        const OF_INSTANCES: [&str; 4] = ["interface", "trunk", "efa", "efa-only"];
        let holder = self.attachment.as_ref().and_then(|it| it.instance_owner_id.as_deref());
        self.instance_id().is_none()
            && !self.requester_managed
            && self.status.as_deref().is_none_or(|status| status == "in-use")
            && self.interface_type.as_deref().is_none_or(|name| OF_INSTANCES.contains(&name))
            && holder.is_none_or(|holder| Some(holder) == self.owner_id.as_deref())
    }

    /// The network card and the device index on its instance, by which ENIs are in order; what is not
    /// stated is the last.
    #[must_use]
    pub fn place(&self) -> (u32, u32) {
        let attachment = self.attachment.as_ref();
        let card = attachment.and_then(|attachment| attachment.network_card_index).unwrap_or(0);
        let device = attachment.and_then(|attachment| attachment.device_index);
        (card, device.unwrap_or(u32::MAX))
    }

    /// Whether it is the ENI that an instance starts with: device 0 of card 0.
    #[must_use]
    pub fn is_primary(&self) -> bool {
        self.place() == (0, 0)
    }
}

/// An ENI's attachment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// The instance; none when a service holds the ENI.
    pub instance_id: Option<Word>,
    /// The account of the instance or the service.
    pub instance_owner_id: Option<Word>,
    /// The device index on the instance: 0 is the primary ENI.
    pub device_index: Option<u32>,
    /// The index of the network card.
    pub network_card_index: Option<u32>,
}

/// A list of IPv4 addresses, which most bytes of a snapshot are.
pub(super) fn read_addresses<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Ipv4Addr>, D::Error> {
    deserializer.deserialize_seq(AddressesVisitor)
}

struct AddressesVisitor;

impl<'de> Visitor<'de> for AddressesVisitor {
    type Value = Vec<Ipv4Addr>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut addresses = Vec::with_capacity(USUAL_ADDRESSES);
        while let Some(ReadAddress(address)) = list.next_element()? {
            addresses.push(address);
        }
        addresses.shrink_to_fit();
        Ok(addresses)
    }
}

struct ReadAddress(Ipv4Addr);

impl<'de> Deserialize<'de> for ReadAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // As bytes it is looked at once, and not for UTF-8 before.
        deserializer.deserialize_bytes(AddressVisitor)
    }
}

struct AddressVisitor;

impl Visitor<'_> for AddressVisitor {
    type Value = ReadAddress;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IPv4 address")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<ReadAddress, E> {
        self.visit_bytes(text.as_bytes())
    }

    fn visit_bytes<E: Error>(self, text: &[u8]) -> Result<ReadAddress, E> {
        // As serde says it of an address.
        read_ipv4(text).map(ReadAddress).ok_or_else(|| E::custom("invalid IPv4 address syntax"))
    }
}

/// An ENI's primary address and its others, sorted, from the answer's own field and its list (each
/// address with whether it is called primary). Contradictions lose no address, and one that is listed twice stays so: where the two name several
/// primary ones, or the list lacks the ENI's own, none is known to be it.
#[must_use]
pub fn addresses(
    own: Option<Ipv4Addr>,
    listed: impl Iterator<Item = (bool, Ipv4Addr)>,
) -> (Option<Ipv4Addr>, Vec<Ipv4Addr>) {
    let mut primary = None;
    let mut is_sure = true;
    // One more than is needed, at most, where a list grown by doubling has room for half as many.
    let mut others = Vec::with_capacity(listed.size_hint().1.unwrap_or(0));
    for (is_primary, address) in listed {
        if is_primary && primary.is_none() {
            primary = Some(address);
        } else {
            is_sure &= !is_primary || primary == Some(address);
            others.push(address);
        }
    }
    if primary.is_none() {
        let at = own.and_then(|own| others.iter().position(|other| *other == own));
        primary = at.map(|at| others.swap_remove(at));
    }
    if own != primary {
        // An answer lists every address.
        is_sure &= own.is_none();
        others.extend(own.filter(|own| !others.contains(own)));
    }
    if !is_sure {
        others.extend(primary.take());
    }
    others.sort_unstable();
    (primary, others)
}
