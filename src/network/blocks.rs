//! The /28 blocks of a subnet, as EC2 sees them when it looks for room for a prefix.

/// The prefix length of a block.
pub const BLOCK_LENGTH: u8 = 28;

/// What stands in the way of delegating a /28 block as a prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockState {
    /// Holds one of the five addresses AWS keeps: the first and the last block of every subnet.
    Reserved,
    /// Delegated to an ENI now.
    Prefix,
    /// No address is used.
    Free,
    /// All 16 addresses are used, one by one.
    Full,
    /// Some addresses are used: one is enough to fragment the block.
    Fragmented,
}

impl BlockState {
    /// One character for maps: `A` kept by AWS, `P` prefix, `.` free, `#` full, `+` fragmented.
    #[must_use]
    pub fn symbol(self) -> char {
        match self {
            Self::Reserved => 'A',
            Self::Prefix => 'P',
            Self::Free => '.',
            Self::Full => '#',
            Self::Fragmented => '+',
        }
    }
}

#[cfg(test)]
#[test]
fn each_state_has_its_sign() {
    let states = [
        BlockState::Reserved,
        BlockState::Prefix,
        BlockState::Free,
        BlockState::Full,
        BlockState::Fragmented,
    ];
    assert_eq!(states.map(BlockState::symbol), ['A', 'P', '.', '#', '+']);
}

/// How many /28 blocks of a subnet are in each state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BlockCounts {
    /// All blocks.
    pub total: u32,
    /// Free ones, those inside reservations included.
    pub free: u32,
    /// Fragmented ones.
    pub fragmented: u32,
    /// Full ones.
    pub full: u32,
    /// Those that hold an address AWS keeps.
    pub reserved: u32,
    /// Delegated ones.
    pub prefix: u32,
}

impl BlockCounts {
    /// Counts one block.
    pub fn add(&mut self, state: BlockState) {
        self.total += 1;
        match state {
            BlockState::Reserved => self.reserved += 1,
            BlockState::Prefix => self.prefix += 1,
            BlockState::Free => self.free += 1,
            BlockState::Full => self.full += 1,
            BlockState::Fragmented => self.fragmented += 1,
        }
    }

    /// Fragmentation from 0 (healthy) to 100: the fragmented part of the blocks that could carry a
    /// prefix, rounded up, in percent. `None` without such a block. The form is that of AWS's
    /// subnet-fragmentation support script, with assignable blocks in place of free ones, since free
    /// blocks inside explicit reservations are out of reach.
    #[must_use]
    pub fn fragmentation_score(&self, assignable: u32) -> Option<u32> {
        let spoiled = self.fragmented + self.full;
        let candidates = assignable + spoiled;
        (candidates > 0).then(|| (spoiled * 100).div_ceil(candidates))
    }
}
