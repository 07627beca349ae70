//! IPv4 address arithmetic: CIDRs without host bits, and a subnet's address space down to its /28
//! blocks.

mod blocks;
mod cidr;
mod space;

pub use blocks::{BlockCounts, BlockState};
pub use cidr::{Cidr, CidrError};
pub use space::{AddressSpace, ReservationKind, SpaceError};
