//! A subnet's address space as its reservations and ENIs make it: one accounting for whoever counts.

use std::{borrow::Cow, net::Ipv4Addr};

use super::{Interface, Operation, Subnet, Withheld};
use crate::network::{AddressSpace, Cidr, SpaceError};

/// Which of an ENI's addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EniPart {
    /// Its own.
    Primary,
    /// Secondary ones.
    Secondary,
    /// Those of a delegated prefix.
    Prefix,
}

impl Subnet {
    /// Its address space with its reservations, and those of them that cannot be counted. Subnets larger
    /// than /16 are refused unless `allow_large` is set.
    ///
    /// # Errors
    /// When its block cannot be a subnet's.
    pub fn space(
        &self,
        cidr: Cidr,
        allow_large: bool,
    ) -> Result<(AddressSpace, Vec<Withheld>), SpaceError> {
        let mut space =
            if allow_large { AddressSpace::new_large(cidr)? } else { AddressSpace::new(cidr)? };
        let mut withheld = Vec::new();
        for reservation in self.reservations.iter().flatten() {
            if let Err(error) = space.reserve(reservation.cidr, reservation.kind) {
                let operation = Operation::GetSubnetCidrReservations;
                let reason = format!("{error}: not counted");
                withheld.push(Withheld::of_subnet(operation, &self.subnet_id, reason));
            }
        }
        Ok((space, withheld))
    }
}

impl Interface {
    /// The same without what cannot be its subnet's, for whoever counts ENI by ENI: [`Self::take_from`]
    /// leaves that out, and says it. Without an IPv4 block nothing can be told.
    #[must_use]
    pub fn fitting(&self, cidr: Option<Cidr>) -> Cow<'_, Self> {
        let Some(cidr) = cidr else { return Cow::Borrowed(self) };
        if self.fits(cidr) {
            return Cow::Borrowed(self);
        }
        let fits = |address: &Ipv4Addr| AddressSpace::admits(cidr, *address);
        let delegated = |prefix: &Cidr| AddressSpace::admits_prefix(cidr, *prefix);
        let mut own = self.clone();
        own.primary = own.primary.filter(fits);
        own.secondary.retain(fits);
        own.prefixes.retain(delegated);
        Cow::Owned(own)
    }

    /// Whether all that it holds can be of a subnet with this block.
    pub(super) fn fits(&self, cidr: Cidr) -> bool {
        // Addresses lie close, so that the ends of a list in order tell of all.
        let is_sorted = self.secondary.is_sorted();
        let ends = || self.secondary.first().into_iter().chain(self.secondary.last());
        let fits = |address: &Ipv4Addr| AddressSpace::admits(cidr, *address);
        self.primary.iter().all(fits)
            && (if is_sorted { ends().all(fits) } else { self.secondary.iter().all(fits) })
            && self.prefixes.iter().all(|prefix| AddressSpace::admits_prefix(cidr, *prefix))
    }

    /// Takes its addresses out of its subnet's space, and says of each part how many are new there. One
    /// that cannot be the subnet's is not counted, and answered; the others are.
    pub fn take_from(
        &self,
        space: &mut AddressSpace,
        mut taken: impl FnMut(EniPart, u32),
    ) -> Vec<Withheld> {
        let primary = self.primary.iter().map(|address| (EniPart::Primary, *address));
        let secondary = self.secondary.iter().map(|address| (EniPart::Secondary, *address));
        let mut errors = Vec::new();
        for (part, address) in primary.chain(secondary) {
            match space.take(address) {
                Ok(new) => taken(part, new.into()),
                Err(error) => errors.push(error),
            }
        }
        for prefix in &self.prefixes {
            match space.take_prefix(*prefix) {
                Ok(new) => taken(EniPart::Prefix, new),
                Err(error) => errors.push(error),
            }
        }
        let withheld = |error| {
            let reason = format!("{}: {error}: not counted", self.interface_id);
            Withheld::new(Operation::DescribeNetworkInterfaces, reason)
        };
        errors.into_iter().map(withheld).collect()
    }
}
