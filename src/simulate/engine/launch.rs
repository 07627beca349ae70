//! EC2 launches an instance: with all of its ENIs and what they hold, or not at all.

use super::{
    result::Reason,
    world::{HeldEni, World},
};
use crate::ipam::{LaunchedEni, PoolMode, Slots};

impl World {
    /// The ENIs of an instance in a subnet, the primary one first. Prefixes are found first: single addresses
    /// could fragment the last block.
    pub(super) fn take_launch(
        &mut self,
        subnet: usize,
        mode: PoolMode,
        enis: &[LaunchedEni],
    ) -> Result<Vec<HeldEni>, Reason> {
        let (prefix, single) = (PoolMode::Prefix, PoolMode::SecondaryIp);
        let of = |mode| enis.iter().map(|eni| eni.slots(mode).count).sum::<u32>();
        let own = u32::try_from(enis.len()).unwrap_or(u32::MAX);
        let (mut prefixes, mut addresses) = (Vec::new(), Vec::new());
        self.find_slots(subnet, Slots { mode: prefix, count: of(prefix) }, &mut prefixes)?;
        let count = of(single).saturating_add(own);
        let singles = Slots { mode: single, count };
        if let Err(reason) = self.take_slots(subnet, singles, &mut addresses) {
            for first in prefixes {
                self.give_slot(subnet, prefix, first);
            }
            return Err(reason);
        }
        let (mut prefixes, mut addresses) = (prefixes.into_iter(), addresses.into_iter());
        let held = enis.iter().filter_map(|eni| {
            let primary = Some(addresses.next()?);
            let count = |mode| usize::try_from(eni.slots(mode).count).unwrap_or(usize::MAX);
            let singles = addresses.by_ref().take(count(single)).collect();
            let blocks = prefixes.by_ref().take(count(prefix)).collect();
            let (slots, leftover) = match mode {
                PoolMode::SecondaryIp => (singles, blocks),
                PoolMode::Prefix => (blocks, singles),
            };
            Some(HeldEni { id: eni.id, subnet, primary, mode, slots, leftover })
        });
        Ok(held.collect())
    }
}
