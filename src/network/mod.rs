//! IPv4 address arithmetic: CIDRs without host bits, a subnet's address space down to its /28
//! blocks, and where EC2 puts what it assigns by itself.

mod assign;
mod blocks;
mod cidr;
mod random;
mod space;
mod widen;

pub use assign::SubnetAddresses;
pub use blocks::{BlockCounts, BlockState};
pub use cidr::{Cidr, CidrError};
pub use random::Random;
pub use space::{AddressSpace, ReservationKind, SpaceError};
