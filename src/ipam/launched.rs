//! What an instance has from its launch on beside one plain primary ENI: slots of the primary ENI that a
//! launch template states (`ipv4_prefix_count`, `ipv4_address_count`), and further ENIs.

use super::{EniId, LaunchedEni, PoolMode, Slots};

/// Where the ids of ENIs begin that the pool knows nothing of.
const FIRST_BESIDE: u32 = 1 << 16;

/// What an instance is launched with. EC2 gives all of it or launches nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Launched {
    /// /28 prefixes of the primary ENI.
    pub prefixes: u32,
    /// Secondary addresses of the primary ENI.
    pub addresses: u32,
    /// EFA interfaces beside the primary ENI that have an address: one each, of the node's subnet.
    pub efa: u32,
    /// /28 prefixes of each of those.
    pub efa_prefixes: u32,
    /// ENIs that the CNI does not manage.
    pub unmanaged: u32,
    /// Addresses that each of those holds, its own included.
    pub unmanaged_addresses: u32,
}

impl Launched {
    /// The primary ENI, and those beside it, which the pool never touches.
    pub fn enis(&self) -> impl Iterator<Item = LaunchedEni> + use<> {
        let more = self.unmanaged_addresses.saturating_sub(1);
        let prefixes = self.efa_prefixes;
        let efa = (0..self.efa).map(move |_| (0, prefixes));
        let held = efa.chain((0..self.unmanaged).map(move |_| (more, 0)));
        let beside = (FIRST_BESIDE..).zip(held).map(|(id, (addresses, prefixes))| LaunchedEni {
            id: EniId(id),
            addresses,
            prefixes,
        });
        std::iter::once(self.primary()).chain(beside)
    }

    fn primary(&self) -> LaunchedEni {
        LaunchedEni { id: EniId::PRIMARY, addresses: self.addresses, prefixes: self.prefixes }
    }

    /// Slots of the primary ENI that the pool takes over, and those of the other mode, which only take
    /// room on it.
    #[must_use]
    pub fn on_primary(&self, mode: PoolMode) -> (u32, u32) {
        let count = |mode| self.primary().slots(mode).count;
        (count(mode), count(mode.other()))
    }

    /// Single addresses and prefixes that the ENIs beside the primary one hold.
    #[must_use]
    pub fn beside(&self) -> (u32, u32) {
        let unmanaged = self.unmanaged.saturating_mul(self.unmanaged_addresses);
        (self.efa.saturating_add(unmanaged), self.efa.saturating_mul(self.efa_prefixes))
    }

    /// Addresses that the EFA interfaces beside the primary ENI take.
    #[must_use]
    pub fn efa_addresses(&self) -> u32 {
        Self { efa: self.efa, efa_prefixes: self.efa_prefixes, ..Self::default() }
            .subnet_addresses()
    }

    /// Addresses of the node's subnet beside the primary ENI's own.
    #[must_use]
    pub fn subnet_addresses(&self) -> u32 {
        let (single, prefixes) = self.beside();
        let prefixes = Slots { mode: PoolMode::Prefix, count: prefixes };
        let slots =
            [PoolMode::SecondaryIp, PoolMode::Prefix].map(|mode| self.primary().slots(mode));
        let slots = slots.into_iter().chain([prefixes]);
        slots.map(Slots::addresses).fold(single, u32::saturating_add)
    }
}
