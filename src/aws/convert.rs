//! SDK types to the inventory's, one function a type. Each can fail: what is needed may be missing.

use std::net::{Ipv4Addr, Ipv6Addr};

use aws_sdk_ec2::types;

use super::{error::AwsError, listing::Attached};
use crate::{
    instance::{DescribedCard, DescribedType, EFA},
    inventory::{
        Attachment, Instance, Interface, NamedEni, NamedEnis, Operation, Reservation, Subnet, Vpc,
        Word, addresses, is_region,
    },
    network::Cidr,
};

fn tags<T: FromIterator<(String, String)>>(
    operation: Operation,
    list: Option<Vec<types::Tag>>,
) -> Result<T, AwsError> {
    let pair = |tag: types::Tag| {
        Ok((need(operation, "a tag's key", tag.key)?, tag.value.unwrap_or_default()))
    };
    list.unwrap_or_default().into_iter().map(pair).collect()
}

/// A field that is needed.
fn need<T>(operation: Operation, what: &str, value: Option<T>) -> Result<T, AwsError> {
    value.ok_or_else(|| AwsError::answer(operation, format!("the response lacks {what}")))
}

/// A text that has to be of a form.
fn parse<T: std::str::FromStr>(operation: Operation, of: &str, text: &str) -> Result<T, AwsError> {
    text.parse().map_err(|_| AwsError::answer(operation, format!("{of}: cannot read `{text}`")))
}

/// A count that cannot be negative.
fn count<T: TryFrom<i32>>(operation: Operation, of: &str, value: i32) -> Result<T, AwsError> {
    T::try_from(value).map_err(|_| AwsError::answer(operation, format!("{of}: cannot be {value}")))
}

/// A count that is at least 1.
fn positive<T: TryFrom<i64>>(operation: Operation, of: &str, value: i64) -> Result<T, AwsError> {
    T::try_from(value)
        .ok()
        .filter(|_| value > 0)
        .ok_or_else(|| AwsError::answer(operation, format!("{of}: cannot be {value}")))
}

pub(super) fn vpc(vpc: types::Vpc) -> Result<Vpc, AwsError> {
    let operation = Operation::DescribeVpcs;
    let vpc_id = need(operation, "a VPC's id", vpc.vpc_id)?;
    // No number hangs on a VPC's CIDRs, so one that cannot be read is left out.
    let read = |text: Option<String>| text.and_then(|text| text.parse::<Cidr>().ok());
    let mut cidrs: Vec<Cidr> = read(vpc.cidr_block).into_iter().collect();
    for association in vpc.cidr_block_association_set.unwrap_or_default() {
        let state = association.cidr_block_state.and_then(|state| state.state);
        let gone = state.is_some_and(|state| state != types::VpcCidrBlockStateCode::Associated);
        if let Some(cidr) = read(association.cidr_block).filter(|c| !gone && !cidrs.contains(c)) {
            cidrs.push(cidr);
        }
    }
    Ok(Vpc { vpc_id, cidrs, owner_id: vpc.owner_id, tags: tags(operation, vpc.tags)? })
}

pub(super) fn subnet(subnet: types::Subnet) -> Result<Subnet, AwsError> {
    let operation = Operation::DescribeSubnets;
    let subnet_id = need(operation, "a subnet's id", subnet.subnet_id)?;
    let cidr = match subnet.cidr_block.as_deref() {
        None | Some("") => None,
        Some(text) => Some(parse(operation, &subnet_id, text)?),
    };
    // A negative count says nothing, and is unknown.
    let available = subnet.available_ip_address_count.and_then(|count| u32::try_from(count).ok());
    Ok(Subnet {
        vpc_id: need(operation, "a subnet's VPC", subnet.vpc_id)?,
        availability_zone: subnet.availability_zone,
        cidr,
        ipv6_native: subnet.ipv6_native,
        available,
        owner_id: subnet.owner_id,
        tags: tags(operation, subnet.tags)?,
        reservations: None,
        subnet_id,
    })
}

pub(super) fn interface(interface: types::NetworkInterface) -> Result<Interface, AwsError> {
    let operation = Operation::DescribeNetworkInterfaces;
    let id = need(operation, "an interface's id", interface.network_interface_id)?;
    let own: Option<Ipv4Addr> =
        interface.private_ip_address.map(|text| parse(operation, &id, &text)).transpose()?;
    let mut listed = Vec::new();
    for row in interface.private_ip_addresses.unwrap_or_default() {
        let text = need(operation, "an interface's address", row.private_ip_address)?;
        listed.push((row.primary == Some(true), parse(operation, &id, &text)?));
    }
    check_own(&id, own, &listed)?;
    let (primary, secondary) = addresses(own, listed.into_iter());
    let mut prefixes: Vec<Cidr> = Vec::new();
    for row in interface.ipv4_prefixes.unwrap_or_default() {
        let text = need(operation, "an interface's prefix", row.ipv4_prefix)?;
        prefixes.push(parse(operation, &id, &text)?);
    }
    prefixes.sort_unstable();
    let mut ipv6: Vec<Ipv6Addr> = Vec::new();
    for row in interface.ipv6_addresses.unwrap_or_default() {
        let text = need(operation, "an interface's IPv6 address", row.ipv6_address)?;
        ipv6.push(parse(operation, &id, &text)?);
    }
    ipv6.sort_unstable();
    let mut ipv6_prefixes: Vec<String> = Vec::new();
    for row in interface.ipv6_prefixes.unwrap_or_default() {
        ipv6_prefixes.push(need(operation, "an interface's IPv6 prefix", row.ipv6_prefix)?);
    }
    ipv6_prefixes.sort_unstable();
    Ok(Interface {
        subnet_id: need(operation, "an interface's subnet", interface.subnet_id)?.into(),
        vpc_id: interface.vpc_id.map(Word::from),
        owner_id: interface.owner_id.map(Word::from),
        requester_id: interface.requester_id.map(Word::from),
        requester_managed: interface.requester_managed.unwrap_or(false),
        interface_type: interface.interface_type.map(|kind| kind.as_str().into()),
        description: interface.description.unwrap_or_default(),
        status: interface.status.map(|status| status.as_str().into()),
        attachment: interface.attachment.map(attachment),
        primary,
        secondary,
        prefixes,
        ipv6,
        ipv6_prefixes,
        tags: tags(operation, interface.tag_set)?,
        interface_id: id,
    })
}

/// An interface, and when it was attached.
pub(super) fn attached(row: types::NetworkInterface) -> Result<Attached, AwsError> {
    let since = row.attachment().and_then(|attachment| attachment.attach_time());
    Ok(Attached { since: since.map(aws_sdk_ec2::primitives::DateTime::secs), eni: interface(row)? })
}

/// EC2 says an interface's own address twice: by itself, and as the primary one of its list.
fn check_own(id: &str, own: Option<Ipv4Addr>, listed: &[(bool, Ipv4Addr)]) -> Result<(), AwsError> {
    let mut primary = listed.iter().filter(|(is_primary, _)| *is_primary).map(|(_, own)| *own);
    let first = primary.next();
    if own == first && primary.next().is_none() {
        return Ok(());
    }
    let shown = |address: Option<Ipv4Addr>| address.map_or("none".to_owned(), |a| a.to_string());
    Err(AwsError::answer(
        Operation::DescribeNetworkInterfaces,
        format!(
            "{id}: PrivateIpAddress is {}, but the primary address in PrivateIpAddresses is {}",
            shown(own),
            shown(first)
        ),
    ))
}

fn attachment(attachment: types::NetworkInterfaceAttachment) -> Attachment {
    let index = |value: Option<i32>| value.and_then(|value| u32::try_from(value).ok());
    Attachment {
        device_index: index(attachment.device_index),
        network_card_index: index(attachment.network_card_index),
        instance_id: attachment.instance_id.map(Word::from),
        instance_owner_id: attachment.instance_owner_id.map(Word::from),
    }
}

/// An ENI as the row of its instance shows it.
fn named(id: &str, eni: types::InstanceNetworkInterface) -> Result<NamedEni, AwsError> {
    let what = format!("the id of an interface of {id}");
    let interface_id = need(Operation::DescribeInstances, &what, eni.network_interface_id)?;
    Ok(NamedEni {
        interface_id: Some(interface_id),
        subnet_id: eni.subnet_id.map(Word::from),
        owner_id: eni.owner_id.map(Word::from),
    })
}

pub(super) fn instance(
    (owner_id, instance): (Option<String>, types::Instance),
) -> Result<Instance, AwsError> {
    let operation = Operation::DescribeInstances;
    let id = need(operation, "an instance's id", instance.instance_id)?;
    let kind = need(operation, &format!("the type of {id}"), instance.instance_type)?;
    let state = instance.state.and_then(|state| state.name);
    let state = need(operation, &format!("the state of {id}"), state)?;
    let enis = instance.network_interfaces.unwrap_or_default().into_iter();
    let enis = enis.map(|eni| named(&id, eni)).collect::<Result<Vec<_>, _>>()?;
    Ok(Instance {
        interfaces: NamedEnis::seen(owner_id.as_deref(), enis.into_iter()),
        owner_id: owner_id.map(Word::from),
        instance_type: Some(kind.as_str().into()),
        state: Some(state.as_str().into()),
        lifecycle: None,
        vpc_id: instance.vpc_id.map(Word::from),
        subnet_id: instance.subnet_id.map(Word::from),
        availability_zone: instance
            .placement
            .and_then(|placement| placement.availability_zone)
            .map(Word::from),
        tags: tags(operation, instance.tags)?,
        instance_id: id,
    })
}

/// The instances of what was launched at once; there is no launch without any.
pub(super) fn launched(
    instances: Option<Vec<types::Instance>>,
) -> Result<Vec<types::Instance>, AwsError> {
    let some = instances.filter(|instances| !instances.is_empty());
    need(Operation::DescribeInstances, "a reservation's instances", some)
}

/// A region's name, which becomes part of the name of its hosts.
pub(super) fn region(row: types::Region) -> Result<String, AwsError> {
    let operation = Operation::DescribeRegions;
    let name = need(operation, "a region's name", row.region_name)?;
    if !is_region(&name) {
        return Err(AwsError::answer(operation, format!("`{name}` is not the name of a region")));
    }
    Ok(name)
}

/// A reservation of the subnet that was asked about.
pub(super) fn reservation(
    subnet_id: &str,
    row: types::SubnetCidrReservation,
) -> Result<Reservation, AwsError> {
    let operation = Operation::GetSubnetCidrReservations;
    if let Some(other) = row.subnet_id.filter(|other| other != subnet_id) {
        let message = format!("the response for {subnet_id} has a reservation of {other}");
        return Err(AwsError::answer(operation, message));
    }
    let text = need(operation, "a reservation's CIDR", row.cidr)?;
    let kind = need(operation, "a reservation's type", row.reservation_type)?;
    Ok(Reservation {
        cidr: parse(operation, "a reservation", &text)?,
        kind: Reservation::kind_named(kind.as_str()).ok_or_else(|| {
            let text = format!("the reservation {text} has the unknown type `{}`", kind.as_str());
            AwsError::answer(operation, text)
        })?,
    })
}

pub(super) fn instance_type(info: types::InstanceTypeInfo) -> Result<DescribedType, AwsError> {
    let operation = Operation::DescribeInstanceTypes;
    let name = need(operation, "a type's name", info.instance_type)?.as_str().to_owned();
    let network = need(operation, "a type's network limits", info.network_info)?;
    let mut cards: Vec<(usize, u32)> = Vec::new();
    let mut described: Vec<DescribedCard> = Vec::new();
    for card in network.network_cards.unwrap_or_default() {
        let index = need(operation, "a card's index", card.network_card_index)?;
        let most = need(operation, "a card's ENIs", card.maximum_network_interfaces)?;
        let index = count(operation, &name, index)?;
        cards.push((index, count(operation, &name, most)?));
        described.push(DescribedCard {
            index,
            additional_flexible_enis: card
                .additional_flexible_network_interfaces
                .map(|enis| count(operation, &name, enis))
                .transpose()?,
            takes_efa: card
                .interface_types
                .map(|types| types.iter().any(|kind| kind.as_str() == EFA)),
        });
    }
    let whole =
        network.maximum_network_interfaces.map(|most| count(operation, &name, most)).transpose()?;
    let enis_per_card = DescribedType::cards(&cards, whole)
        .map_err(|why| AwsError::answer(operation, format!("{name} {why}")))?;
    let ipv4 = need(operation, "IPv4 addresses per ENI", network.ipv4_addresses_per_interface)?;
    let default_network_card = network
        .default_network_card_index
        .map(|index| count(operation, &name, index))
        .transpose()?;
    let most_efa = network.efa_info.and_then(|info| info.maximum_efa_interfaces);
    let most_efa = most_efa.map(|most| count(operation, &name, most)).transpose()?;
    let efa_interfaces = DescribedType::efa(network.efa_supported, most_efa);
    Ok(DescribedType {
        efa_interfaces,
        efa_on_default_card: DescribedType::efa_card(
            efa_interfaces,
            &described,
            default_network_card,
        ),
        additional_flexible_enis: DescribedType::flexible(&described),
        default_network_card,
        enis_per_card,
        enis: whole,
        ipv4_per_eni: count(operation, &name, ipv4)?,
        ipv6_per_eni: network
            .ipv6_addresses_per_interface
            .map(|most| count(operation, &name, most))
            .transpose()?,
        hypervisor: info.hypervisor.and_then(|kind| DescribedType::hypervisor_named(kind.as_str())),
        bare_metal: info.bare_metal,
        vcpus: info
            .v_cpu_info
            .and_then(|cpus| cpus.default_v_cpus)
            .map(|cpus| positive(operation, &format!("the vCPUs of {name}"), cpus.into()))
            .transpose()?,
        memory_mib: info
            .memory_info
            .and_then(|memory| memory.size_in_mib)
            .map(|mib| positive(operation, &format!("the memory of {name}"), mib))
            .transpose()?,
        architectures: info.processor_info.and_then(|processor| {
            let list = processor.supported_architectures?;
            Some(list.iter().map(|kind| kind.as_str().to_owned()).collect())
        }),
        current_generation: info.current_generation,
        instance_type: name,
    })
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types::{
        Ipv4PrefixSpecification, NetworkCardInfo, NetworkInfo, NetworkInterfacePrivateIpAddress,
        NetworkInterfaceType,
    };

    use super::*;
    use crate::aws::Trouble;

    fn address(text: &str, primary: bool) -> NetworkInterfacePrivateIpAddress {
        let address = NetworkInterfacePrivateIpAddress::builder();
        address.private_ip_address(text).primary(primary).build()
    }

    fn eni(id: &str) -> types::builders::NetworkInterfaceBuilder {
        let eni = types::NetworkInterface::builder();
        eni.network_interface_id(id).subnet_id("subnet-1").vpc_id("vpc-1")
    }

    #[test]
    fn an_interface_keeps_every_address() {
        let full = eni("eni-1")
            .interface_type(NetworkInterfaceType::from("hyperlink"))
            .private_ip_address("10.0.0.20")
            .private_ip_addresses(address("10.0.0.30", false))
            .private_ip_addresses(address("10.0.0.20", true))
            .private_ip_addresses(address("10.0.0.25", false))
            .ipv4_prefixes(Ipv4PrefixSpecification::builder().ipv4_prefix("10.0.0.64/28").build());
        let found = interface(full.build()).unwrap();
        assert_eq!(found.primary.unwrap().to_string(), "10.0.0.20");
        let secondary: Vec<String> = found.secondary.iter().map(ToString::to_string).collect();
        assert_eq!(secondary, ["10.0.0.25", "10.0.0.30"]);
        assert_eq!(found.prefixes[0].to_string(), "10.0.0.64/28");
        assert_eq!(found.interface_type.as_deref(), Some("hyperlink"));
        let bare = interface(eni("eni-2").build()).unwrap();
        assert_eq!((bare.primary, bare.secondary.len()), (None, 0));
    }

    #[test]
    fn what_cannot_be_read_is_an_error_with_its_value() {
        let odd = Ipv4PrefixSpecification::builder().ipv4_prefix("10.0.0.7/28").build();
        let own = |own: &str| eni("eni-1").private_ip_address(own);
        let rows = [
            (
                own("10.0.0.1").build(),
                "PrivateIpAddress is 10.0.0.1, but the primary address in PrivateIpAddresses is \
                 none",
            ),
            (
                own("10.0.0.1").private_ip_addresses(address("10.0.0.2", true)).build(),
                "PrivateIpAddress is 10.0.0.1, but the primary address in PrivateIpAddresses is \
                 10.0.0.2",
            ),
            (
                own("10.0.0.1")
                    .private_ip_addresses(address("10.0.0.1", true))
                    .private_ip_addresses(address("10.0.0.2", true))
                    .build(),
                "PrivateIpAddress is 10.0.0.1",
            ),
            (
                eni("eni-1").private_ip_address("10.0.0.999").build(),
                "eni-1: cannot read `10.0.0.999`",
            ),
            (types::NetworkInterface::builder().subnet_id("s").build(), "lacks an interface's id"),
            (
                types::NetworkInterface::builder().network_interface_id("e").build(),
                "lacks an interface's subnet",
            ),
            (eni("eni-1").ipv4_prefixes(odd).build(), "eni-1: cannot read `10.0.0.7/28`"),
        ];
        for (row, says) in rows {
            let error = interface(row).unwrap_err();
            assert_eq!(error.trouble, Trouble::Answer);
            assert!(error.message.contains(says), "{}", error.message);
        }
    }

    #[test]
    fn subnets_and_reservations_of_every_kind() {
        let of = |id: &str| types::Subnet::builder().subnet_id(id).vpc_id("vpc-1");
        let counted = of("subnet-1").cidr_block("10.0.0.0/24").available_ip_address_count(7);
        assert_eq!(subnet(counted.build()).unwrap().available, Some(7));
        assert_eq!(subnet(of("subnet-2").cidr_block("").build()).unwrap().cidr, None);
        let kind = types::SubnetCidrReservationType::from("hold");
        let row = types::SubnetCidrReservation::builder().cidr("10.0.0.64/26");
        let row = row.reservation_type(kind);
        let error = reservation("subnet-1", row.clone().build()).unwrap_err();
        assert!(error.message.contains("unknown type `hold`"), "{}", error.message);
        let error = reservation("subnet-1", row.subnet_id("subnet-2").build()).unwrap_err();
        assert!(error.message.contains("has a reservation of subnet-2"), "{}", error.message);
    }

    #[test]
    fn regions_and_launches_are_named_and_not_empty() {
        let named = |name: &str| region(types::Region::builder().region_name(name).build());
        assert_eq!(named("eu-central-1").unwrap(), "eu-central-1");
        assert!(named("eu-central-1>").is_err() && named("").is_err());
        assert!(region(types::Region::builder().build()).is_err());
        assert!(launched(None).is_err() && launched(Some(Vec::new())).is_err());
    }

    #[test]
    fn instance_types_with_cards_in_any_order() {
        let card = |index: i32, enis: i32| {
            let card = NetworkCardInfo::builder().network_card_index(index);
            card.maximum_network_interfaces(enis).build()
        };
        let network = NetworkInfo::builder()
            .default_network_card_index(1)
            .network_cards(card(1, 7))
            .network_cards(card(0, 3))
            .ipv4_addresses_per_interface(50);
        let info = types::InstanceTypeInfo::builder()
            .instance_type("z9.48xlarge".into())
            .hypervisor("quantum".into())
            .network_info(network.build());
        let row = instance_type(info.build()).unwrap().limits(None).unwrap();
        let cards = row.enis_per_card.as_ref();
        assert_eq!((row.enis(), cards, row.hypervisor), (7, &[3, 7][..], None));
        assert!(instance_type(types::InstanceTypeInfo::builder().build()).is_err());
    }
}
