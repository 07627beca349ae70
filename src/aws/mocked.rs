//! The collector's conversions and its handling of errors, on answers that no emulator gives.

use aws_sdk_ec2::{
    Client,
    error::ErrorMetadata,
    operation::{
        describe_instance_types::DescribeInstanceTypesOutput,
        describe_network_interfaces::{
            DescribeNetworkInterfacesError, DescribeNetworkInterfacesOutput,
        },
        describe_subnets::DescribeSubnetsOutput,
        get_subnet_cidr_reservations::GetSubnetCidrReservationsOutput,
    },
    types::{
        self, InstanceTypeHypervisor, Ipv4PrefixSpecification, NetworkInterface,
        NetworkInterfacePrivateIpAddress, NetworkInterfaceType, SubnetCidrReservation,
        SubnetCidrReservationType,
    },
};
use aws_smithy_mocks::{RuleMode, mock, mock_client};

use super::{
    access::Progress,
    convert,
    ec2::{self, Vpcs},
    error::Trouble,
    types::runtime,
};
use crate::inventory::Operation;

struct Silent;

impl Progress for Silent {
    fn read(&self, _: &'static str, _: usize) {}
}

fn address(text: &str, primary: bool) -> NetworkInterfacePrivateIpAddress {
    NetworkInterfacePrivateIpAddress::builder().private_ip_address(text).primary(primary).build()
}

fn interface(id: &str) -> types::builders::NetworkInterfaceBuilder {
    NetworkInterface::builder().network_interface_id(id).subnet_id("subnet-1").vpc_id("vpc-1")
}

#[test]
fn interfaces_of_several_pages_keep_every_address() {
    let first = mock!(Client::describe_network_interfaces)
        .match_requests(|request| request.next_token().is_none())
        .then_output(|| {
            let full = interface("eni-1")
                .interface_type(NetworkInterfaceType::from("hyperlink"))
                .private_ip_address("10.0.0.20")
                .private_ip_addresses(address("10.0.0.30", false))
                .private_ip_addresses(address("10.0.0.20", true))
                .private_ip_addresses(address("10.0.0.25", false))
                .ipv4_prefixes(
                    Ipv4PrefixSpecification::builder().ipv4_prefix("10.0.0.64/28").build(),
                )
                .build();
            DescribeNetworkInterfacesOutput::builder()
                .network_interfaces(full)
                .next_token("more")
                .build()
        });
    let second = mock!(Client::describe_network_interfaces)
        .match_requests(|request| request.next_token() == Some("more"))
        .then_output(|| {
            DescribeNetworkInterfacesOutput::builder()
                .network_interfaces(interface("eni-2").build())
                .build()
        });
    let client = mock_client!(aws_sdk_ec2, RuleMode::MatchAny, [&first, &second]);
    let found = runtime()
        .unwrap()
        .block_on(ec2::interfaces(&client, &Vpcs::Named(vec!["vpc-1".to_owned()]), &Silent))
        .unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].primary.unwrap().to_string(), "10.0.0.20");
    let secondary: Vec<String> = found[0].secondary.iter().map(ToString::to_string).collect();
    assert_eq!(secondary, ["10.0.0.25", "10.0.0.30"]);
    assert_eq!(found[0].prefixes[0].to_string(), "10.0.0.64/28");
    assert_eq!(found[0].interface_type.as_deref(), Some("hyperlink"));
    assert_eq!((found[1].primary, found[1].secondary.len()), (None, 0));
}

#[test]
fn what_cannot_be_read_is_an_error_with_its_value() {
    let rows = [
        (
            interface("eni-1").private_ip_address("10.0.0.999").build(),
            "eni-1: cannot read `10.0.0.999`",
        ),
        (NetworkInterface::builder().subnet_id("s").build(), "lacks an interface's id"),
        (
            NetworkInterface::builder().network_interface_id("e").build(),
            "lacks an interface's subnet",
        ),
        (
            interface("eni-1")
                .ipv4_prefixes(
                    Ipv4PrefixSpecification::builder().ipv4_prefix("10.0.0.7/28").build(),
                )
                .build(),
            "eni-1: cannot read `10.0.0.7/28`",
        ),
    ];
    for (row, says) in rows {
        let error = convert::interface(row).unwrap_err();
        assert_eq!(error.trouble, Trouble::Answer);
        assert!(error.message.contains(says), "{}", error.message);
    }
}

#[test]
fn a_refusal_is_told_from_other_errors() {
    for (code, trouble) in [
        ("UnauthorizedOperation", Trouble::Refused),
        ("AuthFailure", Trouble::Credentials),
        ("InvalidVpcID.NotFound", Trouble::NotFound),
        ("InternalFailure", Trouble::Other),
    ] {
        let rule = mock!(Client::describe_network_interfaces).then_error(move || {
            let metadata = ErrorMetadata::builder().code(code).message("said so").build();
            DescribeNetworkInterfacesError::generic(metadata)
        });
        let client = mock_client!(aws_sdk_ec2, [&rule]);
        let error =
            runtime().unwrap().block_on(ec2::interfaces(&client, &Vpcs::All, &Silent)).unwrap_err();
        assert_eq!(
            (error.operation, error.trouble),
            (Some(Operation::DescribeNetworkInterfaces), trouble)
        );
        assert_eq!(error.message, format!("{code}: said so"));
    }
}

#[test]
fn subnets_and_reservations_of_every_kind() {
    let subnets = mock!(Client::describe_subnets).then_output(|| {
        let subnet = |id: &str| types::Subnet::builder().subnet_id(id).vpc_id("vpc-1");
        DescribeSubnetsOutput::builder()
            .subnets(
                subnet("subnet-1").cidr_block("10.0.0.0/24").available_ip_address_count(7).build(),
            )
            .subnets(subnet("subnet-2").cidr_block("").ipv6_native(true).build())
            .build()
    });
    let client = mock_client!(aws_sdk_ec2, [&subnets]);
    let found = runtime().unwrap().block_on(ec2::subnets(&client, &Vpcs::All, &Silent)).unwrap();
    assert_eq!((found[0].available, found[1].cidr), (Some(7), None));

    let reservation = |kind: SubnetCidrReservationType| {
        SubnetCidrReservation::builder().cidr("10.0.0.64/26").reservation_type(kind).build()
    };
    let reservations = mock!(Client::get_subnet_cidr_reservations).then_output(move || {
        GetSubnetCidrReservationsOutput::builder()
            .subnet_ipv4_cidr_reservations(reservation(SubnetCidrReservationType::Prefix))
            .build()
    });
    let client = mock_client!(aws_sdk_ec2, [&reservations]);
    let read = ec2::reservations(client, "subnet-1".to_owned());
    assert_eq!(runtime().unwrap().block_on(read).unwrap().len(), 1);
    let error = convert::reservation(reservation("hold".into())).unwrap_err();
    assert!(error.message.contains("unknown type `hold`"), "{}", error.message);
}

/// A server that gives the same token for ever must not be asked for ever.
#[test]
fn a_page_that_comes_again_and_again_ends_the_listing() {
    let same = mock!(Client::get_subnet_cidr_reservations)
        .sequence()
        .output(|| GetSubnetCidrReservationsOutput::builder().next_token("again").build())
        .times(10)
        .build();
    let client = mock_client!(aws_sdk_ec2, [&same]);
    let read = ec2::reservations(client, "subnet-1".to_owned());
    let error = runtime().unwrap().block_on(read).unwrap_err();
    assert_eq!(error.trouble, Trouble::Answer);
    assert!(same.num_calls() < 10);
}

#[test]
fn instance_types_with_cards_in_any_order() {
    let card = |index: i32, enis: i32| {
        types::NetworkCardInfo::builder()
            .network_card_index(index)
            .maximum_network_interfaces(enis)
            .build()
    };
    let info = types::InstanceTypeInfo::builder()
        .instance_type("z9.48xlarge".into())
        .hypervisor(InstanceTypeHypervisor::from("quantum"))
        .network_info(
            types::NetworkInfo::builder()
                .default_network_card_index(1)
                .network_cards(card(1, 7))
                .network_cards(card(0, 3))
                .ipv4_addresses_per_interface(50)
                .build(),
        )
        .build();
    let row = convert::instance_type(info).unwrap().limits(None).unwrap();
    assert_eq!((row.enis(), row.enis_per_card.as_ref(), row.hypervisor), (7, &[3, 7][..], None));
    let rule = mock!(Client::describe_instance_types).then_output(|| {
        DescribeInstanceTypesOutput::builder()
            .instance_types(types::InstanceTypeInfo::builder().build())
            .build()
    });
    let client = mock_client!(aws_sdk_ec2, [&rule]);
    let answer = runtime().unwrap().block_on(client.describe_instance_types().send()).unwrap();
    let info = answer.instance_types.unwrap_or_default().remove(0);
    assert!(convert::instance_type(info).is_err());
}
