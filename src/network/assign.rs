//! Where EC2 puts the addresses and prefixes it assigns by itself: on any free one, which a seeded
//! sequence stands for.
//!
//! Single addresses lie outside all reservations, as AvailableIpAddressCount counts them. A prefix
//! lies outside explicit reservations, and inside a prefix reservation if there is one. What EC2
//! does when the one or the other is full is described inconsistently: by [`Full::Stop`] it then has
//! nothing, so that a layout that fits does not rest on the kinder reading.

use std::net::Ipv4Addr;

use super::{
    AddressSpace, BlockState, Cidr, Random, ReservationKind, SpaceError,
    space::{BLOCK, SMALLEST, WORD, clear, get, index, set},
};

/// Random tries for a free address or block before the free ones are searched in order.
const TRIES: u32 = 32;

/// What EC2 does when a prefix reservation, or what lies outside of it, is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Full {
    /// It refuses: prefixes come from the reservation alone, and single addresses from outside alone.
    #[default]
    Stop,
    /// It goes on where the other kind comes from.
    GoOn,
}

/// Blocks of one part of a subnet that prefixes come from.
#[derive(Debug, Clone, Default)]
struct Blocks {
    /// A bit a /28 block: those of the part.
    part: Vec<u64>,
    /// A bit a /28 block: those that are free now.
    open: Vec<u64>,
    /// How many they are.
    count: u32,
}

impl Blocks {
    fn new(words: usize) -> Self {
        Self { part: vec![0; words], open: vec![0; words], count: 0 }
    }

    /// Puts a block among the open ones or takes it out, as its state now says.
    fn settle(&mut self, block: u32, state: BlockState) {
        if get(&self.part, block) && state == BlockState::Free {
            self.count += u32::from(set(&mut self.open, block));
        } else {
            self.count -= u32::from(clear(&mut self.open, block));
        }
    }

    /// An open block; `blocks` are in the subnet.
    fn choose(&self, blocks: u32, random: &mut Random) -> Option<u32> {
        let tried = (0..TRIES).map(|_| random.below(blocks)).find(|block| get(&self.open, *block));
        match tried {
            Some(block) => Some(block),
            None => next(&self.open, random.below(blocks)),
        }
    }
}

/// A subnet's address space that EC2 assigns from.
#[derive(Debug, Clone)]
pub struct SubnetAddresses {
    space: AddressSpace,
    /// A bit an address: kept by AWS or inside a reservation, so never assigned by itself.
    withheld: Vec<u64>,
    /// Free addresses that are not withheld.
    available: u32,
    /// A bit an address: inside of a prefix reservation, and withheld for nothing else.
    inside: Vec<u64>,
    /// Free addresses of those.
    held_back: u32,
    full: Full,
    /// Where prefixes come from: the prefix reservations, or all where there is none.
    own: Blocks,
    /// The rest, where there is a prefix reservation.
    elsewhere: Blocks,
}

impl SubnetAddresses {
    /// A subnet with what is used and reserved in it. Later reservations are not seen.
    #[must_use]
    pub fn new(space: AddressSpace) -> Self {
        let words = |bits: u32| index(bits.saturating_sub(1)) + 1;
        let blocks = Blocks::new(words(space.total() / BLOCK));
        let mut this = Self {
            withheld: vec![0; words(space.total())],
            available: 0,
            inside: vec![0; words(space.total())],
            held_back: 0,
            full: Full::Stop,
            own: blocks.clone(),
            elsewhere: blocks,
            space,
        };
        this.mark_withheld();
        this.mark_blocks();
        this
    }

    /// The same where EC2 is taken to do something when a part is full.
    #[must_use]
    pub fn read_as(self, full: Full) -> Self {
        Self { full, ..self }
    }

    fn mark_withheld(&mut self) {
        for kind in [ReservationKind::Prefix, ReservationKind::Explicit] {
            for (first, last) in self.space.ranges_of(kind).iter() {
                for offset in first..=last {
                    set(&mut self.withheld, offset);
                    match kind {
                        ReservationKind::Prefix => set(&mut self.inside, offset),
                        ReservationKind::Explicit => clear(&mut self.inside, offset),
                    };
                }
            }
        }
        for offset in 0..self.space.total() {
            if self.space.is_kept(offset) {
                set(&mut self.withheld, offset);
                clear(&mut self.inside, offset);
            }
            self.available += u32::from(self.is_open(offset));
        }
        self.held_back = self.held_back_ones().map(|_| 1).sum();
    }

    fn mark_blocks(&mut self) {
        let explicit = self.space.ranges_of(ReservationKind::Explicit);
        let inside = self.space.ranges_of(ReservationKind::Prefix);
        for block in 1..(self.space.total() / BLOCK).saturating_sub(1) {
            let (first, last) = (block * BLOCK, block * BLOCK + BLOCK - 1);
            let barred = explicit.overlap(first, last);
            let wanted = inside.is_empty() || inside.cover(first, last);
            if !barred {
                let blocks = if wanted { &mut self.own } else { &mut self.elsewhere };
                set(&mut blocks.part, block);
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

    /// What happens when a part is full.
    #[must_use]
    pub fn full(&self) -> Full {
        self.full
    }

    /// Single addresses that EC2 can assign now.
    #[must_use]
    pub fn room(&self) -> u32 {
        match self.full {
            Full::Stop => self.available,
            Full::GoOn => self.available + self.held_back,
        }
    }

    /// Single addresses that [`Full::Stop`] keeps back.
    #[must_use]
    pub fn held_back(&self) -> u32 {
        self.held_back
    }

    /// Prefixes that EC2 can delegate now.
    #[must_use]
    pub fn open_prefixes(&self) -> u32 {
        match self.full {
            Full::Stop => self.own.count,
            Full::GoOn => self.own.count + self.elsewhere.count,
        }
    }

    /// Prefixes where they come from first: inside of the prefix reservation, if there is one.
    #[must_use]
    pub fn prefixes_inside(&self) -> u32 {
        self.own.count
    }

    /// Prefixes outside of the prefix reservation, where there is one: those that [`Full::Stop`] keeps
    /// back.
    #[must_use]
    pub fn prefixes_elsewhere(&self) -> u32 {
        self.elsewhere.count
    }

    /// Marks an address as used wherever it lies, as [`AddressSpace::take`].
    pub fn take(&mut self, address: Ipv4Addr) -> Result<bool, SpaceError> {
        let new = self.space.take(address)?;
        if new && let Ok(offset) = self.space.offset(address) {
            self.available -= u32::from(!get(&self.withheld, offset));
            self.held_back -= u32::from(get(&self.inside, offset));
            self.settle_block(offset / BLOCK);
        }
        Ok(new)
    }

    /// Marks a /28 as delegated wherever it lies, as [`AddressSpace::take_prefix`].
    pub fn take_prefix(&mut self, prefix: Cidr) -> Result<u32, SpaceError> {
        let (open, held_back) = self.open_in(prefix);
        let new = self.space.take_prefix(prefix)?;
        self.available -= open;
        self.held_back -= held_back;
        self.settle(prefix);
        Ok(new)
    }

    /// A free address of those EC2 assigns by itself, used from now on.
    pub fn assign(&mut self, random: &mut Random) -> Option<Ipv4Addr> {
        if self.available == 0 {
            return match self.full {
                Full::Stop => None,
                Full::GoOn => self.assign_held_back(random),
            };
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
        if self.open_prefixes() == 0 {
            return None;
        }
        let part = if self.own.count > 0 { &self.own } else { &self.elsewhere };
        let block = part.choose(self.space.total() / BLOCK, random)?;
        let prefix = Cidr::containing(self.space.address(block * BLOCK), SMALLEST)?;
        self.take_prefix(prefix).ok().map(|_| prefix)
    }

    /// Marks an address as free again; whether it was held by itself.
    pub fn release(&mut self, address: Ipv4Addr) -> bool {
        let held = self.space.release(address);
        if held && let Ok(offset) = self.space.offset(address) {
            self.available += u32::from(!get(&self.withheld, offset));
            self.held_back += u32::from(get(&self.inside, offset));
            self.settle_block(offset / BLOCK);
        }
        held
    }

    /// Marks a delegated /28 as free again; whether it was delegated.
    pub fn release_prefix(&mut self, prefix: Cidr) -> bool {
        let held = self.space.release_prefix(prefix);
        if held {
            let (open, held_back) = self.open_in(prefix);
            self.available += open;
            self.held_back += held_back;
            self.settle(prefix);
        }
        held
    }

    fn is_open(&self, offset: u32) -> bool {
        !get(&self.withheld, offset) && !self.is_used(offset)
    }

    fn is_used(&self, offset: u32) -> bool {
        self.space.used_word(offset / WORD) >> (offset % WORD) & 1 == 1
    }

    /// Open addresses in a /28 of the subnet, and those held back.
    fn open_in(&self, cidr: Cidr) -> (u32, u32) {
        let Ok(first) = self.space.offset(cidr.first()) else { return (0, 0) };
        let (mut open, mut held_back) = (0, 0);
        for offset in first..first.saturating_add(BLOCK) {
            open += u32::from(self.is_open(offset));
            held_back += u32::from(get(&self.inside, offset) && !self.is_used(offset));
        }
        (open, held_back)
    }

    fn held_back_ones(&self) -> impl Iterator<Item = u32> {
        let offsets = 0..self.space.total();
        offsets.filter(|offset| get(&self.inside, *offset) && !self.is_used(*offset))
    }

    /// A free address inside of a prefix reservation, used from now on.
    fn assign_held_back(&mut self, random: &mut Random) -> Option<Ipv4Addr> {
        if self.held_back == 0 {
            return None;
        }
        let at = usize::try_from(random.below(self.held_back)).ok()?;
        let offset = self.held_back_ones().nth(at)?;
        let address = self.space.address(offset);
        self.take(address).ok().map(|_| address)
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
        let state = self.space.block_state(block);
        self.own.settle(block, state);
        self.elsewhere.settle(block, state);
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What is looked for begins in the word of the offset, and goes on around the end.
    #[test]
    fn bits_are_found_from_a_word_on() {
        for (bits, from, found) in [
            ([1, 2, 0, 0], 0, Some(0)),
            ([1, 2, 0, 0], 64, Some(65)),
            ([1, 2, 0, 0], 130, Some(0)),
            ([0, 2, 0, 4], 191, Some(194)),
            ([0, 0, 0, 0], 0, None),
        ] {
            assert_eq!(next(&bits, from), found, "{bits:?} {from}");
        }
    }

    fn subnet(cidr: &str, taken: impl IntoIterator<Item = u8>) -> SubnetAddresses {
        let space = AddressSpace::new(cidr.parse().unwrap()).unwrap();
        let mut subnet = SubnetAddresses::new(space);
        for host in taken {
            subnet.take(Ipv4Addr::new(10, 0, 0, host)).unwrap();
        }
        subnet
    }

    /// Four words of 64: the one of the offset, those behind it, and those from the start on, where AWS keeps
    /// four addresses.
    #[test]
    fn an_open_address_is_found_from_a_word_on() {
        assert_eq!(subnet("10.0.0.0/24", []).next_open(200), Some(192));
        assert_eq!(subnet("10.0.0.0/24", 128..=191).next_open(130), Some(192));
        assert_eq!(subnet("10.0.0.0/24", 192..=254).next_open(200), Some(4));
        // Sixteen addresses are a part of a word: what is behind them is not of the subnet.
        assert_eq!(subnet("10.0.0.0/28", 4..=13).next_open(9), Some(14));
        assert_eq!(subnet("10.0.0.0/28", 4..=14).next_open(9), None);
    }
}
