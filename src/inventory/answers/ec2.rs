//! EC2's answers as the AWS CLI prints them: the fields the audit needs, all others passed over.

use std::{
    fmt,
    net::{Ipv4Addr, Ipv6Addr},
};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, SeqAccess, Visitor},
};

use super::value::{Address, If, IfList, IfNumber, Maybe};
use crate::{
    inventory::{
        Attachment, Instance, Interface, NamedEni, NamedEnis, Operation, Reservation, Subnet, Vpc,
        Withheld, Word, addresses, network_interface::USUAL_ADDRESSES,
    },
    network::Cidr,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Tag<S = String> {
    key: Option<S>,
    value: Option<S>,
}

fn tags<S: Default, T: FromIterator<(S, S)>>(list: Maybe<Tag<S>>) -> T {
    list.unwrap_or_default()
        .into_iter()
        .filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default())))
        .collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct VpcJson {
    vpc_id: String,
    cidr_block: Option<String>,
    cidr_block_association_set: Maybe<AssociationJson>,
    owner_id: Option<String>,
    tags: Maybe<Tag>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AssociationJson {
    cidr_block: Option<String>,
    cidr_block_state: Option<InstanceState>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InstanceState {
    state: Option<String>,
}

impl From<VpcJson> for Vpc {
    fn from(json: VpcJson) -> Self {
        // No number hangs on a VPC's CIDRs, so one that cannot be read is left out.
        let read = |text: Option<String>| text.and_then(|text| text.parse::<Cidr>().ok());
        let mut cidrs: Vec<Cidr> = read(json.cidr_block).into_iter().collect();
        for association in json.cidr_block_association_set.unwrap_or_default() {
            let state = association.cidr_block_state.and_then(|state| state.state);
            let gone = state.is_some_and(|state| state != "associated");
            if let Some(cidr) = read(association.cidr_block).filter(|c| !gone && !cidrs.contains(c))
            {
                cidrs.push(cidr);
            }
        }
        Self { vpc_id: json.vpc_id, cidrs, owner_id: json.owner_id, tags: tags(json.tags) }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribedSubnet {
    subnet_id: String,
    vpc_id: String,
    availability_zone: Option<String>,
    cidr_block: Option<SubnetCidr>,
    available_ip_address_count: Option<i64>,
    ipv6_native: Option<bool>,
    owner_id: Option<String>,
    tags: Maybe<Tag>,
}

/// A subnet's CIDR; IPv6-only subnets have none, or an empty one.
struct SubnetCidr(Option<Cidr>);

impl<'de> Deserialize<'de> for SubnetCidr {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        if text.is_empty() {
            return Ok(Self(None));
        }
        text.parse().map(|cidr| Self(Some(cidr))).map_err(D::Error::custom)
    }
}

impl DescribedSubnet {
    /// What is wrong with its count, if it is there and none that can be.
    pub(super) fn no_count(&self) -> Option<Withheld> {
        let count = self.available_ip_address_count?;
        u32::try_from(count).is_err().then(|| {
            let why =
                if count < 0 { "a count cannot be negative" } else { "more than any subnet has" };
            let reason = format!("AvailableIpAddressCount is {count}: {why}");
            Withheld::of_subnet(Operation::DescribeSubnets, &self.subnet_id, reason)
        })
    }
}

impl From<DescribedSubnet> for Subnet {
    fn from(json: DescribedSubnet) -> Self {
        Self {
            subnet_id: json.subnet_id,
            vpc_id: json.vpc_id,
            availability_zone: json.availability_zone,
            cidr: json.cidr_block.and_then(|SubnetCidr(cidr)| cidr),
            ipv6_native: json.ipv6_native,
            available: json.available_ip_address_count.and_then(|count| u32::try_from(count).ok()),
            owner_id: json.owner_id,
            tags: tags(json.tags),
            reservations: None,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InterfaceJson {
    network_interface_id: String,
    subnet_id: Word,
    vpc_id: Option<Word>,
    owner_id: Option<Word>,
    requester_id: Option<Word>,
    requester_managed: Option<bool>,
    interface_type: Option<Word>,
    description: Option<String>,
    status: Option<Word>,
    attachment: Option<AttachmentJson>,
    private_ip_address: Option<Address>,
    private_ip_addresses: Option<PrivateAddresses>,
    ipv4_prefixes: Maybe<PrefixJson>,
    ipv6_addresses: Maybe<Ipv6Json>,
    ipv6_prefixes: Maybe<Ipv6PrefixJson>,
    tag_set: Maybe<Tag<Word>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AttachmentJson {
    instance_id: Option<Word>,
    instance_owner_id: Option<Word>,
    device_index: Option<IfNumber>,
    network_card_index: Option<IfNumber>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PrivateAddressJson {
    primary: Option<bool>,
    private_ip_address: Address,
}

/// An interface's addresses, each with whether it is called primary.
#[derive(Default)]
struct PrivateAddresses(Vec<(bool, Ipv4Addr)>);

impl<'de> Deserialize<'de> for PrivateAddresses {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Self::default())
    }
}

impl<'de> Visitor<'de> for PrivateAddresses {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self, A::Error> {
        let Self(mut addresses) = self;
        addresses.reserve(USUAL_ADDRESSES);
        while let Some(row) = list.next_element::<PrivateAddressJson>()? {
            let Address(address) = row.private_ip_address;
            addresses.push((row.primary == Some(true), address));
        }
        Ok(Self(addresses))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PrefixJson {
    ipv4_prefix: Cidr,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Ipv6Json {
    ipv6_address: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Ipv6PrefixJson {
    ipv6_prefix: Option<String>,
}

impl From<InterfaceJson> for Interface {
    fn from(json: InterfaceJson) -> Self {
        let PrivateAddresses(listed) = json.private_ip_addresses.unwrap_or_default();
        let top = json.private_ip_address.map(|Address(address)| address);
        let (primary, secondary) = addresses(top, listed.into_iter());
        let mut prefixes: Vec<Cidr> =
            json.ipv4_prefixes.unwrap_or_default().into_iter().map(|p| p.ipv4_prefix).collect();
        prefixes.sort_unstable();
        let mut ipv6: Vec<Ipv6Addr> = json
            .ipv6_addresses
            .unwrap_or_default()
            .into_iter()
            .filter_map(|listed| listed.ipv6_address?.parse().ok())
            .collect();
        ipv6.sort_unstable();
        let mut ipv6_prefixes: Vec<String> = json
            .ipv6_prefixes
            .unwrap_or_default()
            .into_iter()
            .filter_map(|listed| listed.ipv6_prefix)
            .collect();
        ipv6_prefixes.sort_unstable();
        Self {
            interface_id: json.network_interface_id,
            subnet_id: json.subnet_id,
            vpc_id: json.vpc_id,
            owner_id: json.owner_id,
            requester_id: json.requester_id,
            requester_managed: json.requester_managed.unwrap_or(false),
            interface_type: json.interface_type,
            description: json.description.unwrap_or_default(),
            status: json.status,
            attachment: json.attachment.map(|attachment| Attachment {
                instance_id: attachment.instance_id,
                instance_owner_id: attachment.instance_owner_id,
                device_index: attachment.device_index.and_then(|If(index)| index),
                network_card_index: attachment.network_card_index.and_then(|If(index)| index),
            }),
            primary,
            secondary,
            prefixes,
            ipv6,
            ipv6_prefixes,
            tags: tags(json.tag_set),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InstanceReservationJson {
    pub(super) owner_id: Option<Word>,
    pub(super) instances: Maybe<InstanceJson>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InstanceJson {
    instance_id: String,
    instance_type: Option<Word>,
    state: Option<InstanceStateJson>,
    vpc_id: Option<Word>,
    subnet_id: Option<Word>,
    placement: Option<PlacementJson>,
    network_interfaces: Option<IfList<InstanceEniJson>>,
    tags: Maybe<Tag<Word>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InstanceStateJson {
    name: Option<Word>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PlacementJson {
    availability_zone: Option<Word>,
}

/// An ENI as its instance's row shows it.
#[derive(Deserialize)]
struct InstanceEniJson {
    #[serde(rename = "NetworkInterfaceId")]
    own: Option<String>,
    #[serde(rename = "SubnetId")]
    subnet: Option<Word>,
    #[serde(rename = "OwnerId")]
    owner: Option<Word>,
}

impl From<InstanceEniJson> for NamedEni {
    fn from(json: InstanceEniJson) -> Self {
        let InstanceEniJson { own, subnet, owner } = json;
        Self { interface_id: own, subnet_id: subnet, owner_id: owner }
    }
}

impl InstanceJson {
    /// The instance of a reservation's owner.
    pub(super) fn read(self, owner_id: Option<Word>) -> Instance {
        let IfList(enis) = self.network_interfaces.unwrap_or(IfList(Vec::new()));
        let interfaces = NamedEnis::seen(owner_id.as_deref(), enis.into_iter().map(NamedEni::from));
        Instance {
            instance_id: self.instance_id,
            owner_id,
            instance_type: self.instance_type,
            state: self.state.and_then(|state| state.name),
            lifecycle: None,
            vpc_id: self.vpc_id,
            subnet_id: self.subnet_id,
            availability_zone: self.placement.and_then(|placement| placement.availability_zone),
            interfaces,
            tags: tags(self.tags),
        }
    }
}

/// An instance as its Auto Scaling group has it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ScaledInstanceJson {
    pub(super) instance_id: Option<String>,
    pub(super) lifecycle_state: Option<Word>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ReservationJson {
    pub(super) subnet_id: Option<String>,
    cidr: Cidr,
    reservation_type: String,
}

impl ReservationJson {
    /// The reservation; `None` for a type nobody knows yet.
    pub(super) fn read(&self) -> Option<Reservation> {
        let kind = Reservation::kind_named(&self.reservation_type)?;
        Some(Reservation { cidr: self.cidr, kind })
    }

    /// The reservation in a word.
    pub(super) fn label(&self) -> String {
        format!("{} {}", self.subnet_id.as_deref().unwrap_or_default(), self.cidr)
    }

    /// A type nobody knows yet, in words.
    pub(super) fn unknown(&self) -> String {
        format!("the reservation {} has the unknown type `{}`", self.cidr, self.reservation_type)
    }
}
