//! A subnet's address space: which addresses are used, kept by AWS, reserved or free.
//!
//! One bit an address, so that a /16 is 8 KiB and every count is a walk over at most 1,024 words.

use std::{net::Ipv4Addr, ops::RangeInclusive};

use super::{BlockCounts, BlockState, Cidr, ranges::Ranges};

/// The prefix lengths of a subnet in an ordinary account (VPC user guide, "Subnet sizing").
pub const SUBNET_LENGTHS: RangeInclusive<u8> = 16..=28;
/// The shortest prefix that is accepted when large blocks are allowed.
pub(super) const LARGEST_ALLOWED: u8 = 8;
/// The longest prefix of a subnet, and the size of a delegated prefix.
pub(super) const SMALLEST: u8 = *SUBNET_LENGTHS.end();
/// Addresses that AWS keeps at the start of every subnet; it also keeps the last.
const KEPT_AT_START: u32 = 4;
/// Addresses in a /28 block.
pub const BLOCK: u32 = 16;
/// Bits of a bitmap word.
pub(super) const WORD: u32 = u64::BITS;

/// Addresses of a subnet that interfaces can have: all but those that AWS keeps.
#[must_use]
pub fn usable_addresses(subnet: Cidr) -> u64 {
    subnet.size().saturating_sub(u64::from(KEPT_AT_START + 1))
}

/// What a subnet CIDR reservation is for (VPC user guide, "Subnet CIDR reservations").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReservationKind {
    /// EC2 takes automatically assigned prefixes from it.
    Prefix,
    /// EC2 never assigns from it by itself.
    Explicit,
}

/// Why an address space refuses something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpaceError {
    /// The network cannot be a subnet.
    #[error("{cidr} cannot be a subnet: a subnet is a /{largest} to /{SMALLEST}")]
    Size {
        /// The network.
        cidr: Cidr,
        /// The shortest prefix that would do.
        largest: u8,
    },
    /// The address is not in the subnet.
    #[error("{address} is outside {cidr}")]
    Outside {
        /// The address.
        address: Ipv4Addr,
        /// The subnet.
        cidr: Cidr,
    },
    /// The address is one of the five AWS keeps.
    #[error("{address} is one of the five addresses reserved by AWS in {cidr}")]
    Kept {
        /// The address.
        address: Ipv4Addr,
        /// The subnet.
        cidr: Cidr,
    },
    /// A delegated prefix that is no /28 of the subnet, or touches an address AWS keeps.
    #[error("{prefix} cannot be a delegated prefix of {cidr}")]
    Prefix {
        /// The prefix.
        prefix: Cidr,
        /// The subnet.
        cidr: Cidr,
    },
    /// A reservation that is not wholly in the subnet.
    #[error("the reservation {reservation} is not inside {cidr}")]
    Reservation {
        /// The reservation.
        reservation: Cidr,
        /// The subnet.
        cidr: Cidr,
    },
}

/// The addresses of one subnet: exact, and cheap to ask.
#[derive(Debug, Clone)]
pub struct AddressSpace {
    cidr: Cidr,
    size: u32,
    /// A bit an address: held by an ENI, alone or within a delegated prefix.
    used: Vec<u64>,
    /// A bit a /28 block: delegated.
    prefixes: Vec<u64>,
    used_count: u32,
    prefix_count: u32,
    reservations: Vec<(Cidr, ReservationKind)>,
}

impl AddressSpace {
    /// An empty subnet of /16 to /28.
    ///
    /// # Errors
    /// When the network is larger or smaller.
    pub fn new(cidr: Cidr) -> Result<Self, SpaceError> {
        Self::sized(cidr, *SUBNET_LENGTHS.start())
    }

    /// An empty subnet of /8 to /28, for accounts whose quota allows blocks above /16.
    ///
    /// # Errors
    /// When the network is larger or smaller.
    pub fn new_large(cidr: Cidr) -> Result<Self, SpaceError> {
        Self::sized(cidr, LARGEST_ALLOWED)
    }

    fn sized(cidr: Cidr, largest: u8) -> Result<Self, SpaceError> {
        let error = SpaceError::Size { cidr, largest };
        if !(largest..=SMALLEST).contains(&cidr.prefix_len()) {
            return Err(error);
        }
        let size = u32::try_from(cidr.size()).map_err(|_| error)?;
        let words = |bits: u32| vec![0; bits.div_ceil(WORD).try_into().unwrap_or_default()];
        Ok(Self {
            cidr,
            size,
            used: words(size),
            prefixes: words(size / BLOCK),
            used_count: 0,
            prefix_count: 0,
            reservations: Vec::new(),
        })
    }

    /// The subnet's network.
    #[must_use]
    pub fn cidr(&self) -> Cidr {
        self.cidr
    }

    /// Whether an ENI of a subnet can hold an address at all: one inside that AWS does not keep.
    #[must_use]
    pub fn admits(subnet: Cidr, address: Ipv4Addr) -> bool {
        let offset = u32::from(address).saturating_sub(u32::from(subnet.first()));
        subnet.contains(address) && offset >= KEPT_AT_START && address != subnet.last()
    }

    /// Whether a prefix of a subnet can be delegated at all: a /28 inside without an address that AWS
    /// keeps.
    #[must_use]
    pub fn admits_prefix(subnet: Cidr, prefix: Cidr) -> bool {
        prefix.prefix_len() == SMALLEST
            && subnet.covers(prefix)
            && !prefix.contains(subnet.first())
            && !prefix.contains(subnet.last())
    }

    /// Marks an address as held by an ENI. Whether it was free before is answered: an address
    /// seen twice counts once.
    ///
    /// # Errors
    /// When the address is not the subnet's to give.
    pub fn take(&mut self, address: Ipv4Addr) -> Result<bool, SpaceError> {
        let offset = self.offset(address)?;
        if !Self::admits(self.cidr, address) {
            return Err(SpaceError::Kept { address, cidr: self.cidr });
        }
        let new = set(&mut self.used, offset);
        self.used_count += u32::from(new);
        Ok(new)
    }

    /// Marks a /28 as delegated to an ENI; all its 16 addresses are used then. How many of them
    /// were free before is answered.
    ///
    /// # Errors
    /// When it is no /28 of the subnet or touches an address AWS keeps.
    pub fn take_prefix(&mut self, prefix: Cidr) -> Result<u32, SpaceError> {
        if !Self::admits_prefix(self.cidr, prefix) {
            return Err(SpaceError::Prefix { prefix, cidr: self.cidr });
        }
        let block = self.offset(prefix.first())? / BLOCK;
        self.prefix_count += u32::from(set(&mut self.prefixes, block));
        let start = block * BLOCK;
        let new: u32 = (start..start + BLOCK).map(|at| u32::from(set(&mut self.used, at))).sum();
        self.used_count += new;
        Ok(new)
    }

    /// Marks an address as free again. Whether it was held by itself is answered: an address inside
    /// a delegated prefix stays used.
    pub fn release(&mut self, address: Ipv4Addr) -> bool {
        let Ok(offset) = self.offset(address) else { return false };
        let held = !get(&self.prefixes, offset / BLOCK) && clear(&mut self.used, offset);
        self.used_count -= u32::from(held);
        held
    }

    /// Marks a delegated /28 as free again, all its addresses with it. Whether it was delegated is
    /// answered.
    pub fn release_prefix(&mut self, prefix: Cidr) -> bool {
        let Ok(start) = self.offset(prefix.first()) else { return false };
        if prefix.prefix_len() != SMALLEST || !clear(&mut self.prefixes, start / BLOCK) {
            return false;
        }
        self.prefix_count -= 1;
        for offset in start..start + BLOCK {
            self.used_count -= u32::from(clear(&mut self.used, offset));
        }
        true
    }

    /// Adds a subnet CIDR reservation. Addresses in use inside it stay in use.
    ///
    /// # Errors
    /// When it is not wholly in the subnet.
    pub fn reserve(&mut self, reservation: Cidr, kind: ReservationKind) -> Result<(), SpaceError> {
        if !self.cidr.covers(reservation) {
            return Err(SpaceError::Reservation { reservation, cidr: self.cidr });
        }
        self.reservations.push((reservation, kind));
        Ok(())
    }

    /// All addresses.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.size
    }

    /// Addresses that are free and not reserved, less those that EC2 reports available, which leaves
    /// reservations out of its count: what is in use beyond what was taken here.
    #[must_use]
    pub fn unexplained(&self, available: u32) -> i64 {
        let free = self.usable() - self.used();
        i64::from(free) - i64::from(self.reserved_free()) - i64::from(available)
    }

    /// All addresses but the five AWS keeps.
    #[must_use]
    pub fn usable(&self) -> u32 {
        self.size - KEPT_AT_START - 1
    }

    /// Addresses held by ENIs, 16 for each delegated prefix.
    #[must_use]
    pub fn used(&self) -> u32 {
        self.used_count
    }

    /// Delegated /28 prefixes.
    #[must_use]
    pub fn prefixes(&self) -> u32 {
        self.prefix_count
    }

    /// Usable addresses that no ENI holds, those inside reservations included.
    #[must_use]
    pub fn free(&self) -> u32 {
        self.usable() - self.used_count
    }

    /// Free addresses inside reservations of either kind, each counted once. EC2 subtracts them
    /// from AvailableIpAddressCount.
    #[must_use]
    pub fn reserved_free(&self) -> u32 {
        self.free_in(&self.ranges(|_| true))
    }

    /// Free addresses inside explicit reservations, each counted once. EC2 assigns none of them on its
    /// own, neither as an address nor in a prefix ("Subnet CIDR reservations", Amazon VPC user
    /// guide).
    #[must_use]
    pub fn explicit_free(&self) -> u32 {
        self.free_in(&self.ranges_of(ReservationKind::Explicit))
    }

    /// What ENIs hold, in order: each delegated prefix as a /28, each address outside of them as a /32.
    #[must_use]
    pub fn held(&self) -> Vec<Cidr> {
        let mut held = Vec::new();
        for block in 0..self.size / BLOCK {
            let first = block * BLOCK;
            if get(&self.prefixes, block) {
                held.extend(Cidr::containing(self.address(first), SMALLEST));
            } else {
                let used = (first..first + BLOCK).filter(|offset| get(&self.used, *offset));
                held.extend(used.filter_map(|offset| Cidr::containing(self.address(offset), 32)));
            }
        }
        held
    }

    fn free_in(&self, ranges: &Ranges) -> u32 {
        let is_free = |offset: &u32| !get(&self.used, *offset) && !self.is_kept(*offset);
        ranges.iter().flat_map(|(first, last)| first..=last).filter(is_free).map(|_| 1).sum()
    }

    /// How many /28 blocks are in each state.
    #[must_use]
    pub fn block_counts(&self) -> BlockCounts {
        let mut counts = BlockCounts::default();
        for state in self.block_states() {
            counts.add(state);
        }
        counts
    }

    /// The state of each /28 block, in address order.
    pub fn block_states(&self) -> impl Iterator<Item = BlockState> {
        (0..self.size / BLOCK).map(|block| self.block_state(block))
    }

    /// Blocks that EC2 can delegate now: free, and outside every explicit reservation.
    #[must_use]
    pub fn assignable_prefixes(&self) -> u32 {
        self.count_assignable(|_| true)
    }

    /// Assignable blocks that lie inside a prefix reservation. Where one exists EC2 takes prefixes
    /// from it; whether it goes on outside when that is full is described inconsistently.
    #[must_use]
    pub fn assignable_prefixes_in_reservation(&self) -> u32 {
        let inside = self.ranges_of(ReservationKind::Prefix);
        self.count_assignable(|start| inside.cover(start, start + BLOCK - 1))
    }

    fn count_assignable(&self, accept: impl Fn(u32) -> bool) -> u32 {
        let explicit = self.ranges_of(ReservationKind::Explicit);
        let assignable = |block: &u32| {
            let start = block * BLOCK;
            self.block_state(*block) == BlockState::Free
                && accept(start)
                && !explicit.overlap(start, start + BLOCK - 1)
        };
        (0..self.size / BLOCK).filter(assignable).map(|_| 1).sum()
    }

    pub(super) fn block_state(&self, block: u32) -> BlockState {
        if block == 0 || block == self.size / BLOCK - 1 {
            return BlockState::Reserved;
        }
        if get(&self.prefixes, block) {
            return BlockState::Prefix;
        }
        let start = block * BLOCK;
        let word = self.used.get(index(start)).copied().unwrap_or_default();
        match (word >> (start % WORD)) & 0xffff {
            0 => BlockState::Free,
            0xffff => BlockState::Full,
            _ => BlockState::Fragmented,
        }
    }

    /// Its reservations, in the order in which they were added.
    #[must_use]
    pub fn reservations(&self) -> &[(Cidr, ReservationKind)] {
        &self.reservations
    }

    pub(super) fn ranges_of(&self, kind: ReservationKind) -> Ranges {
        self.ranges(|its| its == kind)
    }

    fn ranges(&self, wanted: impl Fn(ReservationKind) -> bool) -> Ranges {
        let wanted = self.reservations.iter().filter(|(_, kind)| wanted(*kind));
        Ranges::new(wanted.filter_map(|(cidr, _)| self.range(*cidr)).collect())
    }

    /// First and last offset of a network in the subnet.
    fn range(&self, cidr: Cidr) -> Option<(u32, u32)> {
        Some((self.offset(cidr.first()).ok()?, self.offset(cidr.last()).ok()?))
    }

    pub(super) fn offset(&self, address: Ipv4Addr) -> Result<u32, SpaceError> {
        u32::from(address)
            .checked_sub(u32::from(self.cidr.first()))
            .filter(|offset| *offset < self.size)
            .ok_or(SpaceError::Outside { address, cidr: self.cidr })
    }

    pub(super) fn address(&self, offset: u32) -> Ipv4Addr {
        Ipv4Addr::from(u32::from(self.cidr.first()).saturating_add(offset))
    }

    /// 64 addresses of the bitmap of used ones.
    pub(super) fn used_word(&self, word: u32) -> u64 {
        self.used.get(index(word * WORD)).copied().unwrap_or(u64::MAX)
    }

    pub(super) fn is_kept(&self, offset: u32) -> bool {
        offset < KEPT_AT_START || offset == self.size - 1
    }
}

/// The word of a bitmap that holds a bit.
pub(super) fn index(bit: u32) -> usize {
    // A bitmap has at most 2^24 bits, which any address width this program runs on can index.
    usize::try_from(bit / WORD).unwrap_or(usize::MAX)
}

pub(super) fn get(bits: &[u64], bit: u32) -> bool {
    bits.get(index(bit)).is_some_and(|word| word >> (bit % WORD) & 1 == 1)
}

/// Sets a bit and answers whether it was clear.
pub(super) fn set(bits: &mut [u64], bit: u32) -> bool {
    let mask = 1 << (bit % WORD);
    bits.get_mut(index(bit)).is_some_and(|word| {
        let clear = *word & mask == 0;
        *word |= mask;
        clear
    })
}

/// Clears a bit and answers whether it was set.
pub(super) fn clear(bits: &mut [u64], bit: u32) -> bool {
    let mask = 1 << (bit % WORD);
    bits.get_mut(index(bit)).is_some_and(|word| {
        let held = *word & mask != 0;
        *word &= !mask;
        held
    })
}
