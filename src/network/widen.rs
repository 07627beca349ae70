//! A subnet's addresses in a larger network, to try what more room would do.

use std::net::Ipv4Addr;

use super::{
    AddressSpace, BlockState, Cidr, SpaceError,
    space::{BLOCK, LARGEST_ALLOWED, SMALLEST},
};

impl AddressSpace {
    /// What is held and reserved here, in a network that covers this one.
    ///
    /// # Errors
    /// When the larger network cannot be a subnet or does not cover this one.
    pub fn widened(&self, larger: Cidr) -> Result<Self, SpaceError> {
        let mut space = Self::new_large(larger)?;
        for (cidr, kind) in self.reservations() {
            space.reserve(*cidr, *kind)?;
        }
        for (block, state) in (0..).zip(self.block_states()) {
            if state == BlockState::Prefix {
                if let Some(prefix) = Cidr::containing(self.address(block * BLOCK), SMALLEST) {
                    space.take_prefix(prefix)?;
                }
                continue;
            }
            for address in (0..BLOCK).map(|at| self.address(block * BLOCK + at)) {
                if self.is_used(address) {
                    space.take(address)?;
                }
            }
        }
        Ok(space)
    }

    /// The same with so many more addresses to give, in whole aligned /28 blocks as far as they go.
    /// `None` beyond the largest network there can be.
    #[must_use]
    pub fn with_more(&self, more: u32) -> Option<Self> {
        // Two blocks of the larger network hold addresses that AWS keeps.
        let wanted = u64::from(self.total()) + u64::from(more) + u64::from(3 * BLOCK);
        let larger = (LARGEST_ALLOWED..self.cidr().prefix_len())
            .rev()
            .filter_map(|len| Cidr::containing(self.cidr().first(), len))
            .find(|larger| larger.size() >= wanted)?;
        let mut space = self.widened(larger).ok()?;
        let own =
            space.offset(self.cidr().first()).ok()?..=space.offset(self.cidr().last()).ok()?;
        let last_block = space.total() / BLOCK - 1;
        let mut left = more;
        for block in 0..=last_block {
            let open = block != 0 && block != last_block && !own.contains(&(block * BLOCK));
            for offset in block * BLOCK..(block + 1) * BLOCK {
                let is_new = if own.contains(&offset) {
                    // AWS kept it, and still does.
                    !self.is_kept(offset - own.start())
                } else {
                    let given = open && left > 0;
                    left -= u32::from(given);
                    given
                };
                if !is_new && !space.is_kept(offset) {
                    space.take(space.address(offset)).ok()?;
                }
            }
        }
        Some(space)
    }

    pub(super) fn address(&self, offset: u32) -> Ipv4Addr {
        Ipv4Addr::from(u32::from(self.cidr().first()).saturating_add(offset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::ReservationKind;

    fn space() -> AddressSpace {
        let cidr = |text: &str| text.parse::<Cidr>().unwrap_or_else(|error| panic!("{error}"));
        let mut space = AddressSpace::new(cidr("10.0.1.0/24")).unwrap_or_else(|e| panic!("{e}"));
        let taken = space.take(Ipv4Addr::new(10, 0, 1, 9));
        let prefix = space.take_prefix(cidr("10.0.1.32/28"));
        let reserved = space.reserve(cidr("10.0.1.64/26"), ReservationKind::Prefix);
        assert!(taken.is_ok() && prefix.is_ok() && reserved.is_ok());
        space
    }

    #[test]
    fn a_larger_network_has_what_the_smaller_had() {
        let wide = "10.0.0.0/23".parse().map(|larger| space().widened(larger));
        let Ok(Ok(wide)) = wide else { panic!("it covers") };
        assert_eq!((wide.used(), wide.free(), wide.reserved_free()), (17, 507 - 17, 64));
        assert!("10.0.2.0/23".parse().is_ok_and(|other| space().widened(other).is_err()));
    }

    /// Of 251 addresses 17 are used; so many more are free, and whole blocks of them can be delegated.
    #[test]
    fn more_is_exactly_so_many_more() {
        for more in [0, 1, 15, 16, 17, 300, 70_000] {
            let Some(wide) = space().with_more(more) else { panic!("{more}") };
            assert_eq!(wide.free(), 251 - 17 + more, "{more}");
            let blocks = space().assignable_prefixes() + more / 16;
            assert_eq!(wide.assignable_prefixes(), blocks, "{more}");
        }
        assert!(space().with_more(u32::MAX).is_none());
    }
}
