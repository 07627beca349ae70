//! IPv4 address arithmetic: CIDRs without host bits, a subnet's address space down to its /28
//! blocks, where EC2 puts what it assigns by itself, and what AWS asks of a VPC's blocks.

mod address;
mod assign;
mod blocks;
mod cidr;
mod free;
mod random;
mod ranges;
mod space;
mod vpc_rules;

pub use address::read_ipv4;
pub use assign::{Full, SubnetAddresses};
pub use blocks::{BLOCK_LENGTH, BlockCounts, BlockState};
pub use cidr::{Cidr, CidrError};
pub use free::{free_networks, free_subnet, further_private_block, further_vpc_block};
pub use random::Random;
pub use ranges::Ranges;
pub use space::{
    AddressSpace, BLOCK, ReservationKind, SUBNET_LENGTHS, SpaceError, usable_addresses,
};
pub use vpc_rules::{
    BrokenVpcRule, CIDR_QUOTA, VPC_BLOCK_LENGTHS, broken_unit_rule, broken_vpc_rules,
    is_public_space, is_rfc_1918, network_address_units,
};
