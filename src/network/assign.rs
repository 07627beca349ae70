//! Where EC2 puts the addresses and prefixes it assigns by itself: on any free one, which a seeded
//! sequence stands for.
//!
//! Single addresses lie outside all reservations, as AvailableIpAddressCount counts them. A prefix
//! lies outside explicit reservations, and inside a prefix reservation if there is one. What EC2
//! does when that is full is described inconsistently; here it then has no block, so that a layout
//! that fits does not rest on the kinder reading.

use std::net::Ipv4Addr;

use super::{
    AddressSpace, BlockState, Cidr, Random, ReservationKind, SpaceError,
    space::{BLOCK, SMALLEST, WORD, clear, get, index, set},
};

/// Random tries for a free address or block before the free ones are searched in order.
const TRIES: u32 = 32;

/// A subnet's address space that EC2 assigns from.
#[derive(Debug, Clone)]
pub struct SubnetAddresses {
    space: AddressSpace,
    /// A bit an address: kept by AWS or inside a reservation, so never assigned by itself.
    withheld: Vec<u64>,
    /// Free addresses that are not withheld.
    available: u32,
    /// A bit a /28 block: one that prefixes may come from when it is free.
    for_prefixes: Vec<u64>,
    /// A bit a /28 block: those that are free now.
    open: Vec<u64>,
    /// How many they are.
    open_prefixes: u32,
}

impl SubnetAddresses {
    /// A subnet with what is used and reserved in it. Later reservations are not seen.
    #[must_use]
    pub fn new(space: AddressSpace) -> Self {
        let blocks = space.total() / BLOCK;
        let words = |bits: u32| vec![0; index(bits.saturating_sub(1)) + 1];
        let mut this = Self {
            withheld: words(space.total()),
            available: 0,
            for_prefixes: words(blocks),
            open: words(blocks),
            open_prefixes: 0,
            space,
        };
        this.mark_withheld();
        this.mark_blocks();
        this
    }

    fn mark_withheld(&mut self) {
        for kind in [ReservationKind::Prefix, ReservationKind::Explicit] {
            for (first, last) in self.space.ranges_of(kind) {
                for offset in first..=last {
                    set(&mut self.withheld, offset);
                }
            }
        }
        for offset in 0..self.space.total() {
            if self.space.is_kept(offset) {
                set(&mut self.withheld, offset);
            }
            self.available += u32::from(self.is_open(offset));
        }
    }

    fn mark_blocks(&mut self) {
        let explicit = self.space.ranges_of(ReservationKind::Explicit);
        let inside = self.space.ranges_of(ReservationKind::Prefix);
        for block in 1..(self.space.total() / BLOCK).saturating_sub(1) {
            let (first, last) = (block * BLOCK, block * BLOCK + BLOCK - 1);
            let barred = explicit.iter().any(|(from, to)| *from <= last && first <= *to);
            let wanted =
                inside.is_empty() || inside.iter().any(|(from, to)| *from <= first && last <= *to);
            if wanted && !barred {
                set(&mut self.for_prefixes, block);
                self.settle_block(block);
            }
        }
    }

    /// The address space as it is now.
    #[must_use]
    pub fn space(&self) -> &AddressSpace {
        &self.space
    }

    /// Addresses that EC2 reports as AvailableIpAddressCount: free and outside all reservations.
    #[must_use]
    pub fn available(&self) -> u32 {
        self.available
    }

    /// Prefixes that EC2 can delegate now.
    #[must_use]
    pub fn open_prefixes(&self) -> u32 {
        self.open_prefixes
    }

    /// Marks an address as used wherever it lies, as [`AddressSpace::take`].
    pub fn take(&mut self, address: Ipv4Addr) -> Result<bool, SpaceError> {
        let new = self.space.take(address)?;
        if new && let Ok(offset) = self.space.offset(address) {
            self.available -= u32::from(!get(&self.withheld, offset));
            self.settle_block(offset / BLOCK);
        }
        Ok(new)
    }

    /// Marks a /28 as delegated wherever it lies, as [`AddressSpace::take_prefix`].
    pub fn take_prefix(&mut self, prefix: Cidr) -> Result<u32, SpaceError> {
        let before = self.open_in(prefix);
        let new = self.space.take_prefix(prefix)?;
        self.available -= before;
        self.settle(prefix);
        Ok(new)
    }

    /// A free address of those EC2 assigns by itself, used from now on.
    pub fn assign(&mut self, random: &mut Random) -> Option<Ipv4Addr> {
        if self.available == 0 {
            return None;
        }
        let size = self.space.total();
        let tried = (0..TRIES).map(|_| random.below(size)).find(|offset| self.is_open(*offset));
        let offset = match tried {
            Some(offset) => offset,
            None => self.next_open(random.below(size))?,
        };
        let address = self.space.address(offset);
        self.take(address).ok().map(|_| address)
    }

    /// A free /28 of those EC2 delegates by itself, delegated from now on.
    pub fn assign_prefix(&mut self, random: &mut Random) -> Option<Cidr> {
        if self.open_prefixes == 0 {
            return None;
        }
        let blocks = self.space.total() / BLOCK;
        let tried = (0..TRIES).map(|_| random.below(blocks)).find(|block| get(&self.open, *block));
        let block = match tried {
            Some(block) => block,
            None => next(&self.open, random.below(blocks))?,
        };
        let prefix = Cidr::containing(self.space.address(block * BLOCK), SMALLEST)?;
        self.take_prefix(prefix).ok().map(|_| prefix)
    }

    /// Marks an address as free again; whether it was held by itself.
    pub fn release(&mut self, address: Ipv4Addr) -> bool {
        let held = self.space.release(address);
        if held && let Ok(offset) = self.space.offset(address) {
            self.available += u32::from(!get(&self.withheld, offset));
            self.settle_block(offset / BLOCK);
        }
        held
    }

    /// Marks a delegated /28 as free again; whether it was delegated.
    pub fn release_prefix(&mut self, prefix: Cidr) -> bool {
        let held = self.space.release_prefix(prefix);
        if held {
            self.available += self.open_in(prefix);
            self.settle(prefix);
        }
        held
    }

    fn is_open(&self, offset: u32) -> bool {
        let bit = |word: u64| word >> (offset % WORD) & 1 == 1;
        !get(&self.withheld, offset) && !bit(self.space.used_word(offset / WORD))
    }

    /// Open addresses in a network of the subnet.
    fn open_in(&self, cidr: Cidr) -> u32 {
        let Ok(first) = self.space.offset(cidr.first()) else { return 0 };
        (first..first.saturating_add(BLOCK)).map(|offset| u32::from(self.is_open(offset))).sum()
    }

    /// The first open address from an offset on, around the end.
    fn next_open(&self, from: u32) -> Option<u32> {
        let words = self.space.total().div_ceil(WORD);
        let start = from / WORD;
        (0..words).map(|at| (start + at) % words).find_map(|word| {
            let withheld = self.withheld.get(index(word * WORD)).copied().unwrap_or(u64::MAX);
            let bit = (self.space.used_word(word) | withheld).trailing_ones();
            let offset = word * WORD + bit;
            (bit < WORD && offset < self.space.total()).then_some(offset)
        })
    }

    fn settle(&mut self, prefix: Cidr) {
        if let Ok(first) = self.space.offset(prefix.first()) {
            self.settle_block(first / BLOCK);
        }
    }

    /// Puts a block among the open ones or takes it out, as its state now says.
    fn settle_block(&mut self, block: u32) {
        let open =
            get(&self.for_prefixes, block) && self.space.block_state(block) == BlockState::Free;
        if open {
            self.open_prefixes += u32::from(set(&mut self.open, block));
        } else {
            self.open_prefixes -= u32::from(clear(&mut self.open, block));
        }
    }
}

/// The first bit that is set in the word of a bit, or in the words after it, around the end.
fn next(bits: &[u64], from: u32) -> Option<u32> {
    let words = u32::try_from(bits.len()).ok()?;
    let start = from / WORD;
    (0..words).map(|at| (start + at) % words).find_map(|word| {
        let bit = bits.get(index(word * WORD))?.trailing_zeros();
        (bit < WORD).then_some(word * WORD + bit)
    })
}
